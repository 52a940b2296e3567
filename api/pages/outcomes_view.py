"""Outcomes as their page shows them: words, drawings by month, and the same as rows of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from markupsafe import Markup

from api.pages.month_bars import Bar, Part, bars
from api.pages.own_words import Words, marked, own
from domain.outcome_figures import DEFINED, Measure, Notice, Outcomes, Result, Saved
from domain.outcome_periods import Period
from domain.outcomes import Share
from domain.progress_figures import percent

T = TypeVar("T")
Say = Callable[[str], str]
YEAR: Final = 365.25
"""Days."""
DEFINED_WORDS: Final = marked(DEFINED)
NAMES: Final = marked(
    {
        Measure.HEARINGS_APPEARED: "Hearings at which the person appeared",
        Measure.PEOPLE_APPEARED: "People who made all of their hearings",
        Measure.REACHED: "Hearings of which somebody had been told",
        Measure.CONFIRMED: "Hearings to which somebody had said yes",
        Measure.PACKETS: "Packets ready in time",
        Measure.PLANS: "Plans completed",
        Measure.LOOPS: "Referrals that were finished",
    }
)
_PARTS: Final = marked(
    {
        Measure.HEARINGS_APPEARED: "appeared",
        Measure.PEOPLE_APPEARED: "made all of them",
        Measure.REACHED: "somebody had been told",
        Measure.CONFIRMED: "somebody had said yes",
        Measure.PACKETS: "in time",
        Measure.PLANS: "completed",
        Measure.LOOPS: "finished",
    }
)
_RESTS: Final = marked(
    {
        Measure.HEARINGS_APPEARED: "did not",
        Measure.PEOPLE_APPEARED: "missed one or more",
        Measure.REACHED: "nobody had",
        Measure.CONFIRMED: "nobody had",
        Measure.PACKETS: "later, or not at all",
        Measure.PLANS: "ended otherwise",
        Measure.LOOPS: "not finished",
    }
)
_NEXT: Final = marked(
    {
        Measure.HEARINGS_APPEARED: "None yet. It comes of itself when somebody records what "
        "happened at a hearing.",
        Measure.PEOPLE_APPEARED: "None yet. It comes of itself when somebody records what happened "
        "at a hearing.",
        Measure.REACHED: "None yet. It comes of itself with the first court date that is over.",
        Measure.CONFIRMED: "None yet. It comes of itself with the first court date that is over.",
        Measure.PACKETS: "None yet. Ask for a packet for a court date, and it counts once that "
        "date is there.",
        Measure.PLANS: "None yet. A plan counts when it is brought to an end.",
        Measure.LOOPS: "None yet. A provider counts from when you ask it on.",
    }
)


_HIDDEN: Final = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """A month of a measure; `cells` are empty where it is not shown."""

    first: date
    cells: Sequence[str]
    hidden: bool


@dataclass(frozen=True, slots=True)
class SharePart:
    """A measure that is so many of so many.

    Attributes:
        key: tells its ids from others'.
        whole: None where it is not shown.
        next: what to do where there is nothing yet.
        dashes: whether a month is not shown.
    """

    key: str
    name: str
    whole: Share | None
    percent: int | None
    defined: str
    next: str
    part: str
    rest: str
    drawing: Markup
    rows: Sequence[Row]
    dashes: bool


@dataclass(frozen=True, slots=True)
class SavedPart:
    """Time saved: of those who faced days, of those who faced life, and the plain sum."""

    days: Saved | None
    life: Saved | None
    every: Saved | None
    years: str
    lives: str
    drawing: Markup
    rows: Sequence[Row]
    dashes: bool
    defined: Sequence[str]


@dataclass(frozen=True, slots=True)
class NoticePart:
    """How soon people heard of a change."""

    whole: Notice | None
    wait: str
    defined: str
    rows: Sequence[Row]


def share_part(measure: Measure, period: Period, found: Result[Share], say: Say) -> SharePart:
    """One measure of the page."""
    whole = found.whole
    each = list(zip(period.months, found.months, strict=True))
    return SharePart(
        key=measure.value,
        name=NAMES[measure],
        whole=whole,
        percent=percent(whole.part, whole.whole) if whole else None,
        defined=DEFINED_WORDS[measure],
        next=_NEXT[measure],
        part=_PARTS[measure],
        rest=_RESTS[measure],
        drawing=bars(
            measure.value,
            NAMES[measure],
            _told(whole) if whole else "",
            [_share_bar(first, share) for first, share in each],
            say,
        ),
        rows=[_row(first, share, _share_cells) for first, share in each],
        dashes=None in found.months,
    )


def saved_part(outcomes: Outcomes, say: Say) -> SavedPart:
    """Time saved, of the page."""
    days, life, every = outcomes.days, outcomes.life, outcomes.every
    firsts = outcomes.period.months
    whole = days.whole
    return SavedPart(
        days=whole,
        life=life.whole,
        every=every.whole,
        years=_years(whole.time.days) if whole else "",
        lives=f"{life.whole.time.life_equivalents:.1f}" if life.whole else "",
        drawing=bars(
            "saved",
            Words("Years saved, by month"),
            _years_told(_years(whole.time.days)) if whole else "",
            [_saved_bar(first, one) for first, one in zip(firsts, days.months, strict=True)],
            say,
        ),
        rows=_saved_rows(outcomes),
        dashes=any(None in one.months for one in (days, life, every)),
        defined=[
            DEFINED_WORDS[one]
            for one in (Measure.TIME_SAVED, Measure.LIFE_SAVED, Measure.RAW_SAVED)
        ],
    )


def notice_part(outcomes: Outcomes) -> NoticePart:
    """How soon people heard of a change, of the page."""
    whole = outcomes.notice.whole
    each = zip(outcomes.period.months, outcomes.notice.months, strict=True)
    return NoticePart(
        whole=whole,
        wait=_waited(whole.wait) if whole and whole.wait is not None else "",
        defined=DEFINED_WORDS[Measure.NOTICE],
        rows=[_row(first, one, _notice_cells) for first, one in each],
    )


def _row(first: date, found: T | None, cells: Callable[[T], Sequence[str]]) -> Row:
    return Row(first, (), True) if found is None else Row(first, cells(found), False)


def _share_cells(share: Share) -> Sequence[str]:
    in_hundred = percent(share.part, share.whole)
    return f"{share.part:,}", f"{share.whole:,}", "" if in_hundred is None else f"{in_hundred} %"


def _notice_cells(notice: Notice) -> Sequence[str]:
    wait = "" if notice.wait is None else _waited(notice.wait)
    return wait, f"{notice.told.part:,}", f"{notice.told.whole:,}"


def _saved_rows(outcomes: Outcomes) -> list[Row]:
    """Days, lives and the plain sum of each month: each by itself shown or not."""
    rows = []
    for at, first in enumerate(outcomes.period.months):
        days, life = outcomes.days.months[at], outcomes.life.months[at]
        every = outcomes.every.months[at]
        cells = (
            f"{days.time.days:,}" if days else _HIDDEN,
            f"{days.time.cases:,}" if days else _HIDDEN,
            f"{life.time.life_equivalents:.1f}" if life else _HIDDEN,
            f"{every.time.raw_days:,}" if every else _HIDDEN,
        )
        rows.append(Row(first, cells, not (days or life or every)))
    return rows


def _share_bar(first: date, share: Share | None) -> Bar:
    if share is None:
        return Bar(first, (), hidden=True)
    return Bar(first, (Part(share.part, "most"), Part(share.whole - share.part, "rest")))


def _saved_bar(first: date, saved: Saved | None) -> Bar:
    if saved is None:
        return Bar(first, (), hidden=True)
    return Bar(first, (Part(saved.time.days, "most"),), label=_years(saved.time.days))


def _years(days: int) -> str:
    years = days / YEAR
    return f"{years:,.1f}" if years < 100 else f"{years:,.0f}"


@own
def _told(share: Share) -> str:
    return f"{share.part} of {share.whole} in all of these months."


@own
def _years_told(years: str) -> str:
    return f"{years} years in all of these months."


@own
def _waited(wait: timedelta) -> str:
    """ "40 minutes", "5 hours", "3 days": the next smaller whole, a minute at least."""
    minutes = max(1, int(wait.total_seconds()) // 60)
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
