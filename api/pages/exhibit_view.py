"""The exhibits of a packet as its advocate sees them."""

from collections.abc import Mapping
from dataclasses import dataclass

from activities.documents.exhibits import JPEG, PDF
from activities.packet_inputs import exhibit_label
from api.pages.own_words import marked
from domain.vocabulary import ExhibitKind
from records.database import HubSession
from records.exhibits import list_exhibits, removed_exhibits
from records.packets import hearing_of
from records.tables import Court, Exhibit, Packet

KINDS: Mapping[str, str] = marked(
    {
        ExhibitKind.PHOTOGRAPH: "Photograph",
        ExhibitKind.CERTIFICATE: "Certificate or award",
        ExhibitKind.EMPLOYMENT: "Work: pay stub, employer's letter",
        ExhibitKind.HOUSING: "Home: lease, utility bill",
        ExhibitKind.SCHOOL: "School or training",
        ExhibitKind.TREATMENT: "Treatment or counseling",
        ExhibitKind.ACCEPTANCE: "A program or place that takes them",
        ExhibitKind.RECORD: "A record, such as of the court",
        ExhibitKind.OTHER: "Something else",
    }
)
"""What a document shows, in words to choose from."""


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit as a list shows it."""

    id: str
    label: str
    title: str
    caption: str
    facts: str
    notes: tuple[str, ...]
    in_body: bool


@dataclass(frozen=True, slots=True)
class Enclosed:
    """All exhibits of a packet.

    Attributes:
        removed: what can be put back, the latest first.
        total: how much it is together, in words; "" for nothing.
        over: the court's limit in megabytes, when the exhibits alone are above it; else 0.
    """

    rows: tuple[ExhibitRow, ...]
    removed: tuple[ExhibitRow, ...]
    total: str
    over: int


def enclosed(session: HubSession, packet: Packet) -> Enclosed:
    """What the page of a packet's exhibits shows."""
    exhibits = list_exhibits(session, packet.id)
    size = sum(row.size for row in exhibits)
    limit = _limit_mb(session, packet)
    return Enclosed(
        tuple(exhibit_row(row, index) for index, row in enumerate(exhibits)),
        tuple(exhibit_row(row) for row in removed_exhibits(session, packet.id)),
        _total(exhibits, size),
        limit if size > limit * 1_000_000 else 0,
    )


def exhibit_row(row: Exhibit, index: int | None = None) -> ExhibitRow:
    """One exhibit; `index` is its place from 0, None for one that was removed."""
    return ExhibitRow(
        id=row.id,
        label="" if index is None else exhibit_label(index),
        title=row.title,
        caption=row.caption,
        facts=_facts(row),
        notes=tuple(row.notes.split("\n")) if row.notes else (),
        in_body=row.in_body,
    )


def _facts(row: Exhibit) -> str:
    kind = "" if row.kind == ExhibitKind.OTHER else KINDS[ExhibitKind(row.kind)].partition(":")[0]
    form = {PDF: "PDF", JPEG: "Picture"}.get(row.media_type, "Word")
    pages = _pages(row.pages) if row.pages else ""
    return " · ".join(part for part in (kind, form, pages, size_words(row.size)) if part)


def _total(exhibits: list[Exhibit], size: int) -> str:
    if not exhibits:
        return ""
    counted = "1 exhibit" if len(exhibits) == 1 else f"{len(exhibits)} exhibits"
    pages = sum(row.pages for row in exhibits)
    known = all(row.pages for row in exhibits)
    return ", ".join([counted, *([_pages(pages)] if known else []), size_words(size)])


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def size_words(size: int) -> str:
    """ "312 kB", "1.4 MB"."""
    return f"{max(1, round(size / 1000))} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


def _limit_mb(session: HubSession, packet: Packet) -> int:
    hearing = hearing_of(session, packet)
    court = session.get(Court, hearing.court_id) if hearing and hearing.court_id else None
    return court.filing_limit_mb if court else 25
