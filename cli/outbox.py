"""`homeward outbox`: every message, readable on this machine."""

from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import col, select

from cli.common import console, records_of, say_json
from engine.settings import Settings
from records.database import HubSession
from records.tables import Message, Person


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Show what was said to whom, and what became of it.")(outbox)


def outbox(
    hub: Annotated[str, typer.Option(help="Which hub, where there are several.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest last.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON per message.")] = False,
) -> None:
    """Messages in the order in which they were claimed."""
    with records_of(Settings()) as records, records.reading(records.sole_hub(hub)) as session:
        rows = _messages(session, limit)
    if as_json:
        for row in rows:
            say_json(row)
        return
    if not rows:
        console.print(
            "No messages yet. The first goes out when someone is enrolled who agreed to be told; "
            "what falls into the hub's quiet hours waits for the morning "
            "(`homeward case show ID` says when)."
        )
        return
    table = Table("when (UTC)", "to", "step", "channel", "state", "text")
    for row in rows:
        table.add_row(
            row["at"][:16], row["to"], row["step"], row["channel"], row["status"], row["text"]
        )
    console.print(table)


def _messages(session: HubSession, limit: int) -> list[dict[str, Any]]:
    rows = session.exec(
        select(Message, col(Person.first_name))
        .join(Person, col(Person.id) == Message.person_id)
        .order_by(col(Message.claimed_at).desc(), col(Message.id).desc())
        .limit(limit)
    ).all()
    return [
        {
            "id": message.id,
            "at": message.claimed_at.isoformat(),
            "to": first_name,
            "to_role": message.audience,
            "language": message.language,
            "channel": message.channel,
            "transport": message.transport,
            "step": message.step,
            "text": message.body,
            "segments": message.segments,
            "status": message.state,
            "attempts": message.attempts,
            "error_code": message.error_code,
        }
        for message, first_name in reversed(rows)
    ]
