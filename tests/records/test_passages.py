"""What the sections of a packet say: saved as it goes, with whose words they are."""

import json
from datetime import timedelta

import pytest

from records.casework import NotFound, Source
from records.database import HubSession, Records
from records.packets import PacketContent, change_packet, content_of, get_packet, request_packet
from records.passages import (
    MOST_PASSAGES,
    NoSuchSection,
    Said,
    SavedMeanwhile,
    TooManyPassages,
    passages_of,
    replace_sections,
    said_in,
    save_passage,
)
from records.tables import Packet
from tests.houses import ROSA, a_case, utc

NOW = utc("2026-05-01 14:00")
DENISE = Source("interview:denise", "link")
QUOTE = Said("He calls me every morning.", said_by="Denise, mother", quote=True, question="day")


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """An empty packet."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        return request_packet(session, case.id, "release", PacketContent(), ROSA, NOW, sections={})


def texts(session: HubSession, packet: Packet) -> dict[str, list[str]]:
    """What each section says."""
    found = passages_of(session, get_packet(session, packet.id))
    return {section: [row.text for row in rows] for section, rows in found.items()}


def test_an_answer_is_kept_with_whose_words_it_is_and_changed_in_its_place(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        first = save_passage(session, packet, "ties", QUOTE, DENISE, NOW)
        assert first is not None
        assert said_in(first) == QUOTE
        assert first.written_by == DENISE.actor
        new = Said("He calls me at six.", said_by="Denise, mother", question="day")
        same = save_passage(session, packet, "ties", new, ROSA, NOW, seen_revision=first.revision)
        assert same is not None
        assert (same.id, same.revision) == (first.id, 2)
        assert texts(session, packet) == {"ties": ["He calls me at six."]}


def test_two_people_who_answer_the_same_question_never_eat_each_others_words(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        first = save_passage(session, packet, "ties", QUOTE, DENISE, NOW)
        assert first is not None
        other = Said("He sings.", question="day")
        with pytest.raises(SavedMeanwhile) as refused:
            save_passage(session, packet, "ties", other, ROSA, NOW)
        assert refused.value.newer.text == QUOTE.text
        save_passage(session, packet, "ties", other, ROSA, NOW, seen_revision=1)
        with pytest.raises(SavedMeanwhile):
            save_passage(
                session, packet, "ties", Said("x", question="day"), DENISE, NOW, seen_revision=1
            )
        assert texts(session, packet) == {"ties": ["He sings."]}


def test_saving_the_same_again_changes_nothing(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        for _ in range(3):
            row = save_passage(session, packet, "ties", QUOTE, DENISE, NOW)
            assert row is not None
            assert row.revision == 1


def test_a_blank_answer_takes_it_back(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        save_passage(session, packet, "ties", QUOTE, DENISE, NOW)
        blank = Said(" ", question="day")
        assert save_passage(session, packet, "ties", blank, DENISE, NOW, seen_revision=1) is None
        assert texts(session, packet) == {}


def test_a_section_that_the_kind_does_not_have_is_refused_by_name(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        with pytest.raises(NoSuchSection, match="ties, residence, occupation, caregiving"):
            save_passage(session, packet, "insight", QUOTE, DENISE, NOW)
        with pytest.raises(NoSuchSection):
            replace_sections(session, packet, {"insight": [QUOTE]}, ROSA, NOW)


def test_no_section_grows_for_ever(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        full = [Said(f"Paragraph {n}.") for n in range(MOST_PASSAGES)]
        replace_sections(session, packet, {"ties": full}, ROSA, NOW)
        with pytest.raises(TooManyPassages):
            save_passage(session, packet, "ties", Said("One more."), ROSA, NOW)


def test_a_passage_of_another_packet_cannot_be_changed_through_this_one(
    records: Records, hub: str, packet: Packet
) -> None:
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        other = request_packet(
            session, case.id, "release", PacketContent(), ROSA, NOW, sections={"ties": [QUOTE]}
        )
        [theirs] = passages_of(session, other)["ties"]
        with pytest.raises(NotFound):
            save_passage(session, packet, "ties", Said("Mine."), ROSA, NOW, passage_id=theirs.id)


def test_a_new_packet_of_the_case_begins_with_what_was_told_before(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        save_passage(session, packet, "ties", QUOTE, DENISE, NOW)
        later = NOW + timedelta(days=3)
        second = request_packet(session, packet.case_id, "release", PacketContent(), ROSA, later)
        [row] = passages_of(session, second)["ties"]
        assert said_in(row) == QUOTE


def test_what_an_older_program_wrote_is_read_and_kept_when_it_is_changed(
    records: Records, hub: str, packet: Packet
) -> None:
    """Before passages had rows, four sections stood in the packet's content."""
    with records.writing(hub) as session:
        row = get_packet(session, packet.id)
        row.content = json.dumps({"ask": "Let him go home.", "ties": ["He sings."], "letters": []})
        session.add(row)
    with records.writing(hub) as session:
        assert texts(session, packet) == {"ties": ["He sings."]}
        row = get_packet(session, packet.id)
        assert content_of(row).ask == "Let him go home."
        change_packet(session, packet.id, PacketContent(ask="Let him go."), ROSA, NOW)
        assert texts(session, packet) == {"ties": ["He sings."]}
        save_passage(session, get_packet(session, packet.id), "residence", QUOTE, ROSA, NOW)
        assert texts(session, packet) == {"ties": ["He sings."], "residence": [QUOTE.text]}
