"""Second factors: which one to take, and setting up or removing the codes of an app."""

import io
from typing import Final

import pyotp
import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.passkey_place import place_of
from api.pages.problems import NoSuchPage
from api.pages.proving import is_proved
from api.pages.recovery_pages import after_factor
from api.pages.session import OwnSignIn, Proved, SignedIn, Visit
from records.second_factors import (
    begin_totp,
    confirm_totp,
    factors_of,
    remove_totp,
    waiting_totp,
)

router = APIRouter(route_class=PageRoute)

_GROUP: Final = 4
_QUIET_ZONE: Final = 4
"""Modules of white that scanners need around a QR code (ISO/IEC 18004)."""


@router.get("/me/second-factor")
def show_choice(request: Request, visit: OwnSignIn) -> Response:
    """An app's codes, or a passkey."""
    values = {"visit": visit, "place": place_of(request)}
    return visit.desk.page("second_factor.html", values)


@router.get("/me/code")
def show_code(visit: Proved) -> Response:
    """How to set up an app; with the secret, once they have begun."""
    return _page(visit, Form())


@router.post("/me/code")
def set_up_code(visit: Proved, form: Sent) -> Response:
    """Begin with a new secret; then let it count, when a code proves that the app has it."""
    staff_id = visit.caller.id
    if form.holds("begin"):
        with visit.writing() as session:
            begin_totp(session, staff_id)
        return see_other("/me/code#scan")
    code = form.secret("code")[:100]
    with visit.writing() as session:
        had_any = factors_of(session, staff_id).any
        if confirm_totp(session, staff_id, code, visit.now):
            visit.note(session, "set up codes of an app", "staff_member", staff_id)
            return after_factor(session, visit, had_any=had_any)
    form.refuse(
        "code",
        "This code is not right. Enter the one that your app shows now; check that the phone’s "
        "clock is right.",
    )
    return _page(visit, form)


@router.get("/me/code/qr.svg")
def show_qr(visit: Proved) -> Response:
    """The waiting secret as a QR code, for an app to scan."""
    secret = _waiting(visit)
    if not secret:
        raise NoSuchPage
    issuer = (visit.hub.name if visit.hub.phone else "Homeward").replace(":", " ")
    address = pyotp.TOTP(secret).provisioning_uri(name=visit.caller.name, issuer_name=issuer)
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing,
        kind="svg",
        border=_QUIET_ZONE,
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return Response(drawing.getvalue(), media_type="image/svg+xml")


@router.get("/me/code/remove")
def ask_to_remove_code(visit: SignedIn) -> Response:
    """What it means, and the proof that it needs."""
    return _remove_page(visit, Form())


@router.post("/me/code/remove")
def remove_code(request: Request, visit: SignedIn, form: Sent) -> Response:
    """The app's codes count no more."""
    if not is_proved(request, visit, form):
        return _remove_page(visit, form)
    with visit.writing() as session:
        remove_totp(session, visit.caller.id)
        visit.note(session, "removed codes of an app", "staff_member", visit.caller.id)
    return see_other("/me?done=code-gone#second")


def _waiting(visit: Visit) -> str:
    with visit.reading() as session:
        return waiting_totp(session, visit.caller.id)


def _page(visit: Visit, form: Form) -> Response:
    secret = _waiting(visit)
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
    values = {"visit": visit, "form": form, "groups": groups, "factors": factors}
    return visit.desk.page("code.html", values, status=200 if form.ok else 422)


def _remove_page(visit: Visit, form: Form) -> Response:
    with visit.reading() as session:
        factors = factors_of(session, visit.caller.id)
    if not factors.totp:
        return see_other("/me#second")
    values = {"visit": visit, "form": form, "factors": factors}
    return visit.desk.page("code_remove.html", values, status=200 if form.ok else 422)
