"""Plans for common mandates, as templates: steps whose dates count from the start and hearings.

A template names nobody. What it comes to for one person is shown as a preview before anything
starts, and made by the same function that starts it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from typing import Any, Final

from domain.plan_dates import Anchors, BadWhen, find_day, moved, parse_length, parse_when
from domain.recurrence import BadRule, days_of, parse_rule
from domain.step_kinds import STEP_KINDS
from domain.vocabulary import StepOwner

MOST_STEPS: Final = 60
MOST_TITLE: Final = 100
MOST_WORDS: Final = 300
_FIELDS: Final = frozenset(
    {"title", "kind", "due", "repeat", "until", "owner", "mandated", "evidence", "to_mentors"}
)


class TemplateProblem(ValueError):
    """A template cannot be used; `problems` says everything that is wrong, step by step."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """One step of a template.

    Attributes:
        due: when (domain/plan_dates.py); of a step that repeats, from when on; "" for no date.
        repeat: a rule, or plain words like `weekly on Tue`; "" for a step that is done once.
        until: the last day of what repeats, like `due`; "" for the plan's end.
        evidence: what would show that it was done.
    """

    title: str
    kind: str
    due: str = ""
    repeat: str = ""
    until: str = ""
    owner: StepOwner = StepOwner.PERSON
    mandated: bool = True
    evidence: str = ""
    to_mentors: bool = True


@dataclass(frozen=True, slots=True)
class PlanTemplate:
    """A plan for a mandate; `length` like `90d`, "" where its end is not known beforehand."""

    name: str
    about: str = ""
    length: str = ""
    steps: tuple[TemplateStep, ...] = ()
    key: str = ""

    def end(self, start: date) -> date | None:
        """The last day of a plan that starts on a day; None when nothing says it."""
        if not self.length:
            return None
        return moved(start, *parse_length(self.length)) - timedelta(days=1)

    def content(self) -> dict[str, Any]:
        """The template as the records keep it; `read_template` reads it."""
        kept = asdict(self)
        del kept["key"]
        return {**kept, "steps": list(kept["steps"])}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What a step of a template comes to.

    Attributes:
        days: on which it falls; none while it waits.
        rule: how it repeats (RFC 5545); "" for once.
        due_rule, hearing_id: where its date counts from a hearing.
        waits_for: what has to be known before it has a date, in plain words.
        problem: why the plan cannot start with it like this.
    """

    step: TemplateStep
    days: tuple[date, ...] = ()
    rule: str = ""
    due_rule: str = ""
    hearing_id: str = ""
    waits_for: str = ""
    problem: str = ""


def read_template(
    raw: Mapping[str, Any], *, own_kinds: Collection[str] = (), key: str = ""
) -> PlanTemplate:
    """A template from what a file, a form or the records say.

    Args:
        raw: name, about, length, and a list of steps.
        own_kinds: keys of the hub's own kinds of steps.
        key: of one that comes with Homeward.

    Raises:
        TemplateProblem: with everything that is wrong.
    """
    problems: list[str] = []
    name = _line(raw.get("name", ""))
    if not name:
        problems.append("Give the template a name.")
    length = _line(raw.get("length", ""))
    if length:
        problems += _refused(parse_length, length)
    listed = raw.get("steps", [])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        listed = []
    if not listed:
        problems.append("A template needs at least one step.")
    if len(listed) > MOST_STEPS:
        problems.append(f"A template has at most {MOST_STEPS} steps.")
    known = {str(kind) for kind in STEP_KINDS} | set(own_kinds)
    steps: list[TemplateStep] = []
    for number, row in enumerate(listed[:MOST_STEPS], 1):
        step, wrong = _step(row if isinstance(row, Mapping) else {}, known)
        problems += [f"Step {number}: {why}" for why in wrong]
        steps.append(step)
    if problems:
        raise TemplateProblem(problems)
    return PlanTemplate(name, _line(raw.get("about", "")), length, tuple(steps), key)


def _step(row: Mapping[str, Any], known: Collection[str]) -> tuple[TemplateStep, list[str]]:
    wrong = [f"there is no field {name!r}." for name in sorted(set(row) - _FIELDS)]
    said = {name: _line(row.get(name, "")) for name in _FIELDS - {"mandated", "to_mentors"}}
    if not said["title"]:
        wrong.append("say in a few words what is to be done.")
    if len(said["title"]) > MOST_TITLE:
        wrong.append(f"its title has more than {MOST_TITLE} characters.")
    if said["kind"] not in known:
        wrong.append(f"there is no kind {said['kind'][:40]!r}. There are: {', '.join(known)}.")
    for name in ("due", "until"):
        if said[name]:
            wrong += _refused(parse_when, said[name])
    if said["repeat"]:
        wrong += _refused(parse_rule, said["repeat"])
    elif said["until"]:
        wrong.append("only what repeats has an until; say how it repeats.")
    owner = said["owner"] or StepOwner.PERSON
    if owner not in set(StepOwner):
        wrong.append(f"its owner is one of {', '.join(StepOwner)}.")
        owner = StepOwner.PERSON
    step = TemplateStep(
        title=said["title"],
        kind=said["kind"],
        due=said["due"],
        repeat=said["repeat"],
        until=said["until"],
        owner=StepOwner(owner),
        mandated=row.get("mandated", True) is not False,
        evidence=said["evidence"],
        to_mentors=row.get("to_mentors", True) is not False,
    )
    return step, wrong


def _line(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join(text.split())[:MOST_WORDS]


def _refused(parse: Any, text: str) -> list[str]:
    try:
        parse(text)
    except (BadWhen, BadRule) as error:
        return [str(error)]
    return []


def plan_template(template: PlanTemplate, anchors: Anchors) -> tuple[PlannedStep, ...]:
    """What a template comes to, step by step: its days, what it waits for, what is wrong."""
    return tuple(_planned(step, anchors) for step in template.steps)


def _planned(step: TemplateStep, anchors: Anchors) -> PlannedStep:
    try:
        return _series(step, anchors) if step.repeat else _once(step, anchors)
    except (BadWhen, BadRule) as error:
        return PlannedStep(step, problem=str(error))


def _once(step: TemplateStep, anchors: Anchors) -> PlannedStep:
    if not step.due:
        return PlannedStep(step)
    when = parse_when(step.due)
    found = find_day(when, anchors)
    rule = step.due if when.origin == "hearing" else ""
    if found.day is None:
        # Without the plan's end there is nothing to follow later on.
        problem = "" if rule else f"It counts from {found.waits_for}. Give the plan an end."
        return PlannedStep(step, due_rule=rule, waits_for=found.waits_for, problem=problem)
    problem = "" if found.day >= anchors.start else "It is due before the plan starts."
    return PlannedStep(step, (found.day,), "", rule, found.hearing_id, problem=problem)


def _series(step: TemplateStep, anchors: Anchors) -> PlannedStep:
    first = find_day(parse_when(step.due or "start"), anchors)
    last = find_day(parse_when(step.until), anchors) if step.until else None
    rule = parse_rule(step.repeat)
    for found in (first, last):
        if found is not None and found.day is None:
            why = f"It repeats, and counts from {found.waits_for}, which is not known yet."
            return PlannedStep(step, waits_for=found.waits_for, problem=why)
    if last is not None and last.day is not None:
        if rule.count is not None:
            raise BadRule("Say how often it repeats or until when, not both.")
        until = last.day if rule.until is None else min(last.day, rule.until)
        rule = replace(rule, until=until)
    assert first.day is not None
    return PlannedStep(step, days_of(rule, first.day, anchors.end), rule.text())


def load_templates(folder: Traversable) -> tuple[PlanTemplate, ...]:
    """The templates that come with Homeward, by their file names.

    Raises:
        TemplateProblem: a file cannot be used.
    """
    files = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(
        read_template(
            tomllib.loads(file.read_text(encoding="utf-8")), key=name.removesuffix(".toml")
        )
        for name, file in files
    )
