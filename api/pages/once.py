"""A form that makes something works once: sent twice, it leads to what it made the first time."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from api.pages.forms import Form
from api.pages.problems import SentTwice
from api.pages.session import Visit
from records.database import HubSession
from records.tables import IdempotencyKey

KEPT_FOR = timedelta(days=1)


def earlier(session: HubSession, visit: Visit, form: Form) -> str | None:
    """Where the same form led when it was sent before; None when it is new."""
    row = session.exec(
        select(IdempotencyKey).where(
            IdempotencyKey.token_id == visit.caller.token_id,
            IdempotencyKey.key_hash == _hash(form.once),
        )
    ).first()
    return row.answer.decode() if row is not None and row.answer else None


def keep(session: HubSession, visit: Visit, form: Form, location: str) -> str:
    """Remember, in the transaction of the deed itself, where this form led.

    Raises:
        SentTwice: the same form is being saved in this very moment.
    """
    session.execute(
        delete(IdempotencyKey).where(
            col(IdempotencyKey.token_id) == visit.caller.token_id,
            col(IdempotencyKey.expires_at) <= visit.now,
        )
    )
    session.add(
        IdempotencyKey(
            token_id=visit.caller.token_id,
            key_hash=_hash(form.once),
            request_hash="page",
            status=303,
            answer=location.encode(),
            expires_at=visit.now + KEPT_FOR,
        )
    )
    try:
        session.flush()
    except IntegrityError:
        raise SentTwice from None
    return location


def _hash(once: str) -> str:
    return hashlib.sha256(f"page|{once}".encode()).hexdigest()
