"""What readers share: tidy texts, the check of a wall time, and the one way to give up a row."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from domain.court_time import NoSuchTime, instant_of
from domain.listings.listing import Reason

LONGEST_TEXT: Final = 300
"""Characters of a single text that is kept."""


class Unusable(Exception):
    """A row cannot be used; caught where rows are read and turned into `SetAside`."""

    def __init__(self, code: Reason, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def tidy(text: str) -> str:
    """The text on one line, with single spaces and without control characters, cut if need be."""
    tidied = " ".join(text[: 4 * LONGEST_TEXT].split())
    if not tidied.isprintable():
        tidied = "".join(letter for letter in tidied if letter.isprintable())
    return tidied[:LONGEST_TEXT]


def tidy_whole(text: str, where: str) -> str:
    """The tidied text of a number or a place, of which no part may be lost.

    Args:
        text: as published.
        where: what to call its place in a message, for example 'column "case_no"'.

    Raises:
        Unusable: it is longer than any number or place.
    """
    if len(text.strip()) > LONGEST_TEXT:
        raise Unusable(
            Reason.TOO_LONG,
            f"The {where} holds more than {LONGEST_TEXT} characters; the cells may have shifted.",
        )
    return tidy(text)


def check_wall_time(local: datetime, zone: str) -> None:
    """Refuse a time that the clock on the court's wall never shows.

    Raises:
        Unusable: the clocks skip it in spring.
    """
    if not _exists(local, zone):
        raise Unusable(
            Reason.NO_SUCH_TIME,
            f"The time does not exist in {zone}: the clocks go forward then. Ask the court.",
        )


@lru_cache(maxsize=4096)
def _exists(local: datetime, zone: str) -> bool:
    try:
        instant_of(local, zone)
    except NoSuchTime:
        return False
    return True
