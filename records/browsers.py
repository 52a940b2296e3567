"""The browsers that a member of staff is signed in with: seen, ended, and proved anew."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from records.access import hash_token
from records.casework import NotFound
from records.database import HubSession
from records.half_sign_ins import drop_halves_of
from records.tables import StaffSession

PROOF_LASTS: Final = timedelta(minutes=10)
"""How long after a password, code or passkey nobody is asked for it again."""


def browsers_of(session: HubSession, staff_id: str, now: datetime) -> Sequence[StaffSession]:
    """Every browser that is signed in at `now` (UTC), the newest first."""
    return session.exec(
        select(StaffSession)
        .where(
            StaffSession.staff_id == staff_id,
            col(StaffSession.revoked_at).is_(None),
            col(StaffSession.expires_at) > now,
        )
        .order_by(col(StaffSession.created_at).desc(), col(StaffSession.id).desc())
    ).all()


def end_browser(session: HubSession, staff_id: str, browser_id: str, now: datetime) -> None:
    """Sign one browser out.

    Raises:
        NotFound: they are not signed in with it.
    """
    row = session.get(StaffSession, browser_id)
    if row is None or row.staff_id != staff_id or row.revoked_at is not None:
        raise NotFound("browser")
    row.revoked_at = now
    session.add(row)


def end_browsers(session: HubSession, staff_id: str, now: datetime, *, but: str = "") -> int:
    """Sign every browser out, half-signed-in ones too; one may be kept by its id.

    Returns:
        How many were signed out.
    """
    drop_halves_of(session, staff_id)
    ended = [row for row in browsers_of(session, staff_id, now) if row.id != but]
    for row in ended:
        row.revoked_at = now
        session.add(row)
    return len(ended)


def renew_token(session: HubSession, browser_id: str, now: datetime) -> str:
    """A new token for a browser that stays signed in; copies of the old one are worth nothing."""
    token = secrets.token_urlsafe(32)
    row = session.get_one(StaffSession, browser_id)
    row.token_hash, row.proved_at = hash_token(token), now
    session.add(row)
    return token


def note_proof(session: HubSession, browser_id: str, now: datetime) -> None:
    """Whoever sits before this browser proved who they are."""
    row = session.get_one(StaffSession, browser_id)
    row.proved_at = now
    session.add(row)
