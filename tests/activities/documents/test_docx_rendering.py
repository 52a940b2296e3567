"""Filling templates: every text arrives as written, and no template gets out of its fence."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from contextlib import suppress

import pytest
from docx import Document
from docxtpl import RichText
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from activities.documents import (
    NotADocx,
    RenderingTooLarge,
    TemplateError,
    TemplateSyntax,
    UnknownPlaceholder,
    UnsafeExpression,
    parts_hash,
    render_docx,
)
from activities.documents.docx_package import pack
from activities.documents.template_language import clean_text
from tests.activities.documents.words import (
    docx_of,
    docx_with,
    opened,
    paragraphs,
    parts,
    saved,
    with_part,
)

NAME = docx_of("Name: {{ name }}.")
NAME_EVERYWHERE = docx_with("Name: {{ name }}.", title="{{ name }}", header="{{ name }}")


@pytest.mark.parametrize(
    "name",
    [
        "Smith & Sons",
        "<b>Ana</b> </w:t></w:p>",
        "{{ 7 * 7 }} {% if %} {# #}",
        "{_{ name }_} {_% x %_}",
        'D\'Angelo "Dee" O’Neil',
        "محمد عبد الرحمن",
        "שרה כהן",
        "Zoë 🙂 ❤️ 👩‍👧",
        "snake_case_name",
        "100 % & more",
        "&amp; &lt;",
    ],
)
def test_a_name_prints_as_it_is_written(name: str) -> None:
    rendered = render_docx(NAME_EVERYWHERE, {"name": name})

    assert paragraphs(rendered) == [f"Name: {name}."]
    assert opened(rendered).sections[0].header.paragraphs[0].text == name
    assert opened(rendered).core_properties.title == name


@given(name=st.text(max_size=60))
@settings(max_examples=20, deadline=None)
def test_any_text_survives_but_for_what_xml_forbids(name: str) -> None:
    rendered = render_docx(NAME, {"name": name})

    assert paragraphs(rendered) == [f"Name: {clean_text(name)}."]


@given(text=st.text())
def test_cleaning_leaves_nothing_that_xml_forbids_and_is_done_once(text: str) -> None:
    cleaned = clean_text(text)

    etree.fromstring(f"<t>{re.sub('[<&]', '', cleaned)}</t>".encode())
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Mar\x00cus", "Marcus"),
        ("bell\a form\f feed", "bell form\n feed"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("\ud800lone", "lone"),
        ("Marcus\u202enosnhoJ", "MarcusnosnhoJ"),
        ("\ufffe\uffffx", "x"),
    ],
)
def test_forbidden_characters_go_and_lines_stay(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean
    assert paragraphs(render_docx(docx_of("{{ t }}"), {"t": dirty})) == [clean]


def test_newlines_and_tabs_become_those_of_word() -> None:
    rendered = render_docx(docx_of("{{ address }}"), {"address": "12 Elm St\nMiami\tFL"})

    assert paragraphs(rendered) == ["12 Elm St\nMiami\tFL"]
    assert b"<w:br/>" in parts(rendered)["word/document.xml"]


def test_a_name_of_100_kilobytes_is_whole() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff & " * 2_700

    rendered = render_docx(NAME_EVERYWHERE, {"name": name})

    assert paragraphs(rendered) == [f"Name: {name}."]
    assert len(opened(rendered).core_properties.title) <= 255


def test_a_text_longer_than_any_letter_is_refused() -> None:
    with pytest.raises(RenderingTooLarge):
        render_docx(NAME, {"name": "x" * 1_000_001})


def test_rich_text_made_by_the_program_keeps_its_markup() -> None:
    rendered = render_docx(docx_of("{{r note }}"), {"note": RichText("bold", bold=True)})

    assert [run.bold for run in opened(rendered).paragraphs[0].runs if run.text] == [True]


def test_nothing_is_printed_for_none_and_zero_is_zero() -> None:
    assert paragraphs(render_docx(docx_of("[{{ a }}][{{ b }}]"), {"a": None, "b": 0})) == ["[][0]"]


def test_a_missing_value_is_named() -> None:
    with pytest.raises(UnknownPlaceholder, match="'nmae'"):
        render_docx(docx_of("{{ nmae }}"), {"name": "Ana"})
    with pytest.raises(UnknownPlaceholder, match="'jugde'"):
        render_docx(docx_of("{{ court.jugde }}"), {"court": {"judge": "A"}})
    with pytest.raises(UnknownPlaceholder, match="'titel'"):
        render_docx(docx_with("x", title="{{ titel }}"), {})


def test_an_error_never_carries_what_the_packet_says() -> None:
    secret = {"person": {"name": "Marcus Johnson"}, "list": ["Marcus Johnson"]}
    for tag in ("{{ person.x }}", "{{ person }}", "{{ list }}", "{{ list.pop }}", "{{ list + 1 }}"):
        with pytest.raises(TemplateError) as caught:
            render_docx(docx_of(tag), secret)
        assert "Marcus" not in str(caught.value)


ATTACKS = [
    "{{ name.__class__ }}",
    "{{ name['__class__'] }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name|attr('__class__') }}",
    "{{ name.format }}",
    "{{ name.upper() }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ range(10) }}",
    "{{ namespace() }}",
    "{{ people.append('x') }}",
    "{{ people.append }}",
    "{{ person.items }}",
    "{{ person.items() }}",
    "{{ 'x' * 10000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%10000000000d' % 1 }}",
    "{{ name|center(10000000000) }}",
    "{{ name|safe }}",
    "{{ name|replace('a', 'aaaaaaaa') }}",
    "{{ people|map(attribute='__class__')|join }}",
    "{% set a = name %}",
    "{% macro m() %}{% endmacro %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% filter upper %}x{% endfilter %}",
    "{% for p in people recursive %}{{ loop(p) }}{% endfor %}",
    "{% for p in people %}{{ loop.__init__ }}{% endfor %}",
    "{% for p in people %}{{ loop.cycle }}{% endfor %}",
    "{% for a in people %}" * 4 + "x" + "{% endfor %}" * 4,
    "{{ person }}",
    "{{ people }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_template_stays_inside_its_language(attack: str) -> None:
    context = {"name": "Ana", "people": ["Ana", "Bo"], "person": {"name": "Ana"}}

    with pytest.raises((UnsafeExpression, UnknownPlaceholder)):
        render_docx(docx_of(attack), context)


def test_the_fence_holds_in_headers_and_properties_too() -> None:
    for template in (docx_with("x", header=ATTACKS[0]), docx_with("x", title=ATTACKS[0])):
        with pytest.raises(UnsafeExpression):
            render_docx(template, {"name": "Ana"})


def test_loops_in_loops_end_before_memory_does() -> None:
    loops = "{% for a in l %}{% for b in l %}{% for c in l %}{{ t }}"
    template = docx_of(loops + "{% endfor %}{% endfor %}{% endfor %}")

    with pytest.raises(RenderingTooLarge):
        render_docx(template, {"l": list(range(300)), "t": "x" * 10_000})


@pytest.mark.parametrize(
    "tags",
    [
        "{% if name %}x",
        "{% endif %}",
        "{{ name",
        "{{ name | }}",
        "{{ name {{ name }} }}",
        "name }}",
        "{% for %}x{% endfor %}",
        "{{ name is nonsense }}",
        "{{ " + "(" * 3_000 + "name" + ")" * 3_000 + " }}",
        "{% for x in 5 %}x{% endfor %}",
        "{% colspan name %}",
    ],
)
def test_a_tag_that_cannot_be_read_is_named_without_markup(tags: str) -> None:
    with pytest.raises(TemplateSyntax) as caught:
        render_docx(docx_of(tags), {"name": "Ana"})

    assert "<w:" not in str(caught.value)


def test_single_braces_are_plain_text() -> None:
    assert paragraphs(render_docx(docx_of("{ name } 100 % {a}"), {})) == ["{ name } 100 % {a}"]


def test_a_tag_that_tears_the_markup_is_refused_not_mended() -> None:
    document = Document()
    document.add_paragraph("before {% if show %}")
    document.add_table(1, 1).rows[0].cells[0].text = "kept? {% endif %}"

    with pytest.raises(TemplateSyntax, match="cuts a table"):
        render_docx(saved(document), {"show": False})


@pytest.mark.parametrize("tags", ["{%" * 20_000, "{{ “" * 5_000, "{% vm %}" * 5_000, "{" * 50_000])
def test_a_template_cannot_keep_the_renderer_busy(tags: str) -> None:
    started = time.perf_counter()

    with suppress(TemplateSyntax):
        render_docx(docx_of(tags), {})

    assert time.perf_counter() - started < 5


def _zip_bomb() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 30_000_000)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a .docx"),
        (b"%PDF-1.7", "not a .docx"),
        (b"\xd0\xcf\x11\xe0 old Word", "password"),
        (pack({"mimetype": b"application/vnd.oasis"}), "no Word document"),
        (NAME_EVERYWHERE[:9_000], "damaged"),
        (_zip_bomb(), "far larger"),
        (pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}), "Word's own"),
        (with_part(NAME, "word/document.xml", b"<w:doc"), "Word's own"),
        (with_part(NAME, "word/vbaProject.bin", b"macro"), "macros"),
    ],
)
def test_what_is_not_a_word_document_is_refused_with_the_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(NotADocx, match=reason):
        render_docx(content, {})


@given(junk=st.binary(max_size=300), at=st.integers(0, len(NAME)))
@settings(max_examples=20, deadline=None)
def test_a_damaged_template_never_fails_in_another_way(junk: bytes, at: int) -> None:
    rendered = None
    with suppress(TemplateError):
        rendered = render_docx(NAME[:at] + junk + NAME[at + len(junk) :], {"name": "Ana"})

    assert rendered is None or "word/document.xml" in parts(rendered)


def test_the_same_packet_gives_the_same_bytes_in_any_process() -> None:
    code = (
        "import sys; from tests.activities.documents.test_docx_rendering import *;"
        "sys.stdout.buffer.write(render_docx(NAME_EVERYWHERE, {'name': 'Ana'}))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        check=True,
    )

    assert parts(elsewhere.stdout) == parts(render_docx(NAME_EVERYWHERE, {"name": "Ana"}))
    assert elsewhere.stdout == render_docx(NAME_EVERYWHERE, {"name": "Ana"})


def test_a_template_without_properties_is_given_some_without_todays_date() -> None:
    assert "docProps/core.xml" not in parts(NAME)
    assert b"1980-01-01" in parts(render_docx(NAME, {"name": "A"}))["docProps/core.xml"]


def test_the_hash_of_the_parts_sees_words_and_ignores_the_zip() -> None:
    rendered = render_docx(NAME, {"name": "Ana"})
    repacked = with_part(rendered, "_rels/.rels", parts(rendered)["_rels/.rels"])

    assert repacked != rendered
    assert parts_hash(repacked) == parts_hash(rendered)
    assert parts_hash(render_docx(NAME, {"name": "Anna"})) != parts_hash(rendered)
