"""The page that a text opens, as an old phone on a poor line meets it: bytes, requests, seconds.

The bytes and the requests are counted in any case. Where Chromium and Playwright are here, the
page is opened in it with nothing in its cache, at 400 kbit/s and with 400 ms before every answer,
beside a bare page of the same weight in the same run.
"""

import importlib
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from api.pages.routes import install
from benchmarks.engine_house import BENCH, ZONE, prepare_hub
from benchmarks.result import Result
from domain.vocabulary import Channel, HearingKind
from engine.settings import Settings
from records.casework import NewCase, open_case
from records.circle import NewContact, add_contact
from records.counsel import NewCounsel, set_counsel
from records.database import Records, open_records
from records.family_answers import subscribe
from records.family_links import family_link
from records.hearings import Setting, schedule_hearing
from records.plans import NewStep, start_plan
from records.private_links import path_of
from records.tables import Court, Defendant

MOST_BYTES = 14_000
MOST_REQUESTS = 2
"""The page and its style; its icon is empty and costs no request."""
MOST_SECONDS = 1.5
BYTES_A_SECOND = 400_000 / 8
WAIT_MS = 400
TIMES = 9
LANGUAGES = ("en", "es", "ht")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(frozen=True, slots=True)
class _Weight:
    """A page with all that it loads: bytes with headers, and how many requests."""

    size: int
    requests: int


@dataclass(frozen=True, slots=True)
class _Loads:
    """Seconds until a page and its style were there, one for each time it was opened."""

    seconds: tuple[float, ...]

    @property
    def slowest(self) -> float:
        """The slowest of them."""
        return max(self.seconds)


def measure() -> Result:
    """The fullest page, in the language in which it is heaviest."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        records = open_records(f"sqlite:///{Path(folder) / 'homeward.db'}", Path(folder) / "key")
        try:
            path = _full_page(records)
            app = FastAPI()
            install(app, Settings(data=Path(folder)), records)
            with _served(app) as site:
                return _measured(site, path)
        finally:
            records.close()


def _measured(site: str, path: str) -> Result:
    weights = {language: _weigh(f"{site}{path}?lang={language}") for language in LANGUAGES}
    heaviest = max(weights, key=lambda language: weights[language].size)
    weight = weights[heaviest]
    details: dict[str, Any] = {
        "requests": weight.requests,
        **{f"bytes with headers, {language}": one.size for language, one in weights.items()},
    }
    light = weight.size <= MOST_BYTES and weight.requests <= MOST_REQUESTS
    wanted = (
        f"at most {MOST_BYTES:,} bytes in {MOST_REQUESTS} requests, and {MOST_SECONDS:g} s at "
        f"400 kbit/s and {WAIT_MS} ms"
    )
    browser = _browser()
    if browser is None:
        details["seconds"] = "not measured: no Chromium or no Playwright here"
        ratio = round(weight.size / MOST_BYTES, 2)
        return Result(
            "family-page", weight.size, "bytes", MOST_BYTES, ratio, wanted, light, details
        )
    with _served(_bare(weight.size)) as bare_site:
        bare = _open(browser, f"{bare_site}/")
        full = _open(browser, f"{site}{path}?lang={heaviest}")
    details["seconds, each time"] = ", ".join(f"{one:.2f}" for one in full.seconds)
    return Result(
        name="family-page",
        value=round(full.slowest, 2),
        unit=f"s, slowest of {TIMES}",
        floor=round(bare.slowest, 2),
        ratio=round(full.slowest / bare.slowest, 2),
        wanted=wanted,
        ok=light and full.slowest <= MOST_SECONDS,
        details=details,
    )


def _full_page(records: Records) -> str:
    """A participant's page with all that it can show; its path."""
    hub_id, now = prepare_hub(records), datetime.now(UTC)
    today = now.date()
    with records.writing(hub_id) as session:
        case = open_case(session, NewCase("Marcus", "Johnson", custody="released"), BENCH, now)  # type: ignore[arg-type]
        person_id = session.get_one(Defendant, case.defendant_id).person_id
        for channel, address in (
            (Channel.SMS, "+13055550110"),
            (Channel.VOICE, "+13055550110"),
            (Channel.EMAIL, "marcus@example.org"),
        ):
            add_contact(session, person_id, NewContact(channel, address, "Yes."), BENCH, now)
        phone = NewContact(Channel.VOICE, "+13055550177", "An office phone.")
        set_counsel(session, case.id, NewCounsel("Ana", "Ruiz", contacts=(phone,)), BENCH, now)
        court = Court(
            name="Richard E. Gerstein Justice Building",
            zone=ZONE,
            address="1351 NW 12th St, Miami, FL 33125",
            directions="Metrorail to Civic Center, then five minutes on foot. Bus 77 and 113 stop "
            "at the door. The line at the door is slow before nine.",
        )
        session.add(court)
        session.flush()
        for weeks in range(1, 7):
            at = datetime.combine(today + timedelta(weeks=weeks), datetime.min.time())
            setting = Setting(at.replace(hour=9), ZONE, "Courtroom 4-1", court.address)
            hearing = schedule_hearing(session, case.id, HearingKind.STATUS, setting, BENCH, now)
            hearing.court_id = court.id
        steps = [
            NewStep("employment", f"Meet the job coach at the library, {n}", due_on=today)
            for n in range(4)
        ]
        start_plan(session, case.id, steps, BENCH, now)
        link = family_link(session, person_id, case.id, now)
        subscribe(session, link)
        return path_of(link)


def _weigh(address: str) -> _Weight:
    """What travels to a browser that has nothing of it, compression apart: there is none."""
    with httpx.Client() as http:
        page = http.get(address).raise_for_status()
        head = page.text.partition("</head>")[0]
        linked = re.findall(r'(?:src|href)="(/[^"]+)"', head) + re.findall(r' src="', page.text)
        answers = [page, *(http.get(str(page.url.join(one))) for one in linked)]
    return _Weight(sum(len(one.content) + _headers(one) for one in answers), len(answers))


def _headers(answer: httpx.Response) -> int:
    return sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + 19


def _bare(size: int) -> FastAPI:
    """A page and a style of the same weight together, which read nothing."""
    app, half = FastAPI(), size // 2
    page = '<!doctype html><title>x</title><link rel="stylesheet" href="/x.css"><p>' + "x" * half

    @app.get("/")
    def show() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get("/x.css")
    def style() -> Response:
        return Response("p{color:#000}" + " " * half, media_type="text/css")

    return app


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    """The application on a port of its own; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _browser() -> tuple[Any, str] | None:
    """Playwright and the path of a browser; None where either is not here."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ImportError:
        return None
    return (playwright, found) if found else None


def _open(browser: tuple[Any, str], address: str) -> _Loads:
    playwright, program = browser
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=program, args=flags)
        seconds = tuple(_load(chromium, address) for _ in range(TIMES))
        chromium.close()
    return _Loads(seconds)


def _load(chromium: Any, address: str) -> float:
    """Seconds from the first request to the last byte, with nothing in the cache."""
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": WAIT_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    page.goto(address, wait_until="load")
    took = float(page.evaluate(_LOADED)) / 1000
    context.close()
    return took
