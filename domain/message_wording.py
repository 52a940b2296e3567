"""Finding the wording that fits: of a text the fullest that two segments hold, of a letter all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Final

from domain.language_words import StepWords
from domain.message_facts import TooLong
from domain.message_steps import BARE, EMAIL, SMS_FORMS, VOICE
from domain.message_values import MessageValues, Thrift
from domain.placeholders import Template
from domain.segments import count_segments
from domain.spoken_values import SpokenValues

MAX_SEGMENTS: Final = 2
LONGEST_TEXT: Final = 1600
"""Characters that a provider takes in one text, the hub's name before an answer included."""

Forms = Mapping[str, Template]

_TWICE_ENDED: Final = re.compile(r"\.\.(?=\s|$)")
_SENTENCE: Final = re.compile(r"[.?!] ¿?\w")
_BODY: Final = "\x00"
"""Stands for the body while the lines around it are tidied: no fact can hold it."""
_MOST_DATES: Final = 16
"""More dates than this never fit into `MAX_SEGMENTS`."""


def as_text(step: str, forms: Forms, values: MessageValues) -> tuple[str, str]:
    """The form and the text of an SMS.

    Raises:
        TooLong: an advocate's own words are more than a provider takes.
    """
    if step == "answer":
        return "sms", _own_words(forms["sms"], values)
    if step == "digest":
        return _dates(forms, values)
    return _fitting(step, forms, values)


def as_call(forms: Forms, values: SpokenValues) -> tuple[str, str]:
    """The form and what a call says."""
    values["body"] = forms[VOICE].fill(values)
    said = _tidy(values.voice.frame.fill(values))
    return VOICE, _SENTENCE.sub(lambda begun: begun[0].upper(), said)


def as_letter(step: str, texts: StepWords, forms: Forms, values: MessageValues) -> tuple[str, str]:
    """The form and the text of an e-mail."""
    body = forms[EMAIL].fill(values)
    if step != "answer":
        body = _begun(f"\n{_tidy_letter(body)}", values).strip()
    values["body"] = _BODY
    frame = _tidy_letter((texts.frame or values.words.frame).fill(values))
    return EMAIL, frame.replace(_BODY, body)


def _own_words(template: Template, values: MessageValues) -> str:
    text = template.fill(values)
    if len(text) > LONGEST_TEXT:
        raise TooLong(len(text) - LONGEST_TEXT)
    return text


def _dates(forms: Forms, values: MessageValues) -> tuple[str, str]:
    """All dates with their places if they fit; else as many as fit, and how many more."""
    segments, text = _said(forms["sms"], values)
    if segments <= MAX_SEGMENTS:
        return "sms", text
    most, kept = 0, ""
    for thrift in (Thrift.NOTHING, Thrift.ACCENTED_NAMES):
        values.say(linked=False, thrift=thrift)
        for count in range(min(len(values.listed()), _MOST_DATES), most, -1):
            values.show(count)
            segments, text = _said(forms["short"], values)
            if segments <= MAX_SEGMENTS and values.told():
                most, kept = len(values.told()), text
                break
    return ("short", kept) if most else ("shortest", _said(forms["shortest"], values)[1])


def _fitting(step: str, forms: Forms, values: MessageValues) -> tuple[str, str]:
    """The fullest wording that fits; if none does, the first of those that cost least.

    A hub's name with an accent halves the room of every text. The barest form, in the end without
    the room, still says who sends it, whose date it is, when, in which building, whom to call and
    how to stop.
    """
    too_long: list[tuple[int, str, str]] = []
    for thrift in Thrift:
        hopeless = set()
        for form, linked in _wordings(step, forms):
            if form in hopeless:
                continue
            values.say(linked=False, thrift=thrift)
            segments, text = _said(forms[form], values)
            if segments > MAX_SEGMENTS:
                hopeless.add(form)
                too_long.append((segments, form, text))
                continue
            if linked:
                values.say(linked=True, thrift=thrift)
                segments, text = _said(forms[form], values)
            if segments <= MAX_SEGMENTS:
                return form, text
    for roomed, thrift in product((True, False), Thrift) if BARE in forms else ():
        values.say(linked=False, thrift=thrift, roomed=roomed)
        segments, text = _said(forms[BARE], values)
        if segments <= MAX_SEGMENTS:
            return BARE, text
    _, form, text = min(too_long, key=lambda wording: wording[0])
    return form, text


def _wordings(step: str, forms: Forms) -> list[tuple[str, bool]]:
    """The forms with and without the link, from the one most wished for to the shortest.

    The first message of all shows the link even if it costs long words: with it comes
    everything else. Later ones rather keep whole sentences.
    """
    held = [form for form in SMS_FORMS if form in forms]
    wordings = [(form, linked) for form in held for linked in (True, False)]
    if step == "enrolled":
        wordings.sort(key=lambda wording: not wording[1])
    return [(form, link) for form, link in wordings if not link or "more" in forms[form].names]


def _said(template: Template, values: MessageValues) -> tuple[int, str]:
    text = _begun(_tidy(template.fill(values)), values)
    return count_segments(text).segments, text


def _begun(text: str, values: MessageValues) -> str:
    """A sentence that begins with "your loved one" in place of a name begins with a capital."""
    someone = values.words.words["someone"].text
    large = someone[:1].upper() + someone[1:]
    for end in (". ", "! ", "? ", "\n"):
        text = text.replace(end + someone, end + large)
    return text


def _tidy(line: str) -> str:
    """Close the gaps that absent facts leave, and end no sentence twice ("a.m..")."""
    return _TWICE_ENDED.sub(".", " ".join(line.split()))


def _tidy_letter(text: str) -> str:
    """Trim each line and close the gaps that absent facts leave."""
    lines = "\n".join(_tidy(line) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
