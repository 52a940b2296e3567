"""Reports on a support plan, from verified evidence alone, each line with where it comes from.

Three kinds speak for the person: the summary before a hearing, the progress letter and the
certificate. They say what was done and checked, and what is still to come; what nobody has
checked is in none of them as done, and what was missed is in none of them at all. The memo on
missed steps is for counsel's eyes only: it has all of it, with what got in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.vocabulary import PlanState, StepState


class ReportKind(StrEnum):
    """What a report is for."""

    SUMMARY = "summary"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    MEMO = "memo"


TITLES: Final[Mapping[ReportKind, str]] = MappingProxyType(
    {
        ReportKind.SUMMARY: "Summary of the support plan",
        ReportKind.LETTER: "Progress letter",
        ReportKind.CERTIFICATE: "Certificate of completion",
        ReportKind.MEMO: "For counsel’s eyes only: steps that were missed",
    }
)
FOR_COUNSEL_ALONE: Final = frozenset({ReportKind.MEMO})
"""What nobody but counsel and the team that prepares it may ever read."""
FOR_HEARINGS: Final = frozenset({ReportKind.SUMMARY, ReportKind.LETTER})
"""What answers a court that wants a report."""
_OPEN: Final = frozenset({StepState.PROPOSED, StepState.ACTIVE, StepState.EVIDENCED})
_MISSED: Final = frozenset({StepState.MISSED, StepState.ESCALATED})


class NothingToReport(ValueError):
    """There is nothing that such a report could say; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence that somebody checked: what it is in plain words, when it came, who checked it
    and when (local dates of the hub)."""

    id: str
    what: str
    received_on: date
    checked_on: date
    checked_by: str


@dataclass(frozen=True, slots=True)
class ReportStep:
    """A step as a report sees it.

    Attributes:
        repeats: how often, in plain words; "" for what is done once.
        proofs: checked evidence alone.
        unchecked: how many pieces of evidence nobody has checked yet.
        why: what got in the way, in the person's words.
        times: of a series, its occurrences.
    """

    id: str
    title: str
    state: StepState
    due: date | None = None
    provider: str = ""
    repeats: str = ""
    mandated: bool = False
    why: str = ""
    proofs: tuple[Proof, ...] = ()
    unchecked: int = 0
    times: tuple[ReportStep, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it was done, as somebody has checked."""
        return bool(self.proofs) and self.state not in (StepState.CANCELLED, StepState.EXCUSED)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan as a report sees it; what may not be shown to its reader is not in it."""

    state: PlanState
    goals: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    mandated: bool = False
    steps: tuple[ReportStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line; `origins` are the numbers of what it stands on."""

    text: str
    origins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A heading and its lines."""

    heading: str
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where lines come from: a number, the step, the evidence ("" for the plan itself), words."""

    number: int
    step_id: str
    evidence_id: str
    words: str


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A report, whole: ready to be typeset, and to be compared."""

    kind: ReportKind
    title: str
    parts: tuple[ReportPart, ...]
    origins: tuple[Origin, ...]


class _Origins:
    """Numbers what lines stand on, in the order in which it is first named."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Origin] = {}

    def of_proofs(self, step: ReportStep, proofs: Iterable[Proof]) -> tuple[int, ...]:
        return tuple(
            self._number(
                step.id,
                proof.id,
                f"{step.title}{_on(step)}: {proof.what}, received {_day(proof.received_on)}, "
                f"checked by {proof.checked_by} on {_day(proof.checked_on)}",
            )
            for proof in proofs
        )

    def of_plan(self, step: ReportStep) -> tuple[int, ...]:
        return (self._number(step.id, "", f"{step.title}{_on(step)}: as it stands in the plan"),)

    def _number(self, step_id: str, evidence_id: str, words: str) -> int:
        key = (step_id, evidence_id)
        if key not in self.known:
            self.known[key] = Origin(len(self.known) + 1, step_id, evidence_id, words)
        return self.known[key].number


def build_report(kind: ReportKind, record: PlanRecord, who: str) -> PlanReport:
    """What a report says.

    Args:
        kind: which.
        record: the plan, with what its reader may know and nothing else.
        who: how the person is called: "Ms. Rivera", "Marcus".

    Raises:
        NothingToReport: the plan is not completed, or nothing was checked or missed yet.
    """
    origins = _Origins()
    parts = _PARTS[kind](record, who, origins)
    kept = tuple(part for part in parts if part.lines)
    return PlanReport(kind, TITLES[kind], kept, tuple(origins.known.values()))


def _summary(record: PlanRecord, who: str, origins: _Origins) -> list[ReportPart]:
    done = tuple(_done_lines(record.steps, origins))
    ahead = tuple(_ahead_lines(record.steps, origins))
    if not done and not ahead:
        raise NothingToReport("The plan has nothing yet that could be told. Add a step first.")
    return [
        ReportPart(f"What {who} has done", done),
        ReportPart("What comes next", ahead),
    ]


def _letter(record: PlanRecord, who: str, origins: _Origins) -> list[ReportPart]:
    done = tuple(_done_lines(record.steps, origins))
    if not done:
        raise NothingToReport(
            "Nothing in the plan was checked yet. Check what was shown, on the page of its step."
        )
    return [
        ReportPart(f"What {who} has done", done),
        ReportPart("What comes next", tuple(_ahead_lines(record.steps, origins))),
    ]


def _certificate(record: PlanRecord, who: str, origins: _Origins) -> list[ReportPart]:
    if record.state is not PlanState.DISCHARGED_SUCCESSFUL:
        raise NothingToReport("A certificate is for a plan that was completed. End the plan first.")
    done = tuple(_done_lines(record.steps, origins))
    if not done:
        raise NothingToReport("Nothing in the plan was checked, so nothing can be certified.")
    return [ReportPart("Completed", done)]


def _memo(record: PlanRecord, who: str, origins: _Origins) -> list[ReportPart]:
    missed = tuple(_missed_lines(record.steps, origins))
    if not missed:
        raise NothingToReport("Nothing was missed. There is nothing that counsel must know.")
    return [
        ReportPart("Missed", missed),
        ReportPart("Excused", tuple(_excused_lines(record.steps, origins))),
        ReportPart("Shown, but not checked yet", tuple(_unchecked_lines(record.steps, origins))),
        ReportPart("Done", tuple(_counted_lines(record.steps, origins))),
    ]


_PARTS: Final = MappingProxyType(
    {
        ReportKind.SUMMARY: _summary,
        ReportKind.LETTER: _letter,
        ReportKind.CERTIFICATE: _certificate,
        ReportKind.MEMO: _memo,
    }
)


def _done_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    for step in steps:
        times = [time for time in step.times if time.done]
        if times:
            yield ReportLine(_kept_words(step, times), _proofs_of(times, origins))
        elif step.done and not step.times:
            first = min(step.proofs, key=lambda proof: (proof.received_on, proof.id))
            text = f"{_at(step)}: done, {_day(first.received_on)}."
            yield ReportLine(text, origins.of_proofs(step, step.proofs))


def _kept_words(step: ReportStep, times: Sequence[ReportStep]) -> str:
    count = "once" if len(times) == 1 else f"{len(times)} times"
    days = [time.due for time in times if time.due]
    last = f", last on {_day(max(days))}" if days else ""
    return f"{_at(step)}, {step.repeats}: kept {count}{last}."


def _proofs_of(times: Sequence[ReportStep], origins: _Origins) -> tuple[int, ...]:
    return tuple(number for time in times for number in origins.of_proofs(time, time.proofs))


def _ahead_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    for step in steps:
        if step.state not in _OPEN:
            continue
        if step.times:
            days = [time.due for time in step.times if time.state in _OPEN and time.due]
            if days:
                text = f"{_at(step)}, {step.repeats}, until {_day(max(days))}."
                yield ReportLine(text, origins.of_plan(step))
        elif not step.done:
            by = f", by {_day(step.due)}" if step.due else ""
            yield ReportLine(f"{_at(step)}{by}.", origins.of_plan(step))


def _missed_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    for step in _each(steps):
        if step.state in _MISSED:
            ordered = "ordered by the court" if step.mandated else "by choice"
            said = f" What got in the way: “{step.why}”" if step.why else " Nobody has said why."
            text = f"{_at(step)}{_on(step)}, {ordered}.{said}"
            yield ReportLine(text, origins.of_plan(step))


def _excused_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    for step in _each(steps):
        if step.state is StepState.EXCUSED:
            said = f": “{step.why}”" if step.why else ""
            yield ReportLine(f"{_at(step)}{_on(step)}{said}", origins.of_plan(step))


def _unchecked_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    for step in _each(steps):
        if step.unchecked and not step.done:
            yield ReportLine(f"{_at(step)}{_on(step)}", origins.of_plan(step))


def _counted_lines(steps: Sequence[ReportStep], origins: _Origins) -> Iterator[ReportLine]:
    """For counsel a series is counted with what was missed of it."""
    for step in steps:
        times = [time for time in step.times if time.done]
        missed = sum(time.state in _MISSED for time in step.times)
        if times:
            of = len(times) + missed
            text = (
                f"{_at(step)}, {step.repeats}: {len(times)} of {of} that were due and not excused."
            )
            yield ReportLine(text, _proofs_of(times, origins))
        elif step.done and not step.times:
            yield ReportLine(f"{_at(step)}: done.", origins.of_proofs(step, step.proofs))


def _each(steps: Sequence[ReportStep]) -> Iterator[ReportStep]:
    """What is done once: single steps, and the occurrences of a series."""
    for step in steps:
        yield from step.times or (step,)


def _at(step: ReportStep) -> str:
    return f"{step.title}, with {step.provider}" if step.provider else step.title


def _on(step: ReportStep) -> str:
    return f" ({_day(step.due)})" if step.due else ""


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
