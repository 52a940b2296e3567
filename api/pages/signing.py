"""Signing in and out."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.dates import wait_words
from api.pages.desk import Desk, desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import Now, cookie_name, drop_cookie, set_cookie
from records.access import caller_of_session, sign_in, sign_out
from records.audit import note_deed

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
def show_sign_in(request: Request, now: Now, next: str = "") -> Response:
    """The sign-in page; whoever is signed in goes on."""
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(request), "")
    if token and caller_of_session(desk.records, token, now):
        return see_other(_inside(next))
    return _page(desk, Form({"next": next}))


@router.post("/sign-in")
def do_sign_in(request: Request, form: Sent, now: Now) -> Response:
    """Sign in. A wrong name and a wrong password look, and take, the same."""
    desk = desk_of(request)
    name = form.line("name", "Enter your name for signing in.").lower()
    password = form.secret("password")
    if not password:
        form.refuse("password", "Enter your password.")
    if not form.ok:
        return _page(desk, form, 422)
    client = request.client.host if request.client else ""
    wait = desk.throttle.wait(client, name, now)
    if wait:
        form.refuse("password", f"Too many attempts. Wait {wait_words(wait)}, then try again.")
        return _page(desk, form, 429)
    token = sign_in(desk.records, name, password, now)
    if token is None:
        desk.throttle.failed(client, name, now)
        form.refuse("password", "Name and password do not fit together. Enter them again.")
        return _page(desk, form, 422)
    desk.throttle.succeeded(client, name)
    _note(desk, token, "signed in", now)
    response = see_other(_inside(form.kept("next")))
    set_cookie(request, response, token)
    return response


@router.post("/sign-out")
def do_sign_out(request: Request, now: Now) -> Response:
    """Sign out: the session ends here and on the server."""
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(request), "")
    if token:
        _note(desk, token, "signed out", now)
        sign_out(desk.records, token, now)
    response = see_other("/sign-in")
    drop_cookie(request, response)
    return response


def _page(desk: Desk, form: Form, status: int = 200) -> Response:
    return desk.page("sign_in.html", {"form": form, "visit": None}, status=status)


def _note(desk: Desk, token: str, action: str, now: Now) -> None:
    caller = caller_of_session(desk.records, token, now)
    if caller is None:
        return
    with desk.records.writing(caller.hub_id) as session:
        note_deed(session, caller.id, action, now, "staff_member", caller.id)


def _inside(wanted: str) -> str:
    """A path of this site; anything else becomes Today."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or "\\" in wanted or not wanted.startswith("/"):
        return "/"
    return "/" if wanted.startswith(("//", "/sign-")) else parts.path
