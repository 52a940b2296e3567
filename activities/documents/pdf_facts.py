"""What a court's e-filing desk will ask of a PDF, read from the file itself."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from activities.documents.errors import PdfUnreadable

_TEXT_OPERATORS = "Tj TJ ' \" Do BMC BDC EMC"
_LETTER = (612.0, 792.0)
_TOLERANCE_PT = 3.0
_FORM_DEPTH = 5


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Facts for the check before release.

    size: bytes. encrypted: also when it opens without a password. title, language: None when the
    file does not say. has_text: at least one page can be searched; pages_without_text: the pages
    (from 1) that cannot, such as unread scans. letter_size: every page is 8.5 by 11 inches,
    upright or not. tagged: it carries a structure for screen readers. pages_with_web_links: from
    1. A file that asks for a password shows `pages` 0 and `encrypted` true.
    """

    pages: int
    size: int
    encrypted: bool
    title: str | None = None
    language: str | None = None
    has_text: bool = False
    tagged: bool = False
    letter_size: bool = False
    pages_without_text: tuple[int, ...] = ()
    pages_with_web_links: tuple[int, ...] = ()


def preflight(pdf: bytes) -> PdfFacts:
    """The facts of this PDF. Raises `PdfUnreadable` for anything that is not a readable PDF."""
    try:
        with Pdf.open(io.BytesIO(pdf)) as document:
            return _facts(document, len(pdf))
    except pikepdf.PasswordError:
        return PdfFacts(pages=0, size=len(pdf), encrypted=True)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise PdfUnreadable from error


def _facts(document: Pdf, size: int) -> PdfFacts:
    numbered = list(enumerate(document.pages, start=1))
    silent = tuple(number for number, page in numbered if not _has_text(page.obj, _FORM_DEPTH))
    marked = document.Root.get(Name.MarkInfo)
    return PdfFacts(
        pages=len(numbered),
        size=size,
        encrypted=document.is_encrypted,
        title=_text(document.docinfo.get(Name.Title)),
        language=_text(document.Root.get(Name.Lang)),
        has_text=len(silent) < len(numbered),
        tagged=Name.StructTreeRoot in document.Root
        and isinstance(marked, Dictionary)
        and bool(marked.get(Name.Marked)),
        letter_size=all(_is_letter(page) for _, page in numbered),
        pages_without_text=silent,
        pages_with_web_links=tuple(number for number, page in numbered if _links_out(page)),
    )


def _has_text(content: Object, depth: int, seen: set[tuple[int, int]] | None = None) -> bool:
    """Whether a page, or a form drawn on it, shows any text (unseen text of a read scan counts,
    page numbers and marks that are stamped on as artifacts do not)."""
    seen = set() if seen is None else seen
    artifacts: list[bool] = []
    for instruction in pikepdf.parse_content_stream(content, _TEXT_OPERATORS):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in ("BMC", "BDC"):
            artifacts.append(bool(operands) and operands[0] == Name.Artifact)
        elif operator == "EMC":
            del artifacts[-1:]
        elif any(artifacts) or not operands:
            continue
        elif operator == "Do":
            form = _form(content, operands[0])
            if form is not None and depth and form.objgen not in seen:
                seen.add(form.objgen)
                if _has_text(form, depth - 1, seen):
                    return True
        elif _shows(operands[-1]):
            return True
    return False


def _form(content: Object, name: Object) -> Object | None:
    resources = content.get(Name.Resources)
    forms = resources.get(Name.XObject) if isinstance(resources, Dictionary) else None
    form = forms.get(str(name)) if isinstance(forms, Dictionary) else None
    return form if isinstance(form, Stream) and form.get(Name.Subtype) == Name.Form else None


def _shows(shown: Object) -> bool:
    pieces = shown.as_list() if isinstance(shown, Array) else [shown]
    return any(bytes(piece).strip() for piece in pieces if isinstance(piece, pikepdf.String))


def _is_letter(page: Page) -> bool:
    left, bottom, right, top = (float(edge) for edge in page.mediabox.as_list())
    measured = sorted((abs(right - left), abs(top - bottom)))
    return all(abs(a - b) <= _TOLERANCE_PT for a, b in zip(measured, _LETTER, strict=True))


def _links_out(page: Page) -> bool:
    annotations = page.obj.get(Name.Annots)
    if not isinstance(annotations, Array):
        return False
    actions = (note.get(Name.A) for note in annotations.as_list() if isinstance(note, Dictionary))
    return any(isinstance(action, Dictionary) and Name.URI in action for action in actions)


def _text(value: Object | None) -> str | None:
    return str(value) if isinstance(value, pikepdf.String) and str(value).strip() else None
