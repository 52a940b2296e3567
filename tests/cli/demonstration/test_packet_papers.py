"""What the demo's packet is made of and read with: a pay stub, a reader of PDFs, private links."""

from __future__ import annotations

from datetime import date
from random import Random
from types import SimpleNamespace
from typing import cast

import pytest

from activities.documents.binding import bind
from activities.documents.errors import PdfUnreadable
from activities.documents.exhibits import JPEG, check_upload
from cli.demonstration.cast import cast_of
from cli.demonstration.links import link_for
from cli.demonstration.packet_words import content, sections
from cli.demonstration.pay_stub import pay_stub
from cli.demonstration.pdf_words import words_in
from cli.demonstration.telling import without_keys
from cli.demonstration.world import NeverHappened, World
from domain.packet_sections import sections_of
from domain.vocabulary import LinkPurpose
from records.private_links import PATHS
from tests.activities.documents.binding.pdfs import job
from tests.activities.documents.binding.reading import texts_of

CASTS = [cast_of(Random(seed), 2027) for seed in range(40)]


def test_a_pay_stub_is_a_photograph_that_any_upload_may_be() -> None:
    one, other = CASTS[0], next(c for c in CASTS if c.job != CASTS[0].job)
    made = pay_stub(one, date(2027, 3, 5))
    assert made == pay_stub(one, date(2027, 3, 5)) != pay_stub(other, date(2027, 3, 5))
    checked = check_upload(made)
    assert (checked.media_type, checked.pages) == (JPEG, 1)


def test_a_bound_packet_is_read_as_another_reader_reads_it() -> None:
    bound = bind(job())
    words = words_in(bound.pdf)
    assert list(words.pages) == texts_of(bound.pdf)
    assert {
        title: page for title, page in words.bookmarks.items() if ", " not in title
    }.items() >= {(line.title, line.page) for line in bound.contents if line.level == 1}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_pdf_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(PdfUnreadable):
        words_in(content)


def test_a_release_packet_has_every_section_and_keeps_whose_words_they_are() -> None:
    for cast_ in CASTS:
        said = sections(cast_)
        assert list(said) == [section.key for section in sections_of("release")]
        (quote,) = [one for passages in said.values() for one in passages if one.quote]
        assert cast_.mother.name in quote.said_by
        assert (quote.language, bool(quote.original)) == (
            cast_.mother.language,
            cast_.mother.language == "es",
        )
        assert content(cast_, {"m": "mother", "l": "writer"}).helpers.keys() == {"m"}


@pytest.mark.parametrize("path", PATHS.values())
def test_a_private_link_is_shown_without_what_opens_it(path: str) -> None:
    words = f"Here: https://hub.example.org{path}aB3-_x9aB3-_x9aB3-_x91. Call us."
    assert without_keys(words) == f"Here: https://hub.example.org{path}…. Call us."


def test_someone_who_was_sent_no_link_has_none() -> None:
    nothing = SimpleNamespace(
        texts=SimpleNamespace(accepted=list), mail=SimpleNamespace(messages=[])
    )
    with pytest.raises(NeverHappened, match="counsel"):
        link_for(cast("World", nothing), CASTS[0].counsel, LinkPurpose.COUNSEL)
