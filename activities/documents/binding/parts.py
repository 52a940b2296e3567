"""Opens what is to be bound, and takes out what a filed document may not do.

Only pages are carried over, so scripts, actions on opening, embedded files and forms of a
document stay behind with it. What its annotations show (filled-in fields, highlights, stamps) is
drawn into the page first; links go, and the words that they stood on stay.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Pdf

from activities.documents.binding.headings import Heading, headings_of
from activities.documents.binding.paper import lay_on_letter
from activities.documents.binding.typesetting import HAS_MARGINS
from activities.documents.errors import PartUnreadable

_BROKEN = (
    *(pikepdf.PdfError, pikepdf.PasswordError),
    *(ValueError, TypeError, KeyError, AttributeError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part, ready to be bound: cleaned pages on letter paper, where the points of each went,
    and its headings as they were before that."""

    pdf: Pdf
    placed: tuple[Matrix, ...]
    headings: tuple[Heading, ...]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.placed)


def open_part(pdf: bytes, where: str, *, keeps_margins: bool = False) -> OpenPart:
    """A part that came from elsewhere: cleaned, on letter paper.

    With `keeps_margins` (and for the letters that Homeward set) its margins are taken to have
    room for number and draft mark; other pages are drawn a little smaller. Raises
    `PartUnreadable`, which names the part by `where`.
    """
    with _unreadable_as(where):
        document = Pdf.open(io.BytesIO(pdf))
        if len(document.pages) == 0:
            raise PartUnreadable(where)
        keeps_margins = keeps_margins or document.docinfo.get(Name.Keywords) == HAS_MARGINS
        headings = headings_of(document)
        _flatten(document)
        placed = tuple(
            lay_on_letter(document, page, keeps_margins=keeps_margins) for page in document.pages
        )
        for page in document.pages:
            _read_names(page)
    return OpenPart(document, placed, headings)


def open_own(pdf: bytes) -> OpenPart:
    """Pages that Homeward set itself, just now, for this packet: they stay as they are."""
    document = Pdf.open(io.BytesIO(pdf))
    return OpenPart(document, tuple(Matrix() for _ in document.pages), ())


@contextmanager
def _unreadable_as(where: str) -> Iterator[None]:
    try:
        yield
    # pikepdf meets a stranger's file here, and raises these over what is broken.
    except _BROKEN as error:
        raise PartUnreadable(where) from error


def _read_names(page: pikepdf.Page) -> None:
    """Stamps are put beside what a page draws, so its names have to be readable text."""
    resources = page.obj.get(Name.Resources)
    if isinstance(resources, Dictionary):
        for held in (resources, resources.get(Name.XObject)):
            if isinstance(held, Dictionary):
                dict(held.as_dict())


def _flatten(document: Pdf) -> None:
    if any(Name.Annots in page.obj for page in document.pages):
        if _wants_appearances(document):
            document.generate_appearance_streams()
        document.flatten_annotations("screen")
    for page in document.pages:
        for note in page.obj.get(Name.Annots, Array()):
            _blank(note)
        if Name.Annots in page.obj:
            del page.obj[Name.Annots]


def _wants_appearances(document: Pdf) -> bool:
    form = document.Root.get(Name.AcroForm)
    return isinstance(form, Dictionary) and bool(form.get(Name.NeedAppearances, False))


def _blank(note: pikepdf.Object) -> None:
    """Empties an annotation, which the tags of its page may still point to."""
    if isinstance(note, Dictionary):
        for key in set(note.keys()):
            del note[key]
