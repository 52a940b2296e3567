"""The person's own page of a consent: read, sign, take back, in three languages."""

import re
from datetime import timedelta

import pytest
from httpx import Response

from activities.notices import the_phrases
from domain.consents import (
    OUR_STATEMENTS,
    ExpiryEvent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Terms,
)
from domain.vocabulary import LinkPurpose
from records.consent_drafts import completed, consent_link
from records.consents import ask_consent, get_terms, kept, signature_of
from records.private_links import path_of
from records.tables import Defendant
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import inside
from tests.houses import ROSA, a_case

MOST_BYTES = 14 * 1024


class Marcus:
    """What he is asked for, and his link."""

    def __init__(self, office: Office, *, language: str = "en", born: str = "") -> None:
        self.office, self.seen = office, ""
        case = a_case(office.house.records, NOW, language=language)
        with office.house.records.writing(office.hub_id) as session:
            defendant = session.get_one(Defendant, case.defendant_id)
            defendant.birth_date = born
            session.add(defendant)
            bare = Terms(
                person="",
                discloser="",
                kinds=frozenset({ShareKind.SUBSTANCE_USE, ShareKind.HOUSING}),
                recipient=Recipient(RecipientKind.COURT),
                purpose=SharePurpose.COURT,
                event=ExpiryEvent.CASE_END,
                statements=OUR_STATEMENTS,
            )
            terms = completed(session, defendant.person_id, bare, ours=True)
            row = ask_consent(session, defendant.person_id, terms, ROSA, NOW)
            self.consent_id = row.id
            self.path = path_of(consent_link(session, row, NOW))

    def inside(self) -> Browser:
        """His browser, after the button."""
        return inside(self.office, self.path)

    def sign(self, browser: Browser, **fields: str) -> Response:
        """Send the form of his page."""
        found = re.search(r'name="seen" value="(\w+)"', browser.get(self.path).text)
        self.seen = found[1] if found else self.seen
        return browser.post(f"{self.path}/sign", {"seen": self.seen, **fields})

    def is_signed(self) -> bool:
        """Whether it holds in the records."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return kept(session, get_terms(session, self.consent_id)).consent is not None

    def is_revoked(self) -> bool:
        """Whether he took it back."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            consent = kept(session, get_terms(session, self.consent_id)).consent
            return consent is not None and consent.withdrawn_at is not None


@pytest.fixture
def marcus(office: Office) -> Marcus:
    """Marcus, who reads English."""
    return Marcus(office)


def test_a_stranger_reads_nothing_of_it(marcus: Marcus, office: Office) -> None:
    words = office.browser().words(marcus.path)
    for known in ("Marcus", "treatment", "court", "lawyer"):
        assert known not in words
    assert not marcus.is_signed()


def test_every_element_stands_on_one_small_page(marcus: Marcus) -> None:
    browser = marcus.inside()
    words = browser.words(marcus.path)
    for element in (
        "Marcus Johnson",
        "Liberty City Defense",
        "My treatment for drug or alcohol use",
        "My housing",
        "My lawyer, and the court through my lawyer",
        "For my own case in court",
        "Until my case is over.",
        "You may take this back at any time",
        "You do not have to sign",
        "might pass it on",
        "42 CFR part 2",
        "You get a copy",
    ):
        assert element in words
    sizes = len(browser.get(marcus.path).content) + len(browser.get("/plain.css").content)
    assert sizes <= MOST_BYTES


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_it_is_in_the_persons_language_and_can_be_read_in_the_others(
    office: Office, language: str
) -> None:
    marcus = Marcus(office, language=language)
    browser = marcus.inside()
    phrases = the_phrases(LinkPurpose.CONSENT)
    page = browser.get(marcus.path)
    assert f'<html lang="{language}">' in page.text
    assert phrases.say(language, "kind.substance_use") in said(page)
    for other in {"en", "es", "ht"} - {language}:
        assert phrases.say(other, "kind.housing") in browser.words(f"{marcus.path}?lang={other}")


def test_typing_their_name_signs_it_and_it_holds(marcus: Marcus, office: Office) -> None:
    browser = marcus.inside()
    empty = marcus.sign(browser, name=" ")
    assert empty.status_code == 422
    assert "type your full name" in said(empty)
    assert not marcus.is_signed()
    for _ in range(2):
        assert marcus.sign(browser, name="Marcus Johnson").status_code == 303
    words = browser.words(marcus.path)
    assert "Thank you. You signed this." in words
    assert "Signed by Marcus Johnson on Wednesday, December 2, 2026." in words
    with office.house.records.reading(office.hub_id) as session:
        given = signature_of(get_terms(session, marcus.consent_id))
    assert given is not None
    assert (given.medium, given.signed_as) == ("electronic", "Marcus Johnson")


def test_they_take_it_back_on_the_same_page(marcus: Marcus, office: Office) -> None:
    browser = marcus.inside()
    marcus.sign(browser, name="Marcus Johnson")
    office.clock.at = NOW + timedelta(minutes=5)
    gone = browser.post(f"{marcus.path}/revoke", {"words": "I changed my mind."})
    assert gone.status_code == 303
    assert marcus.is_revoked()
    words = browser.words(marcus.path)
    assert "You took it back. Nothing more is shared." in words
    assert "Take it back now" not in words


def test_they_can_say_no_and_then_it_cannot_be_signed(marcus: Marcus) -> None:
    browser = marcus.inside()
    browser.post(f"{marcus.path}/revoke", {})
    assert "You said no" in browser.words(marcus.path)
    marcus.sign(browser, name="Marcus Johnson")
    assert not marcus.is_signed()


def test_a_minors_parent_signs_too(office: Office) -> None:
    marcus = Marcus(office, born="2010-06-01")
    browser = marcus.inside()
    assert "Your parent or guardian signs too" in browser.words(marcus.path)
    alone = marcus.sign(browser, name="Marcus Johnson")
    assert alone.status_code == 422
    assert not marcus.is_signed()
    both = {"name": "Marcus Johnson", "guardian_as": "Denise Johnson", "authority": "mother"}
    assert marcus.sign(browser, **both).status_code == 303
    assert marcus.is_signed()


def test_what_was_not_read_on_its_page_is_not_signed(marcus: Marcus, office: Office) -> None:
    for seen in ({}, {"seen": "0" * 16}):
        answer = office.browser().post(f"{marcus.path}/sign", {"name": "Marcus", **seen})
        assert answer.status_code == 200
        assert not marcus.is_signed()
