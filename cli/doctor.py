"""`homeward doctor`: what is missing, and what to do about it."""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import select

from activities.channels import (
    AndroidGatewayChannel,
    Channel,
    ChannelError,
    ChannelKind,
    Misconfigured,
)
from activities.documents import ConverterMissing, StoreError, find_converter
from activities.house import WallClock
from cli.common import console, expected, say_json
from engine.building import carriers, open_documents, open_the_records
from engine.connection import TemporalUnreachable, connect
from engine.embedded import TemporalMissing, program, test_server
from engine.heartbeat import alive
from engine.settings import Settings
from records.crypto import keys
from records.database import Records
from records.outbox import lag
from records.tables import Hub

FONTS = ("Carlito", "Liberation")
MOST_LAG_SECONDS = 60.0
LEAST_FREE_BYTES = 500 * 1024 * 1024
_SWITCHES = {
    "sms": "HOMEWARD_SMS_URL or HOMEWARD_GATEWAY_URL",
    "voice": "HOMEWARD_VOICE_SENDER",
    "email": "HOMEWARD_SMTP_HOST",
}
"""The setting that lets each channel leave this machine."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: "ok", "note" (works, but you should know) or "fail".
        detail: what was found, and what to do.
    """

    name: str
    state: str
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Say what is missing and what to do.")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON per check.")] = False,
) -> None:
    """Look at everything; exit status 1 when something must be mended."""
    checks = examine(Settings())
    for check in checks:
        if as_json:
            say_json({"check": check.name, "state": check.state, "detail": check.detail})
        else:
            mark = {"ok": "[green]ok  [/]", "note": "[yellow]note[/]", "fail": "[red]FAIL[/]"}
            console.print(f"{mark[check.state]}  {check.name}: {check.detail}")
    if any(check.state == "fail" for check in checks):
        raise SystemExit(1)


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which they depend on each other."""
    checks = [
        _python(),
        _temporal_program(settings),
        _converter(settings),
        _fonts(),
        _disk(settings),
    ]
    try:
        records = open_the_records(settings)
    except expected() as error:
        return [*checks, Check("records", "fail", str(error))]
    try:
        checks.append(Check("records", "ok", f"open ({records.engine.dialect.name})"))
        checks += [_lag(records), _hubs(records), _documents(settings)]
        checks += asyncio.run(_outside(settings, records))
    finally:
        records.close()
    return checks


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", "ok", version)


def _temporal_program(settings: Settings) -> Check:
    if not settings.embedded:
        return Check("temporal", "ok", "an outside server is set (TEMPORAL_ADDRESS)")
    try:
        program()
        test_server()
    except TemporalMissing as error:
        return Check("temporal", "fail", str(error))
    return Check("temporal", "ok", "the embedded server is installed")


def _converter(settings: Settings) -> Check:
    try:
        find_converter(settings.soffice or None)
    except ConverterMissing as error:
        return Check("packets", "note", f"{error} Until then packets come as DOCX only.")
    return Check("packets", "ok", "LibreOffice makes PDFs")


def _fonts() -> Check:
    lister = shutil.which("fc-list")
    if lister is None:
        return Check("fonts", "note", "cannot be listed here (fontconfig is not installed)")
    known = subprocess.run(
        [lister, ":", "family"], capture_output=True, text=True, timeout=20, check=False
    ).stdout
    missing = [name for name in FONTS if name not in known]
    if missing:
        return Check(
            "fonts",
            "note",
            "packets look wrong without them: "
            "apt-get install fonts-liberation fonts-crosextra-carlito",
        )
    return Check("fonts", "ok", "the packets' fonts are there")


def _disk(settings: Settings) -> Check:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    words = f"{free // (1024 * 1024):,} MB free for records and documents"
    if free < LEAST_FREE_BYTES:
        return Check("disk", "fail", f"only {words}; make room before something cannot be saved")
    return Check("disk", "ok", words)


def _lag(records: Records) -> Check:
    behind = lag(records, datetime.now(UTC))
    words = f"{behind.rows} changes wait to be told, the oldest for {behind.seconds:.0f} s"
    if behind.rows and behind.seconds > MOST_LAG_SECONDS:
        return Check("outbox", "note", f"{words}; they go out as soon as `homeward up` runs")
    return Check("outbox", "ok", words)


def _hubs(records: Records) -> Check:
    with records.reading("") as session:
        every = session.exec(select(Hub)).all()
    hubs = [hub for hub in every if not hub.example]
    examples = [hub.slug for hub in every if hub.example]
    nameless = [hub.slug for hub in hubs if not hub.phone]
    if nameless:
        return Check(
            "hubs",
            "note",
            f"{', '.join(nameless)}: no phone. Every message names a human's phone; set it: "
            "homeward hub set --name … --phone …",
        )
    words = ", ".join(hub.slug for hub in hubs)
    if examples:
        words += f"; beside it {examples[0]}: made-up people, of whom nothing ever leaves"
    return Check("hubs", "ok", words)


def _documents(settings: Settings) -> Check:
    try:
        open_documents(settings, keys()).check()
    except (StoreError, Misconfigured, OSError) as error:
        return Check("documents", "fail", str(error))
    where = "in a bucket" if settings.documents_s3_url else "in a folder of this machine"
    return Check("documents", "ok", f"kept {where}, encrypted")


async def _outside(settings: Settings, records: Records) -> list[Check]:
    checks = [await _temporal(settings)]
    for part in ("worker", "packets", "relay"):
        if alive(records, part):
            checks.append(Check(part, "ok", "runs"))
        else:
            checks.append(Check(part, "note", "does not run; `homeward up` starts everything"))
    return [*checks, *await channel_checks(settings)]


async def channel_checks(settings: Settings) -> list[Check]:
    """Every way a message leaves."""
    try:
        found = carriers(settings, WallClock())
    except ChannelError as error:
        return [Check("channels", "fail", str(error))]
    checks = []
    for channel, carrier in found.items():
        checks.append(await _channel(str(channel), carrier))
        await carrier.aclose()
    return checks


async def _temporal(settings: Settings) -> Check:
    try:
        await connect(settings, patience=2.0)
    except TemporalUnreachable as error:
        return Check("temporal server", "note", str(error))
    return Check("temporal server", "ok", "answers")


async def _channel(name: str, carrier: Channel) -> Check:
    if carrier.kind is ChannelKind.OUTBOX:
        return Check(
            name,
            "note",
            f"stays in the outbox: nothing leaves this machine ({_SWITCHES[name]} is unset)",
        )
    try:
        await carrier.check()
    except ChannelError as error:
        return Check(name, "fail", str(error))
    return Check(name, "ok", f"the provider answers{_advice(carrier)}")


def _advice(carrier: Channel) -> str:
    """What works today and may not work tomorrow."""
    if isinstance(carrier, AndroidGatewayChannel):
        return "; a phone's plan is made for one person: hundreds of texts a day may end it"
    if carrier.kind is ChannelKind.SMS:
        return "; in the United States the sender must be registered (10DLC) or carriers filter it"
    if carrier.kind is ChannelKind.VOICE:
        return "; Haitian Creole is read by a French voice, there is no other"
    return ""
