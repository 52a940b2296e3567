"""A plan's page with 2,000 plans of twelve steps in the hub: milliseconds, as a browser waits.

Measured through the whole application, on a file and on PostgreSQL, and in the same run beside a
bare FastAPI and Jinja page of the same size that reads nothing.
"""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from httpx import ASGITransport, AsyncClient, Response
from jinja2 import Environment
from sqlmodel import col, select

from api.pages.routes import install
from benchmarks.directory import p95
from benchmarks.engine_house import BENCH, ZONE, prepare_hub
from benchmarks.plans import STEPS, add_plans
from benchmarks.postgres import running
from benchmarks.result import Result
from domain.vocabulary import HearingKind, Role
from engine.settings import Settings
from records.access import hash_token
from records.database import Records, open_records
from records.hearings import Setting, schedule_hearing
from records.plans import add_evidence, miss_step, note_answer
from records.tables import PlanStep, StaffMember, StaffSession, SupportPlan

PLANS = 2000
LIMIT_MS = 100.0
NINE = clock(9, 0)
ASKED = 200
"""How many pages are opened on each database, each of another plan."""


async def measure(count: int = PLANS) -> Result:
    """The 95th of a hundred pages, on the slower of the databases that are here."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        place = Path(folder)
        found = {"file": await _on(f"sqlite:///{place / 'homeward.db'}", place, count)}
        with running(durable=True) as server:
            if server is not None:
                (place / "server").mkdir()
                server.run("CREATE DATABASE bench")
                found["PostgreSQL"] = await _on(server.url("bench"), place / "server", count)
    slowest = max(found.values(), key=lambda one: one.p95)
    return Result(
        name="plan-page",
        value=round(slowest.p95, 1),
        unit="ms, 95th percentile",
        floor=round(slowest.bare, 2),
        ratio=round(slowest.p95 / slowest.bare, 1),
        wanted=f"p95 at most {LIMIT_MS:g} ms with {PLANS:,} plans of {STEPS} steps",
        ok=slowest.p95 <= LIMIT_MS,
        details={
            "plans": count,
            "page_bytes": slowest.size,
            **{f"{name} (ms, p95)": round(one.p95, 1) for name, one in found.items()},
            **{f"{name} (ms, median)": round(one.median, 1) for name, one in found.items()},
            **{f"{name}, bare page (ms, p95)": round(one.bare, 2) for name, one in found.items()},
        },
    )


class _Times:
    """What one database gave."""

    def __init__(self, pages: Sequence[float], bare: Sequence[float], size: int) -> None:
        self.p95, self.bare, self.size = p95(pages), p95(bare), size
        self.median = sorted(pages)[len(pages) // 2]


async def _on(url: str, folder: Path, count: int) -> _Times:
    records = await asyncio.to_thread(open_records, url, folder / "bench.key")
    try:
        hub_id = prepare_hub(records)
        ids = await asyncio.to_thread(add_plans, records, hub_id, count)
        asked = Random(5).sample(ids, min(ASKED, len(ids)))
        addresses = await asyncio.to_thread(_live, records, hub_id, asked)
        token = await asyncio.to_thread(signed_in, records, hub_id)
        return await _times(records, folder, addresses, token)
    finally:
        records.close()


def _live(records: Records, hub_id: str, plans: Sequence[str]) -> list[str]:
    """Half of the way of each plan: steps shown, checked, missed and answered; two court dates.

    Returns:
        The addresses of their pages.
    """
    chance, now = Random(7), datetime.now(UTC)
    addresses = []
    with records.writing(hub_id) as session:
        for plan_id in plans:
            plan = session.get_one(SupportPlan, plan_id)
            steps = session.exec(
                select(PlanStep).where(PlanStep.plan_id == plan_id).order_by(col(PlanStep.due_on))
            ).all()
            for number, step in enumerate(steps[: STEPS // 2]):
                step.due_on = now.date() - timedelta(days=14 * (STEPS // 2 - number))
                if chance.random() < 0.7:
                    done = chance.random() < 0.6
                    add_evidence(
                        session, step.id, "letter", "It is here.", BENCH, now, verified=done
                    )
                else:
                    miss_step(session, step.id, now)
                    note_answer(session, step.id, "The bus did not come.", BENCH, now)
            for days in (20, 90):
                at = datetime.combine(now.date() + timedelta(days=days), NINE)
                setting = Setting(at, ZONE, "3A", "1351 NW 12th St")
                schedule_hearing(session, plan.case_id, HearingKind.STATUS, setting, BENCH, now)
            addresses.append(f"/cases/{plan.case_id}/plans/{plan_id}")
    return addresses


def signed_in(records: Records, hub_id: str) -> str:
    """An advocate's session; the token of its cookie."""
    token = secrets.token_urlsafe(16)
    with records.writing(hub_id) as session:
        member = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE)
        session.add(member)
        session.flush()
        ends = datetime.now(UTC) + timedelta(hours=2)
        session.add(StaffSession(staff_id=member.id, token_hash=hash_token(token), expires_at=ends))
    return token


async def _times(records: Records, folder: Path, addresses: Sequence[str], token: str) -> _Times:
    app = FastAPI()
    install(app, Settings(data=folder), records)
    async with browser_of(app, token) as browser:
        size = len((await browser.get(addresses[0])).text)
        pages = [await timed(lambda at=at: browser.get(at)) for at in addresses]  # type: ignore[misc]
    async with browser_of(bare_page(size), token) as browser:
        await browser.get("/")
        bare = [await timed(lambda: browser.get("/")) for _ in addresses]
    return _Times(pages, bare, size)


def browser_of(app: FastAPI, token: str) -> AsyncClient:
    return AsyncClient(
        transport=ASGITransport(app=app),
        base_url="http://bench",
        cookies={"homeward": token},
        headers={"Accept": "text/html"},
    )


async def timed(ask: Callable[[], Awaitable[Response]]) -> float:
    begin = time.perf_counter()
    answer = await ask()
    took = (time.perf_counter() - begin) * 1000
    answer.raise_for_status()
    return took


def bare_page(size: int) -> FastAPI:
    """A page of the same size that reads nothing."""
    page = Environment(autoescape=True).from_string(
        "<!doctype html><title>Plan</title><ul>"
        "{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>"
    )
    lines = [
        f"Step {number}: to do until the end of the month, and so on" for number in range(size)
    ]
    lines = lines[: size // (len(lines[-1]) + len("<li></li>"))]
    app = FastAPI()

    @app.get("/")
    def show() -> HTMLResponse:
        return HTMLResponse(page.render(lines=lines))

    return app
