"""Living the year from the judge's word to the certificate, and writing down what came of it."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from sqlmodel import col, select

from activities.documents.errors import ConversionError
from activities.plan_report_papers import report_pdf
from activities.plan_reporting import get_report
from cli.demonstration.opening import open_world
from cli.demonstration.plan_year import report_acts, year
from cli.demonstration.plan_year.cast import YearCast, year_cast
from cli.demonstration.plan_year.days import DAY, Days, days_of
from cli.demonstration.plan_year.proof import proof_of
from cli.demonstration.plan_year.year import Year
from cli.demonstration.telling import Teller, without_keys
from cli.demonstration.world import World
from domain.court_time import wall_time
from domain.plan_reports import ReportKind
from records.tables import HumanTask, Message

REPORTS = {
    "May": "letter-may",
    "November": "summary-november",
    "memo": "memo-for-counsel",
    "certificate": "certificate",
}
NAMES = (
    "messages.jsonl",
    "timeline.txt",
    "summary.json",
    *(f"{name}.{make}" for name in REPORTS.values() for make in ("docx", "pdf")),
)


async def live_year(out: Path, seed: int, console: Console) -> Mapping[str, Any]:
    """Live one year of a plan, tell it on `console`, write its files into `out`; the summary.

    Records, keys and documents are in a temporary folder that is gone afterwards.

    Raises:
        TemporalMissing: the time-skipping server is not installed.
        KeyProblem, RecordsProblem: from opening the records.
    """
    started = time.monotonic()
    random = Random(f"homeward demo plan {seed}")  # noqa: S311 - a story, not a secret
    days = days_of(datetime.now(UTC).year + 1)
    cast = year_cast(random, days.start.year)
    teller = Teller(console, cast.zone)
    title = f"A year of {cast.defendant.name}’s plan, with {cast.hub}. All of it is made up."
    teller.title(title)
    with tempfile.TemporaryDirectory(prefix="homeward-demo-") as folder:
        async with open_world(Path(folder), cast, days.opened, teller) as world:
            lived = Year(world, cast, days)
            await _live(lived)
            found = await proof_of(lived)
            pdf_problem = await _write_reports(out, lived, Path(folder))
            messages = _write_messages(out, world, cast)
            (out / "timeline.txt").write_text(teller.as_text(title), encoding="utf-8")
            summary = _summary(lived, days, messages, seed=seed, took=time.monotonic() - started)
    summary |= {"checks": found.checks, "problems": found.problems, "pdf_problem": pdf_problem}
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    return summary


async def _live(lived: Year) -> None:
    days = lived.days
    await year.the_start(lived)
    await year.the_silent_provider(lived)
    await year.live_until(lived, days.offered_again)
    await year.the_other_provider(lived)
    await year.the_meeting(lived)
    await year.live_until(lived, datetime.combine(days.start + 50 * DAY, year.TEN))
    await year.the_consent(lived)
    await year.the_loop_is_closed(lived)
    await report_acts.the_memo(lived)
    await year.the_missed_one(lived)
    await report_acts.before_a_hearing(lived, "May", days.first_status, ReportKind.LETTER)
    await year.the_hearing(lived, "May", days.first_status)
    await year.the_answer(lived)
    await year.custody(lived)
    await report_acts.before_a_hearing(lived, "November", days.second_status, ReportKind.SUMMARY)
    await year.the_hearing(lived, "November", days.second_status)
    await year.the_end(lived)
    await report_acts.the_certificate(lived)
    await lived.world.until(days.end)
    await lived.world.relay()


async def _write_reports(out: Path, lived: Year, folder: Path) -> str:
    """Each report as Word file and, from the same, PDF; why there is no PDF, or ""."""
    world, why = lived.world, ""
    for about, report_id in lived.reports.items():
        row = world.read(lambda session, one=report_id: get_report(session, one))  # type: ignore[misc]
        docx = world.house.store.get(row.docx_key or row.document_key)
        (out / f"{REPORTS[about]}.docx").write_bytes(docx)
        try:
            pdf = await report_pdf(docx, folder / "soffice")
        except ConversionError as error:
            why = str(error)
            continue
        (out / f"{REPORTS[about]}.pdf").write_bytes(pdf)
    return why


def _write_messages(out: Path, world: World, cast: YearCast) -> list[Message]:
    with world.house.records.reading(world.hub_id) as session:
        rows = list(
            session.exec(
                select(Message).order_by(col(Message.claimed_at), col(Message.claim))
            ).all()
        )
    lines = [
        json.dumps(
            {
                "at": f"{wall_time(row.claimed_at, cast.zone):%Y-%m-%d %H:%M}",
                "audience": row.audience,
                "language": row.language,
                "channel": row.channel,
                "step": row.step,
                "text": without_keys(row.body.strip()),
                "status": row.state,
            },
            ensure_ascii=False,
        )
        for row in rows
    ]
    (out / "messages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rows


def _summary(
    lived: Year, days: Days, messages: list[Message], *, seed: int, took: float
) -> dict[str, Any]:
    with lived.world.house.records.reading(lived.world.hub_id) as session:
        tasks = Counter(task.kind for task in session.exec(select(HumanTask)).all())
    return {
        "seed": seed,
        "began": days.opened.isoformat(),
        "ended": days.end.isoformat(),
        "zone": lived.cast.zone,
        "months_lived": round((days.end - days.opened).days / (365.25 / 12), 1),
        "seconds_taken": round(took, 1),
        "messages": len(messages),
        "segments": sum(row.segments for row in messages if row.channel == "sms"),
        "by_step": dict(sorted(Counter(row.step for row in messages).items())),
        "said_by_text_or_page": lived.said,
        "tasks": dict(sorted(tasks.items())),
    }
