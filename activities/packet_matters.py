"""What a packet's messages are about: whose page they lead to, and until when it is wanted."""

from datetime import datetime

from domain.agenda import AgendaItem
from domain.facts import PacketFacts
from domain.packets import letters_due, milestones, wanted_by
from domain.vocabulary import LinkPurpose
from records.database import HubSession
from records.hubs import the_hub
from records.matters import Matter, participant_of
from records.packet_reviews import LINK_LASTS, counsel_link, participant_link
from records.packets import get_packet
from records.private_links import LinkFor, make_link, path_of
from records.tables import Packet, PrivateLink

_TO_COUNSEL = frozenset({"counsel_review", "counsel_again", "packet_ready"})


def packet_matter(
    session: HubSession, facts: PacketFacts, item: AgendaItem, now: datetime
) -> Matter | None:
    """What one item of a packet's agenda is about; None when that is gone.

    The private link is made here where there is none, in the transaction that claims the message.
    """
    packet = get_packet(session, facts.id)
    link = _link(session, packet, item, now)
    if link is None:
        return None
    hub = the_hub(session)
    due = _due(facts, item)
    return Matter(
        hub=hub,
        participant_first_name=participant_of(session, packet.case_id),
        detained=False,
        link=path_of(link),
        due=wanted_by(due, hub.zone, item.due) if due else None,
    )


def _link(
    session: HubSession, packet: Packet, item: AgendaItem, now: datetime
) -> PrivateLink | None:
    if item.step in _TO_COUNSEL:
        return counsel_link(session, packet, now)
    if item.step == "packet_review":
        return participant_link(session, packet, now)
    if item.step == "interview_request":
        return session.get(PrivateLink, item.subject_id)
    wanted = LinkFor(
        LinkPurpose.LETTER,
        packet_id=packet.id,
        letter_id=item.subject_id,
        person_id=item.person_id,
    )
    return make_link(session, wanted, now + LINK_LASTS)


def _due(facts: PacketFacts, item: AgendaItem) -> datetime | None:
    if facts.hearing_at is None:
        return None
    times = milestones(facts.requested_at, facts.hearing_at, facts.leads)
    if item.step in ("letter_request", "letter_nudge"):
        letter = next((one for one in facts.letters if one.id == item.subject_id), None)
        return letters_due(letter.asked_at, times) if letter else None
    asked = facts.state_since or facts.requested_at
    to_come = item.step == "counsel_review" and asked < times.ready
    return times.ready if to_come else None
