"""What somebody tells through their link: theirs alone, as they said it, taken back at will."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from domain.vocabulary import PacketState
from records.casework import NotFound, Source
from records.circle import NewSupporter, end_supporter, enroll_supporter
from records.database import HubSession, Records
from records.interview import (
    PacketClosed,
    invite,
    remove_answer,
    restore_answer,
    save_answer,
)
from records.packets import PacketContent, get_packet, request_packet
from records.passages import (
    MOST_PASSAGES,
    UNDO,
    SavedMeanwhile,
    TooManyPassages,
    passages_of,
    said_in,
)
from records.tables import Case, Packet, PacketPassage, PrivateLink, Supporter
from records.telling import (
    Teller,
    Telling,
    ToldMeanwhile,
    put_back,
    take_back,
    tell,
    teller_of,
    told_by,
    words_mark,
)
from tests.houses import ROSA, a_case, a_mother, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(hours=3)
PATIENT = Telling("who", "words", "Patient. He waits for his sister.")
SHY = replace(PATIENT, words="Shy, at first.")


@pytest.fixture
def case(records: Records) -> Case:
    """Marcus's case."""
    return a_case(records, NOW)


@pytest.fixture
def packet(records: Records, hub: str, case: Case) -> Packet:
    """An empty biography."""
    with records.writing(hub) as session:
        return request_packet(
            session, case.id, "biography", PacketContent(), ROSA, NOW, sections={}
        )


@pytest.fixture
def denise(records: Records, hub: str, packet: Packet, case: Case) -> PrivateLink:
    """His mother's link."""
    mother = a_mother(records, case, NOW)
    with records.writing(hub) as session:
        return invite(session, packet.id, mother, ROSA, NOW)


@pytest.fixture
def ana(records: Records, hub: str, packet: Packet, case: Case) -> PrivateLink:
    """The link of his godmother, who speaks Spanish."""
    new = NewSupporter("Ana", "Ruiz", "godmother", "es")
    with records.writing(hub) as session:
        person = enroll_supporter(session, case.id, new, ROSA, NOW).person_id
        return invite(session, packet.id, person, ROSA, NOW)


def source(teller: Teller) -> Source:
    """Who writes through a link."""
    return Source(f"interview:{teller.person.id}", "link")


def told(
    session: HubSession, teller: Teller, telling: Telling, seen: PacketPassage | None = None
) -> PacketPassage | None:
    """Save an answer as its teller; `seen` is what they had read."""
    mark = words_mark(seen.title, seen.original) if seen else ""
    return tell(session, teller, replace(telling, seen=mark), source(teller), LATER)


def texts(session: HubSession, packet: Packet, section: str = "who") -> list[str]:
    """What a section of the packet says."""
    rows = passages_of(session, get_packet(session, packet.id)).get(section, [])
    return [row.text for row in rows]


def test_an_answer_is_a_quote_of_its_teller(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        assert (teller.called, teller.relationship, teller.open) == ("Marcus", "mother", True)
        row = told(session, teller, PATIENT)
        assert row is not None
        assert texts(session, packet) == [PATIENT.words]
        assert (row.said_by, row.quote) == ("Denise Johnson, mother", True)
        assert (row.teller_id, row.original, row.language) == (
            *(denise.person_id, PATIENT.words),
            "en",
        )


def test_two_tellers_answer_the_same_question_beside_each_other_and_read_their_own_alone(
    records: Records, hub: str, packet: Packet, denise: PrivateLink, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        mother, godmother = teller_of(session, denise), teller_of(session, ana)
        told(session, mother, PATIENT)
        told(session, godmother, replace(PATIENT, words="Paciente."))
        [hers] = told_by(session, mother.packet, mother.person.id)
        [others] = told_by(session, mother.packet, godmother.person.id)
        assert (hers.original, others.original) == (PATIENT.words, "Paciente.")
        told(session, mother, SHY, hers)
        assert others.original == "Paciente."


def test_words_in_another_language_are_in_no_packet_until_somebody_writes_the_english(
    records: Records, hub: str, packet: Packet, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, ana)
        row = told(session, teller, replace(PATIENT, words="Paciente."))
        assert row is not None
        assert texts(session, packet) == []
        assert row.said_by == "Ana Ruiz, godmother (translated from Spanish)"
        english = replace(said_in(row), text="Patient.")
        save_answer(
            *(session, packet.id, "who", english, ROSA, LATER), passage_id=row.id, seen_revision=1
        )
        assert texts(session, packet) == ["Patient."]
        assert row.original == "Paciente."
        told(session, teller, replace(PATIENT, words="Muy paciente."), row)
        assert texts(session, packet) == [], "the old translation says what she no longer says"
        assert (row.original, row.earlier_text) == ("Muy paciente.", "Patient.")


def test_words_that_change_after_an_advocate_edited_them_replace_the_edit_and_keep_it(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        assert row is not None
        shorter = replace(said_in(row), text="Patient.")
        save_answer(
            *(session, packet.id, "who", shorter, ROSA, LATER), passage_id=row.id, seen_revision=1
        )
        assert (row.text, row.original) == ("Patient.", PATIENT.words)
        told(session, teller, SHY, row)
        assert (row.text, row.original, row.earlier_text) == (SHY.words, SHY.words, "Patient.")
        save_answer(
            *(session, packet.id, "who", said_in(row), ROSA, LATER),
            passage_id=row.id,
            seen_revision=row.revision,
        )
        assert row.earlier_text == "", "an advocate has looked at it"


def test_an_advocate_who_translates_while_the_words_change_sees_both(
    records: Records, hub: str, packet: Packet, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, ana)
        row = told(session, teller, replace(PATIENT, words="Paciente."))
        assert row is not None
        read = row.revision
        told(session, teller, replace(PATIENT, words="Tímido."), row)
        late = replace(said_in(row), text="Patient.")
        with pytest.raises(SavedMeanwhile) as refused:
            save_answer(
                *(session, packet.id, "who", late, ROSA, LATER),
                passage_id=row.id,
                seen_revision=read,
            )
        assert refused.value.newer.original == "Tímido."


def test_what_an_advocate_does_beside_it_is_no_conflict_for_its_teller(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        assert row is not None
        seen = words_mark(row.title, row.original)
        proof = replace(said_in(row), confirmed_by="Photograph, Exhibit C")
        save_answer(
            *(session, packet.id, "who", proof, ROSA, LATER), passage_id=row.id, seen_revision=1
        )
        tell(session, teller, replace(SHY, seen=seen), source(teller), LATER)
        assert (row.original, row.confirmed_by) == (SHY.words, "Photograph, Exhibit C")


def test_one_teller_with_two_phones_loses_nothing(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        with pytest.raises(ToldMeanwhile) as refused:
            told(session, teller, SHY)
        assert refused.value.newer.original == PATIENT.words
        assert told(session, teller, PATIENT) is row, "the same twice is once"


def test_what_is_taken_back_is_gone_for_everybody_and_comes_back_by_its_teller_alone(
    records: Records, hub: str, packet: Packet, denise: PrivateLink, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        mother, godmother = teller_of(session, denise), teller_of(session, ana)
        row = told(session, mother, PATIENT)
        assert row is not None
        with pytest.raises(NotFound):
            take_back(session, godmother, row.id, source(godmother), LATER)
        take_back(session, mother, row.id, source(mother), LATER)
        assert texts(session, packet) == []
        assert told_by(session, mother.packet, mother.person.id) == []
        nobodys: list[Callable[[], object]] = [
            lambda: restore_answer(session, packet.id, row.id, ROSA, LATER),
            lambda: remove_answer(session, packet.id, row.id, ROSA, LATER),
            lambda: put_back(session, godmother, row.id, source(godmother), LATER),
            lambda: save_answer(
                session, packet.id, "who", said_in(row), ROSA, LATER, passage_id=row.id
            ),
        ]
        for nobody in nobodys:
            with pytest.raises(NotFound):
                nobody()
        assert (
            tell(
                *(session, mother),
                replace(PATIENT, seen=words_mark("", PATIENT.words)),
                *(source(mother), LATER),
            )
            is None
        ), "an old page that still shows it brings nothing back"
        assert texts(session, packet) == []
        put_back(session, mother, row.id, source(mother), LATER)
        assert texts(session, packet) == [PATIENT.words]


def test_what_was_taken_back_is_deleted_after_a_day(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        other = told(session, teller, replace(PATIENT, question="joy", words="Birds."))
        assert row is not None
        assert other is not None
        take_back(session, teller, row.id, source(teller), NOW)
        take_back(session, teller, other.id, source(teller), NOW + UNDO)
        assert session.get(PacketPassage, row.id) is None


def test_an_empty_box_takes_the_answer_back(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        assert told(session, teller, replace(PATIENT, words=" "), row) is None
        assert told_by(session, teller.packet, teller.person.id) == []
        assert told(session, teller, replace(PATIENT, words="")) is None


def test_words_that_an_advocate_left_out_stay_their_tellers(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        row = told(session, teller, PATIENT)
        assert row is not None
        remove_answer(session, packet.id, row.id, ROSA, NOW)
        remove_answer(session, packet.id, row.id, ROSA, NOW + UNDO)
        assert [one.id for one in told_by(session, teller.packet, teller.person.id)] == [row.id]
        told(session, teller, SHY, row)
        assert texts(session, packet) == [], "it stays left out"
        restore_answer(session, packet.id, row.id, ROSA, LATER)
        assert texts(session, packet) == [SHY.words]
        remove_answer(session, packet.id, row.id, ROSA, LATER)
        take_back(session, teller, row.id, source(teller), LATER)
        with pytest.raises(NotFound):
            restore_answer(session, packet.id, row.id, ROSA, LATER)


def test_a_year_at_a_time(records: Records, hub: str, packet: Packet, denise: PrivateLink) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        year = Telling("timeline", "years", "He learned to swim.", "2011")
        first = told(session, teller, year)
        told(session, teller, replace(year, words="He was born.", title="2001"))
        assert texts(session, packet, "timeline") == ["He was born.", "He learned to swim."]
        assert first is not None
        moved = replace(year, title="1999", passage_id=first.id)
        told(session, teller, moved, first)
        assert texts(session, packet, "timeline") == ["He learned to swim.", "He was born."]


def test_a_section_does_not_grow_for_ever(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        for year in range(MOST_PASSAGES):
            told(session, teller, Telling("timeline", "years", f"{year}", f"{1970 + year}"))
        with pytest.raises(TooManyPassages):
            told(session, teller, Telling("timeline", "years", "One more", "2026"))


@pytest.mark.parametrize(
    "telling",
    [
        Telling("who", "own", "For an advocate to ask."),
        Telling("who", "nothing", "No such question."),
        Telling("health", "told", "No health in a biography, and not for family."),
        Telling("ties", "here", "No such section in a biography."),
    ],
)
def test_only_what_family_may_be_asked_is_told(
    records: Records, hub: str, denise: PrivateLink, telling: Telling
) -> None:
    with records.writing(hub) as session:
        teller = teller_of(session, denise)
        with pytest.raises(NotFound):
            told(session, teller, telling)
        assert told_by(session, teller.packet, teller.person.id) == []


def test_a_passage_of_somebody_else_cannot_be_changed_by_its_id(
    records: Records, hub: str, packet: Packet, denise: PrivateLink, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        mother, godmother = teller_of(session, denise), teller_of(session, ana)
        year = Telling("timeline", "years", "He learned to swim.", "2011")
        hers = told(session, mother, year)
        assert hers is not None
        other = replace(year, words="Nadó.", passage_id=hers.id)
        new = told(session, godmother, other)
        assert new is not None
        assert new.id != hers.id
        assert hers.original == "He learned to swim."


def test_when_the_packet_is_filed_words_stay_as_they_were(
    records: Records, hub: str, packet: Packet, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        row = told(session, teller_of(session, denise), PATIENT)
        assert row is not None
        get_packet(session, packet.id).state = PacketState.FILED
        teller = teller_of(session, denise)
        assert not teller.open
        attempts: list[Callable[[], object]] = [
            lambda: told(session, teller, SHY, row),
            lambda: take_back(session, teller, row.id, source(teller), LATER),
        ]
        for attempt in attempts:
            with pytest.raises(PacketClosed):
                attempt()


def test_whoever_left_the_circle_tells_no_more(
    records: Records, hub: str, denise: PrivateLink
) -> None:
    with records.writing(hub) as session:
        supporter = session.exec(
            select(Supporter).where(Supporter.person_id == denise.person_id)
        ).one()
        end_supporter(session, supporter.id, ROSA, NOW)
        with pytest.raises(NotFound):
            teller_of(session, denise)


def test_their_words_are_sealed_at_rest(
    records: Records, hub: str, packet: Packet, ana: PrivateLink
) -> None:
    with records.writing(hub) as session:
        told(session, teller_of(session, ana), replace(PATIENT, words="Paciente."))
    with records.engine.connect() as connection:
        table = PacketPassage.__table__  # type: ignore[attr-defined]
        [row] = connection.execute(text(f"SELECT * FROM {table.name}")).mappings()
    assert "Paciente" not in str(dict(row))
