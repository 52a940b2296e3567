"""One's own passkeys: a new one, and removing one."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other, with_script
from api.pages.passkey_place import holder_of_session, place_of
from api.pages.problems import NoSuchPage
from api.pages.proving import is_proved
from api.pages.recovery_pages import after_factor
from api.pages.session import Proved, SignedIn, Visit
from records.passkeys import (
    MOST_PASSKEYS,
    BadPasskey,
    Place,
    ask_to_register,
    keep_passkey,
    passkey_of,
    register,
    remove_passkey,
)
from records.second_factors import factors_of

router = APIRouter(route_class=PageRoute)

MOST_NAME = 60
NOT_TAKEN = (
    "The passkey was not taken. Try again; if it happens again, set up codes from an app instead."
)


@router.get("/me/passkeys/new")
def show_new_passkey(request: Request, visit: Proved) -> Response:
    """A name, and the button that opens the browser's own dialog."""
    return _page(request, visit, Form())


@router.post("/me/passkeys/options")
def ask_for_new_passkey(request: Request, visit: Proved) -> Response:
    """What the browser's dialog needs, as JSON; a challenge for this session."""
    place, holder = _place(request), holder_of_session(request)
    options = ask_to_register(visit.desk.records, place, visit.caller.id, holder, visit.now)
    return Response(options, media_type="application/json")


@router.post("/me/passkeys/new")
def add_passkey(request: Request, visit: Proved, form: Sent) -> Response:
    """Keep what the browser's dialog made."""
    place, staff_id = _place(request), visit.caller.id
    name = form.line("passkey_name", "Give it a name, such as Rosa’s phone.", most=MOST_NAME)
    if not form.ok:
        return _page(request, visit, form)
    holder, answer = holder_of_session(request), form.secret("credential")
    try:
        kept = register(visit.desk.records, place, holder, answer, visit.now)
        with visit.writing() as session:
            had_any = factors_of(session, staff_id).any
            row = keep_passkey(session, staff_id, name, kept, visit.now)
            visit.note(session, "added a passkey", "passkey", row.id)
            return after_factor(session, visit, had_any=had_any, done="passkey")
    except BadPasskey:
        form.refuse("passkey_name", NOT_TAKEN)
    return _page(request, visit, form)


@router.get("/me/passkeys/{passkey_id}/remove")
def ask_to_remove_passkey(visit: SignedIn, passkey_id: str) -> Response:
    """Which one, and the proof that it needs."""
    return _remove_page(visit, passkey_id, Form())


@router.post("/me/passkeys/{passkey_id}/remove")
def do_remove_passkey(request: Request, visit: SignedIn, passkey_id: str, form: Sent) -> Response:
    """It signs nobody in any more."""
    with visit.reading() as session:
        passkey_of(session, visit.caller.id, passkey_id)
    if not is_proved(request, visit, form):
        return _remove_page(visit, passkey_id, form)
    with visit.writing() as session:
        remove_passkey(session, visit.caller.id, passkey_id)
        visit.note(session, "removed a passkey", "passkey", passkey_id)
    return see_other("/me?done=passkey-gone#second")


def _place(request: Request) -> Place:
    place = place_of(request)
    if place is None:
        raise NoSuchPage
    return place


def _page(request: Request, visit: Visit, form: Form) -> Response:
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    values = {
        "visit": visit,
        "form": form,
        "place": place_of(request),
        "full": factors.passkeys >= MOST_PASSKEYS,
        "most": MOST_PASSKEYS,
        "factors": factors,
    }
    page = visit.desk.page("passkey_new.html", values, status=200 if form.ok else 422)
    return with_script(page)


def _remove_page(visit: Visit, passkey_id: str, form: Form) -> Response:
    with visit.reading() as session:
        passkey = passkey_of(session, visit.caller.id, passkey_id)
        factors = factors_of(session, visit.caller.id)
    values = {"visit": visit, "form": form, "passkey": passkey, "factors": factors}
    return visit.desk.page("passkey_remove.html", values, status=200 if form.ok else 422)
