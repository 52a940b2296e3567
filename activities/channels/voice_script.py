"""What a telephone call says, as TwiML: the words, the keys, the words again."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from activities.channels.base import Outgoing, RefusalKind, Refused
from activities.channels.voice_words import VoiceWords, voice_words

__all__ = ["MOST_SCRIPT", "answer_script", "call_script"]

MOST_SCRIPT = 4000
"""Characters that the provider takes in a call's `Twiml`."""
KEY_SECONDS = "8"
"""How long a key is waited for after the last word: phones are taken from the ear first."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 (fifth edition) §2.2: what no document may hold, however it is written."""


def call_script(out: Outgoing, keys_url: str = "") -> str:
    """What is said when somebody, or a machine, picks up.

    Args:
        out: the message.
        keys_url: where a pressed key is told; "" offers none.

    Raises:
        Refused: there is nothing to say, or too much for one call.
    """
    words = voice_words(out.language)
    if not _plain(out.text).strip():
        raise Refused("empty", RefusalKind.BAD_REQUEST)
    for times in (2, 1):
        script = _script(out.text, words, keys_url, times)
        if len(script) <= MOST_SCRIPT:
            return script
    raise Refused("too-long", RefusalKind.BAD_REQUEST)


def answer_script(language: str, key: str) -> str:
    """What is said after a key was pressed: thanks, and the line is hung up."""
    words = voice_words(language)
    response = Element("Response")
    _say(response, words.after(key), words)
    SubElement(response, "Hangup")
    return _written(response)


def _script(text: str, words: VoiceWords, keys_url: str, times: int) -> str:
    response = Element("Response")
    _pause(response)
    inside = response
    if keys_url:
        inside = SubElement(
            response, "Gather", numDigits="1", timeout=KEY_SECONDS, method="POST", action=keys_url
        )
    if words.note:
        _say(inside, words.note, words)
    _say(inside, text, words)
    if times > 1:
        _pause(inside)
        _say(inside, text, words)
    if keys_url:
        _pause(inside)
        _say(inside, words.offer, words)
    _say(response, words.goodbye, words)
    return _written(response)


def _say(parent: Element, text: str, words: VoiceWords) -> None:
    SubElement(parent, "Say", language=words.voice).text = _plain(text)


def _pause(parent: Element) -> None:
    SubElement(parent, "Pause", length="1")


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)


def _written(response: Element) -> str:
    body = tostring(response, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'
