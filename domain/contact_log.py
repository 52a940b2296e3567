"""Contacts of outreach workers, mentors and advocates with the people they stand by.

A contact was held or only tried; what was tried says how often somebody was looked for, and never
counts as a contact. The next one is due so many days after the last that was held, or on the day
that was agreed there. Nothing here is said to the person, the court or anybody outside the hub.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.progress_figures import SMALL


class ContactMethod(StrEnum):
    """How they were in touch."""

    IN_PERSON = "in_person"
    CALL = "call"
    TEXT = "text"
    VIDEO = "video"


class ContactPlace(StrEnum):
    """Where it was."""

    HOME = "home"
    STREET = "street"
    OFFICE = "office"
    COURT = "court"
    JAIL = "jail"
    HOSPITAL = "hospital"
    SCHOOL = "school"
    WORK = "work"
    PROVIDER = "provider"
    ELSEWHERE = "elsewhere"


class ContactAbout(StrEnum):
    """What it was for."""

    CHECK_IN = "check_in"
    PLAN = "plan"
    COURT = "court"
    MEDIATION = "mediation"
    SAFETY = "safety"
    SERVICES = "services"
    FAMILY = "family"
    CELEBRATION = "celebration"


METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ContactMethod.IN_PERSON: "In person",
        ContactMethod.CALL: "Call",
        ContactMethod.TEXT: "Text",
        ContactMethod.VIDEO: "Video call",
    }
)
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ContactPlace.HOME: "at home",
        ContactPlace.STREET: "in the neighborhood",
        ContactPlace.OFFICE: "at our office",
        ContactPlace.COURT: "at court",
        ContactPlace.JAIL: "at the jail",
        ContactPlace.HOSPITAL: "at a hospital",
        ContactPlace.SCHOOL: "at school",
        ContactPlace.WORK: "at work",
        ContactPlace.PROVIDER: "at a provider",
        ContactPlace.ELSEWHERE: "somewhere else",
    }
)
ABOUTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ContactAbout.CHECK_IN: "Check-in",
        ContactAbout.PLAN: "Steps of the plan",
        ContactAbout.COURT: "Court",
        ContactAbout.MEDIATION: "Mediation follow-up",
        ContactAbout.SAFETY: "Safety",
        ContactAbout.SERVICES: "Help from a service",
        ContactAbout.FAMILY: "Family",
        ContactAbout.CELEBRATION: "Something to celebrate",
    }
)
"""The same in plain words."""

OLDEST: Final = timedelta(days=366)
"""How far back a contact may be written down."""
MOST_MINUTES: Final = 24 * 60
COLUMNS: Final = ("month", "how", "held", "tried only", "people", "note")
TOO_SMALL: Final = f"not shown: fewer than {SMALL} people"


class ContactProblem(Exception):
    """A contact cannot be written down like this; the text says what to change.

    Attributes:
        field: of the form: "day", "clock", "minutes" or "next_on".
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def next_due(
    last_held: date | None, agreed: date | None, known_since: date, every_days: int
) -> date | None:
    """By when somebody is to be in touch again, as a local day; None where the hub sets no pace and
    nothing was agreed.

    Args:
        last_held: the local day of the last contact that was held; None if none was.
        agreed: the day that was agreed at that contact.
        known_since: the local day on which the case was opened.
        every_days: the hub's pace in days; 0 for none.
    """
    if agreed is not None:
        return agreed
    if every_days <= 0:
        return None
    return (last_held or known_since) + timedelta(days=every_days)


@dataclass(frozen=True, slots=True)
class Counted:
    """One contact for the figures: the first day of its month, its method, held or not, whose."""

    month: date
    method: str
    held: bool
    person: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the figures; the counts are None where they could tell of single people."""

    month: date
    method: str
    held: int | None
    tried: int | None
    people: int | None


def figures(entries: Iterable[Counted]) -> list[Line]:
    """By month and method: held, tried only, and how many different people; the newest first.

    Lines of fewer than five people are hidden. A month's whole is not shown, so that nothing hidden
    can be worked out.
    """
    held: Counter[tuple[date, str]] = Counter()
    tried: Counter[tuple[date, str]] = Counter()
    people: dict[tuple[date, str], set[str]] = {}
    for one in entries:
        at = (one.month, one.method)
        (held if one.held else tried)[at] += 1
        people.setdefault(at, set()).add(one.person)
    order = sorted(people, key=lambda at: (-at[0].toordinal(), list(METHODS).index(at[1])))
    return [
        Line(*at, held[at], tried[at], len(people[at]))
        if len(people[at]) >= SMALL
        else Line(*at, None, None, None)
        for at in order
    ]


def figures_csv(lines: Sequence[Line]) -> str:
    """The figures as CSV (RFC 4180), without names."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        hidden = line.people is None
        counts = ("", "", "") if hidden else (line.held, line.tried, line.people)
        writer.writerow(
            (f"{line.month:%Y-%m}", METHODS[line.method], *counts, TOO_SMALL if hidden else "")
        )
    return out.getvalue()
