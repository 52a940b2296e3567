"""What the comparison of two imports finds: the words for it, as value types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.listings.gathering import Conflict
from domain.listings.listing import Listing, SetAside


class Change(StrEnum):
    """What is different about a hearing that moved."""

    TIME = "time"
    PLACE = "place"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Known:
    """A hearing that this feed listed at its last import.

    Attributes:
        id: the records' own name for it; opaque here, unique among `before`.
        listing: what the feed said then (`row_number` does not matter).
    """

    id: str
    listing: Listing


@dataclass(frozen=True, slots=True)
class Moved:
    """A hearing that is now listed differently.

    Attributes:
        changed: at least one, in the order time, place, kind.
    """

    known: Known
    listing: Listing
    changed: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A hearing that is listed as before. `listing` may word names or kinds anew."""

    known: Known
    listing: Listing


@dataclass(frozen=True, slots=True)
class Difference:
    """The result. Every listing of the new calendar is in exactly one of `new`, `moved` and
    `unchanged`; every known hearing in exactly one of `moved`, `unchanged`, `vanished`, `past`
    and `unclear`. All are in time order, whatever the order of the input.

    Attributes:
        vanished: no longer listed: taken off the calendar, or the file is not whole.
        past: no longer listed because the calendar moved on: before its first day and before now.
        unclear: not listed, but the file has an unreadable row of the same case, so nothing is
            known: a person looks. Never tell anyone that such a hearing is off.
        conflicts, duplicates, set_aside, rows: as in `Calendar`.
    """

    new: tuple[Listing, ...]
    moved: tuple[Moved, ...]
    unchanged: tuple[Unchanged, ...]
    vanished: tuple[Known, ...]
    past: tuple[Known, ...]
    unclear: tuple[Known, ...]
    conflicts: tuple[Conflict, ...]
    duplicates: int
    set_aside: tuple[SetAside, ...]
    rows: int

    @property
    def listed_before(self) -> int:
        """How many hearings the feed listed before, without those that are past."""
        return len(self.moved) + len(self.unchanged) + self.lost

    @property
    def lost(self) -> int:
        """How many of them the new file does not show."""
        return len(self.vanished) + len(self.unclear)

    @property
    def lost_too_much(self) -> bool:
        """More than half: rather a broken file than so many cancellations."""
        return self.lost * 2 > self.listed_before
