"""A full disk under the document store: a person is told, and the packet is built later, once."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from activities.documents.errors import StoreFull
from activities.documents.store import DocumentStore, Entry, StoredDocument
from activities.house import House
from activities.packet_building import PacketBuilding
from activities.packet_facts import load_packet
from domain.agenda import Agenda, Doing, Subject, SubjectRef
from domain.packets import plan_packet
from records.database import Records
from records.packet_reviews import start_drafting
from records.packets import PacketContent, change_packet, request_packet, versions_of
from records.tables import Packet, PacketVersion
from tests.faults.books import task_kinds
from tests.faults.lives import HardLife, hard_life
from tests.houses import ROSA, FixedClock, a_case, a_hearing, hub_of, make_house, utc

pytestmark = pytest.mark.faults

NOW = utc("2026-12-01 15:00")


class FullStore:
    """A store whose disk is full for so many times, and then not any more."""

    def __init__(self, inner: DocumentStore, times: int) -> None:
        self._inner = inner
        self.left = times

    def put(self, content: bytes) -> StoredDocument:
        """No room, or as usual."""
        if self.left > 0:
            self.left -= 1
            raise StoreFull(len(content), 0)
        return self._inner.put(content)

    def get(self, key: str) -> bytes:
        """As usual."""
        return self._inner.get(key)

    def exists(self, key: str) -> bool:
        """As usual."""
        return self._inner.exists(key)

    def delete(self, key: str) -> bool:
        """As usual."""
        return self._inner.delete(key)

    def free_bytes(self) -> int | None:
        """As usual."""
        return self._inner.free_bytes()

    def entries(self) -> Iterator[Entry]:
        """As usual."""
        return self._inner.entries()

    def last_put(self, key: str) -> datetime | None:
        """As usual."""
        return self._inner.last_put(key)

    def reseal(self) -> Iterator[str]:
        """As usual."""
        return self._inner.reseal()

    def check(self) -> None:
        """As usual."""
        self._inner.check()


class TightStore(FullStore):
    """The same, but it is the system that says no: this process may write no large file."""

    def put(self, content: bytes) -> StoredDocument:
        """A real error of the system while there is no room."""
        if self.left <= 0:
            return self._inner.put(content)
        self.left -= 1
        with _no_large_files():
            return self._inner.put(content)


@contextmanager
def _no_large_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _ask_for_packet(records: Records, now: datetime) -> Packet:
    case = a_case(records, now)
    a_hearing(records, case, f"{now + timedelta(days=40):%Y-%m-%d} 09:00", now)
    with records.writing(hub_of(records)) as session:
        return request_packet(session, case.id, "release", PacketContent(), ROSA, now)


def _versions(records: Records, packet: Packet) -> list[PacketVersion]:
    with records.reading(hub_of(records)) as session:
        return versions_of(session, packet.id)


async def _pass(life: HardLife, **how_much: float) -> None:
    await life.until(await life.now() + timedelta(**how_much))


async def test_a_full_disk_is_told_once_and_the_packet_is_built_when_there_is_room(
    tmp_path: Path,
) -> None:
    def full(house: House) -> House:
        return replace(house, store=FullStore(house.store, times=9))

    async with hard_life(tmp_path, changed=full) as life:
        packet = _ask_for_packet(life.house.records, await life.now())
        await _pass(life, minutes=2)
        assert task_kinds(life.house.records)["document_store_full"] == 1
        assert _versions(life.house.records, packet) == []
        await _pass(life, minutes=30)
        (version,) = _versions(life.house.records, packet)
        assert version.number == 1
        assert life.house.store.get(version.docx_key)[:2] == b"PK"
        assert task_kinds(life.house.records)["document_store_full"] == 1
        await _pass(life, days=1)
        assert len(_versions(life.house.records, packet)) == 1


async def test_the_systems_own_no_leaves_nothing_half_written(tmp_path: Path) -> None:
    house = make_house(tmp_path / "var", FixedClock(NOW), soffice="/nowhere/soffice")
    store = TightStore(house.store, times=2)
    packet = _ask_for_packet(house.records, NOW)
    building = PacketBuilding(replace(house, store=store))
    for _ in range(2):
        with pytest.raises(StoreFull):
            await _build(building, house, packet)
    assert task_kinds(house.records)["document_store_full"] == 1
    assert _versions(house.records, packet) == []
    assert not [path for path in (tmp_path / "var/documents").glob("??/*") if path.is_file()]
    await _build(building, house, packet)
    await _build(building, house, packet)
    (version,) = _versions(house.records, packet)
    assert house.store.get(version.docx_key)[:2] == b"PK"
    house.records.close()


async def test_a_packet_that_is_changed_back_is_built_once_and_then_left_alone(
    tmp_path: Path,
) -> None:
    """The newest version holds, every one is kept, and nothing is built for ever."""
    house = make_house(tmp_path / "var", FixedClock(NOW), soffice="/nowhere/soffice")
    packet = _ask_for_packet(house.records, NOW)
    building = PacketBuilding(house)
    with house.records.writing(hub_of(house.records)) as session:
        start_drafting(session, packet.id, ROSA, NOW)
    await _build(building, house, packet)
    for ask in ("Release to his mother.", ""):
        with house.records.writing(hub_of(house.records)) as session:
            change_packet(session, packet.id, PacketContent(ask=ask), ROSA, NOW)
        agenda = await _build(building, house, packet)
        assert not [item for item in agenda.items if item.act == "build_packet"]
    numbers = [version.number for version in _versions(house.records, packet)]
    assert numbers == [1, 2, 3]
    house.records.close()


async def _build(building: PacketBuilding, house: House, packet: Packet) -> Agenda:
    """One try, of what the records call for or, when it is built, of what they called for."""
    subject = SubjectRef(Subject.PACKET, packet.id, hub_of(house.records))
    with house.records.reading(subject.hub_id) as session:
        facts = load_packet(session, packet.id, NOW)
        assert facts is not None
        wanted = plan_packet(replace(facts, built_hash=""), NOW)
    return await building.build_packet(Doing(subject, wanted.items[0]))
