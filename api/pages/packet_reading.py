"""A packet as its readers see it: how it stands, every version, letters, exhibits, what was said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from activities.packet_inputs import (
    Gathered,
    exhibit_label,
    exhibits_of,
    gather,
    hearing_of,
    load_inputs,
    what_changed,
)
from api.pages import dates, packet_words, wording
from api.pages.packet_files import PAGES, UPLOADED
from api.pages.people import Named, named, participants
from api.version_files import EXTENSIONS, Form, file_of
from domain.court_time import wall_time
from domain.facts import PacketLeads
from domain.packets import Milestones, milestones
from domain.vocabulary import LetterState, Reader, Verdict
from records.database import HubSession
from records.packet_reviews import bound_hash, live_approval, reviews_of
from records.packets import versions_of
from records.tables import (
    Approval,
    Case,
    Court,
    Docket,
    Exhibit,
    Hearing,
    Hub,
    Letter,
    Packet,
    PacketReview,
    PacketVersion,
)

FORMS: Mapping[Form, str] = {
    Form.PDF: "Bound PDF",
    Form.DOCX: "Word file",
    Form.EXHIBITS: "Exhibits, zip",
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


@dataclass(frozen=True, slots=True)
class Lead:
    """A moment that a packet works towards; `past` once its day is over."""

    words: str
    day: date
    away: str
    past: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How counsel's word stands.

    Attributes:
        approval: the live one, or else the last that was voided; None when there never was one.
        holds: it is live, and what the packet says now is what was approved.
        changed: what changed since, where it does not hold any more.
    """

    approval: Approval | None
    holds: bool
    changed: Sequence[str]

    @property
    def lapsed(self) -> bool:
        """Whether something was approved that is not so any more."""
        return self.approval is not None and not self.holds


@dataclass(frozen=True, slots=True)
class Reading:
    """A packet, whole.

    Attributes:
        title: of its kind.
        when: the hearing, in words; "" while there is none.
        current: the content hash of what the records say now.
        waiting: what changed since the newest version, which is not built yet.
        leads: in their order; empty without a hearing. `shrunk`: less time is left than usual.
    """

    packet: Packet
    title: str
    who: Named
    counsel: str
    counsel_office: str
    dockets: Sequence[str]
    hearing: Hearing | None
    kind_of_hearing: str
    when: str
    away: str
    place: str
    gathered: Gathered
    current: str
    standing: Standing
    versions: Sequence[VersionRow]
    waiting: Sequence[str]
    reviews: Sequence[ReviewRow]
    letters: Sequence[LetterRow]
    exhibits: Sequence[ExhibitRow]
    leads: Sequence[Lead]
    shrunk: bool

    @property
    def newest(self) -> VersionRow | None:
        """The version that holds."""
        return self.versions[0] if self.versions else None


def read_packet(session: HubSession, packet: Packet, hub: Hub, now: datetime) -> Reading:
    """A packet at `now` (UTC), on the clock of the hub.

    Raises:
        NoSuchKind: there is no template for its kind.
    """
    case = session.get_one(Case, packet.case_id)
    hearing = hearing_of(session, packet)
    gathered = gather(session, packet)
    versions = versions_of(session, packet.id)
    standing = standing_of(session, packet, gathered, versions)
    times = times_of(packet, hearing, hub)
    counsel = gathered.packet.counsel
    newest = versions[-1] if versions else None
    return Reading(
        packet=packet,
        title=packet_words.title(packet.kind),
        who=participants(session, [case.id])[case.id],
        counsel=counsel.name if counsel else "",
        counsel_office=counsel.office if counsel else "",
        dockets=_dockets(session, case.id),
        hearing=hearing,
        kind_of_hearing=wording.hearing_kind(hearing.kind) if hearing else "",
        when=dates.when_words(hearing.local_time) if hearing else "",
        away=_away(hearing, now),
        place=_place(session, hearing),
        gathered=gathered,
        current=gathered.content_hash,
        standing=standing,
        versions=_versions(packet, versions, standing, hub.zone)[::-1],
        waiting=_waiting(newest, gathered),
        reviews=_reviews(session, packet, versions, hub),
        letters=letters_of(session, packet.id, hub.zone),
        exhibits=_exhibits(session, packet.id),
        leads=_leads(times, hearing, hub.zone, now),
        shrunk=bool(times and times.shrunk),
    )


def standing_of(
    session: HubSession, packet: Packet, gathered: Gathered, versions: Sequence[PacketVersion]
) -> Standing:
    """How counsel's word stands, whether or not the workflow has noticed a change yet."""
    live = live_approval(session, packet.id)
    if live is None:
        last = session.exec(
            select(Approval)
            .where(Approval.packet_id == packet.id)
            .order_by(col(Approval.approved_at).desc())
        ).first()
        return Standing(last, False, [last.void_reason] if last and last.void_reason else [])
    if live.content_hash == gathered.content_hash:
        return Standing(live, True, ())
    approved = next((v for v in versions if v.id == live.version_id), None)
    before = load_inputs(approved.inputs) if approved else []
    return Standing(live, False, what_changed(before, list(gathered.inputs())))


def leads_of(hub: Hub) -> PacketLeads:
    """The lead times that a hub wants."""
    return PacketLeads(
        hub.packet_letters_days,
        hub.packet_draft_days,
        hub.packet_counsel_days,
        hub.packet_lead_days,
    )


def times_of(packet: Packet, hearing: Hearing | None, hub: Hub) -> Milestones | None:
    """When each part of a packet is wanted; None without a hearing."""
    if hearing is None:
        return None
    return milestones(packet.requested_at, hearing.starts_at, leads_of(hub))


def changes_since(session: HubSession, version_id: str, gathered: Gathered) -> list[str]:
    """What changed between a version and what the records say now."""
    version = session.get(PacketVersion, version_id)
    before = load_inputs(version.inputs) if version else []
    return what_changed(before, list(gathered.inputs()))


def letters_of(session: HubSession, packet_id: str, zone: str) -> list[LetterRow]:
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


def _exhibits(session: HubSession, packet_id: str) -> list[ExhibitRow]:
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


def _versions(
    packet: Packet, rows: Sequence[PacketVersion], standing: Standing, zone: str
) -> list[VersionRow]:
    before: Sequence[PacketVersion | None] = (None, *rows)
    return [
        _version(packet, row, earlier, standing, zone, newest=row is rows[-1])
        for earlier, row in zip(before, rows, strict=False)
    ]


def _version(
    packet: Packet,
    row: PacketVersion,
    earlier: PacketVersion | None,
    standing: Standing,
    zone: str,
    *,
    newest: bool,
) -> VersionRow:
    files = [
        FileRow(form, words, packet_words.size(file.size), file.sha256)
        for form, words in FORMS.items()
        if (file := file_of(row, packet.kind, form)) is not None
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
        changes=_changes(earlier, row),
        findings=_findings(row.preflight),
        why_no_pdf="" if row.pdf_key else row.pdf_problem,
    )


def _status(*, approved: bool, theirs: bool, newest: bool) -> wording.Status:
    if approved:
        return wording.Status("approved", "disc", "good")
    if theirs:
        return wording.Status("approval no longer holds", "cross", "amber")
    return wording.Status("newest draft", "half") if newest else wording.Status("earlier", "ring")


def _changes(earlier: PacketVersion | None, row: PacketVersion) -> list[str]:
    if earlier is None:
        return []
    found = what_changed(load_inputs(earlier.inputs), load_inputs(row.inputs))
    if not found and row.approval_id and row.approval_id != earlier.approval_id:
        return ["Counsel approved it; the draft mark is gone. Nothing else changed."]
    return found or ["Nothing that it is made from changed."]


def _waiting(newest: PacketVersion | None, gathered: Gathered) -> list[str]:
    if newest is None or newest.content_hash == gathered.content_hash:
        return []
    return what_changed(load_inputs(newest.inputs), list(gathered.inputs()))


def _findings(dumped: str) -> list[Finding]:
    """What was found when the version was built; a shape that is not known is left out."""
    found = json.loads(dumped or "[]")
    rows = found if isinstance(found, list) else found.get("findings", [])
    return [
        Finding(str(row["words"]), bool(row.get("blocking")))
        for row in rows
        if isinstance(row, dict) and row.get("words")
    ]


def _reviews(
    session: HubSession, packet: Packet, versions: Sequence[PacketVersion], hub: Hub
) -> list[ReviewRow]:
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


def _leads(
    times: Milestones | None, hearing: Hearing | None, zone: str, now: datetime
) -> list[Lead]:
    if times is None or hearing is None:
        return []
    today = dates.today_in(zone, now)
    moments = (
        ("Letters asked for", times.letters),
        ("Draft to read", times.draft),
        ("With counsel", times.counsel),
        ("Approved and ready", times.ready),
    )
    found = []
    for words, moment in moments:
        day = wall_time(moment, zone).date()
        found.append(Lead(words, day, dates.away(day, today), day < today))
    day = hearing.local_time.date()
    return [*found, Lead("In court", day, dates.away(day, today), day < today)]


def _away(hearing: Hearing | None, now: datetime) -> str:
    if hearing is None:
        return ""
    return dates.away(hearing.local_time.date(), dates.today_in(hearing.zone, now))


def _place(session: HubSession, hearing: Hearing | None) -> str:
    if hearing is None:
        return ""
    court = session.get(Court, hearing.court_id) if hearing.court_id else None
    parts = [court.name if court else "", f"room {hearing.room}" if hearing.room else ""]
    return ", ".join([part for part in parts if part] or [hearing.place])


def _dockets(session: HubSession, case_id: str) -> list[str]:
    return list(
        session.exec(
            select(col(Docket.number)).where(Docket.case_id == case_id).order_by(col(Docket.id))
        ).all()
    )

