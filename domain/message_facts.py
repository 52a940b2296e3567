"""What a message may tell, and what happens when a fact or a text is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


class WordsError(ValueError):
    """Words that cannot be found or filled; the message says what to do."""


class UnknownLanguage(WordsError):
    """There is no complete folder of words for this language."""

    def __init__(self, language: str, known: Iterable[str]) -> None:
        super().__init__(f"No words in {language!r}; there are {', '.join(known) or 'none'}.")


class UnknownWords(WordsError):
    """No text for this step and audience."""

    def __init__(self, language: str, step: str, variant: str) -> None:
        super().__init__(f"No text for {step!r} to {variant!r} in {language!r}; add it.")


class MissingFact(WordsError):
    """A message cannot be written without this fact."""

    def __init__(self, fact: str, step: str) -> None:
        super().__init__(f"The message {step!r} needs {fact}; record it first.")


class SilentInCustody(WordsError):
    """Nothing is said to this audience at this step while the defendant is detained."""

    def __init__(self, step: str, audience: str) -> None:
        super().__init__(f"While detained, {step!r} is not sent to the {audience}.")


class TooLong(WordsError):
    """An advocate's own words would not pass as a text; nobody but them may shorten it."""

    def __init__(self, over: int) -> None:
        super().__init__(f"That is too long for a text; take out {over} characters or more.")


@dataclass(frozen=True, slots=True)
class HearingWords:
    """A hearing as it is told.

    Attributes:
        local: naive wall time of the court.
        room: "3A", "Courtroom 4-1"; may be empty.
        address: as on an envelope, in one line; may be empty.
        kind: a `HearingKind`; kinds without words of their own read as "court date".
    """

    local: datetime
    room: str = ""
    address: str = ""
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class ListedDate:
    """A court date in an agency's digest, with only what that agency may know.

    Attributes:
        local: naive wall time of the court.
        room: as in `HearingWords`; room and address are empty where the place is not theirs to
            know.
    """

    first_name: str
    local: datetime
    room: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message may tell; the caller has checked that the recipient may know it.

    Attributes:
        hub_phone: a person's phone; +1 numbers are shown as 305-555-0123.
        first_name: the recipient's.
        old_hearing: for `changed`, what was told before.
        step_words: title of a plan step, discreet enough for a lock screen.
        care: the plan step is health care: its title is never told.
        due: date of the plan step.
        link: the recipient's private page; "" for none.
        counsel_phone: told where the way back to court is explained; "" for none.
        today: the recipient's date when the message leaves; without it only `before_1` says
            "tomorrow" and `morning` says "today".
        choices: for `ack_which`, first names in the order of their letters.
        words: for `answer`, what an advocate wrote; it is never shortened or altered.
        listed: for `digest`; told in order of time.
    """

    hub_name: str
    hub_phone: str
    first_name: str
    participant_first_name: str
    hearing: HearingWords | None = None
    old_hearing: HearingWords | None = None
    step_words: str = ""
    care: bool = False
    due: date | None = None
    link: str = ""
    counsel_phone: str = ""
    today: date | None = None
    choices: tuple[str, ...] = ()
    words: str = ""
    listed: tuple[ListedDate, ...] = ()
