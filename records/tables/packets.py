"""Mitigation packets: what goes in, every version that came out, and who approved it."""

from datetime import date, datetime

from sqlmodel import Field, UniqueConstraint

from records.tables.base import (
    HubOwned,
    instant,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
)


class Packet(HubOwned, table=True):
    """A packet for one case and, usually, one hearing.

    `content` is the front matter as JSON (what the court is asked, judge, conditions …); what
    the sections say are rows of `PacketPassage`. A cancelled packet keeps its state, so that it
    can be taken up again where it stood.
    """

    case_id: str = ref("case.id")
    hearing_id: str | None = maybe_ref("hearing.id")
    kind: str = "release"
    state: str = "collecting"
    content: str = sealed("packet.content")
    requested_at: datetime = instant()
    revision: int = 1
    state_since: datetime | None = maybe_instant()
    changed_at: datetime | None = maybe_instant()
    cancelled_at: datetime | None = maybe_instant()
    replaces_id: str | None = maybe_ref("packet.id")
    delivered_at: datetime | None = maybe_instant()
    filed_on: date | None = None


class PacketPassage(HubOwned, table=True):
    """One paragraph of one section: an answer of the interview, or written freely.

    `question` is the interview's question that it answers, "" for a free paragraph. `said_by`
    is whose words they are, for a quote to keep; `title` is what a timeline or a table of
    corrections shows at the left. `written_by` is who typed it: an actor, never a name.

    `text` is what the packet says, in English. `original` are the words as they were said, in
    `language`, where somebody told them through a link (`teller_id`) or in another language: with
    no `text` beside it, it waits for a translation and stands in no packet. `earlier_text` is
    what the packet said of it before the teller changed their words. A passage that was taken out
    (`removed_at`) stands in no packet and can be put back.
    """

    __tablename__ = "packet_passage"
    packet_id: str = ref("packet.id")
    section: str
    question: str = ""
    position: int = 0
    title: str = sealed("packet_passage.title")
    text: str = sealed("packet_passage.text")
    said_by: str = sealed("packet_passage.said_by")
    quote: bool = False
    confirmed_by: str = sealed("packet_passage.confirmed_by")
    teller_id: str | None = maybe_ref("person.id", index=False)
    original: str = sealed("packet_passage.original")
    language: str = "en"
    earlier_text: str = sealed("packet_passage.earlier_text")
    written_by: str = ""
    written_at: datetime = instant()
    revision: int = 1
    removed_at: datetime | None = maybe_instant()
    removed_by: str = ""


class PacketVersion(HubOwned, table=True):
    """One building: where its files are, and the hash of everything it was made from.

    `content_hash` leaves the approval out and `inputs_hash` counts it in: the version that
    counsel read and the final one that follows the approval share the first. `pdf_*` is the
    bound PDF. `inputs` lists what went in, as JSON, and `changes` says what is new since the
    version before; `preflight` is what the court's filing desk would find, as JSON.
    """

    __tablename__ = "packet_version"
    packet_id: str = ref("packet.id")
    number: int
    inputs_hash: str
    content_hash: str = ""
    approval_id: str = ""
    template: str
    template_version: str
    docx_key: str = ""
    docx_sha256: str = ""
    docx_size: int = 0
    pdf_key: str = ""
    pdf_sha256: str = ""
    pdf_size: int = 0
    pages: int = 0
    pdf_problem: str = ""
    exhibits_key: str = ""
    exhibits_sha256: str = ""
    exhibits_size: int = 0
    inputs: str = sealed("packet_version.inputs")
    changes: str = sealed("packet_version.changes")
    preflight: str = sealed("packet_version.preflight")
    built_at: datetime = instant()

    __table_args__ = (UniqueConstraint("packet_id", "number"),)


class Letter(HubOwned, table=True):
    """A letter of support, from the asking to the signature.

    `answers` is the draft as JSON (`domain.letters.Draft`), at `revision`; `body`, `contact` and
    `signed_as` are what was signed, as the judge reads it. A letter that was uploaded has a
    `document_key` and no body; `pdf_key` are its pages as they are bound. `taken_down_by` wrote it
    down for a writer on the telephone. `translation` stands beside an original in another
    language; `translated_from` is the hash of that original. `asks` counts how often the writer
    was asked.
    """

    packet_id: str = ref("packet.id")
    writer_id: str | None = maybe_ref("person.id")
    relationship: str = sealed("letter.relationship")
    language: str = "en"
    state: str = "asked"
    position: int = 0
    asked_at: datetime = instant()
    opened_at: datetime | None = maybe_instant()
    saved_at: datetime | None = maybe_instant()
    sent_at: datetime | None = maybe_instant()
    declined_at: datetime | None = maybe_instant()
    withdrawn_at: datetime | None = maybe_instant()
    decline_words: str = sealed("letter.decline_words")
    answers: str = sealed("letter.answers")
    revision: int = 1
    asks: int = 1
    body: str = sealed("letter.body")
    contact: str = sealed("letter.contact")
    signed_as: str = sealed("letter.signed_as")
    signed_on: date | None = None
    taken_down_by: str = sealed("letter.taken_down_by")
    translation: str = sealed("letter.translation")
    translated_by: str = sealed("letter.translated_by")
    translated_from: str = ""
    document_key: str = ""
    document_name: str = sealed("letter.document_name")
    media_type: str = ""
    sha256: str = ""
    size: int = 0
    pdf_key: str = ""
    pages: int = 0


class Exhibit(HubOwned, table=True):
    """A document that goes with a packet: `document_key` is what was uploaded, cleaned (upright,
    without a photograph's location); `pdf_key` are its pages as they are bound, made when first
    needed. `in_body` puts a photograph into the packet's own pages too."""

    packet_id: str = ref("packet.id")
    kind: str = "other"
    title: str = sealed("exhibit.title")
    caption: str = sealed("exhibit.caption")
    file_name: str = sealed("exhibit.file_name")
    position: int = 0
    document_key: str = ""
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    pdf_key: str = ""
    pages: int = 0
    notes: str = sealed("exhibit.notes")
    in_body: bool = False
    added_by: str = ""
    removed_at: datetime | None = maybe_instant()


class PacketReview(HubOwned, table=True):
    """What someone said after reading a version: the participant ("agrees", "changes") or
    counsel ("approves", "sends_back", "comments"), in their words."""

    __tablename__ = "packet_review"
    packet_id: str = ref("packet.id")
    version_id: str | None = maybe_ref("packet_version.id", index=False)
    reader: str
    verdict: str
    words: str = sealed("packet_review.words")
    said_by: str = sealed("packet_review.said_by")
    said_at: datetime = instant()


class Approval(HubOwned, table=True):
    """Counsel's word on one version, bound to a hash over its inputs and the bytes of its files;
    voided when anything changes."""

    packet_id: str = ref("packet.id")
    version_id: str = ref("packet_version.id")
    approved_by: str
    signed_as: str = sealed("approval.signed_as")
    approved_at: datetime = instant()
    content_hash: str = ""
    bound_hash: str
    voided_at: datetime | None = maybe_instant()
    void_reason: str = sealed("approval.void_reason")


class PacketTemplate(HubOwned, table=True):
    """A hub's own version of a kind's Word template. Versions are kept; one is in use, or none,
    and then Homeward's own is."""

    __tablename__ = "packet_template"
    kind: str
    language: str = "en"
    number: int
    document_key: str
    sha256: str
    size: int = 0
    note: str = sealed("packet_template.note")
    uploaded_by: str = ""
    uploaded_at: datetime = instant()
    in_use: bool = False

    __table_args__ = (UniqueConstraint("hub_id", "kind", "language", "number"),)


class PrivateLink(HubOwned, table=True):
    """A private address that lets one person do one thing without an account.

    `token` is kept sealed so that the address can stand in a message; it is found by its hash.
    Opening it shows a button and changes nothing; the button notes `opened_at`. `said` is what its
    holder has answered and not sent yet, as JSON.
    """

    __tablename__ = "private_link"
    purpose: str
    token_hash: str = Field(unique=True)
    token: str = sealed("private_link.token")
    packet_id: str | None = maybe_ref("packet.id")
    letter_id: str | None = maybe_ref("letter.id")
    consent_id: str | None = maybe_ref("consent_terms.id")
    referral_id: str | None = maybe_ref("referral.id")
    report_id: str | None = maybe_ref("progress_report.id")
    person_id: str | None = maybe_ref("person.id")
    case_id: str | None = maybe_ref("case.id")
    expires_at: datetime = instant()
    revoked_at: datetime | None = maybe_instant()
    opened_at: datetime | None = maybe_instant()
    last_opened_at: datetime | None = maybe_instant()
    said: str = sealed("private_link.said")
