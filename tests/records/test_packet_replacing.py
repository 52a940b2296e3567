"""A packet in the place of another: what goes along, and that nothing is said or asked twice."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from activities.packet_facts import load_packet
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.packets import plan_packet
from domain.vocabulary import Channel, LetterState
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.database import HubSession, Records
from records.hearings import record_outcome, vacate_hearing
from records.interview import invite, invites_of
from records.letter_writing import decline_letter
from records.letters import Writer, ask_for_letter, letters_of
from records.matters import recipient_of
from records.messages import Composed, claim_message
from records.packet_replacing import replace_packet
from records.packet_reviews import PacketEnded, cancel_packet
from records.packets import PacketContent, get_packet, hearing_of, request_packet
from records.passages import Said, passages_of
from records.tables import Case, HumanTask, Message, Packet
from records.tasks import open_task
from tests.houses import AGREED, ROSA, a_case, a_hearing, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
WORDS = Composed("A letter for Marcus?", "", "letter_request", "1", 1, "en", "family")


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """A packet for a hearing; the pastor is asked for a letter, the mother to tell."""
    case = a_case(records, NOW)
    hearing = a_hearing(records, case, "2026-06-12 09:00", NOW)
    text = NewContact(Channel.SMS, "+13055550121", AGREED)
    with records.writing(hub) as session:
        packet = request_packet(
            session,
            case.id,
            "release",
            PacketContent(),
            ROSA,
            NOW,
            hearing_id=hearing.id,
            sections={"ties": [Said("He sings in the choir.")]},
        )
        pastor = Writer("Samuel", "Greene", "pastor", contacts=(text,))
        ask_for_letter(session, packet.id, pastor, ROSA, NOW)
        circle = NewSupporter("Denise", "Johnson", "mother", "en", (_phone("+13055550122"),))
        mother = enroll_supporter(session, case.id, circle, ROSA, NOW)
        invite(session, packet.id, mother.person_id, ROSA, NOW)
        return packet


def _phone(number: str) -> NewContact:
    return NewContact(Channel.SMS, number, AGREED)


def planned(session: HubSession, packet: Packet) -> list[AgendaItem]:
    """What is due for a packet now."""
    facts = load_packet(session, packet.id, NOW)
    assert facts is not None
    return [item for item in plan_packet(facts, LATER).items if item.due <= LATER]


def say_all(session: HubSession, packet: Packet) -> None:
    """Everything that is due is sent, and every task opened."""
    ref = SubjectRef(Subject.PACKET, packet.id, session.hub_id)
    for item in planned(session, packet):
        if item.act is Act.OPEN_TASK:
            open_task(session, item, ref, LATER)
        elif item.act is Act.SEND_MESSAGE:
            to = recipient_of(session, item.person_id, item.channel)
            assert to is not None
            claim_message(session, item, ref, to, WORDS, "outbox", LATER, left_at_once=True)
    session.flush()


def test_nobody_is_asked_twice_for_a_packet_that_comes_in_place(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        say_all(session, packet)
        assert len(session.exec(select(Message)).all()) == 2
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        assert {i.act for i in planned(session, new)} == {Act.BUILD_PACKET}
        [link] = invites_of(session, new.id).values()
        assert link.packet_id == new.id


def test_what_was_asked_of_people_about_a_letter_goes_along_and_stays_open(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        say_all(session, packet)
        [letter] = letters_of(session, packet.id)
        decline_letter(session, letter.id, "I would rather not.", ROSA, NOW)
        say_all(session, packet)
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        task = session.exec(select(HumanTask).where(HumanTask.kind == "letter_declined")).one()
        assert (task.packet_id, task.closed_at) == (new.id, None)
        assert "letter_declined" not in [item.step for item in planned(session, new)]
        assert letters_of(session, new.id)[0].state == LetterState.DECLINED


def test_a_packet_in_place_says_what_that_one_said_and_not_a_newer_one(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        words = {"ties": [Said("Something for another judge.")]}
        request_packet(
            session, packet.case_id, "release", PacketContent(), ROSA, LATER, sections=words
        )
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        assert [row.text for row in passages_of(session, new)["ties"]] == ["He sings in the choir."]


@pytest.mark.parametrize("over", ["held", "vacated"])
def test_a_packet_in_place_is_for_the_next_hearing_once_the_named_one_is_over(
    records: Records, hub: str, packet: Packet, over: str
) -> None:
    with records.writing(hub) as session:
        case_id, named = packet.case_id, packet.hearing_id or ""
        if over == "held":
            record_outcome(session, named, "appeared", ROSA, LATER)  # type: ignore[arg-type]
        else:
            vacate_hearing(session, named, ROSA, LATER)
    with records.reading(hub) as session:
        case = session.get_one(Case, case_id)
    following = a_hearing(records, case, "2026-07-20 09:00", LATER)
    with records.writing(hub) as session:
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        found = hearing_of(session, new)
        assert found is not None
        assert found.id == following.id


def test_a_packet_whose_hearing_is_vacated_goes_on_for_the_next(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        vacate_hearing(session, packet.hearing_id or "", ROSA, LATER)
        facts = load_packet(session, packet.id, NOW)
        assert facts is not None
        assert facts.hearing_at is None
        assert hearing_of(session, get_packet(session, packet.id)) is None


def test_two_people_who_replace_a_packet_at_once_make_one(
    records: Records, hub: str, packet: Packet
) -> None:
    together, refused = threading.Barrier(2), []

    def replace() -> None:
        together.wait(10)
        try:
            with records.writing(hub) as session:
                replace_packet(session, packet.id, "release", ROSA, LATER)
        except PacketEnded:
            refused.append(True)

    pair = [threading.Thread(target=replace) for _ in range(2)]
    for one in pair:
        one.start()
    for one in pair:
        one.join(60)
    with records.reading(hub) as session:
        made = session.exec(select(Packet).where(Packet.replaces_id == packet.id)).all()
    assert (len(made), len(refused)) == (1, 1)


def test_an_ended_packet_of_a_cancelled_one_is_replaced_too(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        cancel_packet(session, packet.id, ROSA, NOW)
        new = replace_packet(session, packet.id, "release", ROSA, LATER)
        assert new.cancelled_at is None
