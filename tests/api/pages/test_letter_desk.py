"""The advocate's desk for letters: ask, see how far each is, hand over, write down, translate."""

import io
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import select

from domain.letters import Draft
from domain.vocabulary import PacketState, Role
from records.casework import Source
from records.database import HubSession
from records.letter_writing import draft_of, open_letter, save_letter, send_letter
from records.letters import Writer, ask_for_letter, get_letter, letters_of
from records.packets import PacketContent, get_packet, request_packet
from records.tables import Consent, ContactPoint, HumanTask, Letter, Supporter
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_mother

LEE = {
    "first_name": "Lee",
    "last_name": "Brown",
    "relationship": "pastor",
    "language": "es",
    "phone": "305-555-0142",
    "agreed": "yes",
    "how": "by phone",
}
WRITER = Source("letter:lee", "link")
SAID = {"who": "I am his pastor.", "story": "He sings.", "language": "en", "revision": "1"}


@dataclass
class Desk:
    """A packet for Marcus with its advocate."""

    office: Office
    rosa: Browser
    case_id: str = ""
    packet_id: str = ""
    mother: str = ""

    def __post_init__(self) -> None:
        records = self.office.house.records
        case = a_case(records, NOW)
        a_hearing(records, case, "2026-12-29 09:00", NOW)
        self.case_id, self.mother = case.id, a_mother(records, case, NOW)
        with records.writing(self.office.hub_id) as session:
            self.packet_id = request_packet(
                session, case.id, "release", PacketContent(), ROSA, NOW
            ).id

    @property
    def url(self) -> str:
        return f"/cases/{self.case_id}/packets/{self.packet_id}/letters"

    def writing(self) -> AbstractContextManager[HubSession]:
        return self.office.house.records.writing(self.office.hub_id)

    def ask(self, name: str = "Lee", language: str = "en") -> str:
        """Somebody is asked; the address of their letter."""
        with self.writing() as session:
            writer = Writer(name, "Brown", "pastor", language)
            letter = ask_for_letter(session, self.packet_id, writer, ROSA, NOW)
        return f"{self.url}/{letter.id}"

    def send(self, url: str, words: str = "He sings.") -> None:
        """Its writer writes, signs and sends it."""
        letter_id = url.rpartition("/")[2]
        with self.writing() as session:
            save_letter(session, letter_id, Draft({"story": words}), WRITER, NOW)
            send_letter(session, letter_id, "Lee Brown", WRITER, NOW)

    def letter(self, url: str) -> Letter:
        with self.office.house.records.reading(self.office.hub_id) as session:
            return get_letter(session, url.rpartition("/")[2])

    def end(self) -> None:
        with self.writing() as session:
            get_packet(session, self.packet_id).state = PacketState.FILED


@pytest.fixture
def desk(office: Office, rosa: Browser) -> Desk:
    return Desk(office, rosa)


def a_photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 500), "white").save(out, "JPEG")
    return out.getvalue()


def test_somebody_is_asked_with_how_they_agreed_and_joins_no_circle(desk: Desk) -> None:
    with desk.writing() as session:
        session.add(
            HumanTask(claim="t", kind="letters_to_ask", packet_id=desk.packet_id, opened_at=NOW)
        )
    answer = desk.rosa.post(f"{desk.url}/new", {**LEE, "once": "a"})
    again = desk.rosa.post(f"{desk.url}/new", {**LEE, "once": "a"})
    assert answer.headers["location"] == again.headers["location"]
    assert answer.headers["location"].endswith("?done=asked")
    page = desk.rosa.words(answer.headers["location"])
    assert "Their private link goes to them by itself." in page
    assert "Pastor of Marcus Johnson · in Spanish asked just now, not opened" in page
    with desk.office.house.records.reading(desk.office.hub_id) as session:
        letters = letters_of(session, desk.packet_id)
        assert len(letters) == 1, "sent twice, asked once"
        consent = session.exec(
            select(Consent).where(Consent.person_id == letters[0].writer_id)
        ).one()
        assert "messages about a letter of support" in consent.words
        assert consent.how == "by phone"
        assert len(session.exec(select(Supporter)).all()) == 1, "his mother"
        assert session.exec(select(HumanTask)).one().closed_at == NOW
    assert "Lee was asked for a letter" in desk.rosa.words(f"/cases/{desk.case_id}")


def test_a_phone_needs_an_agreement(desk: Desk) -> None:
    answer = desk.rosa.post(f"{desk.url}/new", {**LEE, "agreed": ""})
    assert answer.status_code == 422
    assert "Tick this box once they have agreed" in said(answer)
    assert 'value="305-555-0142"' in answer.text
    with desk.office.house.records.reading(desk.office.hub_id) as session:
        assert letters_of(session, desk.packet_id) == []


def test_somebody_of_the_circle_is_asked_as_who_they_are(desk: Desk) -> None:
    form = desk.rosa.get(f"{desk.url}/new").text
    assert f'<option value="{desk.mother}">Denise Johnson, mother</option>' in form
    answer = desk.rosa.post(f"{desk.url}/new", {"person": desk.mother, "language": "en"})
    letter = desk.letter(answer.headers["location"].partition("?")[0])
    assert (letter.writer_id, letter.relationship) == (desk.mother, "mother")
    assert desk.mother not in desk.rosa.get(f"{desk.url}/new").text, "once is enough"
    stranger = {"person": "0" * 32, "language": "en", "relationship": "x"}
    assert desk.rosa.post(f"{desk.url}/new", stranger).status_code == 422


def test_without_a_phone_the_link_is_handed_over_and_shown_once(desk: Desk) -> None:
    plain = {key: LEE[key] for key in ("first_name", "relationship", "language")}
    answer = desk.rosa.post(f"{desk.url}/new", plain)
    url = answer.headers["location"].partition("?")[0]
    assert "hand their private link over" in desk.rosa.words(answer.headers["location"])
    assert "hand the private link over" in desk.rosa.words(desk.url)
    assert "/letter/" not in desk.rosa.get(url).text
    shown = desk.rosa.post(f"{url}/link")
    link = re.search(r"<code>(http://testserver/letter/[\w-]+)</code>", shown.text)
    assert link is not None
    assert "showed a private link" in desk.office.audit()
    assert "/letter/" not in desk.rosa.get(url).text
    writer = desk.office.browser()
    assert writer.get(link[1].removeprefix("http://testserver")).status_code == 200


def test_a_new_link_ends_the_old_one(desk: Desk) -> None:
    url = desk.rosa.post(f"{desk.url}/new", LEE).headers["location"].partition("?")[0]
    old = re.search(r"/letter/[\w-]+", desk.rosa.post(f"{url}/link").text)
    answer = desk.rosa.post(f"{url}/again")
    assert "a new one goes to them by itself" in desk.rosa.words(answer.headers["location"])
    assert old is not None
    assert desk.office.browser().get(old[0]).status_code == 410
    assert desk.letter(url).asks == 2


def test_the_list_says_plainly_how_far_each_letter_is(desk: Desk) -> None:
    opened, sent = desk.ask("Ana"), desk.ask("Bo", "ht")
    with desk.writing() as session:
        open_letter(session, opened.rpartition("/")[2], WRITER, NOW)
    desk.send(sent, "Li inosan.")
    desk.office.clock.at = NOW + timedelta(days=1)
    page = desk.rosa.words(desk.url)
    assert "Ana Brown pastor opened yesterday, not sent · in English" in page
    assert "Bo Brown pastor in, sent yesterday · in Haitian Creole" in page
    assert "Not translated." in page
    assert "2 things to look at again." in page, "the phrase, and the length"


def test_what_is_not_sent_stays_unread_and_what_is_sent_is_read_and_noted(desk: Desk) -> None:
    url = desk.ask()
    with desk.writing() as session:
        draft = Draft({"story": "He carried groceries."})
        save_letter(session, url.rpartition("/")[2], draft, WRITER, NOW)
    page = desk.rosa.words(url)
    assert "groceries" not in page
    assert "theirs, until they send it" in page
    assert "read a letter" not in desk.office.audit()
    desk.send(url, "He is innocent, and <b>kind</b>.")
    answer = desk.rosa.get(url)
    assert "He is innocent, and &lt;b&gt;kind&lt;/b&gt;." in answer.text
    assert "May be an opinion on guilt: “innocent”" in said(answer)
    assert "/s/ Lee Brown" in said(answer)
    assert desk.office.audit()[-1] == "read a letter"


def test_letters_are_put_in_order_around_withdrawn_ones(desk: Desk) -> None:
    urls = [desk.ask(name) for name in ("Ana", "Bo", "Cy")]
    desk.rosa.post(f"{urls[1]}/withdraw")

    def order() -> list[str]:
        page = desk.rosa.get(desk.url).text
        return re.findall(r'class="name" [^>]*>(\w+) Brown', page)

    assert order() == ["Ana", "Cy", "Bo"]
    desk.rosa.post(f"{urls[0]}/move", {"to": "down"})
    assert order() == ["Cy", "Ana", "Bo"]
    desk.rosa.post(f"{urls[0]}/move", {"to": "up"})
    desk.rosa.post(f"{urls[0]}/move", {"to": "up"})
    assert order() == ["Ana", "Cy", "Bo"]


def test_a_letter_is_written_down_for_somebody_on_the_telephone(desk: Desk) -> None:
    url = desk.ask()
    page = desk.rosa.words(f"{url}/write")
    assert "How do you know Marcus, and since when?" in page
    kept = desk.rosa.post(f"{url}/write", {**SAID, "then": "stay"})
    assert kept.headers["location"] == f"{url}?done=saved"
    unread = desk.rosa.post(
        f"{url}/write", {**SAID, "revision": "2", "then": "send", "signed_as": "Lee Brown"}
    )
    assert unread.status_code == 422
    assert "Read the letter back to them" in said(unread)
    assert "He sings.</textarea>" in unread.text
    signed = {**SAID, "revision": "2", "then": "send", "signed_as": "Lee Brown", "agreed": "yes"}
    done = desk.rosa.post(f"{url}/write", signed)
    assert done.headers["location"] == f"{url}?done=sent"
    letter = desk.letter(url)
    assert (letter.state, letter.signed_as, letter.taken_down_by) == ("sent", "Lee Brown", "Rosa")
    page = desk.rosa.words(url)
    assert "/s/ Lee Brown (by telephone, written down by Rosa)" in page
    empty = desk.rosa.post(f"{url}/write", {"language": "en", "then": "send", "agreed": "yes"})
    assert empty.status_code == 422


def test_whoever_writes_it_down_sees_what_the_writer_saved_meanwhile(desk: Desk) -> None:
    url = desk.ask()
    with desk.writing() as session:
        save_letter(session, url.rpartition("/")[2], Draft({"story": "He cooks."}), WRITER, NOW)
    answer = desk.rosa.post(f"{url}/write", {**SAID, "then": "stay"})
    assert answer.status_code == 422
    assert "Saved meanwhile: He cooks." in said(answer)
    assert "He sings.</textarea>" in answer.text
    assert draft_of(desk.letter(url)).body == "He cooks."


def test_a_paper_letter_is_added_and_taken_again(desk: Desk) -> None:
    url = desk.ask("Lee", "es")
    bare = desk.rosa.http.post(f"{url}/upload", files={"files": ("a", b"")}, headers=OWN)
    assert bare.status_code == 422
    assert "Type the name under the letter." in said(bare)
    fields = {"signed_as": "Lee Brown", "language": "es"}
    broken = desk.rosa.http.post(
        f"{url}/upload", data=fields, files={"files": ("a.pdf", b"no letter")}, headers=OWN
    )
    assert "This file cannot be used" in said(broken)
    photo = {"files": ("letter of lee.jpg", a_photograph())}
    done = desk.rosa.http.post(f"{url}/upload", data=fields, files=photo, headers=OWN)
    assert done.headers["location"] == f"{url}?done=sent"
    page = desk.rosa.words(url)
    assert "letter of lee.jpg · 1 page · signed as Lee Brown" in page
    taken = desk.rosa.get(f"{url}/file")
    assert taken.headers["content-type"] == "image/jpeg"
    assert taken.headers["content-disposition"] == 'attachment; filename="letter.jpg"'
    assert taken.headers["x-content-type-options"] == "nosniff"
    assert desk.office.audit()[-1] == "took a letter"
    assert desk.rosa.get(f"{desk.ask('Ana')}/file").status_code == 404


def test_a_translation_is_kept_beside_the_original_and_asked_for_again(desk: Desk) -> None:
    url = desk.ask("Lee", "es")
    assert desk.rosa.get(f"{url}/translation").status_code == 409, "nothing is in yet"
    desk.send(url, "Él canta.")
    assert "the judge reads English. Add the translation" in desk.rosa.words(url)
    assert "Él canta." in desk.rosa.words(f"{url}/translation")
    nobody = desk.rosa.post(f"{url}/translation", {"translation": "He sings."})
    assert nobody.status_code == 422
    assert "He sings.</textarea>" in nobody.text
    translated = {"translation": "He sings.", "translated_by": "Ana Ruiz, interpreter"}
    done = desk.rosa.post(f"{url}/translation", translated)
    page = desk.rosa.words(done.headers["location"])
    assert "Translated from Spanish by Ana Ruiz, interpreter" in page
    assert "Add the translation" not in page
    desk.send(url, "Él cocina.")
    assert "It changed after it was translated." in desk.rosa.words(url)
    assert "He sings." in desk.rosa.words(f"{url}/translation"), "not lost"


def test_a_no_on_the_telephone_is_noted_and_a_yes_after_all(desk: Desk) -> None:
    url = desk.ask()
    answer = desk.rosa.post(f"{url}/decline", {"words": "I am moving away."})
    page = desk.rosa.words(answer.headers["location"])
    assert "would rather not, since just now I am moving away." in page
    assert desk.rosa.post(f"{url}/link").status_code == 409
    assert desk.rosa.post(f"{url}/again").status_code == 409
    desk.rosa.post(f"{url}/resume")
    assert desk.letter(url).state == "opened"


def test_what_a_writer_is_called_is_corrected(desk: Desk) -> None:
    url = desk.ask()
    empty = desk.rosa.post(f"{url}/correct", {"relationship": "", "language": "en"})
    assert empty.status_code == 422
    desk.rosa.post(f"{url}/correct", {"relationship": "bishop", "language": "ht"})
    assert "Bishop of Marcus Johnson · in Haitian Creole" in desk.rosa.words(url)


def test_nothing_changes_once_the_packet_was_filed(desk: Desk) -> None:
    url = desk.ask()
    desk.end()
    assert "Ask for a letter" not in desk.rosa.words(desk.url)
    assert "What you can do" not in desk.rosa.words(url)
    for page in ("write", "upload"):
        assert desk.rosa.get(f"{url}/{page}").status_code == 409
    assert desk.rosa.get(f"{desk.url}/new").status_code == 409
    for act in ("withdraw", "again", "decline", "resume", "link"):
        assert desk.rosa.post(f"{url}/{act}").status_code == 409, act
    answer = desk.rosa.post(f"{url}/withdraw")
    assert "was filed or replaced" in said(answer)
    assert desk.letter(url).state == "asked"


def test_letters_are_for_those_who_see_cases_and_of_their_own_packet(desk: Desk) -> None:
    url = desk.ask()
    other = a_case(desk.office.house.records, NOW, phone="+13055550120")
    foreign = url.replace(desk.case_id, other.id)
    assert desk.rosa.get(foreign).status_code == 404
    assert desk.rosa.post(f"{foreign}/withdraw").status_code == 404
    stranger = desk.office.staff(hub_id=desk.office.other_hub())
    assert stranger.get(url).status_code == 404
    counsel = desk.office.staff(Role.COUNSEL)
    assert counsel.get(url).status_code == 403
    assert desk.office.browser().get(url).status_code == 303
    assert desk.letter(url).state == "asked"


def test_a_writers_phone_of_the_circle_keeps_its_own_agreement(desk: Desk) -> None:
    asked = {"person": desk.mother, "language": "en", "phone": "305-555-0111", "agreed": "yes"}
    desk.rosa.post(f"{desk.url}/new", asked)
    with desk.office.house.records.reading(desk.office.hub_id) as session:
        contact = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == desk.mother)
        ).one()
        words = [
            one.words
            for one in session.exec(select(Consent).where(Consent.contact_id == contact.id)).all()
        ]
    assert len(words) == 2
    assert "letter of support" in words[1]


def test_a_new_link_is_asked_for_once_however_often_the_form_comes(desk: Desk) -> None:
    url = desk.rosa.post(f"{desk.url}/new", LEE).headers["location"].partition("?")[0]
    once = re.search(
        r'again"><input type="hidden" name="once" value="([^"]+)"', desk.rosa.get(url).text
    )
    assert once is not None
    for _ in range(2):
        answer = desk.rosa.post(f"{url}/again", {"once": once[1]})
        assert answer.headers["location"] == f"{url}?done=again"
    assert desk.letter(url).asks == 2


def test_a_revision_of_five_thousand_digits_is_no_fault(desk: Desk) -> None:
    url = desk.ask()
    desk.send(url)
    answer = desk.rosa.post(f"{url}/write", {**SAID, "revision": "9" * 5000})
    assert "This letter was changed meanwhile" in said(answer)
