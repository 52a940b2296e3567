"""The consent form on paper: as its script builds it, whole in each language, and as a PDF."""

import asyncio
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from activities.consent_forms import form_context, form_docx, form_pdf
from activities.consent_sheets import consent_sheet
from activities.documents import parts_hash
from activities.documents.pdf_facts import preflight
from activities.house import House
from domain.consents import OUR_STATEMENTS, PART2_NOTICE, RecipientKind, ShareKind, SharePurpose
from records.hubs import the_hub
from records.tables import ConsentTerms, Hub
from templates.consents import consent_template
from templates.consents.build import built
from tests.activities.documents.words import all_text
from tests.houses import FixedClock, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with its hub."""
    return make_house(tmp_path_factory.mktemp("house"), FixedClock(NOW))


def hub(house: House) -> Hub:
    with house.records.reading(hub_of(house.records)) as session:
        return the_hub(session)


def a_consent(**more: Any) -> ConsentTerms:
    known: dict[str, Any] = {
        "person_id": "p",
        "person_name": "Marcus Johnson & sons",
        "discloser": "Liberty City Defense",
        "kinds": [ShareKind.SUBSTANCE_USE],
        "recipient_kind": RecipientKind.PROVIDER,
        "recipient": "Northside Clinic <1>",
        "purpose": SharePurpose.SUPPORT,
        "purpose_words": "",
        "revoke_how": "Call the clinic.",
        "statements": sorted(OUR_STATEMENTS),
        "expires_at": utc("2026-12-20 05:00"),
        "asked_at": NOW,
    }
    return ConsentTerms(**{**known, **more})


def test_the_template_is_what_its_script_builds() -> None:
    ours, made = consent_template().read_bytes(), built()
    assert parts_hash(ours) == parts_hash(made), "run: python -m templates.consents.build"


def test_everything_that_is_said_stands_as_it_was_written(house: House) -> None:
    row = a_consent()
    sheet = consent_sheet(house.catalog, hub(house), row, "en", paper=True)
    text = unescape(all_text(form_docx(sheet, row)))
    assert "Marcus Johnson & sons" in text
    assert "Northside Clinic <1>" in text
    assert "Call the clinic." in text
    # It ends at midnight: the last day is the one before.
    assert "Until Saturday, December 19, 2026." in text
    assert PART2_NOTICE in text


def test_without_substance_use_there_is_no_notice_of_part_2(house: House) -> None:
    row = a_consent(kinds=[ShareKind.HOUSING])
    sheet = consent_sheet(house.catalog, hub(house), row, "en", paper=True)
    assert form_context(sheet, row)["notice"] == ""
    assert not any("42 CFR" in said for said in sheet.statements)


def test_one_consent_for_care_says_what_the_rule_wants_of_it(house: House) -> None:
    row = a_consent(purpose=SharePurpose.CARE, expires_at=None, event="none")
    sheet = consent_sheet(house.catalog, hub(house), row, "en", paper=True)
    assert any("HIPAA" in said for said in sheet.statements)
    assert any("no end" in line for part in sheet.parts for line in part.lines)


def test_a_language_without_words_is_written_in_the_hubs(house: House) -> None:
    assert consent_sheet(house.catalog, hub(house), a_consent(), "fr").language == "en"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_the_pdf_is_one_page_to_sign(house: House, tmp_path: Path, language: str) -> None:
    row = a_consent()
    sheet = consent_sheet(house.catalog, hub(house), row, language, paper=True)
    pdf = asyncio.run(form_pdf(form_docx(sheet, row), tmp_path / "soffice", house.soffice))
    assert preflight(pdf).pages == 1
