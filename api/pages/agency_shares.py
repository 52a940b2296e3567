"""Sharing a person's court dates with an agency, as they agreed, and taking that back."""

from datetime import datetime, time, timedelta

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages.agency_view import SCOPES, WAYS_TO_AGREE, still_running
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.people import participants
from api.pages.session import InHub, Visit
from domain.court_time import instant_at
from domain.tracks import ENDED_STAGES
from domain.vocabulary import ShareScope
from records.agency_shares import Agreement, end_share, get_share, share_case
from records.casework import NotFound
from records.database import HubSession
from records.finding import find_cases
from records.tables import Agency, Case, Docket

router = APIRouter(route_class=PageRoute, prefix="/agencies/{agency_id}")

AGREED = "The hub may tell {agency} when I have court."
FOUND = 20


@router.get("/share")
def show_share(visit: InHub, agency_id: str, q: str = "") -> Response:
    """Find the person by name, then say what they agreed to."""
    with visit.reading() as session:
        agency = still_running(session, agency_id)
        known = {"what": ShareScope.PLACE, "words": AGREED.format(agency=agency.name)}
        return _page(visit, session, agency, Form({**known, "q": " ".join(q.split())[:80]}))


@router.post("/share")
def save_share(visit: InHub, agency_id: str, form: Sent) -> Response:
    """Share, with the words of the consent."""
    agreement = Agreement(
        words=form.text("words", "Write down what they agreed to.", most=1000),
        how=form.choice("how", WAYS_TO_AGREE, "Say how they agreed."),
        expires_at=_expiry(visit, form),
    )
    what = form.choice("what", [*SCOPES], "Choose how much the agency may know.")
    with visit.writing() as session:
        agency = still_running(session, agency_id)
        case_id = form.choice("case", _case_ids(session, form), "Choose the person.")
        if not form.ok:
            return _page(visit, session, agency, form)
        share_case(session, agency, case_id, ShareScope(what), agreement, visit.source, visit.now)
    return see_other(f"/agencies/{agency_id}?done=shared")


@router.post("/shares/{share_id}/end")
def stop(visit: InHub, agency_id: str, share_id: str, form: Sent) -> Response:
    """From now on the agency is told nothing of them."""
    with visit.writing() as session:
        if get_share(session, share_id).agency_id != agency_id:
            raise NotFound("share")
        how = form.kept("how") if form.kept("how") in WAYS_TO_AGREE else ""
        words = form.text("words", most=1000)
        end_share(session, share_id, visit.source, visit.now, how=how, words=words)
    return see_other(f"/agencies/{agency_id}?done=unshared#shared")


def _expiry(visit: Visit, form: Form) -> datetime | None:
    """The end of the last day on which the consent holds, on the hub's wall (UTC)."""
    last = form.day("until")
    if last is None:
        return None
    ends = instant_at(last + timedelta(days=1), time(0), visit.hub.zone)
    if ends <= visit.now:
        form.refuse("until", "Choose a day that is still to come, or leave it empty.")
    return ends


def _case_ids(session: HubSession, form: Form) -> list[str]:
    """Ids of the open cases among which a person is chosen: those that were found by name."""
    wanted = form.kept("q")
    found = [one.case_id for one in find_cases(session, wanted)] if wanted else []
    running = session.exec(
        select(col(Case.id)).where(
            col(Case.id).in_(found[:FOUND]), col(Case.stage).not_in(ENDED_STAGES)
        )
    ).all()
    return [case_id for case_id in found if case_id in set(running)]


def _page(visit: Visit, session: HubSession, agency: Agency, form: Form) -> Response:
    case_ids = _case_ids(session, form)
    people = participants(session, case_ids)
    dockets = _dockets(session, case_ids)
    if len(case_ids) == 1 and not form.kept("case"):
        form.put("case", case_ids[0])
    values = {
        "visit": visit,
        "form": form,
        "agency": agency,
        "found": [(i, " · ".join((people[i].full, *dockets.get(i, ())))) for i in case_ids],
        "scopes": SCOPES.items(),
        "ways": [(way, Words(way)) for way in WAYS_TO_AGREE],
    }
    return visit.desk.page("agency_share.html", values, status=200 if form.ok else 422)


def _dockets(session: HubSession, case_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Numbers that tell two people of one name apart."""
    rows = session.exec(
        select(col(Docket.case_id), col(Docket.number))
        .where(col(Docket.case_id).in_(case_ids))
        .order_by(col(Docket.id))
    ).all()
    found: dict[str, tuple[str, ...]] = {}
    for case_id, number in rows:
        found[case_id] = (*found.get(case_id, ()), number)
    return found
