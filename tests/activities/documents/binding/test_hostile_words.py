"""Words print as they were written, whatever they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Name

from activities.documents.binding import BoundPart, bind, letter_pdf
from activities.documents.binding.typesetting import language_code, typeset
from activities.documents.template_language import clean_text
from tests.activities.documents.binding.pdfs import FRONT, LETTER, drawn, job
from tests.activities.documents.binding.reading import opened, squeezed, text_of, texts_of

MARKUP = """#let x=1 *bold* _it_ $x^2$ "q" 's' <lab> @ref [br] {c} \\u{41} // c /* d */ `r` -- ~"""
HOSTILE = [
    MARKUP,
    '#panic("no") #eval("1") #read("/etc/passwd") #import "@preview/x:1.0.0"',
    "= Heading - list + enum / term: 1. https://example.org/#a?b=c&d=e \\ \\#",
    '"}, {"title": "x"}\\" %s {} {{ ask }} <b>Smith & Sons</b>',
    "שרה",
    "Zoë Müller-Łukasz D’Ångström ñ",
    "Very Long Name " * 20,
    "W" * 300,
]


def with_words(words: str) -> list[str]:
    front = replace(FRONT, person=words, court=words, hub=words, counsel=words, hearing=words)
    letters = [BoundPart(words, drawn(), words)]
    exhibits = [BoundPart(words, drawn(), words, "A", words)]
    return texts_of(bind(job(front=front, letters=letters, exhibits=exhibits)).pdf)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stand_on_cover_contents_and_slip_sheet_as_written(words: str) -> None:
    pages = with_words(words)
    cover, contents, slip = pages[0], pages[1] + pages[2], pages[-2]
    expected = squeezed(words)

    assert cover.count(expected) >= 5
    assert contents.count(expected) >= 3
    assert slip.count(expected) >= 3
    assert slip.startswith("ExhibitA")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stand_in_a_letter_as_written(words: str) -> None:
    letter = replace(LETTER, to=words, person=words, writer=words, body=words, signed_as=words)

    text = "".join(texts_of(letter_pdf(letter), artifacts=False))

    assert text.count(squeezed(words)) >= 5


def test_a_right_to_left_title_leaves_the_page_number_at_its_place() -> None:
    pdf = opened(typeset("contents", contents("שרה בן-דוד")))
    number = {round(float(note.Rect[2])) for note in pdf.pages[0].obj.Annots}

    text = text_of(pdf.pages[0], artifacts=False)
    # A page holds right-to-left words in the order in which they are seen from the left.
    assert text == "Contents" + "בן-דוד" + "שרה" + "12"
    assert len(number) == 1


def contents(title: str) -> dict[str, object]:
    line = {"title": title, "note": "", "label": "", "offset": 7, "level": 2}
    return {"title": "Packet", "language": "en", "before": 4, "lines": [line]}


def test_what_no_document_can_hold_is_left_out() -> None:
    cover = with_words("Ana\x00\x07 \ud800Ruiz\u202edrow\u2028line")[0]

    assert "AnaRuizdrowline" in cover


def test_a_name_that_fills_pages_is_bound_and_counted() -> None:
    front = replace(FRONT, person="Ana Ruiz " * 3_000)

    bound = bind(job(front=front))

    pages = texts_of(bound.pdf)
    first = bound.contents[0].page
    assert first > 3
    assert "Page1speaks." in pages[first - 1]
    contents_on = next(n for n, text in enumerate(pages) if text.startswith("Contents")) + 1
    with opened(bound.pdf) as pdf, pdf.open_outline() as outline:
        place = outline.root[1].destination
        assert place[0].objgen == pdf.pages[contents_on - 1].obj.objgen  # type: ignore[index]


@given(words=st.text(max_size=80), other=st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_makes_a_letter_and_a_contents_page(words: str, other: str) -> None:
    letter = replace(LETTER, writer=words, body=other, signed_as=words, translation=words)
    assert letter_pdf(letter).startswith(b"%PDF")
    assert typeset("contents", contents(words)).startswith(b"%PDF")


latin = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), min_size=1, max_size=60)


@given(words=latin.filter(lambda text: clean_text(text).strip() != ""))
@settings(max_examples=60, deadline=None)
def test_any_latin_text_prints_as_written(words: str) -> None:
    pdf = opened(typeset("contents", contents(words)))

    soft_hyphens_away = squeezed(clean_text(words)).replace("\xad", "")
    text = text_of(pdf.pages[0], artifacts=False).replace("\xad", "")
    assert text == f"Contents{soft_hyphens_away}12"


@pytest.mark.parametrize(
    ("given_code", "used"),
    [("en", "en"), ("ES", "es"), ("pt-BR", "pt"), ("", "en"), ("#x", "en"), ("english", "en")],
)
def test_a_strange_language_code_counts_as_english(given_code: str, used: str) -> None:
    assert language_code(given_code) == used
    bound = opened(bind(job(front=replace(FRONT, language=given_code))).pdf)
    assert str(bound.Root[Name.Lang]).partition("-")[0] == used


@pytest.mark.parametrize("prefix", ["", "  ", MARKUP, "J" * 500])
def test_any_prefix_leaves_the_number_on_the_page(prefix: str) -> None:
    pages = texts_of(bind(job(number_prefix=prefix)).pdf)

    assert all(text.endswith(f"{number:04}") for number, text in enumerate(pages, start=1))
