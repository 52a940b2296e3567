"""`homeward providers`: the directory of services, imported from HSDS exports and searched."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, select

from cli.case import HubOption, JsonOption
from cli.common import console, records_of, refuse, say_json
from cli.import_files import FileProblem
from cli.provider_files import export_files
from domain.court_time import wall_time
from domain.distance import KM_PER_MILE
from domain.hsds import HsdsRefused, read_export
from domain.needs import NEEDS
from engine.settings import Settings
from records.directory_search import Found, Results, Wanted, point_of, search_services
from records.hsds_import import Difference, ExportLostTooMuch, apply, preview
from records.hubs import the_hub
from records.tables import Provider

commands = typer.Typer(
    help="Providers of services: import a directory, search it, list it.", no_args_is_help=True
)
SHOWN = 20
"""Lines of each sort on the screen."""
LISTED = 1000
"""Rows of each sort in JSON."""
MOST_NAME = 80
BUSY = "The records are busy: another process is writing. Nothing was changed; try again."
KINDS = ("new", "changed", "back", "ended", "unchanged")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="providers")


@commands.command("import")
def import_directory(
    path: Annotated[Path, typer.Argument(help="A folder, a zip, or a CSV or JSON file (HSDS 3).")],
    do_apply: Annotated[bool, typer.Option("--apply", help="Apply it; otherwise only show.")] = (
        False
    ),
    source: Annotated[str, typer.Option(help="Name of this directory, the same every time.")] = (
        "hsds"
    ),
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Accept that more than half is not listed.")
    ] = False,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Read an export: show what it changes, or apply it. What vanished is ended, not deleted."""
    name = " ".join(source.split())
    if not name.isprintable() or not 0 < len(name) <= MOST_NAME:
        refuse(f"Give the directory a name of at most {MOST_NAME} characters with --source.")
    try:
        export = read_export(export_files(path))
        with records_of(Settings()) as records:
            hub_id, now = records.sole_hub(hub), datetime.now(UTC)
            if do_apply:
                with records.writing(hub_id) as session:
                    found = apply(session, export, name, now, accept_loss=accept_loss)
            else:
                with records.reading(hub_id) as session:
                    found = preview(session, export, name, now, accept_loss=accept_loss)
    except ExportLostTooMuch as problem:
        refuse(f"{problem} (Here: --accept-loss; another directory has another --source.)")
    except (FileProblem, HsdsRefused) as problem:
        refuse(str(problem))
    except (IntegrityError, OperationalError):
        refuse(BUSY)
    if as_json:
        say_json(_as_json(found))
    else:
        _show(found)


@commands.command("search")
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words of what is looked for.")] = None,
    need: Annotated[str, typer.Option(help="Kind of plan step: housing, food …")] = "",
    language: Annotated[str, typer.Option(help="en, es, ht …")] = "",
    near: Annotated[str, typer.Option(help="A city, a postal code, or 25.78,-80.2")] = "",
    miles: Annotated[float, typer.Option(min=0.1, max=500, help="How far.")] = 10.0,
    area: Annotated[str, typer.Option(help="Only in this city, state or postal code.")] = "",
    open_now: Annotated[bool, typer.Option("--open-now", help="Known to be open now.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = SHOWN,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find a service by need, words, language, distance or area."""
    if need and need not in NEEDS:
        refuse(f"There is no such need; there are {', '.join(NEEDS)}.")
    with records_of(Settings()) as records, records.reading(records.sole_hub(hub)) as session:
        here = point_of(session, near) if near else None
        if near and here is None:
            refuse("The directory has no place there; write --area, or degrees: 25.78,-80.2")
        at = wall_time(datetime.now(UTC), the_hub(session).zone) if open_now else None
        wanted = Wanted(
            need,
            " ".join(words or ()),
            language,
            near=here,
            within_km=miles * KM_PER_MILE,
            area=area,
            open_at=at,
        )
        results = search_services(session, wanted, limit=limit)
    if as_json:
        for found in results.found:
            say_json(_found_json(found))
    else:
        _show_found(results)


@commands.command("list")
def list_providers(
    ended: Annotated[bool, typer.Option("--ended", help="Also those that have ended.")] = False,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Every provider, by name."""
    with records_of(Settings()) as records, records.reading(records.sole_hub(hub)) as session:
        statement = select(Provider).order_by(col(Provider.name), col(Provider.id))
        if not ended:
            statement = statement.where(col(Provider.ended_at).is_(None))
        rows = session.exec(statement).all()
    if as_json:
        for row in rows:
            say_json(_provider_json(row))
        return
    if not rows:
        console.print("No provider yet; `homeward providers import` takes a directory in.")
        return
    table = Table("id", "name", "phone", "services")
    for row in rows:
        table.add_row(row.id, *(Text(said) for said in (row.name, row.phone, row.services)))
    console.print(table)


def _show(found: Difference) -> None:
    table = Table("", *KINDS, title=Text(found.source), title_justify="left")
    for entity, counts in found.counts.items():
        numbers = (f"{counts[kind]:,}" if counts[kind] else "" for kind in KINDS)
        table.add_row(entity.replace("_", " "), *numbers)
    console.print(table)
    changed = [(kind, name) for kind, name in found.names if not kind.startswith("new")]
    _show_lines("Not as before", changed)
    _show_lines("Set aside", [(one.where, one.reason) for one in found.set_aside])
    _show_lines("Left out", [(one.where, one.reason) for one in found.remarks])
    if not found.complete:
        console.print("This is a part of a directory: nothing that it does not list is ended.")
    if found.applied:
        console.print("Imported.")
    elif found.nothing_new:
        console.print("The records are so already.")
    else:
        console.print("Nothing was changed; add --apply to import it.")


def _show_lines(title: str, lines: Sequence[tuple[str, str]]) -> None:
    if not lines:
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for line in lines[:SHOWN]:
        table.add_row(*(Text(cell) for cell in line))
    console.print(table)
    if len(lines) > SHOWN:
        console.print(f"… and {len(lines) - SHOWN:,} more; --json lists them.")


def _as_json(found: Difference) -> dict[str, Any]:
    aside, remarks = found.set_aside, found.remarks
    return {
        "source": found.source,
        "applied": found.applied,
        "complete": found.complete,
        "counts": {name: {k: c[k] for k in KINDS} for name, c in found.counts.items()},
        "set_aside": [asdict(one) for one in aside[:LISTED]],
        "left_out": [asdict(one) for one in remarks[:LISTED]],
        "not_listed": max(0, len(aside) - LISTED) + max(0, len(remarks) - LISTED),
    }


def _show_found(results: Results) -> None:
    if not results.found:
        console.print("Nothing was found. Use fewer words, or look further.")
        return
    table = Table("service", "provider", "phone", "where")
    for found in results.found:
        cells = (found.service.name, found.provider.name, found.provider.phone, _where(found))
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    if results.total > len(results.found):
        console.print(f"{results.total:,} in all; --limit shows more.")


def _where(found: Found) -> str:
    place = found.place
    said = ", ".join(part for part in (place.address_1, place.city) if part) if place else ""
    if found.km is not None:
        return f"{said} ({found.km / KM_PER_MILE:.1f} miles)"
    return said or ("by phone or online" if found.service.remote else "")


def _found_json(found: Found) -> dict[str, Any]:
    place = found.place
    return {
        "service_id": found.service.id,
        "service": found.service.name,
        "provider_id": found.provider.id,
        "provider": found.provider.name,
        "phone": found.provider.phone,
        "needs": found.service.needs.split(),
        "languages": found.service.spoken.split(),
        "address": place.address_1 if place else "",
        "city": place.city if place else "",
        "km": round(found.km, 2) if found.km is not None else None,
    }


def _provider_json(row: Provider) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "phone": row.phone,
        "services": row.services,
        "source": row.source,
        "ended_at": row.ended_at,
    }
