"""Packets that wait for counsel, made in the records; built and announced as in service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.tracks import Custody
from domain.vocabulary import Channel, HearingKind, PacketKind
from records.casework import NewCase, open_case
from records.circle import NewContact
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession
from records.hearings import Setting, schedule_hearing
from records.packet_reviews import newest_version, send_to_counsel, start_drafting
from records.packets import PacketContent, request_packet
from records.passages import Said
from tests.browser.home import Home
from tests.houses import ROSA, ZONE

ASK = PacketContent(ask="We ask for release to his mother's home.", judge="Hon. A. Rivera")
SAID = {
    "ties": [Said("Marcus was born in Liberty City.", said_by="Denise Johnson", quote=True)],
    "residence": [Said("He lives with his mother on 15th Avenue.")],
}


def counsels(number: int) -> str:
    """The mailbox of each case's own counsel."""
    return f"ruiz{number}@example.org"


def begin(home: Home, number: int) -> str:
    """A release packet that is being drafted; its id."""
    now = datetime.now(UTC)
    day = datetime.combine((now + timedelta(days=40)).date(), datetime.min.time())
    way = NewContact(Channel.EMAIL, counsels(number), "A work address.")
    setting = Setting(day + timedelta(hours=9), ZONE, "3A", "1351 NW 12th St, Miami")
    with home.records.writing(home.hub_id) as session:
        case = open_case(
            session, NewCase("Andre", f"Baker{number}", custody=Custody.RELEASED), ROSA, now
        )
        schedule_hearing(session, case.id, HearingKind.ARRAIGNMENT, setting, ROSA, now)
        set_counsel(session, case.id, NewCounsel("Elena", "Ruiz", contacts=(way,)), ROSA, now)
        kind = PacketKind.RELEASE
        packet = request_packet(session, case.id, kind, ASK, ROSA, now, sections=SAID)
        start_drafting(session, packet.id, ROSA, now)
        return packet.id


def ask_counsel(home: Home, packet_id: str) -> None:
    """Once its first version is built, counsel is asked to read it."""
    home.wait(lambda: home.read(_built(packet_id, 1)), "the first version")
    with home.records.writing(home.hub_id) as session:
        now = datetime.now(UTC)
        send_to_counsel(session, packet_id, ROSA, now, unread_because="He is away until Friday.")


def final_version(home: Home, packet_id: str) -> None:
    """Until what counsel approved is built without the draft mark."""
    home.wait(lambda: home.read(_built(packet_id, 2)), "the approved version")


def _built(packet_id: str, number: int) -> Callable[[HubSession], bool]:
    def built(session: HubSession) -> bool:
        newest = newest_version(session, packet_id)
        return newest is not None and newest.number >= number

    return built
