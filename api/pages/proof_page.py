"""Asking for password or code once more, where the last proof is a while ago."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_paths import inside
from api.pages.proving import is_proved
from api.pages.session import OwnSignIn, Visit
from records.second_factors import factors_of

router = APIRouter(route_class=PageRoute)


@router.get("/me/proof")
def show_proof(visit: OwnSignIn, next: str = "") -> Response:
    """The one question."""
    return _page(visit, Form({"next": inside(next)}))


@router.post("/me/proof")
def give_proof(request: Request, visit: OwnSignIn, form: Sent) -> Response:
    """On to where they wanted to go."""
    if not is_proved(request, visit, form):
        return _page(visit, form)
    return see_other(inside(form.kept("next")))


def _page(visit: Visit, form: Form) -> Response:
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    values = {"visit": visit, "form": form, "factors": factors}
    return visit.desk.page("proof.html", values, status=200 if form.ok else 422)
