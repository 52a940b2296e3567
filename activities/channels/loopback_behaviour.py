"""How the loopback providers are told to behave, for everybody or for one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

__all__ = ["USUAL", "Answering", "Behaviour", "Drop", "Rules"]


class Drop(StrEnum):
    """When the provider hangs up instead of answering."""

    NEVER = "never"
    BEFORE = "before"
    """Before it accepted anything."""
    AFTER = "after"
    """After it accepted the text: the caller cannot know."""


class Answering(StrEnum):
    """Who or what answers a call."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    UNKNOWN = "unknown"
    """Somebody or something: the provider cannot tell."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What happens to a text or a call.

    `delay`: seconds between accepting and answering. `http_status`: answer this and accept
    nothing (503 is "down"), with `retry_after` seconds. `refuse_code`: refuse with this code of
    the provider. `callbacks`: statuses reported to the text's StatusCallback, in this order;
    repeat or reorder them to play an unruly network. `error_code` goes with `undelivered` and
    `failed`. `times`: how many texts this lasts for; None: until told otherwise.

    Calls: `answer` says who picks up, for `seconds`; a human presses `key`. `call_statuses`
    takes the place of the statuses that follow from that, to repeat or reorder them.
    """

    delay: float = 0.0
    http_status: int = 0
    retry_after: int | None = None
    refuse_code: int = 0
    drop: Drop = Drop.NEVER
    callbacks: tuple[str, ...] = ("sent", "delivered")
    error_code: int = 0
    times: int | None = None
    answer: Answering = Answering.HUMAN
    seconds: int = 30
    key: str = ""
    call_statuses: tuple[str, ...] = ()

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Behaviour:
        """A behaviour from JSON values. Raises ValueError for a name or value it does not know."""
        unknown = set(values) - {known.name for known in fields(cls)}
        if unknown:
            raise ValueError(f"Unknown behaviour: {', '.join(sorted(unknown))}.")
        typed = dict(values)
        if "drop" in typed:
            typed["drop"] = Drop(typed["drop"])
        if "answer" in typed:
            typed["answer"] = Answering(typed["answer"])
        for several in {"callbacks", "call_statuses"} & set(typed):
            typed[several] = tuple(typed[several])
        return cls(**typed)


USUAL = Behaviour()


class Rules:
    """The behaviours in force; one for a number goes before the one for everybody."""

    def __init__(self) -> None:
        self._rules: dict[str | None, Behaviour] = {}
        self._left: dict[str | None, int] = {}

    def set(self, number: str | None, behaviour: Behaviour) -> None:
        """Put a behaviour in force, in place of the one before it."""
        self._rules[number] = behaviour
        self._left.pop(number, None)
        if behaviour.times is not None:
            self._left[number] = behaviour.times

    def take(self, number: str) -> Behaviour:
        """The behaviour for the next text to this number; uses up one of its times."""
        for key in (number, None):
            if key not in self._rules:
                continue
            left = self._left.get(key)
            if left == 0:
                continue
            if left is not None:
                self._left[key] = left - 1
            return self._rules[key]
        return USUAL
