"""The first run from the command line: the set-up address, and the first administrator."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import console, plain_errors, records_of, refuse, say_json
from engine.settings import Settings

if TYPE_CHECKING:
    from records.database import Records

ACTOR = "command line"
WORD_FROM = "HOMEWARD_FIRST_PASSWORD"
"""The variable that may hold the first administrator's password; an argument never does."""
MOST_PASSWORD_BYTES = 4096
WEAK = {
    "short": "The password has fewer than 12 characters. Four or five words in a row do well.",
    "long": "The password has more than 200 characters.",
    "name": "The password is built from the name for signing in. Choose other words.",
    "common": "The password is one of the first that anybody would try. Choose other words.",
}


def register(commands: typer.Typer) -> None:
    """Add the commands below `homeward hub`."""
    commands.command("first")(make_first)
    commands.command("set-up-address")(set_up_address)


def way_in(records: "Records", settings: Settings, now: datetime) -> str:
    """The line that `homeward up` prints: who signs in, or where the set-up begins.

    Without an administrator each start makes a new address, and the one before ends: only its
    hash is kept, so that it could not be said again.
    """
    from records.first_run import find_owner

    owner = find_owner(records)
    if owner is not None:
        return (
            f"Sign in as: {owner.sign_in}   (forgot the password? "
            f"`homeward token --reset {owner.sign_in}`)"
        )
    return f"Set it up here, once, within a week:  {_new_address(records, settings, now)}"


def set_up_address(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Make the address at which the first administrator is made; the one before it ends."""
    settings = Settings()
    with records_of(settings) as records:
        address = _new_address(records, settings, datetime.now(UTC))
    if as_json:
        say_json({"address": address})
        return
    console.print("It works once, within a week; the one before it opens nothing any more:")
    console.print(address, markup=False)


def make_first(
    name: Annotated[str, typer.Option(help="Who they are, as colleagues read it.")],
    sign_in: Annotated[str, typer.Option(help="Their name for signing in, in small letters.")],
    password_file: Annotated[
        Path | None, typer.Option(help="A file that holds the password; - for standard input.")
    ] = None,
    language: Annotated[str, typer.Option(help="What their pages speak: en or es.")] = "en",
    hub_name: Annotated[str, typer.Option(help="The hub, as families read it.")] = "",
    phone: Annotated[str, typer.Option(help="A human's phone, for families.")] = "",
    zone: Annotated[str, typer.Option(help="IANA time zone of the courts.")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Make the first administrator without a browser.

    The password is asked for, or read from the environment variable HOMEWARD_FIRST_PASSWORD or a
    file: an argument could be read by everybody on the machine.
    """
    hub = _hub_changes(hub_name, phone, zone)
    _check_who(name, sign_in, language)
    settings = Settings()
    with records_of(settings) as records, plain_errors():
        _refuse_second(records)
        password = _password(password_file)
        hub_id, staff_id = _make(records, (name, sign_in, language), password, hub)
    if as_json:
        say_json({"id": staff_id, "hub_id": hub_id, "sign_in": sign_in})
        return
    console.print(f"Sign in as: {sign_in}", markup=False)


def _new_address(records: "Records", settings: Settings, now: datetime) -> str:
    from engine.addresses import set_up_url
    from records.first_run import make_address

    return set_up_url(settings, make_address(records, ACTOR, now))


def _refuse_second(records: "Records") -> None:
    """Before anybody is asked for a password."""
    from records.first_run import OwnerExists, find_owner

    if find_owner(records) is not None:
        raise OwnerExists


def _make(
    records: "Records", who: tuple[str, str, str], password: str, hub: dict[str, Any]
) -> tuple[str, str]:
    from domain.passwords import weakness_of
    from records.access import hash_password
    from records.first_run import NewOwner, becoming_owner
    from records.hub_changes import change_hub
    from records.invitations import SignInTaken

    name, sign_in, language = who
    weakness = weakness_of(password, sign_in)
    if weakness:
        refuse(WEAK[weakness])
    now = datetime.now(UTC)
    new = NewOwner(" ".join(name.split()), sign_in, hash_password(password), language)
    try:
        with becoming_owner(records, new, now) as (session, staff_id):
            change_hub(session, hub, now)
            return session.hub_id, staff_id
    except SignInTaken:
        refuse("Somebody signs in under this name already. Choose another one.")


def _check_who(name: str, sign_in: str, language: str) -> None:
    from domain.sign_in_names import is_sign_in

    if not name.strip() or len(name) > 120 or not name.isprintable():
        refuse("Say who it is: --name, with at most 120 printable characters.")
    if not is_sign_in(sign_in):
        refuse(
            "The name for signing in has 2 to 60 small letters, digits, dots and hyphens, or is "
            "an e-mail address."
        )
    if language not in ("en", "es"):
        refuse("The pages speak en or es.")


def _hub_changes(name: str, phone: str, zone: str) -> dict[str, Any]:
    """What was said of the hub, checked, by column."""
    from domain.vocabulary import Channel
    from records.addresses import BadAddress, normalise

    try:
        number = normalise(Channel.SMS, phone) if phone else ""
    except BadAddress as error:
        refuse(f"--phone: {error}")
    said = {"name": name.strip(), "phone": number, "zone": zone}
    return {field: value for field, value in said.items() if value}


def _password(file: Path | None) -> str:
    if file is not None:
        return _read(file)
    if WORD_FROM in os.environ:
        return os.environ[WORD_FROM]
    if not sys.stdin.isatty():
        refuse(f"Give the password: set {WORD_FROM}, or use --password-file FILE.")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _read(file: Path) -> str:
    """The first line of a file, or of standard input."""
    try:
        if str(file) == "-":
            return sys.stdin.readline(MOST_PASSWORD_BYTES).rstrip("\r\n")
        with file.open(encoding="utf-8") as opened:
            return opened.readline(MOST_PASSWORD_BYTES).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        refuse("The file with the password cannot be read.")
