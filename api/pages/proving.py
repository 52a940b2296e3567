"""Proving once more who sits there, before something that would let another person in."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from api.pages.dates import wait_words
from api.pages.forms import Form
from api.pages.letting_in import client_of
from api.pages.session import Visit
from records.access import knows_password
from records.browsers import note_proof
from records.second_factors import use_totp

WRONG: Final = {
    "proof": "This is not your password, nor a code that still counts.",
    "password": "This is not your present password.",
}


def is_proved(request: Request, visit: Visit, form: Form) -> bool:
    """Whether `proof` holds their password, or a code of their app; else says what is wrong."""
    if not form.secret("proof"):
        form.refuse("proof", "Enter your password, or a code from your app.")
    return form.ok and _try(request, visit, form, "proof", _is_either)


def is_own_password(request: Request, visit: Visit, form: Form) -> bool:
    """Whether `password` holds their password: a code that somebody saw is not enough."""
    if not form.secret("password"):
        form.refuse("password", "Enter your present password.")
    return form.ok and _try(request, visit, form, "password", _is_password)


def _try(
    request: Request, visit: Visit, form: Form, field: str, fits: Callable[[Visit, str], bool]
) -> bool:
    """Guesses are counted with those at codes: a session that was left open is half known, too."""
    throttle, client = visit.desk.throttle, client_of(request)
    wait = throttle.attempt_code(client, visit.caller.id, visit.now)
    if wait:
        form.refuse(field, f"Too many attempts. Wait {wait_words(wait)}, then try again.")
        return False
    if not fits(visit, form.secret(field)):
        form.refuse(field, WRONG[field])
        return False
    throttle.right_code(client, visit.caller.id)
    with visit.writing() as session:
        note_proof(session, visit.browser_id, visit.now)
    return True


def _is_password(visit: Visit, typed: str) -> bool:
    return knows_password(visit.desk.records, visit.caller.id, typed)


def _is_either(visit: Visit, typed: str) -> bool:
    bare = "".join(typed.split())
    if bare.isascii() and bare.isdigit() and len(bare) == 6:
        with visit.writing() as session:
            if use_totp(session, visit.caller.id, bare, visit.now):
                return True
    return _is_password(visit, typed)
