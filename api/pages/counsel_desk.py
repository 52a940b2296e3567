"""Who is counsel of a case, named by the hub: whom packets are sent to."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import once
from api.pages.contact_fields import contacts
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import circle, ways_of
from api.pages.session import Caseworker, Visit
from records.casework import get_case
from records.counsel import (
    NewCounsel,
    choose_counsel,
    counsel_of,
    every_counsel,
    name_counsel,
    reach_counsel,
)
from records.database import HubSession

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/counsel")

KINDS = {
    "appointed": "Appointed (public defender)",
    "retained": "Retained",
    "conflict": "Conflict counsel",
}
AGREEMENT = (
    "agreed, when asked by the hub, to messages about packets and court dates at this number or "
    "address, and heard how to stop them"
)
SOMEBODY_NEW = "new"


@router.get("")
def show(visit: Caseworker, case_id: str) -> Response:
    """Who defends now, and the forms to name somebody else or to reach them."""
    with visit.reading() as session:
        return _page(visit, session, case_id, Form({"kind": "appointed", "who": SOMEBODY_NEW}))


@router.post("")
def save(visit: Caseworker, case_id: str, form: Sent) -> Response:
    """Name counsel: somebody whom the hub knows, or somebody new."""
    with visit.writing() as session:
        known = [counsel.id for counsel, _ in every_counsel(session)]
        who = form.choice("who", {SOMEBODY_NEW, *known}, "Choose who is counsel.")
        new = _typed(form) if who == SOMEBODY_NEW else None
        if not form.ok:
            return _page(visit, session, case_id, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=counsel#packets")
        if new is None:
            choose_counsel(session, case_id, who, visit.source, visit.now)
        else:
            name_counsel(session, case_id, new, visit.source, visit.now)
    return see_other(location)


@router.post("/contact")
def save_contact(visit: Caseworker, case_id: str, form: Sent) -> Response:
    """Note one more way to reach the counsel of the case."""
    ways = contacts(form, "", who="Counsel", needed=True)
    with visit.writing() as session:
        if not form.ok:
            return _page(visit, session, case_id, form)
        reach_counsel(session, case_id, ways, visit.source, visit.now)
    return see_other(f"/cases/{case_id}?done=contact#packets")


def _typed(form: Form) -> NewCounsel:
    return NewCounsel(
        first_name=form.line("first_name", "Enter their first name.", most=80),
        last_name=form.line("last_name", "Enter their last name.", most=80),
        office=form.line("office", most=120),
        kind=form.choice("kind", KINDS, "Choose how they came to the case."),
        contacts=contacts(form, "", who="Counsel"),
    )


def _page(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    case = get_case(session, case_id)
    now = counsel_of(session, case)
    known = [
        (counsel.id, ", ".join(filter(None, (f"{who.first_name} {who.last_name}", counsel.office))))
        for counsel, who in every_counsel(session)
        if now is None or counsel.id != now[0].id
    ]
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "counsel": now[0] if now else None,
        "person": now[1] if now else None,
        "ways": ways_of(session, [now[1].id]).get(now[1].id, ()) if now else (),
        "known": [*known, (SOMEBODY_NEW, "Somebody new, named below")],
        "kinds": KINDS,
        "agreement": AGREEMENT,
    }
    return visit.desk.page("counsel_form.html", values, status=200 if form.ok else 422)
