"""Stamps the page's number and the mark of a draft on every page, as artifacts.

An artifact (ISO 32000-1, 14.8.2.2) is not part of what the page says: screen readers pass over it.
"""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from activities.documents.binding.paper import contents_of, is_across
from activities.documents.binding.parts import open_own
from activities.documents.binding.typesetting import one_line, typeset

DRAFT_MARK = "DRAFT – ATTORNEY WORK PRODUCT"

_FEWEST_DIGITS = 4
_LONGEST_PREFIX = 40
_STAMP = "/HomewardStamp"


def page_number(number: int, pages: int, prefix: str = "") -> str:
    """The number as stamped: "0012", or "JOHNSON 0012" with a prefix."""
    digits = max(_FEWEST_DIGITS, len(str(pages)))
    return f"{one_line(prefix)[:_LONGEST_PREFIX]} {number:0{digits}}".strip()


def stamp(bound: Pdf, *, draft: bool, prefix: str = "") -> None:
    """Put its number on every page of the bound document, and the draft mark when it is one."""
    pages = len(bound.pages)
    sheets = [
        (page_number(number, pages, prefix), is_across(page))
        for number, page in enumerate(bound.pages, start=1)
    ]
    made = typeset("stamps", {"mark": DRAFT_MARK if draft else "", "pages": sheets}, tagged=False)
    source = open_own(made).pdf
    before = bound.make_stream(
        b"q /Artifact <</Type /Pagination>> BDC %s Do EMC Q" % _STAMP.encode()
    )
    for page, sheet in zip(bound.pages, source.pages, strict=True):
        form = bound.copy_foreign(sheet.as_form_xobject())
        _draw(page, form, before)


def _draw(page: Page, form: Object, drawing: Object) -> None:
    # Pages may share one dictionary of resources, and a stamp is one page's own.
    resources = page.obj[Name.Resources].as_dict()
    forms = resources.get("/XObject")
    drawn = dict(forms.as_dict()) if isinstance(forms, Dictionary) else {}
    page.obj[Name.Resources] = Dictionary(
        {**resources, "/XObject": Dictionary({**drawn, _STAMP: form})}
    )
    page.obj[Name.Contents] = Array([*contents_of(page), drawing])
