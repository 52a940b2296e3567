"""What happened in a case: its events and every message with its fate, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.event_words import Told, event_words
from api.pages.fates import fate_of
from api.pages.own_words import Words
from api.pages.people import named
from api.pages.timeline_sorts import Sort, kinds_of
from domain.court_time import wall_time
from records.access import Caller
from records.database import HubSession
from records.referral_wall import outside_wall
from records.tables import (
    CaseEvent,
    Hearing,
    HearingRevision,
    Message,
    PlanStep,
    Reply,
    StaffMember,
    SupportPlan,
)
from records.threads import tried_again

SHOWN = 100

_CHANGES = frozenset({"hearing_moved", "hearing_vacated"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, at `at` (UTC).

    Attributes:
        key: its row's id, by which a page that stays up to date knows it again.
        by: who recorded it, or what it came from.
        status: a message's fate.
        text: what was said to somebody, in the language `lang`.
        heard: what somebody wrote back, with the id of their reply.
    """

    key: str
    at: datetime
    clock: str
    words: str
    by: str = ""
    note: str = ""
    status: wording.Status | None = None
    text: str = ""
    lang: str = ""
    heard: str = ""
    reply_id: str = ""


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day with all that happened on it, newest first."""

    day: date
    away: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What happened; `more` when older things are not shown."""

    days: tuple[PastDay, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the past is wanted: of one sort, and at most so many things."""

    sort: Sort = Sort.ALL
    most: int = SHOWN


def past(
    session: HubSession, caller: Caller, case_id: str, zone: str, now: datetime, wanted: Wanted
) -> Past:
    """The newest things that happened and that the caller may see, by the hub's days.

    Args:
        caller: whoever reads them.
        zone: the hub's IANA zone.
        now: UTC.
    """
    most = wanted.most
    events = _events(session, case_id, wanted)
    messages = _messages(session, caller, case_id, wanted)
    told = _told(session, case_id, events, messages)
    words = _said_back(session, events)
    entries = [_event(event, told, zone, words) for event in events]
    again = tried_again(session, messages)
    entries += [_message(message, told, zone, again) for message in messages]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Past(_by_day(entries[:most], zone, now), len(entries) > most)


def _events(session: HubSession, case_id: str, wanted: Wanted) -> Sequence[CaseEvent]:
    asked = select(CaseEvent).where(CaseEvent.case_id == case_id)
    if wanted.sort is not Sort.ALL:
        asked = asked.where(col(CaseEvent.kind).in_(sorted(kinds_of(wanted.sort))))
    newest = asked.order_by(col(CaseEvent.happened_at).desc(), col(CaseEvent.id).desc())
    return session.exec(newest.limit(wanted.most + 1)).all()


def _messages(
    session: HubSession, caller: Caller, case_id: str, wanted: Wanted
) -> Sequence[Message]:
    if wanted.sort not in {Sort.ALL, Sort.MESSAGES}:
        return ()
    return session.exec(
        select(Message)
        .where(Message.case_id == case_id, outside_wall(Message, caller.role, caller.id))
        .order_by(col(Message.claimed_at).desc(), col(Message.id).desc())
        .limit(wanted.most + 1)
    ).all()


def _by_day(entries: Sequence[Entry], zone: str, now: datetime) -> tuple[PastDay, ...]:
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(wall_time(entry.at, zone).date(), []).append(entry)
    today = dates.today_in(zone, now)
    return tuple(PastDay(day, dates.away(day, today), tuple(of)) for day, of in days.items())


def _event(event: CaseEvent, told: Told, zone: str, words: Mapping[str, Reply]) -> Entry:
    by = {"staff": event.recorded_by, "agenda": "", "provider": Words("the provider")}
    by |= {"sms": "", "voice": "", "email": "", "link": Words("through their link")}
    reply = words.get(event.subject_id)
    return Entry(
        key=event.id,
        at=event.happened_at,
        clock=dates.clock_words(wall_time(event.happened_at, zone)),
        words=event_words(event, told),
        by=by.get(event.source, event.source),
        note=" · ".join(part for part in (event.override_reason, event.note) if part),
        heard=reply.body if reply else "",
        reply_id=reply.id if reply else "",
    )


def _message(message: Message, told: Told, zone: str, again: Mapping[str, datetime]) -> Entry:
    person = told.people.get(message.person_id, "someone")
    return Entry(
        key=message.id,
        at=message.claimed_at,
        clock=dates.clock_words(wall_time(message.claimed_at, zone)),
        words=wording.message_line(message.step, person, message.channel),
        status=fate_of(message, again, zone),
        text=message.body,
        lang=message.language,
    )


def _said_back(session: HubSession, events: Sequence[CaseEvent]) -> dict[str, Reply]:
    """Reply id → the reply, for events that are about one."""
    ids = {event.subject_id for event in events if event.kind.startswith("reply_")}
    if not ids:
        return {}
    rows = session.exec(select(Reply).where(col(Reply.id).in_(ids))).all()
    return {reply.id: reply for reply in rows}


@dataclass(slots=True)
class _Settings:
    """A hearing's settings, first to last."""

    kind: str
    local: list[datetime] = field(default_factory=list)


def _told(
    session: HubSession, case_id: str, events: Sequence[CaseEvent], messages: Sequence[Message]
) -> Told:
    ids = {event.subject_id for event in events} | {message.person_id for message in messages}
    writers = session.exec(
        select(col(Reply.id), col(Reply.person_id)).where(col(Reply.id).in_(ids))
    ).all()
    ids |= {person for _, person in writers if person}
    people = {person: who.first for person, who in named(session, ids).items()}
    people |= _staff(session, ids)
    people |= {reply: people[person] for reply, person in writers if person in people}
    steps = session.exec(
        select(col(PlanStep.id), col(PlanStep.title))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .where(SupportPlan.case_id == case_id)
    ).all()
    hearings = _settings(session, case_id)
    return Told(
        people,
        dict(steps),
        {id_: settings.kind for id_, settings in hearings.items()},
        {id_: tuple(settings.local) for id_, settings in hearings.items()},
        _numbers(session, case_id),
    )


def _staff(session: HubSession, ids: set[str]) -> dict[str, str]:
    rows = session.exec(
        select(col(StaffMember.id), col(StaffMember.name)).where(col(StaffMember.id).in_(ids))
    ).all()
    return dict(rows)


def _settings(session: HubSession, case_id: str) -> Mapping[str, _Settings]:
    hearings = session.exec(select(Hearing).where(Hearing.case_id == case_id)).all()
    if not hearings:
        return {}
    found = {hearing.id: _Settings(hearing.kind) for hearing in hearings}
    revisions = session.exec(
        select(HearingRevision)
        .where(col(HearingRevision.hearing_id).in_(found))
        .order_by(col(HearingRevision.revision))
    ).all()
    for revision in revisions:
        found[revision.hearing_id].local.append(revision.local_time)
    for hearing in hearings:
        found[hearing.id].local.append(hearing.local_time)
    return found


def _numbers(session: HubSession, case_id: str) -> dict[str, int]:
    """Event id → which change of its hearing it was, from 1."""
    changes = session.exec(
        select(col(CaseEvent.id), col(CaseEvent.subject_id))
        .where(CaseEvent.case_id == case_id, col(CaseEvent.kind).in_(_CHANGES))
        .order_by(col(CaseEvent.happened_at), col(CaseEvent.id))
    ).all()
    counted: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for event_id, hearing_id in changes:
        counted[hearing_id] = numbers[event_id] = counted.get(hearing_id, 0) + 1
    return numbers
