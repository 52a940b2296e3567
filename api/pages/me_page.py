"""My sign-in: password, second factors, language, and where somebody is signed in."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates
from api.pages.browser_kinds import kind_words
from api.pages.cookies import drop_cookie, set_cookie
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.passkey_place import place_of
from api.pages.proving import is_own_password
from api.pages.session import SignedIn, Visit
from api.pages.translating import LANGUAGES
from domain.passwords import FEWEST, MOST, Weakness, weakness_of
from records.access import hash_password, set_password
from records.browsers import browsers_of, end_browser, end_browsers, renew_token
from records.passkeys import passkeys_of
from records.second_factors import factors_of
from records.tables import StaffMember

router = APIRouter(route_class=PageRoute)

DONE: Final = {
    "password": "Your password is changed. Every other browser was signed out.",
    "language": "Saved.",
    "ended": "That browser is signed out.",
    "code-gone": "Your app’s codes count no more.",
    "passkey": "Your passkey is ready. Next time it signs you in by itself.",
    "passkey-gone": "That passkey is removed. You may delete it on your device, too.",
}
WEAK: Final[dict[Weakness, str]] = {
    "short": f"Use at least {FEWEST} characters. Four or five words in a row do well.",
    "long": f"Use {MOST} characters or fewer.",
    "name": "Do not build it from your name for signing in.",
    "common": "This is one of the first that anybody would try. Choose other words.",
}


@dataclass(frozen=True, slots=True)
class BrowserLine:
    """A browser that is signed in, as the page shows it."""

    id: str
    kind: str
    since: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey, as the page shows it."""

    id: str
    name: str
    since: str
    used: str


@router.get("/me")
def show_me(request: Request, visit: SignedIn, done: str = "") -> Response:
    """Everything about one's own sign-in."""
    return _page(request, visit, Form(), done)


@router.post("/me/password")
def change_password(request: Request, visit: SignedIn, form: Sent) -> Response:
    """A new password. This browser stays signed in, under a new token; every other one is out."""
    wanted = form.secret("new_password")
    weakness = weakness_of(wanted, visit.caller.name)
    if weakness:
        form.refuse("new_password", WEAK[weakness])
    elif wanted != form.secret("new_password_again"):
        form.refuse("new_password_again", "The two are not the same. Type both again.")
    if not form.ok or not is_own_password(request, visit, form):
        return _page(request, visit, form)
    hashed = hash_password(wanted)
    with visit.writing() as session:
        set_password(session, visit.caller.id, hashed)
        end_browsers(session, visit.caller.id, visit.now, but=visit.browser_id)
        token = renew_token(session, visit.browser_id, visit.now)
        visit.note(session, "changed their password", "staff_member", visit.caller.id)
    response = see_other("/me?done=password")
    set_cookie(request, response, token)
    return response


@router.post("/me/language")
def choose_language(request: Request, visit: SignedIn, form: Sent) -> Response:
    """In which language these pages speak to them."""
    language = form.choice("language", LANGUAGES, "Choose a language.")
    if not form.ok:
        return _page(request, visit, form)
    with visit.writing() as session:
        member = session.get_one(StaffMember, visit.caller.id)
        member.language = language
        session.add(member)
        visit.note(session, "chose their language", "staff_member", visit.caller.id)
    return see_other("/me?done=language#language")


@router.post("/me/browsers/end")
def sign_out_everywhere(request: Request, visit: SignedIn, form: Sent) -> Response:
    """Sign every browser out, this one too."""
    with visit.writing() as session:
        end_browsers(session, visit.caller.id, visit.now)
        visit.note(session, "signed out everywhere", "staff_member", visit.caller.id)
    response = see_other("/sign-in")
    drop_cookie(request, response)
    return response


@router.post("/me/browsers/{browser_id}/end")
def sign_one_out(visit: SignedIn, browser_id: str, form: Sent) -> Response:
    """Sign one browser out."""
    with visit.writing() as session:
        end_browser(session, visit.caller.id, browser_id, visit.now)
        visit.note(session, "signed a browser out", "staff_session", browser_id)
    return see_other("/me?done=ended#browsers")


def _browsers(visit: Visit) -> list[BrowserLine]:
    with visit.reading() as session:
        rows = browsers_of(session, visit.caller.id, visit.now)
    return [
        BrowserLine(
            row.id,
            kind_words(row.browser),
            dates.moment_words(row.created_at, visit.hub.zone),
            row.id == visit.browser_id,
        )
        for row in rows
    ]


def _passkeys(visit: Visit) -> list[PasskeyLine]:
    zone = visit.hub.zone
    with visit.reading() as session:
        return [
            PasskeyLine(
                row.id,
                row.name,
                dates.moment_words(row.created_at, zone),
                dates.moment_words(row.last_used_at, zone) if row.last_used_at else "",
            )
            for row in passkeys_of(session, visit.caller.id)
        ]


def _page(request: Request, visit: Visit, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
        language = session.get_one(StaffMember, visit.caller.id).language
    values = {
        "visit": visit,
        "form": form,
        "language_form": form if form.holds("language") else Form({"language": language}),
        "languages": list(LANGUAGES.items()),
        "factors": factors,
        "passkeys": _passkeys(visit),
        "passkeys_hold": place_of(request) is not None,
        "browsers": _browsers(visit),
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("me.html", values, status=200 if form.ok else 422)
