"""Letters, packets and cases are held in one order, so that no two wait for each other."""

import threading
import time
from collections.abc import Callable

import pytest

from domain.letters import Draft
from domain.vocabulary import Channel
from records.casework import get_case, touch
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.database import HubSession, Records
from records.letter_writing import prefer_language, save_letter
from records.letters import Writer, ask_for_letter, get_letter, letters_of, possible_writers
from records.packet_reviews import replace_packet
from records.packets import PacketContent, get_packet, request_packet
from records.tables import Packet
from tests.houses import AGREED, ROSA, a_case, utc

NOW = utc("2026-05-01 14:00")
Deed = Callable[[HubSession], object]


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """A packet for which the mother, who stands by him, is asked for a letter."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
        mother = enroll_supporter(
            session, case.id, NewSupporter("Denise", "Johnson", "mother"), ROSA, NOW
        )
        wanted = Writer("", "", "mother", person_id=mother.person_id)
        ask_for_letter(session, packet.id, wanted, ROSA, NOW)
        uncle = NewSupporter("Earl", "Johnson", "uncle")
        enroll_supporter(session, case.id, uncle, ROSA, NOW)
        return packet


def at_once(records: Records, hub: str, hold: Deed, then: Deed, meanwhile: Deed) -> list[str]:
    """One holds something and goes on half a second later, while another does something else in
    between; what went wrong."""
    held, wrong = threading.Event(), []

    def first() -> None:
        with records.writing(hub) as session:
            hold(session)
            held.set()
            time.sleep(0.5)
            then(session)

    def second() -> None:
        held.wait(20)
        with records.writing(hub) as session:
            meanwhile(session)

    def watched(deed: Callable[[], None]) -> None:
        try:
            deed()
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")

    pair = [threading.Thread(target=watched, args=(deed,)) for deed in (first, second)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(60)
    return wrong


def test_somebody_of_the_circle_is_asked_for_a_letter_while_the_case_changes(
    records: Records, hub: str, packet: Packet
) -> None:
    phone = NewContact(Channel.SMS, "+13055550133", AGREED)
    with records.reading(hub) as session:
        writer_id = letters_of(session, packet.id)[0].writer_id
        uncle = next(one for one in possible_writers(session, packet.case_id) if one != writer_id)

    def ask(session: HubSession) -> None:
        writer = Writer("", "", "uncle", contacts=(phone,), person_id=uncle)
        ask_for_letter(session, packet.id, writer, ROSA, NOW)

    wrong = at_once(
        records,
        hub,
        lambda s: s.lock(get_case(s, packet.case_id), "revision"),
        lambda s: touch(s, get_case(s, packet.case_id), NOW),
        ask,
    )
    assert wrong == []


def test_a_writer_chooses_their_language_while_the_case_changes(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.reading(hub) as session:
        letter_id = letters_of(session, packet.id)[0].id
    wrong = at_once(
        records,
        hub,
        lambda s: s.lock(get_case(s, packet.case_id), "revision"),
        lambda s: touch(s, get_case(s, packet.case_id), NOW),
        lambda s: prefer_language(s, letter_id, "es", ROSA, NOW),
    )
    assert wrong == []


def test_a_letter_is_saved_while_its_packet_is_replaced(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.reading(hub) as session:
        letter_id = letters_of(session, packet.id)[0].id
    draft = Draft({"story": "He fixed my roof and would take no money for it."})
    wrong = at_once(
        records,
        hub,
        lambda s: s.lock(get_packet(s, packet.id)),
        lambda s: replace_packet(s, packet.id, "release", ROSA, NOW),
        lambda s: save_letter(s, letter_id, draft, ROSA, NOW),
    )
    assert wrong == []
    with records.reading(hub) as session:
        letter = get_letter(session, letter_id)
        assert letter.packet_id != packet.id
        assert "roof" in letter.answers
