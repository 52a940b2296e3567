"""A writer's own pages: what they say in three languages, and that no word is lost."""

import io
from dataclasses import dataclass, field
from datetime import timedelta

import pikepdf
import pytest
from httpx import Response
from PIL import Image
from sqlmodel import select

from activities.documents.errors import StoreFull
from activities.notices import the_phrases
from domain.letters import MOST_ANSWER
from domain.vocabulary import PacketState
from records.letter_writing import draft_of, save_letter, withdraw_letter
from records.letters import Writer, ask_for_letter, get_letter, letter_link, renew_link
from records.packets import PacketContent, get_packet, request_packet
from records.private_links import VISIT, path_of
from records.tables import CaseEvent, Letter, Person, PrivateLink
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing

LANGUAGES = ("en", "es", "ht")
WORDS = {
    "who": "I am the pastor of Mt. Zion Church.",
    "know": "I have known Marcus for twelve years.",
    "story": "When Sister Ruth broke her hip he carried her groceries every Saturday.",
    "will": "I will drive him to court.",
    "contact": "305-555-0142",
    "language": "en",
}


@dataclass
class Writers:
    """A packet for Marcus, and whoever is asked to write for him."""

    office: Office
    packet_id: str = ""
    paths: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        records = self.office.house.records
        case = a_case(records, NOW)
        a_hearing(records, case, "2026-12-29 09:00", NOW)
        with records.writing(self.office.hub_id) as session:
            content = PacketContent(judge="Hon. A. Rivera")
            self.packet_id = request_packet(session, case.id, "release", content, ROSA, NOW).id

    def ask(self, name: str = "Lee", language: str = "en", relation: str = "pastor") -> str:
        """Somebody is asked; the path of their link."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            writer = Writer(name, "Brown", relation, language)
            letter = ask_for_letter(session, self.packet_id, writer, ROSA, NOW)
            self.ids[name] = letter.id
            self.paths[name] = path_of(letter_link(session, letter, NOW))
        return self.paths[name]

    def letter(self, name: str = "Lee") -> Letter:
        """Their letter, as it is recorded."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return get_letter(session, self.ids[name])

    def enter(self, name: str = "Lee") -> Browser:
        """Their browser, past the button."""
        browser = self.office.browser()
        assert browser.post(self.paths[name]).status_code == 303
        return browser

    def events(self) -> list[str]:
        """What the case's history says of letters."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            rows = session.exec(select(CaseEvent)).all()
        return [row.kind for row in rows if row.kind.startswith("letter_")]


@pytest.fixture
def writers(office: Office) -> Writers:
    made = Writers(office)
    made.ask()
    return made


def sent_files(browser: Browser, path: str, *files: tuple[str, bytes]) -> Response:
    answer: Response = browser.http.post(
        f"{path}/file", files=[("files", file) for file in files] or None, headers=OWN
    )
    return answer


def a_photograph(width: int = 400) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 500), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_door_says_nothing_of_a_case_and_changes_nothing(
    writers: Writers, language: str
) -> None:
    path = writers.ask("Ana", language)
    browser = writers.office.browser()
    for address in (path, f"{path}/decline"):
        page = browser.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        assert page.headers["cache-control"] == "no-store"
        for known in ("Marcus", "Johnson", "judge", "juez", "jij", "letter", "carta", "lèt"):
            assert known not in said(page).replace("Letter", "")
    assert writers.letter("Ana").state == "asked"
    with writers.office.house.records.reading(writers.office.hub_id) as session:
        assert all(link.opened_at is None for link in session.exec(select(PrivateLink)).all())
    for inside in ("write", "read", "file", "copy", "mine"):
        answer = browser.get(f"{path}/{inside}")
        assert answer.headers["location"] == path, "the button comes first"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_writers_language(writers: Writers, language: str) -> None:
    path = writers.ask("Ana", language)
    browser = writers.enter("Ana")
    phrases = the_phrases("letter").everything[language]

    def says(page: str, *names: str) -> None:
        words = said(browser.get(f"{path}{page}"))
        for name in names:
            text = phrases[name].fill(
                {"name": "Marcus", "full": "Marcus Johnson", "hub": "Liberty City Defense"}
                | {"phone": "(305) 555-0100", "day": "", "at": ""}
            )
            assert text in words, name

    says("", "home.title", "home.leave_guilt", "home.leave_against", "home.leave_facts")
    says("", "home.know_yours", "home.know_judge", "home.call", "home.no")
    says("/write", "write.intro", "prompt.story.label", "write.save", "begun.rules")
    says("/file", "upload.text")
    says("/read", "read.nothing")
    browser.post(f"{path}/write", {**WORDS, "language": language, "revision": "1"})
    says("", "begun.title", "begun.read")
    says("/read", "read.sign", "read.sign_text", "caution.short")
    browser.post(f"{path}/send", {"signed_as": "Ana Brown", "revision": "2"})
    says("", "sent.title", "sent.done", "sent.can", "sent.back")
    says("/decline", "decline.title", "decline.sent")
    browser.post(f"{path}/decline")
    says("", "declined.title", "declined.kept", "declined.after_all")


def test_a_letter_is_written_read_signed_and_sent(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    assert writers.letter().state == "opened"
    assert "by Monday, December 14" in browser.words(path)
    answer = browser.post(f"{path}/write", {**WORDS, "revision": "1", "then": "stay"})
    assert answer.headers["location"] == f"{path}/write?saved=yes"
    page = browser.get(answer.headers["location"])
    assert "Saved at 10:00 AM." in said(page)
    assert "carried her groceries" in page.text
    then = browser.post(f"{path}/write", {**WORDS, "revision": "2", "then": "read"})
    assert then.headers["location"] == f"{path}/read"
    sheet = browser.words(f"{path}/read")
    assert "Lee Brown Pastor · 305-555-0142 December 2, 2026 Hon. A. Rivera" in sheet
    assert "Regarding Marcus Johnson Your Honor: I am the pastor" in sheet
    assert "I will drive him to court. Respectfully," in sheet
    unsigned = browser.post(f"{path}/send", {"signed_as": " ", "revision": "2"})
    assert unsigned.status_code == 422
    assert "Type your name here." in said(unsigned)
    assert writers.letter().state == "started"
    for _ in range(2):
        done = browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "2"})
        assert done.headers["location"] == path
    assert "Thank you" in browser.words(path)
    letter = writers.letter()
    assert (letter.state, letter.signed_as, letter.contact) == ("sent", "Lee Brown", "305-555-0142")
    expected = ["letter_asked", "letter_opened", "letter_started", "letter_sent"]
    assert writers.events() == expected, "sent twice, it is sent once"


@pytest.mark.parametrize(
    ("language", "said_so"),
    [
        ("en", "Saved at 10:00 AM."),
        ("es", "Guardado a las 10:00 a.m."),
        ("ht", "Anrejistre a 10:00 nan maten."),
    ],
)
def test_saving_is_told_with_its_time(writers: Writers, language: str, said_so: str) -> None:
    path = writers.ask("Ana", language)
    browser = writers.enter("Ana")
    browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    assert f"{said_so} " in browser.words(f"{path}/write?saved=yes")
    writers.office.clock.at = NOW + timedelta(days=1)
    browser.post(path)
    assert ".." not in browser.words(path)
    assert ".." not in browser.words(f"{path}/write")


def test_the_copy_says_what_the_page_says(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    answer = browser.get(f"{path}/copy")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="letter.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert len(document.pages) == 1
        assert str(document.Root.Lang) == "en"


def test_what_is_in_stays_in_until_the_change_is_signed(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "2"})
    browser.post(f"{path}/write", {**WORDS, "story": "He fixed my roof.", "revision": "2"})
    assert "the earlier one until you sign the new one" in browser.words(path)
    assert "groceries" in writers.letter().body
    stale = browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "2"})
    assert stale.status_code == 409
    assert "Read it again, then sign" in said(stale)
    assert "He fixed my roof." in said(stale)
    browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "3"})
    assert "He fixed my roof." in writers.letter().body
    assert "There is nothing more" in browser.words(path)


def test_two_devices_show_each_other_what_they_wrote(writers: Writers) -> None:
    phone, laptop, path = writers.enter(), writers.enter(), writers.paths["Lee"]
    phone.post(f"{path}/write", {**WORDS, "revision": "1"})
    mine = {**WORDS, "story": "He fixed my roof.", "revision": "1"}
    answer = laptop.post(f"{path}/write", mine)
    assert answer.status_code == 409
    page = said(answer)
    assert "Nothing is lost" in page
    assert "Saved meanwhile: When Sister Ruth broke her hip" in page
    assert "He fixed my roof.</textarea>" in answer.text
    assert page.count("Saved meanwhile") == 1, "only where the two differ"
    assert "groceries" in draft_of(writers.letter()).body
    assert 'name="revision" value="2"' in answer.text
    again = laptop.post(f"{path}/write", {**mine, "revision": "2"})
    assert again.status_code == 303
    assert "He fixed my roof." in draft_of(writers.letter()).body
    twice = laptop.post(f"{path}/write", {**mine, "revision": "2"})
    assert twice.status_code == 303, "the same form once more does no harm"


def test_a_visit_that_ended_while_somebody_wrote_costs_them_nothing(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    writers.office.clock.at = NOW + VISIT + timedelta(minutes=1)
    assert browser.get(f"{path}/write").headers["location"] == path
    answer = browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    assert answer.status_code == 303
    assert "groceries" in draft_of(writers.letter()).body
    assert browser.get(f"{path}/write").status_code == 200, "and the visit goes on"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_ended_gives_the_words_back(writers: Writers, language: str) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    with writers.office.house.records.writing(writers.office.hub_id) as session:
        renew_link(session, writers.ids["Lee"], ROSA, NOW)
    browser.http.headers["Accept-Language"] = language
    answer = browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    assert answer.status_code == 410
    page = said(answer)
    assert WORDS["story"] in page
    assert the_phrases("letter").say(language, "lost.title") in page
    assert "(305) 555-0100" in page
    assert draft_of(writers.letter()).empty
    closed = browser.get(path)
    assert closed.status_code == 410
    assert "Marcus" not in said(closed)
    unknown = browser.post("/letter/nothing/write", WORDS)
    assert (unknown.status_code, WORDS["story"] in said(unknown)) == (404, True)


def test_a_link_ends_by_itself(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    writers.office.clock.at = NOW + timedelta(days=91)
    assert browser.get(path).status_code == 410
    assert browser.post(path).status_code == 410
    assert browser.post(f"{path}/decline", {"words": "No."}).status_code == 410
    assert writers.letter().state == "opened"


def test_a_withdrawn_letter_is_closed_to_its_writer(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    with writers.office.house.records.writing(writers.office.hub_id) as session:
        withdraw_letter(session, writers.ids["Lee"], ROSA, NOW)
    assert browser.get(path).status_code == 410
    answer = browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    assert (answer.status_code, WORDS["story"] in said(answer)) == (410, True)


def test_a_writer_sees_their_own_letter_alone(writers: Writers) -> None:
    lee, path = writers.enter(), writers.paths["Lee"]
    lee.post(f"{path}/write", {**WORDS, "revision": "1"})
    other = writers.ask("Ana")
    ana = writers.enter("Ana")
    for address in (other, f"{other}/write", f"{other}/read", f"{other}/file"):
        assert "groceries" not in ana.get(address).text
    for address in (f"{path}/write", f"{path}/read", f"{path}/mine", f"{path}/copy"):
        answer = ana.get(address)
        assert answer.status_code == 303, "one visit opens no other letter"
        assert answer.headers["location"] == path
    ana.post(f"{other}/write", {"story": "Mine.", "revision": "1"})
    assert draft_of(writers.letter()).answers["story"] == WORDS["story"]
    mark = ana.http.cookies.get("visit", path=other)
    stranger = writers.office.browser()
    stranger.http.cookies.set("visit", mark or "", path=path)
    assert stranger.get(f"{path}/read").headers["location"] == path


def test_declining_takes_one_button_from_the_door_too(writers: Writers) -> None:
    browser, path = writers.office.browser(), writers.paths["Lee"]
    assert f'href="{path}/decline"' in browser.get(path).text
    answer = browser.post(f"{path}/decline", {"words": "I hardly know him."})
    assert answer.headers["location"] == path
    assert (writers.letter().state, writers.letter().decline_words) == (
        "declined",
        "I hardly know him.",
    )
    assert "we will not write to you about this again" in browser.words(path)
    browser.post(f"{path}/again")
    assert writers.letter().state == "opened"
    long = browser.post(f"{path}/decline", {"words": "a" * 1001})
    assert long.status_code == 422
    assert "a" * 1001 in long.text
    assert "too long by 1 letters" in said(long)


def test_a_text_that_is_too_long_says_by_how_much_and_is_kept(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    long = "a" * (MOST_ANSWER + 12)
    answer = browser.post(f"{path}/write", {**WORDS, "story": long, "revision": "1"})
    assert answer.status_code == 422
    assert "too long by 12 letters" in said(answer)
    assert "Nothing you wrote is lost." in said(answer)
    assert long in answer.text
    assert draft_of(writers.letter()).empty


def test_words_to_look_at_again_hold_nobody_back(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    words = {**WORDS, "story": "He is innocent. The police lied about <b>him</b>."}
    browser.post(f"{path}/write", {**words, "revision": "1"})
    answer = browser.get(f"{path}/read")
    page = said(answer)
    assert "This is only advice." in page
    assert "“innocent”: that may be about whether Marcus did it" in page
    assert "“lied about”: that may sound as if it speaks against someone" in page
    assert "&lt;b&gt;him&lt;/b&gt;" in answer.text
    browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "2"})
    assert writers.letter().state == "sent"


def test_photographs_of_a_letter_are_added_read_and_signed(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    pages = [("IMG 1.jpg", a_photograph()), ("IMG 2.jpg", a_photograph(500))]
    answer = sent_files(browser, path, *pages)
    assert answer.headers["location"] == f"{path}/read"
    assert "Your letter is the file IMG 1.jpg + 1." in browser.words(f"{path}/read")
    mine = browser.get(f"{path}/mine")
    with pikepdf.open(io.BytesIO(mine.content)) as document:
        assert len(document.pages) == 2
    assert "IMG" not in str(mine.headers)
    browser.post(f"{path}/send", {"signed_as": "Lee Brown", "revision": "3"})
    assert (writers.letter().pages, writers.letter().body) == (2, "")
    nothing = {**dict.fromkeys(WORDS, ""), "revision": "3"}
    browser.post(f"{path}/write", nothing)
    assert draft_of(writers.letter()).document is not None, "an empty form throws no file away"
    browser.post(f"{path}/write", {**WORDS, "revision": "4"})
    assert draft_of(writers.letter()).document is None


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ((), "empty"),
        ((("letter.pdf", b"MZ no letter"),), "kind"),
        ((("letter.pdf", b""),), "empty"),
        ((("letter.jpg", b"\xff\xd8\xff\xe0cut"),), "broken"),
        (tuple((f"{n}.jpg", b"x") for n in range(13)), "many"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_the_writers_words(
    writers: Writers, files: tuple[tuple[str, bytes], ...], says: str
) -> None:
    path = writers.ask("Ana", "es")
    answer = sent_files(writers.enter("Ana"), path, *files)
    assert answer.status_code == 422
    assert the_phrases("letter").say("es", f"refused.{says}", most="12") in said(answer)
    assert writers.letter("Ana").state == "opened"


def test_more_than_a_letter_can_be_is_not_even_kept(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.uploads.MOST_UPLOADED", 1000)
    answer = sent_files(writers.enter(), writers.paths["Lee"], ("a.jpg", a_photograph()))
    assert answer.status_code == 413
    assert "That is too much at once" in said(answer)
    monkeypatch.undo()
    many = [(f"{n}.jpg", b"x") for n in range(30)]
    assert sent_files(writers.enter(), writers.paths["Lee"], *many).status_code == 413


def test_a_full_disk_is_told_in_the_writers_words(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull(1000, 0)

    path = writers.ask("Ana", "ht")
    browser = writers.enter("Ana")
    monkeypatch.setattr("activities.documents.store.FolderStore.put", full)
    answer = sent_files(browser, path, ("a.jpg", a_photograph()))
    assert answer.status_code == 507
    assert "Eseye ankò pita, oswa rele Liberty City Defense" in said(answer)


def test_the_language_can_be_chosen(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    assert "Kreyòl ayisyen" in browser.words(path)
    browser.post(f"{path}/language", {"language": "ht"})
    assert "Yon lèt pou Marcus Johnson" in browser.words(path)
    assert writers.letter().language == "ht"
    with writers.office.house.records.reading(writers.office.hub_id) as session:
        assert session.get_one(Person, writers.letter().writer_id).language == "ht"
    browser.post(f"{path}/language", {"language": "xx"})
    browser.post(f"{path}/write", {**WORDS, "language": "en", "revision": "1"})
    browser.post(f"{path}/language", {"language": "es"})
    assert writers.letter().language == "en", "what is written keeps its language"


def test_a_letter_in_a_fourth_language_stays_in_it(writers: Writers) -> None:
    path = writers.ask("Luc", "fr")
    browser = writers.enter("Luc")
    assert '<option value="fr" selected' in browser.get(f"{path}/write").text
    browser.post(f"{path}/write", {**WORDS, "language": "fr", "revision": "1"})
    assert writers.letter("Luc").language == "fr"


def test_when_the_packet_was_filed_nothing_is_asked_any_more(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    with writers.office.house.records.writing(writers.office.hub_id) as session:
        get_packet(session, writers.packet_id).state = PacketState.FILED
    assert "No letter for Marcus Johnson is needed any more" in browser.words(path)
    assert browser.get(f"{path}/write").headers["location"] == path
    late = browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    assert late.status_code == 409
    assert WORDS["story"] in said(late), "and the words are given back"
    assert browser.post(f"{path}/send", {"signed_as": "Lee"}).headers["location"] == path
    assert writers.office.browser().post(path).status_code == 303
    assert writers.letter().state == "opened"


def test_a_letter_that_the_hub_wrote_down_whole_is_shown_whole(writers: Writers) -> None:
    from domain.letters import Draft

    with writers.office.house.records.writing(writers.office.hub_id) as session:
        whole = Draft(whole="Dear Judge,\n\nhe is kind.")
        save_letter(session, writers.ids["Lee"], whole, ROSA, NOW)
    browser, path = writers.enter(), writers.paths["Lee"]
    assert "Dear Judge,\n\nhe is kind.</textarea>" in browser.get(f"{path}/write").text
    assert "Dear Judge, he is kind. Respectfully," in browser.words(f"{path}/read")


def test_a_form_of_another_site_is_refused(writers: Writers) -> None:
    browser, path = writers.enter(), writers.paths["Lee"]
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(f"{path}/decline", {}, headers=foreign).status_code == 403
    assert writers.letter().state == "opened"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_small_enough_for_an_old_phone(writers: Writers, language: str) -> None:
    path = writers.ask("Ana", language)
    browser = writers.enter("Ana")
    sheet = len(browser.get("/plain.css").content)
    browser.post(f"{path}/write", {**WORDS, "revision": "1"})
    for page in ("", "/write", "/read", "/file", "/decline"):
        answer = browser.get(path + page)
        assert len(answer.content) + sheet < 14 * 1024
        assert "<script" not in answer.text
