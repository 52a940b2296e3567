"""Binds a packet: cover, contents, the packet's own pages, letters, exhibits, in one PDF.

Pages are counted first; the contents are set once, by a sheet that knows how many pages stand
before each line and counts its own. The bound document starts empty and is given only what it is
meant to have, so that no part brings along a script, a date, or a claim to a standard.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

from pikepdf import Dictionary, Name, Pdf, String

from activities.documents.binding.bookmarks import CONTENTS, COVER, write_bookmarks
from activities.documents.binding.layers import Layers
from activities.documents.binding.order import Order, ordered, packet_title
from activities.documents.binding.parts import OpenPart, open_own
from activities.documents.binding.stamps import stamp
from activities.documents.binding.tags import TagTree
from activities.documents.binding.typesetting import language_code, one_line, typeset
from activities.documents.binding.values import BindingJob, Bound, ContentsLine, FrontMatter

LINK_SCHEME = "packet:"
"""The contents sheet links to "packet:12" for the 12th page after itself."""

_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def bind(job: BindingJob) -> Bound:
    """The packet as one PDF of letter-size pages, with contents, bookmarks, numbers and tags.

    The same job gives the same bytes. Everything that could act (scripts, forms, attached files,
    links to elsewhere) stays behind. Blocks for about a second per hundred pages: call it from a
    thread. Raises `PartUnreadable`, which names the letter or exhibit by its place.
    """
    order = ordered(job)
    cover = open_own(_cover(job))
    contents = open_own(_contents(job, order, before=cover.pages))
    front = cover.pages + contents.pages
    bound = Pdf.new()
    _put_pages(bound, [(cover, COVER), (contents, CONTENTS), *order.parts])
    _link_contents(bound, front)
    write_bookmarks(bound, order.bookmarks, contents_on=cover.pages + 1, matter_on=front + 1)
    stamp(bound, draft=job.draft, prefix=job.number_prefix)
    _describe(bound, job.front)
    saved = io.BytesIO()
    bound.save(saved, deterministic_id=True, min_version="1.7")
    lines = tuple(ContentsLine(line.words, front + line.offset, line.level) for line in order.lines)
    return Bound(saved.getvalue(), len(bound.pages), lines)


def _cover(job: BindingJob) -> bytes:
    front = job.front
    place = front.court + (f"\n{front.court_address}" if front.court_address.strip() else "")
    facts = {
        "Court": place,
        "Judge": front.judge,
        "Courtroom": front.room,
        "Docket": front.docket_numbers,
        "Counsel": front.counsel,
    }
    return typeset(
        "cover",
        {
            "title": packet_title(front),
            "language": language_code(front.language),
            "kind_title": front.kind_title,
            "person": front.person,
            "hearing": front.hearing,
            "hub": front.hub,
            "hub_contact": front.hub_contact,
            "facts": [[label, words] for label, words in facts.items() if words.strip()],
            "prepared": " · ".join(_prepared(front)),
            "draft": job.draft,
        },
    )


def _contents(job: BindingJob, order: Order, before: int) -> bytes:
    return typeset(
        "contents",
        {
            "title": packet_title(job.front),
            "language": language_code(job.front.language),
            "before": before,
            "lines": [
                {
                    "title": line.title,
                    "note": line.note,
                    "label": line.label,
                    "offset": line.offset,
                    "level": line.level,
                }
                for line in order.lines
            ],
        },
    )


def _prepared(front: FrontMatter) -> Iterator[str]:
    on = f" {front.prepared_on}" if front.prepared_on.strip() else ""
    by = ", ".join(text for text in (front.prepared_by, front.hub) if text.strip())
    if on or by:
        yield f"Prepared{on}" + (f" by {by}" if by else "")
    yield f"Version {front.version}"


def _put_pages(bound: Pdf, parts: list[tuple[OpenPart, str]]) -> None:
    tags, layers = TagTree(bound), Layers(bound)
    for part, title in parts:
        before = len(bound.pages)
        bound.pages.extend(part.pdf.pages)
        tags.add(part.pdf, bound.pages[before:], one_line(title))
        layers.add(part.pdf)
    tags.write()
    layers.write()


def _link_contents(bound: Pdf, front: int) -> None:
    """Turn the links of the contents into jumps within this document."""
    for page in bound.pages[:front]:
        for note in page.obj.get(Name.Annots, []):
            offset = int(str(note[Name.A][Name.URI]).removeprefix(LINK_SCHEME))
            number = front + offset
            del note[Name.A]
            note[Name.Dest] = [bound.pages[number - 1].obj, Name.Fit]
            note[Name.Contents] = String(f"Page {number}")
            page.obj[Name.Tabs] = Name.S


def _describe(bound: Pdf, front: FrontMatter) -> None:
    title, language = packet_title(front), language_code(front.language)
    bound.docinfo[Name.Title] = String(title)
    bound.Root[Name.Lang] = String(f"{language}-US" if language == "en" else language)
    bound.Root[Name.ViewerPreferences] = Dictionary(DisplayDocTitle=True)
    bound.Root[Name.PageMode] = Name.UseOutlines
    words = _METADATA.format(title=escape(title), language=bound.Root[Name.Lang])
    bound.Root[Name.Metadata] = bound.make_stream(
        words.encode(), Type=Name.Metadata, Subtype=Name.XML
    )
