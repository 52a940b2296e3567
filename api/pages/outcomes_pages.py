"""What came of a hub's work: each measure over a period, by month, and as a table for funders.

Numbers alone, for those who run the hub: nothing here tells of a case, and what could tell of
fewer than five people is not shown.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates
from api.pages.forms import Form
from api.pages.guard import PageRoute, see_other
from api.pages.outcomes_view import notice_part, saved_part, share_part
from api.pages.own_words import Words, marked
from api.pages.session import InHub, Visit
from domain.outcome_figures import NO_CLAIM, SHARES
from domain.outcome_periods import BadPeriod, Period, Span, chosen, this_span
from domain.outcome_sheets import outcomes_csv
from domain.progress_figures import SMALL
from records.outcomes import hub_outcomes

router = APIRouter(route_class=PageRoute, prefix="/outcomes")

_FIELDS: Final = {"first": "from", "last": "to"}
_SPANS: Final = marked(
    {
        Span.MONTH.value: "This month",
        Span.QUARTER.value: "This quarter",
        Span.YEAR.value: "This year",
    }
)
_MOST_TYPED: Final = 20


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for; without a period where its days were not right."""

    form: Form
    span: Span
    period: Period | None

    @property
    def address(self) -> str:
        """The same as it stands in an address."""
        kept = {name: self.form.kept(name) for name in _FIELDS.values()}
        days = {name: value for name, value in kept.items() if value}
        return urlencode({"period": self.span.value, **days})


@router.get("")
def show_outcomes(request: Request, visit: InHub) -> Response:
    """Every measure over a period: this year, where nothing else was asked for."""
    asked = _asked(request, visit)
    values = {
        "visit": visit,
        "form": asked.form,
        "span": asked.span.value,
        "spans": _SPANS,
        "address": asked.address,
        "period": asked.period,
        "small": SMALL,
    }
    if asked.period is None:
        return visit.desk.page("outcomes.html", values, status=422)
    with visit.reading() as session:
        outcomes = hub_outcomes(session, asked.period, visit.now)
    say = visit.desk.saying(visit.language)
    parts = {one: share_part(one, asked.period, outcomes.shares[one], say) for one in SHARES}
    shown = {
        "outcomes": outcomes,
        "saved": saved_part(outcomes, say),
        "parts": parts,
        "notice": notice_part(outcomes),
        "no_claim": Words(NO_CLAIM),
    }
    return visit.desk.page("outcomes.html", {**values, **shown})


@router.get(".csv")
def take_outcomes(request: Request, visit: InHub) -> Response:
    """The same as a table, without names. That it was taken is written down."""
    asked = _asked(request, visit)
    if asked.period is None:
        return see_other(f"/outcomes?{asked.address}")
    with visit.writing() as session:
        table = outcomes_csv(hub_outcomes(session, asked.period, visit.now))
        visit.note(session, "took the hub's outcomes", "hub", visit.hub.id)
    return Response(
        table.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{csv_name(asked.period)}"'},
    )


def csv_name(period: Period) -> str:
    """What the table's file is called."""
    return f"outcomes-{period.first.isoformat()}-{period.last.isoformat()}.csv"


def _asked(request: Request, visit: Visit) -> _Asked:
    typed = request.query_params
    form = Form({name: typed.get(name, "")[:_MOST_TYPED] for name in _FIELDS.values()})
    today = dates.today_in(visit.hub.zone, visit.now)
    known = {span.value: span for span in Span}
    span = known.get(typed.get("period", ""), Span.YEAR)
    if span is not Span.CHOSEN:
        return _Asked(form, span, this_span(span, today))
    return _Asked(form, span, _chosen(form, today))


def _chosen(form: Form, today: date) -> Period | None:
    first, last = form.day("from"), form.day("to")
    if not form.ok:
        return None
    try:
        return chosen(first, last, today)
    except BadPeriod as error:
        form.refuse(_FIELDS[error.field], str(error))
        return None
