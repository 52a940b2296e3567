"""Facts made fit for a line of a message: composed characters, no invisible controls."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from domain.message_facts import HearingWords, ListedDate, MessageFacts

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean(text: str) -> str:
    """One line of composed characters, without invisible controls; every letter stays.

    Composing (Unicode NFC) changes no letter, but "é" written as "e" and an accent would
    otherwise make a text UCS-2.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(_INVISIBLE.sub("", text).split())


def cleaned(facts: MessageFacts) -> MessageFacts:
    """The same facts, each text of them clean. An advocate's own words stay as they are."""
    return replace(
        facts,
        hub_name=clean(facts.hub_name),
        hub_phone=clean(facts.hub_phone),
        first_name=clean(facts.first_name),
        participant_first_name=clean(facts.participant_first_name),
        hearing=_hearing(facts.hearing),
        old_hearing=_hearing(facts.old_hearing),
        step_words=clean(facts.step_words),
        link=clean(facts.link),
        counsel_phone=clean(facts.counsel_phone),
        choices=tuple(map(clean, facts.choices)),
        listed=tuple(map(_listed, facts.listed)),
    )


def _hearing(hearing: HearingWords | None) -> HearingWords | None:
    if hearing is None:
        return None
    return replace(hearing, room=clean(hearing.room), address=clean(hearing.address))


def _listed(date: ListedDate) -> ListedDate:
    return ListedDate(clean(date.first_name), date.local, clean(date.room), clean(date.address))
