"""Heartbeats: a part that lives says so in the records, so that `/readyz` can name it."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from records.database import Records
from records.tables import PartBeat

EVERY_SECONDS = 3.0
ALIVE_FOR = timedelta(seconds=15)


class Heartbeat:
    """One part's heart: beats at most every few seconds, however often it is asked to."""

    def __init__(self, records: Records, part: str) -> None:
        self._records, self._part = records, part
        self._last = 0.0

    async def beat(self, detail: str = "") -> None:
        """Say that the part lives. A database that is locked right now costs one beat only."""
        if time.monotonic() - self._last < EVERY_SECONDS:
            return
        self._last = time.monotonic()
        try:
            await self._records.run(lambda: self._write(detail), patience=2.0)
        except SQLAlchemyError:
            self._last = 0.0

    def _write(self, detail: str) -> None:
        with self._records.everywhere() as session:
            row = session.get(PartBeat, self._part) or PartBeat(
                part=self._part, beat_at=datetime.now(UTC)
            )
            row.beat_at, row.detail = datetime.now(UTC), detail
            session.add(row)


def alive(records: Records, part: str) -> bool:
    """Whether a part has said lately that it lives."""
    with records.reading("") as session:
        row = session.get(PartBeat, part)
    return row is not None and datetime.now(UTC) - row.beat_at < ALIVE_FOR
