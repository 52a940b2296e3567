"""The bound packet: what its contents say is where they say it is."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from pikepdf import Name, OutlineItem

from activities.documents import (
    convert_to_pdf,
    full_release_packet,
    packet_context,
    preflight,
    render_docx,
)
from activities.documents.binding import DRAFT_MARK, Bound, BoundPart, PartUnreadable, bind
from templates.packets import packet_template
from tests.activities.documents.binding.pdfs import BODY, FRONT, body, drawn, job, saved, scan
from tests.activities.documents.binding.reading import opened, squeezed, texts_of

BOUND = bind(job())
PAGES = texts_of(BOUND.pdf)


def assert_contents_are_true(bound: Bound) -> None:
    """Each line's number is printed behind it, and its words stand on that very page."""
    texts = texts_of(bound.pdf, artifacts=False)
    first = bound.contents[0].page
    printed = "".join(texts[: first - 1]).partition("Contents")[2]
    for line in bound.contents:
        expected = f"{squeezed(line.title.replace(': ', ''))}{line.page}"
        assert printed.startswith(expected), (expected, printed[:80])
        printed = printed[len(expected) :]
    assert printed == ""


def where(bound: Bound, title: str) -> int:
    return next(line.page for line in bound.contents if line.title == title)


def test_contents_name_the_pages_on_which_things_are() -> None:
    assert_contents_are_true(BOUND)
    for title, words in {
        "Ties to the community": "Tiestothecommunity",
        "Home": "Home",
        "Conditions offered": "Conditionsoffered",
        "Denise Johnson, mother": "IraisedMarcus.",
        "Ramón Ortega, grandfather": "SoyelabuelodeMarcus.",
        "Exhibit A: Lease of March 2, 2025": "ExhibitALeaseofMarch2,20252pages",
        "Exhibit B: Pay stub": "ExhibitBPaystubOctober20261pageIncolor.",
        "Exhibit C: Certificate": "ExhibitCCertificate1page",
    }.items():
        at = where(BOUND, title)
        assert words in PAGES[at - 1], title
        assert not any(words in page for page in PAGES[2 : at - 1]), title


def test_everything_is_there_in_order_once() -> None:
    assert BOUND.pages == len(PAGES) == 2 + 3 + 1 + 2 + (1 + 2) + (1 + 1) + (1 + 1)
    assert [(line.title, line.page, line.level) for line in BOUND.contents] == [
        ("Release packet", 3, 1),
        ("Ties to the community", 3, 2),
        ("Family", 3, 3),
        ("Home", 4, 2),
        ("Work and school", 4, 2),
        ("Conditions offered", 5, 2),
        ("Letters of support", 6, 1),
        ("Denise Johnson, mother", 6, 2),
        ("Ramón Ortega, grandfather", 7, 2),
        ("Exhibits", 9, 1),
        ("Exhibit A: Lease of March 2, 2025", 9, 2),
        ("Exhibit B: Pay stub", 12, 2),
        ("Exhibit C: Certificate", 14, 2),
    ]


def test_contents_of_many_pages_still_tell_the_truth() -> None:
    pages = [[(1, f"Heading {n} {'long ' * (n % 30)}")] for n in range(90)]
    letters = [BoundPart(f"Writer {n}", drawn(), "neighbor") for n in range(20)]
    exhibits = [
        BoundPart(f"Paper {n} {'of a long name ' * (n % 9)}", scan(1 + n % 3), label=f"L{n}")
        for n in range(40)
    ]
    bound = bind(job(body=body(*pages), letters=letters, exhibits=exhibits))

    assert bound.contents[0].page > 4
    assert_contents_are_true(bound)
    texts = texts_of(bound.pdf)
    for number in range(40):
        line = next(x for x in bound.contents if x.title.startswith(f"Exhibit L{number}:"))
        assert f"ExhibitL{number}Paper{number}" in texts[line.page - 1]
    for number in range(90):
        line = next(x for x in bound.contents if f"{x.title} ".startswith(f"Heading {number} "))
        assert f"Heading{number}" in texts[line.page - 1]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_body_from_libreoffice_is_found_where_the_contents_say(tmp_path: Path) -> None:
    context = packet_context(full_release_packet(), bound=True)
    docx = render_docx(packet_template("release"), context)
    made = asyncio.run(convert_to_pdf(docx, profile_dir=tmp_path / "profile"))

    bound = bind(job(body=made))

    assert_contents_are_true(bound)
    texts = texts_of(bound.pdf, artifacts=False)
    own = [line for line in bound.contents if line.level == 2][:9]
    assert len(own) >= 8
    for line in own[:8]:
        assert squeezed(line.title) in texts[line.page - 1], line
    for text in texts_of(bound.pdf):
        assert text.count(squeezed(DRAFT_MARK)) == 1
        assert not re.search(r"Page\d+of\d+", text)
    facts = preflight(bound.pdf)
    assert (facts.title, facts.language, facts.tagged) == (
        "Release packet: Marcus Johnson",
        "en-US",
        True,
    )


def test_a_packet_without_letters_and_exhibits_has_neither_line() -> None:
    bound = bind(job(letters=(), exhibits=()))

    assert bound.pages == 5
    assert {line.title for line in bound.contents if line.level == 1} == {"Release packet"}
    assert_contents_are_true(bound)


def test_a_translation_of_a_scanned_letter_follows_it_under_one_line() -> None:
    letter = BoundPart("Ramón Ortega", scan(2), "grandfather", behind=drawn())

    bound = bind(job(letters=[letter], exhibits=()))

    assert bound.pages == 2 + 3 + 2 + 1
    assert "DearJudge" in texts_of(bound.pdf)[7]
    assert bound.contents[-1].page == 6


# --- numbers and the draft mark


def test_every_page_of_a_draft_is_marked_and_numbered() -> None:
    for number, text in enumerate(PAGES, start=1):
        assert squeezed(DRAFT_MARK) in text
        assert f"JOHNSON{number:04}" in text


def test_mark_and_number_are_passed_over_by_screen_readers() -> None:
    for text in texts_of(BOUND.pdf, artifacts=False):
        assert squeezed(DRAFT_MARK) not in text
        assert "JOHNSON0" not in text


def test_an_approved_packet_bears_no_draft_mark() -> None:
    pages = texts_of(bind(job(draft=False)).pdf)

    assert not any("DRAFT" in text or "Notyetapproved" in text for text in pages)
    assert all(f"JOHNSON{number:04}" in text for number, text in enumerate(pages, start=1))


def test_parts_that_share_their_resources_are_numbered_each_for_itself() -> None:
    pdf = opened(drawn())
    shared = pdf.make_indirect(pdf.pages[0].obj.Resources)
    pdf.pages[0].obj.Resources = shared
    pdf.pages.append(pdf.pages[0])

    bound = bind(job(letters=(), exhibits=[BoundPart("Shared", saved(pdf), label="A")]))

    texts = texts_of(bound.pdf)
    assert "JOHNSON0007" in texts[6]
    assert "JOHNSON0008" in texts[7]
    assert "JOHNSON0008" not in texts[6]


# --- bookmarks and links


def flat(items: list[OutlineItem], depth: int = 0) -> list[tuple[int, OutlineItem]]:
    return [
        entry for item in items for entry in [(depth, item), *flat(list(item.children), depth + 1)]
    ]


def test_bookmarks_lead_to_the_pages_of_the_contents() -> None:
    with opened(BOUND.pdf) as pdf, pdf.open_outline() as outline:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages, start=1)}
        marks = [
            (depth, item.title, numbers[item.destination[0].objgen])  # type: ignore[index]
            for depth, item in flat(list(outline.root))
        ]

    assert marks == [
        (0, "Cover", 1),
        (0, "Contents", 2),
        *((line.level - 1, line.title, line.page) for line in BOUND.contents),
    ]


def test_a_bookmark_leads_to_the_heading_on_its_page() -> None:
    source, bound = opened(BODY), opened(BOUND.pdf)
    with source.open_outline() as before, bound.open_outline() as after:
        homes = [
            next(i for _, i in flat(list(o.root)) if i.title == "Home") for o in (before, after)
        ]
    tops = [float(home.destination[3]) for home in homes]  # type: ignore[index]

    assert tops[0] == pytest.approx(tops[1], abs=0.01)


def test_each_line_of_the_contents_is_a_link_to_its_page() -> None:
    pdf = opened(BOUND.pdf)
    numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages, start=1)}
    notes = list(pdf.pages[1].obj.Annots)

    assert [numbers[note.Dest[0].objgen] for note in notes] == [x.page for x in BOUND.contents]
    assert not any(Name.A in note for note in notes)
    assert preflight(BOUND.pdf).pages_with_web_links == ()


# --- the file as a whole


def test_title_language_and_display_are_set() -> None:
    pdf = opened(BOUND.pdf)

    assert str(pdf.docinfo[Name.Title]) == "Release packet: Marcus Johnson"
    assert str(pdf.Root.Lang) == "en-US"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert all(
        page.mediabox.as_list() in ([0, 0, 612, 792], [0, 0, 792, 612]) for page in pdf.pages
    )


def test_the_same_job_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib; from activities.documents.binding import bind; "
        "from tests.activities.documents.binding.pdfs import job; "
        "print(hashlib.sha256(bind(job()).pdf).hexdigest())"
    )
    root = Path(__file__).parents[4]
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={"PYTHONPATH": str(root), "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, zone in (("1", "America/New_York"), ("2", "Asia/Tokyo"))
    }

    assert told == {hashlib.sha256(BOUND.pdf).hexdigest()}


def test_the_file_is_sound() -> None:
    assert opened(BOUND.pdf).check_pdf_syntax() == []


def test_no_date_and_no_maker_of_a_part_is_left_in_the_file() -> None:
    pdf = opened(BOUND.pdf)

    assert list(pdf.docinfo.keys()) == ["/Title"]
    metadata = pdf.Root.Metadata.read_bytes().decode()
    assert not re.search(r"\d{4}-\d\d-\d\d|Date|Typst|LibreOffice", metadata)


def test_a_part_that_claims_a_standard_leaves_no_claim_in_the_whole() -> None:
    claiming = typst.compile(
        b'#set document(title: "Claim", date: datetime(year: 2026, month: 11, day: 1))\n= Claim',
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=0,
    )
    assert isinstance(claiming, bytes)
    assert b"pdfuaid" in opened(claiming).Root.Metadata.read_bytes()

    bound = opened(bind(job(body=claiming)).pdf)

    with bound.open_metadata() as claims:
        assert claims.pdfa_status == ""
        assert "pdfuaid:part" not in claims
    assert Name.OutputIntents not in bound.Root


def test_a_title_with_markup_stands_as_written_in_the_metadata() -> None:
    front = replace(FRONT, person='A & B <script> "C"')

    pdf = opened(bind(job(front=front)).pdf)

    with pdf.open_metadata() as told:
        assert told["dc:title"] == 'Release packet: A & B <script> "C"'


def test_a_broken_exhibit_is_named_by_its_place() -> None:
    broken = BoundPart("Diagnosis of M. Johnson", b"%PDF-1.7 nothing", label="B")

    with pytest.raises(PartUnreadable, match="Exhibit B cannot be bound") as error:
        bind(job(exhibits=[job().exhibits[0], broken]))

    assert "Johnson" not in str(error.value)


def test_the_cover_says_who_before_whom_and_when() -> None:
    for words in (
        *("Release packet", "Marcus Johnson", "Hon. Alicia Rivera", "Courtroom 4-2"),
        *("Bail review, Thursday, November 19, 2026, 9:00 a.m.", "F26-004417", "Version 2"),
        *("Elena Torres, Assistant Public Defender", "For review by counsel. Not yet approved."),
        "Prepared November 16, 2026 by Rosa Delgado, advocate, Liberty City Community Defense",
    ):
        assert squeezed(words) in PAGES[0]


def test_a_cover_line_without_words_is_left_out() -> None:
    bare = replace(FRONT, judge=" ", room="", docket_numbers="", counsel="", hub_contact="")

    cover = texts_of(bind(job(front=bare)).pdf)[0]

    assert "Court" in cover
    for label in ("Judge", "Courtroom", "Docket", "Counsel"):
        assert label not in cover
