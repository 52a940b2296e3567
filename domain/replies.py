"""What an answer to a text means: plain rules, and a person for all that they do not cover.

"STOP" stops; so does "please stop texting me", because consent may be revoked in any reasonable
words (47 CFR 64.1200(a)(10), since 2025-04-11). "What time does court end?" is a question for a
person. A stop or a yes that is missed costs a look by an advocate; one that is imagined silences
court dates or hides a problem. So these two are read narrowly, and whatever is not plainly
understood goes to a person: nobody is opted out, confirmed or ignored by a guess.
"""

from __future__ import annotations

from typing import Final

from domain.reply_files import tables
from domain.reply_judging import Judgement
from domain.reply_kinds import URGENCY, Reading, ReplyKind
from domain.reply_phrases import parse

__all__ = ["URGENCY", "Reading", "ReplyKind", "read_reply"]

_LETTERS: Final = frozenset("abcd")


def read_reply(text: str) -> Reading:
    """What a reply means, in any language of `templates/replies/`, or in several at once.

    Case, accents, emoji and slips of the thumb do not matter. Never raises.
    """
    parsed = parse(text, tables())
    if len(parsed.clauses) == 1 and len(parsed.clauses[0].words) == 1:
        word = parsed.clauses[0].words[0]
        if word in _LETTERS and not parsed.clauses[0].asked:
            return Reading(ReplyKind.CHOICE, choice=word.upper())
    return Judgement(parsed).reading()
