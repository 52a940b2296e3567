"""What a court's filing desk would find in a PDF, in words for the person who files it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from activities.documents.binding.fonts import fonts_embedded, misses_letters
from activities.documents.binding.paper import is_letter
from activities.documents.binding.values import Finding
from activities.documents.errors import PdfUnreadable
from activities.documents.pdf_facts import PdfFacts, preflight

BYTES_PER_MB = 1_000_000
"""Courts say MB; where one of them means 1024 * 1024 bytes, a file under this limit fits too."""

_QUIET_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
_MEDIA = frozenset({"/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})
_MOST_CHAINED = 20


def check_for_filing(pdf: bytes, *, limit_mb: int, refuses_links: bool) -> tuple[Finding, ...]:
    """What the filing desk of a court would find; nothing means that the file can go.

    `limit_mb` is the court's limit in millions of bytes, 0 for none; `refuses_links` is whether
    it refuses links to the web. A finding that is `blocking` is one for which courts reject:
    unreadable, encrypted, too large, another paper than letter, active content (as California
    Rules of Court 2.256(b) and Texas Rule of Civil Procedure 21(f)(8) have it). Pages that cannot
    be searched, fonts that are not in the file, and letters that no font had are told and do not
    block: those rules ask for searchable text where it can be had.

    Codes: unreadable, encrypted, too_large, page_size, active_content, links, not_searchable,
    fonts, missing_letters. Never raises over what the file holds.
    """
    try:
        facts = preflight(pdf)
        if facts.pages:
            with Pdf.open(io.BytesIO(pdf)) as document:
                return tuple(_findings(document, facts, limit_mb, refuses_links))
    except (PdfUnreadable, pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError):
        return (Finding("unreadable", "This file is not a PDF that can be read.", True),)
    if facts.encrypted:
        return (Finding("encrypted", "The file asks for a password; courts refuse that.", True),)
    return (Finding("unreadable", "The file has no pages.", True),)


def _findings(
    document: Pdf, facts: PdfFacts, limit_mb: int, refuses_links: bool
) -> Iterator[Finding]:
    if facts.encrypted:
        yield Finding("encrypted", "The file is encrypted; courts refuse that.", True)
    if 0 < limit_mb * BYTES_PER_MB < facts.size:
        yield Finding("too_large", _too_large(facts.size, limit_mb), True)
    pages = list(enumerate(document.pages, start=1))
    if other := [number for number, page in pages if not is_letter(page)]:
        yield Finding("page_size", f"{_on(other)} not letter size (8.5 by 11 inches).", True)
    if active := _active(document):
        words = f"The file holds {_listed(active)}; courts refuse that. Print it to a new PDF."
        yield Finding("active_content", words, True)
    if refuses_links and facts.pages_with_web_links:
        words = f"{_on(facts.pages_with_web_links, 'has', 'have')} links to the web"
        yield Finding("links", f"{words}, which this court refuses.", True)
    if facts.pages_without_text:
        yield Finding("not_searchable", _not_searchable(facts.pages_without_text), False)
    if borrowed := [number for number, page in pages if not fonts_embedded(page)]:
        yield Finding("fonts", _fonts_missing(borrowed), False)
    if boxes := [number for number, page in pages if misses_letters(page)]:
        yield Finding("missing_letters", _letters_missing(boxes), False)


def _too_large(size: int, limit_mb: int) -> str:
    # Rounded up, so that a file just over the limit does not seem to be just at it.
    megabytes = -(-size * 10 // BYTES_PER_MB) / 10
    return (
        f"The file has {megabytes:.1f} MB and this court takes {limit_mb} MB. "
        "Take out the largest exhibits, or scan them anew at 300 dots per inch."
    )


def _not_searchable(pages: Sequence[int]) -> str:
    return (
        f"{_on(pages)} without text that can be searched, such as a scan or photograph. "
        "Where the court asks for searchable text, have it read by a text recognition first."
    )


def _fonts_missing(pages: Sequence[int]) -> str:
    return (
        f"{_on(pages, 'uses', 'use')} letters whose font is not in the file, and may look "
        "different on the court's computers. Where the court asks for embedded fonts, print the "
        "exhibit to a new PDF and upload that one."
    )


def _letters_missing(pages: Sequence[int]) -> str:
    return (
        f"{_on(pages, 'shows', 'show')} boxes in place of letters that no installed font has. "
        "Install fonts for that script (such as fonts-noto-core, fonts-droid-fallback for "
        "Chinese, Japanese and Korean, fonts-symbola for emoji) and build the packet again."
    )


def _on(pages: Sequence[int], one: str = "is", many: str = "are") -> str:
    """ "Page 7 is", "Pages 3–5, 9 and 12 are"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return f"Page {shown[0]} {one}" if len(pages) == 1 else f"Pages {_listed(shown)} {many}"


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _active(document: Pdf) -> list[str]:
    """What could act or hide in the file, in words."""
    root, found = document.Root, dict[str, None]()
    names = root.get(Name.Names)
    if Name.JavaScript in (names or {}):
        found["scripts"] = None
    if Name.EmbeddedFiles in (names or {}) or Name.AF in root or Name.Collection in root:
        found["attached files"] = None
    form = root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and (form.get(Name.Fields) or Name.XFA in form):
        found["form fields"] = None
    found.update(dict.fromkeys(_actions_of(root, "/OpenAction")))
    for page in document.pages:
        found.update(dict.fromkeys(_actions_of(page.obj)))
        for note in page.obj.get(Name.Annots, []):
            if isinstance(note, Dictionary):
                found.update(dict.fromkeys(_kinds_of(note)))
    return list(found)


def _kinds_of(note: Object) -> Iterator[str]:
    kind = str(note.get(Name.Subtype, ""))
    if kind == "/FileAttachment":
        yield "attached files"
    if kind in _MEDIA:
        yield "sound or film"
    if kind == "/Widget":
        yield "form fields"
    yield from _actions_of(note, "/A")


def _actions_of(owner: Object, direct: str | None = None) -> Iterator[str]:
    """What the owner does at a click or on an event."""
    events = owner.get(Name.AA)
    actions: list[Object | None] = list(events.values()) if isinstance(events, Dictionary) else []
    if direct is not None:
        actions.append(owner.get(direct))
    for first in actions:
        action = first
        for _ in range(_MOST_CHAINED):
            if not isinstance(action, Dictionary):
                break
            kind = str(action.get(Name.S, ""))
            if kind == "/JavaScript":
                yield "scripts"
            elif kind not in _QUIET_ACTIONS:
                yield "actions that start other programs or open other files"
            action = action.get(Name.Next)
