"""Letters of support in the records: who is asked, what is signed, who hears of it."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from activities.packet_inputs import gather
from domain.letters import Attached, Draft, LetterWithdrawn, NothingWritten, TextTooLong
from domain.vocabulary import Channel, LetterState, LinkPurpose, PacketState
from records import letter_writing as writing
from records import letters as book
from records.casework import NotFound, Source
from records.circle import NewContact, cases_of, talked_about
from records.database import HubSession, Records
from records.letters import Writer
from records.matters import recipient_of
from records.packet_replacing import replace_packet
from records.packet_reviews import PacketCancelled, PacketEnded
from records.packets import PacketContent, get_packet, request_packet
from records.private_links import find_link, is_live, path_of
from records.tables import (
    CaseEvent,
    Consent,
    Defendant,
    HumanTask,
    Letter,
    OutboxRow,
    Supporter,
)
from tests.houses import ROSA, a_case, a_hearing, a_mother, utc

NOW = utc("2026-12-01 15:00")
LATER = NOW + timedelta(hours=1)
LEE = Source("letter:lee", "link")
AGREED = "The writer agreed, when asked by the hub, to messages about a letter."
WORDS = Draft({"who": "I am his pastor.", "story": "He sings.", "contact": "305-555-0142"})
FILE = Attached("k" * 64, "letter.jpg", "image/jpeg", "a" * 64, 1000, "p" * 64, 1)


class Desk:
    """One case with a packet and its pastor asked for a letter."""

    def __init__(self, records: Records) -> None:
        self.records, self.hub = records, records.sole_hub()
        self.case = a_case(records, NOW)
        self.hearing = a_hearing(records, self.case, "2026-12-29 09:00", NOW)
        with self.writing() as session:
            self.packet_id = request_packet(
                session, self.case.id, "release", PacketContent(), ROSA, NOW
            ).id
        self.letter_id = self.ask().id

    def writing(self) -> AbstractContextManager[HubSession]:
        return self.records.writing(self.hub)

    def ask(self, **more: object) -> Letter:
        phone = NewContact(Channel.SMS, "(305) 555-0142", AGREED, how="by phone")
        writer = {"first_name": "Lee", "last_name": "Brown", "relationship": "pastor"}
        writer |= {"contacts": (phone,), **more}  # type: ignore[dict-item]
        with self.writing() as session:
            return book.ask_for_letter(session, self.packet_id, Writer(**writer), ROSA, NOW)  # type: ignore[arg-type]

    def do(self, step: Callable[..., Any], *args: object, **more: object) -> Letter:
        with self.writing() as session:
            step(session, self.letter_id, *args, LEE, LATER, **more)
        return self.letter

    @property
    def letter(self) -> Letter:
        with self.records.reading(self.hub) as session:
            return book.get_letter(session, self.letter_id)

    def news(self) -> int:
        """How often the packet's workflow was told."""
        with self.records.reading(self.hub) as session:
            return get_packet(session, self.packet_id).revision

    def hash(self) -> str:
        with self.records.reading(self.hub) as session:
            return gather(session, get_packet(session, self.packet_id), NOW).content_hash

    def events(self) -> list[str]:
        with self.records.reading(self.hub) as session:
            rows = session.exec(
                select(CaseEvent)
                .where(col(CaseEvent.kind).startswith("letter_"))
                .order_by(col(CaseEvent.happened_at), col(CaseEvent.id))
            ).all()
        return [row.kind for row in rows]

    def end(self) -> None:
        with self.writing() as session:
            packet = get_packet(session, self.packet_id)
            packet.state = PacketState.FILED
            session.add(packet)


@pytest.fixture
def desk(records: Records) -> Desk:
    return Desk(records)


def test_a_writer_is_written_to_and_belongs_to_no_circle(desk: Desk) -> None:
    letter = desk.letter
    assert letter.writer_id
    with desk.records.reading(desk.hub) as session:
        to = recipient_of(session, letter.writer_id, "sms")
        assert to is not None
        assert (to.first_name, to.address) == ("Lee", "+13055550142")
        consent = session.exec(select(Consent).where(Consent.person_id == letter.writer_id)).one()
        assert (consent.words, consent.how) == (AGREED, "by phone")
        assert session.exec(select(Supporter)).all() == []
        assert cases_of(session, letter.writer_id) == []
        assert talked_about(session, letter.writer_id) == []
        news = session.exec(select(OutboxRow).where(OutboxRow.subject_id == desk.packet_id)).all()
    assert len(news) == 3, "asked for, the phone, and the letter"
    assert (letter.state, letter.relationship, letter.position) == ("asked", "pastor", 0)


def test_somebody_of_the_circle_is_asked_as_the_person_they_are(desk: Desk) -> None:
    mother = a_mother(desk.records, desk.case, NOW)
    letter = desk.ask(person_id=mother, relationship="mother", contacts=())
    assert letter.writer_id == mother
    with pytest.raises(book.AskedAlready) as refused:
        desk.ask(person_id=mother, contacts=())
    assert refused.value.letter_id == letter.id
    with desk.records.reading(desk.hub) as session:
        possible = book.possible_writers(session, desk.case.id)
    assert possible == {mother: "mother", desk.letter.writer_id: "pastor"}


def test_neither_the_defendant_nor_a_stranger_is_asked(desk: Desk) -> None:
    with desk.records.reading(desk.hub) as session:
        own = session.get_one(Defendant, desk.case.defendant_id).person_id
    with pytest.raises(book.WrittenByDefendant):
        desk.ask(person_id=own)
    other = a_mother(desk.records, a_case(desk.records, NOW, phone=""), NOW, phone="+13055550150")
    with pytest.raises(NotFound):
        desk.ask(person_id=other)


def test_nothing_is_asked_for_a_packet_that_ended_or_rests(desk: Desk) -> None:
    with desk.writing() as session:
        get_packet(session, desk.packet_id).cancelled_at = NOW
    with pytest.raises(PacketCancelled):
        desk.ask()
    desk.end()
    with pytest.raises(PacketEnded):
        desk.ask()
    with pytest.raises(PacketEnded):
        desk.do(writing.save_letter, WORDS)
    with pytest.raises(PacketEnded):
        desk.do(writing.withdraw_letter)
    assert desk.letter.state == "asked"


def test_a_letter_from_the_asking_to_the_signature(desk: Desk) -> None:
    before = desk.hash()
    assert desk.do(writing.open_letter).state == "opened"
    assert desk.letter.opened_at == LATER
    saved = desk.do(writing.save_letter, WORDS, seen_revision=1, language="es")
    assert (saved.state, saved.revision, saved.language) == ("started", 2, "es")
    assert desk.hash() == before, "a draft goes into no packet"
    sent = desk.do(writing.send_letter, " Rev.  Lee Brown ", seen_revision=2)
    assert (sent.state, sent.signed_as, sent.contact) == ("sent", "Rev. Lee Brown", "305-555-0142")
    assert sent.body == "I am his pastor.\n\nHe sings."
    assert str(sent.signed_on) == "2026-12-01"
    assert desk.hash() != before
    assert desk.events() == ["letter_asked", "letter_opened", "letter_started", "letter_sent"]


def test_sent_twice_it_is_sent_once(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS)
    desk.do(writing.send_letter, "Lee Brown")
    news, content = desk.news(), desk.hash()
    desk.do(writing.send_letter, "Lee Brown")
    desk.do(writing.save_letter, WORDS, seen_revision=1)
    assert (desk.news(), desk.hash()) == (news, content)


def test_two_devices_do_not_eat_each_others_words(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS, seen_revision=1)
    mine = Draft({"story": "He fixed my roof."})
    with pytest.raises(writing.SavedMeanwhile) as told:
        desk.do(writing.save_letter, mine, seen_revision=1)
    assert told.value.newer == WORDS
    assert writing.draft_of(desk.letter) == WORDS
    desk.do(writing.save_letter, mine, seen_revision=told.value.revision)
    assert writing.draft_of(desk.letter) == mine
    with pytest.raises(writing.SavedMeanwhile):
        desk.do(writing.send_letter, "Lee", seen_revision=2)
    assert desk.letter.state == "started", "nobody signs what they did not read"


def test_a_letter_that_is_in_stays_in_until_it_is_signed_anew(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS)
    desk.do(writing.send_letter, "Lee Brown")
    content, news = desk.hash(), desk.news()
    desk.do(writing.save_letter, Draft({"story": "He fixed my roof."}))
    assert desk.letter.body == "I am his pastor.\n\nHe sings."
    assert (desk.letter.state, desk.hash(), desk.news()) == ("sent", content, news)
    assert writing.has_unsent_changes(desk.letter)
    desk.do(writing.send_letter, "Lee Brown")
    assert desk.letter.body == "He fixed my roof."
    assert desk.hash() != content
    assert desk.news() == news + 1
    assert not writing.has_unsent_changes(desk.letter)
    assert desk.events()[-1] == "letter_changed"


def test_an_uploaded_letter_stands_in_place_of_words_and_back(desk: Desk) -> None:
    desk.do(writing.save_letter, Draft(WORDS.answers, document=FILE))
    sent = desk.do(writing.send_letter, "Lee Brown")
    assert (sent.document_key, sent.sha256, sent.body) == (FILE.key, FILE.sha256, "")
    with desk.writing() as session:
        # The build notes the pages that it made of a Word file.
        book.get_letter(session, desk.letter_id).pdf_key = "x" * 64
    assert not writing.has_unsent_changes(desk.letter)
    desk.do(writing.save_letter, WORDS)
    sent = desk.do(writing.send_letter, "Lee Brown")
    assert (sent.document_key, sent.sha256, sent.pdf_key) == ("", "", "")
    assert sent.body.startswith("I am his pastor.")


def test_nothing_is_sent_without_words_or_name(desk: Desk) -> None:
    with pytest.raises(NothingWritten):
        desk.do(writing.send_letter, "Lee Brown")
    desk.do(writing.save_letter, WORDS)
    with pytest.raises(writing.Unsigned):
        desk.do(writing.send_letter, " \u202e ")
    with pytest.raises(TextTooLong):
        desk.do(writing.send_letter, "L" * 121)
    assert desk.letter.state == "started"


def test_a_letter_is_taken_down_for_somebody_on_the_telephone(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS)
    before = desk.do(writing.send_letter, "Lee Brown", taken_down_by="Rosa Diaz")
    assert (before.signed_as, before.taken_down_by) == ("Lee Brown", "Rosa Diaz")
    content = desk.hash()
    desk.do(writing.send_letter, "Lee Brown")
    assert desk.letter.taken_down_by == "", "signed by their own hand now"
    assert desk.hash() != content


def test_a_writer_may_decline_at_any_time_and_change_their_mind(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS)
    desk.do(writing.send_letter, "Lee Brown")
    within = desk.hash()
    desk.do(writing.decline_letter, "I am moving away.")
    desk.do(writing.decline_letter, "")
    assert (desk.letter.state, desk.letter.decline_words) == ("declined", "I am moving away.")
    assert desk.hash() != within, "it goes into no version"
    assert desk.events().count("letter_declined") == 1
    with pytest.raises(book.LetterDeclined):
        desk.do(book.renew_link)
    desk.do(writing.resume_letter)
    assert desk.letter.state == "started"
    assert writing.draft_of(desk.letter) == WORDS, "nothing is lost"


def test_a_withdrawn_letter_is_closed_and_so_is_its_link(desk: Desk) -> None:
    with desk.writing() as session:
        link = book.letter_link(session, desk.letter, NOW)
        session.add(
            HumanTask(claim="t", kind="letter_missing", subject_id=desk.letter_id, opened_at=NOW)
        )
    desk.do(writing.withdraw_letter)
    desk.do(writing.withdraw_letter)
    found = find_link(desk.records, link.token, LinkPurpose.LETTER)
    assert found is not None
    assert not is_live(found, LATER)
    for step in (writing.open_letter, writing.resume_letter):
        with pytest.raises(LetterWithdrawn):
            desk.do(step)
    with pytest.raises(LetterWithdrawn):
        desk.do(writing.save_letter, WORDS)
    with desk.records.reading(desk.hub) as session:
        assert session.exec(select(HumanTask)).one().closed_at == LATER
    assert desk.events() == ["letter_asked", "letter_withdrawn"]


def test_a_link_is_one_until_it_is_sent_anew(desk: Desk) -> None:
    with desk.writing() as session:
        first = path_of(book.letter_link(session, desk.letter, NOW))
        assert path_of(book.letter_link(session, desk.letter, LATER)) == first
    assert first.startswith("/letter/")
    with desk.writing() as session:
        second = book.renew_link(session, desk.letter_id, ROSA, LATER)
        assert path_of(second) != first
        assert path_of(book.letter_link(session, desk.letter, LATER)) == path_of(second)
    old = find_link(desk.records, first.removeprefix("/letter/"), LinkPurpose.LETTER)
    assert old is not None
    assert not is_live(old, LATER)
    assert desk.letter.asks == 2, "the planner writes to them once more"


def test_a_translation_is_of_the_letter_as_it_was_signed(desk: Desk) -> None:
    with pytest.raises(writing.NothingToTranslate):
        desk.do(writing.add_translation, "I am his pastor.", "Ana Ruiz")
    desk.do(writing.save_letter, Draft({"who": "Soy su pastor."}), language="es")
    desk.do(writing.send_letter, "Lee Brown")
    plain = desk.hash()
    desk.do(writing.add_translation, "I am his pastor.", " Ana  Ruiz ")
    assert writing.translation_now(desk.letter) == "I am his pastor."
    assert desk.letter.translated_by == "Ana Ruiz"
    with_it = desk.hash()
    assert with_it != plain
    desk.do(writing.save_letter, Draft({"who": "Soy su tía."}))
    desk.do(writing.send_letter, "Lee Brown")
    assert writing.translation_now(desk.letter) == "", "it says something else"
    assert desk.letter.translation == "I am his pastor.", "and is not lost"
    desk.do(writing.add_translation, " ", "")
    assert (desk.letter.translation, desk.letter.translated_by) == ("", "")


def test_letters_stand_in_the_order_that_was_chosen(desk: Desk) -> None:
    ids = [desk.letter_id, *(desk.ask(first_name=name, contacts=()).id for name in ("Ana", "Bo"))]

    def order() -> list[int]:
        with desk.records.reading(desk.hub) as session:
            return [ids.index(one.id) for one in book.letters_of(session, desk.packet_id)]

    for position, expected in ((99, [1, 2, 0]), (-5, [0, 1, 2]), (1, [1, 0, 2])):
        with desk.writing() as session:
            book.move_letter(session, desk.letter_id, position, ROSA, NOW)
        assert order() == expected
    news = desk.news()
    with desk.writing() as session:
        book.move_letter(session, desk.letter_id, 1, ROSA, NOW)
    assert desk.news() == news, "where it was already"


def test_what_the_writer_is_called_can_be_corrected(desk: Desk) -> None:
    desk.do(writing.save_letter, WORDS)
    desk.do(writing.send_letter, "Lee Brown")
    content = desk.hash()
    with desk.writing() as session:
        book.correct_letter(session, desk.letter_id, " his  pastor ", "en", ROSA, NOW)
    assert desk.letter.relationship == "his pastor"
    assert desk.hash() != content


def test_letters_go_along_into_the_packet_that_comes_in_place(desk: Desk) -> None:
    out = desk.ask(first_name="Bo", contacts=())
    with desk.writing() as session:
        link = path_of(book.letter_link(session, desk.letter, NOW))
        writing.withdraw_letter(session, out.id, ROSA, NOW)
        new = replace_packet(session, desk.packet_id, "sentencing", ROSA, NOW)
    with desk.records.reading(desk.hub) as session:
        assert [one.id for one in book.letters_of(session, new.id)] == [desk.letter_id]
        assert [one.id for one in book.letters_of(session, desk.packet_id)] == [out.id]
    with desk.writing() as session:
        assert path_of(book.letter_link(session, desk.letter, NOW)) == link
    desk.do(writing.save_letter, WORDS)


def test_a_letter_of_another_hub_does_not_exist(desk: Desk, other: str) -> None:
    with desk.records.writing(other) as session, pytest.raises(NotFound):
        writing.save_letter(session, desk.letter_id, WORDS, LEE, NOW)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order_the_signed_letter_is_safe(
    desk: Desk, seed: int
) -> None:
    """A random life: only a signature changes what counts, and news comes with each change."""
    luck = random.Random(seed)
    drafts = [WORDS, Draft({"story": "He fixed my roof."}), Draft(), Draft(document=FILE)]
    steps = [
        lambda s: writing.open_letter(s, desk.letter_id, LEE, LATER),
        lambda s: writing.save_letter(s, desk.letter_id, luck.choice(drafts), LEE, LATER),
        lambda s: writing.send_letter(s, desk.letter_id, "Lee Brown", LEE, LATER),
        lambda s: writing.decline_letter(s, desk.letter_id, "", LEE, LATER),
        lambda s: writing.resume_letter(s, desk.letter_id, LEE, LATER),
    ]
    for _ in range(40):
        number = luck.randrange(len(steps))
        before, news, content = desk.letter, desk.news(), desk.hash()
        try:
            with desk.writing() as session:
                steps[number](session)
        except NothingWritten:
            assert number == 2
        now = desk.letter
        signed = (now.body, now.sha256, now.signed_as)
        if number != 2:
            assert signed == (before.body, before.sha256, before.signed_as)
        if now.state == LetterState.SENT:
            assert now.body or now.document_key
        if now.state != before.state or desk.hash() != content:
            assert desk.news() > news
        elif number != 2:
            assert desk.news() == news
