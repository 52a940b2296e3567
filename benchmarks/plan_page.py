"""A plan's page with 2,000 plans of twelve steps in the hub: milliseconds, as a browser waits.

Measured through the whole application, on a file and on PostgreSQL, and in the same run beside a
bare FastAPI and Jinja page of the same size that reads nothing.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random

from fastapi import FastAPI
from sqlmodel import col, select

from api.pages.routes import install
from benchmarks.directory import p95
from benchmarks.engine_house import BENCH, ZONE
from benchmarks.pages import bare_times, browser_of, on_each_database, signed_in, timed
from benchmarks.plans import STEPS, add_plans
from benchmarks.result import Result
from domain.vocabulary import HearingKind
from engine.settings import Settings
from records.database import Records
from records.hearings import Setting, schedule_hearing
from records.plans import add_evidence, miss_step, note_answer
from records.tables import PlanStep, SupportPlan

PLANS = 2000
LIMIT_MS = 100.0
NINE = clock(9, 0)
ASKED = 200
"""How many pages are opened on each database, each of another plan."""


async def measure(count: int = PLANS) -> Result:
    """The 95th of a hundred pages, on the slower of the databases that are here."""
    found = await on_each_database(
        lambda records, hub_id, folder: _on(records, hub_id, folder, count)
    )
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


async def _on(records: Records, hub_id: str, folder: Path, count: int) -> _Times:
    ids = await asyncio.to_thread(add_plans, records, hub_id, count)
    asked = Random(5).sample(ids, min(ASKED, len(ids)))
    addresses = await asyncio.to_thread(_live, records, hub_id, asked)
    token = await asyncio.to_thread(signed_in, records, hub_id)
    return await _times(records, folder, addresses, token)


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


async def _times(records: Records, folder: Path, addresses: Sequence[str], token: str) -> _Times:
    app = FastAPI()
    install(app, Settings(data=folder), records)
    async with browser_of(app, token) as browser:
        size = len((await browser.get(addresses[0])).text)
        pages = [await timed(lambda at=at: browser.get(at)) for at in addresses]  # type: ignore[misc]
    return _Times(pages, await bare_times(size, token, len(addresses)), size)
