"""Packets in the records: asking for one, its content, and the versions that were built."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from domain.agenda import Subject
from domain.packets import ENDED_PACKETS
from domain.vocabulary import HearingStatus, PacketState
from records.casework import NotFound, Source, get_case, record_event, touch_packet
from records.database import HubSession
from records.outbox import announce
from records.passages import Sections, adopt_legacy, replace_sections, take_over
from records.tables import Hearing, HumanTask, Message, Packet, PacketVersion

MOST_TEXT = 20_000
_OVER = "|over|"
"""Ends the claim of a task that may be opened again."""


@dataclass(frozen=True, slots=True)
class PacketContent:
    """What stands around the sections. `conditions` are lines; `ask` is what the court is asked to
    consider; `helpers` says what each supporter will do, by person id; `called` is how the packet
    goes on about the person after the full name: "Mr. Johnson"; "" for the first name."""

    ask: str = ""
    conditions: tuple[str, ...] = ()
    transport: str = ""
    judge: str = ""
    prepared_by: str = ""
    called: str = ""
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
    sections: Sections | None = None,
    replaces_id: str | None = None,
) -> Packet:
    """Ask for a packet; its workflow builds a version of it at once and after every change.

    Args:
        kind: of `PacketKind`.
        hearing_id: what it is for; None for the next hearing, whichever that is.
        sections: what it says at first. None takes over what an earlier packet of the case says
            in the sections that both have: nobody tells a life twice.
        replaces_id: the packet in whose place it comes.

    Raises:
        NotFound: no such case, or the hearing is none of its own.
        NoSuchSection: the kind has no such section.
    """
    case = get_case(session, case_id)
    hearing = session.get(Hearing, hearing_id) if hearing_id else None
    if hearing_id and (hearing is None or hearing.case_id != case.id):
        raise NotFound("hearing")
    packet = Packet(
        case_id=case.id,
        hearing_id=hearing_id,
        kind=kind,
        state=PacketState.COLLECTING,
        state_since=now,
        content=_dump(content),
        requested_at=now,
        replaces_id=replaces_id,
    )
    session.add(packet)
    session.flush()
    if sections is None:
        take_over(session, packet, source, now)
    else:
        replace_sections(session, packet, sections, source, now)
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


def hearing_of(session: HubSession, packet: Packet) -> Hearing | None:
    """The hearing that a packet is for: the one named, or the next on the calendar. One that was
    vacated is none: the packet goes on for the next."""
    named = session.get(Hearing, packet.hearing_id) if packet.hearing_id else None
    if named is not None and named.status != HearingStatus.VACATED:
        return named
    return session.exec(
        select(Hearing)
        .where(Hearing.case_id == packet.case_id, Hearing.status == HearingStatus.SCHEDULED)
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).first()


def change_packet(
    session: HubSession,
    packet_id: str,
    content: PacketContent,
    source: Source,
    now: datetime,
    *,
    sections: Sections | None = None,
) -> Packet:
    """Change what a packet says; the next version is built by itself.

    Args:
        sections: None leaves them as they are; a section that is not named is emptied.

    Raises:
        NotFound: not in this hub.
        NoSuchSection: the kind has no such section.
    """
    packet = get_packet(session, packet_id)
    adopt_legacy(session, packet)
    packet.content = _dump(content)
    if sections is not None:
        replace_sections(session, packet, sections, source, now)
    packet_changed(session, packet, "changed", source, now)
    return packet


def packet_changed(
    session: HubSession, packet: Packet, what: str, source: Source, now: datetime
) -> None:
    """Something that a packet is made from changed: note it and tell its workflow, which builds
    the next version and, where counsel had approved one, voids that."""
    case = get_case(session, packet.case_id)
    record_event(session, case, "packet", what, source, now, subject_id=packet.id)
    touch_packet(session, packet, now)


def content_of(packet: Packet) -> PacketContent:
    """What the advocate wrote around the sections."""
    data: dict[str, Any] = json.loads(packet.content or "{}")
    known = {name: data[name] for name in PacketContent.__dataclass_fields__ if name in data}
    if "conditions" in known:
        known["conditions"] = tuple(known["conditions"])
    return PacketContent(**known)


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


def build_anew(session: HubSession, why_no_pdf: str, now: datetime) -> int:
    """Have every open packet built once more whose newest version has no PDF for this reason.

    Args:
        why_no_pdf: stands in what the version says of it.

    Returns:
        How many.
    """
    count = 0
    for packet in session.exec(
        select(Packet).where(col(Packet.state).not_in(ENDED_PACKETS)).order_by(col(Packet.id))
    ).all():
        versions = versions_of(session, packet.id)
        if versions and why_no_pdf in versions[-1].pdf_problem:
            # As if something had changed: what it was made from is told apart by its content.
            versions[-1].inputs_hash = f"{versions[-1].inputs_hash}|no-pdf"
            session.add(versions[-1])
            touch_packet(session, packet, now)
            count += 1
    return count


def take_matters_along(session: HubSession, subject_ids: Sequence[str], new: Packet) -> None:
    """What was said and asked about letters and invitations belongs to the packet to which they
    go: each is said once, and its planner has to know that it was."""
    for table in (Message, HumanTask):
        session.execute(
            update(table)
            .where(col(table.subject_id).in_(subject_ids))
            .values(packet_id=new.id)
            .execution_options(synchronize_session="fetch")
        )


def close_packet_tasks(
    session: HubSession,
    packet_id: str,
    by: str,
    now: datetime,
    *,
    kinds: Collection[str] = (),
) -> None:
    """What was asked of people about a packet needs nobody any more, for now.

    A task is opened once for each claim. These give theirs up, so that the same is asked anew when
    it is wanted anew: by a packet that is taken up again, by a reader who is asked once more.

    Args:
        kinds: of these alone, and those too that somebody marked as done; none for everything
            that is open.
    """
    which = col(HumanTask.kind).in_(kinds) if kinds else col(HumanTask.closed_at).is_(None)
    for task in session.exec(
        select(HumanTask).where(HumanTask.packet_id == packet_id, which)
    ).all():
        if task.closed_at is None:
            task.closed_at, task.closed_by = now, by
        if _OVER not in task.claim:
            task.claim = f"{task.claim}{_OVER}{task.id}"
        session.add(task)
