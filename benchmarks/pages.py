"""Opening pages as a browser does, on every database that is here, beside a bare page."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from httpx import ASGITransport, AsyncClient, Response
from jinja2 import Environment

from benchmarks.engine_house import prepare_hub
from benchmarks.postgres import running
from domain.vocabulary import Role
from records.access import hash_token
from records.database import Records, open_records
from records.tables import StaffMember, StaffSession

T = TypeVar("T")


async def on_each_database(
    work: Callable[[Records, str, Path], Awaitable[T]],
) -> dict[str, T]:
    """What `work` measures with new records, a hub's id and an empty folder: on a file, and on
    PostgreSQL where it is installed."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        place = Path(folder)
        found = {"file": await _on(f"sqlite:///{place / 'homeward.db'}", place, work)}
        with running(durable=True) as server:
            if server is not None:
                (place / "server").mkdir()
                server.run("CREATE DATABASE bench")
                found["PostgreSQL"] = await _on(server.url("bench"), place / "server", work)
    return found


async def _on(url: str, folder: Path, work: Callable[[Records, str, Path], Awaitable[T]]) -> T:
    records = await asyncio.to_thread(open_records, url, folder / "bench.key")
    try:
        return await work(records, prepare_hub(records), folder)
    finally:
        records.close()


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


def browser_of(app: FastAPI, token: str) -> AsyncClient:
    """A browser with that cookie."""
    return AsyncClient(
        transport=ASGITransport(app=app),
        base_url="http://bench",
        cookies={"homeward": token},
        headers={"Accept": "text/html"},
    )


async def timed(ask: Callable[[], Awaitable[Response]]) -> float:
    """Milliseconds until the answer, which has to be a good one."""
    begin = time.perf_counter()
    answer = await ask()
    took = (time.perf_counter() - begin) * 1000
    answer.raise_for_status()
    return took


async def bare_times(size: int, token: str, count: int) -> list[float]:
    """Milliseconds of a bare FastAPI and Jinja page of the same size that reads nothing."""
    async with browser_of(bare_page(size), token) as browser:
        await browser.get("/")
        return [await timed(lambda: browser.get("/")) for _ in range(count)]


def bare_page(size: int) -> FastAPI:
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
