"""Consents on the hub's pages: recorded, taken back, printed, and what was shared under them."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.consents import PART2_NOTICE
from domain.vocabulary import PacketState, Role
from records.consents import consents_of
from records.disclosures import disclosures_of
from records.packets import get_packet
from records.plans import NewStep, start_plan
from records.tables import Answer, Case, Defendant, HumanTask
from tests.activities.documents.words import all_text
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import Scene, a_packet, inside
from tests.houses import ROSA, a_case

FOR_COURT = {
    "kind_substance_use": "yes",
    "kind_mental_health": "yes",
    "recipient_kind": "court",
    "purpose": "court",
    "event": "case_end",
    "ours": "yes",
    "language": "es",
    "given": "paper",
    "medium": "paper",
    "signed_as": "Marcus Johnson",
    "signed_on": "2026-12-02",
    "signer": "self",
}


class Desk:
    """Marcus's consents, as Rosa sees them."""

    def __init__(self, office: Office, rosa: Browser) -> None:
        self.office, self.rosa = office, rosa
        self.case: Case = a_case(office.house.records, NOW)
        self.url = f"/cases/{self.case.id}/consents"

    def person_id(self) -> str:
        """His."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return session.get_one(Defendant, self.case.defendant_id).person_id

    def added(self, **more: str) -> str:
        """Add a consent; its page."""
        answer = self.rosa.post(f"{self.url}/new", {**FOR_COURT, **more})
        assert answer.status_code == 303, said(answer)
        there: str = answer.headers["location"]
        return there.partition("?")[0]

    def count(self) -> int:
        """How many consents there are."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return len(consents_of(session, self.person_id()))


@pytest.fixture
def desk(office: Office, rosa: Browser) -> Desk:
    """A case without consents."""
    return Desk(office, rosa)


def test_the_case_leads_to_what_others_may_know(desk: Desk) -> None:
    assert f'href="{desk.url}"' in desk.rosa.get(f"/cases/{desk.case.id}").text
    assert "None yet" in desk.rosa.words(desk.url)


def test_a_signed_consent_is_recorded_and_shown_with_every_element(desk: Desk) -> None:
    page = desk.added()
    words = desk.rosa.words(page)
    for element in (
        "Marcus Johnson",
        "Liberty City Defense",
        "My treatment for drug or alcohol use",
        "My lawyer, and the court through my lawyer",
        "For my own case in court",
        "Until my case is over.",
        "recorded by",
    ):
        assert element in words
    assert "Substance use treatment, mental health care holds" in desk.rosa.words(desk.url)
    assert "read a consent" in desk.office.audit()


def test_what_is_missing_is_named_and_nothing_typed_is_lost(desk: Desk) -> None:
    form = {**FOR_COURT, "event": "", "signed_as": "", "limits": "Attendance only."}
    answer = desk.rosa.post(f"{desk.url}/new", form)
    assert answer.status_code == 422
    words = said(answer)
    assert "does not say when it ends" in words
    assert "signature is missing" in words
    assert "Attendance only." in answer.text
    assert desk.count() == 0


def test_another_organizations_form_has_to_say_what_the_law_wants(desk: Desk) -> None:
    theirs = {**FOR_COURT, "ours": "", "discloser": "Northside Clinic", "revoke_how": "Call us."}
    answer = desk.rosa.post(f"{desk.url}/new", theirs)
    assert "does not say that a recipient might pass the information on" in said(answer)
    said_all = {
        f"statement_{s}": "yes" for s in ("right_to_revoke", "no_condition", "redisclosure")
    }
    assert desk.rosa.post(f"{desk.url}/new", {**theirs, **said_all}).status_code == 303


def test_a_form_that_is_sent_twice_makes_one_consent(desk: Desk) -> None:
    for _ in range(2):
        desk.rosa.post(f"{desk.url}/new", {**FOR_COURT, "once": "the same"})
    assert desk.count() == 1


def test_it_is_taken_back_by_word_of_mouth_and_says_who_took_it(desk: Desk) -> None:
    page = desk.added()
    missing = desk.rosa.post(f"{page}/revoke", {})
    assert "Say how they took it back" in said(missing)
    gone = desk.rosa.post(f"{page}/revoke", {"how": "by phone", "words": "No more."})
    assert gone.status_code == 303
    words = desk.rosa.words(page)
    assert "taken back" in words
    assert "by phone, taken by" in words
    assert "No more." in words


def test_the_form_on_paper_says_all_of_it_in_three_languages(desk: Desk) -> None:
    page = desk.added(given="ask")
    for lang, title, kind in (
        ("en", "Consent to share information about me", "My mental health care"),
        ("es", "Permiso para compartir información sobre mí", "Mi atención de salud mental"),
        ("ht", "Konsantman pou pataje enfòmasyon sou mwen", "Swen sante mantal mwen"),
    ):
        answer = desk.rosa.get(f"{page}/form.docx?lang={lang}")
        assert answer.headers["content-disposition"] == 'attachment; filename="consent.docx"'
        text = all_text(answer.content)
        assert title in text
        assert kind in text
        assert "Marcus Johnson" in text
        assert PART2_NOTICE in text
        assert "{{" not in text
    own = all_text(desk.rosa.get(f"{page}/form.docx").content)
    assert "Permiso para compartir" in own


def test_what_came_back_signed_holds_from_then_on(desk: Desk) -> None:
    page = desk.added(given="ask")
    assert "not signed yet" in desk.rosa.words(page)
    bad = desk.rosa.post(f"{page}/sign", {"medium": "paper", "signer": "self"})
    assert "signature is missing" in said(bad)
    good = {"medium": "paper", "signed_as": "Marcus", "signed_on": "2026-12-02", "signer": "self"}
    assert desk.rosa.post(f"{page}/sign", good).status_code == 303
    assert "holds" in desk.rosa.words(page)
    again = desk.rosa.post(f"{page}/sign", good)
    assert again.status_code == 409


TELLING = {
    "kind_housing": "yes",
    "recipient_kind": "provider",
    "recipient": "Northside Clinic",
    "what": "Where he sleeps.",
    "how": "by phone",
}


def test_what_is_about_to_be_told_is_refused_without_a_consent_and_noted_with_one(
    desk: Desk,
) -> None:
    refused = desk.rosa.post(f"{desk.url}/disclosures/new", TELLING)
    assert refused.status_code == 422
    assert "No consent that holds now lets this recipient know of: housing" in said(refused)
    desk.added(
        kind_housing="yes",
        recipient_kind="provider",
        recipient="Northside Clinic",
        purpose="support",
    )
    told = desk.rosa.post(f"{desk.url}/disclosures/new", {**TELLING, "kind_substance_use": "yes"})
    there = desk.rosa.words(told.headers["location"].partition("#")[0])
    assert PART2_NOTICE in there
    assert "Where he sleeps." in there
    table = desk.rosa.get(f"{desk.url}/accounting.csv").text.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["to whom"] == "Northside Clinic"
    assert row["42 CFR 2.32 notice"] == "yes"


def test_only_caseworkers_see_consents(desk: Desk, office: Office) -> None:
    page = desk.added()
    counsel = office.staff(Role.COUNSEL, name="ana")
    for address in (desk.url, page, f"{desk.url}/accounting.csv", f"{page}/form.docx"):
        assert counsel.get(address).status_code in (403, 404), address


def test_a_consent_of_somebody_else_is_not_found_here(desk: Desk, office: Office) -> None:
    page = desk.added()
    other = a_case(office.house.records, NOW, phone="+13055550112")
    there = f"/cases/{other.id}/consents/{page.rpartition('/')[2]}"
    assert desk.rosa.get(there).status_code == 404


class Court:
    """A packet with treatment that Marcus lets the court know of, behind counsel's link."""

    def __init__(self, office: Office, rosa: Browser) -> None:
        self.office, self.rosa = office, rosa
        self.scene: Scene = a_packet(office)
        with office.house.records.writing(office.hub_id) as session:
            step = NewStep("substance_use_treatment", "Intake at the clinic")
            start_plan(session, self.scene.case_id, (step,), ROSA, NOW)
        url = f"/cases/{self.scene.case_id}/consents"
        answer = rosa.post(f"{url}/new", FOR_COURT)
        self.consent = answer.headers["location"].partition("?")[0]
        self.version = self.scene.build()
        self.path = self.scene.counsel_path()
        self.counsel = inside(office, self.path)

    def log(self) -> list[tuple[str, str]]:
        """What was disclosed: to whom, how."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            packet = get_packet(session, self.scene.packet_id)
            case = session.get_one(Case, packet.case_id)
            person_id = session.get_one(Defendant, case.defendant_id).person_id
            return [(row.recipient, row.how) for row in disclosures_of(session, person_id)]

    def take(self) -> str:
        """Counsel asks for the PDF; the ticket's address."""
        answer = self.counsel.post(f"{self.path}/take", {"take": f"version {self.version.id} pdf"})
        there: str = answer.headers["location"]
        return there


def test_what_counsel_reads_and_takes_is_logged_once_before_it_leaves(
    office: Office, rosa: Browser
) -> None:
    court = Court(office, rosa)
    assert court.log() == []
    for _ in range(2):
        text = court.counsel.words(f"{court.path}/text")
    assert "Intake at the clinic" in text
    assert PART2_NOTICE in text
    assert court.log() == [("Ana Ruiz", "read behind a private link")]
    assert court.counsel.get(court.take()).status_code == 200
    assert court.log()[0] == ("Ana Ruiz", "download")


def test_once_it_is_taken_back_counsel_gets_neither_text_nor_file(
    office: Office, rosa: Browser
) -> None:
    court = Court(office, rosa)
    ticket = court.take()
    office.clock.at = NOW + timedelta(minutes=1)
    rosa.post(f"{court.consent}/revoke", {"how": "in person"})
    answer = court.counsel.get(ticket)
    assert answer.status_code == 410
    assert "may not be shared any more" in said(answer)
    assert "Intake at the clinic" not in court.counsel.words(f"{court.path}/text")
    assert court.log() == []


def test_a_packet_that_was_handed_over_is_pointed_out_when_the_consent_ends(
    office: Office, rosa: Browser
) -> None:
    court = Court(office, rosa)
    court.counsel.get(court.take())
    with office.house.records.writing(office.hub_id) as session:
        packet = get_packet(session, court.scene.packet_id)
        packet.state = PacketState.FILED
        session.add(packet)
    rosa.post(f"{court.consent}/revoke", {"how": "in person"})
    assert "This still holds what it covered" in rosa.words(court.consent)
    with office.house.records.reading(office.hub_id) as session:
        kinds = [task.kind for task in session.exec(select(HumanTask)).all()]
    assert "consent_ended" in kinds
    assert "took back a consent" in rosa.words("/")


def test_the_link_is_sent_to_a_phone_of_their_own_by_pressing_once(desk: Desk) -> None:
    page = desk.added(given="ask")
    shown = desk.rosa.get(page).text
    [contact] = re.findall(r'<option value="(\w{32})"', shown)
    assert "Text to" in shown
    for _ in range(2):
        sent = desk.rosa.post(f"{page}/send", {"contact": contact})
        assert sent.status_code == 303, said(sent)
    assert "It is on its way" in desk.rosa.get(sent.headers["location"]).text
    with desk.office.house.records.reading(desk.office.hub_id) as session:
        [answer] = session.exec(select(Answer)).all()
        assert (answer.step, answer.contact_id) == ("consent_request", contact)
    nowhere = desk.rosa.post(f"{page}/send", {"contact": "f" * 32})
    assert nowhere.status_code == 422
    assert "Choose where to send it." in said(nowhere)
