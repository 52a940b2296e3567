"""`homeward token`: tokens for programs, and a way back in for someone who forgot their password
or lost their second factor."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Column, Table
from sqlmodel import select

from cli.common import console, records_of, refuse, say_json
from domain.vocabulary import Role
from engine.settings import Settings
from records.access import make_token, reset_password, revoke_token
from records.audit import note_deed
from records.casework import NotFound
from records.database import Records
from records.second_factors import factors_of, remove_second_factors
from records.tables import ApiToken

ACTOR = "command line"
MOST_NAME = 120


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Make, list or revoke tokens for programs; reset a password.")(token)


def token(
    name: Annotated[str, typer.Argument(help="What will use the token.")] = "",
    role: Annotated[Role | None, typer.Option(help="What it may do.")] = None,
    hub: Annotated[str, typer.Option(help="Which hub, where there are several.")] = "",
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3660, help="For how many days; without end if not said."),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the hub's tokens.")] = False,
    revoke: Annotated[str, typer.Option(metavar="ID", help="End a token.")] = "",
    reset: Annotated[
        str, typer.Option(metavar="SIGN_IN", help="Give a member of staff a new password.")
    ] = "",
    second_factor: Annotated[
        bool,
        typer.Option(
            "--second-factor", help="With --reset: remove their codes, passkeys and recovery codes."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """A secret is shown once and kept nowhere; make another one when it is lost."""
    asked = [bool(name), show, bool(revoke), bool(reset)]
    if sum(asked) != 1:
        refuse("Give one of: NAME with --role, --list, --revoke ID, --reset SIGN_IN.")
    if second_factor and not reset:
        refuse("--second-factor goes with --reset SIGN_IN.")
    with records_of(Settings()) as records:
        if reset:
            _reset(records, reset, second_factor=second_factor, as_json=as_json)
            return
        hub_id = records.sole_hub(hub)
        if show:
            _list(records, hub_id, as_json=as_json)
        elif revoke:
            _revoke(records, hub_id, revoke, as_json=as_json)
        else:
            _make(records, hub_id, name, role, days, as_json=as_json)


def _make(
    records: Records, hub_id: str, name: str, role: Role | None, days: int | None, *, as_json: bool
) -> None:
    if role is None:
        refuse(f"Say what the token may do: --role {'|'.join(Role)}.")
    if len(name) > MOST_NAME or not name.isprintable():
        refuse(f"Give a name of at most {MOST_NAME} printable characters.")
    now = datetime.now(UTC)
    ends = now + timedelta(days=days) if days else None
    with records.writing(hub_id) as session:
        row, secret = make_token(session, name, role, ends)
        note_deed(session, ACTOR, "made a token", now, "api_token", row.id)
    if as_json:
        say_json({**_told(row), "secret": secret})
        return
    console.print(f"Token {row.id} for {name} ({role}). Its secret, shown this once:", markup=False)
    console.print(secret, markup=False)


def _list(records: Records, hub_id: str, *, as_json: bool) -> None:
    with records.reading(hub_id) as session:
        rows = session.exec(select(ApiToken).order_by(ApiToken.id)).all()
    if as_json:
        for row in rows:
            say_json(_told(row))
        return
    if not rows:
        console.print("No tokens yet. `homeward token NAME --role advocate` makes one.")
        return
    table = Table(Column("id", no_wrap=True), "name", "role", "expires", "revoked")
    for row in rows:
        ends, ended = row.expires_at, row.revoked_at
        table.add_row(
            row.id, row.name, row.role, f"{ends:%Y-%m-%d}" if ends else "", "yes" if ended else ""
        )
    console.print(table)


def _revoke(records: Records, hub_id: str, token_id: str, *, as_json: bool) -> None:
    now = datetime.now(UTC)
    try:
        with records.writing(hub_id) as session:
            row = revoke_token(session, token_id, now)
            note_deed(session, ACTOR, "revoked a token", now, "api_token", row.id)
    except NotFound as error:
        refuse(f"{error} `homeward token --list` shows those that there are.")
    if as_json:
        say_json(_told(row))
        return
    console.print(f"Token {row.id} is refused from now on.", markup=False)


def _reset(records: Records, sign_in: str, *, second_factor: bool, as_json: bool) -> None:
    try:
        done = reset_password(records, sign_in)
    except NotFound:
        refuse("Nobody signs in by that name.")
    now = datetime.now(UTC)
    with records.writing(done.hub_id) as session:
        had_any = factors_of(session, done.staff_id).any
        note_deed(session, ACTOR, "reset a password", now, "staff_member", done.staff_id)
        if second_factor:
            remove_second_factors(session, done.staff_id)
            note_deed(session, ACTOR, "removed second factors", now, "staff_member", done.staff_id)
    if as_json:
        kept = had_any and not second_factor
        say_json({"sign_in": sign_in, "password": done.password, "second_factor": kept})
        return
    console.print(
        f"Sign in as: {sign_in}   password: {done.password}   (shown this once)", markup=False
    )
    if second_factor:
        console.print("Their codes, passkeys and recovery codes are removed.", markup=False)
    elif had_any:
        console.print(
            "Their second factor is still asked for; --second-factor removes it, too.",
            markup=False,
        )


def _told(row: ApiToken) -> dict[str, Any]:
    """A token without its secret."""
    ends, ended = row.expires_at, row.revoked_at
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "expires_at": ends.isoformat() if ends else None,
        "revoked_at": ended.isoformat() if ended else None,
    }
