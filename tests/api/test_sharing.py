"""Consents to share and disclosures over the API."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from domain.consents import PART2_NOTICE
from records.tables import Case, Defendant
from tests.api.programs import NOW, Installation, Program, a_case

SIGNED = {"medium": "paper", "signed_as": "Marcus Johnson", "signed_on": "2026-12-02"}
FOR_COURT = {
    "kinds": ["substance_use", "mental_health"],
    "recipient_kind": "court",
    "purpose": "court",
    "event": "case_end",
}
FOR_CLINIC = {
    "kinds": ["substance_use", "housing"],
    "recipient_kind": "provider",
    "recipient": "Northside Clinic",
    "purpose": "support",
    "expires_at": "2026-12-20T05:00:00Z",
    "signature": SIGNED,
}
TELLING = {
    "kinds": ["substance_use"],
    "recipient_kind": "provider",
    "recipient": "northside clinic",
    "what": "Day of the intake.",
    "how": "by phone",
}


@pytest.fixture
def marcus(api: Installation, rosa: Program) -> str:
    """A defendant; their person id."""
    api.clock.at = NOW
    case = a_case(rosa)
    with api.reading() as session:
        row = session.get_one(Case, case["id"])
        return session.get_one(Defendant, row.defendant_id).person_id


def test_a_consent_is_asked_for_signed_and_taken_back(rosa: Program, marcus: str) -> None:
    asked = rosa.made(f"/people/{marcus}/sharing", FOR_COURT)
    assert (asked["live"], asked["signed_at"]) == (False, None)
    assert asked["recipient"] == "My lawyer, and the court through my lawyer"
    assert asked["discloser"] == "Liberty City Defense"
    assert asked["notice"] is True
    path = f"/sharing/{asked['id']}"
    signed = rosa.made(f"{path}/signature", SIGNED)
    assert (signed["live"], signed["signed_as"]) == (True, "Marcus Johnson")
    assert rosa.post(f"{path}/signature", SIGNED).status_code == 409
    ended = rosa.made(f"{path}/revoke", {"how": "by phone", "words": "No more."})
    assert (ended["live"], ended["revoked_how"]) == (False, "by phone")
    assert ended["revoked_by"] == "a advocate's program"
    assert rosa.read(path) == ended
    assert rosa.read(f"/people/{marcus}/sharing")["items"] == [ended]


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ({"kinds": []}, "does not say what may be shared"),
        ({"recipient": ""}, "does not say with whom it may be shared"),
        ({"purpose": None}, "does not say what it is shared for"),
        ({"expires_at": None}, "does not say when it ends"),
        ({"signature": {**SIGNED, "signed_as": ""}}, "signature is missing"),
        ({"signature": {**SIGNED, "signed_on": None}}, "day on which it was signed is missing"),
        ({"signature": {**SIGNED, "medium": "oral"}}, "only with a consent in writing"),
        ({"ours": False, "discloser": "The clinic"}, "does not say that the person may take it"),
    ],
)
def test_a_consent_that_lacks_an_element_is_refused_in_a_sentence_that_names_it(
    rosa: Program, marcus: str, without: dict[str, Any], sentence: str
) -> None:
    answer = rosa.post(f"/people/{marcus}/sharing", {**FOR_CLINIC, **without})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert rosa.read(f"/people/{marcus}/sharing")["items"] == []


def test_what_is_told_is_noted_first_and_refused_without_a_consent(
    rosa: Program, marcus: str
) -> None:
    path = f"/people/{marcus}/disclosures"
    refused = rosa.post(path, TELLING)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:homeward:problem:not-consented"
    consent = rosa.made(f"/people/{marcus}/sharing", FOR_CLINIC)
    noted = rosa.made(path, TELLING)
    assert noted["notice"] == PART2_NOTICE
    (line,) = noted["items"]
    assert (line["consent_id"], line["disclosed_by"]) == (consent["id"], "a advocate's program")
    assert rosa.made(path, {**TELLING, "kinds": ["housing"]})["notice"] is None
    assert rosa.post(path, {**TELLING, "recipient": "Another"}).status_code == 409
    rosa.made(f"/sharing/{consent['id']}/revoke", {"how": "in person"})
    assert rosa.post(path, TELLING).status_code == 409
    assert len(rosa.read(path)["items"]) == 2


def test_nothing_is_told_after_the_day_on_which_a_consent_ends(
    api: Installation, rosa: Program, marcus: str
) -> None:
    rosa.made(f"/people/{marcus}/sharing", FOR_CLINIC)
    api.clock.at = NOW + timedelta(days=18)
    assert rosa.post(f"/people/{marcus}/disclosures", TELLING).status_code == 409
    api.clock.at = NOW


def test_the_accounting_is_a_table(rosa: Program, marcus: str) -> None:
    rosa.made(f"/people/{marcus}/sharing", FOR_CLINIC)
    rosa.made(f"/people/{marcus}/disclosures", TELLING)
    answer = rosa.get(f"/people/{marcus}/disclosures/accounting")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Johnson" not in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["to whom"] == "northside clinic"
    assert row["purpose"] == "support"


def test_counsel_reads_what_counsel_may_know_and_nothing_of_other_treatment(
    api: Installation, rosa: Program, marcus: str
) -> None:
    rosa.made(f"/people/{marcus}/sharing", {**FOR_COURT, "signature": SIGNED})
    hidden = rosa.made(f"/people/{marcus}/sharing", FOR_CLINIC)
    counsel = api.program("counsel")
    first, second = counsel.read(f"/people/{marcus}/sharing")["items"]
    assert first["kinds"] == ["mental_health", "substance_use"]
    assert second["withheld"] is True
    assert (second["kinds"], second["limits"]) == (None, None)
    told = counsel.get(f"/sharing/{hidden['id']}").text
    assert "substance" not in told
    assert "Northside" not in told


def test_the_persons_link_leads_to_a_page_of_their_own(rosa: Program, marcus: str) -> None:
    asked = rosa.made(f"/people/{marcus}/sharing", FOR_COURT)
    url = rosa.made(f"/sharing/{asked['id']}/link")["url"]
    assert "/agree/" in url
    assert rosa.made(f"/sharing/{asked['id']}/link")["url"] == url
    rosa.made(f"/sharing/{asked['id']}/revoke", {"how": "by phone"})
    assert rosa.post(f"/sharing/{asked['id']}/link").status_code == 409
