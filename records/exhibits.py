"""Exhibits in the records: what goes with a packet, in which order, and what each is called.

A document is stored first and then recorded here; its bytes are never in the records. A row that
is removed keeps its document, so that it can be put back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, select

from domain.packets import ENDED_PACKETS
from domain.vocabulary import ExhibitKind
from records.casework import NotFound, Source
from records.database import HubSession
from records.packet_reviews import PacketEnded
from records.packets import get_packet, packet_changed
from records.tables import Exhibit, Packet

MOST_EXHIBITS: Final = 60
"""Exhibits that one packet may have; a judge looks through fewer."""
MOST_BYTES: Final = 150_000_000
"""Bytes of one packet's exhibits together: three times the largest filing that a court takes."""
MOST_TITLE: Final = 200
MOST_CAPTION: Final = 500
CHANGES: Final = frozenset({"title", "caption", "kind", "in_body"})
"""What may be changed of an exhibit."""


class ExhibitProblem(ValueError):
    """An exhibit cannot be added or changed so; the message says what to do instead."""


class TooManyExhibits(ExhibitProblem):
    """The packet would have more exhibits than anybody looks through."""

    def __init__(self) -> None:
        super().__init__(f"A packet holds {MOST_EXHIBITS} exhibits; remove some of them first.")


class ExhibitsTooLarge(ExhibitProblem):
    """The packet's exhibits together would be larger than any court takes."""

    def __init__(self) -> None:
        super().__init__(
            f"The exhibits of a packet together may have {MOST_BYTES // 1_000_000} MB. Remove "
            "some, or scan them anew at 200 dots an inch."
        )


class EnclosedAlready(ExhibitProblem):
    """The same document is in the packet.

    Attributes:
        exhibit_id: of the exhibit that it is.
    """

    def __init__(self, exhibit_id: str) -> None:
        self.exhibit_id = exhibit_id
        super().__init__("The same file is in this packet already.")


class NotAPhotograph(ExhibitProblem):
    """Only a picture can be shown in the packet's own pages."""

    def __init__(self) -> None:
        super().__init__("Only photographs can be shown in the packet's own pages.")


@dataclass(frozen=True, slots=True)
class NewExhibit:
    """A document that was checked and stored, and what it is called.

    Attributes:
        kind: of `ExhibitKind`.
        file_name: as it was called on the sender's device.
        document_key, sha256, size, media_type: of the stored document, cleaned.
        pdf_key, pages: of its pages, where they were made already; else "" and 0.
        notes: what was changed in it, a line each.
        in_body: shown in the packet's own pages too.
    """

    title: str
    document_key: str
    sha256: str
    size: int
    media_type: str
    kind: str = ExhibitKind.OTHER
    caption: str = ""
    file_name: str = ""
    pdf_key: str = ""
    pages: int = 0
    notes: str = ""
    in_body: bool = False


def list_exhibits(session: HubSession, packet_id: str) -> list[Exhibit]:
    """The exhibits of a packet in their order, without those that were removed."""
    return [exhibit for exhibit in _all(session, packet_id) if exhibit.removed_at is None]


def removed_exhibits(session: HubSession, packet_id: str) -> list[Exhibit]:
    """Those that were removed and can be put back, the latest first."""
    removed = [row for row in _all(session, packet_id) if row.removed_at is not None]
    return sorted(removed, key=lambda row: (row.removed_at, row.id), reverse=True)


def get_exhibit(session: HubSession, exhibit_id: str) -> Exhibit:
    """The exhibit, removed or not.

    Raises:
        NotFound: not in this hub.
    """
    exhibit = session.get(Exhibit, exhibit_id)
    if exhibit is None:
        raise NotFound("exhibit")
    return exhibit


def add_exhibit(
    session: HubSession, packet_id: str, new: NewExhibit, source: Source, now: datetime
) -> Exhibit:
    """Put a document behind the others; the next version of the packet has it.

    Raises:
        NotFound: no such packet.
        PacketEnded: it was filed or replaced.
        EnclosedAlready, TooManyExhibits, ExhibitsTooLarge, NotAPhotograph: nothing was added.
    """
    packet = _open(session, packet_id)
    enclosed = list_exhibits(session, packet_id)
    _check_room(enclosed, new.document_key, new.size)
    _check_shown(new.media_type, in_body=new.in_body)
    exhibit = Exhibit(
        packet_id=packet.id,
        position=max((row.position for row in enclosed), default=-1) + 1,
        added_by=source.actor,
        **{name: getattr(new, name) for name in NewExhibit.__dataclass_fields__},
    )
    session.add(exhibit)
    session.flush()
    packet_changed(session, packet, "exhibit_added", source, now)
    return exhibit


def change_exhibit(
    session: HubSession, exhibit_id: str, changes: Mapping[str, Any], source: Source, now: datetime
) -> Exhibit:
    """Change what an exhibit is called or where it shows. What is as it was changes nothing.

    Args:
        changes: new values by the names of `CHANGES`.

    Raises:
        NotFound: no such exhibit, or it was removed.
        PacketEnded: its packet was filed or replaced.
        NotAPhotograph: it cannot be shown in the packet's own pages.
    """
    exhibit, packet = _present(session, exhibit_id)
    _check_shown(exhibit.media_type, in_body=bool(changes.get("in_body")))
    new = {name: changes[name] for name in CHANGES & changes.keys()}
    if all(getattr(exhibit, name) == value for name, value in new.items()):
        return exhibit
    for name, value in new.items():
        setattr(exhibit, name, value)
    session.add(exhibit)
    session.flush()
    packet_changed(session, packet, "exhibit_changed", source, now)
    return exhibit


def move_exhibit(
    session: HubSession, exhibit_id: str, place: int, source: Source, now: datetime
) -> list[Exhibit]:
    """Give an exhibit another place in the order; the others close up.

    Args:
        place: from 0; past the end counts as the end.

    Returns:
        The exhibits in their new order.

    Raises:
        NotFound: no such exhibit, or it was removed.
        PacketEnded: its packet was filed or replaced.
    """
    exhibit, packet = _present(session, exhibit_id)
    before = list_exhibits(session, packet.id)
    order = [row for row in before if row.id != exhibit.id]
    order.insert(max(place, 0), exhibit)
    if [row.id for row in order] == [row.id for row in before]:
        return before
    _number(session, order)
    packet_changed(session, packet, "exhibit_moved", source, now)
    return order


def remove_exhibit(session: HubSession, exhibit_id: str, source: Source, now: datetime) -> Exhibit:
    """Take an exhibit out; it can be put back. Twice is once.

    Raises:
        NotFound: no such exhibit.
        PacketEnded: its packet was filed or replaced.
    """
    exhibit = get_exhibit(session, exhibit_id)
    packet = _open(session, exhibit.packet_id)
    if exhibit.removed_at is None:
        exhibit.removed_at = now
        session.add(exhibit)
        session.flush()
        packet_changed(session, packet, "exhibit_removed", source, now)
    return exhibit


def restore_exhibit(session: HubSession, exhibit_id: str, source: Source, now: datetime) -> Exhibit:
    """Put a removed exhibit back where it stood, as far as that place is still there.

    Raises:
        NotFound: no such exhibit.
        PacketEnded: its packet was filed or replaced.
        EnclosedAlready, TooManyExhibits, ExhibitsTooLarge: there is no room for it any more.
    """
    exhibit = get_exhibit(session, exhibit_id)
    packet = _open(session, exhibit.packet_id)
    if exhibit.removed_at is None:
        return exhibit
    others = list_exhibits(session, packet.id)
    _check_room(others, exhibit.document_key, exhibit.size)
    exhibit.removed_at = None
    place = sum(1 for row in others if row.position < exhibit.position)
    _number(session, [*others[:place], exhibit, *others[place:]])
    packet_changed(session, packet, "exhibit_restored", source, now)
    return exhibit


def copy_exhibits(session: HubSession, old_packet_id: str, new: Packet) -> None:
    """Enclose what one packet encloses in another, too; the documents are the same."""
    left_out = {"id", "created_at", "packet_id"}
    for exhibit in list_exhibits(session, old_packet_id):
        session.add(Exhibit(packet_id=new.id, **exhibit.model_dump(exclude=left_out)))
    session.flush()


def _all(session: HubSession, packet_id: str) -> list[Exhibit]:
    return list(
        session.exec(
            select(Exhibit)
            .where(Exhibit.packet_id == packet_id)
            .order_by(col(Exhibit.position), col(Exhibit.id))
        ).all()
    )


def _open(session: HubSession, packet_id: str) -> Packet:
    """The packet, held: two people who add at once do so one after the other."""
    packet = get_packet(session, packet_id)
    session.lock(packet)
    if packet.state in ENDED_PACKETS:
        raise PacketEnded
    return packet


def _present(session: HubSession, exhibit_id: str) -> tuple[Exhibit, Packet]:
    exhibit = get_exhibit(session, exhibit_id)
    packet = _open(session, exhibit.packet_id)
    session.refresh(exhibit)
    if exhibit.removed_at is not None:
        raise NotFound("exhibit")
    return exhibit, packet


def _check_room(enclosed: list[Exhibit], document_key: str, size: int) -> None:
    for row in enclosed:
        if row.document_key == document_key:
            raise EnclosedAlready(row.id)
    if len(enclosed) >= MOST_EXHIBITS:
        raise TooManyExhibits
    if sum(row.size for row in enclosed) + size > MOST_BYTES:
        raise ExhibitsTooLarge


def _check_shown(media_type: str, *, in_body: bool) -> None:
    if in_body and not media_type.startswith("image/"):
        raise NotAPhotograph


def _number(session: HubSession, order: list[Exhibit]) -> None:
    for position, row in enumerate(order):
        row.position = position
        session.add(row)
    session.flush()
