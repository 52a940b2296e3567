"""Coming: somebody who was invited chooses a password with a private link.

Opening the address changes nothing: mail programs open every link. The button uses it up.
"""

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.desk import desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute
from api.pages.letting_in import browser_of, client_of, let_in
from api.pages.me_page import WEAK
from api.pages.problems import PageProblem
from api.pages.session import Now
from domain.passwords import weakness_of
from records.access import begin_session, hash_password, hash_token
from records.audit import note_deed
from records.invitations import Guest, InvitationOver, guest_of, join

T = TypeVar("T")

router = APIRouter(route_class=PageRoute)


class LinkOver(PageProblem):
    """The same for a link that was used, has expired, was replaced, or never was."""

    status = 404
    title = "This link opens nothing any more"
    text = (
        "It may have been used already, or it is more than a week old. If you have a password, "
        "sign in. If not, ask whoever invited you for a new link; that takes them a minute."
    )
    link = ("/sign-in", "Sign in")


class TriedOften(PageProblem):
    """This client tried many links that do not exist."""

    status = 429
    title = "Too many links that do not exist"
    text = "Wait a minute, then open your link again. Nothing is lost."
    headers = {"Retry-After": "60"}


@router.get("/join/{token}")
def show_joining(request: Request, token: str, now: Now) -> Response:
    """Which hub it is, under which name they will sign in, and two fields for a password."""
    return _page(request, _guest(request, token, now), Form())


@router.post("/join/{token}")
def come(request: Request, token: str, now: Now, form: Sent) -> Response:
    """Use the link up, and sign them in."""
    desk = desk_of(request)
    guest = _guest(request, token, now)
    password = form.secret("new_password")
    weakness = weakness_of(password, guest.sign_in)
    if weakness:
        form.refuse("new_password", WEAK[weakness])
    elif password != form.secret("new_password_again"):
        form.refuse("new_password_again", "The two are not the same. Type both again.")
    if not form.ok:
        return _page(request, guest, form)
    hashed = hash_password(password)
    try:
        with desk.records.writing(guest.hub_id) as session:
            join(session, guest, hashed, now)
            note_deed(session, guest.staff_id, "came", now, "staff_member", guest.staff_id)
            browser = browser_of(request)
            begun = begin_session(session, guest.staff_id, guest.hub_id, now, browser)
    except InvitationOver as over:
        raise LinkOver from over
    return let_in(request, begun, "/", now, "invitation")


def tried(
    request: Request,
    token: str,
    look: Callable[[], T],
    over: type[Exception],
    refusal: type[PageProblem],
) -> T:
    """What `look` finds for a one-use token; whoever tries many that do not exist is not heard for
    a minute.

    Args:
        over: what `look` raises for a token that opens nothing.
        refusal: what is said then.

    Raises:
        TriedOften: they have to wait.
        PageProblem: `refusal`.
    """
    desk, mark, client = desk_of(request), hash_token(token), client_of(request)
    if desk.links.wait(client, mark):
        raise TriedOften
    try:
        found = look()
    except over as nothing:
        desk.links.failed(client, mark)
        raise refusal from nothing
    desk.links.succeeded(mark)
    return found


def _guest(request: Request, token: str, now: Now) -> Guest:
    """Whom the link is for."""
    records = desk_of(request).records
    return tried(request, token, lambda: guest_of(records, token, now), InvitationOver, LinkOver)


def _page(request: Request, guest: Guest, form: Form) -> Response:
    values = {"visit": None, "guest": guest, "form": form}
    return desk_of(request).page("join.html", values, status=200 if form.ok else 422)
