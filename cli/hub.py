"""`homeward hub` and `homeward migrate`: hubs of this installation, and its database."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import col, select

from cli import first
from cli.case import HubOption, JsonOption, desk
from cli.common import console, plain_errors, records_of, refuse, say_json
from domain.vocabulary import Channel
from engine.settings import Settings
from records.hub_changes import MOST_TEXT_NAME, change_hub
from records.hubs import make_hub
from records.tables import Hub
from records.team import add_team_contact, remove_team_contact, team_contacts

commands = typer.Typer(help="List hubs, make one, or change one.", no_args_is_help=True)
team = typer.Typer(help="The team's own phones and mailboxes, for a trial.", no_args_is_help=True)
commands.add_typer(team, name="team")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    first.register(commands)
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
    hub: HubOption = "",
    name: Annotated[str | None, typer.Option(help="As families read it.")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA time zone.")] = None,
    phone: Annotated[str | None, typer.Option(help="A human's phone.")] = None,
    language: Annotated[str | None, typer.Option(help="Default language.")] = None,
    text_name: Annotated[
        str | None, typer.Option(help="What texts call it; empty for its name.")
    ] = None,
    trial: Annotated[
        bool | None, typer.Option("--trial/--no-trial", help="Only the team gets messages.")
    ] = None,
    daily_cap: Annotated[
        int | None, typer.Option(min=0, max=1_000_000, help="Messages in a day; 0 for no limit.")
    ] = None,
) -> None:
    """Change how a hub works. What is planned by it is planned again."""
    if text_name is not None and len(text_name.strip()) > MOST_TEXT_NAME:
        refuse(f"The name in texts has {MOST_TEXT_NAME} characters at most.")
    wanted = {
        "name": name,
        "zone": zone,
        "phone": phone,
        "default_language": language,
        "text_name": text_name.strip() if text_name is not None else None,
        "trial": trial,
        "daily_cap": daily_cap,
    }
    changes = {field: value for field, value in wanted.items() if value is not None}
    with desk(hub) as session:
        row = change_hub(session, changes, datetime.now(UTC))
        alone = row.trial and not team_contacts(session)
    console.print("Changed.")
    if alone:
        console.print(
            "In this trial nobody gets anything yet: name your team's phones with "
            "`homeward hub team add`."
        )


@team.command("add")
def add_contact(
    address: Annotated[str, typer.Argument(help="A phone number or an e-mail address.")],
    label: Annotated[str, typer.Option(help="Whose it is.")] = "",
    channel: Annotated[
        Channel | None, typer.Option(help="sms unless it is an e-mail address.")
    ] = None,
    hub: HubOption = "",
) -> None:
    """Name a phone or mailbox of the team; naming it again changes its label alone."""
    way = channel or (Channel.EMAIL if "@" in address else Channel.SMS)
    with desk(hub) as session:
        contact_id = add_team_contact(session, way, address, label.strip()).id
    console.print(f"Named {contact_id}")


@team.command("list")
def list_team(hub: HubOption = "", as_json: JsonOption = False) -> None:
    """The phones and mailboxes that get messages while the hub is in trial."""
    with desk(hub) as session:
        rows = team_contacts(session)
    if as_json:
        for row in rows:
            say_json({"id": row.id, "channel": row.channel, "label": row.label})
        return
    table = Table("id", "whose", "channel", "address")
    for row in rows:
        table.add_row(row.id, row.label, row.channel, row.address)
    console.print(table)


@team.command("remove")
def remove_contact(
    contact_id: Annotated[str, typer.Argument(help="As `homeward hub team list` shows it.")],
    hub: HubOption = "",
) -> None:
    """It is not the team's any more."""
    with desk(hub) as session:
        remove_team_contact(session, contact_id)
    console.print("Removed.")
