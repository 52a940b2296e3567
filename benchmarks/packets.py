"""Packets: from a change to the finished files, and fifty at once beside reminders."""

import asyncio
import io
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psutil
import typst
from PIL import Image
from sqlalchemy import func
from sqlmodel import col, select

from activities.documents.exhibits import check_upload
from benchmarks.due_at_once import homeward_rate, until
from benchmarks.engine_house import BENCH, Engine, embedded_engine, prepare_hub
from benchmarks.result import Result
from domain.vocabulary import HearingKind
from engine.relay import relay_once
from engine.worker import main_worker, packet_worker
from records.casework import NewCase, open_case
from records.database import HubSession
from records.hearings import Setting, schedule_hearing
from records.packet_reviews import newest_version
from records.packets import PacketContent, change_packet, request_packet
from records.passages import Said
from records.tables import Exhibit, PacketVersion

ROUNDS = 7
WANTED_SECONDS = 6.0
AT_ONCE = 50
REMINDERS = 600
WANTED_RATE = 0.8
WANTED_MEMORY = 1000.0
_PARAGRAPH = (
    "He has lived on the same street for all of his life, and works at the kitchen on the corner, "
    "where he opens in the morning and closes at night. His manager writes that nobody else knows "
    "the place as he does. On Saturdays he brings his grandmother to dialysis. "
)


def _pages(count: int) -> bytes:
    source = '#set page(paper: "us-letter")\n' + "\n#pagebreak()\n".join(
        f"= Page {n + 1}\n#lorem(180)" for n in range(count)
    )
    pdf = typst.compile(source.encode())
    assert isinstance(pdf, bytes)
    return pdf


def _photograph() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def _case(session: HubSession, number: int) -> str:
    """A case with a hearing in two months; its id."""
    now = datetime.now(UTC)
    case = open_case(session, NewCase("Marcus", f"Johnson{number}"), BENCH, now)
    day = (now + timedelta(days=60)).replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)
    setting = Setting(day, "UTC", "3A", "1351 NW 12th St")
    schedule_hearing(session, case.id, HearingKind.SENTENCING, setting, BENCH, now)
    return case.id


def _packet(session: HubSession, case_id: str, files: list[Exhibit]) -> str:
    """A packet of about thirty pages; its id."""
    now = datetime.now(UTC)
    sections = ("who", "background", "family", "education", "employment", "growth", "goals")
    said = {key: [Said(_PARAGRAPH * 3) for _ in range(11)] for key in sections}
    packet = request_packet(
        session, case_id, "sentencing", PacketContent(), BENCH, now, sections=said
    )
    for file in files:
        session.add(Exhibit(packet_id=packet.id, **file.model_dump(exclude={"id", "packet_id"})))
    return packet.id


def _files(engine: Engine) -> list[Exhibit]:
    """What every packet encloses: a photograph and a few documents."""
    found = []
    for position, content in enumerate([_photograph(), _pages(2), _pages(3), _pages(2)]):
        checked = check_upload(content)
        stored = engine.house.store.put(checked.content)
        found.append(
            Exhibit(
                packet_id="",
                hub_id=engine.house.records.sole_hub(),
                title=f"Document {position + 1}",
                position=position,
                document_key=stored.key,
                sha256=stored.sha256,
                size=stored.size,
                media_type=checked.media_type,
            )
        )
    return found


async def _relay(engine: Engine) -> None:
    while True:
        if not await relay_once(engine.house.records, engine.client):
            await asyncio.sleep(0.02)


@asynccontextmanager
async def _relaying(engine: Engine) -> AsyncIterator[None]:
    relaying = asyncio.create_task(_relay(engine))
    try:
        yield
    finally:
        relaying.cancel()


async def _one(engine: Engine, packet_id: str, round_: int) -> tuple[float, int]:
    """Seconds from a change to the next version, and its pages."""
    records, hub_id = engine.house.records, engine.house.records.sole_hub()
    began = time.monotonic()
    with records.writing(hub_id) as session:
        content = PacketContent(ask=f"Probation, with the plan described here. ({round_})")
        change_packet(session, packet_id, content, BENCH, datetime.now(UTC))
    while True:
        with records.reading(hub_id) as session:
            newest = newest_version(session, packet_id)
        if newest is not None and newest.number > round_ + 1:
            if newest.pdf_problem:
                raise RuntimeError(newest.pdf_problem)
            return time.monotonic() - began, newest.pages
        if time.monotonic() - began > 120:
            raise RuntimeError("The packet was not built in its time.")
        await asyncio.sleep(0.02)


async def measure_change(rounds: int = ROUNDS) -> Result:
    """A packet of thirty pages, from a change to the files being ready: the median."""
    async with embedded_engine() as engine:
        hub_id = prepare_hub(engine.house.records)
        files = _files(engine)
        with engine.house.records.writing(hub_id) as session:
            packet_id = _packet(session, _case(session, 0), files)
        workers = main_worker(engine.client, engine.house, cached=100)
        async with workers, packet_worker(engine.client, engine.house), _relaying(engine):
            await _first(engine, packet_id)
            taken = [await _one(engine, packet_id, round_) for round_ in range(rounds)]
    seconds = [one for one, _ in taken]
    median = statistics.median(seconds)
    return Result(
        name="packet-change-to-ready",
        value=round(median, 2),
        unit="s",
        floor=WANTED_SECONDS,
        ratio=round(median / WANTED_SECONDS, 2),
        wanted=f"a packet of about 30 pages within {WANTED_SECONDS:g} s (median)",
        ok=median <= WANTED_SECONDS,
        details={
            "pages": taken[-1][1],
            "rounds": rounds,
            "longest": round(max(seconds), 2),
            "shortest": round(min(seconds), 2),
        },
    )


async def _first(engine: Engine, packet_id: str) -> None:
    hub_id = engine.house.records.sole_hub()

    def built() -> bool:
        with engine.house.records.reading(hub_id) as session:
            return newest_version(session, packet_id) is not None

    await until(built, time.time() + 120)


class _Memory:
    """The most that the builder and all that it starts ever held together, in MB."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.most = 0.0

    async def watch(self) -> None:
        """Look ten times a second."""
        while True:
            total = 0
            for one in (self._process, *self._process.children(recursive=True)):
                try:
                    total += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, total / 1e6)
            await asyncio.sleep(0.1)


async def measure_fifty(count: int = AT_ONCE, reminders: int = REMINDERS) -> Result:
    """Fifty packets asked for at once: all are built, in how much memory, and how fast reminders
    go out meanwhile, against the same without packets in the same run."""
    async with embedded_engine() as engine:
        records = engine.house.records
        hub_id = prepare_hub(records)
        files = _files(engine)
        with records.writing(hub_id) as session:
            cases = [_case(session, number) for number in range(count)]
        alone = await homeward_rate(engine, reminders)
        builder = await _builder(engine)
        memory = _Memory(builder.pid)
        watching = asyncio.create_task(memory.watch())

        def ask() -> None:
            with records.writing(hub_id) as session:
                for case_id in cases:
                    _packet(session, case_id, files)

        began = time.monotonic()
        try:
            async with _relaying(engine):
                beside = await homeward_rate(engine, reminders, meanwhile=ask)
                built_meanwhile = _built(engine, hub_id)
                async with main_worker(engine.client, engine.house, cached=2000):
                    await until(lambda: _built(engine, hub_id) >= count, time.time() + 60 * 15)
            took = time.monotonic() - began
            failed = _without_pdf(engine, hub_id)
        finally:
            watching.cancel()
            builder.terminate()
            await builder.wait()
    ratio = beside / alone
    return Result(
        name="packets-at-once-50",
        value=round(beside, 1),
        unit="reminders/s",
        floor=round(alone, 1),
        ratio=round(ratio, 3),
        wanted=f"all built in {WANTED_MEMORY:g} MB, reminders at {WANTED_RATE} of undisturbed",
        ok=ratio >= WANTED_RATE and memory.most <= WANTED_MEMORY and not failed,
        details={
            "packets": count,
            "without_pdf": failed,
            "built_during_the_reminders": built_meanwhile,
            "all_built_after_s": round(took, 1),
            "memory_mb": round(memory.most),
        },
    )


async def _builder(engine: Engine) -> asyncio.subprocess.Process:
    """The builder of packets in a process of its own, as `homeward up` runs it."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("HOMEWARD_", "TEMPORAL_"))},
        "HOMEWARD_DATA": str(engine.settings.data),
        "TEMPORAL_ADDRESS": engine.settings.temporal_address,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", "packets", env=environment
    )


def _built(engine: Engine, hub_id: str) -> int:
    with engine.house.records.reading(hub_id) as session:
        return session.exec(select(func.count(col(PacketVersion.id)))).one()


def _without_pdf(engine: Engine, hub_id: str) -> int:
    with engine.house.records.reading(hub_id) as session:
        return session.exec(
            select(func.count(col(PacketVersion.id))).where(PacketVersion.pdf_problem != "")
        ).one()
