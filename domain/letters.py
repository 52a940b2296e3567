"""Letters of support: the five prompts, the letter that they make, and the steps of its life.

Someone who stands by a defendant writes to the judge. A letter is a draft (answers to the prompts,
a text written whole, or an uploaded file) until it is signed; what was signed stays as it is, and
the draft may go on beside it until that is signed in its turn.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from domain.vocabulary import LetterState

PROMPTS: Final = ("who", "know", "story", "will")
"""The prompts whose answers are the letter, in the order in which a judge reads them: who you are;
how long and how you know them; a story; what you will do."""
CONTACT: Final = "contact"
"""The fifth prompt: how to reach the writer. It stands under the signature."""
MOST_ANSWER: Final = 10_000
"""Characters of one answer."""
MOST_WHOLE: Final = 10_000
"""Characters of a letter that is written whole."""
MOST_TRANSLATION: Final = 50_000
MOST_CONTACT: Final = 300
MOST_NAME: Final = 120
MOST_WORDS: Final = 1_000
"""Characters with which somebody declines."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


class LetterStep(StrEnum):
    """What can be done with a letter."""

    OPEN = "open"
    SAVE = "save"
    SEND = "send"
    DECLINE = "decline"
    RESUME = "resume"
    WITHDRAW = "withdraw"


class LetterWithdrawn(ValueError):
    """The hub took this letter back; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("This letter was withdrawn. Ask for a new one.")


class NothingWritten(ValueError):
    """There is nothing to sign: no word and no file."""

    def __init__(self) -> None:
        super().__init__("There is no letter yet. Write something, or add a file; then sign.")


class TextTooLong(ValueError):
    """A text is longer than a letter may be.

    Attributes:
        name: of the prompt, "whole", or what else it was.
        most: characters that it may have.
    """

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        super().__init__(f"This text is too long: use {most:,} characters or fewer.")


@dataclass(frozen=True, slots=True)
class Attached:
    """An uploaded letter in the document store.

    Attributes:
        key: finds it there. `name`: as it was called on the sender's device.
        pdf_key: the pages to bind; "" when they are still to be made (a Word file).
        pages: of them; 0 when nobody counted.
    """

    key: str
    name: str
    media_type: str
    sha256: str
    size: int
    pdf_key: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it is being written.

    Attributes:
        answers: by prompt, `CONTACT` included.
        whole: the letter in one piece; "" where the answers make it.
        document: an uploaded file, which stands in place of both.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""
    document: Attached | None = None

    @property
    def contact(self) -> str:
        """How to reach the writer."""
        return self.answers.get(CONTACT, "")

    @property
    def body(self) -> str:
        """The letter's paragraphs, divided by empty lines; "" while nothing is written."""
        return self.whole or compose(self.answers)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to sign."""
        return self.document is None and not self.body


def tidy(text: str) -> str:
    """A text as it is kept: one spelling of each letter, plain line ends, nothing invisible that
    could turn or hide words, at most one empty line between paragraphs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    plain = _CONTROL.sub("", plain.replace("\u2029", "\n\n"))
    lines = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", plain).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def tidy_line(text: str) -> str:
    """The same for one line."""
    return " ".join(tidy(text).split())


def compose(answers: Mapping[str, str]) -> str:
    """The letter that the answers make: what was written, in order, and not a word more."""
    return "\n\n".join(filter(None, (tidy(answers.get(name, "")) for name in PROMPTS)))


def tidy_draft(draft: Draft) -> Draft:
    """A draft as it is kept; unknown prompts are left out.

    Raises:
        TextTooLong: one of its texts is.
    """
    answers = {name: tidy(draft.answers.get(name, "")) for name in PROMPTS}
    answers[CONTACT] = tidy(draft.answers.get(CONTACT, ""))
    whole = tidy(draft.whole)
    for name, text in answers.items():
        check_length(name, text, MOST_CONTACT if name == CONTACT else MOST_ANSWER)
    check_length("whole", whole, MOST_WHOLE)
    kept = {name: text for name, text in answers.items() if text}
    return Draft(kept, whole, draft.document)


def check_length(name: str, text: str, most: int) -> None:
    """Refuse a text of more than `most` characters.

    Raises:
        TextTooLong: it has more.
    """
    if len(text) > most:
        raise TextTooLong(name, most)


def dump_draft(draft: Draft) -> str:
    """A draft as the records keep it."""
    data: dict[str, Any] = dict(draft.answers)
    if draft.whole:
        data["whole"] = draft.whole
    if draft.document is not None:
        document = draft.document
        data["document"] = {name: getattr(document, name) for name in document.__slots__}
    return json.dumps(data, ensure_ascii=False)


def load_draft(dumped: str) -> Draft:
    """A draft, read back."""
    data: dict[str, Any] = json.loads(dumped or "{}")
    document = data.pop("document", None)
    whole = str(data.pop("whole", ""))
    return Draft(data, whole, Attached(**document) if document else None)


def after(state: LetterState, step: LetterStep, *, written: bool) -> LetterState:
    """The state after a step; the same state where the step changes nothing.

    A sent letter stays sent while its writer goes on with it: what counts is what was signed.

    Args:
        state: before.
        step: what is done.
        written: whether there is something to sign.

    Raises:
        LetterWithdrawn: it was, and takes no step any more.
        NothingWritten: it is to be sent, and there is nothing to sign.
    """
    if state is LetterState.WITHDRAWN:
        if step is LetterStep.WITHDRAW:
            return state
        raise LetterWithdrawn
    if step is LetterStep.SEND and not written:
        raise NothingWritten
    match step:
        case LetterStep.OPEN:
            return LetterState.OPENED if state is LetterState.ASKED else state
        case LetterStep.SAVE:
            return state if state is LetterState.SENT else LetterState.STARTED
        case LetterStep.SEND:
            return LetterState.SENT
        case LetterStep.DECLINE:
            return LetterState.DECLINED
        case LetterStep.RESUME if state is LetterState.DECLINED:
            return LetterState.STARTED if written else LetterState.OPENED
        case LetterStep.WITHDRAW:
            return LetterState.WITHDRAWN
    return state
