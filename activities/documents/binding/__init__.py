"""Binds a packet into one PDF for the court, and checks what the court's filing desk would find.

`bind` puts cover, contents, the packet's own pages, letters and exhibits together; `letter_pdf`
sets a letter of support; `check_for_filing` reads a finished PDF; `exhibits_zip` packs exhibits
one by one. All are pure: same values, same bytes, nothing read or written elsewhere. All block,
so call them from a thread.
"""

from activities.documents.binding.binder import bind
from activities.documents.binding.exhibit_zip import exhibits_zip
from activities.documents.binding.filing import check_for_filing
from activities.documents.binding.letters import letter_pdf, letter_versions
from activities.documents.binding.stamps import DRAFT_MARK
from activities.documents.binding.values import (
    BindingJob,
    Bound,
    BoundPart,
    ContentsLine,
    Finding,
    FrontMatter,
    LetterPage,
)
from activities.documents.errors import PartUnreadable

__all__ = [
    "DRAFT_MARK",
    "BindingJob",
    "Bound",
    "BoundPart",
    "ContentsLine",
    "Finding",
    "FrontMatter",
    "LetterPage",
    "PartUnreadable",
    "bind",
    "check_for_filing",
    "exhibits_zip",
    "letter_pdf",
    "letter_versions",
]
