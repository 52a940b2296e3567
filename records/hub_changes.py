"""Changing how a hub works, and telling every workflow that plans by it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from domain.agenda import Subject
from domain.court_time import zone_of
from domain.packets import ENDED_PACKETS
from domain.plan_steps import ENDED_PLANS
from domain.referrals import OPEN
from domain.vocabulary import MessageState
from records.database import HubSession
from records.hubs import the_hub
from records.messages import TRIAL
from records.outbox import announce
from records.tables import Agency, Case, Hub, Message, Packet, Referral, SupportPlan

PLANNED_BY = frozenset(
    {
        "zone",
        "quiet_from",
        "quiet_to",
        "reminder_days",
        "reminder_at",
        "morning_at",
        "step_notice_days",
        "step_grace_days",
        "step_rung_days",
        "referral_days",
        "packet_letters_days",
        "packet_draft_days",
        "packet_counsel_days",
        "packet_lead_days",
        "ask_outcome_hours",
        "trial",
        *("name", "phone"),
    }
)
"""Settings that the planners look at, or that packets say."""
MOST_TEXT_NAME = 40
"""Characters of the name in texts; a longer one would leave no room for anything else."""


def change_hub(session: HubSession, changes: Mapping[str, Any], now: datetime) -> Hub:
    """Change the hub's settings; where planners look at them, everything is planned again.

    Args:
        changes: new values by column name.

    Raises:
        UnknownZone: the zone is no IANA name.
    """
    if "zone" in changes:
        zone_of(changes["zone"])
    hub = the_hub(session)
    changed = {name for name, value in changes.items() if getattr(hub, name) != value}
    for name in changed:
        setattr(hub, name, changes[name])
    session.add(hub)
    session.flush()
    if "trial" in changed and not hub.trial:
        _nobody_was_told(session)
    if changed & PLANNED_BY:
        plan_everything_again(session, now)
    return hub


def _nobody_was_told(session: HubSession) -> None:
    """The trial is over: what it kept back was told to nobody, and is planned anew."""
    session.execute(
        update(Message)
        .where(col(Message.transport) == TRIAL)
        .values(state=MessageState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def plan_everything_again(session: HubSession, now: datetime) -> None:
    """Raise the revision of everything that is followed in this hub, and tell its workflows."""
    _again(session, Subject.CASE, Case, col(Case.closed_at).is_(None), now)
    plans = col(SupportPlan.state).not_in(ENDED_PLANS)
    _again(session, Subject.PLAN, SupportPlan, plans, now)
    _again(session, Subject.PACKET, Packet, col(Packet.state).not_in(ENDED_PACKETS), now)
    _again(session, Subject.REFERRAL, Referral, col(Referral.state).in_(sorted(OPEN)), now)
    _again(session, Subject.AGENCY, Agency, col(Agency.ended_at).is_(None), now)


def _again(session: HubSession, kind: Subject, table: Any, which: Any, now: datetime) -> None:
    session.execute(
        update(table)
        .where(which)
        .values(revision=col(table.revision) + 1)
        .execution_options(synchronize_session=False)
    )
    for row_id, revision in session.exec(
        select(col(table.id), col(table.revision)).where(which)
    ).all():
        announce(session, kind, row_id, revision, now)
