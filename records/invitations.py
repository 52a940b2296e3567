"""Coming to work in a hub: a token that makes somebody who was invited a member of its staff."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.vocabulary import Role
from records.access import hash_token
from records.casework import NotFound
from records.database import HubSession, Records
from records.tables import Hub, StaffInvitation, StaffMember

INVITATION_LASTS: Final = timedelta(days=7)
_TOKEN_BYTES: Final = 16


class StaffProblem(ValueError):
    """Something about people and roles that cannot be done."""


class SignInTaken(StaffProblem):
    """Somebody signs in under this name already."""


class WasHere(StaffProblem):
    """Somebody of this hub signed in under this name, and was removed."""


class InvitationOver(StaffProblem):
    """It was used, has expired, was replaced or never was: nobody is told which."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to work in the hub. `sign_in` is unique over all hubs, in small letters."""

    name: str
    sign_in: str
    role: Role
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a good invitation is for."""

    hub_id: str
    hub_name: str
    staff_id: str
    name: str
    sign_in: str
    invitation_id: str


def invitation_of(session: HubSession, staff_id: str) -> StaffInvitation | None:
    """The invitation with which somebody may still come, even if it has expired."""
    return session.exec(
        select(StaffInvitation).where(StaffInvitation.staff_id == staff_id, is_open())
    ).first()


def invite(
    session: HubSession, new: NewMember, now: datetime, *, back: bool = False
) -> tuple[StaffMember, str]:
    """Make a member of staff who cannot sign in yet, and the token with which they can.

    Args:
        back: it is the person who worked here under this name before and was removed. What they
            wrote then is theirs again.

    Raises:
        SignInTaken: the name for signing in is somebody's, of this hub or another.
        WasHere: somebody of this hub had it and was removed, and `back` does not say that it is
            the same person.
    """
    sign_in = new.sign_in.strip().lower()
    before = session.exec(select(StaffMember).where(StaffMember.sign_in == sign_in)).first()
    if before is not None and not before.active and invitation_of(session, before.id) is None:
        if not back:
            raise WasHere
        before.name, before.role, before.language = new.name, new.role, new.language
        session.add(before)
        return before, _invitation(session, before.id, now)
    member = StaffMember(
        name=new.name, sign_in=sign_in, role=new.role, language=new.language, active=False
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError:
        raise SignInTaken from None
    return member, _invitation(session, member.id, now)


def invite_again(session: HubSession, staff_id: str, now: datetime) -> str:
    """A new token for somebody who has not come; the one before is worth nothing any more.

    Raises:
        NotFound: nobody who is invited.
    """
    if invitation_of(session, staff_id) is None:
        raise NotFound("invitation")
    end_invitations(session, staff_id, now)
    return _invitation(session, staff_id, now)


def guest_of(records: Records, token: str, now: datetime) -> Guest:
    """Whom an invitation is for. Looking changes nothing.

    Raises:
        InvitationOver: it opens nothing.
    """
    with records.reading("") as session:
        row = session.exec(
            select(StaffInvitation).where(
                StaffInvitation.token_hash == hash_token(token), is_open()
            )
        ).first()
        if row is None or row.expires_at <= now:
            raise InvitationOver
        member = session.get_one(StaffMember, row.staff_id)
        hub = session.get_one(Hub, row.hub_id)
    return Guest(hub.id, hub.name, member.id, member.name, member.sign_in, row.id)


def join(session: HubSession, guest: Guest, password_hash: str, now: datetime) -> None:
    """Use an invitation up: the guest works here from this transaction on.

    Raises:
        InvitationOver: somebody used or ended it a moment ago.
    """
    used = session.execute(
        update(StaffInvitation)
        .where(col(StaffInvitation.id) == guest.invitation_id, is_open())
        .where(col(StaffInvitation.expires_at) > now)
        .values(used_at=now)
    )
    assert isinstance(used, CursorResult)
    if not used.rowcount:
        raise InvitationOver
    # Two administrators may have invited them in one moment: what one link made, no other may undo.
    end_invitations(session, guest.staff_id, now)
    member = session.get_one(StaffMember, guest.staff_id)
    member.active = True
    member.password_hash = password_hash
    session.add(member)


def _invitation(session: HubSession, staff_id: str, now: datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        StaffInvitation(
            staff_id=staff_id, token_hash=hash_token(token), expires_at=now + INVITATION_LASTS
        )
    )
    return token


def end_invitations(session: HubSession, staff_id: str, now: datetime) -> None:
    """Nobody comes with an invitation of theirs any more."""
    session.execute(
        update(StaffInvitation)
        .where(col(StaffInvitation.staff_id) == staff_id, is_open())
        .values(ended_at=now)
    )


def is_open() -> ColumnElement[bool]:
    """Neither used nor ended."""
    return col(StaffInvitation.used_at).is_(None) & col(StaffInvitation.ended_at).is_(None)
