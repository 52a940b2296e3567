"""`homeward demo`: nine made-up months of one defendant and her family, or a year of a plan, in
under a minute."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.common import console, errors, plain_errors, refuse, say_json
from cli.demonstration.files import NAMES, clear
from cli.demonstration.living import live
from cli.demonstration.plan_year.living import NAMES as YEAR_NAMES
from cli.demonstration.plan_year.living import live_year
from cli.demonstration.world import NeverHappened

DEFAULT_SEED = 7


class Tale(StrEnum):
    """Which story is lived."""

    CASE = "case"
    PLAN = "plan"


_Live = Callable[[Path, int, Console], Awaitable[Mapping[str, Any]]]
_TALES: Mapping[Tale, tuple[_Live, Sequence[str]]] = {
    Tale.CASE: (live, NAMES),
    Tale.PLAN: (live_year, YEAR_NAMES),
}
"""How each is lived, and the files that it leaves."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Live nine made-up months in under a minute; nothing leaves this machine.")(
        demo
    )


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for what the demo makes.")],
    seed: Annotated[
        int, typer.Option("--seed", help="Another number, another story.")
    ] = DEFAULT_SEED,
    story: Annotated[
        Tale, typer.Option("--story", help="A case from arrest to home, or a year of a plan.")
    ] = Tale.CASE,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print only the summary, as one JSON object.")
    ] = False,
) -> None:
    """Live the story, write its files, and end with status 0 only when all of it is true."""
    _prepare(out, story)
    screen = errors if as_json else console
    with plain_errors():
        try:
            summary = asyncio.run(_until_stopped(story, out, seed, screen))
        except NeverHappened as error:
            refuse(str(error))
        except OSError as error:
            refuse(f"The demo could not go on: {error.strerror or error}.")
    _conclude(summary, _TALES[story][1], out, screen)
    if as_json:
        say_json(summary)
    if summary["problems"]:
        raise typer.Exit(1)


def _prepare(out: Path, story: Tale) -> None:
    """A folder that can be written to, without an earlier demo's files.

    Raises:
        SystemExit: refused, with the reason.
    """
    if out.exists() and not out.is_dir():
        refuse(f"{out} is a file; give --out a folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        clear(out, _TALES[story][1])
    except OSError as error:
        refuse(f"{out} cannot be used: {error.strerror}. Give --out another folder.")


async def _until_stopped(story: Tale, out: Path, seed: int, screen: Console) -> Mapping[str, Any]:
    """Live the story; SIGTERM ends it as Ctrl-C does, with everything stopped and removed."""
    living = asyncio.ensure_future(_TALES[story][0](out, seed, screen))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    try:
        return await living
    except asyncio.CancelledError:
        refuse("Stopped. Nothing of the demo is left but what it had written.")


def _conclude(summary: Mapping[str, Any], names: Sequence[str], out: Path, screen: Console) -> None:
    checks: Mapping[str, bool] = summary["checks"]
    screen.print()
    for name, holds in checks.items():
        sign, style = ("yes", "green") if holds else ("NO ", "bold red")
        screen.print(f"  {sign}  {name.replace('_', ' ')}", style=style, markup=False)
    for problem in summary["problems"]:
        screen.print(f"  {problem}", style="red", markup=False)
    written = ", ".join(name for name in names if (out / name).exists())
    screen.print(
        f"\n{summary['months_lived']} months in {summary['seconds_taken']} seconds: "
        f"{summary['messages']} messages, {summary['segments']} text segments. "
        f"Nothing left this machine.\nIn {out}: {written}",
        markup=False,
    )
