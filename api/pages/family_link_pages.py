"""The address of somebody's family page, shown to staff who hand it over.

A family page is read by whoever has its address, so it is made and shown only when it is asked
for, and each time is written down: the button is a form, and no page holds the address beforehand.
"""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Sent
from api.pages.guard import PageRoute
from api.pages.people import circle
from api.pages.problems import PageProblem
from api.pages.session import InHub, Visit
from engine.addresses import public_url
from records.casework import NotFound, get_case
from records.database import HubSession
from records.family_links import FamilyTie, family_link, new_family_link, tie_to
from records.private_links import path_of
from records.tables import PrivateLink

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/people/{person_id}/page")


class NoPage(PageProblem):
    """Somebody has no page of this case: they may not know of its dates, or it has ended."""

    status = 409
    title = "There is no page for them"
    text = (
        "The page shows the dates of the case, and they may not hear of those, or the case is "
        "closed. Nothing was made."
    )


@router.post("")
def show_address(visit: InHub, case_id: str, person_id: str, form: Sent) -> Response:
    """Their address, made where there is none that opens. That it was shown is written down."""
    with visit.writing() as session:
        tie = _tie(session, case_id, person_id)
        link = family_link(session, person_id, case_id, visit.now)
        return _shown(visit, session, tie, link, "showed a family page's address")


@router.post("/new")
def make_anew(visit: InHub, case_id: str, person_id: str, form: Sent) -> Response:
    """Another address; the old one ends, with the calendar that was subscribed to on it."""
    with visit.writing() as session:
        tie = _tie(session, case_id, person_id)
        link = new_family_link(session, person_id, case_id, visit.now)
        deed = "ended a family page's address and showed a new one"
        return _shown(visit, session, tie, link, deed, anew=True)


def _tie(session: HubSession, case_id: str, person_id: str) -> FamilyTie:
    get_case(session, case_id)
    if not any(member.person.id == person_id for member in circle(session, case_id)):
        raise NotFound("person")
    tie = tie_to(session, person_id, case_id)
    if tie is None:
        raise NoPage
    return tie


def _shown(
    visit: Visit,
    session: HubSession,
    tie: FamilyTie,
    link: PrivateLink,
    deed: str,
    *,
    anew: bool = False,
) -> Response:
    visit.note(session, deed, "case", tie.case.id)
    values = {
        "visit": visit,
        "case_id": tie.case.id,
        "person": tie.person,
        "own": tie.own,
        "held": tie.held,
        "anew": anew,
        "until": link.expires_at,
        "address": public_url(visit.desk.settings) + path_of(link),
    }
    return visit.desk.page("family_link.html", values)
