"""A whole state's calendar through the command itself: seconds and memory, twice.

The first import writes every row, the second one finds that nothing changed. Each runs as a
process of its own, started by a small one, so that the memory is its own and not inherited.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.result import Result

SECONDS = 60.0
MEGABYTES = 300.0
HEADER = "CaseNumber,CaseStyle ,HearingType,HearingDate,HearingTime,Court,County\r\n"
KINDS = ("Status Conference", "Arraignment", "Motion to Suppress", "Jury Trial", "Bond Review")
COUNTIES = ("Ada", "Bannock", "Boundary", "Canyon", "Kootenai", "Latah", "Twin Falls")

# A process's peak memory starts at that of whoever forked it, so a bare interpreter does.
_MEASURE = """
import json, os, resource, subprocess, sys, time
begin = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
seconds = time.monotonic() - begin
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
answer = json.loads(done.stdout or b"{}")
print(json.dumps({"status": done.returncode, "seconds": seconds, "peak": peak, "answer": answer}))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One import: seconds, peak memory in megabytes, and what the command answered."""

    seconds: float
    megabytes: float
    answer: dict[str, Any]


def write_calendar(path: Path, rows: int, first_day: date) -> None:
    """A made-up calendar in the shape that Idaho publishes, every case in one row."""
    with path.open("w", newline="") as file:
        file.write(HEADER)
        for row in range(rows):
            day = first_day + timedelta(days=row % 120)
            county = COUNTIES[row % len(COUNTIES)]
            hour, half = 8 + row % 9, 30 * (row % 2)
            file.write(
                f'CR-27-{row:05d},"State of Idaho vs. Example{row % 977}, Person {row}",'
                f"{KINDS[row % len(KINDS)]},{day.month}/{day.day}/{day.year},"
                f"{hour % 12 or 12}:{half:02d} {'PM' if hour >= 12 else 'AM'},"
                f"{county} County Magistrate Court,{county}\r\n"
            )


def run_import(calendar: Path, data: Path) -> Run:
    """Run `homeward import --apply` on a calendar.

    Raises:
        RuntimeError: the command refused.
    """
    command = [sys.executable, "-m", "cli.main", "import", str(calendar)]
    command += ["--format", "idaho", "--apply", "--json"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _MEASURE, *command],
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "HOMEWARD_DATA": str(data), "HOMEWARD_DATABASE_URL": ""},
    )
    told = json.loads(done.stdout)
    if told["status"] != 0:
        raise RuntimeError(f"The import was refused: {told['answer'].get('error', '')}")
    return Run(told["seconds"], told["peak"] / 1024, told["answer"])


def measure(rows: int = 50_000) -> Result:
    """Import a calendar of so many rows, and again."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as folder:
        calendar = Path(folder) / "calendar.csv"
        write_calendar(calendar, rows, datetime.now(UTC).date() + timedelta(days=1))
        first = run_import(calendar, Path(folder) / "data")
        again = run_import(calendar, Path(folder) / "data")
    if (first.answer["new"], again.answer["unchanged"]) != (rows, rows):
        raise RuntimeError("The import did not find the rows that were written.")
    seconds = max(first.seconds, again.seconds)
    megabytes = max(first.megabytes, again.megabytes)
    return Result(
        name=f"import-{rows}",
        value=round(seconds, 1),
        unit="s",
        floor=SECONDS,
        ratio=round(seconds / SECONDS, 3),
        wanted=f"each import under {SECONDS:.0f} s and {MEGABYTES:.0f} MB",
        ok=seconds < SECONDS and megabytes < MEGABYTES,
        details={
            "rows": rows,
            "first_seconds": round(first.seconds, 1),
            "again_seconds": round(again.seconds, 1),
            "first_megabytes": round(first.megabytes),
            "again_megabytes": round(again.megabytes),
        },
    )
