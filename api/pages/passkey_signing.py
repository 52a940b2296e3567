"""Signing in with a passkey: name, password and second factor at once."""

import secrets
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.cookies import cookie_called, lend_cookie, take_cookie
from api.pages.dates import wait_words
from api.pages.desk import desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute
from api.pages.letting_in import browser_of, client_of, let_in
from api.pages.own_paths import inside
from api.pages.passkey_place import KEY_COOKIE, holder_of_browser, place_of
from api.pages.problems import NoSuchPage
from api.pages.session import Now
from api.pages.signing import sign_in_page
from records.access import begin_session
from records.audit import note_deed
from records.passkey_challenges import CHALLENGE_LASTS
from records.passkeys import (
    BadPasskey,
    CounterWentBack,
    Holder,
    Place,
    ask_to_sign_in,
    owner_of_answer,
)
from records.tables import StaffMember

router = APIRouter(route_class=PageRoute)


@router.post("/sign-in/passkey/options")
def ask_for_passkey(request: Request, now: Now) -> Response:
    """What the browser's own dialog needs, as JSON; a challenge for this browser."""
    place, desk = place_of(request), desk_of(request)
    if place is None:
        raise NoSuchPage
    client = client_of(request)
    if desk.asking.wait(client, ""):
        return Response(status_code=429)
    desk.asking.failed(client, "")
    token = secrets.token_urlsafe(32)
    options = ask_to_sign_in(desk.records, place, Holder("sign in", token), now)
    response = Response(options, media_type="application/json")
    name = cookie_called(request, KEY_COOKIE)
    lend_cookie(request, response, name, token, CHALLENGE_LASTS)
    return response


@router.post("/sign-in/passkey")
def sign_in_with_passkey(request: Request, form: Sent, now: Now) -> Response:
    """Sign in with what the browser's dialog answered. Every refusal looks the same."""
    place, desk, client = place_of(request), desk_of(request), client_of(request)
    if place is None:
        raise NoSuchPage
    holder = holder_of_browser(request)
    wait = desk.throttle.attempt(client, holder.hash, now)
    if wait:
        return _refused(
            request, form, f"Too many attempts. Wait {wait_words(wait)}, then try again.", 429
        )
    member = _owner(request, place, holder, form.secret("credential"), now)
    if member is None:
        return _refused(
            request, form, "This passkey was not accepted. Try again, or use your password.", 422
        )
    desk.throttle.right(client, holder.hash)
    with desk.records.writing(member.hub_id) as session:
        token = begin_session(session, member.id, member.hub_id, now, browser_of(request))
    response = let_in(request, token, inside(form.kept("next")), now, "passkey")
    take_cookie(request, response, cookie_called(request, KEY_COOKIE))
    return response


def _owner(
    request: Request, place: Place, holder: Holder, answer: str, now: datetime
) -> StaffMember | None:
    records = desk_of(request).records
    try:
        return owner_of_answer(records, place, holder, answer, now)
    except CounterWentBack as error:
        with records.writing(error.hub_id) as session:
            deed = "refused a passkey whose counter went back"
            note_deed(session, error.staff_id, deed, now, "passkey", error.passkey_id)
    except BadPasskey:
        pass
    return None


def _refused(request: Request, form: Form, why: str, status: int) -> Response:
    again = Form({"next": inside(form.kept("next"))})
    again.refuse("name", why)
    return sign_in_page(request, again, status)
