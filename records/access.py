"""Access: staff and their passwords, signed-in browsers, tokens for programs and calendars.

Passwords are kept as argon2id, tokens as SHA-256 of 256 random bits: neither can be read back.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import delete
from sqlmodel import col, select

from domain.vocabulary import Role
from records.casework import NotFound
from records.database import HubSession, Records
from records.tables import ApiToken, FeedToken, HalfSignIn, StaffMember, StaffSession

SESSION_LASTS = timedelta(hours=12)
_passwords = PasswordHash.recommended()
_DUMMY = _passwords.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: hub, role, and an id for the audit. `name` shows nothing personal."""

    hub_id: str
    role: Role
    id: str
    name: str

    @property
    def token_id(self) -> str:
        """What idempotency keys belong to."""
        return self.id


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser: whose it is, and when they last proved who they are (UTC)."""

    id: str
    caller: Caller
    proved_at: datetime | None


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reset:
    """A new password, which is nowhere else, and whose it is."""

    staff_id: str
    hub_id: str
    password: str


def reset_password(records: Records, sign_in: str) -> Reset:
    """A new password for a member of staff; every browser they are signed in with is out.

    Raises:
        NotFound: nobody signs in like that.
    """
    password = secrets.token_urlsafe(9)
    hashed = hash_password(password)
    with records.everywhere() as session:
        member = session.exec(select(StaffMember).where(StaffMember.sign_in == sign_in)).first()
        if member is None:
            raise NotFound("member of staff")
        member.password_hash = hashed
        session.add(member)
        for table in (StaffSession, HalfSignIn):
            session.execute(delete(table).where(col(table.staff_id) == member.id))
    return Reset(member.id, member.hub_id, password)


def hash_password(password: str) -> str:
    """What is kept of a password. Slow on purpose: not while the records are held."""
    return _passwords.hash(password)


def set_password(session: HubSession, staff_id: str, hashed: str) -> None:
    """Give a member of staff a password, by what `hash_password` made of it."""
    member = session.get_one(StaffMember, staff_id)
    member.password_hash = hashed
    session.add(member)


def who_knows(records: Records, name: str, password: str) -> StaffMember | None:
    """Whose name and password these are; None for nobody's.

    That is half of a sign-in at most: `records.second_factors` says what else they owe. An
    unknown name, and that of somebody who works here no more, take as long as a wrong password.
    """
    with records.reading("") as session:
        member = session.exec(
            select(StaffMember).where(
                StaffMember.sign_in == name.strip().lower(), col(StaffMember.active).is_(True)
            )
        ).first()
    return member if _fits(member, password) else None


def knows_password(records: Records, staff_id: str, password: str) -> bool:
    """Whether this is the password of a member of staff."""
    with records.reading("") as session:
        member = session.get(StaffMember, staff_id)
    return _fits(member, password)


def _fits(member: StaffMember | None, password: str) -> bool:
    # Checking a password is slow on purpose: nobody else may wait for the records meanwhile.
    kept = member.password_hash if member is not None else ""
    return _passwords.verify(password, kept or _DUMMY) and bool(kept)


def begin_session(
    session: HubSession, staff_id: str, hub_id: str, now: datetime, browser: str = ""
) -> str:
    """Sign a browser in, for `SESSION_LASTS`; the new session's token, which is nowhere else.

    Args:
        browser: its kind, such as "firefox windows".
    """
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            hub_id=hub_id,
            created_at=now,
            staff_id=staff_id,
            token_hash=hash_token(token),
            expires_at=now + SESSION_LASTS,
            browser=browser,
            proved_at=now,
        )
    )
    return token


def caller_of_session(records: Records, token: str, now: datetime) -> Caller | None:
    """Who a browser's session belongs to; None when it ended."""
    found = session_of(records, token, now)
    return found.caller if found is not None else None


def session_of(records: Records, token: str, now: datetime) -> OpenSession | None:
    """A browser's session by its token; None when it ended, or its owner works here no more."""
    with records.reading("") as session:
        row = session.exec(
            select(StaffSession, StaffMember)
            .join(StaffMember, col(StaffMember.id) == StaffSession.staff_id)
            .where(
                StaffSession.token_hash == hash_token(token),
                col(StaffSession.revoked_at).is_(None),
                col(StaffSession.expires_at) > now,
                col(StaffMember.active).is_(True),
            )
        ).first()
    if row is None:
        return None
    browser, member = row
    caller = Caller(member.hub_id, Role(member.role), member.id, member.sign_in)
    return OpenSession(browser.id, caller, browser.proved_at)


def sign_out(records: Records, token: str, now: datetime) -> None:
    """End a browser's session."""
    with records.everywhere() as session:
        browser = session.exec(
            select(StaffSession).where(StaffSession.token_hash == hash_token(token))
        ).first()
        if browser is not None:
            browser.revoked_at = now
            session.add(browser)


def make_token(
    session: HubSession, name: str, role: Role, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token for a program: the row, and the secret that is shown this once."""
    secret = f"hw_{secrets.token_urlsafe(32)}"
    row = ApiToken(name=name, role=role, token_hash=hash_token(secret), expires_at=expires_at)
    session.add(row)
    session.flush()
    return row, secret


def caller_of_token(records: Records, secret: str, now: datetime) -> Caller | None:
    """Who a program's token belongs to; None when it is unknown, expired or revoked."""
    with records.reading("") as session:
        row = session.exec(
            select(ApiToken).where(ApiToken.token_hash == hash_token(secret))
        ).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    return Caller(row.hub_id, Role(row.role), row.id, row.name)


def revoke_token(session: HubSession, token_id: str, now: datetime) -> ApiToken:
    """End a program's token.

    Raises:
        NotFound: no such token.
    """
    row = session.get(ApiToken, token_id)
    if row is None:
        raise NotFound("token")
    row.revoked_at = now
    session.add(row)
    return row


def make_feed(
    session: HubSession,
    *,
    case_id: str | None = None,
    staff_id: str | None = None,
    person_id: str | None = None,
) -> tuple[FeedToken, str]:
    """A private calendar address for a case, an advocate or a person: the row, and its secret
    part."""
    secret = secrets.token_urlsafe(24)
    row = FeedToken(
        case_id=case_id, staff_id=staff_id, person_id=person_id, token_hash=hash_token(secret)
    )
    session.add(row)
    session.flush()
    return row, secret


def feed_of(records: Records, secret: str) -> FeedToken | None:
    """The calendar that an address belongs to; None when unknown or revoked."""
    with records.reading("") as session:
        row = session.exec(
            select(FeedToken).where(FeedToken.token_hash == hash_token(secret))
        ).first()
    return row if row is not None and row.revoked_at is None else None
