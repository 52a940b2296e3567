"""`homeward reconcile`: compare records and workflows, and repair."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from cli.common import console, errors, records_of, say_json
from engine.connection import connect
from engine.reconcile import Reconciled, reconcile
from engine.settings import Settings
from records.database import Records


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="reconcile", help="Make anew whatever Temporal lacks.")(run)


def run(
    wake_all: Annotated[
        bool, typer.Option("--wake-all", help="Have running workflows plan again, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Every open case, packet and plan has its workflow afterwards. Sends nothing by itself."""
    settings = Settings()
    with records_of(settings) as records:
        result = asyncio.run(_reconcile(settings, records, wake_all=wake_all))
    if as_json:
        say_json(asdict(result))
    else:
        console.print(
            f"{result.followed} followed, {result.missing} had no workflow, "
            f"{result.woken} woken, {result.instants} instants derived anew."
        )
        if result.failed:
            errors.print(f"{len(result.failed)} could not be woken; run it again.", style="bold")
    if result.failed:
        raise SystemExit(1)


async def _reconcile(settings: Settings, records: Records, *, wake_all: bool) -> Reconciled:
    client = await connect(settings, patience=10.0)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("comparing", total=None)
        return await reconcile(
            records,
            client,
            wake_all=wake_all,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
