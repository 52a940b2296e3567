"""What goes into a bound packet, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The words of the cover, as they are to be printed; a blank one leaves its line out.

    `kind_title` ("Release packet") and `person` make the PDF's title, and stand on each slip
    sheet. `hearing` is one line: "Bail review, Thursday, November 19, 2026, 9:00 a.m."
    `language` (ISO 639-1) is the language of these words; what the cover itself says ("Court",
    "Contents") is English.
    """

    kind_title: str
    person: str
    court: str
    court_address: str = ""
    judge: str = ""
    room: str = ""
    hearing: str = ""
    docket_numbers: str = ""
    counsel: str = ""
    hub: str = ""
    hub_contact: str = ""
    prepared_on: str = ""
    prepared_by: str = ""
    version: int = 1
    language: str = "en"


@dataclass(frozen=True, slots=True)
class BoundPart:
    """A letter or an exhibit: its pages, and what the contents say of it.

    `subtitle` follows the title ("mother"). `label` is an exhibit's letter, "A"; `note` is a
    line more on its slip sheet ("The original is in color"). `behind` are pages that follow under
    the same title: the translation of a letter that came as a scan.
    """

    title: str
    pdf: bytes
    subtitle: str = ""
    label: str = ""
    note: str = ""
    behind: bytes = b""


@dataclass(frozen=True, slots=True)
class BindingJob:
    """All that a bound packet is made of. `body` is the packet's own pages, from LibreOffice.

    `draft` puts the draft mark on every page. `number_prefix` stands before each page number:
    "JOHNSON" makes "JOHNSON 0012".
    """

    body: bytes
    front: FrontMatter
    letters: Sequence[BoundPart] = ()
    exhibits: Sequence[BoundPart] = ()
    draft: bool = True
    number_prefix: str = ""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the contents: `page` counts from 1 through the whole PDF and is the number
    stamped on that page; `level` is 1 for a part, 2 for what is in it, 3 for a heading below."""

    title: str
    page: int
    level: int


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound packet, its number of pages, and its contents."""

    pdf: bytes
    pages: int
    contents: tuple[ContentsLine, ...]


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter of support to be set as pages.

    `to` is how the judge is addressed, `person` whom the letter is about, `body` the letter with
    blank lines between paragraphs. `signed_as` is the typed signature; without it the page says
    that the letter is not signed yet. `language` (ISO 639-1) is the original's; `translation` is
    in English and stands behind it, with `translated_by` under it. With a blank `body` only the
    translation is set, to follow an original that is a scan.
    """

    to: str
    person: str
    writer: str
    relationship: str
    date: str
    body: str
    signed_as: str
    contact: str = ""
    language: str = "en"
    translation: str = ""
    translated_by: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a court's filing desk would find: `words` for a person, and whether the
    court would refuse the file for it."""

    code: str
    words: str
    blocking: bool
