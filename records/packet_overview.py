"""Every open packet of a hub, the one that is latest first, in a fixed number of queries.

The order needs the lead times of all of them, so those are read for all, without names or words;
what belongs beside a packet is read for one page of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from domain.facts import PacketLeads
from domain.packets import ENDED_PACKETS, READY, WRITING, milestones
from domain.tracks import ENDED_STAGES
from domain.vocabulary import HearingStatus, LetterState, PacketState
from records.database import HubSession
from records.hubs import leads_of, the_hub
from records.passage_rows import sections_told
from records.tables import Case, Counsel, Hearing, Letter, Packet, PacketVersion

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PacketDue:
    """One open packet, and until when counsel's approval is wanted.

    Attributes:
        hearing_id: the hearing that it is for; "" while none is known.
        ready_at: when it is to be approved (UTC); None without a hearing.
        approved: counsel approved it; it is not filed yet.
    """

    packet_id: str
    case_id: str
    hearing_id: str
    hearing_at: datetime | None
    ready_at: datetime | None
    approved: bool

    def is_late(self, now: datetime) -> bool:
        """Whether the approval should have been there at `now` (UTC)."""
        return not self.approved and self.ready_at is not None and self.ready_at <= now


@dataclass(frozen=True, slots=True)
class PacketLine:
    """What belongs beside a packet on the list.

    Attributes:
        writers: who were asked for a letter that is not in.
        letters: letters that were asked for and not withdrawn.
        told: sections in which something stands.
        counsel_id: the person who defends; "" while nobody is named.
        why_no_pdf: of the newest version, in plain words; "" when there is one, or no version.
        refused: what the court's filing desk would refuse the newest version for.
    """

    due: PacketDue
    packet: Packet
    custody: str
    hearing: Hearing | None
    counsel_id: str
    writers: int
    letters: int
    told: Collection[str]
    why_no_pdf: str
    refused: Sequence[str]


def open_packets(session: HubSession) -> list[PacketDue]:
    """Every open packet of the hub: approval latest or soonest due first, then those without a
    date in court, then those that are approved and wait to be filed."""
    leads = leads_of(the_hub(session))
    is_open = (
        col(Packet.state).not_in(sorted(ENDED_PACKETS)),
        col(Packet.cancelled_at).is_(None),
        col(Case.stage).not_in(sorted(ENDED_STAGES)),
    )
    rows = session.execute(
        select_columns(
            col(Packet.id),
            col(Packet.case_id),
            col(Packet.hearing_id),
            col(Packet.state),
            col(Packet.requested_at),
        )
        .join(Case, col(Case.id) == Packet.case_id)
        .where(*is_open)
    ).all()
    dates = session.exec(
        select(col(Hearing.id), col(Hearing.case_id), col(Hearing.starts_at), col(Hearing.status))
        .where(
            Hearing.status != HearingStatus.VACATED,
            col(Hearing.case_id).in_(
                select(col(Packet.case_id))
                .join(Case, col(Case.id) == Packet.case_id)
                .where(*is_open)
            ),
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    stands = {hearing_id: at for hearing_id, _, at, _ in dates}
    following: dict[str, str] = {}
    for hearing_id, case_id, _, state in dates:
        if state == HearingStatus.SCHEDULED:
            following.setdefault(case_id, hearing_id)
    found = []
    for packet_id, case_id, named, state, requested_at in rows:
        # As records.packets.hearing_of has it: the one named, unless vacated, or else the next.
        hearing = named if named in stands else following.get(case_id, "")
        approved = PacketState(state) in READY
        found.append(
            _due(packet_id, case_id, hearing, stands.get(hearing), requested_at, leads, approved)
        )
    return sorted(found, key=_order)


def _due(
    packet_id: str,
    case_id: str,
    hearing_id: str,
    hearing_at: datetime | None,
    requested_at: datetime,
    leads: PacketLeads,
    approved: bool,
) -> PacketDue:
    ready = milestones(requested_at, hearing_at, leads).ready if hearing_at else None
    return PacketDue(packet_id, case_id, hearing_id, hearing_at, ready, approved)


def _order(due: PacketDue) -> tuple[bool, datetime, datetime, str]:
    return due.approved, due.ready_at or _NEVER, due.hearing_at or _NEVER, due.packet_id


def packet_lines(session: HubSession, shown: Sequence[PacketDue]) -> list[PacketLine]:
    """What belongs beside these packets, in their order."""
    ids = [due.packet_id for due in shown]
    packets = {
        row.id: row for row in session.exec(select(Packet).where(col(Packet.id).in_(ids))).all()
    }
    cases = _cases(session, {due.case_id for due in shown})
    hearings = {
        row.id: row
        for row in session.exec(
            select(Hearing).where(col(Hearing.id).in_({due.hearing_id for due in shown}))
        ).all()
    }
    told = sections_told(session, packets.values())
    letters, versions = _letters(session, ids), _newest(session, ids)
    lines = []
    for due in shown:
        custody, counsel_id = cases[due.case_id]
        states = letters.get(due.packet_id, [])
        newest = versions.get(due.packet_id)
        lines.append(
            PacketLine(
                due=due,
                packet=packets[due.packet_id],
                custody=custody,
                hearing=hearings.get(due.hearing_id),
                counsel_id=counsel_id,
                writers=sum(state in WRITING for state in states),
                letters=len(states),
                told=told.get(due.packet_id, ()),
                why_no_pdf=newest.pdf_problem if newest and not newest.pdf_key else "",
                refused=_refused(newest),
            )
        )
    return lines


def _cases(session: HubSession, case_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Case id → custody, and the person who defends."""
    defends: dict[str, str] = dict(
        session.exec(
            select(col(Counsel.id), col(Counsel.person_id))
            .join(Case, col(Case.counsel_id) == Counsel.id)
            .where(col(Case.id).in_(case_ids))
        ).all()
    )
    rows = session.exec(
        select(col(Case.id), col(Case.custody), col(Case.counsel_id)).where(
            col(Case.id).in_(case_ids)
        )
    ).all()
    return {
        case_id: (custody, defends.get(counsel or "", "")) for case_id, custody, counsel in rows
    }


def _letters(session: HubSession, packet_ids: Collection[str]) -> dict[str, list[LetterState]]:
    found: dict[str, list[LetterState]] = {}
    for packet_id, state in session.exec(
        select(col(Letter.packet_id), col(Letter.state)).where(
            col(Letter.packet_id).in_(packet_ids), Letter.state != LetterState.WITHDRAWN
        )
    ).all():
        found.setdefault(packet_id, []).append(LetterState(state))
    return found


def _newest(session: HubSession, packet_ids: Collection[str]) -> dict[str, PacketVersion]:
    newer = aliased(PacketVersion)
    is_newer = exists().where(
        col(newer.packet_id) == PacketVersion.packet_id,
        col(newer.number) > col(PacketVersion.number),
    )
    rows = session.exec(
        select(PacketVersion).where(
            col(PacketVersion.packet_id).in_(packet_ids), ~is_newer.correlate(PacketVersion)
        )
    ).all()
    return {row.packet_id: row for row in rows}


def _refused(newest: PacketVersion | None) -> list[str]:
    findings = json.loads(newest.preflight or "[]") if newest else []
    return [str(finding["words"]) for finding in findings if finding["blocking"]]
