"""Hubs: making one, and the policy that its planners follow."""

from collections.abc import Sequence
from datetime import date, time

from sqlmodel import col, select

from domain.court_time import QuietHours, zone_of
from domain.facts import HubPolicy, PacketLeads
from records.database import HubSession, NoSuchHub, Records
from records.tables import CourtClosure, Hub


def policy_of(hub: Hub, closed: frozenset[date] = frozenset()) -> HubPolicy:
    """The hub's reminder policy as the planners take it."""
    return HubPolicy(
        zone=hub.zone,
        quiet=QuietHours(hub.quiet_from, hub.quiet_to, hub.zone),
        reminder_days=tuple(hub.reminder_days),
        reminder_at=hub.reminder_at,
        morning_at=hub.morning_at,
        step_notice_days=hub.step_notice_days,
        step_grace_days=hub.step_grace_days,
        step_rung_days=rung_days(hub.step_rung_days),
        packet_lead_days=hub.packet_lead_days,
        ask_outcome_hours=hub.ask_outcome_hours,
        closed_days=closed,
    )


def rung_days(days: Sequence[int]) -> tuple[int, int, int]:
    """The hub's pauses between the rungs after a missed step, in days."""
    advocate, supervisor, counsel = days
    return advocate, supervisor, counsel


def leads_of(hub: Hub) -> PacketLeads:
    """The hub's lead times before a hearing."""
    return PacketLeads(
        letters=hub.packet_letters_days,
        draft=hub.packet_draft_days,
        counsel=hub.packet_counsel_days,
        ready=hub.packet_lead_days,
    )


def the_hub(session: HubSession) -> Hub:
    """The hub of this session.

    Raises:
        NoSuchHub: it was removed.
    """
    hub = session.get(Hub, session.hub_id)
    if hub is None:
        raise NoSuchHub("This hub does not exist any more.")
    return hub


def closed_days(session: HubSession) -> frozenset[date]:
    """Days on which every court of the hub is closed."""
    rows = session.exec(
        select(col(CourtClosure.closed_on)).where(col(CourtClosure.court_id).is_(None))
    ).all()
    return frozenset(rows)


def make_hub(
    records: Records,
    *,
    name: str,
    slug: str,
    zone: str = "America/New_York",
    language: str = "en",
    phone: str = "",
    reminder_at: time = time(10, 0),
) -> Hub:
    """Make a hub.

    Raises:
        UnknownZone: the zone is no IANA name.
    """
    zone_of(zone)
    hub = Hub(
        name=name,
        slug=slug,
        zone=zone,
        default_language=language,
        phone=phone,
        reminder_at=reminder_at,
    )
    with records.everywhere() as session:
        session.add(hub)
    return hub
