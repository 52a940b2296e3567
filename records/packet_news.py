"""Telling the workflows of packets that something they are made from, or someone who is written to
about them, has changed, where nothing of their case did."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from domain.packets import ENDED_PACKETS
from domain.vocabulary import HearingStatus
from records.casework import touch_packet
from records.database import HubSession
from records.tables import Case, Counsel, Hearing, Letter, Packet

_OPEN = col(Packet.state).not_in(ENDED_PACKETS)


def tell_packets_of_person(session: HubSession, person_id: str, now: datetime) -> None:
    """A way to reach someone changed: the packets for which they write, and those of which they
    are counsel, plan again. Neither of them need stand in any circle."""
    _touch_all(session, (packet for packet, _ in _served_by(session, person_id)), now)


def cases_served_by(session: HubSession, person_id: str) -> list[Case]:
    """Cases for whose open packets this person writes a letter, or which they defend."""
    found = {case.id: case for _, case in _served_by(session, person_id)}
    return [found[case_id] for case_id in sorted(found)]


def tell_packets_of_court(session: HubSession, court_id: str, now: datetime) -> None:
    """A court's name, address or filing rules changed: its hearings' packets say so."""
    at_court = select(col(Hearing.case_id)).where(
        Hearing.court_id == court_id, Hearing.status == HearingStatus.SCHEDULED
    )
    packets = session.exec(
        select(Packet).where(_OPEN, col(Packet.case_id).in_(at_court)).order_by(col(Packet.id))
    ).all()
    _touch_all(session, packets, now)


def _served_by(session: HubSession, person_id: str) -> list[tuple[Packet, Case]]:
    writes: Any = col(Packet.id).in_(
        select(col(Letter.packet_id)).where(Letter.writer_id == person_id)
    )
    defends: Any = col(Case.counsel_id).in_(
        select(col(Counsel.id)).where(Counsel.person_id == person_id)
    )
    rows = session.exec(
        select(Packet, Case)
        .join(Case, col(Case.id) == Packet.case_id)
        .where(_OPEN, writes | defends)
        .order_by(col(Packet.id))
    ).all()
    return [(packet, case) for packet, case in rows]


def _touch_all(session: HubSession, packets: Iterable[Packet], now: datetime) -> None:
    for packet in packets:
        touch_packet(session, packet, now)
