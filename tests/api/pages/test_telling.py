"""The family's pages: a door, one part at a time, their own words alone, and nothing lost."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from httpx import Response
from sqlmodel import select

from domain.interview import QUESTIONS, asked_of_family, family_sections
from domain.packet_sections import OF_KIND
from domain.vocabulary import PacketState
from records.circle import NewSupporter, end_supporter, enroll_supporter
from records.interview import INVITED_FOR, invite, remove_answer, revoke
from records.packets import PacketContent, get_packet, request_packet
from records.passages import passages_of
from records.private_links import path_of
from records.tables import (
    AuditEvent,
    Case,
    CaseEvent,
    OutboxRow,
    PacketPassage,
    PrivateLink,
    Supporter,
)
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case

PATIENT = "Patient. He waits for his sister."
WORDS = {"w.words": PATIENT, "m.words": "", "do": "next"}


@dataclass
class Told:
    """A packet of Marcus's, and the link of somebody who tells."""

    office: Office
    case: Case
    packet_id: str
    person_id: str
    path: str

    def open(self) -> Browser:
        """A phone on which the door's button was pressed."""
        browser = self.office.browser()
        assert browser.post(self.path).headers["location"] == self.path
        return browser

    def rows(self) -> list[PacketPassage]:
        """What was told, in order."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(PacketPassage).order_by(PacketPassage.id)).all())

    def says(self) -> dict[str, list[str]]:
        """What the packet says."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            found = passages_of(session, get_packet(session, self.packet_id))
            return {section: [row.text for row in rows] for section, rows in found.items()}


def telling(office: Office, language: str = "en", kind: str = "biography") -> Told:
    """Denise, his mother, is asked to tell."""
    records = office.house.records
    case = a_case(records, NOW)
    with records.writing(office.hub_id) as session:
        new = NewSupporter("Denise", "Johnson", "mother", language)
        person = enroll_supporter(session, case.id, new, ROSA, NOW).person_id
        packet = request_packet(session, case.id, kind, PacketContent(), ROSA, NOW, sections={})
        link = invite(session, packet.id, person, ROSA, NOW)
        return Told(office, case, packet.id, person, path_of(link))


@pytest.fixture
def told(office: Office) -> Told:
    """Denise, in English, for a biography."""
    return telling(office)


def changes(office: Office) -> list[int]:
    """How many rows there are of whatever could have changed."""
    tables = (AuditEvent, OutboxRow, CaseEvent, PacketPassage)
    with office.house.records.reading(office.hub_id) as session:
        counts = [len(session.exec(select(table)).all()) for table in tables]
        opened = [link.last_opened_at for link in session.exec(select(PrivateLink)).all()]
    return [*counts, len([at for at in opened if at])]


def mark(answer: Response, name: str) -> str:
    """What a box remembers to have shown."""
    found = re.search(rf'name="m\.{re.escape(name)}" value="([^"]*)"', answer.text)
    assert found
    return found[1]


def box(answer: Response, name: str) -> str:
    """What stands in a box."""
    found = re.search(
        rf'<textarea id="w\.{re.escape(name)}"[^>]*>\n(.*?)</textarea>', answer.text, re.S
    )
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize(
    ("language", "button", "title", "caution"),
    [
        ("en", "Open the page", "Tell us about Marcus", "the day of the arrest"),
        ("es", "Abrir la página", "Cuéntenos de Marcus", "el día del arresto"),
        ("ht", "Louvri paj la", "Pale nou de Marcus", "jou arestasyon an"),
        ("fr", "Open the page", "Tell us about Marcus", "the day of the arrest"),
    ],
)
def test_a_door_then_the_parts_in_the_persons_language(
    office: Office, language: str, button: str, title: str, caution: str
) -> None:
    told = telling(office, language)
    shut = office.browser().get(told.path)
    assert button in said(shut)
    assert "Marcus" not in shut.text
    assert "Denise" not in shut.text
    page = told.open().get(told.path)
    shown = language if language != "fr" else "en"
    assert f'<html lang="{shown}">' in page.text
    assert title in said(page)
    assert caution in said(page)
    assert "Denise" in said(page)
    for section in family_sections("biography"):
        assert f'href="{told.path}/{section.key}"' in page.text


@pytest.mark.parametrize("language", ["en", "es", "ht"])
@pytest.mark.parametrize("kind", list(OF_KIND))
def test_each_part_of_each_kind_asks_what_family_may_be_asked_and_is_small(
    office: Office, language: str, kind: str
) -> None:
    told = telling(office, language, kind)
    browser = told.open()
    style = browser.get("/plain.css")
    for section in family_sections(kind):
        page = browser.get(f"{told.path}/{section.key}")
        assert page.status_code == 200
        boxes = re.findall(r'name="w\.([a-z]+)"', page.text)
        assert boxes == [asked.key for asked in asked_of_family(section.key)]
        assert len(boxes) < len(QUESTIONS[section.key]) or section.key in {
            *("ties", "occupation", "caregiving", "sponsors"),
        }
        assert len(page.content) + len(style.content) <= 14 * 1024, section.key
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_looking_changes_nothing(office: Office, told: Told) -> None:
    stranger = office.browser()
    before = changes(office)
    for address in (told.path, f"{told.path}/who", f"{told.path}/done"):
        for _ in range(2):
            page = stranger.get(address)
        assert "set-cookie" not in page.headers
    assert page.headers["location"] == told.path
    assert changes(office) == before
    phone = told.open()
    before = changes(office)
    for address in (told.path, f"{told.path}/who", f"{told.path}/who?gone=x", f"{told.path}/done"):
        assert phone.get(address).status_code == 200
    assert changes(office) == before


def test_what_is_told_stands_in_the_packet_as_their_quote_and_comes_back_to_the_box(
    told: Told,
) -> None:
    phone = told.open()
    answer = phone.post(f"{told.path}/who", {**WORDS, "w.good": "He can cook."})
    assert answer.headers["location"] == f"{told.path}/timeline?saved=yes"
    assert "Saved." in phone.words(answer.headers["location"])
    assert told.says() == {"who": [PATIENT, "He can cook."]}
    assert {row.said_by for row in told.rows()} == {"Denise Johnson, mother"}
    assert {row.written_by for row in told.rows()} == {f"interview:{told.person_id}"}
    page = phone.get(f"{told.path}/who")
    assert box(page, "words") == PATIENT
    assert "2 answered" in phone.words(told.path)
    changed = {"w.words": "Shy.", "m.words": mark(page, "words"), "do": "stop"}
    assert phone.post(f"{told.path}/who", changed).headers["location"] == f"{told.path}/done"
    thanks = phone.words(f"{told.path}/done")
    assert "Thank you, Denise" in thanks
    assert "Marcus reads the packet and can say what stays out" in thanks
    assert told.says()["who"] == ["Shy.", "He can cook."]


def test_the_last_part_ends_with_thanks(told: Told) -> None:
    answer = told.open().post(f"{told.path}/goals", {"w.year": "At home.", "do": "next"})
    assert answer.headers["location"] == f"{told.path}/done"


def test_a_part_left_empty_is_skipped_and_saves_nothing(told: Told) -> None:
    phone, before = told.open(), changes(told.office)
    answer = phone.post(f"{told.path}/who", {"w.words": " ", "w.good": "", "do": "next"})
    assert answer.status_code == 303
    assert told.rows() == []
    assert changes(told.office) == before


def test_spanish_words_wait_and_are_kept_as_they_were_said(office: Office) -> None:
    told = telling(office, "es")
    words = "Paciente. “Espera” a su hermana & <siempre> vuelve."
    phone = told.open()
    phone.post(f"{told.path}/who", {**WORDS, "w.words": words})
    assert told.says() == {}
    assert told.rows()[0].original == words
    assert box(phone.get(f"{told.path}/who"), "words") == words


def test_each_teller_sees_what_they_told_and_nothing_else(office: Office, told: Told) -> None:
    with office.house.records.writing(office.hub_id) as session:
        new = NewSupporter("Ana", "Ruiz", "godmother", "en")
        ana = enroll_supporter(session, told.case.id, new, ROSA, NOW).person_id
        other = path_of(invite(session, told.packet_id, ana, ROSA, NOW))
    told.open().post(f"{told.path}/who", WORDS)
    phone = office.browser()
    phone.post(other)
    for address in (other, f"{other}/who", f"{other}/who?gone={told.rows()[0].id}"):
        page = phone.get(address)
        assert PATIENT not in page.text
        assert "Denise" not in page.text
    assert "1 answered" not in phone.words(other)
    taken = phone.post(f"{other}/who", {"do": f"back:{told.rows()[0].id}"})
    assert taken.status_code == 303
    assert told.says() == {"who": [PATIENT]}
    assert phone.get(told.path).text.count("Open the page"), "her door is shut to this phone"


def test_something_is_taken_back_and_put_back(told: Told) -> None:
    phone = told.open()
    phone.post(f"{told.path}/who", WORDS)
    [row] = told.rows()
    page = phone.get(f"{told.path}/who")
    sent = {
        "w.words": PATIENT,
        "m.words": mark(page, "words"),
        "w.joy": "Birds.",
        "do": f"back:{row.id}",
    }
    answer = phone.post(f"{told.path}/who", sent)
    assert answer.headers["location"] == f"{told.path}/who?gone={row.id}#words"
    assert told.says() == {"who": ["Birds."]}, "the rest of the page was saved on the way"
    page = phone.get(f"{told.path}/who?gone={row.id}")
    assert "You took this back. It will not be used." in said(page)
    assert box(page, "words") == ""
    answer = phone.post(f"{told.path}/who", {"do": f"put:{row.id}"})
    assert answer.headers["location"] == f"{told.path}/who?saved=yes#words"
    assert told.says() == {"who": [PATIENT, "Birds."]}


def test_the_back_button_of_the_browser_brings_nothing_back(told: Told) -> None:
    phone = told.open()
    phone.post(f"{told.path}/who", WORDS)
    seen = mark(phone.get(f"{told.path}/who"), "words")
    phone.post(f"{told.path}/who", {"do": f"back:{told.rows()[0].id}"})
    phone.post(f"{told.path}/who", {**WORDS, "m.words": seen, "w.joy": "Birds."})
    assert told.says() == {"who": ["Birds."]}


def test_years_are_told_one_at_a_time(told: Told) -> None:
    phone = told.open()
    first = {"t.years": "2011", "w.years": "He learned to swim.", "m.years": "", "do": "stay"}
    for _ in range(2):
        answer = phone.post(f"{told.path}/timeline", first)
        assert answer.headers["location"] == f"{told.path}/timeline?saved=yes"
    [row] = told.rows()
    page = phone.get(f"{told.path}/timeline")
    name = f"years.{row.id}"
    assert box(page, name) == "He learned to swim."
    assert box(page, "years") == ""
    sent = {
        f"w.{name}": "He learned to swim in the sea.",
        f"t.{name}": "2012",
        f"m.{name}": mark(page, name),
        "w.years": "He was born.",
        "t.years": "2001",
        "do": "stay",
    }
    phone.post(f"{told.path}/timeline", sent)
    assert told.says() == {"timeline": ["He was born.", "He learned to swim in the sea."]}
    taken = phone.post(f"{told.path}/timeline", {"do": f"back:{row.id}", "w.moves": "x"})
    assert "#years" in taken.headers["location"]
    assert told.says() == {"timeline": ["He was born.", "x"]}


def test_two_phones_of_one_teller_show_both_texts(told: Told) -> None:
    one, other = told.open(), told.open()
    one.post(f"{told.path}/who", WORDS)
    answer = other.post(f"{told.path}/who", {**WORDS, "w.words": "Shy.", "w.joy": "Birds."})
    assert answer.status_code == 422
    assert "Both are here" in said(answer)
    assert PATIENT in said(answer)
    assert box(answer, "words") == "Shy."
    assert told.says() == {"who": [PATIENT, "Birds."]}
    again = {"w.words": "Shy. Patient.", "m.words": mark(answer, "words"), "do": "next"}
    assert other.post(f"{told.path}/who", again).status_code == 303
    assert told.says() == {"who": ["Shy. Patient.", "Birds."]}


def test_too_long_an_answer_is_kept_on_the_page_and_the_others_are_saved(told: Told) -> None:
    phone = told.open()
    long = "He sings. " * 600
    answer = phone.post(f"{told.path}/who", {**WORDS, "w.joy": long})
    assert answer.status_code == 422
    assert "too long for one answer" in said(answer)
    assert box(answer, "joy") == long.strip()
    assert told.says() == {"who": [PATIENT]}


def test_a_full_part_says_so_and_keeps_what_was_written(told: Told) -> None:
    phone = told.open()
    for start in (0, 25):
        sent = {"do": "stay"}
        for n in range(start, start + 25):
            phone.post(
                f"{told.path}/timeline",
                {**sent, "w.years": f"Year {n}", "t.years": str(1960 + n)},
            )
    answer = phone.post(
        f"{told.path}/timeline", {"w.years": "One more", "t.years": "2026", "do": "stay"}
    )
    assert answer.status_code == 422
    assert "This part is full" in said(answer)
    assert box(answer, "years") == "One more"


def test_whoever_takes_their_time_loses_nothing(told: Told) -> None:
    phone = told.open()
    phone.get(f"{told.path}/who")
    told.office.clock.at = NOW + timedelta(hours=13)
    assert phone.get(f"{told.path}/who").headers["location"] == told.path
    answer = phone.post(f"{told.path}/who", WORDS)
    assert answer.headers["location"] == f"{told.path}/timeline?saved=yes"
    assert f"Path={told.path}" in answer.headers["set-cookie"]
    assert told.says() == {"who": [PATIENT]}


@pytest.mark.parametrize("language", ["en", "es", "ht"])
@pytest.mark.parametrize("ends", ["expired", "revoked", "left", "filed"])
def test_a_link_that_ended_saves_nothing_and_shows_what_was_written(
    office: Office, language: str, ends: str
) -> None:
    told = telling(office, language)
    phone = told.open()
    phone.post(f"{told.path}/who", WORDS)
    end(told, ends)
    for address in (told.path, f"{told.path}/who", f"{told.path}/done"):
        page = phone.get(address)
        assert page.status_code == 410
        assert PATIENT not in page.text
        assert f'<html lang="{language}">' in page.text
        assert "(305) 555-0100" in said(page)
    rows = len(told.rows())
    answer = phone.post(f"{told.path}/who", {"w.joy": "Birds & <bees>.", "do": "next"})
    assert answer.status_code == 410
    assert "Birds &amp; &lt;bees&gt;." in answer.text
    title = {
        "en": "This was not saved",
        "es": "Esto no se guardó",
        "ht": "Sa pa anrejistre",
    }
    assert title[language] in said(answer)
    assert len(told.rows()) == rows


def end(told: Told, how: str) -> None:
    """End a link in one of the ways in which links end."""
    office = told.office
    if how == "expired":
        office.clock.at = NOW + INVITED_FOR
        return
    with office.house.records.writing(office.hub_id) as session:
        if how == "revoked":
            revoke(session, told.packet_id, told.person_id, ROSA, NOW)
        elif how == "left":
            supporter = session.exec(
                select(Supporter).where(Supporter.person_id == told.person_id)
            ).one()
            end_supporter(session, supporter.id, ROSA, NOW)
        else:
            get_packet(session, told.packet_id).state = PacketState.FILED


def test_a_link_that_never_was_is_told_calmly(office: Office, told: Told) -> None:
    browser = office.browser()
    for token in ("x", "é", told.path.removeprefix("/tell/")[:-1]):
        for answer in (
            browser.get(f"/tell/{token}"),
            browser.post(f"/tell/{token}"),
            browser.get(f"/tell/{token}/who"),
            browser.post(f"/tell/{token}/who", WORDS),
        ):
            assert answer.status_code == 404
            assert PATIENT not in answer.text


def test_a_link_for_something_else_tells_nothing(office: Office, told: Told) -> None:
    token = told.path.removeprefix("/tell/")
    for other in ("/letter/", "/read/", "/counsel/"):
        assert PATIENT not in office.browser().get(f"{other}{token}").text


def test_a_form_from_elsewhere_is_refused(told: Told) -> None:
    phone = told.open()
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://x.example.org"}):
        assert phone.post(f"{told.path}/who", WORDS, headers).status_code == 403
    assert told.rows() == []


def test_a_part_that_is_not_for_them_leads_to_the_parts(told: Told) -> None:
    phone = told.open()
    for section in ("health", "ties", "nothing"):
        assert phone.get(f"{told.path}/{section}").headers["location"] == told.path
        answer = phone.post(f"{told.path}/{section}", {"w.told": "x", "do": "next"})
        assert answer.headers["location"] == told.path
    phone.post(f"{told.path}/who", {"w.own": "For an advocate.", "do": "next"})
    assert told.rows() == []


def test_what_an_advocate_left_out_is_still_theirs_to_read(office: Office, told: Told) -> None:
    phone = told.open()
    phone.post(f"{told.path}/who", WORDS)
    with office.house.records.writing(office.hub_id) as session:
        remove_answer(session, told.packet_id, told.rows()[0].id, ROSA, NOW)
    page = phone.get(f"{told.path}/who")
    assert box(page, "words") == PATIENT
    assert told.says() == {}


def test_every_box_is_labelled_by_its_question(told: Told) -> None:
    page = told.open().get(f"{told.path}/timeline")
    ids = set(re.findall(r'\bid="([^"]+)"', page.text))
    labelled = re.findall(
        r'<(?:textarea|input)(?![^>]*hidden)[^>]*aria-labelledby="([^"]+)"', page.text
    )
    assert len(labelled) == 2 * len(asked_of_family("timeline"))
    for names in labelled:
        assert set(names.split()) <= ids
