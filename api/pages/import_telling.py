"""Who will be told what if a calendar is applied or undone, case by case.

The preview is the one of the page that changes a court date. All changes of one case are saved in
one moment, so each is looked at beside the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.previewing import Change, Preview, preview
from domain.vocabulary import HearingKind
from domain.words import Catalog
from records.calendar_keeping import State
from records.calendar_seen import SeenChange
from records.calendar_undoing import PutBack
from records.database import HubSession
from records.hearings import Setting
from records.tables import Hearing

NOBODY = "Nobody is written to about this: when and where stay as they are."


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a court date, in words, and who hears of it; `silent` says why nobody can."""

    case_id: str
    words: str
    before: str
    preview: Preview | None
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What all of it comes to."""

    messages: int
    people: int
    calls: int

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Totals":
        """Counted over all the changes that are given."""
        seen = [(one.case_id, one.preview) for one in told if one.preview]
        people = {(case_id, line.who) for case_id, one in seen for line in one.told}
        called = {(case_id, line.who) for case_id, one in seen for line in one.silent if line.call}
        return cls(sum(len(one.told) for _, one in seen), len(people), len(called))


def tell_changes(
    session: HubSession, catalog: Catalog, changes: Iterable[SeenChange], now: datetime
) -> dict[str, list[Told]]:
    """Case id → its changes, each with who would be told."""
    seen = list(changes)
    hearings = _hearings(session, {one.hearing_id for one in seen if one.hearing_id})
    by_case: defaultdict[str, list[tuple[SeenChange, Change]]] = defaultdict(list)
    for place, one in enumerate(seen):
        change = _change(hearings.get(one.hearing_id), one.after, f"new{place}")
        by_case[one.case_id].append((one, change))
    return {
        case_id: [
            _told(session, catalog, case_id, one.before, change, _beside(pairs, change), now)
            for one, change in pairs
        ]
        for case_id, pairs in by_case.items()
    }


def tell_undoing(
    session: HubSession, catalog: Catalog, back: Iterable[PutBack], now: datetime
) -> dict[str, list[Told]]:
    """Case id → what goes back, each with who would be told."""
    by_case: defaultdict[str, list[tuple[PutBack, Change]]] = defaultdict(list)
    for one in back:
        cancelled = one.before is None
        state = one.before or one.after
        kind, hearing = HearingKind(state.kind), one.hearing
        change = Change(hearing, kind, one.setting, cancelled=cancelled)
        by_case[hearing.case_id].append((one, change))
    return {
        case_id: [
            _told(session, catalog, case_id, one.after, change, _beside(pairs, change), now)
            for one, change in pairs
        ]
        for case_id, pairs in by_case.items()
    }


def _told(
    session: HubSession,
    catalog: Catalog,
    case_id: str,
    before: State | None,
    change: Change,
    beside: list[Change],
    now: datetime,
) -> Told:
    words = _words(before, change)
    was = _at(before.local, before.room, before.place) if before else ""
    if change.empty:
        return Told(case_id, words, "", None, NOBODY)
    seen = preview(session, catalog, case_id, change, now, beside=beside)
    return Told(case_id, words, "" if change.cancelled else was, seen)


def _words(before: State | None, change: Change) -> str:
    kind, setting = wording.capital(wording.hearing_kind(change.kind)), change.setting
    at = _at(setting.local_time, setting.room, setting.place)
    if change.cancelled:
        return f"{kind} of {at} is cancelled"
    if before is None:
        return f"{kind} is set for {at}"
    if change.empty:
        old = wording.hearing_kind(before.kind)
        return f"{kind} instead of {old} on {at}"
    return f"{kind} moves to {at}"


def _at(local: datetime, room: str, place: str) -> str:
    named = f"room {room}" if room and " " not in room else room
    parts = [dates.when_words(local), named, place]
    return ", ".join(part for part in parts if part)


def _beside(pairs: Iterable[tuple[object, Change]], change: Change) -> list[Change]:
    return [other for _, other in pairs if other is not change]


def _change(hearing: Hearing | None, after: State, stand_in: str) -> Change:
    setting = Setting(after.local, after.zone, after.room, after.place)
    return Change(hearing, HearingKind(after.kind), setting, stand_in=stand_in)


def _hearings(session: HubSession, ids: set[str]) -> Mapping[str, Hearing]:
    rows = session.exec(select(Hearing).where(col(Hearing.id).in_(ids))).all()
    return {row.id: row for row in rows}
