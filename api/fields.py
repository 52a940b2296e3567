"""The values that requests and answers are made of: bounded, printable, one spelling each.

Instants travel as RFC 3339 in UTC. Court times travel as the wall writes them (`local_time`,
without an offset) beside their IANA zone. What is refused is told without repeating it.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MOST_NAME = 120
MOST_LINE = 300
MOST_TEXT = 20_000
FIRST_YEAR, LAST_YEAR = 1900, 2199

_ID = "^[0-9a-f]{32}$"
_LINE = r"^[^\x00-\x1f\x7f]*$"
_NAME = r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00]*$"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows, so that a name reads as another: taken out."""
_WALL = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


class In(BaseModel):
    """What a request says: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema.get("properties", {}).values():
        described.pop("default", None)


class Changes(In):
    """What to change: what a request leaves out stays as it is, so defaults mean nothing."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def said(self) -> dict[str, Any]:
        """The new values of the fields that the request names."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}


class Out(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(hide_input_in_errors=True, from_attributes=True)

    @classmethod
    def of(cls, row: Any) -> Self:
        """The fields of a row that this answer names."""
        return cls.model_validate(row)


def _refusal(kind: str, what_to_do: str) -> PydanticCustomError:
    return PydanticCustomError(kind, what_to_do)


def one_line(value: str) -> str:
    """A text of one line, without what could turn its words."""
    if not re.fullmatch(_LINE, value):
        raise _refusal("control_character", "Take out line breaks and control characters.")
    return _TURNING.sub("", value)


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise _refusal("control_character", "Take out the NUL character; it cannot be kept.")
    return _TURNING.sub("", value)


def _said(value: str) -> str:
    if not value.strip():
        raise _refusal("empty", "Write something here; blanks alone say nothing.")
    return value.strip()


def said_text(value: str) -> str:
    """Text of several lines that says something; blanks around it are taken off."""
    return _said(_no_nul(value))


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    day = _parsed(date.fromisoformat, value, len("2026-12-08"))
    if day is None:
        raise _refusal("date", f"Write it like 2026-12-08, years {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def _wall(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    spelled = isinstance(value, str) and re.fullmatch(_WALL, value)
    at = _parsed(datetime.fromisoformat, value, len("2026-12-08T09:00")) if spelled else None
    if at is None:
        raise _refusal(
            "local_time",
            "Write the time on the court's wall like 2026-12-08T09:00, without an offset, "
            f"years {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return at


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(_CLOCK, value):
        raise _refusal("time", "Write the time of day like 09:00.")
    return time.fromisoformat(value)


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    at = _parsed(datetime.fromisoformat, value, None)
    if at is None or at.tzinfo is None:
        raise _refusal(
            "instant",
            f"Write it like 2026-12-08T14:00:00Z, years {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return at.astimezone(UTC)


def _parsed(read: Any, value: Any, length: int | None) -> Any:
    """What `read` makes of a text of this length, in years that every database keeps; or None."""
    if not isinstance(value, str) or (length is not None and len(value) != length):
        return None
    try:
        moment = read(value)
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _utc_words(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Id = Annotated[str, StringConstraints(pattern=_ID)]
"""The id of a row: 32 hexadecimal digits."""

Line = Annotated[
    str,
    StringConstraints(max_length=MOST_LINE),
    AfterValidator(one_line),
    WithJsonSchema({"type": "string", "maxLength": MOST_LINE, "pattern": _LINE}),
]
"""One line, possibly empty."""

Name = Annotated[
    str,
    StringConstraints(max_length=MOST_NAME),
    AfterValidator(one_line),
    AfterValidator(_said),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_NAME, "pattern": _NAME}),
]
"""One line that says something; blanks around it are taken off."""

Text = Annotated[
    str,
    StringConstraints(max_length=MOST_TEXT),
    AfterValidator(_no_nul),
    WithJsonSchema({"type": "string", "maxLength": MOST_TEXT, "pattern": _TEXT}),
]
"""Text of several lines, possibly empty."""

Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date, e.g. `2026-12-08`."""

LocalTime = Annotated[
    datetime,
    BeforeValidator(_wall),
    PlainSerializer(lambda at: at.isoformat(timespec="minutes"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": _WALL, "examples": ["2026-12-08T09:00"]}),
]
"""A time on a court's wall, without an offset: the zone stands beside it."""

Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda at: at.isoformat(timespec="minutes"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": _CLOCK, "examples": ["10:00"]}),
]
"""A time of day on the hub's wall."""

Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(_utc_words, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant; answers give it in UTC."""

Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
"""A language tag, e.g. `es`."""

Zone = Annotated[
    str,
    StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$"),
    Field(examples=["America/New_York"]),
]
"""An IANA time-zone name."""
