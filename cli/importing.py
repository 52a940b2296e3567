"""`homeward import`: a court's published calendar, first as a difference, then applied.

Needs the records alone: no Temporal server and no network. Exit status 0 when the file could be
read (and, with --apply, was applied), 1 when it was refused and nothing changed, 2 when the
command was called wrongly. `--undo ID` puts an import back; `--apply` says the id.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.exc import OperationalError

from cli.common import console, errors, expected, say_json
from cli.import_files import FileProblem, Misuse, mapping_for, opened, read_joins
from cli.import_shown import as_json, progressing, show
from domain.listings import FeedLostTooMuch, ListingsError
from engine.building import open_the_records
from engine.settings import Settings
from records.audit import note_deed
from records.calendar_adopting import IMPORT
from records.calendar_import import Preview, apply, preview
from records.calendar_reviews import Outcome
from records.calendar_undoing import CannotUndo, Undoing, plan_undo, undo_import
from records.casework import NotFound

BUSY = "The records are busy: another process is writing. Try again in a minute."
MEANWHILE = "Somebody changed one of its court dates in this moment; try again."
LOST = (
    "(Here: --accept-loss. If it is another calendar than the one before, give it a name of its "
    "own with --feed NAME.)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    file: Path
    format_name: str
    joins: tuple[str, ...]
    feed: str
    zone: str
    hub: str
    apply: bool
    accept_loss: bool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help="Read a court's calendar: show what it changes, or apply it.")(
        import_calendar
    )


def import_calendar(
    file: Path | None = typer.Argument(None, help="The calendar, as the court publishes it."),
    format_name: str = typer.Option(
        "", "--format", help="Whose calendar: a built-in format or FILE.toml. Not for .ics."
    ),
    join: list[str] = typer.Option(
        [], "--join", help="A second file that explains codes: location=PATH."
    ),
    feed: str = typer.Option("", "--feed", help="Name of this calendar; by default its format."),
    zone: str = typer.Option("", "--zone", help="The court's time zone (IANA)."),
    hub: str = typer.Option("", "--hub", help="Which hub, if there are several."),
    do_apply: bool = typer.Option(False, "--apply", help="Apply it; otherwise only show."),
    accept_loss: bool = typer.Option(
        False, "--accept-loss", help="Accept that more than half is not listed any more."
    ),
    undo: str = typer.Option("", "--undo", help="Put this import back; no file is needed."),
    json_wanted: bool = typer.Option(False, "--json", help="One JSON object for programs."),
) -> None:
    """Read, compare, and with --apply write, in one transaction; or put an import back."""
    if undo:
        undo_calendar(undo, hub, json_wanted)
        return
    if file is None:
        _refuse("Name the calendar file, or --undo ID.", json_wanted, status=2)
    wanted = Wanted(file, format_name, tuple(join), feed, zone, hub, do_apply, accept_loss)
    try:
        seen = _run(wanted)
    except Exception as problem:
        reason = _reason(problem)
        if not reason:
            raise
        _refuse(reason, json_wanted, status=2 if isinstance(problem, Misuse) else 1)
    if json_wanted:
        say_json(as_json(seen))
    else:
        show(console, seen)


def undo_calendar(import_id: str, hub: str, json_wanted: bool) -> None:
    """Put an import back, and say what stays because somebody changed it since."""
    try:
        outcome, plan = _undone(import_id, hub)
    except Exception as problem:
        reason = _reason(problem)
        if not reason:
            raise
        _refuse(reason, json_wanted)
    again = outcome is Outcome.AGAIN
    back, left = (0, 0) if again else (len(plan.back), len(plan.left))
    if json_wanted:
        say_json({"undone": True, "again": again, "put_back": back, "left_alone": left})
        return
    if again:
        console.print("This import was undone before; nothing was changed.")
        return
    console.print(f"Undone. Court dates put back: {back}.")
    for one in plan.left:
        console.print(f"Left alone: hearing {one.hearing.id}, because {one.why}.", markup=False)


def _undone(import_id: str, hub: str) -> tuple[Outcome, Undoing]:
    records = open_the_records(Settings())
    try:
        now = datetime.now(UTC)
        with records.writing(records.sole_hub(hub)) as session:
            plan = plan_undo(session, import_id, now)
            outcome = undo_import(session, import_id, plan.digest, IMPORT, now)
            if outcome is Outcome.CHANGED:
                raise CannotUndo(MEANWHILE)
            note_deed(session, "import", "undid the import of a calendar", now, "import", import_id)
        return outcome, plan
    finally:
        records.close()


def _run(wanted: Wanted) -> Preview:
    mapping = mapping_for(wanted.file, wanted.format_name, wanted.zone)
    with opened(wanted.file) as file:
        joins = read_joins(wanted.file, mapping, wanted.joins)
        records = open_the_records(Settings())
        try:
            hub_id = records.sole_hub(wanted.hub)
            with progressing(errors, file, wanted.file.stat().st_size) as source:
                name = wanted.feed or mapping.name
                now = datetime.now(UTC)
                if not wanted.apply:
                    return preview(
                        records,
                        hub_id,
                        name,
                        mapping,
                        source,
                        joins,
                        now=now,
                        accept_loss=wanted.accept_loss,
                    )
                return apply(
                    records,
                    hub_id,
                    name,
                    mapping,
                    source,
                    joins,
                    now=now,
                    accept_loss=wanted.accept_loss,
                    written=source.written,
                )
        finally:
            records.close()


def _reason(problem: Exception) -> str:
    """What a person can do about a problem; "" when it is none that was foreseen."""
    if isinstance(problem, FeedLostTooMuch):
        return f"{problem} {LOST}"
    if isinstance(problem, OperationalError):
        words = str(problem.orig)
        return BUSY if "locked" in words else f"The records failed: {words.splitlines()[0]}"
    if isinstance(problem, (Misuse, FileProblem, ListingsError, NotFound, *expected())):
        return str(problem)
    return ""


def _refuse(message: str, json_wanted: bool, *, status: int = 1) -> NoReturn:
    """Say in one line why nothing was changed."""
    if json_wanted:
        say_json({"error": message, "applied": False})
    else:
        errors.print(message, style="bold red", markup=False)
    raise SystemExit(status)
