"""Letters of support as the judge reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pikepdf import Name

from activities.documents import preflight
from activities.documents.binding import BoundPart, bind, check_for_filing, letter_pdf
from tests.activities.documents.binding.pdfs import LETTER, SPANISH, drawn, job
from tests.activities.documents.binding.reading import opened, squeezed, texts_of


def shown(page: int = 1, **changes: object) -> str:
    """The text of a page of the letter with these changes."""
    letter = replace(LETTER, **changes)  # type: ignore[arg-type]  # the tests name the fields
    return texts_of(letter_pdf(letter), artifacts=False)[page - 1]


def in_order(text: str, *words: str) -> bool:
    places = [text.find(squeezed(one)) for one in words]
    return places == sorted(places) and places[0] >= 0


def test_a_letter_is_addressed_dated_and_signed() -> None:
    assert in_order(
        shown(contact="(305) 555-0130"),
        "Denise Johnson",
        "Mother · (305) 555-0130",
        "November 9, 2026",
        "The Honorable Alicia Rivera",
        "Regarding Marcus Johnson",
        "Your Honor:",
        "I raised Marcus.",
        "He takes his daughter to school.",
        "Respectfully,",
        "/s/ Denise Johnson",
    )


def test_the_letter_is_one_tagged_letter_size_page_that_can_be_searched() -> None:
    made = letter_pdf(LETTER)
    facts = preflight(made)

    assert (facts.pages, facts.letter_size, facts.tagged, facts.language) == (1, True, True, "en")
    assert facts.title == "Letter of Denise Johnson"
    assert facts.pages_without_text == ()
    assert check_for_filing(made, limit_mb=1, refuses_links=True) == ()


@pytest.mark.parametrize("greeting", ["Dear Judge Rivera,", "To the Court:", "Dear Judge:\nHello."])
def test_a_letter_that_greets_and_closes_itself_is_left_as_it_is(greeting: str) -> None:
    text = shown(body=f"{greeting}\n\nI know him.\n\nSincerely,\nDenise")

    assert squeezed("Your Honor:") not in text
    assert squeezed("Respectfully,") not in text


def test_a_first_sentence_with_a_comma_is_no_greeting() -> None:
    assert squeezed("Your Honor:") in shown(body="I have known Marcus, since he was nine.")


def test_a_translation_follows_the_original_and_each_says_what_it_is() -> None:
    first, second = texts_of(letter_pdf(SPANISH), artifacts=False)

    assert in_order(
        first,
        "Original in Spanish. An English translation follows.",
        "Su Señoría:",
        "Soy el abuelo de Marcus.",
        "Respetuosamente,",
        "/s/ Ramon Ortega",
    )
    assert first.endswith(squeezed("Ramón Ortega"))
    assert in_order(
        second,
        "Translated from Spanish by Lucía Campos",
        "Your Honor:",
        "I am Marcus's grandfather.",
        "Signed in the original: Ramon Ortega",
    )
    assert "/s/" not in second
    assert str(opened(letter_pdf(SPANISH)).Root.Lang) == "es"


def test_haitian_creole_has_its_own_greeting_and_closing() -> None:
    text = shown(language="ht", body="Mwen se vwazen Marcus.")

    assert in_order(text, "Konsènan Marcus Johnson", "Onorab Jij,", "Avèk respè,")


def test_a_language_without_known_words_gets_no_english_ones() -> None:
    text = shown(language="vi", body="Tôi là hàng xóm của Marcus.")

    assert squeezed("Your Honor:") not in text
    assert squeezed("Respectfully,") not in text
    assert squeezed("Tôi là hàng xóm của Marcus.") in text


def test_only_the_translation_of_a_letter_that_came_as_a_scan() -> None:
    (page,) = texts_of(letter_pdf(replace(SPANISH, body=" ")), artifacts=False)

    assert in_order(page, "Translated from Spanish", "I am Marcus's grandfather.")
    assert "Soyel" not in page


def test_an_unsigned_letter_says_so() -> None:
    text = shown(signed_as=" ")

    assert squeezed("This letter has not been signed yet.") in text
    assert "/s/" not in text


def test_a_long_letter_goes_on_with_its_writers_name_and_page() -> None:
    letter = replace(SPANISH, body="Una frase larga. " * 700, translation="A long one. " * 700)
    pages = texts_of(letter_pdf(letter))
    starts = [n for n, text in enumerate(pages) if squeezed("November 9, 2026") in text]

    assert starts[0] == 0
    assert starts[1] > 1
    assert pages[1].startswith(squeezed("Ramón Ortega, page 2"))
    assert pages[starts[1] + 1].startswith(squeezed("Ramón Ortega, translation, page 2"))


def test_paragraphs_and_line_ends_are_kept() -> None:
    made = opened(letter_pdf(replace(LETTER, body="One.\nTwo.\n\n \n\nThree.")))
    content = made.pages[0].obj.Contents.read_bytes()

    kinds = [str(kid.S) for kid in made.Root.StructTreeRoot.K[0].K]
    assert kinds.count("/P") == len(kinds) - 1
    assert content.count(b"BT") >= 9


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert letter_pdf(SPANISH) == letter_pdf(replace(SPANISH))


def test_homewards_letters_are_bound_as_they_are_and_others_drawn_smaller() -> None:
    letters = [BoundPart("Ours", letter_pdf(LETTER)), BoundPart("A scan", drawn())]

    pdf = opened(bind(job(letters=letters, exhibits=())).pdf)

    ours, other = pdf.pages[5].obj, pdf.pages[6].obj
    assert b" cm " not in b"".join(one.read_bytes()[:40] for one in ours.Contents[:1])
    assert other.Contents[0].read_bytes().startswith(b"q 0.9")
    assert Name.Keywords not in pdf.docinfo
