"""`homeward example`: a hub of made-up people to look at, of which nothing ever leaves."""

from datetime import UTC, datetime

import typer

from activities.example.people import SIGN_INS
from activities.house import WallClock
from cli.common import console, plain_errors, records_of
from engine.building import open_documents
from engine.example_hub import load_example, remove_with_documents
from engine.settings import Settings
from records.crypto import keys
from records.example_loading import loading_now
from records.example_removing import find_example
from records.example_sign_ins import new_passwords

commands = typer.Typer(help="Load or remove a hub of made-up people.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="example")


@commands.command("load")
def load() -> None:
    """Load the example; its passwords are shown this once. Loaded already, it stays."""
    settings = Settings()
    with plain_errors(), records_of(settings) as records:
        if not load_example(settings, records, WallClock()):
            console.print(
                "The example is loaded already; remove it to begin anew. "
                "`homeward example passwords` makes new passwords."
            )
            return
        _show(new_passwords(records, SIGN_INS))


@commands.command("passwords")
def passwords() -> None:
    """New passwords for the example's people, shown this once; the old ones end."""
    with records_of(Settings()) as records:
        _show(new_passwords(records, SIGN_INS))


@commands.command("remove")
def remove() -> None:
    """Remove the example whole, with its documents; real work stays as it is."""
    settings = Settings()
    with plain_errors(), records_of(settings) as records:
        removed = remove_with_documents(
            records, open_documents(settings, keys()), datetime.now(UTC)
        )
    console.print("The example is removed." if removed else "No example is loaded.")


@commands.command("status")
def status() -> None:
    """Say whether the example is loaded."""
    with records_of(Settings()) as records:
        loaded, loading = find_example(records), loading_now(records)
    if loading is not None and loading.runs(datetime.now(UTC)):
        console.print(f"The example is being loaded: {loading.done} of {loading.of}.")
        return
    console.print("The example is loaded." if loaded else "No example is loaded.")


def _show(made: dict[str, str]) -> None:
    if not made:
        console.print("No example is loaded.")
    for sign_in, password in made.items():
        console.print(f"Sign in as: {sign_in}   password: {password}", markup=False)
