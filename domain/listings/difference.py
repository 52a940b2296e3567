"""What a new calendar changes: the comparison of a feed's last import with the new one.

Pure. The records keep `before` and apply the result; a person reviews it in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from domain.court_time import wall_time
from domain.listings.changes import Change, Difference, Known, Moved, Unchanged
from domain.listings.errors import FeedLostTooMuch
from domain.listings.gathering import Calendar, in_time_order
from domain.listings.listing import CaseKey, Listing, Slot
from domain.listings.pairing import nearest_pairs


def difference(
    before: Iterable[Known],
    after: Calendar,
    *,
    now: datetime,
    covers_from: date | None = None,
    accept_loss: bool = False,
) -> Difference:
    """Compare what a feed listed with what it lists now.

    Within one case: the same minute and place is the same hearing. What is left over is paired
    as moved: the same iCalendar UID first, then the same kind, then whatever is nearest in time.

    Args:
        before: the last import; ids must be unique.
        after: the new one.
        now: instant (aware).
        covers_from: first day that the new file covers; by default its first listed day, and
            today at the court if it lists none.
        accept_loss: a person has seen that more than half is missing and accepts it.

    Raises:
        FeedLostTooMuch: more than half is missing and nobody accepted that.
    """
    first_day = covers_from or after.first_day
    work = _Comparison(after.listings)
    for known in sorted(before, key=_known_order):
        work.compare(known, past=_is_past(known.listing, now, first_day))
    work.pair_moves()
    result = work.result(after)
    if result.lost_too_much and not accept_loss:
        raise FeedLostTooMuch(result.lost, result.listed_before)
    return result


@dataclass(slots=True)
class _Leftovers:
    """What one case has lost and gained."""

    old: list[Known] = field(default_factory=list)
    new: list[Listing] = field(default_factory=list)


class _Comparison:
    """Sorts every hearing into its bucket, case by case."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._by_slot: dict[Slot, Listing] = {listing.slot: listing for listing in listings}
        self._matched: set[Slot] = set()
        self._left: defaultdict[CaseKey, _Leftovers] = defaultdict(_Leftovers)
        self._new: list[Listing] = []
        self._moved: list[Moved] = []
        self._unchanged: list[Unchanged] = []
        self._gone: list[Known] = []
        self._past: list[Known] = []

    def compare(self, known: Known, *, past: bool) -> None:
        """Match one known hearing with the listing at its minute and place, or leave it over."""
        slot = known.listing.slot
        listing = self._by_slot.get(slot)
        if listing is not None:
            self._matched.add(slot)
            self._settle(known, listing)
        elif past:
            self._past.append(known)
        else:
            self._left[known.listing.case].old.append(known)

    def pair_moves(self) -> None:
        """Pair the leftovers of each case; what finds no partner is new or gone."""
        for slot, listing in self._by_slot.items():
            if slot not in self._matched:
                self._left[listing.case].new.append(listing)
        for left in self._left.values():
            for pairs in (_by_uid, _by_kind, _by_time):
                if left.old and left.new:
                    self._pair(left, pairs(left))
            self._gone += left.old
            self._new += left.new

    def result(self, after: Calendar) -> Difference:
        """The buckets in time order."""
        unread = {row.case for row in after.set_aside}
        gone = sorted(self._gone, key=_known_order)
        return Difference(
            new=tuple(sorted(self._new, key=in_time_order)),
            moved=tuple(sorted(self._moved, key=lambda one: _known_order(one.known))),
            unchanged=tuple(self._unchanged),
            vanished=tuple(known for known in gone if known.listing.case not in unread),
            past=tuple(self._past),
            unclear=tuple(known for known in gone if known.listing.case in unread),
            conflicts=after.conflicts,
            duplicates=after.duplicates,
            set_aside=after.set_aside,
            rows=after.rows,
        )

    def _pair(self, left: _Leftovers, pairs: Sequence[tuple[int, int]]) -> None:
        for old, new in pairs:
            self._settle(left.old[old], left.new[new])
        taken_old, taken_new = {old for old, _ in pairs}, {new for _, new in pairs}
        left.old = [known for place, known in enumerate(left.old) if place not in taken_old]
        left.new = [listing for place, listing in enumerate(left.new) if place not in taken_new]

    def _settle(self, known: Known, listing: Listing) -> None:
        changed = _changes(known.listing, listing)
        if changed:
            self._moved.append(Moved(known, listing, changed))
        else:
            self._unchanged.append(Unchanged(known, listing))


def _by_uid(left: _Leftovers) -> list[tuple[int, int]]:
    return _grouped(
        [known.listing.source_uid for known in left.old],
        [listing.source_uid for listing in left.new],
        left,
    )


def _by_kind(left: _Leftovers) -> list[tuple[int, int]]:
    return _grouped(
        [known.listing.kind.value for known in left.old],
        [listing.kind.value for listing in left.new],
        left,
    )


def _by_time(left: _Leftovers) -> list[tuple[int, int]]:
    return _grouped(["any"] * len(left.old), ["any"] * len(left.new), left)


def _grouped(old: Sequence[str], new: Sequence[str], left: _Leftovers) -> list[tuple[int, int]]:
    """Pairs that share a label, nearest in time first; an empty label pairs with nothing."""
    groups: dict[str, tuple[list[int], list[int]]] = {label: ([], []) for label in old if label}
    for place, label in enumerate(old):
        if label:
            groups[label][0].append(place)
    for place, label in enumerate(new):
        if label in groups:
            groups[label][1].append(place)
    pairs: list[tuple[int, int]] = []
    for old_places, new_places in groups.values():
        found = nearest_pairs(
            [left.old[place].listing.local for place in old_places],
            [left.new[place].local for place in new_places],
        )
        pairs += [(old_places[one], new_places[other]) for one, other in found]
    return pairs


def _changes(old: Listing, new: Listing) -> tuple[Change, ...]:
    _, _, *before = old.slot
    _, _, *after = new.slot
    return tuple(
        change
        for change, differs in (
            (Change.TIME, before[:2] != after[:2]),
            (Change.PLACE, before[2:] != after[2:]),
            (Change.KIND, old.kind != new.kind),
        )
        if differs
    )


def _is_past(listing: Listing, now: datetime, covers_from: date | None) -> bool:
    here = _wall(now, listing.zone)
    return listing.local < here and listing.local.date() < (covers_from or here.date())


@lru_cache(maxsize=64)
def _wall(now: datetime, zone: str) -> datetime:
    return wall_time(now, zone)


def _known_order(known: Known) -> tuple[tuple[datetime, str, str, str, str, str], str]:
    return in_time_order(known.listing), known.id
