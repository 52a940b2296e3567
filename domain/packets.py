"""The packet planner: build when the inputs changed, tell a person when time runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.agenda import Act, Agenda, AgendaItem, next_agenda
from domain.facts import PacketFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, open_task
from domain.vocabulary import PacketState

ENDED_PACKETS = frozenset({PacketState.FILED, PacketState.SUPERSEDED})
READY = frozenset({PacketState.APPROVED, PacketState.DELIVERED}) | ENDED_PACKETS


def lead_time(requested_at: datetime, hearing_at: datetime, days: int) -> datetime:
    """When the packet should be ready: `days` before, or halfway when less time is left.

    Args:
        requested_at: when the packet was asked for (UTC).
        hearing_at: instant of the hearing (UTC).
        days: the hub's lead time.
    """
    wanted = hearing_at - timedelta(days=days)
    halfway = requested_at + (hearing_at - requested_at) / 2
    return max(wanted, halfway)


def plan_packet(facts: PacketFacts, now: datetime) -> Agenda:
    """The agenda of one packet at `now` (UTC)."""
    ended = facts.state in ENDED_PACKETS
    items: list[AgendaItem] = []
    if not ended and facts.inputs_hash != facts.built_hash:
        items.append(
            AgendaItem(
                act=Act.BUILD_PACKET,
                key=f"build|{facts.id}|{facts.inputs_hash}",
                due=now,
                until=now + TASK_USEFUL,
                subject_id=facts.id,
                revision=facts.revision,
            )
        )
    if facts.hearing_at is not None and facts.state not in READY:
        items += open_task(
            Ledger((), facts.task_keys),
            "packet_not_ready",
            facts.id,
            0,
            due=lead_time(facts.requested_at, facts.hearing_at, facts.policy.packet_lead_days),
            until=facts.hearing_at,
        )
    return next_agenda(items, now, revision=facts.revision, stage=facts.state, ended=ended)
