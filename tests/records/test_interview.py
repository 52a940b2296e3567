"""The interview in the records: what an advocate writes down, and who is asked to tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.vocabulary import PacketState
from records.casework import NotFound, Source
from records.circle import end_supporter
from records.database import HubSession, Records
from records.interview import (
    INVITED_FOR,
    PacketClosed,
    TheirOwnWords,
    credited,
    invite,
    invites_of,
    move_answer,
    remove_answer,
    restore_answer,
    revoke,
    save_answer,
)
from records.outbox import passed_on, pending
from records.packets import PacketContent, get_packet, request_packet
from records.passages import (
    UNDO,
    NoSuchSection,
    Said,
    SavedMeanwhile,
    passages_of,
    replace_sections,
    said_in,
)
from records.private_links import is_live
from records.tables import Case, CaseEvent, Packet, PacketPassage, PrivateLink, Supporter
from tests.houses import ROSA, a_case, a_hearing, a_mother, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(hours=3)
SAM = Source("sam", "staff")


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
def denise(records: Records, case: Case) -> str:
    """His mother's person id."""
    return a_mother(records, case, NOW)


def answer(session: HubSession, packet: Packet, said: Said, section: str = "who") -> PacketPassage:
    """An answer that Rosa wrote down."""
    row = save_answer(session, packet.id, section, said, ROSA, NOW)
    assert row is not None
    return row


def texts(session: HubSession, packet: Packet, section: str = "who") -> list[str]:
    """What a section of the packet says."""
    rows = passages_of(session, get_packet(session, packet.id)).get(section, [])
    return [row.text for row in rows]


def events(session: HubSession) -> list[str]:
    """What the case's history says of the interview."""
    kinds = ("changed", "told", "took_back", "invited", "invite_ended")
    rows = session.exec(
        select(CaseEvent).where(col(CaseEvent.kind).in_(kinds)).order_by(col(CaseEvent.id))
    ).all()
    return [row.kind for row in rows]


def test_a_section_reads_in_the_order_of_its_questions_whoever_told_what_first(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        answer(session, packet, Said("Anything else."))
        answer(session, packet, Said("He draws.", question="joy"))
        answer(session, packet, Said("Patient.", question="words"))
        answer(session, packet, Said("He can cook.", question="good"))
        assert texts(session, packet) == ["Patient.", "He can cook.", "He draws.", "Anything else."]


def test_a_life_in_dates_reads_by_its_years(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        for year, said in (("2019", "C"), ("Summer 2004", "A"), ("2011", "B")):
            answer(session, packet, Said(said, title=year, question="years"), "timeline")
        late = answer(session, packet, Said("D", title="2001", question="moves"), "timeline")
        assert texts(session, packet, "timeline") == ["D", "A", "B", "C"]
        moved = Said("D", title="2030", question="moves")
        save_answer(
            *(session, packet.id, "timeline", moved, ROSA, NOW),
            passage_id=late.id,
            seen_revision=late.revision,
        )
        assert texts(session, packet, "timeline") == ["A", "B", "C", "D"]


def test_the_workflow_hears_of_every_answer_and_the_history_of_each_sitting(
    records: Records, hub: str, packet: Packet
) -> None:
    passed_on(records, pending(records))
    with records.writing(hub) as session:
        before = get_packet(session, packet.id).revision
        answer(session, packet, Said("Patient.", question="words"))
        answer(session, packet, Said("He draws.", question="joy"))
        assert get_packet(session, packet.id).revision == before + 2
        assert events(session) == ["changed"]
        save_answer(session, packet.id, "who", Said("He sings.", question="joy"), ROSA, LATER)
        assert events(session) == ["changed", "changed"]
    assert packet.id in {news.subject.id for news in pending(records)}


def test_saving_the_same_again_changes_nothing(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        said = Said("2004: A new school.", title="2004", question="years")
        first = answer(session, packet, said, "timeline")
        revision = get_packet(session, packet.id).revision
        again = save_answer(session, packet.id, "timeline", said, ROSA, LATER)
        assert again is not None
        assert again.id == first.id
        assert len(texts(session, packet, "timeline")) == 1
        kept = save_answer(*(session, packet.id, "timeline", said, SAM, LATER), passage_id=first.id)
        assert kept is not None
        assert get_packet(session, packet.id).revision == revision + 1, "one for each save at most"


def test_two_advocates_who_answer_one_question_see_each_others_words(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        row = answer(session, packet, Said("Patient.", question="words"))
        with pytest.raises(SavedMeanwhile) as refused:
            save_answer(session, packet.id, "who", Said("Shy.", question="words"), SAM, NOW)
        assert refused.value.newer.id == row.id
        assert texts(session, packet) == ["Patient."]


def test_a_removed_answer_comes_back_and_is_forgotten_after_a_day(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        row = answer(session, packet, Said("Patient.", question="words"))
        other = answer(session, packet, Said("He draws.", question="joy"))
        remove_answer(session, packet.id, row.id, ROSA, NOW)
        assert texts(session, packet) == ["He draws."]
        restore_answer(session, packet.id, row.id, SAM, NOW)
        assert texts(session, packet) == ["Patient.", "He draws."]
        remove_answer(session, packet.id, row.id, ROSA, NOW)
        remove_answer(session, packet.id, other.id, ROSA, NOW + UNDO)
        with pytest.raises(NotFound):
            restore_answer(session, packet.id, row.id, ROSA, NOW + UNDO)
        restore_answer(session, packet.id, other.id, ROSA, NOW + UNDO)
        assert texts(session, packet) == ["He draws."]


def test_answers_are_moved_one_by_one_and_stop_at_the_ends(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        rows = [answer(session, packet, Said(word)) for word in "ABC"]
        remove_answer(session, packet.id, rows[1].id, ROSA, NOW)
        move_answer(session, packet.id, rows[2].id, -1, ROSA, NOW)
        assert texts(session, packet) == ["C", "A"], "one that is taken out is no step"
        move_answer(session, packet.id, rows[2].id, -1, ROSA, NOW)
        move_answer(session, packet.id, rows[0].id, 1, ROSA, NOW)
        assert texts(session, packet) == ["C", "A"]


def test_words_in_another_language_wait_for_their_translation_and_stay_beside_it(
    records: Records, hub: str, packet: Packet
) -> None:
    spanish = Said(
        *("", "", "Ana Ruiz, godmother", True),
        question="kind",
        original="Siempre viene.",
        language="es",
    )
    with records.writing(hub) as session:
        row = answer(session, packet, spanish)
        assert texts(session, packet) == [], "a packet is in English"
        assert row.said_by == "Ana Ruiz, godmother (translated from Spanish)"
        english = Said(
            *("He always comes.", "", row.said_by, True),
            question="kind",
            original="Siempre viene.",
            language="es",
        )
        save_answer(
            *(session, packet.id, "who", english, SAM, NOW),
            passage_id=row.id,
            seen_revision=row.revision,
        )
        assert texts(session, packet) == ["He always comes."]
        assert said_in(row) == english, "credited once, and the original is still there"
    assert credited("Ana", "en") == "Ana"
    assert credited("", "ht") == ""


def test_a_later_packet_begins_with_what_waits_for_a_translation_too(
    records: Records, hub: str, packet: Packet
) -> None:
    waiting = Said("", question="kind", original="Siempre viene.", language="es")
    with records.writing(hub) as session:
        answer(session, packet, waiting)
        left = answer(session, packet, Said("Not this."))
        remove_answer(session, packet.id, left.id, ROSA, NOW)
        new = request_packet(session, packet.case_id, "diversion", PacketContent(), ROSA, LATER)
        rows = session.exec(select(PacketPassage).where(PacketPassage.packet_id == new.id)).all()
        assert [said_in(row) for row in rows] == [waiting]


def test_writing_a_section_whole_keeps_questions_and_other_peoples_words(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        kept = answer(session, packet, Said("Patient.", said_by="Tia", question="words"))
        gone = answer(session, packet, Said("He draws.", question="joy"))
        translated = answer(
            session, packet, Said("He comes.", question="kind", original="Viene.", language="es")
        )
        waiting = answer(session, packet, Said("", original="Canta.", language="es"))
        whole = {"who": [Said("New."), Said("Patient.", said_by="Tia, sister")]}
        replace_sections(session, get_packet(session, packet.id), whole, SAM, LATER)
        assert texts(session, packet) == ["New.", "Patient."]
        assert (kept.question, kept.said_by) == ("words", "Tia, sister")
        assert session.get(PacketPassage, gone.id) is None
        assert translated.removed_by == SAM.actor, "its original is not thrown away"
        assert waiting.removed_at is None


def test_only_known_sections_and_questions_of_an_open_packet_are_written(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        with pytest.raises(NoSuchSection):
            save_answer(session, packet.id, "insight", Said("x"), ROSA, NOW)
        with pytest.raises(NotFound):
            save_answer(session, packet.id, "who", Said("x", question="nothing"), ROSA, NOW)
        assert save_answer(session, packet.id, "who", Said(" "), ROSA, NOW) is None
        row = answer(session, packet, Said("Patient."))
        get_packet(session, packet.id).state = PacketState.FILED
        attempts: list[Callable[[], object]] = [
            lambda: save_answer(session, packet.id, "who", Said("x"), ROSA, NOW),
            lambda: remove_answer(session, packet.id, row.id, ROSA, NOW),
            lambda: restore_answer(session, packet.id, row.id, ROSA, NOW),
            lambda: move_answer(session, packet.id, row.id, 1, ROSA, NOW),
        ]
        for attempt in attempts:
            with pytest.raises(PacketClosed):
                attempt()


def test_someone_of_the_circle_is_asked_once_and_has_one_link(
    records: Records, hub: str, packet: Packet, denise: str
) -> None:
    passed_on(records, pending(records))
    with records.writing(hub) as session:
        link = invite(session, packet.id, denise, ROSA, NOW)
        assert (link.packet_id, link.person_id, link.created_at) == (packet.id, denise, NOW)
        assert link.expires_at == NOW + INVITED_FOR
        again = invite(session, packet.id, denise, ROSA, LATER)
        assert again.id == link.id
        assert again.created_at == NOW
        assert again.expires_at == LATER + INVITED_FOR
        assert events(session) == ["invited"]
        assert invites_of(session, packet.id) == {denise: link}
    assert packet.id in {news.subject.id for news in pending(records)}


def test_an_invitation_outlives_a_late_hearing(
    records: Records, hub: str, case: Case, denise: str
) -> None:
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    with records.writing(hub) as session:
        packet = request_packet(
            *(session, case.id, "biography", PacketContent(), ROSA, NOW), hearing_id=hearing.id
        )
        link = invite(session, packet.id, denise, ROSA, NOW)
        assert link.expires_at > hearing.starts_at


def test_an_ended_link_is_replaced_by_a_new_one_that_is_sent_again(
    records: Records, hub: str, packet: Packet, denise: str
) -> None:
    after = NOW + INVITED_FOR
    with records.writing(hub) as session:
        old = invite(session, packet.id, denise, ROSA, NOW)
        new = invite(session, packet.id, denise, ROSA, after)
        assert new.id != old.id
        assert not is_live(old, after)
        assert new.created_at == after
        revoke(session, packet.id, denise, ROSA, after)
        assert not is_live(new, after)
        assert invites_of(session, packet.id) == {}
        revoke(session, packet.id, denise, ROSA, after)
        assert events(session) == ["invited", "invited", "invite_ended"]


def test_nobody_outside_the_circle_is_asked(
    records: Records, hub: str, packet: Packet, denise: str
) -> None:
    stranger = a_mother(records, a_case(records, NOW), NOW, phone="+13055550112")
    with records.writing(hub) as session:
        with pytest.raises(NotFound):
            invite(session, packet.id, stranger, ROSA, NOW)
        supporter = session.exec(select(Supporter).where(Supporter.person_id == denise)).one()
        end_supporter(session, supporter.id, ROSA, NOW)
        with pytest.raises(NotFound):
            invite(session, packet.id, denise, ROSA, NOW)
        assert session.exec(select(PrivateLink)).all() == []


def test_the_words_of_a_teller_are_not_the_hubs_to_change(
    records: Records, hub: str, packet: Packet, denise: str
) -> None:
    with records.writing(hub) as session:
        row = answer(session, packet, Said("He sings.", original="He sings.", question="joy"))
        row.teller_id = denise
        session.add(row)
        session.flush()
        changed = Said("He sings.", original="He sings badly.", question="joy")
        with pytest.raises(TheirOwnWords):
            save_answer(
                *(session, packet.id, "who", changed, ROSA, NOW),
                passage_id=row.id,
                seen_revision=row.revision,
            )
