"""Whose case it is: the advocate who is asked first."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import participants
from api.pages.session import InHub, Visit
from records.casework import get_case
from records.staff import caseworkers, give_case

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/advocate")

NOBODY: Final = "nobody"


@router.get("")
def show_whose(visit: InHub, case_id: str) -> Response:
    """Who may have it, and who has it."""
    with visit.reading() as session:
        now_with = get_case(session, case_id).advocate_id
    return _page(visit, case_id, Form({"to": now_with or NOBODY}))


@router.post("")
def save_whose(visit: InHub, case_id: str, form: Sent) -> Response:
    """Give it to somebody, or let it wait for somebody."""
    with visit.reading() as session:
        get_case(session, case_id)
        known = {one.id for one in caseworkers(session)} | {NOBODY}
    to = form.choice("to", known, "Choose who stands by them.")
    if not form.ok:
        return _page(visit, case_id, form)
    with visit.writing() as session:
        taker = None if to == NOBODY else to
        if give_case(session, case_id, taker, visit.source, visit.now):
            visit.note(session, "gave a case to somebody", "case", case_id)
    return see_other(f"/cases/{case_id}?done=whose")


def _page(visit: Visit, case_id: str, form: Form) -> Response:
    with visit.reading() as session:
        who = participants(session, [case_id])[get_case(session, case_id).id]
        takers = [(one.id, one.name) for one in caseworkers(session)]
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": who,
        "takers": [*takers, (NOBODY, "Nobody yet")],
    }
    return visit.desk.page("whose.html", values, status=200 if form.ok else 422)
