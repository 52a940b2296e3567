"""From records to agenda: the same few lines for every subject and every activity."""

from collections.abc import Callable
from datetime import datetime

from activities.packet_facts import load_packet
from domain.agenda import Agenda, AgendaItem, Doing, Subject, SubjectRef
from domain.digests import AgencyFacts, plan_digests
from domain.facts import CaseFacts, PacketFacts, PlanFacts
from domain.packets import plan_packet
from domain.plan_steps import plan_steps
from domain.referrals import ReferralFacts, plan_referral
from domain.reminders import plan_case
from records.agency_facts import load_agency
from records.case_facts import load_case
from records.database import HubSession
from records.plan_facts import load_plan
from records.referral_facts import load_referral

Telling = CaseFacts | PlanFacts | PacketFacts | AgencyFacts | ReferralFacts
"""Facts from which messages are planned."""
Facts = Telling

GONE = Agenda(revision=0, ended=True)
"""The agenda of something that is not in the records: its workflow may end."""


def load_facts(session: HubSession, subject: SubjectRef, now: datetime) -> Facts | None:
    """The facts behind a subject's agenda at `now` (UTC); None when it is gone."""
    if subject.kind is Subject.PACKET:
        return load_packet(session, subject.id, now)
    if subject.kind is Subject.REFERRAL:
        return load_referral(session, subject.id, now)
    loaders: dict[Subject, Callable[[HubSession, str], Facts | None]] = {
        Subject.CASE: load_case,
        Subject.PLAN: load_plan,
        Subject.AGENCY: load_agency,
    }
    return loaders[subject.kind](session, subject.id)


def agenda_from(facts: Facts | None, now: datetime) -> Agenda:
    """The agenda of facts at `now` (UTC)."""
    match facts:
        case CaseFacts():
            return plan_case(facts, now)
        case PlanFacts():
            return plan_steps(facts, now)
        case PacketFacts():
            return plan_packet(facts, now)
        case AgencyFacts():
            return plan_digests(facts, now)
        case ReferralFacts():
            return plan_referral(facts, now)
        case None:
            return GONE


def read_agenda(session: HubSession, subject: SubjectRef, now: datetime) -> Agenda:
    """Read the records and plan."""
    return agenda_from(load_facts(session, subject, now), now)


def wanted_now(agenda: Agenda, key: str, now: datetime) -> AgendaItem | None:
    """The item as it is planned now, when it still is and its moment has come."""
    return next((item for item in agenda.items if item.key == key and item.due <= now), None)


__all__ = [
    "GONE",
    "Doing",
    "Facts",
    "Telling",
    "agenda_from",
    "load_facts",
    "read_agenda",
    "wanted_now",
]
