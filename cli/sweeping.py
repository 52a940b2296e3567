"""`homeward sweep`: stored documents that nothing points to."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from activities.documents.errors import StoreError
from cli.common import console, records_of, refuse, say_json
from engine.building import open_documents
from engine.settings import Settings
from engine.sweeping import Swept, sweep
from records.crypto import keys


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="sweep", help="Find stored documents that nothing points to.")(run)


def run(
    remove: Annotated[bool, typer.Option("--remove", help="Delete them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Never remove from a store that another installation uses too, nor after an older backup of
    the records was put back: what the missing records pointed to would be gone."""
    settings = Settings()
    with records_of(settings) as records:
        try:
            store = open_documents(settings, keys())
            done = sweep(records, store, datetime.now(UTC), remove=remove)
        except StoreError as error:
            refuse(str(error))
    if as_json:
        say_json(asdict(done))
    else:
        console.print(_words(done, remove=remove))


def _words(done: Swept, *, remove: bool) -> str:
    found = f"{done.stored} documents, {done.unneeded} older than a day that nothing points to"
    if remove:
        return f"{found}; {done.removed} removed."
    return f"{found}." if not done.unneeded else f"{found}: `homeward sweep --remove` removes them."
