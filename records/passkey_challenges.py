"""What a passkey has to sign: server-side, once, for one browser.

A challenge lies here for five minutes, belongs to the browser that asked for it, and is taken away
before the answer is looked at: right or wrong, it is used once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import col
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from records.access import hash_token
from records.database import HubSession, Records
from records.tables import PasskeyChallenge

CHALLENGE_LASTS: Final = timedelta(minutes=5)
CHALLENGE_MILLISECONDS: Final = int(CHALLENGE_LASTS.total_seconds() * 1000)


class BadPasskey(Exception):
    """A passkey's answer that proves nothing. Says no more, to anybody."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The browser that a challenge belongs to: what it is for, and a secret of the browser's."""

    purpose: str
    token: str

    @property
    def hash(self) -> str:
        """What is kept of it."""
        return hash_token(f"{self.purpose}|{self.token}")


def new_challenge(session: HubSession, holder: Holder, now: datetime) -> bytes:
    """A new challenge for a browser; the one before it is worth nothing any more."""
    challenge = secrets.token_bytes(32)
    session.execute(
        delete(PasskeyChallenge).where(
            (col(PasskeyChallenge.expires_at) <= now)
            | (col(PasskeyChallenge.holder_hash) == holder.hash)
        )
    )
    session.add(
        PasskeyChallenge(
            holder_hash=holder.hash,
            challenge=bytes_to_base64url(challenge),
            expires_at=now + CHALLENGE_LASTS,
        )
    )
    return challenge


def take_challenge(records: Records, holder: Holder, now: datetime) -> bytes:
    """The challenge of a browser, which is there no more afterwards.

    Raises:
        BadPasskey: it asked for none, or too long ago.
    """
    with records.everywhere() as session:
        row = session.get(PasskeyChallenge, holder.hash, with_for_update=True)
        if row is not None:
            session.delete(row)
    if row is None or row.expires_at <= now:
        raise BadPasskey
    return base64url_to_bytes(row.challenge)
