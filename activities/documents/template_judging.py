"""Whether a hub may use a Word file as its template for a kind, and what to know before it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from activities.documents.docx_package import unpack
from activities.documents.errors import NotADocx
from activities.documents.packet_context import packet_context
from activities.documents.packet_examples import complete_packet, full_packet, sparse_packet
from activities.documents.template_check import CheckedTemplate, check_template
from domain.packet_sections import sections_of

MOST_BYTES = 10_000_000
"""A template with a photograph of the office has 2 MB at most."""
_NAMES = frozenset({"person.name", "person.called", "title"})
_EXPECTED = {
    "ask": "what the court is asked ({{ ask }})",
    "person.name": "the person's name ({{ person.name }})",
    "letters": "the letters enclosed (letters)",
    "exhibits": "the exhibits enclosed (exhibits)",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A template that may be used. `preview`: a DOCX filled with a made-up packet of its kind.
    `notes`: what a person should know before using it, in plain words."""

    kind: str
    parts_hash: str
    preview: bytes = field(repr=False)
    notes: tuple[str, ...] = ()


def judge_here(kind: str, template: bytes) -> Judged:
    """Check a template for a kind of packet with a complete, a full and a sparse made-up packet.

    In this process: what somebody uploads goes through `template_apart`. Raises `NotADocx`,
    `TemplateSyntax`, `UnknownPlaceholder`, `UnsafeExpression` or `RenderingTooLarge`, each with
    what to do, and `ValueError` when there is no such kind.
    """
    complete, full, sparse = (
        packet_context(packet(kind)) for packet in (complete_packet, full_packet, sparse_packet)
    )
    if len(template) > MOST_BYTES:
        raise NotADocx(f"it is larger than {MOST_BYTES // 1_000_000} MB; use smaller pictures")
    checked = check_template(template, complete, full, sparse)
    if not _NAMES & checked.placeholders:
        raise NotADocx("it has no {{ person.name }} in it; was a packet uploaded that is filled?")
    notes = tuple(_notes(kind, template, checked))
    return Judged(kind, checked.parts_hash, checked.preview, notes)


def _notes(kind: str, template: bytes, checked: CheckedTemplate) -> Iterator[str]:
    used = checked.placeholders
    if unseen := [words for name, words in _EXPECTED.items() if name not in used]:
        yield f"It never shows {'; '.join(unseen)}."
    left_out = [
        section.heading
        for section in sections_of(kind)
        if not {f"sections.{section.key}", f"{section.key}.rows"} & used
    ]
    if left_out:
        yield f"What is written in these sections would be left out: {', '.join(left_out)}."
    if "draft" not in used:
        yield (
            "It has no draft mark. Put {% if draft %}DRAFT – ATTORNEY WORK PRODUCT{% endif %} "
            "into its header."
        )
    if "word/comments.xml" in unpack(template):
        yield "It holds comments, which would go out with every Word file. Delete them first."
