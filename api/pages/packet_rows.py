"""The rows of a packet's page: its versions, what was said of them, letters and exhibits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import col, select

from activities.packet_inputs import exhibit_label, exhibits_of
from api.pages import dates, packet_words, wording
from api.pages.packet_files import PAGES, UPLOADED
from api.pages.people import Named, named
from api.version_files import EXTENSIONS, Make, file_of
from domain.court_time import wall_time
from domain.vocabulary import LetterState, Reader, Verdict
from records.database import HubSession
from records.packet_reviews import bound_hash, reviews_of
from records.tables import Approval, Exhibit, Hub, Letter, Packet, PacketReview, PacketVersion

FORMS: Mapping[Make, str] = {
    Make.PDF: "Bound PDF",
    Make.DOCX: "Word file",
    Make.EXHIBITS: "Exhibits, zip",
}
"""What each form is called on a button."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a version: what it is called on a button, its size in words, its SHA-256."""

    form: str
    words: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the court's filing desk would find; `blocking` when it would refuse it."""

    words: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version.

    Attributes:
        status: approved, or not (any more).
        approved: counsel approved exactly this, and it still holds.
        draft: its pages carry the draft mark.
        bound: what an approval of it would be bound to.
        changes: since the version before; empty for the first.
        why_no_pdf: in plain words; "" when there is one.
    """

    id: str
    number: int
    built: str
    pages: int
    files: Sequence[FileRow]
    status: wording.Status
    approved: bool
    draft: bool
    bound: str
    changes: Sequence[str]
    findings: Sequence[Finding]
    why_no_pdf: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What somebody said after reading; `version` is its number, or None."""

    who: str
    what: wording.Status
    words: str
    when: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Take:
    """A button that takes one file of a letter or an exhibit."""

    form: str
    words: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of support; only one that is `sent` can be read."""

    id: str
    writer: str
    relationship: str
    status: wording.Status
    state: str
    asked: str
    sent: bool
    takes: Sequence[Take]


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit in its order."""

    id: str
    label: str
    title: str
    caption: str
    pages: int
    takes: Sequence[Take]


class Stands(Protocol):
    """How counsel's word stands."""

    @property
    def approval(self) -> Approval | None: ...

    @property
    def holds(self) -> bool: ...


def letters_shown(session: HubSession, packet_id: str, zone: str) -> list[LetterRow]:
    """Every letter that was asked for and not withdrawn, those that are in first."""
    rows = session.exec(
        select(Letter)
        .where(Letter.packet_id == packet_id, Letter.state != LetterState.WITHDRAWN)
        .order_by(col(Letter.position), col(Letter.asked_at), col(Letter.id))
    ).all()
    people = named(session, {row.writer_id for row in rows if row.writer_id})
    shown = [_letter(row, people, zone) for row in rows]
    return sorted(shown, key=lambda row: not row.sent)


def _letter(row: Letter, people: Mapping[str, Named], zone: str) -> LetterRow:
    writer = people.get(row.writer_id or "")
    sent = row.state == LetterState.SENT
    return LetterRow(
        id=row.id,
        writer=(sent and row.signed_as) or (writer.full if writer else "A writer"),
        relationship=row.relationship,
        status=packet_words.LETTERS.get(row.state, wording.Status(row.state, "ring")),
        state=row.state,
        asked=dates.day_words(wall_time(row.asked_at, zone).date()),
        sent=sent,
        takes=_takes(row.document_key, row.media_type, row.pdf_key) if sent else (),
    )


def exhibits_shown(session: HubSession, packet_id: str) -> list[ExhibitRow]:
    """The exhibits in their order."""
    return [_exhibit(index, row) for index, row in enumerate(exhibits_of(session, packet_id))]


def _exhibit(index: int, row: Exhibit) -> ExhibitRow:
    takes = _takes(row.document_key, row.media_type, row.pdf_key)
    return ExhibitRow(row.id, exhibit_label(index), row.title, row.caption, row.pages, takes)


def _takes(document_key: str, media_type: str, pdf_key: str) -> list[Take]:
    """The uploaded file, and its pages where they are something else."""
    words = {"docx": "Word file", "pdf": "PDF", "jpg": "Photograph", "png": "Picture"}
    found = []
    if document_key:
        extension = EXTENSIONS.get(media_type, "")
        found.append(Take(UPLOADED, words.get(extension, "File")))
    if pdf_key and media_type != "application/pdf":
        found.append(Take(PAGES, "PDF"))
    return found


def versions_shown(
    packet: Packet, rows: Sequence[PacketVersion], standing: Stands, zone: str
) -> list[VersionRow]:
    """All versions, the newest first."""
    return [_version(packet, row, standing, zone, newest=row is rows[-1]) for row in reversed(rows)]


def _version(
    packet: Packet,
    row: PacketVersion,
    standing: Stands,
    zone: str,
    *,
    newest: bool,
) -> VersionRow:
    files = [
        FileRow(make, words, packet_words.size(file.size), file.sha256)
        for make, words in FORMS.items()
        if (file := file_of(row, packet.kind, make)) is not None
    ]
    approval = standing.approval
    theirs = approval is not None and approval.id == row.approval_id
    theirs = theirs or (approval is not None and approval.version_id == row.id)
    approved = theirs and standing.holds
    return VersionRow(
        id=row.id,
        number=row.number,
        built=dates.moment_words(row.built_at, zone),
        pages=row.pages,
        files=files,
        status=_status(approved=approved, theirs=theirs, newest=newest),
        approved=approved,
        draft=not row.approval_id,
        bound=bound_hash(row),
        changes=[line for line in row.changes.split("\n") if line],
        findings=_findings(row.preflight),
        why_no_pdf="" if row.pdf_key else row.pdf_problem,
    )


def _status(*, approved: bool, theirs: bool, newest: bool) -> wording.Status:
    if approved:
        return wording.Status("approved", "disc", "good")
    if theirs:
        return wording.Status("approval no longer holds", "cross", "amber")
    return wording.Status("newest draft", "half") if newest else wording.Status("earlier", "ring")


def _findings(dumped: str) -> list[Finding]:
    """What was found when the version was built (activities/packet_making.py)."""
    return [Finding(row["words"], row["blocking"]) for row in json.loads(dumped or "[]")]


def reviews_shown(
    session: HubSession, packet: Packet, versions: Sequence[PacketVersion], hub: Hub
) -> list[ReviewRow]:
    """What readers said, the newest first."""
    numbers = {version.id: version.number for version in versions}
    rows = reviews_of(session, packet.id)[::-1]
    return [_review(row, numbers, hub) for row in rows]


def _review(row: PacketReview, numbers: Mapping[str, int], hub: Hub) -> ReviewRow:
    role = "Counsel" if row.reader == Reader.COUNSEL else wording.capital(hub.participant_word)
    unread = row.reader == Reader.PARTICIPANT and row.verdict == Verdict.COMMENTS
    return ReviewRow(
        who=row.said_by or role,
        what=packet_words.UNREAD
        if unread and not row.said_by
        else packet_words.verdict(row.reader, row.verdict),
        words=row.words,
        when=dates.moment_words(row.said_at, hub.zone),
        version=numbers.get(row.version_id or ""),
    )
