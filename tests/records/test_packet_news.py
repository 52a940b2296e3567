"""Whatever a packet is made from, and whoever is written to about it: its workflow hears of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from activities.packet_facts import load_packet
from activities.packet_inputs import gather
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.vocabulary import Channel, HearingKind, PacketState
from records.casework import add_docket, get_case
from records.circle import NewContact, add_contact, mark_unreachable, opt_out
from records.counsel import NewCounsel, counsel_of, set_counsel, use_counsel
from records.courts import NewCourt, add_court, change_court
from records.database import HubSession, Records
from records.hearings import Setting, schedule_hearing
from records.hub_changes import change_hub
from records.letters import Writer, ask_for_letter, letters_of
from records.packet_reviews import mark_filed
from records.packets import PacketContent, get_packet, request_packet
from records.plans import NewStep, add_evidence, add_step, start_plan
from records.tables import (
    ContactPoint,
    Court,
    Hearing,
    HumanTask,
    OutboxRow,
    Packet,
    PlanStep,
    SupportPlan,
)
from records.tasks import open_task
from tests.houses import AGREED, ROSA, ZONE, a_case, utc, wall

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
Deed = Callable[[HubSession, Packet], object]


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """A packet for a hearing at a court, with counsel, a plan and a letter that was asked for."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        court = add_court(session, NewCourt("Circuit Court", ZONE, address="1351 NW 12th St"))
        hearing = schedule_hearing(
            session,
            case.id,
            HearingKind.BAIL_REVIEW,
            Setting(wall("2026-06-12 09:00"), ZONE),
            ROSA,
            NOW,
            court_id=court.id,
        )
        mail = NewContact(Channel.EMAIL, "torres@example.org", AGREED)
        set_counsel(session, case.id, NewCounsel("Elena", "Torres", contacts=(mail,)), ROSA, NOW)
        step = NewStep("job", "Start at the Blue Heron", date(2026, 5, 20))
        start_plan(session, case.id, (step,), ROSA, NOW)
        packet = request_packet(
            session, case.id, "release", PacketContent(), ROSA, NOW, hearing_id=hearing.id
        )
        phone = NewContact(Channel.SMS, "+13055550121", AGREED)
        pastor = Writer("Samuel", "Greene", "pastor", contacts=(phone,))
        ask_for_letter(session, packet.id, pastor, ROSA, NOW)
        for row in session.exec(select(OutboxRow)).all():
            session.delete(row)
        return packet


def news(session: HubSession, packet: Packet) -> int:
    """How often the packet's workflow was told something."""
    session.flush()
    rows = session.exec(
        select(OutboxRow).where(
            OutboxRow.subject_kind == Subject.PACKET, OutboxRow.subject_id == packet.id
        )
    ).all()
    return len(rows)


def _court(session: HubSession, packet: Packet) -> str:
    return str(session.get_one(Hearing, packet.hearing_id).court_id)


def _counsel(session: HubSession, packet: Packet) -> str:
    counsel = counsel_of(session, get_case(session, packet.case_id))
    assert counsel is not None
    return counsel.person.id


def _plan(session: HubSession, packet: Packet) -> str:
    return session.exec(select(SupportPlan)).one().id


SAID: dict[str, Deed] = {
    "the court's address": lambda s, p: change_court(
        s, _court(s, p), {"address": "73 W Flagler St"}, LATER
    ),
    "the hub's name": lambda s, p: change_hub(s, {"name": "Overtown Defense"}, LATER),
    "the hub's phone": lambda s, p: change_hub(s, {"phone": "(305) 555-0199"}, LATER),
    "a docket number": lambda s, p: add_docket(s, get_case(s, p.case_id), "F-26-001234", now=LATER),
    "a step of the plan": lambda s, p: add_step(
        s, _plan(s, p), NewStep("housing", "Move in with his sister"), ROSA, LATER
    ),
    "the evidence of a step": lambda s, p: add_evidence(
        s,
        s.exec(select(PlanStep).order_by(col(PlanStep.id))).all()[0].id,
        "pay stub",
        "",
        ROSA,
        LATER,
    ),
    "counsel's phone": lambda s, p: add_contact(
        s, _counsel(s, p), NewContact(Channel.SMS, "+13055550144", AGREED), ROSA, LATER
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_whatever_a_packet_says_is_built_anew_when_it_changes(
    records: Records, hub: str, packet: Packet, what: str
) -> None:
    with records.writing(hub) as session:
        row = get_packet(session, packet.id)
        before = gather(session, row, NOW).content_hash
        SAID[what](session, row)
        session.flush()
        assert gather(session, row, NOW).content_hash != before
        assert news(session, packet) > 0


@pytest.mark.parametrize(
    "days",
    ["packet_letters_days", "packet_draft_days", "packet_counsel_days", "packet_lead_days"],
)
def test_when_a_hub_wants_its_packets_sooner_they_are_planned_anew(
    records: Records, hub: str, packet: Packet, days: str
) -> None:
    with records.writing(hub) as session:
        change_hub(session, {days: 30}, LATER)
        assert news(session, packet) > 0


def _ways(session: HubSession, person_id: str) -> ContactPoint:
    return session.exec(select(ContactPoint).where(ContactPoint.person_id == person_id)).one()


REACHED: dict[str, Callable[[HubSession, str], object]] = {
    "no more messages": lambda s, who: opt_out(s, _ways(s, who), ROSA, LATER),
    "a wrong number": lambda s, who: mark_unreachable(s, _ways(s, who), "wrong", ROSA, LATER),
    "another way": lambda s, who: add_contact(
        s, who, NewContact(Channel.EMAIL, "else@example.org", AGREED), ROSA, LATER
    ),
}


@pytest.mark.parametrize("what", REACHED)
@pytest.mark.parametrize("who", ["writer", "counsel"])
def test_whoever_is_written_to_about_a_packet_alone_matters_to_it(
    records: Records, hub: str, packet: Packet, who: str, what: str
) -> None:
    """They stand in no circle, so that their ways to be reached change nothing of the case."""
    with records.writing(hub) as session:
        writer = letters_of(session, packet.id)[0].writer_id or ""
        person = writer if who == "writer" else _counsel(session, packet)
        REACHED[what](session, person)
        assert news(session, packet) > 0
        facts = load_packet(session, packet.id, NOW)
        assert facts is not None
        reader = facts.letters[0].writer if who == "writer" else facts.counsel
        left = len(reader.contacts) if reader else 0
        assert left == (2 if what == "another way" else 0)


def test_a_packet_that_has_ended_hears_nothing_more(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        row = get_packet(session, packet.id)
        row.state = PacketState.DELIVERED
        mark_filed(session, packet.id, date(2026, 5, 20), ROSA, LATER)
        before = news(session, packet)
        for deed in SAID.values():
            deed(session, row)
        assert news(session, packet) == before


def test_a_court_without_a_hearing_to_come_touches_no_packet(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        other = add_court(session, NewCourt("County Court", ZONE))
        change_court(session, other.id, {"address": "elsewhere"}, LATER)
        assert news(session, packet) == 0
        assert session.get_one(Court, other.id).address == "elsewhere"


def test_counsels_address_does_not_depend_on_the_order_of_rows(
    records: Records, hub: str, packet: Packet
) -> None:
    """PostgreSQL gives a row that was just written after the others."""
    with records.writing(hub) as session:
        person = _counsel(session, packet)
        second = NewContact(Channel.EMAIL, "second@example.org", AGREED)
        add_contact(session, person, second, ROSA, LATER)
        first = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == person, ContactPoint.rank == 0)
        ).one()
        before = gather(session, get_packet(session, packet.id), NOW)
        assert before.packet.counsel is not None
        assert before.packet.counsel.email == "torres@example.org"
    with records.writing(hub) as session:
        session.get_one(ContactPoint, first.id).unreachable_code = "bounced"
    with records.writing(hub) as session:
        session.get_one(ContactPoint, first.id).unreachable_code = ""
    with records.reading(hub) as session:
        after = gather(session, get_packet(session, packet.id), NOW)
        assert after.content_hash == before.content_hash


def test_counsel_who_can_be_written_to_closes_the_task_of_finding_one(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        item = AgendaItem(
            Act.OPEN_TASK, "task|no_counsel|x", NOW, LATER, subject_id=packet.id, step="no_counsel"
        )
        open_task(session, item, SubjectRef(Subject.PACKET, packet.id, hub), NOW)
        case = get_case(session, packet.case_id)
        counsel = counsel_of(session, case)
        assert counsel is not None
        use_counsel(session, case, counsel.counsel, ROSA, LATER)
        assert session.exec(select(HumanTask)).one().closed_at == LATER
