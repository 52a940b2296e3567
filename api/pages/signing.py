"""Signing in with name and password, and signing out."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.browser_language import wished_language
from api.pages.cookies import cookie_name, drop_cookie
from api.pages.dates import wait_words
from api.pages.desk import desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other, with_script
from api.pages.letting_in import after_password, client_of, note_sign_in
from api.pages.own_paths import inside
from api.pages.passkey_place import place_of
from api.pages.session import Now
from api.pages.translating import LANGUAGES
from records.access import caller_of_session, sign_out, who_knows

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
def show_sign_in(request: Request, now: Now, next: str = "") -> Response:
    """The sign-in page; whoever is signed in goes on."""
    token = request.cookies.get(cookie_name(request), "")
    if token and caller_of_session(desk_of(request).records, token, now):
        return see_other(inside(next))
    return sign_in_page(request, Form({"next": next}))


@router.post("/sign-in")
def do_sign_in(request: Request, form: Sent, now: Now) -> Response:
    """Sign in. A wrong name and a wrong password look, and take, the same."""
    desk, client = desk_of(request), client_of(request)
    name = form.line("name", "Enter your name for signing in.").lower()
    password = form.secret("password")
    if not password:
        form.refuse("password", "Enter your password.")
    if not form.ok:
        return sign_in_page(request, form, 422)
    wait = desk.throttle.attempt(client, name, now)
    if wait:
        form.refuse("password", f"Too many attempts. Wait {wait_words(wait)}, then try again.")
        return sign_in_page(request, form, 429)
    member = who_knows(desk.records, name, password)
    if member is None:
        form.refuse("password", "Name and password do not fit together. Enter them again.")
        return sign_in_page(request, form, 422)
    desk.throttle.right(client, name)
    return after_password(request, member, inside(form.kept("next")), now)


@router.post("/sign-out")
def do_sign_out(request: Request, now: Now) -> Response:
    """Sign out: the session ends here and on the server."""
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(request), "")
    if token:
        note_sign_in(desk, token, "signed out", now)
        sign_out(desk.records, token, now)
    response = see_other("/sign-in")
    drop_cookie(request, response)
    return response


def sign_in_page(request: Request, form: Form, status: int = 200) -> Response:
    """The page, which brings the script for passkeys where they can hold."""
    values = {
        "form": form,
        "visit": None,
        "speaks": wished_language(request, LANGUAGES),
        "passkeys_hold": place_of(request) is not None,
    }
    return with_script(desk_of(request).page("sign_in.html", values, status=status))
