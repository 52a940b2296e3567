"""What a short answer to a text means. Only a whole message is a command.

"STOP" stops; "What time does court end?" is a question for a person. Whatever is not plainly one
of the words below goes to an advocate: nobody is opted out, confirmed or ignored by a guess.
The stop words are those that carriers and the FCC's rule of 2025-04-11 name, with their Spanish
and Haitian Creole counterparts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means.

    Attributes:
        kind: what to act on first.
        also: further intents of the same message, most urgent first.
        everywhere: a STOP that means calls and e-mails as well.
        choice: the letter of a CHOICE, "A" to "D"; "" otherwise.
    """

    kind: ReplyKind
    also: tuple[ReplyKind, ...] = ()
    everywhere: bool = False
    choice: str = ""


_WORDS: dict[ReplyKind, frozenset[str]] = {
    ReplyKind.STOP: frozenset(
        [
            "stop",
            "stopall",
            "unsubscribe",
            "end",
            "quit",
            "cancel",
            "revoke",
            "optout",
            "alto",
            "parar",
            "cancelar",
            "revocar",
            "sispann",
            "kanpe",
        ]
    )
    | {"opt out", "stop all"},
    ReplyKind.START: frozenset({"start", "unstop"}),
    ReplyKind.CONFIRMED: frozenset({"yes", "y", "si", "wi", "1"}),
    ReplyKind.RIDE: frozenset({"ride", "2", "need a ride", "i need a ride", "transporte"}),
}


def read_reply(text: str) -> Reading:
    """What a reply means; case, accents and punctuation around it do not matter."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    return Reading(
        next((kind for kind, known in _WORDS.items() if words in known), ReplyKind.FOR_A_PERSON)
    )
