"""The entities of HSDS that the directory has tables for, and how each field is read.

A reader takes the raw value (text from CSV, anything from JSON) and gives the column's value; it
raises `BadValue` with what is wrong. What a row refers to is named with the entity it is in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import Any

from domain.opening_hours import DAYS

MOST_LINE = 1000
MOST_TEXT = 50_000
Reader = Callable[[Any], Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_FREQ = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_NUMBERS = re.compile(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*")


class BadValue(ValueError):
    """A value that cannot be right; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One table of HSDS.

    Attributes:
        readers: field → how it is read; the column has the same name.
        references: field → the entity that it refers to.
        required: fields and references without which a row says nothing.
    """

    readers: Mapping[str, Reader]
    references: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


def cleaned(value: str) -> str:
    """A text without control characters, and without halves of characters."""
    return _CONTROL.sub("", value.replace("\r\n", "\n"))


def line(value: Any) -> str:
    """One line of text."""
    said = " ".join(_CONTROL.sub(" ", _plain(value)).split())
    if len(said) > MOST_LINE:
        raise BadValue(f"is longer than {MOST_LINE} characters")
    return said


def text(value: Any) -> str:
    """Text of several lines."""
    said = cleaned(_plain(value)).strip()
    if len(said) > MOST_TEXT:
        raise BadValue(f"is longer than {MOST_TEXT} characters")
    return said


def phone_number(value: Any) -> str:
    """A phone number as people write it; quotation marks around it are an accident of exports."""
    return line(value).strip("\"' ")


def status(value: Any) -> str:
    """Whether a service is offered: `active` unless it says otherwise."""
    return line(value).lower() or "active"


def whole(least: int, most: int) -> Reader:
    """A whole number between two others; None when nothing is said."""

    def read(value: Any) -> int | None:
        said = line(value)
        if not said:
            return None
        try:
            number = float(said)
        except ValueError:
            raise BadValue("is no number") from None
        if not (least <= number <= most and number == int(number)):
            raise BadValue(f"is no whole number from {least} to {most}")
        return int(number)

    return read


def interval(value: Any) -> int:
    """Every how many weeks (or days, months) a schedule repeats; 1 when nothing is said."""
    number: int | None = whole(1, 1000)(value)
    return number or 1


def degrees(most: float) -> Reader:
    """Degrees of latitude (90) or longitude (180); None when nothing is said."""

    def read(value: Any) -> float | None:
        said = line(value)
        if not said:
            return None
        try:
            number = float(said)
        except ValueError:
            raise BadValue("is no number") from None
        if not -most <= number <= most:
            raise BadValue(f"is not between -{most:g} and {most:g} degrees")
        return number

    return read


def day(value: Any) -> date | None:
    """A date, `2026-12-08`; None when nothing is said."""
    said = line(value)
    if not said:
        return None
    try:
        found = date.fromisoformat(said[:10])
    except ValueError:
        raise BadValue("is no date like 2026-12-08") from None
    if not 1900 <= found.year <= 2199:
        raise BadValue("is no date of the years 1900 to 2199")
    return found


def clock(value: Any) -> time | None:
    """A time of day on the wall of the place. An offset is left off: opening hours are what the
    door says, in summer and in winter."""
    said = line(value)
    if not said:
        return None
    match = _CLOCK.fullmatch(said)
    if match is None:
        raise BadValue("is no time of day like 09:00")
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise BadValue("is no time of day like 09:00")
    return time(hour, minute)


def byday(value: Any) -> str:
    """Days of the week as RFC 5545 writes them, e.g. `MO,WE` or `1FR`."""
    said = line(value).upper().replace(" ", "").strip(",")
    for part in said.split(",") if said else []:
        if not _BYDAY.fullmatch(part):
            raise BadValue(f"has a day that is none of {', '.join(DAYS)}")
    return said


def week_start(value: Any) -> str:
    """The day on which a week begins."""
    said = line(value).upper()
    if said and said not in DAYS:
        raise BadValue(f"is none of {', '.join(DAYS)}")
    return said


def frequency(value: Any) -> str:
    """How often a schedule repeats."""
    said = line(value).upper()
    if said and said not in _FREQ:
        raise BadValue("is none of DAILY, WEEKLY, MONTHLY, YEARLY")
    return said


def numbers(value: Any) -> str:
    """Numbers of days or weeks, `2,3,-1`."""
    said = line(value).replace(" ", "").strip(",")
    if said and not _NUMBERS.fullmatch(said):
        raise BadValue("is no list of numbers like 1,15")
    return said


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        raise BadValue("is not text")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_ORGANIZATION = {"organization_id": "organizations"}
_SERVICE = {"service_id": "services"}
_LOCATION = {"location_id": "locations"}
_AT = {"service_at_location_id": "service_at_location"}


def _lines(*names: str) -> dict[str, Reader]:
    return dict.fromkeys(names, line)


def _texts(*names: str) -> dict[str, Reader]:
    return dict.fromkeys(names, text)


ENTITIES: Mapping[str, Entity] = MappingProxyType(
    {
        "organizations": Entity(
            {**_lines("name", "alternate_name", "email", "website"), **_texts("description")},
            required=frozenset({"name"}),
        ),
        "taxonomy_terms": Entity(
            {
                **_lines("code", "name", "taxonomy", "language", "term_uri"),
                **_texts("description"),
            },
            required=frozenset({"name"}),
        ),
        "locations": Entity(
            {
                **_lines("location_type", "name", "alternate_name"),
                **_texts("description", "transportation"),
                "latitude": degrees(90),
                "longitude": degrees(180),
            },
            _ORGANIZATION,
        ),
        "services": Entity(
            {
                **_lines("name", "alternate_name", "url", "email", "wait_time"),
                **_texts(
                    "description",
                    "interpretation_services",
                    "application_process",
                    "fees_description",
                    "eligibility_description",
                    "alert",
                ),
                "status": status,
                "minimum_age": whole(0, 150),
                "maximum_age": whole(0, 150),
            },
            _ORGANIZATION,
            frozenset({"name", "organization_id"}),
        ),
        "service_at_location": Entity(
            _texts("description"),
            {**_SERVICE, **_LOCATION},
            frozenset({"service_id", "location_id"}),
        ),
        "contacts": Entity(
            _lines("name", "title", "department", "email"),
            {**_ORGANIZATION, **_SERVICE, **_AT, **_LOCATION},
        ),
        "phones": Entity(
            {"number": phone_number, **_lines("extension", "type"), **_texts("description")},
            {
                **_ORGANIZATION,
                **_SERVICE,
                **_AT,
                **_LOCATION,
                "contact_id": "contacts",
            },
            frozenset({"number"}),
        ),
        "schedules": Entity(
            {
                "valid_from": day,
                "valid_to": day,
                "dtstart": day,
                "until": day,
                "count": whole(1, 10_000),
                "wkst": week_start,
                "freq": frequency,
                "interval": interval,
                "byday": byday,
                "byweekno": numbers,
                "bymonthday": numbers,
                "byyearday": numbers,
                "opens_at": clock,
                "closes_at": clock,
                **_lines("attending_type"),
                **_texts("description", "notes"),
            },
            {**_SERVICE, **_LOCATION, **_AT},
        ),
        "languages": Entity(
            {**_lines("name", "code"), **_texts("note")},
            {**_SERVICE, **_LOCATION, "phone_id": "phones"},
        ),
        "cost_options": Entity(
            {
                "valid_from": day,
                "valid_to": day,
                **_lines("option", "currency", "amount"),
                **_texts("amount_description"),
            },
            _SERVICE,
            frozenset({"service_id"}),
        ),
        "attributes": Entity(
            _lines("value"),
            {**_SERVICE, "taxonomy_term_id": "taxonomy_terms"},
            frozenset({"service_id", "taxonomy_term_id"}),
        ),
    }
)
"""In an order in which each row comes after those that it refers to."""

BELONGINGS: Mapping[str, str] = MappingProxyType(
    {
        "accessibility": "location_id",
        "funding": "organization_id",
        "organization_identifiers": "organization_id",
        "programs": "organization_id",
        "required_documents": "service_id",
        "service_areas": "service_id",
        "service_capacities": "service_id",
        "urls": "organization_id",
    }
)
"""Entities without a table of ours → the reference by which they stay with another row, as they
came; where that one is not given, whichever is."""

OWNERS: Mapping[str, str] = MappingProxyType(
    {"service_id": "services", "location_id": "locations", "organization_id": "organizations"}
)
IGNORED = frozenset({"metadata", "meta_table_descriptions", "taxonomies", "units"})
"""About the export and not about providers."""
