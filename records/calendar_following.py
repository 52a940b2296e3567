"""What a new state of a court's calendar means for the hearings of followed cases.

What a feed says anew moves a hearing, even one that a person moved before; what it only says
again never does. A hearing that is over, held or vacated is never moved: the new date becomes a
hearing of its own. A hearing that vanished is left as it is, and a person is asked to find out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from domain.court_time import instant_of
from domain.listings import Change, Known, Listing, Moved
from domain.vocabulary import HearingStatus
from records.calendar_adopting import (
    IMPORT,
    Followed,
    adopt_entries,
    cases_to_adopt,
)
from records.calendar_listed import Entry, agreed_place, entries_of
from records.calendar_tasks import VANISHED, ask_about_hearing
from records.casework import Source, get_case, record_event, touch
from records.database import HubSession
from records.hearings import Setting, get_hearing, move_hearing
from records.tables import CalendarEntry, CalendarLink, Hearing

Links = Mapping[str, Sequence[str]]
"""Entry id to the ids of the hearings that it became."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the following of one import needs to know.

    Attributes:
        feed_id: which feed.
        links: as they were before the import wrote anything.
        moved, vanished: from the comparison; the entries are written already.
        first_day: the first day that the new calendar covers; None when it lists nothing.
        now: UTC.
        source: who brings the calendar in.
    """

    feed_id: str
    links: Links
    moved: Sequence[Moved]
    vanished: Sequence[Known]
    first_day: date | None
    now: datetime
    source: Source = IMPORT


def feed_links(session: HubSession, feed_id: str) -> Links:
    """Which hearings the entries of a feed became; entries of cases nobody follows have none."""
    links: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, hearing_id in session.exec(
        select(col(CalendarLink.entry_id), col(CalendarLink.hearing_id))
        .join(CalendarEntry, col(CalendarEntry.id) == CalendarLink.entry_id)
        .where(CalendarEntry.feed_id == feed_id)
        .order_by(col(CalendarLink.id))
    ).all():
        links[entry_id].append(hearing_id)
    return links


def follow(session: HubSession, changes: Changes) -> Followed:
    """Carry an import into the followed cases: move, schedule, ask."""
    tally = Followed()
    gone: list[tuple[str, Known]] = []
    for moved in changes.moved:
        for hearing_id in changes.links.get(moved.known.id, ()):
            if not _follow_move(session, get_hearing(session, hearing_id), moved, changes, tally):
                _untie(session, moved.known.id, hearing_id)
                gone.append((hearing_id, moved.known))
    for case in cases_to_adopt(session, changes.feed_id, changes.now):
        tally.add(adopt_entries(session, case, changes.now, changes.source))
    gone += _tied(changes.vanished, changes.links)
    for hearing_id, known in gone:
        _not_listed(session, get_hearing(session, hearing_id), known, changes, tally)
    return tally


def _tied(vanished: Iterable[Known], links: Links) -> list[tuple[str, Known]]:
    return [(hearing_id, known) for known in vanished for hearing_id in links.get(known.id, ())]


def _follow_move(
    session: HubSession, hearing: Hearing, moved: Moved, changes: Changes, tally: Followed
) -> bool:
    """Let one hearing follow its entry; False when they part and the entry needs another one."""
    open_still = hearing.status == HearingStatus.SCHEDULED and hearing.starts_at > changes.now
    if Change.TIME not in moved.changed:
        if open_still and _is_at(hearing, moved.known.listing):
            _take_over(session, hearing, moved, changes, tally)
        return True
    instant = instant_of(moved.listing.local, moved.listing.zone)
    if not open_still or instant <= changes.now:
        return False
    if _other_hearing_at(session, hearing, instant) or _listed_elsewhere(
        session, hearing, moved, changes.feed_id
    ):
        return False
    _take_over(session, hearing, moved, changes, tally)
    return True


def _take_over(
    session: HubSession, hearing: Hearing, moved: Moved, changes: Changes, tally: Followed
) -> None:
    """Write what is new in the feed, and only that, into the hearing."""
    _take_over_kind(session, hearing, moved, changes)
    before = hearing.revision
    setting = _new_setting(session, hearing, moved, changes.feed_id)
    move_hearing(session, hearing.id, setting, changes.source, changes.now)
    tally.moved += hearing.revision > before


def _new_setting(session: HubSession, hearing: Hearing, moved: Moved, feed_id: str) -> Setting:
    old, new = moved.known.listing, moved.listing
    court, courtroom = new.court, new.courtroom
    twins = _at_one_minute(session, hearing, new, feed_id)
    if len(twins) > 1:
        court, courtroom = agreed_place([entry.place for entry in twins])
    # A person who knew of the new time before the feed did also knew the place.
    by_hand = Change.TIME in moved.changed and _is_at(hearing, new)
    room, place = hearing.room, hearing.place
    if _differ(new.courtroom, old.courtroom) and not (by_hand and _differ(room, old.courtroom)):
        room = courtroom
    if _differ(new.court, old.court) and not (by_hand and _differ(place, old.court)):
        place = court
    if Change.TIME not in moved.changed:
        return Setting(hearing.local_time, hearing.zone, room, place)
    return Setting(new.local, new.zone, room, place)


def _take_over_kind(session: HubSession, hearing: Hearing, moved: Moved, changes: Changes) -> None:
    old, new = moved.known.listing.kind, moved.listing.kind
    if Change.KIND in moved.changed and hearing.kind == old:
        change_kind(session, hearing, new, changes.source, changes.now)


def change_kind(
    session: HubSession, hearing: Hearing, kind: str, source: Source, now: datetime
) -> None:
    """Say what a hearing is for; its workflow hears of it. `now`: UTC."""
    case, old = get_case(session, hearing.case_id), str(hearing.kind)
    hearing.kind = str(kind)
    session.add(hearing)
    record_event(
        session,
        case,
        "court",
        "hearing_kind_changed",
        source,
        now,
        origin=old,
        result=str(kind),
        subject_id=hearing.id,
    )
    touch(session, case, now)


def _not_listed(
    session: HubSession, hearing: Hearing, known: Known, changes: Changes, tally: Followed
) -> None:
    """A feed does not list a hearing at its minute any more.

    Where the same minute was listed in two places and one of them is left, that is the place.
    Otherwise a person is asked, if the hearing is still to come, nobody has moved it since, and
    the new calendar covers its day.
    """
    listing = known.listing
    if hearing.status != HearingStatus.SCHEDULED or hearing.starts_at <= changes.now:
        return
    if not _is_at(hearing, listing):
        return
    left = _at_one_minute(session, hearing, listing, changes.feed_id)
    if len(left) == 1 and _was_told(hearing, listing, left[0]):
        court, courtroom = left[0].place
        setting = Setting(hearing.local_time, hearing.zone, courtroom, court)
        before = hearing.revision
        move_hearing(session, hearing.id, setting, changes.source, changes.now)
        tally.moved += hearing.revision > before
    covered = changes.first_day is None or listing.local.date() >= changes.first_day
    if covered and not _tied_entries(session, hearing):
        case = get_case(session, hearing.case_id)
        tally.tasks += ask_about_hearing(session, VANISHED, case, hearing, known.id, changes.now)


def _was_told(hearing: Hearing, gone: Listing, left: Entry) -> bool:
    """Whether the hearing's place is the one that is gone, or what both had in common."""
    place = (hearing.place, hearing.room)
    both = (gone.court, gone.courtroom)
    return place in (both, agreed_place([both, left.place]))


def _is_at(hearing: Hearing, listing: Listing) -> bool:
    return (hearing.local_time, hearing.zone) == (listing.local, listing.zone)


def _differ(one: str, other: str) -> bool:
    return one.casefold() != other.casefold()


def _at_one_minute(
    session: HubSession, hearing: Hearing, listing: Listing, feed_id: str
) -> list[Entry]:
    """What the feed lists for the hearing's case at the minute of a listing."""
    case = get_case(session, hearing.case_id)
    return [
        entry
        for entry in entries_of(session, case)
        if (entry.feed_id, entry.local, entry.zone) == (feed_id, listing.local, listing.zone)
    ]


def _other_hearing_at(session: HubSession, hearing: Hearing, instant: datetime) -> bool:
    found = session.exec(
        select(Hearing.id).where(
            Hearing.case_id == hearing.case_id,
            Hearing.id != hearing.id,
            Hearing.starts_at == instant,
            Hearing.status == HearingStatus.SCHEDULED.value,
        )
    ).first()
    return found is not None


def _listed_elsewhere(session: HubSession, hearing: Hearing, moved: Moved, feed_id: str) -> bool:
    """Whether another entry of the feed still holds the hearing at another minute."""
    new = moved.listing
    return any(
        entry.id != moved.known.id
        and entry.feed_id == feed_id
        and (entry.local_time, entry.zone) != (new.local, new.zone)
        for entry in _tied_entries(session, hearing)
    )


def _tied_entries(session: HubSession, hearing: Hearing) -> list[CalendarEntry]:
    return list(
        session.exec(
            select(CalendarEntry)
            .join(CalendarLink, col(CalendarLink.entry_id) == CalendarEntry.id)
            .where(CalendarLink.hearing_id == hearing.id)
        ).all()
    )


def _untie(session: HubSession, entry_id: str, hearing_id: str) -> None:
    session.execute(
        delete(CalendarLink).where(
            col(CalendarLink.entry_id) == entry_id, col(CalendarLink.hearing_id) == hearing_id
        )
    )
