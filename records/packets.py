"""Packets in the records: asking for one, its content, and the versions that were built."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from domain.agenda import Subject
from domain.vocabulary import PacketState
from records.casework import NotFound, Source, get_case, record_event, touch_packet
from records.database import HubSession
from records.outbox import announce
from records.tables import Hearing, HumanTask, Packet, PacketVersion

MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class PacketContent:
    """What the advocate wrote: plain paragraphs by section. Empty sections are left out.

    `helpers` and `conditions` are lines; `ask` is what the court is asked to consider.
    """

    ask: str = ""
    ties: tuple[str, ...] = ()
    residence: tuple[str, ...] = ()
    occupation: tuple[str, ...] = ()
    caregiving: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    transport: str = ""
    judge: str = ""
    prepared_by: str = ""
    letters: tuple[str, ...] = ()
    helpers: dict[str, str] = field(default_factory=dict)


def request_packet(
    session: HubSession,
    case_id: str,
    kind: str,
    content: PacketContent,
    source: Source,
    now: datetime,
    *,
    hearing_id: str | None = None,
) -> Packet:
    """Ask for a packet; its workflow builds a version of it at once and after every change.

    Raises:
        NotFound: no such case, or the hearing is none of its own.
    """
    case = get_case(session, case_id)
    hearing = session.get(Hearing, hearing_id) if hearing_id else None
    if hearing_id and (hearing is None or hearing.case_id != case.id):
        raise NotFound("hearing")
    packet = Packet(
        case_id=case.id,
        hearing_id=hearing_id,
        kind=kind,
        state=PacketState.DRAFTING,
        content=_dump(content),
        requested_at=now,
    )
    session.add(packet)
    session.flush()
    record_event(session, case, "packet", "requested", source, now, subject_id=packet.id)
    announce(session, Subject.PACKET, packet.id, packet.revision, now)
    return packet


def get_packet(session: HubSession, packet_id: str) -> Packet:
    """The packet.

    Raises:
        NotFound: not in this hub.
    """
    packet = session.get(Packet, packet_id)
    if packet is None:
        raise NotFound("packet")
    return packet


def change_packet(
    session: HubSession, packet_id: str, content: PacketContent, source: Source, now: datetime
) -> Packet:
    """Change what a packet says; the next version is built by itself."""
    packet = get_packet(session, packet_id)
    packet.content = _dump(content)
    if packet.state in (PacketState.APPROVED, PacketState.COUNSEL_REVIEW):
        packet.state = PacketState.DRAFTING
    case = get_case(session, packet.case_id)
    record_event(session, case, "packet", "changed", source, now, subject_id=packet.id)
    touch_packet(session, packet, now)
    return packet


def content_of(packet: Packet) -> PacketContent:
    """What the advocate wrote."""
    data: dict[str, Any] = json.loads(packet.content or "{}")
    lists = ("ties", "residence", "occupation", "caregiving", "conditions", "letters")
    values: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in data.items()}
    return PacketContent(**values)


def _dump(content: PacketContent) -> str:
    data = {name: getattr(content, name) for name in content.__dataclass_fields__}
    return json.dumps(data, ensure_ascii=False)


def versions_of(session: HubSession, packet_id: str) -> list[PacketVersion]:
    """All versions that were built, first to last."""
    return list(
        session.exec(
            select(PacketVersion)
            .where(PacketVersion.packet_id == packet_id)
            .order_by(col(PacketVersion.number))
        ).all()
    )


def close_packet_tasks(session: HubSession, packet_id: str, by: str, now: datetime) -> None:
    """Tasks about a packet that is done need nobody any more."""
    for task in session.exec(
        select(HumanTask).where(
            HumanTask.packet_id == packet_id, col(HumanTask.closed_at).is_(None)
        )
    ).all():
        task.closed_at, task.closed_by = now, by
        session.add(task)
