"""From calendar entries to hearings: what a court lists for a case that is followed.

An entry belongs to a case by its docket number and, where the case says one, its jurisdiction.
Dates that are over are never scheduled or announced.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from domain.vocabulary import HearingKind, HearingStatus
from records.calendar_listed import Entry, agreed_place, entries_of
from records.calendar_tasks import CONFLICT, ask_about_hearing, ask_which_court, listed_again
from records.casework import Source
from records.database import HubSession
from records.hearings import Setting, schedule_hearing
from records.tables import CalendarEntry, CalendarLink, Case, Docket, Hearing

IMPORT = Source("import", "import")


@dataclass(slots=True)
class Followed:
    """What an import did for followed cases: hearings scheduled, moved, tasks opened."""

    scheduled: int = 0
    moved: int = 0
    tasks: int = 0

    def add(self, other: "Followed") -> None:
        """Add another tally to this one."""
        self.scheduled += other.scheduled
        self.moved += other.moved
        self.tasks += other.tasks


@dataclass(slots=True)
class _Known:
    """What calendars list for a case, and which entry is which of its hearings."""

    entries: list[Entry]
    links: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def adopt_entries(
    session: HubSession, case: Case, now: datetime, source: Source = IMPORT
) -> Followed:
    """Make hearings of what calendars list for a case and it does not have yet.

    A date that is on the case already, for example because a person wrote it down, is tied to
    the entry and otherwise left as it is: nobody is told twice. Where one feed lists two places
    for one minute there is one hearing, without the place that is in doubt, and a task.

    Args:
        session: of the hub.
        case: open; a closed one adopts nothing.
        now: UTC. What is over by then is left alone.
        source: who brings the calendar in.
    """
    tally = Followed()
    if case.closed_at is not None:
        return tally
    known = _known(session, case)
    wanted = [one for one in known.entries if one.id not in known.links and one.instant > now]
    wanted = _of_this_court(session, case, wanted, known.entries, now, tally)
    if not wanted:
        return tally
    hearings = _scheduled(session, case)
    minutes: defaultdict[datetime, list[Entry]] = defaultdict(list)
    for entry in wanted:
        minutes[entry.instant].append(entry)
    fresh: list[tuple[Hearing, Entry]] = []
    for instant, group in sorted(minutes.items()):
        hearing = next((one for one in hearings if one.starts_at == instant), None)
        if hearing is None:
            hearing = _schedule(session, case, group, source, now)
            hearings.append(hearing)
            fresh.append((hearing, group[0]))
            tally.scheduled += 1
        else:
            listed_again(session, hearing, now)
        _link(session, known, hearing, group)
        if _disputed(known.entries, group):
            tally.tasks += ask_about_hearing(session, CONFLICT, case, hearing, group[0].id, now)
    session.flush()
    for hearing, entry in fresh:
        if _another_by_hand(hearing, hearings, known):
            tally.tasks += ask_about_hearing(session, CONFLICT, case, hearing, entry.id, now)
    return tally


def cases_to_adopt(session: HubSession, feed_id: str, now: datetime) -> list[Case]:
    """Open cases for which a feed lists dates that are not yet tied to a hearing of theirs."""
    listed = session.exec(
        select(col(CalendarEntry.id), col(Docket.case_id))
        .join(Docket, col(Docket.number_index) == CalendarEntry.docket_index)
        .join(Case, col(Case.id) == Docket.case_id)
        .where(
            CalendarEntry.feed_id == feed_id,
            CalendarEntry.local_time > now.replace(tzinfo=None) - timedelta(days=1),
            col(Case.closed_at).is_(None),
        )
    ).all()
    tied = session.exec(
        select(col(CalendarLink.entry_id), col(Hearing.case_id))
        .join(Hearing, col(Hearing.id) == CalendarLink.hearing_id)
        .join(CalendarEntry, col(CalendarEntry.id) == CalendarLink.entry_id)
        .where(CalendarEntry.feed_id == feed_id)
    ).all()
    case_ids = sorted({case_id for _, case_id in set(listed) - set(tied)})
    return [session.get_one(Case, case_id) for case_id in case_ids]


def _known(session: HubSession, case: Case) -> _Known:
    known = _Known(entries_of(session, case))
    entry_ids = [entry.id for entry in known.entries]
    own = session.exec(select(Hearing.id).where(Hearing.case_id == case.id)).all()
    for entry_id, hearing_id in session.exec(
        select(col(CalendarLink.entry_id), col(CalendarLink.hearing_id)).where(
            col(CalendarLink.entry_id).in_(entry_ids)
        )
    ).all():
        if hearing_id in own:
            known.links[entry_id].add(hearing_id)
    return known


def _of_this_court(
    session: HubSession,
    case: Case,
    wanted: list[Entry],
    entries: list[Entry],
    now: datetime,
    tally: Followed,
) -> list[Entry]:
    """Without the numbers that several courts use, if the case does not say which is its own."""
    if case.jurisdiction.strip():
        return wanted
    courts: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        courts[entry.docket_index].add(entry.jurisdiction.strip().casefold())
    doubtful = {index for index, names in courts.items() if len(names - {""}) > 1}
    for index in sorted({one.docket_index for one in wanted} & doubtful):
        first = min(one.instant for one in wanted if one.docket_index == index)
        tally.tasks += ask_which_court(session, case, index, first, now)
    return [one for one in wanted if one.docket_index not in doubtful]


def _scheduled(session: HubSession, case: Case) -> list[Hearing]:
    return list(
        session.exec(
            select(Hearing).where(
                Hearing.case_id == case.id, Hearing.status == HearingStatus.SCHEDULED.value
            )
        ).all()
    )


def _schedule(
    session: HubSession, case: Case, group: list[Entry], source: Source, now: datetime
) -> Hearing:
    court, courtroom = agreed_place([entry.place for entry in group])
    kinds = sorted(entry.kind for entry in group if entry.kind != HearingKind.OTHER)
    return schedule_hearing(
        session,
        case.id,
        HearingKind(kinds[0]) if kinds else HearingKind.OTHER,
        Setting(group[0].local, group[0].zone, courtroom, court),
        source,
        now,
    )


def _link(session: HubSession, known: _Known, hearing: Hearing, group: list[Entry]) -> None:
    for entry in group:
        session.add(CalendarLink(entry_id=entry.id, hearing_id=hearing.id))
        known.links[entry.id].add(hearing.id)


def _disputed(entries: list[Entry], group: list[Entry]) -> bool:
    """Whether one feed lists the minute of the group in several places."""
    feeds = {entry.feed_id for entry in group}
    at_once = [entry for entry in entries if entry.instant == group[0].instant]
    return any(sum(entry.feed_id == feed for entry in at_once) > 1 for feed in feeds)


def _another_by_hand(hearing: Hearing, hearings: list[Hearing], known: _Known) -> bool:
    """Whether a person wrote down another time for the same day that no calendar lists."""
    listed = {hearing_id for ids in known.links.values() for hearing_id in ids}
    return any(
        one.id not in listed and one.local_time.date() == hearing.local_time.date()
        for one in hearings
        if one.id != hearing.id
    )
