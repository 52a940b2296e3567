"""`homeward rotate-key`: a new encryption key, and everything sealed anew with it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from cli.common import console, errors, records_of, say_json
from engine.building import open_documents
from engine.settings import Settings
from records.crypto import KeyRing
from records.rotation import rotate


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="rotate-key", help="Seal everything anew with a new encryption key.")(run)


def run(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """May be killed and begun again; parts that run go on working and use the new key."""
    settings = Settings()

    def documents(ring: KeyRing) -> Iterator[str]:
        return open_documents(settings, ring).reseal()

    with (
        records_of(settings) as records,
        Progress(console=errors, transient=True, disable=not errors.is_terminal) as bar,
    ):
        task = bar.add_task("sealing anew", total=None)
        done = rotate(
            records,
            settings.keys_at,
            lambda rows, total: bar.update(task, completed=rows, total=total),
            documents=documents,
        )
    if as_json:
        say_json(asdict(done))
        return
    begun = "Finished the rotation that was begun before." if done.resumed else ""
    console.print(
        f"{begun} Key {done.key} seals from now on; {done.rows} rows and {done.documents} "
        f"documents were sealed anew. Back up {settings.keys_at.name} now: without it nobody can "
        "read these records. Other machines need the same file.".strip()
    )
