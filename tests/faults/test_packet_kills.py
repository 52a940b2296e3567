"""The builder of packets is killed again and again in the middle of its work."""

import asyncio
import io
import os
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities.documents.pdf_facts import preflight
from activities.documents.store import FolderStore
from domain.vocabulary import HearingKind
from records.casework import NewCase, open_case
from records.crypto import keys
from records.hearings import Setting, schedule_hearing
from records.packets import PacketContent, request_packet, versions_of
from records.passages import Said
from records.tables import PacketVersion
from tests.faults.house import RealHouse, real_house
from tests.houses import ROSA, ZONE

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SEED = int(os.environ.get("HOMEWARD_FAULTS_SEED", "5550142"))
KILLS = 6
PACKETS = 4


async def test_a_build_that_is_killed_is_begun_anew_and_never_done_twice(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with real_house(tmp_path) as house:
        house.start("temporal", "worker", "relay", "packets")
        packets = [_ask(house, number) for number in range(PACKETS)]
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.3, 2.5))
            house.kill("packets")
            house.start("packets")
        await house.until(
            lambda: all(len(_versions(house, one)) == 1 for one in packets),
            "every packet being built",
            seconds=180,
        )
        # A build that was lost and found again would come after its heartbeat is missed.
        await asyncio.sleep(25)
        store = FolderStore(house.data / "documents", keys())
        for packet in packets:
            [version] = _versions(house, packet)
            assert version.pdf_problem == ""
            assert preflight(store.get(version.pdf_key)).pages == version.pages
            docx = zipfile.ZipFile(io.BytesIO(store.get(version.docx_key)))
            assert docx.testzip() is None
    assert not _offices_of(house)


def _ask(house: RealHouse, number: int) -> str:
    now = datetime.now(UTC)
    with house.records.writing(house.hub_id) as session:
        case = open_case(session, NewCase("Marcus", f"Johnson{number}"), ROSA, now)
        day = (now + timedelta(days=40)).replace(tzinfo=None, hour=9, minute=0, microsecond=0)
        schedule_hearing(
            session, case.id, HearingKind.BAIL_REVIEW, Setting(day, ZONE, "3A"), ROSA, now
        )
        said = {"ties": [Said("He has lived here for all of his life.")] * 40}
        return request_packet(
            session, case.id, "release", PacketContent(), ROSA, now, sections=said
        ).id


def _versions(house: RealHouse, packet_id: str) -> list[PacketVersion]:
    with house.records.reading(house.hub_id) as session:
        return versions_of(session, packet_id)


def _offices_of(house: RealHouse) -> list[str]:
    """LibreOffice processes that still work in this house's profile."""
    profile = str(house.data / "soffice").encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if profile in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found
