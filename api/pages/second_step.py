"""The second step of signing in: a code from an app, a recovery code, or a passkey."""

from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.browser_language import wished_language
from api.pages.dates import wait_words
from api.pages.desk import desk_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other, with_script
from api.pages.letting_in import browser_of, client_of, half_token, let_in, note_sign_in
from api.pages.own_paths import inside
from api.pages.passkey_place import place_of
from api.pages.session import Now
from api.pages.signing import sign_in_page
from api.pages.translating import LANGUAGES
from records.half_sign_ins import Answer, Half, finish_half, half_of

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in/code")
def show_second_step(request: Request, now: Now, next: str = "") -> Response:
    """Ask for the code; whoever gave no password yet begins there."""
    half = half_of(desk_of(request).records, half_token(request), now)
    if half is None:
        return see_other("/sign-in")
    return _page(request, half, Form({"next": inside(next)}))


@router.post("/sign-in/code")
def do_second_step(request: Request, form: Sent, now: Now) -> Response:
    """Finish signing in with a code, which works once."""
    desk, token = desk_of(request), half_token(request)
    half = half_of(desk.records, token, now)
    if half is None:
        return _begin_again(request, form)
    field, answer = _typed(form)
    if form.ok and (wait := desk.throttle.attempt_code(client_of(request), half.staff_id, now)):
        form.refuse(field, f"Too many attempts. Wait {wait_words(wait)}, then sign in again.")
        return _page(request, half, form, 429)
    if not form.ok:
        return _page(request, half, form, 422)
    session_token = finish_half(desk.records, token, answer, now, browser_of(request))
    if session_token is None:
        return _wrong(request, token, field, form, now)
    desk.throttle.right_code(client_of(request), half.staff_id)
    return _in(request, session_token, inside(form.kept("next")), answer, now)


def _typed(form: Form) -> tuple[str, Answer]:
    """Which of the two fields was filled in, and with what."""
    if form.secret("recovery").strip():
        return "recovery", Answer(recovery=form.secret("recovery")[:100])
    field = "recovery" if form.holds("recovery") else "code"
    code = "".join(form.secret("code").split())[:100]
    if not code:
        form.refuse(field, "Enter the code.")
    return field, Answer(code=code)


def _in(request: Request, token: str, wanted: str, answer: Answer, now: datetime) -> Response:
    if not answer.recovery:
        return let_in(request, token, wanted, now, "code")
    note_sign_in(desk_of(request), token, "used a recovery code", now)
    told = f"/me/recovery/used?next={quote(wanted, safe='')}"
    return let_in(request, token, told, now, "recovery code")


def _wrong(request: Request, token: str, field: str, form: Form, now: datetime) -> Response:
    half = half_of(desk_of(request).records, token, now)
    if half is None:
        return _begin_again(request, form)
    why = (
        "This recovery code is not right, or was used before. Try another one."
        if field == "recovery"
        else "This code is not right, or was used before. Wait for the next one in your app."
    )
    form.refuse(field, why)
    return _page(request, half, form, 422)


def _begin_again(request: Request, form: Form) -> Response:
    """The half has ended: too late, or too many wrong codes."""
    again = Form({"next": inside(form.kept("next"))})
    again.refuse("password", "That took too long, or too many codes were wrong. Sign in again.")
    return sign_in_page(request, again, 401)


def _page(request: Request, half: Half, form: Form, status: int = 200) -> Response:
    values = {
        "visit": None,
        "speaks": wished_language(request, LANGUAGES),
        "form": form,
        "factors": half.factors,
        "passkeys_hold": half.factors.passkeys > 0 and place_of(request) is not None,
    }
    return with_script(desk_of(request).page("second_step.html", values, status=status))
