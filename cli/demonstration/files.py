"""The files that the demo leaves: fixed names in one folder, nothing else there is touched."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from activities.calendar_events import case_calendar
from cli.demonstration.checks import Findings
from cli.demonstration.lived import Files, Said
from cli.demonstration.story import Story
from cli.demonstration.telling import without_keys
from records.packets import versions_of
from records.tables import HumanTask

NAMES = (
    "messages.jsonl",
    "packet.docx",
    "packet.pdf",
    "calendar.ics",
    "timeline.txt",
    "summary.json",
)
_MONTH_DAYS = 365.25 / 12


def clear(out: Path, names: Sequence[str] = NAMES) -> None:
    """Remove an earlier demo's files, so that nothing old is taken for new."""
    for name in names:
        (out / name).unlink(missing_ok=True)


def made(story: Story) -> Files:
    """The newest packet and the family's calendar, from the store and the records."""
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        versions = versions_of(session, story.packet_id)
        calendar = case_calendar(session, story.case_id, world.house.catalog)
    newest = versions[-1]
    read = next(one for one in versions if story.reading and one.id == story.reading.version_id)
    store = world.house.store
    return Files(
        docx=store.get(newest.docx_key),
        pdf=store.get(newest.pdf_key) if newest.pdf_key else b"",
        pdf_problem=newest.pdf_problem,
        calendar=calendar,
        draft_docx=store.get(read.docx_key),
        draft_pdf=store.get(read.pdf_key) if read.pdf_key else b"",
    )


def write_made(out: Path, files: Files) -> None:
    """Packet and calendar; a file that could not be made is not there."""
    for name, data in (
        ("packet.docx", files.docx),
        ("packet.pdf", files.pdf),
        ("calendar.ics", files.calendar),
    ):
        if data:
            (out / name).write_bytes(data)


def write_messages(out: Path, said: list[Said]) -> None:
    """A line for each message."""
    lines = [
        json.dumps(
            {
                "at": one.at.isoformat(),
                "to_role": one.role,
                "language": one.language,
                "channel": one.channel,
                "step": one.step,
                "text": without_keys(one.text),
                "segments": one.segments,
                "status": one.status,
            },
            ensure_ascii=False,
        )
        for one in said
    ]
    (out / "messages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def summary_of(
    story: Story, said: list[Said], found: Findings, *, seed: int, took: float, ended: datetime
) -> Mapping[str, Any]:
    """Counts, time lived, and every expectation."""
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        tasks = Counter(task.kind for task in session.exec(select(HumanTask)).all())
    lived = (ended - story.days.arrest).total_seconds() / 86400 / _MONTH_DAYS
    return {
        "seed": seed,
        "began": story.days.arrest.isoformat(),
        "ended": ended.isoformat(),
        "zone": story.cast.zone,
        "months_lived": round(lived, 1),
        "seconds_taken": round(took, 1),
        "messages": len(said),
        "by_step": _counts(one.step for one in said),
        "by_channel": _counts(one.channel for one in said),
        "by_status": _counts(one.status for one in said),
        "by_role": _counts(one.role for one in said),
        "by_language": _counts(one.language for one in said),
        "segments": sum(one.segments for one in said),
        "tasks": dict(sorted(tasks.items())),
        "checks": found.checks,
        "problems": found.problems,
    }


def _counts(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def write_summary(out: Path, summary: Mapping[str, Any]) -> None:
    """The summary, readable."""
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
