"""What moves a packet by itself: drafting begins in time, an approval of something else is void,
what was approved and built is delivered."""

from datetime import datetime

from temporalio import activity

from activities.agendas import Doing, read_agenda, wanted_now
from activities.house import House
from activities.packet_inputs import Gathered, gather, load_inputs, what_changed
from domain.agenda import Act, Agenda
from records.casework import Source
from records.database import HubSession
from records.disclosures import NotConsented
from records.packet_consents import THE_COURT, let_leave
from records.packet_reviews import (
    live_approval,
    mark_delivered,
    newest_version,
    start_drafting,
    void_approval,
)
from records.packets import get_packet
from records.tables import Packet, PacketVersion

HOMEWARD = Source("homeward", "agenda")


class PacketAdvancing:
    """The activity that moves packets."""

    def __init__(self, house: House) -> None:
        self._house = house

    @activity.defn(name=Act.ADVANCE_PACKET)
    async def advance_packet(self, doing: Doing) -> Agenda:
        """Move a packet as its agenda says.

        Guarantee: only while the fresh agenda still wants it, in one transaction; doing it again
        changes nothing.
        """
        now = await self._house.clock.now()

        def work() -> Agenda:
            with self._house.records.writing(doing.subject.hub_id) as session:
                packet = get_packet(session, doing.subject.id)
                session.lock(packet)
                agenda = read_agenda(session, doing.subject, now)
                item = wanted_now(agenda, doing.item.key, now)
                if item is None:
                    return agenda
                _advance(session, packet, item.step, now)
                session.flush()
                return read_agenda(session, doing.subject, now)

        return await self._house.records.run(work)


def _advance(session: HubSession, packet: Packet, step: str, now: datetime) -> None:
    match step:
        case "draft":
            start_drafting(session, packet.id, HOMEWARD, now)
        case "deliver":
            _deliver(session, packet, now)
        case "void":
            changes = _since_approval(session, packet, gather(session, packet, now))
            void_approval(session, packet, changes, HOMEWARD, now)


def _deliver(session: HubSession, packet: Packet, now: datetime) -> None:
    """What it shows of treatment is written into the log of disclosures first. A consent that was
    taken back in this very moment keeps it here; the next look at the records voids the approval.
    """
    version = newest_version(session, packet.id)
    try:
        if version is not None:
            let_leave(session, version, THE_COURT, "packet behind counsel's link", HOMEWARD, now)
    except NotConsented:
        return
    mark_delivered(session, packet, HOMEWARD, now)


def _since_approval(session: HubSession, packet: Packet, gathered: Gathered) -> list[str]:
    """What changed since the version that counsel approved."""
    approval = live_approval(session, packet.id)
    version = session.get(PacketVersion, approval.version_id) if approval else None
    before = load_inputs(version.inputs) if version else []
    return what_changed(before, list(gathered.inputs()))
