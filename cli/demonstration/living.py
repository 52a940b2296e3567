"""Living the story from the first night to the last day, and writing down what came of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from cli.demonstration import arrest, courtdays, homecoming
from cli.demonstration.almanac import almanac_of, first_night
from cli.demonstration.cast import Cast, cast_of
from cli.demonstration.checks import WORKFLOWS_END, findings_of
from cli.demonstration.files import (
    made,
    summary_of,
    write_made,
    write_messages,
    write_summary,
)
from cli.demonstration.lived import all_said
from cli.demonstration.opening import open_world
from cli.demonstration.story import Story
from cli.demonstration.telling import Teller, Tone
from domain.court_time import wall_time


async def live(out: Path, seed: int, console: Console) -> Mapping[str, Any]:
    """Live one story, tell it on `console`, write its files into `out`; the summary.

    Records, keys and documents are in a temporary folder that is gone afterwards.

    Raises:
        TemporalMissing: the time-skipping server is not installed.
        NeverHappened: work that the story waits for was not done.
        KeyProblem, RecordsProblem: from opening the records.
    """
    started = time.monotonic()
    random = Random(f"homeward demo {seed}")  # noqa: S311 - a story, not a secret
    friday = first_night(datetime.now(UTC).date())
    cast = cast_of(random, friday.year)
    days = almanac_of(random, friday)
    teller = Teller(console, cast.zone)
    title = _title(cast)
    teller.title(title)
    with tempfile.TemporaryDirectory(prefix="homeward-demo-") as folder:
        async with open_world(Path(folder), cast, days.arrest, teller) as world:
            story = Story(world, cast, days)
            for chapter in (arrest.chapter, courtdays.chapter, homecoming.chapter):
                await chapter(story)
            files, said = made(story), all_said(story)
            found = await findings_of(story, said, files)
            if found.checks[WORKFLOWS_END]:
                teller.tell(await world.now(), Tone.HOUSE, _END)
            ended = wall_time(await world.now(), cast.zone).replace(second=0, microsecond=0)
            write_made(out, files)
            write_messages(out, said)
            (out / "timeline.txt").write_text(teller.as_text(title), encoding="utf-8")
            took = time.monotonic() - started
            summary = summary_of(story, said, found, seed=seed, took=took, ended=ended)
    write_summary(out, summary)
    return summary


_END = "The workflows of the case, the packet and the plan have come to their end by themselves."


def _title(cast: Cast) -> str:
    return (
        f"{cast.defendant.name} and her family, with {cast.hub}, {cast.town}. All of it is made up."
    )
