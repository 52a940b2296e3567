"""Who is told what of a packet on the way, and what Temporal keeps of it."""

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.vocabulary import PacketState
from engine.codec import ENCODING
from records.crypto import keys
from records.database import HubSession
from records.packet_reviews import replace_packet, send_back, send_to_counsel
from records.replies import receive_text
from tests.houses import ROSA
from tests.workflows.test_packet_people import Office, a_letter, office

__all__ = ["office"]


async def test_a_writer_who_wants_no_more_messages_hears_that_once_and_nothing_else(
    office: Office,
) -> None:
    """They stand in no circle: the case for which they were asked carries the confirmation."""
    life = office.life
    await office.built(1)
    now = await life.now()
    a_letter(office, now)
    await life.until(now + timedelta(hours=20))
    assert len(office.told("letter_request")) == 1
    receive_text(life.house.records, "+13055550177", "Stop please", "p1", await life.now())
    await life.until(now + timedelta(days=29))
    assert len(office.told("ack_stop")) == 1
    assert office.told("letter_nudge") == []
    assert "letter_missing" in office.tasks()


async def test_a_packet_comes_in_place_while_its_writer_is_being_asked(office: Office) -> None:
    life = office.life
    await office.built(1)
    now = await life.now()
    a_letter(office, now)
    await life.until(now + timedelta(hours=20))
    new = office.do(lambda s: replace_packet(s, office.packet_id, "release", ROSA, now).id)
    await life.until(now + timedelta(days=29))
    assert len(office.told("letter_request")) == 1
    assert len(office.told("letter_nudge")) == 2
    assert {message.packet_id for message in office.told("letter_nudge")} == {new}
    old = life.env.client.get_workflow_handle(f"packet-{office.packet_id}")
    assert (await asyncio.wait_for(old.result(), 30)) is None


async def test_what_temporal_keeps_of_a_packet_names_nobody(office: Office) -> None:
    life = office.life
    version = await office.built(1)
    now = await life.now()
    a_letter(office, now)
    office.do(lambda s: send_back_and_forth(s, office.packet_id, version.id, now))
    office.approved_by_counsel(now)
    await office.is_in(PacketState.DELIVERED)
    await life.until(now + timedelta(days=2))
    handle = life.env.client.get_workflow_handle(f"packet-{office.packet_id}")
    history = json.loads((await handle.fetch_history()).to_json())
    kept = "\n".join([json.dumps(history), *opened(history)])
    assert "build_packet" in kept
    assert office.packet_id in kept
    words = ("Marcus", "Johnson", "Samuel", "Greene", "Torres", "choir", "Easter", "Held without")
    ways = ("+1305555", "@example.org", "/letter/", "/counsel/", "/read/")
    assert [said for said in (*words, *ways) if said in kept] == []


def send_back_and_forth(
    session: HubSession, packet_id: str, version_id: str, now: datetime
) -> None:
    """What readers say goes into the records alone."""
    send_to_counsel(session, packet_id, ROSA, now, unread_because="Held without visits.")
    send_back(session, packet_id, version_id, "Leave out the choir.", ROSA, now)
    send_to_counsel(session, packet_id, ROSA, now, unread_because="Held without visits.")


def opened(part: object) -> Iterator[str]:
    """Every sealed value in a history, opened."""
    if isinstance(part, list):
        for one in part:
            yield from opened(one)
    elif isinstance(part, dict):
        if isinstance(part.get("data"), str) and "metadata" in part:
            sealed = base64.b64decode(part["data"])
            encoding = base64.b64decode(part["metadata"].get("encoding", ""))
            plain = keys().open(sealed, b"temporal.payload") if encoding == ENCODING else sealed
            yield plain.decode("utf-8", "replace")
        for one in part.values():
            yield from opened(one)
