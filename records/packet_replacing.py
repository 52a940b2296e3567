"""A new packet in the place of another: what goes along, and what stays with the old one.

Exhibits, letters and invitations stand on packets; this stands on all of them.
"""

from datetime import datetime

from domain.vocabulary import HearingStatus, PacketState
from records.casework import Source
from records.database import HubSession
from records.exhibits import copy_exhibits
from records.interview import take_invites_along
from records.letters import take_letters_along
from records.packet_reviews import PacketEnded, move_packet
from records.packets import (
    close_packet_tasks,
    content_of,
    get_packet,
    hearing_of,
    request_packet,
)
from records.tables import Packet


def replace_packet(
    session: HubSession, packet_id: str, kind: str, source: Source, now: datetime
) -> Packet:
    """A new packet in the place of this one, which keeps its versions and ends; the new one
    begins with what both kinds say, with the same exhibits, and with the letters and invitations of
    one that was not filed. It is for the same hearing while that is to come, else for the next.

    Raises:
        PacketEnded: it was replaced already. A filed one may be replaced.
    """
    packet = get_packet(session, packet_id)
    session.lock(packet)
    if packet.state == PacketState.SUPERSEDED:
        raise PacketEnded
    hearing = hearing_of(session, packet)
    to_come = hearing is not None and hearing.status == HearingStatus.SCHEDULED
    new = request_packet(
        session,
        packet.case_id,
        kind,
        content_of(packet),
        source,
        now,
        hearing_id=packet.hearing_id if to_come else None,
        replaces_id=packet.id,
    )
    copy_exhibits(session, packet.id, new)
    if packet.state != PacketState.FILED:
        take_letters_along(session, packet.id, new)
        take_invites_along(session, packet.id, new)
    move_packet(session, packet, PacketState.SUPERSEDED, "superseded", source, now)
    close_packet_tasks(session, packet.id, source.actor, now)
    return new
