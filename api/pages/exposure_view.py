"""What a person faced and what they received, as counsel's and the team's pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, select

from api.pages import dates
from api.pages.own_words import marked, own
from api.pages.people import named
from api.pages.session import Visit
from api.pages.wording import Status
from domain.exposure import SentenceState
from records.database import HubSession
from records.exposure import exposures, received
from records.tables import Counsel, ExposureSnapshot, Sentence

STATES: Final = marked(
    {
        SentenceState.NONE: "no sentence: dismissed, acquitted, diverted",
        SentenceState.PENDING: "not begun",
        SentenceState.SUSPENDED: "suspended",
        SentenceState.SERVING: "being served",
        SentenceState.COMPLETED: "served",
        SentenceState.REVOKED: "revoked",
        SentenceState.VACATED: "vacated",
        SentenceState.COMMUTED: "commuted",
    }
)
_CONFIRMED: Final = Status("confirmed by counsel", "disc", "good")
_NOT_CONFIRMED: Final = Status("not confirmed by counsel", "diamond", "amber")
_YEAR: Final = 365.25
"""Days."""


@dataclass(frozen=True, slots=True)
class Faced:
    """Maximum exposure as it was written down once; `counts` where nothing newer is there.

    Attributes:
        confirmed_by: counsel's name and when; "" while nobody confirmed it.
    """

    id: str
    term: str
    computed_by: str
    method: str
    when: str
    counts: bool
    confirmed: bool
    status: Status
    confirmed_by: str
    confirmed_when: str


@dataclass(frozen=True, slots=True)
class Got:
    """What was received as it was written down once."""

    term: str
    state: str
    decided: str
    words: str
    when: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ExposureView:
    """All that was written of a case, what counts first."""

    faced: Sequence[Faced]
    got: Sequence[Got]

    @property
    def faces(self) -> Faced | None:
        """What counts of what they faced."""
        return next((one for one in self.faced if one.counts), None)

    @property
    def has(self) -> Got | None:
        """What counts of what they received."""
        return next((one for one in self.got if one.counts), None)

    @property
    def earlier(self) -> int:
        """How much was replaced."""
        counts = [*(one.counts for one in self.faced), *(one.counts for one in self.got)]
        return counts.count(False)


def read_exposure(session: HubSession, visit: Visit, case_id: str) -> ExposureView:
    """What was written of a case of this hub."""
    rows = exposures(session, case_id)
    names = _names(session, {row.counsel_id for row in rows if row.counsel_id})
    return ExposureView(
        [_faced(row, names, visit.hub.zone) for row in rows],
        [_got(row, visit.hub.zone) for row in received(session, case_id)],
    )


def _names(session: HubSession, counsel_ids: set[str]) -> dict[str, str]:
    if not counsel_ids:
        return {}
    people = dict(
        session.exec(
            select(col(Counsel.id), col(Counsel.person_id)).where(col(Counsel.id).in_(counsel_ids))
        ).all()
    )
    known = named(session, set(people.values()))
    return {counsel: known[person].full for counsel, person in people.items()}


def _faced(row: ExposureSnapshot, names: dict[str, str], zone: str) -> Faced:
    at = row.confirmed_by_counsel_at
    return Faced(
        id=row.id,
        term=term_words(row.exposure_days, life=row.life),
        computed_by=row.computed_by,
        method=row.method,
        when=dates.moment_words(row.taken_at, zone),
        counts=row.replaced_at is None,
        confirmed=at is not None,
        status=_CONFIRMED if at else _NOT_CONFIRMED,
        confirmed_by=names.get(row.counsel_id or "", ""),
        confirmed_when=dates.moment_words(at, zone) if at else "",
    )


def _got(row: Sentence, zone: str) -> Got:
    known = {state.value: state for state in SentenceState}
    state = known.get(row.state)
    return Got(
        term=term_words(row.incarceration_days, life=row.life),
        state=STATES[state] if state else "",
        decided=dates.day_words(row.imposed_on),
        words=row.words,
        when=dates.moment_words(row.recorded_at or row.created_at, zone),
        counts=row.replaced_at is None,
    )


@own
def term_words(days: int, *, life: bool) -> str:
    """ "life", "no incarceration", "1 day", "90 days", "1,826 days (5.0 years)"."""
    if life:
        return "life"
    if days == 0:
        return "no incarceration"
    if days < _YEAR - 1:
        return "1 day" if days == 1 else f"{days} days"
    return f"{days:,} days ({days / _YEAR:.1f} years)"
