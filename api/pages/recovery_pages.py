"""Recovery codes: made, shown this once, and told of when one was used."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_paths import inside
from api.pages.session import Proved, SignedIn, Visit
from records.browsers import end_browsers
from records.database import HubSession
from records.second_factors import FEW_CODES, factors_of, make_recovery_codes

router = APIRouter(route_class=PageRoute)


@router.get("/me/recovery")
def show_recovery(visit: Proved) -> Response:
    """How many are left, and a button that makes new ones."""
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    return visit.desk.page("recovery.html", {"visit": visit, "factors": factors})


@router.post("/me/recovery")
def make_anew(visit: Proved, form: Sent) -> Response:
    """Ten new ones, shown in this answer and nowhere again; the old ones end."""
    with visit.writing() as session:
        if not factors_of(session, visit.caller.id).any:
            return see_other("/me/second-factor")
        codes = make_recovery_codes(session, visit.caller.id)
        visit.note(session, "made recovery codes", "staff_member", visit.caller.id)
    return _codes_page(visit, codes, first=False)


@router.get("/me/recovery/used")
def tell_used(visit: SignedIn, next: str = "") -> Response:
    """The page after signing in with a recovery code."""
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    values = {"visit": visit, "factors": factors, "next": inside(next), "few": FEW_CODES}
    return visit.desk.page("recovery_used.html", values)


def after_factor(session: HubSession, visit: Visit, *, had_any: bool, done: str = "") -> Response:
    """The answer to a second factor that was just set up, in the transaction that did it.

    With the first one come recovery codes, and every browser that is signed in by password alone
    is signed out, except this one.
    """
    if had_any:
        return see_other(f"/me?done={done}#second")
    end_browsers(session, visit.caller.id, visit.now, but=visit.browser_id)
    codes = make_recovery_codes(session, visit.caller.id)
    visit.note(session, "made recovery codes", "staff_member", visit.caller.id)
    return _codes_page(visit, codes, first=True)


def _codes_page(visit: Visit, codes: list[str], *, first: bool) -> Response:
    return visit.desk.page("recovery_codes.html", {"visit": visit, "codes": codes, "first": first})
