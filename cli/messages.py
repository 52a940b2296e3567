"""`homeward messages`: whether the words are complete, and what each recipient would see."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.box import ROUNDED
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from activities.message_previews import CannotPreview, Preview, case_preview, sample_preview
from cli.common import console, records_of, refuse, say_json
from domain.message_checking import too_dear
from domain.message_choice import template_of
from domain.message_facts import MessageFacts
from domain.message_samples import LONG_SAMPLES, Reader, readers
from domain.message_steps import EMAIL, SPOKEN, VARIANTS, VOICE
from domain.vocabulary import Channel
from domain.words import Catalog, WordsError
from engine.building import WORDS
from engine.settings import Settings
from records.casework import NotFound

commands = typer.Typer(help="Check and preview the words of messages.", no_args_is_help=True)

_BUBBLE = 46
"""Columns of a bubble: about what an old phone shows."""
_LETTER = 80

JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs, one line each.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="messages")


@commands.command("check")
def check(
    name: Annotated[
        str, typer.Option("--name", help="Try all texts with your hub's own name.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """What each language lacks, and which texts cost more than two segments.

    The names and places are made up and long. Exit status 1 when anything is missing.
    """
    catalog = Catalog.load(WORDS)
    problems = catalog.problems()
    dear = list(too_dear(catalog, _samples(name)))
    if as_json:
        for problem in problems:
            say_json({"missing": problem})
        for one in dear:
            cost = one.rendered.segments
            say_json({"template": one.rendered.template, "sample": one.sample, **asdict(cost)})
    else:
        for problem in problems:
            console.print(f"missing: {problem}", markup=False)
        for one in dear:
            cost = one.rendered.segments
            console.print(
                f"{cost.segments} segments: {one.rendered.template} with {one.sample} names "
                f"({cost.encoding}, dear: {' '.join(cost.offending) or 'nothing'})",
                markup=False,
            )
        console.print(_verdict(catalog, problems, len(dear)))
    if problems:
        raise SystemExit(1)


def _samples(name: str) -> Mapping[str, MessageFacts]:
    if not name:
        return LONG_SAMPLES
    return {key: replace(facts, hub_name=name) for key, facts in LONG_SAMPLES.items()}


def _verdict(catalog: Catalog, problems: tuple[str, ...], dear: int) -> str:
    complete = f"Complete: {', '.join(catalog.languages) or 'no language'}."
    missing = f" Missing: {len(problems)} texts." if problems else ""
    return f"{complete}{missing} Texts of more than two segments: {dear}."


@commands.command("preview")
def preview(
    language: Annotated[str, typer.Option(help="en, es, ht …; all by default.")] = "",
    step: Annotated[str, typer.Option(help="before_7, changed, ack_stop …")] = "",
    audience: Annotated[str, typer.Option(help="defendant, family, agency …")] = "",
    channel: Annotated[Channel | None, typer.Option(help="By default all of them.")] = None,
    detained: Annotated[bool, typer.Option(help="Only what is said during custody.")] = False,
    case_id: Annotated[str, typer.Option("--case", help="A real case, with --person.")] = "",
    person_id: Annotated[str, typer.Option("--person", help="Who in its circle.")] = "",
    hub: Annotated[str, typer.Option("--hub", help="Which hub, where there are several.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Messages as their recipients would see them, with what they cost.

    Without a step, a table of all. With a case and a person, what this person would get next, or
    at the step named. Nothing is sent.
    """
    catalog = Catalog.load(WORDS)
    if case_id or person_id:
        _show([_of_case(catalog, hub, case_id, person_id, step, channel)], as_json=as_json)
        return
    if language and language not in catalog.everything:
        refuse(f"There are words in {', '.join(catalog.everything)}.")
    if step and template_of(step) not in VARIANTS:
        refuse(f"There is no step {step}; there are {', '.join(VARIANTS)}.")
    languages = [language] if language else list(catalog.languages)
    found = [
        one
        for code in languages
        for reader in readers(template_of(step) if step else "")
        if audience in ("", reader.audience) and (reader.detained or not detained)
        for one in _by_channel(catalog, reader, code, channel)
    ]
    if not found:
        refuse("There is no such message; leave out an option.")
    if step or as_json:
        _show(found, as_json=as_json)
    else:
        console.print(_table(found), soft_wrap=False)


def _by_channel(
    catalog: Catalog, reader: Reader, language: str, channel: Channel | None
) -> Iterator[Preview]:
    for way in Channel:
        if channel in (None, way) and (way != VOICE or reader.step in SPOKEN):
            try:
                yield sample_preview(catalog, reader, language, way)
            except WordsError as error:
                refuse(str(error))


def _of_case(
    catalog: Catalog, hub: str, case_id: str, person_id: str, step: str, channel: Channel | None
) -> Preview:
    if not (case_id and person_id):
        refuse("Give both --case and --person; `homeward case list` names the cases.")
    with records_of(Settings()) as records, records.reading(records.sole_hub(hub)) as session:
        try:
            return case_preview(
                session,
                catalog,
                case_id,
                person_id,
                datetime.now(UTC),
                step=step,
                channel=channel or "",
            )
        except (NotFound, CannotPreview, WordsError) as error:
            refuse(str(error))


def _show(previews: list[Preview], *, as_json: bool) -> None:
    for one in previews:
        if as_json:
            say_json(asdict(one))
            continue
        console.print(_bubble(one), soft_wrap=False)
        console.print(f"{one.template}, version {one.version}", markup=False)
        console.print(f"{_cost(one)}{_dear(one)}\n", markup=False)


def _bubble(one: Preview) -> Panel:
    """A text as a phone shows it."""
    said = [Text(one.subject, style="bold"), Text()] if one.subject else []
    return Panel(
        Group(*said, Text(one.text.rstrip())),
        box=ROUNDED,
        width=_LETTER if one.channel == EMAIL else _BUBBLE,
        title=f"{one.language} {one.channel}",
        title_align="left",
    )


def _cost(one: Preview) -> str:
    """What it costs by its channel; a call and an e-mail have no segments."""
    cost = one.segments
    if one.channel != Channel.SMS:
        return f"{len(one.text.split())} words"
    plural = "" if cost.segments == 1 else "s"
    return f"{cost.segments} segment{plural} of {cost.encoding}, {cost.units} units"


def _dear(one: Preview) -> str:
    """The characters that make a text cost more."""
    dear = one.segments.offending if one.channel == Channel.SMS else ()
    return f", dear: {' '.join(dear)}" if dear else ""


def _table(previews: list[Preview]) -> Table:
    table = Table("template", "cost", "version")
    for one in previews:
        table.add_row(one.template, _cost(one) + _dear(one), one.version)
    return table
