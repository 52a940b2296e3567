"""`homeward mail-in`: one mail from standard input, for a pipe in the mail server.

Silent when all is well: some mail servers send back whatever a pipe says. The exit status is of
sysexits(3). Whatever can be mended is 75, so that the mail server keeps the mail and brings it
again: a STOP must not be lost because the records were busy.
"""

import os
import sys
from datetime import UTC, datetime
from typing import BinaryIO, NoReturn

import typer

from activities.mail_in import MailFate, take_in_mail
from cli.common import errors
from domain.incoming_mail import MOST_BYTES
from engine.building import open_the_records
from engine.settings import Settings

_CHUNK = 65536


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="mail-in", help="Take in one mail from standard input.")(run)


def run() -> None:
    """Delivery reports settle our messages, STOP ends e-mail, words come before an advocate.

    Exit status: 0 taken in, or nothing of ours; 65 no mail; 66 nothing came; 75 try again later.
    """
    raw = _beginning(sys.stdin.buffer)
    if not raw:
        _end(os.EX_NOINPUT, "Nothing came on standard input.")
    try:
        fate = _take_in(raw)
    except Exception as error:
        # Its text may hold what the mail said, so only its kind is told.
        _end(os.EX_TEMPFAIL, f"Not now ({type(error).__name__}); bring this mail again.")
    if fate is MailFate.UNREADABLE:
        _end(os.EX_DATAERR, "This is not a mail (RFC 5322).")


def _take_in(raw: bytes) -> MailFate:
    records = open_the_records(Settings())
    try:
        return take_in_mail(records, raw, datetime.now(UTC))
    finally:
        records.close()


def _beginning(stream: BinaryIO) -> bytes:
    """As much of a mail as is read of it; the rest is drained, so that no pipe breaks."""
    kept = bytearray()
    while chunk := stream.read(_CHUNK):
        kept += chunk[: MOST_BYTES - len(kept)]
    return bytes(kept)


def _end(status: int, why: str) -> NoReturn:
    errors.print(why, markup=False)
    raise SystemExit(status)
