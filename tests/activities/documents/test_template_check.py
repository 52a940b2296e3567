"""The check of an uploaded template: what would go wrong later is found now, by name."""

from __future__ import annotations

import pytest
from docx import Document

from activities.documents import (
    NotADocx,
    TemplateSyntax,
    UnknownPlaceholder,
    UnsafeExpression,
    check_template,
    parts_hash,
)
from tests.activities.documents.words import docx_of, paragraphs, saved, with_part

FULL = {
    "name": "Marcus",
    "court": {"judge": "Rivera"},
    "letters": [{"writer": "Denise", "tags": ["a"]}],
}


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ("{{ nmae }}", "nmae"),
        ("{{ court.jugde }}", "court.jugde"),
        ("{{ court['jugde'] }}", "court.jugde"),
        ("{{ court.judge.first }}", "court.judge.first"),
        ("{% if name == 'nobody' %}{{ hidden }}{% endif %}", "hidden"),
        ("{% if hidden is defined %}x{% endif %}", "hidden"),
        ("{% for l in letters %}{{ l.wirter }}{% endfor %}", "l.wirter"),
        ("{% for l in letters if l.wirter %}x{% endfor %}", "l.wirter"),
        ("{% for l in letters %}x{% else %}{{ nobody }}{% endfor %}", "nobody"),
        ("{% for l in letters %}x{% endfor %}{{ l.writer }}", "l"),
        ("{{ (letters|first).wirter }}", "….wirter"),
        ("{{ letters[0].wirter }}", "letters.0.wirter"),
        ("{{ name ~ other }}", "other"),
        ("{{ name|default(other) }}", "other"),
        ("{{ (name if name else other) }}", "other"),
    ],
)
def test_a_misspelt_placeholder_is_found_wherever_it_hides(tags: str, named: str) -> None:
    with pytest.raises(UnknownPlaceholder) as caught:
        check_template(docx_of(tags), FULL)

    assert caught.value.name == named


def test_a_good_template_is_described_and_previewed() -> None:
    template = docx_of(
        "{{ name }} before {{ court.judge }}",
        "{% for l in letters %}{{ loop.index }} {{ l.writer|upper }} {{ l.tags[0] }}{% endfor %}",
    )

    checked = check_template(template, FULL, {"name": "x", "court": {"judge": ""}, "letters": []})

    assert paragraphs(checked.preview) == ["Marcus before Rivera", "1 DENISE a"]
    assert checked.placeholders == {
        *("name", "court", "court.judge", "letters", "l.writer", "l.tags")
    }
    assert checked.parts_hash == parts_hash(template)


def test_a_template_must_render_without_what_is_optional_too() -> None:
    with pytest.raises(UnknownPlaceholder, match="judge"):
        check_template(docx_of("{{ court.judge }}"), FULL, {**FULL, "court": None})


def test_unsafe_expressions_in_a_false_condition_are_found() -> None:
    with pytest.raises(UnsafeExpression, match="call"):
        check_template(docx_of("{% if name == 'x' %}{{ name.upper() }}{% endif %}"), FULL)


def test_two_names_in_one_loop_are_refused() -> None:
    with pytest.raises(TemplateSyntax, match="several names"):
        check_template(docx_of("{% for a, b in letters %}x{% endfor %}"), FULL)


def test_a_tag_in_a_corner_that_is_never_filled_is_found() -> None:
    note = b'<w:t xmlns:w="w">{{ name }}</w:t>'
    template = with_part(docx_of("{{ name }}"), "word/endnotes.xml", note)

    with pytest.raises(TemplateSyntax, match="endnotes"):
        check_template(template, FULL)


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "newKind"])
def test_a_template_that_fetches_things_is_refused(kind: str) -> None:
    document = Document()
    link = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    document.part.relate_to("http://files.example.org/x", link, is_external=True)

    with pytest.raises(NotADocx, match=kind):
        check_template(saved(document), FULL)


def test_a_link_to_click_is_welcome() -> None:
    document = Document()
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    document.part.relate_to("https://hub.example.org/", link, is_external=True)

    assert check_template(saved(document), FULL).placeholders == set()
