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
    """A packet for one case and, usually, one hearing. `content` is the advocate's JSON."""

    case_id: str = ref("case.id")
    hearing_id: str | None = maybe_ref("hearing.id")
    kind: str = "release"
    state: str = "collecting"
    content: str = sealed("packet.content")
    requested_at: datetime = instant()
    revision: int = 1


class PacketVersion(HubOwned, table=True):
    """One rendering: where its files are, and the hash of everything it was made from."""

    __tablename__ = "packet_version"
    packet_id: str = ref("packet.id")
    number: int
    inputs_hash: str
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
    built_at: datetime = instant()

    __table_args__ = (
        UniqueConstraint("packet_id", "number"),
        UniqueConstraint("packet_id", "inputs_hash"),
    )


class Letter(HubOwned, table=True):
    """A letter of support, from the asking to the signature."""

    packet_id: str = ref("packet.id")
    writer_id: str | None = maybe_ref("person.id")
    state: str = "asked"
    asked_at: datetime = instant()
    body: str = sealed("letter.body")
    signed_as: str = sealed("letter.signed_as")
    signed_on: date | None = None


class Exhibit(HubOwned, table=True):
    """A document that goes with a packet."""

    packet_id: str = ref("packet.id")
    title: str = sealed("exhibit.title")
    position: int = 0
    document_key: str = ""
    sha256: str = ""
    size: int = 0
    media_type: str = ""


class Approval(HubOwned, table=True):
    """Counsel's word on one version, bound to its hash; voided when anything changes."""

    packet_id: str = ref("packet.id")
    version_id: str = ref("packet_version.id")
    approved_by: str
    approved_at: datetime = instant()
    bound_hash: str
    voided_at: datetime | None = maybe_instant()
    void_reason: str = Field(default="")
