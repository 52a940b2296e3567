"""The templates as they ship: current, complete, and readable by Word and LibreOffice."""

from __future__ import annotations

import asyncio
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree  # type: ignore[import-untyped]

from activities.documents import (
    Approval,
    EnclosedExhibit,
    Helper,
    MitigationPacket,
    Passage,
    Photograph,
    check_template,
    complete_packet,
    convert_to_pdf,
    full_packet,
    packet_context,
    parts_hash,
    preflight,
    render_docx,
    sparse_packet,
)
from domain.packet_sections import TITLES, sections_of
from domain.vocabulary import PacketKind
from templates.packets import packet_template
from templates.packets.build import built
from templates.packets.front import DRAFT_MARK
from tests.activities.documents.words import WORD_XML, all_text, opened, parts

KINDS = list(PacketKind)
LISTS = {
    "release": {"helpers", "conditions", "plan", "reminders", "transport", "photographs"},
    "diversion": {"helpers", "conditions", "plan", "photographs"},
    "biography": {"photographs"},
    "sentencing": {"helpers", "conditions", "plan", "photographs", "corrections"},
    "violation": {"helpers", "conditions", "plan", "reminders", "transport", "photographs"},
    "resentencing": {"helpers", "conditions", "plan", "photographs"},
    "progress": {"helpers", "conditions", "plan", "photographs"},
}
"""What each kind shows beside its sections, the first page, letters and exhibits."""
PICTURED = {"diversion", "biography", "sentencing", "resentencing"}
"""Kinds whose full example has photographs."""
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
needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


def rendered(packet: MitigationPacket) -> bytes:
    return render_docx(packet_template(packet.kind), packet_context(packet))


@cache
def full(kind: str) -> bytes:
    return rendered(full_packet(kind))


@cache
def sparse(kind: str) -> bytes:
    return rendered(sparse_packet(kind))


def headings(docx: bytes) -> list[str]:
    return [p.text for p in opened(docx).paragraphs if p.style.name == "Heading 1"]


def headings_said(kind: str) -> list[str]:
    called = full_packet(kind).person.called
    return [s.in_packet.replace("{{ person.called }}", called) for s in sections_of(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_template_is_what_its_script_builds(kind: PacketKind) -> None:
    assert parts_hash(packet_template(kind).read_bytes()) == parts_hash(built(kind)), (
        "run: python -m templates.packets.build"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_passes_the_check_for_uploads_and_shows_all_that_its_kind_has(kind: str) -> None:
    everything = packet_context(complete_packet(kind))

    checked = check_template(packet_template(kind), everything, packet_context(sparse_packet(kind)))

    used = checked.placeholders
    assert {f"sections.{section.key}" for section in sections_of(kind)} - used <= {
        "sections.corrections"
    }
    shown = {name for name in used if name in set().union(*LISTS.values())}
    assert shown == LISTS[kind]
    assert used >= {"letters", "exhibits", "ask", "draft", "approval.by", "person.name"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_example_leaves_nothing_of_its_kind_empty(kind: str) -> None:
    packet = full_packet(kind)

    assert packet.kind == kind
    assert set(packet.sections) == {section.key for section in sections_of(kind)}
    assert all(packet.sections.values())
    for name in LISTS[kind] - {"corrections", "photographs"}:
        assert getattr(packet, name), name
    assert bool(packet.photographs) is (kind in PICTURED)


@pytest.mark.parametrize("kind", KINDS)
def test_sections_come_in_their_order_under_their_headings(kind: str) -> None:
    found = headings(full(kind))

    assert [heading for heading in found if heading in headings_said(kind)] == headings_said(kind)
    assert found[-3:] == [
        "Letters enclosed",
        "Exhibits enclosed",
        "Prepared by the hub, for review by counsel",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_a_full_packet_says_is_in_the_document(kind: str) -> None:
    packet, text = full_packet(kind), all_text(full(kind))
    flat = " ".join(text.split())

    said = [packet.person.name, packet.court.judge, packet.ask, packet.court.room]
    for passages in packet.sections.values():
        for passage in passages:
            said += [line.strip("“”") for line in passage.text.split("\n") if line]
            said += [passage.title, passage.said_by, passage.confirmed_by]
    for helper in packet.helpers:
        said += [helper.name, helper.relationship, helper.will_do]
    for step in packet.plan:
        said += [step.step, step.provider, step.when, step.status]
    said += [*packet.conditions, *(p.caption for p in packet.photographs)]
    said += [letter.writer for letter in packet.letters]
    said += [exhibit.title for exhibit in packet.exhibits]
    for words in said:
        assert " ".join(words.replace("&", "&amp;").split()) in flat, words


@pytest.mark.parametrize("kind", KINDS)
def test_a_sparse_packet_has_no_empty_rows_headings_or_labels(kind: str) -> None:
    packet, document = sparse_packet(kind), opened(sparse(kind))

    told = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert told[1:2] + told[3:] == [
        "Ana Ruiz",
        packet.ask,
        "Prepared by the hub, reviewed by counsel",
        "Prepared\tLiberty City Community Defense, November 17, 2026 (version\xa01)",
        "Approved\tElena Torres, counsel, November 17, 2026",
    ]
    assert told[0].startswith(TITLES[PacketKind(kind)])
    assert [row.cells[0].text for row in document.tables[0].rows] == ["Court", "Hearing"]
    assert len(document.tables) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_no_tag_is_left_over(kind: str) -> None:
    for docx in (full(kind), sparse(kind)):
        assert not re.search(r"[{}]", all_text(docx))
        core = opened(docx).core_properties
        assert not re.search(r"[{}]", f"{core.title}{core.author}{core.subject}")


@pytest.mark.parametrize("kind", KINDS)
def test_each_part_takes_its_heading_along(kind: str) -> None:
    packet, before = full_packet(kind), headings(full(kind))
    for section, heading in zip(sections_of(kind), headings_said(kind), strict=True):
        without = {key: said for key, said in packet.sections.items() if key != section.key}
        after = headings(rendered(replace(packet, sections=without)))
        assert after == [one for one in before if one != heading], section.key
    for part in ("helpers", "conditions", "plan", "letters", "exhibits", "photographs"):
        emptied: dict[str, Any] = {part: ()}
        if getattr(packet, part):
            assert len(headings(rendered(replace(packet, **emptied)))) == len(before) - 1, part


def test_a_release_packet_has_all_that_a_bail_judge_asks_for() -> None:
    assert headings(full("release"))[:-3] == [
        "Ties to the community",
        "Home",
        "Work and school",
        "Those who depend on Mr. Johnson",
        "Who will help Mr. Johnson come to court",
        "Conditions offered",
        "Support plan",
        "Getting to court",
    ]
    text = all_text(full("release"))
    for words in (
        *("Thursday, November 19, 2026, 9:00 a.m.", "F26-004417", "Courtroom", "4-2"),
        *("Elena Torres, Assistant Public Defender", "Battery, first-degree misdemeanor"),
        *("Place confirmed", "2 pages", "November 16, 2026", "version\xa02"),
    ):
        assert words in text


def test_charges_appear_only_when_counsel_gives_them() -> None:
    packet = full_packet("release")

    assert "Charges" in all_text(rendered(packet))
    assert "Charges" not in all_text(rendered(replace(packet, charges=())))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_draft_until_counsel_approves(kind: str) -> None:
    approved = replace(full_packet(kind), approval=Approval("Elena Torres", date(2026, 11, 17)))

    for header in _headers(full(kind)):
        assert DRAFT_MARK in header
    text = all_text(rendered(approved))
    assert DRAFT_MARK not in text
    assert "reviewed by counsel" in text
    assert "Elena Torres, counsel, November 17, 2026" in " ".join(text.split())


def _headers(docx: bytes) -> list[str]:
    section = opened(docx).sections[0]
    pages = (section.first_page_header, section.header)
    return ["\n".join(paragraph.text for paragraph in page.paragraphs) for page in pages]


# --- what people tell


def told(*passages: Passage, section: str = "who") -> Any:
    packet = replace(sparse_packet("sentencing"), sections={section: passages})
    return opened(rendered(packet))


def test_a_quote_stands_apart_with_whose_words_it_is() -> None:
    document = told(
        Passage('"He came back."', said_by="Denise, mother", quote=True, confirmed_by="her letter"),
        Passage("First.\n\nSecond.", said_by="Tanya, sister", quote=True),
        Passage("He lives here.", said_by="Tanya, sister", confirmed_by="lease, Exhibit A"),
    )

    shown = [(p.style.name, p.text) for p in document.paragraphs if "uote" in p.style.name]
    assert shown == [
        ("Quote", "“He came back.”"),
        ("Quote source", "— Denise, mother · Confirmed by: her letter"),
        ("Quote", "“First."),
        ("Quote", "“Second.”"),
        ("Quote source", "— Tanya, sister"),
    ]
    lives = next(p for p in document.paragraphs if p.text.startswith("He lives"))
    assert lives.text == ("He lives here.\nTold by Tanya, sister · Confirmed by: lease, Exhibit A")
    assert [run.style.name for run in lives.runs if "lease" in run.text] == ["Source"]


def test_blank_lines_part_paragraphs_and_titles_head_them() -> None:
    document = told(Passage("One.\n \nTwo.\nstill two.", title="At church"))

    assert [(p.style.name, p.text) for p in document.paragraphs][-6:-3] == [
        ("Heading 2", "At church"),
        ("Normal", "One."),
        ("Normal", "Two.\nstill two."),
    ]


def test_a_life_in_dates_is_a_table_with_years_at_the_left() -> None:
    table = opened(full("biography")).tables[1]

    assert [cell.text for cell in table.rows[0].cells] == ["When", "What happened"]
    assert [row.cells[0].text for row in table.rows[1:4]] == ["May 2002", "2009", "2011"]
    quoted = next(row for row in table.rows if row.cells[0].text == "Spring 2017").cells[1].text
    assert quoted.startswith("“He read the whole program")
    assert quoted.endswith("”\n— Coretta Hill, teacher")


def test_corrections_show_what_the_report_says_beside_what_is_right() -> None:
    rows = _corrections(
        Passage("“No work.”\nHe has worked since 2023.", title="Page 4", confirmed_by="stubs"),
        Passage("He has no home.", title="Page 5", quote=True, said_by="Presentence report"),
        Passage("He rents.", title="Page 5", confirmed_by="lease"),
        Passage("It leaves out his daughter.", title="Page 6"),
    )

    assert rows == [
        ["In the report", "What the report says", "What is right"],
        ["Page 4", "“No work.”", "He has worked since 2023.\nConfirmed by: stubs"],
        ["Page 5", "“He has no home.”", "He rents.\nConfirmed by: lease"],
        ["Page 6", "—", "It leaves out his daughter."],
    ]


def test_corrections_without_the_reports_words_take_two_columns() -> None:
    rows = _corrections(Passage("He finished school.", title="Page 5"))

    assert rows == [["In the report", "What is right"], ["Page 5", "He finished school."]]


def _corrections(*passages: Passage) -> list[list[str]]:
    table = told(*passages, section="corrections").tables[1]
    return [[cell.text for cell in row.cells] for row in table.rows]


# --- photographs


@pytest.mark.parametrize("kind", KINDS)
def test_photographs_are_shown_captioned_and_described(kind: str) -> None:
    captions = [photograph.caption for photograph in complete_packet(kind).photographs]
    document = opened(rendered(complete_packet(kind)))

    described = [one.get("descr") for one in document.element.body.iter("{*}docPr")]
    assert described == captions
    shown = [p.text for p in _everywhere(document) if p.style.name == "Caption"]
    assert shown == captions
    ids = [one.get("id") for one in document.element.body.iter("{*}docPr")]
    assert len(set(ids)) == len(ids)


def _everywhere(document: Any) -> list[Any]:
    paragraphs: list[Any] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            paragraphs += [p for row in block.rows for cell in row.cells for p in cell.paragraphs]
        else:
            paragraphs.append(block)
    return paragraphs


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7])
def test_any_number_of_photographs_makes_a_sensible_grid(count: int) -> None:
    photographs = full_packet("biography").photographs
    chosen = [replace(photographs[n % 5], caption=f"Picture {n}") for n in range(count)]
    document = opened(rendered(replace(sparse_packet("biography"), photographs=chosen)))

    pictures = list(document.element.body.iter("{*}inline"))
    assert len(pictures) == count
    sizes = [
        (int(p.find("{*}extent").get("cx")), int(p.find("{*}extent").get("cy"))) for p in pictures
    ]
    text_width = 6.5 * 914_400
    assert all(width <= text_width for width, _ in sizes)
    pairs = sizes[count % 2 :]
    for left, right in zip(pairs[::2], pairs[1::2], strict=True):
        assert left[1] == right[1]
        assert max(left[0], right[0]) <= text_width / 2
    assert len(document.tables) == (2 if count > 1 else 1)


def test_a_photograph_keeps_its_shape() -> None:
    upright = full_packet("biography").photographs[2]
    packet = replace(sparse_packet("biography"), photographs=[upright])

    extent = next(opened(rendered(packet)).element.body.iter("{*}extent"))
    assert int(extent.get("cx")) / int(extent.get("cy")) == pytest.approx(3 / 4, rel=0.01)


def test_the_same_photograph_is_kept_once_and_rendering_stays_pure() -> None:
    picture = full_packet("biography").photographs[0]
    packet = replace(
        sparse_packet("biography"), photographs=[picture, replace(picture, caption="again")]
    )

    media = [name for name in parts(rendered(packet)) if name.startswith("word/media/")]
    assert len(media) == 1
    assert rendered(packet) == rendered(packet)


def test_photographs_are_not_compressed_again() -> None:
    with zipfile.ZipFile(BytesIO(full("biography"))) as archive:
        jpegs = [info for info in archive.infolist() if info.filename.endswith(".jpg")]
    assert jpegs
    assert all(info.compress_type == zipfile.ZIP_STORED for info in jpegs)


def test_hostile_captions_are_described_as_written() -> None:
    caption = 'His "cousin" <b> & {{ x }} {_{ y }_} \x00\ud800 שרה'
    photographs = [Photograph(full_packet("biography").photographs[0].jpeg, caption)]
    document = opened(rendered(replace(sparse_packet("biography"), photographs=photographs)))

    written = 'His "cousin" <b> & {{ x }} {_{ y }_}  שרה'
    assert [one.get("descr") for one in document.element.body.iter("{*}docPr")] == [written]
    assert written in [paragraph.text for paragraph in document.paragraphs]


# --- what Word and LibreOffice make of it


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_whole_and_heads_repeat(kind: str) -> None:
    exhibits = [EnclosedExhibit(f"A{n}", f"Certificate {n}") for n in range(40)]
    document = opened(rendered(replace(full_packet(kind), exhibits=exhibits)))

    for table in document.tables:
        assert all(row._tr.trPr.find(f"{WORD_XML}cantSplit") is not None for row in table.rows)
    last = document.tables[-1]
    assert len(last.rows) == 41
    assert last.rows[0]._tr.trPr.find(f"{WORD_XML}tblHeader") is not None


@pytest.mark.parametrize("kind", KINDS)
def test_word_finds_every_property_in_its_order(kind: str) -> None:
    for name, markup in parts(full(kind)).items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in etree.fromstring(markup).iter(*(WORD_XML + tag for tag in SCHEMA_ORDER)):
            order = SCHEMA_ORDER[etree.QName(element).localname].split()
            found = [etree.QName(child).localname for child in element]
            assert found == sorted(found, key=order.index), name


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_names_nobody_but_its_people(kind: PacketKind) -> None:
    core = opened(full(kind)).core_properties

    assert core.title == f"{TITLES[kind]}: {full_packet(kind).person.name}"
    assert core.author == "Liberty City Community Defense"
    assert (core.last_modified_by, core.comments) == ("", "")
    assert "docProps/thumbnail.jpeg" not in parts(packet_template(kind).read_bytes())


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


@needs_libreoffice
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_makes_a_tagged_pdf_with_every_heading_and_description(
    kind: PacketKind, profile: Path
) -> None:
    pdf = asyncio.run(convert_to_pdf(full(kind), profile_dir=profile))

    facts = preflight(pdf)
    assert 2 <= facts.pages <= 8
    assert facts.title == f"{TITLES[kind]}: {full_packet(kind).person.name}"
    assert (facts.language, facts.tagged, facts.letter_size) == ("en-US", True, True)
    assert facts.pages_without_text == ()
    with pikepdf.open(BytesIO(pdf)) as document:
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == headings(full(kind))
        told_to_ears = [
            str(one.Alt)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        ]
    captions = [photograph.caption for photograph in full_packet(kind).photographs]
    assert sorted(told_to_ears) == sorted(captions)


def test_another_language_falls_back_to_english_and_an_unknown_kind_is_refused() -> None:
    assert packet_template("release", "es") == packet_template("release")
    for kind in ("../secrets", "nonsense"):
        with pytest.raises(LookupError):
            packet_template(kind)


def test_long_lists_of_helpers_stay_one_table() -> None:
    helpers = [Helper(f"Helper {number}", "friend", "drives") for number in range(40)]
    document = opened(rendered(replace(full_packet("release"), helpers=helpers)))

    table = next(table for table in document.tables if table.rows[0].cells[0].text == "Name")
    assert len(table.rows) == 41
