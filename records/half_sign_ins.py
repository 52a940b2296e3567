"""Between password and second factor: a browser that is half signed in, and opens nothing.

The half is a row of its own, never a session: no page looks at it, it lasts ten minutes, takes a
few wrong codes, and becomes a session with a token of its own once the second factor is there.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import col, select

from records.access import begin_session, hash_token
from records.database import HubSession, Records
from records.second_factors import Factors, factors_of, use_recovery_code, use_totp
from records.tables import HalfSignIn, StaffMember

HALF_LASTS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
"""Codes that one half takes; then the password is asked for again."""


@dataclass(frozen=True, slots=True)
class Half:
    """Whose half it is, and what they have to finish it with."""

    staff_id: str
    hub_id: str
    language: str
    factors: Factors


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed for a second factor: a code of an app, or a recovery code."""

    code: str = ""
    recovery: str = ""


def begin_half(records: Records, member: StaffMember, now: datetime) -> str:
    """The password was right, and more is owed: the half's token."""
    token = secrets.token_urlsafe(32)
    with records.everywhere() as session:
        session.execute(delete(HalfSignIn).where(col(HalfSignIn.expires_at) <= now))
        session.add(
            HalfSignIn(
                hub_id=member.hub_id,
                staff_id=member.id,
                token_hash=hash_token(token),
                expires_at=now + HALF_LASTS,
            )
        )
    return token


def half_of(records: Records, token: str, now: datetime) -> Half | None:
    """The half that a browser holds; None when it ended, or its owner works here no more."""
    with records.reading("") as session:
        row = _live(session, token, now)
        if row is None:
            return None
        language = session.get_one(StaffMember, row.staff_id).language
        return Half(row.staff_id, row.hub_id, language, factors_of(session, row.staff_id))


def finish_half(
    records: Records, token: str, answer: Answer, now: datetime, browser: str = ""
) -> str | None:
    """Make a session of a half; the session's token, or None where the code is wrong.

    A try is counted before it is looked at, in the one transaction that also spends the code.
    """
    with records.everywhere() as session:
        row = _live(session, token, now, lock=True)
        if row is None:
            return None
        row.tries += 1
        session.add(row)
        if not _is_right(session, row.staff_id, answer, now):
            return None
        session.delete(row)
        return begin_session(session, row.staff_id, row.hub_id, now, browser)


def drop_half(records: Records, token: str) -> None:
    """End a browser's half."""
    with records.everywhere() as session:
        session.execute(delete(HalfSignIn).where(col(HalfSignIn.token_hash) == hash_token(token)))


def drop_halves_of(session: HubSession, staff_id: str) -> None:
    """End every half of a member of staff."""
    session.execute(delete(HalfSignIn).where(col(HalfSignIn.staff_id) == staff_id))


def _is_right(session: HubSession, staff_id: str, answer: Answer, now: datetime) -> bool:
    if answer.recovery:
        return use_recovery_code(session, staff_id, answer.recovery, now)
    return use_totp(session, staff_id, answer.code, now)


def _live(
    session: HubSession, token: str, now: datetime, *, lock: bool = False
) -> HalfSignIn | None:
    statement = (
        select(HalfSignIn)
        .join(StaffMember, col(StaffMember.id) == HalfSignIn.staff_id)
        .where(
            HalfSignIn.token_hash == hash_token(token),
            col(HalfSignIn.expires_at) > now,
            col(HalfSignIn.tries) < MOST_TRIES,
            col(StaffMember.active).is_(True),
        )
    )
    return session.exec(statement.with_for_update(of=HalfSignIn) if lock else statement).first()
