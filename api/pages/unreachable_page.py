"""Whom messages do not reach: why, and what to do next."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates
from api.pages.guard import PageRoute
from api.pages.inbox_view import Name, address_words, names_of
from api.pages.paging import Pages
from api.pages.session import InHub, Visit
from domain.status_words import closed_words
from records.unreachable import (
    OPTED_OUT,
    ClosedWay,
    Unreached,
    count_unreached,
    unreached,
    worst_first,
)

router = APIRouter(route_class=PageRoute)

A_PAGE = 50
NEXT_STEPS = {
    OPTED_OUT: "Call, or ask in person. Nothing is written there unless they ask for it again.",
    "wrong-number": "Ask someone of the circle for the right number.",
    "30006": "It may still be called: ask whether a recorded voice may call it.",
    "21614": "It may still be called: ask whether a recorded voice may call it.",
}
_ELSE = "Ask for another number or an e-mail address."


@dataclass(frozen=True, slots=True)
class Closed:
    """A phone or mailbox to which nothing goes."""

    channel: str
    address: str
    why: str
    since: str


@dataclass(frozen=True, slots=True)
class UnreachedLine:
    """Someone whom messages do not reach."""

    person_id: str
    name: Name
    reachable: bool
    closed: tuple[Closed, ...]
    next_step: str


@router.get("/unreachable")
def show_unreachable(visit: InHub, page: str = "1") -> Response:
    """People with a closed way, those whom no way is left to reach first."""
    with visit.reading() as session:
        pages = Pages.of(page, count_unreached(session), A_PAGE)
        lost = count_unreached(session, nobody_left=True)
        people = unreached(session, worst_first(session, pages.cut))
    values = {
        "visit": visit,
        "lines": [_line(one, visit) for one in people],
        "pages": pages,
        "lost": lost,
    }
    return visit.desk.page("unreachable.html", values)


def _line(one: Unreached, visit: Visit) -> UnreachedLine:
    closed = tuple(_closed(way, visit) for way in one.closed)
    [name] = names_of([one.who])
    return UnreachedLine(one.who.person_id, name, one.reachable, closed, _next_step(one))


def _closed(way: ClosedWay, visit: Visit) -> Closed:
    since = dates.day_words(dates.today_in(visit.hub.zone, way.since)) if way.since else ""
    address = address_words(way.channel, way.address)
    return Closed(way.channel, address, closed_words(way.why, way.channel), since)


def _next_step(one: Unreached) -> str:
    if one.reachable:
        return "Another way is open: messages go there."
    known = [NEXT_STEPS[way.why] for way in one.closed if way.why in NEXT_STEPS]
    return known[0] if known else _ELSE
