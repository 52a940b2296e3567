"""The last step of every way to sign in: a session of its own, noted, and nothing left behind."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from api.pages.browser_kinds import kind_of
from api.pages.cookies import (
    cookie_called,
    cookie_name,
    lend_cookie,
    set_cookie,
    take_cookie,
)
from api.pages.desk import Desk, desk_of
from api.pages.guard import see_other
from records.access import begin_session, caller_of_session, sign_out
from records.audit import note_deed
from records.half_sign_ins import HALF_LASTS, begin_half, drop_half
from records.second_factors import factors_of
from records.tables import StaffMember

HALF_COOKIE = "homeward-half"


def client_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


def browser_of(request: Request) -> str:
    """What kind of browser sends it."""
    return kind_of(request.headers.get("user-agent", ""))


def half_token(request: Request) -> str:
    """The token of this browser's half sign-in; "" for none."""
    return request.cookies.get(cookie_called(request, HALF_COOKIE), "")


def after_password(request: Request, member: StaffMember, wanted: str, now: datetime) -> Response:
    """Name and password fit: in, or on to the second factor. `wanted` is a path of our own."""
    desk = desk_of(request)
    with desk.records.reading(member.hub_id) as session:
        owes = factors_of(session, member.id).any
    if owes:
        token = begin_half(desk.records, member, now)
        response = see_other(f"/sign-in/code?next={wanted}")
        name = cookie_called(request, HALF_COOKIE)
        lend_cookie(request, response, name, token, HALF_LASTS)
        return response
    with desk.records.writing(member.hub_id) as session:
        token = begin_session(session, member.id, member.hub_id, now, browser_of(request))
    return let_in(request, token, wanted, now, "password")


def let_in(request: Request, token: str, wanted: str, now: datetime, how: str) -> Response:
    """Hand over a session that was just begun; the one before it in this browser ends.

    Args:
        how: what they signed in with, for the audit trail.
    """
    desk = desk_of(request)
    note_sign_in(desk, token, "signed in", now, {"with": how})
    before, half = request.cookies.get(cookie_name(request), ""), half_token(request)
    if before:
        sign_out(desk.records, before, now)
    response = see_other(wanted)
    if half:
        drop_half(desk.records, half)
        take_cookie(request, response, cookie_called(request, HALF_COOKIE))
    set_cookie(request, response, token)
    return response


def note_sign_in(
    desk: Desk, token: str, action: str, now: datetime, detail: dict[str, str] | None = None
) -> None:
    """Write into the audit trail what the owner of a session did with it."""
    caller = caller_of_session(desk.records, token, now)
    if caller is None:
        return
    with desk.records.writing(caller.hub_id) as session:
        note_deed(session, caller.id, action, now, "staff_member", caller.id, detail=detail)
