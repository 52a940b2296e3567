"""What will happen in a case, in words: the planners' own agenda, told to a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from activities.agendas import read_agenda
from api.pages import dates, wording
from api.pages.own_words import Words, own
from api.pages.people import Named, named
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.court_time import wall_time
from domain.packets import ENDED_PACKETS
from domain.plan_steps import ENDED_PLANS
from domain.reminders import case_items
from domain.vocabulary import HearingStatus
from records.case_facts import load_case
from records.database import HubSession
from records.tables import Hearing, Packet, SupportPlan

LATE = timedelta(minutes=5)
"""An item that has been due for this long without being done means that no worker runs."""

_ASKED: Mapping[str, str] = {
    "nobody_reached": "If nobody has been told by then, one of us is asked to call",
    "ask_outcome": "One of us is asked what happened in court",
    "no_contact": "One of us is asked to find a way to write to {person}",
    "not_told": "One of us is asked to call {person}",
    "call_now": "One of us is asked to call {person}",
    "not_reached": "One of us is asked to call {person}",
    "step_missed": "One of us is asked to help with a missed step",
    "step_escalated": "A supervising advocate is asked to help with a missed step",
    "step_for_counsel": "One of us is asked to tell counsel of a missed step",
    "step_due": "One of us is asked to do a step of the plan",
    "progress_report_due": "A progress report is asked for",
    "plan_at_its_end": "One of us is asked how the plan ended",
    "letters_to_ask": "If nobody was asked for a letter by then, one of us is told",
    "letter_missing": "If the letter of {person} has not come by then, one of us is told",
    "packet_gaps": "If parts of the packet are empty by then, one of us is told",
    "packet_to_read": "If nobody was asked to read the packet by then, one of us is told",
    "participant_waits": "If {person} has not read the packet by then, one of us is told",
    "counsel_waits": "If counsel has not read the packet by then, one of us is told",
    "packet_not_ready": "If the packet is not approved by then, one of us is told",
}


_ADVANCES: Mapping[str, str] = {
    "draft": "Drafting of the packet begins",
    "void": "The packet changed: counsel’s approval no longer holds",
    "deliver": "The approved packet is ready for counsel",
    "excuse": "A step that fell into custody is excused",
    "escalate": "A missed step goes to the supervising advocate",
    "end": "The plan ends with its case, unless it is carried over",
}


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that will happen; `at` is UTC, `clock` on the wall of the hub or the court."""

    at: datetime
    day: date
    clock: str
    words: str
    hearing: bool = False


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day with everything that will happen on it."""

    day: date
    away: str
    items: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Future:
    """All that is planned.

    Attributes:
        late: something has been due for minutes and was not done.
    """

    days: tuple[ComingDay, ...]
    late: bool


def future(
    session: HubSession,
    case_id: str,
    hearings: Iterable[Hearing],
    people: Mapping[str, Named],
    zone: str,
    now: datetime,
) -> Future:
    """What will happen, soonest first.

    Args:
        hearings: of the case.
        people: the circle, by person id.
        zone: the hub's IANA zone.
        now: UTC.
    """
    items = list(_planned(session, case_id, now))
    people = {**named(session, {item.person_id for item in items if item.person_id}), **people}
    coming = [_said(item, people, zone, now) for item in items]
    coming += _hearings(hearings, now)
    days: dict[date, list[Coming]] = {}
    for one in sorted(coming, key=lambda one: one.at):
        days.setdefault(one.day, []).append(one)
    today = dates.today_in(zone, now)
    return Future(
        tuple(ComingDay(day, dates.away(day, today), tuple(of)) for day, of in days.items()),
        any(item.due < now - LATE for item in items),
    )


def _planned(session: HubSession, case_id: str, now: datetime) -> Iterable[AgendaItem]:
    """Every open item of the case, and the next ones of its support plans and packets."""
    facts = load_case(session, case_id)
    if facts is not None:
        yield from (item for item in case_items(facts, now) if item.until > now)
    plans = session.exec(
        select(col(SupportPlan.id)).where(
            SupportPlan.case_id == case_id, col(SupportPlan.state).not_in(ENDED_PLANS)
        )
    ).all()
    packets = session.exec(
        select(col(Packet.id)).where(
            Packet.case_id == case_id, col(Packet.state).not_in(ENDED_PACKETS)
        )
    ).all()
    followed = [SubjectRef(Subject.PLAN, plan_id, session.hub_id) for plan_id in plans]
    followed += [SubjectRef(Subject.PACKET, packet_id, session.hub_id) for packet_id in packets]
    for subject in followed:
        yield from read_agenda(session, subject, now).items


def _said(item: AgendaItem, people: Mapping[str, Named], zone: str, now: datetime) -> Coming:
    at = max(item.due, now)
    local = wall_time(at, zone)
    clock = Words("now") if item.due <= now else dates.clock_words(local)
    return Coming(at, local.date(), clock, _words(item, people))


@own
def _words(item: AgendaItem, people: Mapping[str, Named]) -> str:
    person = people[item.person_id].first if item.person_id in people else "the participant"
    if item.act is Act.SEND_MESSAGE:
        return wording.message_line(item.step, person, item.channel)
    if item.act is Act.BUILD_PACKET:
        return "A new version of the packet is made"
    if item.act is Act.ADVANCE_PACKET:
        return _ADVANCES[item.step]
    if item.act is Act.MISS_STEP:
        return "The days of grace for a step of the plan end"
    asked = _ASKED.get(item.step, "One of us is asked for help")
    return asked.format(person=person)


def _hearings(hearings: Iterable[Hearing], now: datetime) -> list[Coming]:
    return [
        Coming(
            hearing.starts_at,
            hearing.local_time.date(),
            dates.clock_words(hearing.local_time),
            wording.capital(wording.hearing_kind(hearing.kind)),
            hearing=True,
        )
        for hearing in hearings
        if hearing.status == HearingStatus.SCHEDULED and hearing.starts_at > now
    ]
