"""`homeward example`: a hub of made-up people to look at, of which nothing ever leaves."""

from datetime import UTC, datetime

import typer

from cli.common import console, records_of
from engine.settings import Settings
from records.example import load_example
from records.example_removing import find_example, remove_example

commands = typer.Typer(help="Load or remove a hub of made-up people.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="example")


@commands.command("load")
def load() -> None:
    """Load the example; its passwords are shown this once. Loaded already, it stays."""
    with records_of(Settings()) as records:
        passwords = load_example(records, datetime.now(UTC))
    if not passwords:
        console.print("The example is loaded already; remove it to begin anew.")
    for sign_in, password in passwords.items():
        console.print(f"Sign in as: {sign_in}   password: {password}", markup=False)


@commands.command("remove")
def remove() -> None:
    """Remove the example whole; real work stays as it is."""
    with records_of(Settings()) as records:
        removed = remove_example(records)
    console.print("The example is removed." if removed else "No example is loaded.")


@commands.command("status")
def status() -> None:
    """Say whether the example is loaded."""
    with records_of(Settings()) as records:
        loaded = bool(find_example(records))
    console.print("The example is loaded." if loaded else "No example is loaded.")
