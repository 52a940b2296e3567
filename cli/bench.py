"""`homeward bench`: measurements that compare within one run."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer

from benchmarks.result import Result
from cli.common import console, refuse, say_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Measure: `homeward bench --list` names everything.")(bench)


def _due(count: int) -> Callable[[], Result]:
    def run() -> Result:
        from benchmarks.due_at_once import measure

        return asyncio.run(measure(count))

    return run


def _history() -> Result:
    from benchmarks.history import measure

    return asyncio.run(measure())


def _six_years() -> Result:
    from benchmarks.six_years import measure

    return asyncio.run(measure())


def _memory() -> Result:
    from benchmarks.memory import measure

    return asyncio.run(measure())


def _import() -> Result:
    from benchmarks.import_calendar import measure

    result: Result = measure()
    return result


def _planner() -> Result:
    from benchmarks.planner import measure

    return measure()


def _moved() -> Result:
    from benchmarks.moved import measure

    return asyncio.run(measure())


def _outage() -> Result:
    from benchmarks.outage import measure

    return asyncio.run(measure())


def _replies() -> Result:
    from benchmarks.replies import measure

    return measure()


def _rendering() -> Result:
    from benchmarks.rendering import measure

    return measure()


def _binding() -> Result:
    from benchmarks.binding import measure

    return measure()


def _docx() -> Result:
    from benchmarks.docx import measure_docx

    return measure_docx()


def _docx_to_pdf() -> Result:
    from benchmarks.docx import measure_pdf

    return asyncio.run(measure_pdf())


def _packet_change() -> Result:
    from benchmarks.packets import measure_change

    return asyncio.run(measure_change())


def _packets_at_once() -> Result:
    from benchmarks.packets import measure_fifty

    return asyncio.run(measure_fifty())


def _provider_search() -> Result:
    from benchmarks.directory import measure

    return measure()


def _plans_replanned() -> Result:
    from benchmarks.plans import measure

    return asyncio.run(measure())


def _case_pages() -> Result:
    from benchmarks.case_pages import measure

    return asyncio.run(measure())


def _plan_page() -> Result:
    from benchmarks.plan_page import measure

    return asyncio.run(measure())


def _audit_chain() -> Result:
    from benchmarks.audit_chain import measure

    return measure()


def _family_page() -> Result:
    from benchmarks.family_page import measure

    return measure()


BENCHES: dict[str, tuple[str, Callable[[], Result]]] = {
    "due-at-once-100": ("100 reminders due in one second, against the bare engine", _due(100)),
    "due-at-once-1000": ("1,000 of them", _due(1000)),
    "due-at-once-5000": ("5,000 of them", _due(5000)),
    "family-page": (
        "the page a text opens: bytes, requests, and seconds on a poor line",
        _family_page,
    ),
    "history": ("history events per reminder with one recipient", _history),
    "six-years": ("300 hearings over six years in one case: history and messages", _six_years),
    "memory": ("memory per cached case workflow", _memory),
    "import-50000": ("a calendar of 50,000 rows, first import and again", _import),
    "moved": ("from a moved hearing to the provider's acceptance, 1,000 open cases", _moved),
    "outage": ("a day without a provider, 2,000 messages due meanwhile", _outage),
    "packet-change": ("a packet of 30 pages, from a change to its files", _packet_change),
    "packets-at-once": ("50 packets asked for at once, and reminders meanwhile", _packets_at_once),
    "audit-chain": ("an audit trail of 100,000 rows verified, beside reading it", _audit_chain),
    "case-pages": (
        "Today, case and search with 10,000 cases, beside a bare page",
        _case_pages,
    ),
    "plan-page": ("a plan's page with 2,000 plans of 12 steps, beside a bare page", _plan_page),
    "plans-replanned": ("2,000 plans of 12 steps, replanned after a rule change", _plans_replanned),
    "planner": ("cases planned per second, pure function, one core", _planner),
    "provider-search": ("finding a provider among 5,000 services", _provider_search),
    "replies": ("replies read per second, one core, and how rightly", _replies),
    "rendering": ("messages rendered per second, all languages and steps, one core", _rendering),
    "docx": ("every kind's Word file filled, against bare docxtpl", _docx),
    "docx-to-pdf": ("a Word file to PDF, against a bare run of LibreOffice", _docx_to_pdf),
    "binding": ("100 pages with 10 exhibits bound into one PDF", _binding),
}


def bench(
    name: Annotated[str, typer.Argument(help="Which; or `all`.")] = "",
    list_all: Annotated[bool, typer.Option("--list", help="Name them all.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Run a measurement; exit status 1 when what was asked for was not kept."""
    if list_all or not name:
        for key, (words, _) in BENCHES.items():
            if as_json:
                say_json({"name": key, "measures": words})
            else:
                console.print(f"{key:18} {words}")
        return
    if name != "all" and name not in BENCHES:
        refuse(f"There is no measurement {name}; there are {', '.join(BENCHES)}.")
    kept = True
    for key in BENCHES if name == "all" else [name]:
        result = BENCHES[key][1]()
        kept = kept and result.ok
        _show(result, as_json=as_json)
    if not kept:
        raise SystemExit(1)


def _show(result: Result, *, as_json: bool) -> None:
    if as_json:
        say_json(result.as_dict())
        return
    console.print(
        f"{result.name}: {result.value:g} {result.unit}  (compared with {result.floor:g}, "
        f"ratio {result.ratio:g}; wanted: {result.wanted}; {'kept' if result.ok else 'NOT KEPT'})"
    )
    for key, value in result.details.items():
        console.print(f"    {key}: {value}")
