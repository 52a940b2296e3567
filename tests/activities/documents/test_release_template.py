"""The release template as it ships: current, complete, and readable by Word and LibreOffice."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped]

from activities.documents import (
    Approval,
    Helper,
    MitigationPacket,
    check_template,
    full_release_packet,
    parts_hash,
    packet_context,
    render_docx,
    sparse_release_packet,
)
from templates.packets import packet_template
from templates.packets.build import DRAFT_MARK, release
from tests.activities.documents.words import WORD_XML, all_text, opened, parts

TEMPLATE = packet_template("release")
HEADINGS = {
    "ties": "Ties to the community",
    "residence": "Home",
    "occupation": "Work and school",
    "caregiving": "Those who depend on Mr. Johnson",
    "helpers": "Who will help Mr. Johnson come to court",
    "conditions": "Conditions offered",
    "plan": "Support plan",
    "reminders": "Getting to court",
    "letters": "Letters enclosed",
}
# The order that ECMA-376, part 1, gives these children; Word refuses files that break it.
SCHEMA_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
    "contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps color spacing w kern position sz szCs u lang",
    "tblPr": "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd "
    "tblLayout tblCellMar tblLook",
    "tblBorders": "top left bottom right insideH insideV",
    "pBdr": "top left bottom right",
}


def rendered(packet: MitigationPacket) -> bytes:
    return render_docx(TEMPLATE, packet_context(packet))


@cache
def full_text() -> str:
    return all_text(rendered(full_release_packet()))


def test_the_template_is_what_its_script_builds() -> None:
    assert parts_hash(TEMPLATE.read_bytes()) == parts_hash(release()), (
        "run: python -m templates.packets.build"
    )


def test_the_template_passes_the_check_for_uploads_and_uses_every_field() -> None:
    full, sparse = packet_context(full_release_packet()), packet_context(sparse_release_packet())

    checked = check_template(TEMPLATE, full, sparse)

    assert {path.split(".")[0] for path in checked.placeholders} >= full.keys()
    assert {field.name for field in fields(MitigationPacket)} <= {
        *full.keys(),
        *("prepared_on", "prepared_by"),
    }


def test_everything_that_the_packet_says_is_in_the_document() -> None:
    for words in (
        *("Marcus Johnson", "Hon. Alicia Rivera", "Thursday, November 19, 2026, 9:00 a.m."),
        *("Courtroom 4-2", "F26-004417", "Elena Torres, Assistant Public Defender"),
        *("Battery, first-degree misdemeanor", "Liberty City Community Defense"),
        *("Calls him at 7:00 on court mornings", "Place confirmed", "(2 pages)"),
        *("November 16, 2026", "version\xa02", "Confirmed by: lease of March 2, 2025, enclosed"),
    ):
        assert words in full_text()


@pytest.mark.parametrize("part", HEADINGS)
def test_a_missing_part_takes_its_heading_along(part: str) -> None:
    full = full_release_packet()
    gone: dict[str, Any] = {part: (), "transport": "" if part == "reminders" else full.transport}
    without = replace(full, **gone)

    assert HEADINGS[part] in full_text()
    assert HEADINGS[part] not in all_text(rendered(without))


def test_a_sparse_packet_has_no_empty_rows_headings_or_labels() -> None:
    document = opened(rendered(sparse_release_packet()))

    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text] == [
        "Release packet for first appearance",
        "Ana Ruiz",
        "What we ask the court to consider",
        "We ask the court to release Ms. Ruiz on her own recognizance.",
        "Prepared by the hub, reviewed by counsel",
        "Prepared\tLiberty City Community Defense, November 17, 2026 (version\xa01)",
        "Approved\tElena Torres, counsel, November 17, 2026",
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Court", "County Court, Miami-Dade County"],
        ["Hearing", "Tuesday, November 17, 2026"],
    ]
    assert len(document.tables) == 1


def test_charges_appear_only_when_counsel_gives_them() -> None:
    assert "Charges" not in all_text(rendered(replace(full_release_packet(), charges=())))


def test_every_page_says_draft_until_counsel_approves() -> None:
    draft = full_release_packet()
    approved = replace(draft, approval=Approval("Elena Torres", date(2026, 11, 17)))

    for header in _headers(rendered(draft)):
        assert DRAFT_MARK in header
    assert "for review by counsel" in full_text()
    text = all_text(rendered(approved))
    assert DRAFT_MARK not in text
    assert "reviewed by counsel" in text


def _headers(docx: bytes) -> list[str]:
    section = opened(docx).sections[0]
    pages = (section.first_page_header, section.header)
    return ["\n".join(paragraph.text for paragraph in page.paragraphs) for page in pages]


def test_no_tag_is_left_over() -> None:
    for text in (full_text(), all_text(rendered(sparse_release_packet()))):
        assert not re.search(r"[{}]", text)


def test_rows_are_whole_and_heads_repeat() -> None:
    helpers = [Helper(f"Helper {number}", "friend", "drives") for number in range(40)]
    document = opened(rendered(replace(full_release_packet(), helpers=helpers)))

    table = next(table for table in document.tables if table.rows[0].cells[0].text == "Name")

    assert len(table.rows) == 41
    assert table.rows[0]._tr.trPr.find(f"{WORD_XML}tblHeader") is not None
    assert all(row._tr.trPr.find(f"{WORD_XML}cantSplit") is not None for row in table.rows)


def test_word_finds_every_property_in_its_order() -> None:
    for name, markup in parts(rendered(full_release_packet())).items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in etree.fromstring(markup).iter(*(WORD_XML + tag for tag in SCHEMA_ORDER)):
            order = SCHEMA_ORDER[etree.QName(element).localname].split()
            found = [etree.QName(child).localname for child in element]
            assert found == sorted(found, key=order.index), name


def test_the_document_names_nobody_but_its_people() -> None:
    core = opened(rendered(full_release_packet())).core_properties

    assert (core.title, core.author) == (
        "Release packet: Marcus Johnson",
        "Liberty City Community Defense",
    )
    assert (core.last_modified_by, core.comments) == ("", "")
    assert "docProps/thumbnail.jpeg" not in parts(TEMPLATE.read_bytes())


def test_another_language_falls_back_to_english_and_an_unknown_kind_is_refused() -> None:
    assert packet_template("release", "es") == TEMPLATE
    assert isinstance(TEMPLATE, Path)
    for kind in ("../secrets", "nonsense"):
        with pytest.raises(LookupError):
            packet_template(kind)
