"""The order of a bound packet, and on which page everything in it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from activities.documents.binding.parts import OpenPart, open_own, open_part
from activities.documents.binding.typesetting import language_code, one_line, typeset
from activities.documents.binding.values import BindingJob, BoundPart, FrontMatter

LETTERS = "Letters of support"
EXHIBITS = "Exhibits"

_DEEPEST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents; `offset` counts pages from 1 after the contents, `top` is where on
    that page it begins, in points above its foot (None: at its head)."""

    title: str
    offset: int
    level: int
    note: str = ""
    label: str = ""
    top: float | None = None

    @property
    def words(self) -> str:
        """The whole line: "Exhibit A: Lease, March 2025"."""
        title = f"{self.label}: {self.title}" if self.label else self.title
        return f"{title}, {self.note}" if self.note else title


@dataclass(frozen=True, slots=True)
class Order:
    """What follows the contents: the parts with their titles, in the order of their pages; the
    contents' lines; and the bookmarks, which go deeper into the packet's own headings."""

    parts: tuple[tuple[OpenPart, str], ...]
    lines: tuple[Line, ...]
    bookmarks: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A letter or an exhibit, with its pages in their order."""

    title: str
    parts: tuple[OpenPart, ...]
    note: str = ""
    label: str = ""

    @property
    def pages(self) -> int:
        return sum(part.pages for part in self.parts)


def ordered(job: BindingJob) -> Order:
    """Open every part, count its pages, and say where it begins. Raises `PartUnreadable`."""
    body = open_part(job.body, "The packet's own text", keeps_margins=True)
    own_title = one_line(job.front.kind_title)
    parts = [(body, own_title)]
    lines = [Line(own_title, 1, 1), *_headings(body)]
    offset = 1 + body.pages
    for group, members in ((LETTERS, _letters(job)), (EXHIBITS, _exhibits(job))):
        if members:
            lines.append(Line(group, offset, 1))
        for member in members:
            line = Line(member.title, offset, 2, member.note, member.label)
            lines.append(line)
            parts.extend((part, line.words) for part in member.parts)
            offset += member.pages
    listed = tuple(line for line in lines if line.level <= _DEEPEST_LISTED)
    return Order(tuple(parts), listed, tuple(lines))


def _headings(body: OpenPart) -> Iterator[Line]:
    for heading in body.headings:
        at = body.placed[heading.page]
        top = None if heading.top is None else at.transform((0, heading.top))[1]
        yield Line(heading.title, 1 + heading.page, 1 + heading.level, top=top)


def _letters(job: BindingJob) -> list[_Member]:
    return [
        _Member(one_line(part.title), _opened(part, f"Letter {number}"), one_line(part.subtitle))
        for number, part in enumerate(job.letters, start=1)
    ]


def _exhibits(job: BindingJob) -> list[_Member]:
    members = []
    for number, part in enumerate(job.exhibits, start=1):
        label = f"Exhibit {one_line(part.label)}" if part.label.strip() else ""
        pages = _opened(part, label or f"Exhibit {number}")
        slip = open_own(_slip(part, label, sum(one.pages for one in pages), job.front))
        members.append(_Member(one_line(part.title), (slip, *pages), label=label))
    return members


def _opened(part: BoundPart, where: str) -> tuple[OpenPart, ...]:
    pages = open_part(part.pdf, where)
    return (pages, open_part(part.behind, where)) if part.behind else (pages,)


def _slip(part: BoundPart, label: str, pages: int, front: FrontMatter) -> bytes:
    counted = f"{pages} page" if pages == 1 else f"{pages} pages"
    return typeset(
        "slip",
        {
            "language": language_code(front.language),
            "heading": label or part.title,
            "title": part.title if label else "",
            "subtitle": part.subtitle,
            "notes": [counted, *filter(None, [part.note.strip()])],
            "packet": packet_title(front),
        },
    )


def packet_title(front: FrontMatter) -> str:
    """The title of the bound PDF: "Release packet: Marcus Johnson"."""
    return one_line(f"{front.kind_title}: {front.person}")
