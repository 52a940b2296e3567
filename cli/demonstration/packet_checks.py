"""Checks on the packet: approved as read, filed as approved, whole, and each reader told once.

They read the files' own bytes and the providers' own books. None of their lines holds a word of the
packet, an address or a link.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import select

from activities.documents.binding import DRAFT_MARK
from activities.documents.docx_package import unpack
from activities.documents.errors import DocumentError
from cli.demonstration.links import delivered_to
from cli.demonstration.lived import Files
from cli.demonstration.packet_words import letter, pay_stub_title
from cli.demonstration.pdf_words import squeezed, words_in
from cli.demonstration.story import Story
from domain.vocabulary import LinkPurpose, PacketState
from records.database import HubSession
from records.packet_reviews import bound_hash
from records.packets import get_packet, versions_of
from records.private_links import PATHS
from records.tables import Approval, Message, Packet, PacketVersion, PrivateLink

Row = TypeVar("Row", Approval, Message, PrivateLink)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the records hold of the packet."""

    packet: Packet
    versions: list[PacketVersion]
    approvals: list[Approval]
    messages: list[Message]
    links: list[PrivateLink]


Check = Callable[[Story, Kept, Files], Iterator[str]]


def packet_kept(session: HubSession, packet_id: str) -> Kept:
    """Read it."""
    return Kept(
        get_packet(session, packet_id),
        versions_of(session, packet_id),
        _of(session, Approval, packet_id),
        _of(session, Message, packet_id),
        _of(session, PrivateLink, packet_id),
    )


def _of(session: HubSession, table: type[Row], packet_id: str) -> list[Row]:
    return list(session.exec(select(table).where(table.packet_id == packet_id)).all())


def _approved(story: Story, kept: Kept, files: Files) -> Iterator[str]:
    """One approval: of the version and bytes that counsel read, and of nothing else at filing."""
    reading, filing = story.reading, story.filing
    if reading is None or filing is None or len(kept.approvals) != 1:
        yield f"counsel approved {len(kept.approvals)} times"
        return
    (approval,) = kept.approvals
    (read,) = [version for version in kept.versions if version.id == reading.version_id]
    if approval.voided_at is not None:
        yield "it is void"
    if (approval.version_id, approval.bound_hash) != (read.id, reading.seen_hash):
        yield "it is not of the version that counsel read"
    if (_hash(files.draft_docx), _hash(files.draft_pdf)) != (read.docx_sha256, read.pdf_sha256):
        yield "the files that counsel read are others now"
    if bound_hash(read) != approval.bound_hash:
        yield "it is not bound to those files"
    if (filing.approval_id, filing.content_hash) != (approval.id, approval.content_hash):
        yield "it did not hold when counsel filed"


def _filed(story: Story, kept: Kept, files: Files) -> Iterator[str]:
    """What lies in the folder is the approved version, and that is what was filed, in time."""
    final, day = kept.versions[-1], kept.packet.filed_on
    if (kept.packet.state, day) != (PacketState.FILED, story.days.packet_filed.date()):
        yield f"the packet is {kept.packet.state}"
    if story.filing is None or story.filing.version_id != final.id:
        yield "another version was filed"
    if [version.number for version in kept.versions if version.approval_id] != [final.number]:
        yield "the last version, and it alone, has to be the approved one"
    if (_hash(files.docx), _hash(files.pdf)) != (final.docx_sha256, final.pdf_sha256):
        yield "the files are not of that version"


def _mark(story: Story, kept: Kept, files: Files) -> Iterator[str]:
    """Each page of the draft says what it is; the final version says nothing of the kind."""
    if not _is_marked(files.draft_docx):
        yield "the Word draft has no mark"
    if _is_marked(files.docx):
        yield "the final Word file is marked as a draft"
    if not (files.pdf and files.draft_pdf):
        yield files.pdf_problem or "there is no PDF"
        return
    mark = squeezed(DRAFT_MARK)
    unmarked = sum(mark not in words for words in words_in(files.draft_pdf).pages)
    marked = sum(mark in words for words in words_in(files.pdf).pages)
    if unmarked or marked:
        yield f"{unmarked} page(s) of the draft without it, {marked} of the final version with it"


def _contents(story: Story, kept: Kept, files: Files) -> Iterator[str]:
    """The contents name the page on which the letter stands, and the exhibit's slip sheet."""
    if not files.pdf:
        yield files.pdf_problem or "there is no PDF"
        return
    pdf, cast = words_in(files.pdf), story.cast
    listed = _bare(pdf.pages[pdf.bookmarks["Contents"] - 1])
    wanted = {
        f"{cast.writer.name}, {cast.job.their}": squeezed(letter(cast).answers["story"]),
        f"Exhibit A: {pay_stub_title(cast)}": squeezed(f"Exhibit A{pay_stub_title(cast)}"),
    }
    for title, words in wanted.items():
        page = pdf.bookmarks.get(title, 0)
        if not page or words not in pdf.pages[page - 1]:
            yield "a bookmark is missing, or leads elsewhere"
        elif f"{_bare(title)}{page}" not in listed:
            yield f"page {page} is not in the contents"


_CALLED_FOR = Counter(
    {
        ("letter_request", "writer"): 1,
        ("letter_nudge", "writer"): 1,
        ("counsel_review", "counsel"): 1,
        ("packet_ready", "counsel"): 1,
    }
)


def _told(story: Story, kept: Kept, files: Files) -> Iterator[str]:
    """Writer and counsel were written to twice each, with their own link, and nobody else."""
    told = Counter((one.step, story.people.get(one.person_id, "?")) for one in kept.messages)
    if told != _CALLED_FOR:
        yield f"there were {dict(told)}"
    purposes = {"writer": LinkPurpose.LETTER, "counsel": LinkPurpose.COUNSEL}
    for who in story.cast.everyone:
        if who.role != "defendant" and any(_STEPS in w for w in delivered_to(story.world, who)):
            yield f"the {who.role} got the page of her steps"
        if who.role in purposes and any(_FAMILY in w for w in delivered_to(story.world, who)):
            yield f"the {who.role} got the family's page"
        got = [words for words in delivered_to(story.world, who) if _LINK.search(words)]
        if len(got) != (2 if who.role in purposes else 0):
            yield f"{len(got)} links went to the {who.role}"
            continue
        own = [
            PATHS[purposes[who.role]] + link.token
            for link in kept.links
            if got and story.people.get(link.person_id or "") == who.role
        ]
        if got and (len(own) != 1 or any(own[0] not in words for words in got)):
            yield f"the {who.role} got another link"


_STEPS, _FAMILY = PATHS[LinkPurpose.STEPS], PATHS[LinkPurpose.FAMILY]
_LINK = re.compile(
    "|".join(re.escape(path) for path in PATHS.values() if path not in {_STEPS, _FAMILY})
)
"""A private link about a packet; reminders name the page of her steps and the family's page."""


def _is_marked(docx: bytes) -> bool:
    parts = unpack(docx)
    texts = (
        re.sub(r"<[^>]+>", "", part.decode())
        for name, part in parts.items()
        if name.startswith("word/") and name.endswith(".xml")
    )
    return any(squeezed(DRAFT_MARK) in squeezed(text) for text in texts)


def _bare(words: str) -> str:
    """Letters and digits alone: the contents set a title apart with dots and columns."""
    return re.sub(r"\W", "", words)


def _hash(content: bytes) -> str:
    """As the records keep it: nothing for a file that was not made."""
    return hashlib.sha256(content).hexdigest() if content else ""


def packet_faults(check: Check, story: Story, kept: Kept, files: Files) -> list[str]:
    """What is wrong by one check; a file that cannot be read is."""
    try:
        return list(check(story, kept, files))
    except DocumentError as error:
        return [str(error)]


PACKET_CHECKS: dict[str, Check] = {
    "the_approval_was_of_what_counsel_read_and_held_at_the_filing": _approved,
    "the_files_are_the_version_that_counsel_filed": _filed,
    "each_page_of_the_draft_is_marked_and_none_of_the_final_version": _mark,
    "letter_and_exhibit_stand_where_the_contents_say": _contents,
    "each_message_of_the_packet_was_sent_once_with_its_own_link": _told,
}
