"""`homeward audit`: whether the audit trail is whole, its head to note elsewhere, and a copy."""

import csv
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.progress import Progress
from sqlmodel import select

from cli.common import console, errors, records_of, refuse, say_json
from engine.settings import Settings
from records.audit import Verdict, verify, whole_trail
from records.database import Records
from records.tables import AuditHead, Hub

app = typer.Typer(
    no_args_is_help=True, help="Prove that the audit trail is whole, or take a copy of it."
)
COLUMNS = (
    "number",
    "happened_at",
    "actor",
    "action",
    "subject_kind",
    "subject_id",
    "detail",
    "seal",
)

HubName = Annotated[str, typer.Option("--hub", help="Of one hub alone.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="audit")


@app.command("verify")
def check(
    hub: HubName = "",
    expect: Annotated[
        str, typer.Option(metavar="SEAL", help="A head that was noted earlier; needs --hub.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Walk each hub's trail from its first row to its head. Ends with status 1 if one is not
    whole."""
    with records_of(Settings()) as records:
        hubs = _hubs(records, hub)
        if expect and len(hubs) != 1:
            refuse("Say with --hub of which hub's trail that is the head.")
        verdicts = [(one, _walk(records, one, expect)) for one in hubs]
    for one, verdict in verdicts:
        _say(one, verdict, as_json=as_json)
    if not all(verdict.ok for _, verdict in verdicts):
        raise SystemExit(1)


@app.command("head")
def head(hub: HubName = "", as_json: AsJson = False) -> None:
    """The last number and seal of each hub's trail. Note them where nobody who could change the
    database can: with them, `verify --expect` also finds a trail that was put back whole."""
    with records_of(Settings()) as records:
        hubs = {one.id: one for one in _hubs(records, hub)}
        with records.reading("") as session:
            heads = [one for one in session.exec(select(AuditHead)).all() if one.hub_id in hubs]
    for one in heads:
        slug = hubs[one.hub_id].slug
        if as_json:
            say_json({"hub": slug, "number": one.number, "head": one.seal})
        else:
            console.print(f"{slug}  row {one.number}  {one.seal}", markup=False)
    if not heads:
        errors.print("Nothing was noted yet.", markup=False)


@app.command("export")
def export(hub: HubName = "", as_json: AsJson = False) -> None:
    """Every row with its seal on standard output, as CSV, or one JSON object a line. Ids only:
    nobody's name is in it."""
    with records_of(Settings()) as records:
        hub_id = records.sole_hub(hub)
        rows = _exported(records, hub_id)
        if as_json:
            for row in rows:
                say_json(row)
            return
        table = csv.DictWriter(sys.stdout, COLUMNS)
        table.writeheader()
        table.writerows(rows)


def _exported(records: Records, hub_id: str) -> Iterator[dict[str, Any]]:
    with records.reading(hub_id) as session:
        for row in whole_trail(session, hub_id):
            yield {
                **{name: getattr(row, name) for name in COLUMNS},
                "happened_at": row.happened_at.isoformat(),
                "detail": row.detail.get("page", ""),
            }


def _hubs(records: Records, hub: str) -> list[Hub]:
    wanted = records.sole_hub(hub) if hub else ""
    with records.reading("") as session:
        hubs = session.exec(select(Hub).order_by(Hub.slug)).all()
    return [one for one in hubs if not wanted or one.id == wanted]


def _walk(records: Records, hub: Hub, expect: str) -> Verdict:
    with Progress(console=errors, transient=True) as shown, records.reading(hub.id) as session:
        task = shown.add_task(hub.slug, total=None)
        return verify(
            session,
            hub.id,
            lambda done, total: shown.update(task, completed=done, total=total),
            expect=expect,
        )


def _say(hub: Hub, verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "hub": hub.slug,
                "whole": verdict.ok,
                "rows": verdict.rows,
                "unchained": verdict.unchained,
                "head": verdict.head,
                "problems": verdict.problems,
            }
        )
        return
    if verdict.ok:
        console.print(f"{hub.slug}: {verdict.rows} rows, whole. Head: {verdict.head or 'none'}")
    else:
        errors.print(f"{hub.slug}: not whole after row {verdict.rows}.", style="bold red")
        for problem in verdict.problems:
            errors.print(f"  {problem}", markup=False)
    if verdict.unchained:
        console.print(f"  {verdict.unchained} rows are from before the chain began.")
