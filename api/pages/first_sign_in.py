"""The first sign-in of an installation: whoever holds the set-up address says who they are, chooses
a password, and is its first administrator.

Opening the address changes nothing. Once there is an administrator it is an address like any that
does not exist.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.first_progress import FIRST, progress_without
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute
from api.pages.joining import tried
from api.pages.letting_in import browser_of, let_in
from api.pages.me_page import WEAK
from api.pages.problems import NoSuchPage, PageProblem
from api.pages.session import Now
from api.pages.translating import LANGUAGES
from domain.passwords import weakness_of
from domain.sign_in_names import is_sign_in
from records.access import begin_session, hash_password
from records.first_run import (
    AddressOver,
    NewOwner,
    OwnerExists,
    address_of,
    becoming_owner,
    find_owner,
)
from records.invitations import SignInTaken

router = APIRouter(route_class=PageRoute)

MOST_NAME = 80


class AddressEnded(PageProblem):
    """The same for an address that has expired, was replaced, or never was."""

    status = 404
    title = "This address sets up nothing"
    text = (
        "It may be more than a week old, or a newer one was made since. Whoever runs Homeward "
        "makes a new one with homeward hub set-up-address."
    )
    link = ("/sign-in", "Sign in")


@router.get("/set-up/{token}")
def show_first_sign_in(request: Request, token: str, now: Now) -> Response:
    """Who they are: a name, a name for signing in, and two fields for a password."""
    _address(request, token, now)
    return _page(request, Form())


@router.post("/set-up/{token}")
def make_first(request: Request, token: str, now: Now, form: Sent) -> Response:
    """Spend the address, make the first administrator, and sign them in: all or nothing."""
    desk, address = desk_of(request), _address(request, token, now)
    new = _read(form, wished_language(request, LANGUAGES))
    if new is None:
        return _page(request, form)
    try:
        with becoming_owner(desk.records, new, now, address) as (session, staff_id):
            browser = browser_of(request)
            begun = begin_session(session, staff_id, session.hub_id, now, browser)
    except SignInTaken:
        form.refuse("sign_in", "Somebody signs in under this name already. Choose another one.")
        return _page(request, form)
    except OwnerExists as faster:
        raise NoSuchPage from faster
    except AddressOver as over:
        raise AddressEnded from over
    return let_in(request, begun, FIRST, now, "set-up address")


def _read(form: Form, language: str) -> NewOwner | None:
    name = form.line("name", "Enter your name.", most=MOST_NAME)
    sign_in = form.line("sign_in", "Enter a name for signing in.", most=60).lower()
    if sign_in and not is_sign_in(sign_in):
        form.refuse("sign_in", "Use small letters, digits, dots and hyphens, or an e-mail address.")
    password = form.secret("new_password")
    weakness = weakness_of(password, sign_in)
    if weakness:
        form.refuse("new_password", WEAK[weakness])
    elif password != form.secret("new_password_again"):
        form.refuse("new_password_again", "The two are not the same. Type both again.")
    if not form.ok:
        return None
    return NewOwner(name, sign_in, hash_password(password), language)


def _address(request: Request, token: str, now: Now) -> str:
    """The id of the address."""
    records = desk_of(request).records
    if find_owner(records) is not None:
        raise NoSuchPage
    return tried(request, token, lambda: address_of(records, token, now), AddressOver, AddressEnded)


def _page(request: Request, form: Form) -> Response:
    speaks = wished_language(request, LANGUAGES)
    values = {
        "visit": None,
        "speaks": speaks,
        "form": form,
        "progress": progress_without(),
    }
    return desk_of(request).page("first_you.html", values, status=200 if form.ok else 422)
