"""Today, a case's page and a search with 10,000 cases in the hub: milliseconds, as a browser waits.

Through the whole application, on a file and on PostgreSQL; beside it, in the same run, a bare
FastAPI and Jinja page of the same size that reads nothing. Pages a second are those of a server.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random

from fastapi import FastAPI
from httpx import AsyncClient, Response

from api.pages.routes import install
from benchmarks.directory import p95
from benchmarks.engine_house import BENCH, ZONE
from benchmarks.pages import bare_times, browser_of, on_each_database, signed_in, timed
from benchmarks.result import Result
from benchmarks.served import pages_per_second
from domain.tracks import Custody
from domain.vocabulary import Channel, HearingKind
from engine.settings import Settings
from records.casework import NewCase, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.database import Records
from records.hearings import Setting, schedule_hearing
from records.tables import Defendant

CASES = 10_000
LIMIT_MS = 150.0
ASKED = 100
AT_ONCE = 100
_FIRST = (
    *("Ana", "Marcus", "Denise", "Jean-Baptiste", "Guadalupe", "Keisha", "Naomi", "Andre", "Luis"),
    *("Marisol", "Wilner", "Teresa", "Jerome", "Imani", "Rosalind", "Mateo", "Alicia", "Renee"),
)
_LAST = (
    *("Rodríguez", "Johnson", "Baptiste", "Jiménez", "Coleman", "Vargas", "Pierre", "Williams"),
    *("Salazar", "Whitfield", "Joseph", "Molina", "Simmons", "Ortiz", "Fuentes", "Charles"),
)
SEARCHES = ("rodrigues ana", "jonson", "gimenez", "denise", "jean", "baptist w", "rosalin")


@dataclass(frozen=True, slots=True)
class _Pages:
    """What one database gave: milliseconds by page, and the bare page beside them; and how many
    case pages and bare pages a second a server gives."""

    pages: dict[str, list[float]]
    bare: list[float]
    size: int
    served: float
    bare_served: float

    @property
    def slowest(self) -> float:
        """The worst of the 95th percentiles."""
        return max(p95(times) for times in self.pages.values())

    @property
    def share(self) -> float:
        """Case pages a second, of bare pages a second of the same size."""
        return self.served / self.bare_served


async def measure(count: int = CASES) -> Result:
    """The slowest page's 95th percentile, on the slower of the databases that are here."""
    found = await on_each_database(
        lambda records, hub_id, folder: _on(records, hub_id, folder, count)
    )
    worst = max(found.values(), key=lambda one: one.slowest)
    return Result(
        name="case-pages",
        value=round(worst.slowest, 1),
        unit="ms, 95th percentile of the slowest page",
        floor=round(p95(worst.bare), 2),
        ratio=round(worst.share, 3),
        wanted=f"p95 at most {LIMIT_MS:g} ms with {CASES:,} cases; ratio: pages a second, of bare",
        ok=worst.slowest <= LIMIT_MS,
        details={
            "cases": count,
            "page_bytes": worst.size,
            **{
                f"{name}: {page} (ms, p95)": round(p95(times), 1)
                for name, one in found.items()
                for page, times in one.pages.items()
            },
            **{
                f"{name}: bare page (ms, p95)": round(p95(one.bare), 2)
                for name, one in found.items()
            },
            **{f"{name}: case pages a second": round(one.served) for name, one in found.items()},
            **{
                f"{name}: bare pages a second": round(one.bare_served)
                for name, one in found.items()
            },
            **{
                f"{name}: pages a second, of bare": round(one.share, 3)
                for name, one in found.items()
            },
        },
    )


async def _on(records: Records, hub_id: str, folder: Path, count: int) -> _Pages:
    cases = await asyncio.to_thread(add_cases, records, hub_id, count)
    token = await asyncio.to_thread(signed_in, records, hub_id)
    asked = Random(5).sample(cases, min(ASKED, len(cases)))
    return await _times(records, folder, asked, token)


def add_cases(records: Records, hub_id: str, count: int) -> list[str]:
    """Cases with a phone, a mother and a court date each; their ids."""
    dice, now = Random(11), datetime.now(UTC)
    ids: list[str] = []
    for first in range(0, count, AT_ONCE):
        with records.writing(hub_id) as session:
            for number in range(first, min(first + AT_ONCE, count)):
                last = f"{dice.choice(_LAST)}"
                new = NewCase(dice.choice(_FIRST), last, custody=Custody.RELEASED)
                case = open_case(session, new, BENCH, now)
                person = session.get_one(Defendant, case.defendant_id).person_id
                phone = f"+1{305 + number // 100 % 600}555{100 + number % 100:04d}"
                add_contact(session, person, NewContact(Channel.SMS, phone, "yes"), BENCH, now)
                mother = NewSupporter(dice.choice(_FIRST), last, "mother")
                enroll_supporter(session, case.id, mother, BENCH, now)
                day = (now + timedelta(days=1 + number % 120)).date()
                setting = Setting(datetime.combine(day, clock(9, 0)), ZONE, "3A", "1351 NW 12th St")
                schedule_hearing(session, case.id, HearingKind.STATUS, setting, BENCH, now)
                ids.append(case.id)
    return ids


async def _times(records: Records, folder: Path, cases: Sequence[str], token: str) -> _Pages:
    app = FastAPI()
    install(app, Settings(data=folder), records)
    async with browser_of(app, token) as browser:
        size = len((await browser.get(f"/cases/{cases[0]}")).text)
        await browser.get("/")
        await _search(browser, SEARCHES[0])
        found = {
            "today": [await timed(lambda: browser.get("/")) for _ in cases],
            "case": [await timed(_opened(browser, f"/cases/{one}")) for one in cases],
            "list": [await timed(lambda: browser.get("/cases")) for _ in cases],
            "search": [
                await timed(_looked(browser, SEARCHES[n % len(SEARCHES)]))
                for n, _ in enumerate(cases)
            ],
        }
    url = records.engine.url.render_as_string(hide_password=False)
    real = ("pages", url, str(folder / "bench.key"), str(folder))
    addresses = [f"/cases/{one}" for one in cases]
    served = await asyncio.to_thread(pages_per_second, real, addresses, token)
    bare_served = await asyncio.to_thread(pages_per_second, ("bare", str(size)), ["/"], token)
    bare = await bare_times(size, token, len(cases))
    return _Pages(found, bare, size, served, bare_served)


def _opened(browser: AsyncClient, address: str) -> Callable[[], Awaitable[Response]]:
    return lambda: browser.get(address)


def _looked(browser: AsyncClient, words: str) -> Callable[[], Awaitable[Response]]:
    return lambda: _search(browser, words)


async def _search(browser: AsyncClient, words: str) -> Response:
    headers = {"Origin": "http://bench", "Sec-Fetch-Site": "same-origin"}
    return await browser.post("/cases/find", data={"q": words}, headers=headers)
