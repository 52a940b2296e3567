"""A calendar that waits, as a page shows it: case by case, and what it says of everybody else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.import_telling import Told, Totals, tell_changes
from api.pages.paging import Pages
from api.pages.people import Named, participants
from api.pages.session import Visit
from records.calendar_reviews import seen_in
from records.calendar_seen import Seen, SeenChange, SeenRow, Spot
from records.calendar_tasks import CONFLICT, VANISHED, WHICH_COURT
from records.database import HubSession
from records.tables import CalendarReview, Hearing, StaffMember

CASES_ON_A_PAGE = 20
ASKED = {
    VANISHED: "The calendar does not list this date any more. It stays scheduled and everybody "
    "still comes; one of us is asked to find out at the court.",
    CONFLICT: "The calendar contradicts itself or what was written down by hand. One of us is "
    "asked to find out which is right.",
    WHICH_COURT: "Several courts use this number. One of us is asked which court it is; until "
    "then nothing of it counts.",
}
NOTHING = "Nothing changes: this date is known already."
STAYS = "Nothing changes: the court date on the case stays as it is."
OFF_LIST = "Nothing is cancelled. The date stays as it is on the case."


@dataclass(frozen=True, slots=True)
class RowLine:
    """What the calendar says in one row.

    Attributes:
        says: in words. `before`: what it said until now; "" where it said nothing.
        left: it is left out.
        can_leave: it can be.
    """

    key: str
    number: int
    says: str
    before: str
    left: bool
    can_leave: bool
    nothing: str


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """What a calendar does for one case."""

    case_id: str
    who: Named
    rows: tuple[RowLine, ...]
    told: tuple[Told, ...]
    asked: tuple[str, ...]

    @property
    def totals(self) -> Totals:
        """How many messages, to how many people."""
        return Totals.of(self.told)


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A row about somebody whom nobody stands beside."""

    name: str
    docket: str
    says: str
    before: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything that the page shows.

    Attributes:
        stale: a court date has changed since the comparison was made.
        others: bucket → the first rows of it.
    """

    seen: Seen
    blocks: tuple[CaseBlock, ...]
    pages: Pages
    totals: Totals
    cases: int
    changes: int
    left: int
    stale: bool
    others: Mapping[str, Sequence[OtherLine]]


def names_by_sign_in(session: HubSession) -> Mapping[str, str]:
    """The names of staff, by the name with which they sign in: what records say of who did it."""
    rows = session.exec(select(col(StaffMember.sign_in), col(StaffMember.name))).all()
    return dict(rows)


def review_view(session: HubSession, visit: Visit, review: CalendarReview, page: str) -> ReviewView:
    """The review, one page of cases of it."""
    seen = seen_in(review)
    cases = _in_order(seen)
    pages = Pages.of(page, len(cases), CASES_ON_A_PAGE)
    here = cases[pages.cut]
    changes = [one for one in seen.changes if one.case_id in here]
    told = tell_changes(session, visit.desk.catalog, changes, visit.now)
    people = participants(session, here)
    left = frozenset(review.left_out)
    blocks = tuple(
        _block(seen, case_id, people[case_id], told.get(case_id, []), left)
        for case_id in here
        if case_id in people
    )
    return ReviewView(
        seen=seen,
        blocks=blocks,
        pages=pages,
        totals=Totals.of(one for block in blocks for one in block.told),
        cases=len(cases),
        changes=len(seen.changes),
        left=len(left),
        stale=_stale(session, seen.changes),
        others=_others(seen.others),
    )


def _in_order(seen: Seen) -> list[str]:
    """The cases, those with the earliest dates first, without doubles."""
    found: dict[str, datetime] = {}
    for row in seen.rows:
        spot = row.after or row.before
        assert spot is not None
        for case_id in row.case_ids:
            found[case_id] = min(found.get(case_id, spot.local), spot.local)
    for one in seen.changes:
        found.setdefault(one.case_id, one.after.local)
    return sorted(found, key=lambda case_id: (found[case_id], case_id))


def _block(
    seen: Seen, case_id: str, who: Named, told: Sequence[Told], left: frozenset[str]
) -> CaseBlock:
    rows = [row for row in seen.rows if case_id in row.case_ids]
    own = [one for one in seen.changes if one.case_id == case_id]
    asked = [ASKED[one.kind] for one in seen.tasks if one.case_id == case_id]
    lines = tuple(_line(row, own, bool(asked), row.key in left) for row in rows)
    return CaseBlock(case_id, who, lines, tuple(told), tuple(dict.fromkeys(asked)))


def _line(row: SeenRow, changes: Sequence[SeenChange], asked: bool, left: bool) -> RowLine:
    return RowLine(
        key=row.key,
        number=row.row,
        says=_says(row),
        before=_spot(row.before) if row.bucket == "moved" and row.before else "",
        left=left,
        can_leave=row.bucket != "unclear",
        nothing="" if left else _nothing(row, changes, asked),
    )


def _says(row: SeenRow) -> str:
    spot = row.after or row.before
    assert spot is not None
    sentences = {
        "new": f"New on the calendar: {_spot(spot)}",
        "moved": f"Listed differently: {_spot(spot)}",
        "vanished": f"Not listed any more: {_spot(spot)}",
        "unclear": f"Cannot be told, because its row could not be read: {_spot(spot)}",
    }
    return sentences[row.bucket]


def _nothing(row: SeenRow, changes: Sequence[SeenChange], asked: bool) -> str:
    """Why a row does nothing; "" where it does something, or somebody is asked about it."""
    spot = row.after
    if asked:
        return ""
    if row.bucket in ("vanished", "unclear"):
        return OFF_LIST
    if any(spot and one.after.local == spot.local for one in changes):
        return ""
    return NOTHING if row.bucket == "new" else STAYS


def _spot(spot: Spot) -> str:
    place = ", ".join(part for part in (spot.courtroom, spot.court) if part)
    kind = wording.hearing_kind(spot.kind)
    at = f"{kind}, {dates.when_words(spot.local)}"
    return f"{at}, {place}" if place else at


def _others(rows: Iterable[SeenRow]) -> Mapping[str, Sequence[OtherLine]]:
    found: defaultdict[str, list[OtherLine]] = defaultdict(list)
    for row in rows:
        spot = row.after or row.before
        assert spot is not None
        before = _spot(row.before) if row.after and row.before else ""
        found[row.bucket].append(OtherLine(row.name, row.docket, _spot(spot), before))
    return found


def _stale(session: HubSession, changes: Sequence[SeenChange]) -> bool:
    wanted = {one.hearing_id: one.before.revision for one in changes if one.before}
    rows = session.exec(
        select(col(Hearing.id), col(Hearing.revision)).where(col(Hearing.id).in_(wanted))
    ).all()
    return any(wanted[hearing_id] != revision for hearing_id, revision in rows)
