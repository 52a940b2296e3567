"""What the pages of Word templates show: kinds, versions, and what may stand in a template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from api.pages.exhibit_view import size_words
from api.pages.session import Visit
from domain.court_time import wall_time
from domain.packet_sections import TITLES, sections_of
from domain.vocabulary import PacketKind
from records.database import HubSession
from records.packet_templates import open_packets, templates_of
from records.tables import PacketTemplate, StaffMember


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One of the hub's own versions. `at`: when it was uploaded, on the hub's clock."""

    id: str
    number: int
    note: str
    at: datetime
    by: str
    size: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of packet with its templates.

    Attributes:
        used: the hub's own version in use; None for Homeward's.
        versions: newest first.
        open_packets: how many another template would change.
    """

    kind: str
    title: str
    used: VersionRow | None
    versions: tuple[VersionRow, ...]
    open_packets: int

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"/templates/{self.kind}"


PLACES = (
    ("The person", "person.name person.called docket_numbers"),
    ("The court", "court.name court.judge court.room court.address"),
    ("The hearing", "hearing.title hearing.date hearing.time"),
    ("Counsel", "counsel.name counsel.office counsel.contact"),
    ("The hub", "hub.name hub.contact hub.about"),
    ("The packet", "title kind ask prepared.by prepared.on version transport"),
    ("Draft or approved", "draft approval.by approval.on"),
)
"""Placeholders that hold one text each."""
LISTS = (
    ("helpers", "name relationship will_do"),
    ("plan", "step provider when status"),
    ("letters", "writer relationship pages"),
    ("exhibits", "label title pages"),
    ("photographs", "picture caption"),
    ("charges", ""),
    ("conditions", ""),
    ("reminders", ""),
)
"""Lists, and what each of their elements has."""


def kind_view(session: HubSession, visit: Visit, kind: PacketKind) -> KindView:
    """A kind as its page shows it."""
    rows = templates_of(session, kind)
    names = _names(session, rows)
    versions = tuple(_version(visit, row, names) for row in rows)
    return KindView(
        kind=kind,
        title=TITLES[kind],
        used=next((row for row in versions if row.in_use), None),
        versions=versions,
        open_packets=len(open_packets(session, kind)),
    )


def _version(visit: Visit, row: PacketTemplate, names: Mapping[str, str]) -> VersionRow:
    return VersionRow(
        id=row.id,
        number=row.number,
        note=row.note,
        at=wall_time(row.uploaded_at, visit.hub.zone),
        by=names.get(row.uploaded_by, row.uploaded_by),
        size=size_words(row.size),
        in_use=row.in_use,
    )


def _names(session: HubSession, rows: Sequence[PacketTemplate]) -> dict[str, str]:
    """What those who uploaded are called, by how they sign in; programs have one name alone."""
    found = session.exec(
        select(StaffMember).where(col(StaffMember.sign_in).in_({row.uploaded_by for row in rows}))
    ).all()
    return {member.sign_in: member.name for member in found}


def section_names(kind: str) -> list[tuple[str, str]]:
    """The lists of passages that a kind has, each with its heading."""
    return [(f"sections.{section.key}", section.heading) for section in sections_of(kind)]
