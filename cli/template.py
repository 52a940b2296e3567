"""`homeward template`: the Word files that packets are filled into, Homeward's and a hub's own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from activities.documents.errors import ConversionError, DocumentError, TemplateRefused
from activities.documents.store import DocumentStore
from activities.documents.template_apart import judge_template
from activities.hub_templates import (
    check_again,
    homewards_template,
    own_template,
    preview_docx,
    preview_pdf,
    take_template,
    template_bytes,
)
from activities.packet_inputs import TemplateRef
from cli.common import console, plain_errors, records_of, refuse, say_json
from domain.packet_sections import TITLES
from domain.vocabulary import PacketKind
from engine.building import open_documents
from engine.settings import Settings
from records.casework import Source
from records.crypto import keys
from records.database import Records
from records.packet_templates import (
    add_template,
    open_packets,
    template_in_use_of,
    templates_of,
    use_homewards,
    use_template,
)
from records.tables import PacketTemplate

commands = typer.Typer(help="Word templates of packets.", no_args_is_help=True)
ME = Source("command line")
HOMEWARD = "homeward"
IN_USE = "in-use"

Kind = Annotated[PacketKind, typer.Argument(help="Of packets: release, sentencing …")]
Word = Annotated[Path, typer.Argument(help="A Word file (.docx).", exists=True, dir_okay=False)]
Which = Annotated[str, typer.Argument(help="A version's number, `homeward`, or `in-use`.")]
HubOption = Annotated[str, typer.Option("--hub", help="Which hub, where there are several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="template")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The open records of one hub, and where documents lie."""

    settings: Settings
    records: Records
    hub_id: str
    store: DocumentStore

    def find(self, kind: PacketKind, which: str) -> TemplateRef:
        """The template that is meant."""
        if which == HOMEWARD:
            return homewards_template(kind)
        with self.records.reading(self.hub_id) as session:
            if which != IN_USE:
                return own_template(_numbered(templates_of(session, kind), which))
            used = template_in_use_of(session, kind)
        return own_template(used) if used else homewards_template(kind)


def _numbered(rows: list[PacketTemplate], which: str) -> PacketTemplate:
    row = next((row for row in rows if str(row.number) == which), None)
    if row is None:
        known = ", ".join(str(row.number) for row in reversed(rows)) or "none yet"
        refuse(f"There is no version {which}; the hub has {known}, and there is `homeward`.")
    return row


@contextmanager
def _shelf(hub: str) -> Iterator[_Shelf]:
    settings = Settings()
    with records_of(settings) as records, plain_errors():
        try:
            yield _Shelf(settings, records, records.sole_hub(hub), open_documents(settings, keys()))
        except DocumentError as error:
            refuse(str(error))


@commands.command("list")
def list_templates(hub: HubOption = "", as_json: JsonOption = False) -> None:
    """What each kind of packet is filled into, and the hub's own versions."""
    table = Table("kind", "in use", "own versions", "packets in the making")
    with _shelf(hub) as shelf, shelf.records.reading(shelf.hub_id) as session:
        for kind in PacketKind:
            used, rows = template_in_use_of(session, kind), templates_of(session, kind)
            numbers = [row.number for row in reversed(rows)]
            packets = len(open_packets(session, kind))
            if as_json:
                in_use = used.number if used else None
                told = {"kind": kind, "in_use": in_use, "own": numbers, "open_packets": packets}
                say_json(told)
            shown = f"version {used.number}" if used else "Homeward's own"
            table.add_row(kind, shown, ", ".join(map(str, numbers)), str(packets))
    if not as_json:
        console.print(table)


@commands.command("check")
def check(kind: Kind, file: Word, as_json: JsonOption = False) -> None:
    """Whether a Word file can be used as a template; nothing is kept."""
    try:
        judged = judge_template(kind, file.read_bytes())
    except TemplateRefused as error:
        if as_json:
            say_json({"kind": kind, "fit": False, "why": str(error)})
            raise SystemExit(1) from None
        refuse(str(error))
    if as_json:
        say_json({"kind": kind, "fit": True, "notes": judged.notes})
        return
    console.print(f"It can be used for: {TITLES[kind]}.")
    _show_notes(judged.notes)


@commands.command("preview")
def preview(
    kind: Kind,
    out: Annotated[Path, typer.Argument(help="Where to write it: a name in .docx or .pdf.")],
    file: Annotated[
        Path | None, typer.Option("--file", help="A Word file that is not uploaded yet.")
    ] = None,
    version: Annotated[str, typer.Option(help="A number, `homeward` or `in-use`.")] = IN_USE,
    hub: HubOption = "",
) -> None:
    """A template filled with a made-up packet."""
    if out.suffix not in (".docx", ".pdf"):
        refuse("Give the file to write a name that ends in .docx or .pdf.")
    with _shelf(hub) as shelf:
        if file is not None:
            docx = judge_template(kind, file.read_bytes()).preview
        else:
            docx = preview_docx(kind, template_bytes(shelf.store, shelf.find(kind, version)))
        content = docx if out.suffix == ".docx" else _as_pdf(shelf.settings, docx)
    out.write_bytes(content)
    console.print(f"Written: {out}", markup=False)


def _as_pdf(settings: Settings, docx: bytes) -> bytes:
    try:
        return asyncio.run(preview_pdf(docx, settings.data / "soffice-cli", settings.soffice))
    except ConversionError as error:
        refuse(str(error))


@commands.command("download")
def download(
    kind: Kind,
    out: Annotated[Path, typer.Argument(help="Where to write it.")],
    version: Annotated[str, typer.Option(help="A number, `homeward` or `in-use`.")] = IN_USE,
    hub: HubOption = "",
) -> None:
    """A template as it is, to be opened in Word: where an own one begins."""
    with _shelf(hub) as shelf:
        out.write_bytes(template_bytes(shelf.store, shelf.find(kind, version)))
    console.print(f"Written: {out}", markup=False)


@commands.command("upload")
def upload(
    kind: Kind,
    file: Word,
    note: Annotated[str, typer.Option(help="What is special about it.")] = "",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Check a Word file and keep it as the newest version; it is not in use yet."""
    with _shelf(hub) as shelf:
        new, judged = take_template(shelf.store, kind, file.read_bytes(), note.strip()[:200])
        with shelf.records.writing(shelf.hub_id) as session:
            row = add_template(session, new, ME, datetime.now(UTC))
            number = row.number
    if as_json:
        say_json({"kind": kind, "number": number, "notes": judged.notes})
        return
    console.print(f"Kept as version {number}. Use it with: homeward template use {kind} {number}")
    _show_notes(judged.notes)


@commands.command("use")
def use(kind: Kind, which: Which, hub: HubOption = "", as_json: JsonOption = False) -> None:
    """Fill every packet of this kind into a version from now on, an earlier one or Homeward's."""
    with _shelf(hub) as shelf:
        reference = shelf.find(kind, which)
        check_again(shelf.store, reference)
        with shelf.records.writing(shelf.hub_id) as session:
            now = datetime.now(UTC)
            if which == HOMEWARD:
                use_homewards(session, kind, now)
            elif which != IN_USE:
                use_template(session, _numbered(templates_of(session, kind), which).id, now)
            packets = len(open_packets(session, kind))
    if as_json:
        say_json({"kind": kind, "version": reference.version, "open_packets": packets})
        return
    shown = "Homeward's own" if not reference.document_key else reference.version
    console.print(f"In use: {shown}. Open packets of this kind: {packets}.")


def _show_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        console.print(f"Note: {note}", markup=False)
