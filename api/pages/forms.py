"""Reading what people typed: each field checked once, every mistake said in plain words.

A mistake never repeats what was typed. The form keeps its values so that nothing is lost,
except those in `NEVER_KEPT`: they are asked for again.
"""

import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.requests import Request

from api.pages.own_words import Words
from api.pages.problems import FormTooLarge
from domain.court_time import CourtTimeError, instant_of
from domain.vocabulary import Channel
from records.addresses import BadAddress, normalise

NEVER_KEPT = frozenset(
    {
        *("password", "birth_date"),
        *("new_password", "new_password_again", "proof", "code", "recovery", "credential"),
    }
)
"""Fields that no answer ever repeats."""
MOST_BYTES = 960 * 1024
"""Of one form: the longest texts that its fields take, in any script."""
MOST_FIELDS = 200
MOST_LINE = 200
MOST_TEXT = 20_000

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


class Form:
    """The fields of one form, and the mistakes found so far.

    Attributes:
        errors: field name → what to do about it, in the order in which they were found.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._values.setdefault("once", secrets.token_urlsafe(16))
        self.errors: dict[str, str] = {}

    @property
    def ok(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.errors

    @property
    def once(self) -> str:
        """What tells a form that was sent twice from two forms."""
        return self._values["once"]

    def kept(self, name: str) -> str:
        """What was typed, for showing the form again; nothing for what is never repeated."""
        return "" if name in NEVER_KEPT else self._values.get(name, "")

    def holds(self, name: str) -> bool:
        """Whether the form has this field at all."""
        return name in self._values

    def names(self, prefix: str) -> list[str]:
        """The fields whose names begin like this, in the order in which they were sent."""
        return [name for name in self._values if name.startswith(prefix)]

    def error(self, name: str) -> str:
        """What is wrong with a field, or nothing."""
        return self.errors.get(name, "")

    def refuse(self, name: str, why: str) -> None:
        """Note what is wrong with a field; the first reason stands."""
        self.errors.setdefault(name, Words(why))

    def put(self, name: str, value: str) -> None:
        """Fill a field that the form itself does not ask for."""
        self._values[name] = value

    def drop(self, name: str) -> None:
        """Forget a field: what it held is saved."""
        self._values.pop(name, None)

    def secret(self, name: str) -> str:
        """Exactly what was typed, unchanged."""
        return self._values.get(name, "")

    def line(self, name: str, missing: str = "", *, most: int = MOST_LINE) -> str:
        """One line of text; `missing` is said when it is empty, if given."""
        text = _one_line(self._values.get(name, ""))
        if not text and missing:
            self.refuse(name, missing)
        if len(text) > most:
            self.refuse(name, f"Use {most} characters or fewer.")
        return text

    def text(self, name: str, missing: str = "", *, most: int = MOST_TEXT) -> str:
        """Text of several lines."""
        raw = _CONTROL.sub("", self._values.get(name, "").replace("\r\n", "\n")).strip()
        if not raw and missing:
            self.refuse(name, missing)
        if len(raw) > most:
            self.refuse(name, f"Use {most} characters or fewer.")
        return unicodedata.normalize("NFC", raw)

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text, without the empty ones."""
        return tuple(line for line in map(_one_line, self.text(name).split("\n")) if line)

    def choice(self, name: str, known: Collection[str], missing: str) -> str:
        """One of the offered values; anything else counts as not chosen."""
        value = self._values.get(name, "")
        if value not in known:
            self.refuse(name, missing)
            return ""
        return value

    def number(self, name: str) -> int:
        """A number that the form itself carries, such as a revision; 0 for anything else."""
        typed = self._values.get(name, "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self._values.get(name, "") == "yes"

    def day(self, name: str, missing: str = "") -> date | None:
        """A date, as a date field sends it or as 12/8/2026."""
        typed = _one_line(self._values.get(name, ""))
        if not typed:
            if missing:
                self.refuse(name, missing)
            return None
        american = _US_DATE.fullmatch(typed)
        try:
            if american:
                month, day, year = map(int, american.groups())
                return date(year, month, day)
            return date.fromisoformat(typed)
        except ValueError:
            self.refuse(name, "This is not a date; write it like 12/8/2026.")
            return None

    def clock(self, name: str, missing: str = "") -> time | None:
        """A time of day, as a time field sends it or as 9:00, 1:30 pm."""
        typed = _one_line(self._values.get(name, ""))
        if not typed:
            if missing:
                self.refuse(name, missing)
            return None
        try:
            return _clock(typed)
        except ValueError:
            self.refuse(name, "This is not a time of day; write it like 9:00 or 1:30 pm.")
            return None

    def address(self, name: str, channel: Channel) -> str:
        """A phone number or e-mail address in its one spelling; "" when none was given."""
        typed = _one_line(self._values.get(name, ""))
        if not typed:
            return ""
        try:
            return normalise(channel, typed)
        except BadAddress as error:
            self.refuse(name, str(error))
            return ""

    def instant(self, name: str, local: datetime, zone: str) -> datetime | None:
        """The instant of a wall time (UTC), or the reason why there is none."""
        try:
            return instant_of(local, zone)
        except CourtTimeError as error:
            self.refuse(name, str(error))
            return None


def _one_line(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", typed)).split())


def _clock(typed: str) -> time:
    match = _CLOCK.fullmatch(typed)
    if match is None or (match[2] is None and match[3] is None):
        raise ValueError
    hour, half = int(match[1]), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match[2] or 0))


async def read_form(request: Request) -> Form:
    """The form of a request.

    Raises:
        FormTooLarge: more than `MOST_BYTES`.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise FormTooLarge
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise FormTooLarge from None
    # The character that no database takes.
    form = Form({name: value.replace("\x00", "") for name, value in pairs})
    # What was written can be given back, whatever happens to it afterwards.
    request.state.form = form
    return form


Sent = Annotated[Form, Depends(read_form)]
"""The form that was sent with this request."""
