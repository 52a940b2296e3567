"""What a short answer to a text means. Only a whole message is a command.

"STOP" stops; "What time does court end?" is a question for a person. Whatever is not plainly one
of the words below goes to an advocate: nobody is opted out, confirmed or ignored by a guess.
The stop words are those that carriers and the FCC's rule of 2025-04-11 name, with their Spanish
and Haitian Creole counterparts.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class ReplyKind(StrEnum):
    """What to do with a reply."""

    STOP = "stop"
    START = "start"
    CONFIRMED = "confirmed"
    RIDE = "ride"
    FOR_A_PERSON = "for_a_person"


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


def read_reply(text: str) -> ReplyKind:
    """The kind of a reply; case, accents and punctuation around it do not matter."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    return next((kind for kind, known in _WORDS.items() if words in known), ReplyKind.FOR_A_PERSON)
