"""`homeward hub` and `homeward migrate`: hubs of this installation, and its database."""

from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import col, select

from cli.common import console, plain_errors, records_of, refuse, say_json
from domain.court_time import zone_of
from engine.settings import Settings
from records.hubs import make_hub
from records.tables import Hub

commands = typer.Typer(help="List hubs, make one, or change one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="hub")
    app.command(help="Bring the database to this program's revision, and stop.")(migrate)


def migrate() -> None:
    """Open the records: migrates, makes the key on first use, and checks it."""
    with records_of(Settings()):
        console.print("The records are ready.")


@commands.command("list")
def list_hubs(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every hub of this installation."""
    with records_of(Settings()) as records, records.reading("") as session:
        hubs = session.exec(select(Hub).order_by(col(Hub.created_at))).all()
    if as_json:
        for hub in hubs:
            say_json({"id": hub.id, "slug": hub.slug, "name": hub.name, "zone": hub.zone})
        return
    table = Table("slug", "name", "zone", "language", "phone")
    for hub in hubs:
        table.add_row(hub.slug, hub.name, hub.zone, hub.default_language, hub.phone)
    console.print(table)


@commands.command("add")
def add(
    slug: Annotated[str, typer.Argument(help="Short name for --hub.")],
    name: Annotated[str, typer.Option(help="As families read it.")],
    zone: Annotated[str, typer.Option(help="IANA time zone.")] = "America/New_York",
    language: Annotated[str, typer.Option(help="Default language.")] = "en",
    phone: Annotated[str, typer.Option(help="A human's phone.")] = "",
) -> None:
    """Make another hub."""
    with records_of(Settings()) as records, plain_errors():
        with records.reading("") as session:
            if session.exec(select(Hub).where(Hub.slug == slug)).first() is not None:
                refuse(f"There is a hub {slug} already; choose another short name.")
        made = make_hub(records, name=name, slug=slug, zone=zone, language=language, phone=phone)
        console.print(f"Made {made.slug}.")


@commands.command("set")
def change(
    hub: Annotated[str, typer.Option(help="Which hub, where there are several.")] = "",
    name: Annotated[str | None, typer.Option(help="As families read it.")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA time zone.")] = None,
    phone: Annotated[str | None, typer.Option(help="A human's phone.")] = None,
    language: Annotated[str | None, typer.Option(help="Default language.")] = None,
) -> None:
    """Change a hub's name, zone, phone or default language."""
    with records_of(Settings()) as records, plain_errors():
        hub_id = records.sole_hub(hub)
        if zone is not None:
            zone_of(zone)
        with records.everywhere() as session:
            row = session.get_one(Hub, hub_id)
            wanted = {"name": name, "zone": zone, "phone": phone, "default_language": language}
            for field, value in wanted.items():
                if value is not None:
                    setattr(row, field, value)
            session.add(row)
        console.print("Changed.")
