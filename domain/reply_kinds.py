"""What a reply may mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ReplyKind(StrEnum):
    """What to do with a reply."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"
    CANNOT_COME = "cannot_come"
    RIDE = "ride"
    CONFIRMED = "confirmed"
    CHOICE = "choice"
    """One letter: which of the cases of a shared number is meant."""
    FOR_A_PERSON = "for_a_person"
    STEP_WENT = "step_went"
    """A step of a plan was done: their own word. It and the next four need a step that was asked
    about (domain/step_replies.py)."""
    STEP_PLANNED = "step_planned"
    """They mean to do it; its day is still to come."""
    STEP_COULD_NOT = "step_could_not"
    STEP_CALL = "step_call"
    STEP_WHY = "step_why"
    """What got in the way, in their own words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means.

    A wrong number comes before a stop in the same message: both are done, and the stranger is
    apologised to rather than told how to start again. A question always reaches a person: it
    comes before the yes beside it, and after whatever opens a task of its own.

    Attributes:
        kind: what to act on first.
        also: further intents of the same message, most urgent first.
        everywhere: a STOP that means calls and e-mails as well. Never with a wrong number: a
            stranger must not silence the mailbox of the person who was meant.
        choice: the letter of a CHOICE, "A" to "D"; "" otherwise.
    """

    kind: ReplyKind
    also: tuple[ReplyKind, ...] = ()
    everywhere: bool = False
    choice: str = ""


URGENCY: Final = (
    ReplyKind.WRONG_NUMBER,
    ReplyKind.STOP,
    ReplyKind.START,
    ReplyKind.CANNOT_COME,
    ReplyKind.RIDE,
    ReplyKind.FOR_A_PERSON,
    ReplyKind.HELP,
    ReplyKind.CONFIRMED,
)
