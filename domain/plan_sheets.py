"""Steps of a plan template from a spreadsheet, saved as CSV.

The first row names the columns, in any order: step, kind, due, repeat, until, who, ordered,
evidence, mentor. Kinds may be written as their key or in plain words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.plan_templates import MOST_STEPS, TemplateProblem, TemplateStep
from domain.vocabulary import StepOwner

MOST_BYTES: Final = 1_000_000
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("step", "title", "what", "what is to be done"),
    "kind": ("kind", "type", "kind of step"),
    "due": ("due", "when", "by when", "first day"),
    "repeat": ("repeat", "repeats", "how often"),
    "until": ("until", "last day"),
    "owner": ("who", "owner"),
    "mandated": ("ordered", "mandated", "ordered by the court"),
    "evidence": ("evidence", "what shows it"),
    "to_mentors": ("mentor", "mentor may know"),
}
"""The columns, and what they may be called."""
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "sí", "si", "wi"})
_NO: Final = frozenset({"no", "n", "false", "0", "non"})
_EXCEL = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OWNERS: Final[Mapping[str, StepOwner]] = {
    **{str(owner): owner for owner in StepOwner},
    "": StepOwner.PERSON,
    "they themself": StepOwner.PERSON,
    "participant": StepOwner.PERSON,
    "hub": StepOwner.ADVOCATE,
    "the hub": StepOwner.ADVOCATE,
    "their mentor": StepOwner.MENTOR,
    "the provider": StepOwner.PROVIDER,
}


def read_sheet(content: bytes, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps of a spreadsheet, as `read_template` takes them.

    Args:
        content: of the file.
        kinds: every kind of step that the hub knows, with its plain words.

    Raises:
        TemplateProblem: it is no CSV, or rows cannot be read; says which, and what to do.
    """
    try:
        rows = list(csv.reader(io.StringIO(_text(content)), _dialect(content)))
    except csv.Error:
        raise TemplateProblem(["This is no CSV file. Save the sheet as CSV (UTF-8)."]) from None
    if not rows:
        raise TemplateProblem(["This file is empty."])
    columns = _columns(rows[0])
    problems: list[str] = []
    steps: list[dict[str, Any]] = []
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            step, wrong = _row(row, columns, kinds)
            problems += [f"Row {number}: {why}" for why in wrong]
            steps.append(step)
        if len(steps) > MOST_STEPS:
            raise TemplateProblem([f"A template has at most {MOST_STEPS} steps."])
    if problems:
        raise TemplateProblem(problems)
    return steps


def _text(content: bytes) -> str:
    if content.startswith((_EXCEL, _OLD_EXCEL)):
        raise TemplateProblem(
            [
                "This is a workbook. In Excel or LibreOffice choose “Save as”, then CSV (UTF-8), "
                "and send that file."
            ]
        )
    if len(content) > MOST_BYTES:
        raise TemplateProblem(["This file has more than a megabyte. A plan fits into less."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise TemplateProblem(["This is no CSV file. Save the sheet as CSV (UTF-8)."])
    return text


def _dialect(content: bytes) -> type[csv.Dialect]:
    """Commas, or semicolons and tabs as spreadsheets write them in some countries."""
    first = content.split(b"\n", 1)[0]
    counts = {sign: first.count(sign.encode()) for sign in (",", ";", "\t")}
    sign = max(counts, key=lambda one: counts[one])

    class Found(csv.excel):
        delimiter = sign

    return Found


def _columns(header: list[str]) -> dict[str, int]:
    names = {name: field for field, known in COLUMNS.items() for name in known}
    found: dict[str, int] = {}
    unknown: list[str] = []
    for index, cell in enumerate(header):
        field = names.get(" ".join(cell.split()).casefold())
        if field is None:
            if cell.strip():
                unknown.append(cell.strip()[:30])
        elif field in found:
            raise TemplateProblem([f"Two columns are called {cell.strip()[:30]!r}."])
        else:
            found[field] = index
    lacking = [field for field in ("title", "kind") if field not in found]
    if unknown or lacking:
        wanted = ", ".join(names[0] for names in COLUMNS.values())
        why = f"Column {unknown[0]!r} is not known." if unknown else "A column is missing."
        raise TemplateProblem([f"{why} The first row names the columns: {wanted}."])
    return found


def _row(
    row: list[str], columns: Mapping[str, int], kinds: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    cells = {
        field: row[index].strip() if index < len(row) else "" for field, index in columns.items()
    }
    wrong: list[str] = []
    step: dict[str, Any] = {
        field: cells[field]
        for field in ("title", "due", "repeat", "until", "evidence")
        if cells.get(field)
    }
    by_words = {words.casefold(): key for key, words in kinds.items()}
    kind = cells["kind"].casefold()
    step["kind"] = kind if kind in kinds else by_words.get(kind, kind.replace(" ", "_"))
    owner = cells.get("owner", "").casefold()
    if owner in _OWNERS:
        step["owner"] = str(_OWNERS[owner])
    else:
        wrong.append(f"who does it? Write one of {', '.join(StepOwner)}.")
    for field in ("mandated", "to_mentors"):
        said = cells.get(field, "").casefold()
        if said and said not in _YES | _NO:
            wrong.append(f"{said[:20]!r} is neither yes nor no.")
        step[field] = said not in _NO
    return step, wrong


def write_sheet(steps: Iterable[TemplateStep], kinds: Mapping[str, str]) -> str:
    """The steps as a spreadsheet, which `read_sheet` reads as the same steps."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names[0] for names in COLUMNS.values())
    for step in steps:
        writer.writerow(
            [
                step.title,
                kinds.get(step.kind, step.kind),
                step.due,
                step.repeat,
                step.until,
                str(step.owner),
                "yes" if step.mandated else "no",
                step.evidence,
                "yes" if step.to_mentors else "no",
            ]
        )
    return out.getvalue()
