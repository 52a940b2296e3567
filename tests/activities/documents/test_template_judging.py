"""An uploaded template, judged for a kind: in a process apart, with what to know before its use."""

from __future__ import annotations

import time

import pytest
from docx import Document

from activities.documents import TemplateRefused
from activities.documents.template_apart import judge_template
from activities.documents.template_judging import judge_here
from domain.vocabulary import PacketKind
from templates.packets import packet_template
from tests.activities.documents.words import all_text, docx_of, saved, with_part


def restyled(kind: str) -> bytes:
    """Homeward's own template as somebody saves it in Word, with a line of their own."""
    document = Document(str(packet_template(kind)))
    document.paragraphs[0].insert_paragraph_before("Families first, since 2009")
    document.styles["Heading 1"].font.name = "Georgia"
    return saved(document)


@pytest.mark.parametrize("kind", PacketKind)
def test_a_restyled_template_is_fit_and_there_is_nothing_to_know(kind: PacketKind) -> None:
    judged = judge_here(kind, restyled(kind))

    assert judged.notes == ()
    assert "Families first, since 2009" in all_text(judged.preview)


def test_the_process_apart_says_the_same() -> None:
    template = restyled("biography")

    assert judge_template("biography", template) == judge_here("biography", template)


def test_a_biography_may_show_what_biographies_seldom_do() -> None:
    tags = "{% for who in helpers %}{{ who.name }}{% endfor %}{{ transport }}"

    assert judge_here("biography", docx_of("{{ person.name }}" + tags)).kind == "biography"


def test_what_would_be_missing_is_said_first() -> None:
    notes = judge_here("violation", docx_of("{{ person.name }}")).notes

    assert notes == (
        "It never shows what the court is asked ({{ ask }}); the letters enclosed (letters); "
        "the exhibits enclosed (exhibits).",
        "What is written in these sections would be left out: What has been kept, What got in the "
        "way, What has been done about it, The revised plan.",
        "It has no draft mark. Put {% if draft %}DRAFT – ATTORNEY WORK PRODUCT{% endif %} into "
        "its header.",
    )


def test_comments_are_told_because_they_would_go_out() -> None:
    comments = b'<w:comments xmlns:w="w"><w:p/></w:comments>'
    template = with_part(packet_template("release").read_bytes(), "word/comments.xml", comments)

    assert "comments" in judge_here("release", template).notes[0]


def test_a_template_of_another_kind_is_refused_with_the_section() -> None:
    with pytest.raises(TemplateRefused, match=r"'sections\.who'"):
        judge_template("release", restyled("sentencing"))


def test_a_packet_that_is_filled_already_is_no_template() -> None:
    filled = judge_here("release", restyled("release")).preview

    with pytest.raises(TemplateRefused, match=r"has no \{\{ person\.name"):
        judge_template("release", filled)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(TemplateRefused, match="10 MB"):
        judge_template("release", b"PK" + b"x" * 10_000_000)


def test_a_template_that_takes_too_long_is_stopped() -> None:
    began = time.monotonic()

    with pytest.raises(TemplateRefused, match="reasonable time"):
        judge_template("release", restyled("release"), timeout_s=0.05)

    assert time.monotonic() - began < 10


def test_there_must_be_such_a_kind() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        judge_template("nonsense", b"")
