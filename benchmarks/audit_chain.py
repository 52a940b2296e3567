"""Verifying an audit trail of 100,000 rows, beside reading the same rows and doing nothing; and
what a row costs whoever causes it."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from benchmarks.engine_house import prepare_hub
from benchmarks.result import Result
from records.audit import note_deed, verify
from records.database import Records, open_records
from records.tables import AuditEvent

ROWS = 100_000
LIMIT_SECONDS = 30.0
A_TIME = 500
"""Rows of one transaction while the trail is made; pages write one."""
SINGLE = 300
NOW = datetime(2026, 12, 2, 15, tzinfo=UTC)


def measure(rows: int = ROWS) -> Result:
    """Seconds to walk the whole trail, on a file."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        records = open_records(f"sqlite:///{Path(folder) / 'homeward.db'}", Path(folder) / "key")
        try:
            return _on(records, prepare_hub(records), rows)
        finally:
            records.close()


def _on(records: Records, hub_id: str, rows: int) -> Result:
    for begin in range(0, rows, A_TIME):
        with records.writing(hub_id) as session:
            for number in range(begin, min(begin + A_TIME, rows)):
                note_deed(session, "0" * 32, "read a case", NOW, "case", f"{number:032x}")
    one = _timed(lambda: _note_singly(records, hub_id)) / SINGLE * 1000
    empty = _timed(lambda: _write_singly(records, hub_id)) / SINGLE * 1000
    plain = _timed(lambda: _read(records, hub_id))
    took = _timed(lambda: _verify(records, hub_id))
    return Result(
        name="audit-chain",
        value=round(took, 2),
        unit="s to verify",
        floor=round(plain, 2),
        ratio=round(took / plain, 1),
        wanted=f"at most {LIMIT_SECONDS:g} s for {ROWS:,} rows",
        ok=took <= LIMIT_SECONDS,
        details={
            "rows": rows + SINGLE,
            "rows a second": round((rows + SINGLE) / took),
            "a transaction with a row of the trail (ms)": round(one, 2),
            "the same without (ms)": round(empty, 2),
        },
    )


def _timed(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _note_singly(records: Records, hub_id: str) -> None:
    for _ in range(SINGLE):
        with records.writing(hub_id) as session:
            note_deed(session, "0" * 32, "read a case", NOW, "case", "0" * 32)


def _write_singly(records: Records, hub_id: str) -> None:
    for _ in range(SINGLE):
        with records.writing(hub_id):
            pass


def _read(records: Records, hub_id: str) -> None:
    with records.reading(hub_id) as session:
        for _ in session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all():
            pass


def _verify(records: Records, hub_id: str) -> None:
    with records.reading(hub_id) as session:
        verdict = verify(session, hub_id)
    if not verdict.ok:
        raise AssertionError(verdict.problems)
