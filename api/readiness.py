"""Whether each part of the house is ready: asked anew each time, never for long.

Nothing here tells an address, a path or a password: anybody may ask.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select
from temporalio.client import Client

from activities.documents.store import DocumentStore
from api.fields import Out
from engine.connection import connect
from engine.heartbeat import alive
from engine.settings import Settings
from records.crypto import keys
from records.database import KEY_WORD, Records
from records.outbox import lag
from records.tables import DatabaseMeta, Hub

PATIENCE = 2.0
"""Seconds that a part has for its answer."""
MOST_LAG_SECONDS = 60.0
LEAST_FREE_BYTES = 200_000_000


class PartState(Out):
    """One part: whether it does its work, and what is to be known."""

    ok: bool
    detail: str
    rows: int | None = None
    seconds: float | None = None
    free_bytes: int | None = None


class Readiness(Out):
    """Whether every part is ready."""

    ready: bool
    parts: dict[str, PartState]


@dataclass
class TemporalLink:
    """The one Temporal client of the web server: made when first needed, made anew when lost."""

    settings: Settings
    client: Client | None = None

    async def check(self) -> PartState:
        """Whether Temporal answers."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self.client is None:
                    self.client = await connect(self.settings, patience=0.0)
                patience = timedelta(seconds=PATIENCE)
                ok = await self.client.service_client.check_health(timeout=patience)
        except Exception:
            # Whatever the reason (no server, another port after a restart, a refused namespace):
            # the next question starts from a new connection.
            self.client = None
            return PartState(ok=False, detail="Temporal does not answer; news waits meanwhile.")
        return PartState(ok=ok, detail="It answers." if ok else "It is not serving.")


async def readiness(
    records: Records,
    temporal: TemporalLink,
    documents: Callable[[], DocumentStore],
) -> Readiness:
    """Ask every part at the same time."""
    asked: dict[str, Awaitable[PartState]] = {
        "records": _asked(lambda: _records(records)),
        "keys": _asked(lambda: _keys(records)),
        "temporal": temporal.check(),
        "worker": _asked(lambda: _part(records, "worker")),
        "packets": _asked(lambda: _part(records, "packets")),
        "relay": _asked(lambda: _relay(records)),
        "documents": _asked(lambda: _documents(documents)),
    }
    states = await asyncio.gather(*asked.values())
    parts = dict(zip(asked, states, strict=True))
    return Readiness(ready=all(part.ok for part in states), parts=parts)


async def _asked(question: Callable[[], PartState]) -> PartState:
    """The answer of a part; no answer in time, or an error of any kind, is a no."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(question)
    except TimeoutError:
        return PartState(ok=False, detail=f"No answer within {PATIENCE:g} s.")
    except Exception as error:
        return PartState(ok=False, detail=f"It cannot be asked ({type(error).__name__}).")


def _records(records: Records) -> PartState:
    with records.reading("") as session:
        real = select(col(Hub.id)).where(col(Hub.example).is_(False))
        known = session.exec(real.limit(1)).first()
    if known is None:
        return PartState(ok=False, detail="There is no hub; `homeward doctor` says what to do.")
    return PartState(ok=True, detail="They answer.")


def _keys(records: Records) -> PartState:
    with records.reading("") as session:
        check = session.get(DatabaseMeta, "key_check")
    place = "database_meta.key_check"
    if check is None or keys().open_text(check.value, place) != KEY_WORD:
        return PartState(ok=False, detail="The key file does not fit the records.")
    return PartState(ok=True, detail="They open the records.")


def _part(records: Records, name: str) -> PartState:
    if not alive(records, name):
        return PartState(ok=False, detail="It has not been heard lately; is it running?")
    return PartState(ok=True, detail="It lives.")


def _relay(records: Records) -> PartState:
    behind = lag(records, datetime.now(UTC))
    state = _part(records, "relay")
    late = behind.seconds > MOST_LAG_SECONDS
    detail = f"{behind.rows} changes wait, the oldest for {behind.seconds:.0f} s."
    return PartState(
        ok=state.ok and not late,
        detail=f"{state.detail} {detail}",
        rows=behind.rows,
        seconds=round(behind.seconds, 1),
    )


def _documents(documents: Callable[[], DocumentStore]) -> PartState:
    store = documents()
    store.check()
    free = store.free_bytes()
    enough = free is None or free >= LEAST_FREE_BYTES
    detail = "The store takes documents." if enough else "The disk is nearly full; make room."
    return PartState(ok=enough, detail=detail, free_bytes=free)
