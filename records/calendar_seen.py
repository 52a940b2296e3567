"""What a person is shown of a calendar before it is applied: rows, what they do, what is unread.

It is kept sealed beside the file, so that everybody looks at the same, and made anew by whatever
makes the comparison anew. Of rows about people whom nobody stands beside only the first are kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from domain.listings import Difference, Known, Listing
from records.addresses import docket_index
from records.calendar_carrying import Done
from records.calendar_entries import fingerprint_of
from records.calendar_keeping import State
from records.calendar_listed import other_court
from records.database import HubSession
from records.tables import Case, Docket

MOST_OTHERS: Final = 200
"""Rows about other people that are kept of each kind; the rest is counted."""


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Spot(_Seen):
    """When, where and what for; `local` is wall time in `zone`."""

    local: datetime
    zone: str
    court: str
    courtroom: str
    kind: str


class SeenRow(_Seen):
    """One row of the difference.

    Attributes:
        key: what it is left out by (`records.calendar_carrying.Asked.left_out`).
        bucket: `new`, `moved`, `vanished` or `unclear`.
        row: of the file, as a spreadsheet counts; 0 where the file has none.
        name: of the person, as the court publishes it; "" where it does not.
        case_ids: the cases that the hub follows under its number.
    """

    key: str
    bucket: str
    row: int
    docket: str
    jurisdiction: str
    name: str
    before: Spot | None
    after: Spot | None
    case_ids: tuple[str, ...] = ()


class SeenChange(_Seen):
    """What would be done to a court date; `hearing_id` is "" for a new one."""

    case_id: str
    hearing_id: str
    before: State | None
    after: State


class SeenTask(_Seen):
    """What a person would be asked; `hearing_id` is "" for a date that is not there yet."""

    kind: str
    case_id: str
    hearing_id: str


class Unread(_Seen):
    """A row that could not be read: where it is, what it says, and why."""

    row: int
    text: str
    reason: str


class Seen(_Seen):
    """Everything that is shown.

    Attributes:
        counts: of `records.calendar_comparing.Counts`, by name.
        loss: why the calendar is rather broken than right; "" when it is not.
        rows: about people whom the hub stands beside, all of them.
        others: about other people, the first of each kind; `other_counts` how many there are.
    """

    counts: dict[str, int]
    first_day: date | None
    loss: str
    rows: tuple[SeenRow, ...]
    others: tuple[SeenRow, ...]
    other_counts: dict[str, int]
    unread: tuple[Unread, ...]
    changes: tuple[SeenChange, ...]
    tasks: tuple[SeenTask, ...]


def seen_of(session: HubSession, done: Done, loss: str, texts: Mapping[int, str]) -> Seen:
    """What is shown of a trial; `texts` are those of the unread rows, by row."""
    found = done.seen.found
    cases = _followed(session)
    rows, others = [], []
    counts: defaultdict[str, int] = defaultdict(int)
    for bucket, listing, row in _rows(found):
        case_ids = _case_ids(cases, listing)
        if case_ids:
            rows.append(row().model_copy(update={"case_ids": case_ids}))
            continue
        counts[bucket] += 1
        if counts[bucket] <= MOST_OTHERS:
            others.append(row())
    fresh = {one.hearing_id for one in done.changes if one.before is None}
    return Seen(
        counts=asdict(done.seen.counts),
        first_day=done.seen.first_day,
        loss=loss,
        rows=tuple(rows),
        others=tuple(others),
        other_counts=dict(counts),
        unread=tuple(
            Unread(row=one.row_number, text=texts.get(one.row_number, ""), reason=one.reason)
            for one in found.set_aside[:MOST_OTHERS]
        ),
        changes=tuple(
            SeenChange(
                case_id=one.case_id,
                hearing_id=one.hearing_id if one.before else "",
                before=one.before,
                after=one.after,
            )
            for one in done.changes
        ),
        tasks=tuple(
            SeenTask(
                kind=one.kind,
                case_id=one.case_id or "",
                hearing_id="" if (one.hearing_id or "") in fresh else one.hearing_id or "",
            )
            for one in done.tasks
        ),
    )


class _Later:
    """Makes a row when it is wanted: of a state's calendar most are not."""

    def __init__(
        self, bucket: str, key: str, before: Listing | None, after: Listing | None
    ) -> None:
        self._bucket, self._key, self._before, self._after = bucket, key, before, after

    def __call__(self) -> SeenRow:
        one = self._after or self._before
        assert one is not None
        return SeenRow(
            key=self._key or fingerprint_of(one),
            bucket=self._bucket,
            row=one.row_number,
            docket=one.docket_number,
            jurisdiction=one.jurisdiction,
            name=one.person_name,
            before=_spot(self._before),
            after=_spot(self._after),
        )


def _rows(found: Difference) -> Iterable[tuple[str, Listing, _Later]]:
    for listing in found.new:
        yield "new", listing, _Later("new", "", None, listing)
    for moved in found.moved:
        old, new = moved.known.listing, moved.listing
        yield "moved", new, _Later("moved", moved.known.id, old, new)
    for bucket, gone in (("vanished", found.vanished), ("unclear", found.unclear)):
        for known in gone:
            yield bucket, known.listing, _gone(bucket, known)


def _gone(bucket: str, known: Known) -> _Later:
    return _Later(bucket, known.id, known.listing, None)


def _spot(listing: Listing | None) -> Spot | None:
    if listing is None:
        return None
    return Spot(
        local=listing.local,
        zone=listing.zone,
        court=listing.court,
        courtroom=listing.courtroom,
        kind=listing.kind,
    )


def _followed(session: HubSession) -> Mapping[str, list[Case]]:
    """The open cases by their numbers' keyed hash."""
    cases: defaultdict[str, list[Case]] = defaultdict(list)
    rows = session.exec(
        select(col(Docket.number_index), Case)
        .join(Case, col(Case.id) == Docket.case_id)
        .where(col(Case.closed_at).is_(None))
    ).all()
    for index, case in rows:
        cases[index].append(case)
    return cases


def _case_ids(cases: Mapping[str, list[Case]], listing: Listing) -> tuple[str, ...]:
    found = cases.get(docket_index(listing.docket_number), ())
    return tuple(case.id for case in found if not other_court(case, listing.jurisdiction))
