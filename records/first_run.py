"""The first run of an installation: who becomes its first administrator, and what of the set-up is
left.

Whoever starts Homeward gets a private address. At it one person makes the first administrator,
once; from then on it opens nothing. Examples never count: their people are made up, and nobody owns
an installation by loading one.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.vocabulary import Role
from records.access import hash_token
from records.audit import note_deed
from records.database import HubSession, NoSuchHub, Records, RecordsProblem
from records.hubs import the_hub
from records.invitations import SignInTaken
from records.tables import Case, Court, Hub, SetUpAddress, StaffMember

ADDRESS_LASTS: Final = timedelta(days=7)
ABOUT, COURT, MESSAGES, CASE = "about", "court", "messages", "case"
STEPS: Final = (ABOUT, COURT, MESSAGES, CASE)
"""What a first administrator is led through, in this order: who the hub is, its first court, how
its messages leave, its first case."""
_TOKEN_BYTES: Final = 32


class OwnerExists(RecordsProblem):
    """The installation has its first administrator already."""

    def __init__(self) -> None:
        super().__init__(
            "Homeward has an administrator already. They invite the others under Hub, People and "
            "roles; `homeward token --reset NAME` makes a new password."
        )


class AddressOver(RecordsProblem):
    """The address was used, has expired, was replaced or never was: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("This address opens nothing. `homeward hub set-up-address` makes one.")


@dataclass(frozen=True, slots=True)
class NewOwner:
    """Who becomes the first administrator. `sign_in` is unique over all hubs, in small letters;
    `password_hash` is what `records.access.hash_password` made."""

    name: str
    sign_in: str
    password_hash: str
    language: str = "en"


def owner_of(session: HubSession) -> StaffMember | None:
    """The oldest administrator of a hub of real work, over all hubs of a session without one."""
    real = select(col(Hub.id)).where(col(Hub.example).is_(False))
    return session.exec(
        select(StaffMember)
        .where(StaffMember.role == Role.HUB_ADMIN, col(StaffMember.hub_id).in_(real))
        .order_by(col(StaffMember.created_at), col(StaffMember.id))
    ).first()


def find_owner(records: Records) -> StaffMember | None:
    """The first administrator; None while the installation has none."""
    with records.reading("") as session:
        return owner_of(session)


def make_address(records: Records, actor: str, now: datetime) -> str:
    """Make the token of a set-up address; the one before it opens nothing any more.

    Args:
        actor: who asks, for the audit trail.
        now: UTC; it holds for `ADDRESS_LASTS`.

    Raises:
        OwnerExists: there is nothing to set up.
        NoSuchHub: there is no hub of real work.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with _before_an_owner(records) as session:
        session.execute(update(SetUpAddress).where(_open()).values(ended_at=now))
        session.add(SetUpAddress(token_hash=hash_token(token), expires_at=now + ADDRESS_LASTS))
        note_deed(session, actor, "made a set-up address", now, "hub", session.hub_id)
    return token


def address_of(records: Records, token: str, now: datetime) -> str:
    """The id of a set-up address that holds. Looking changes nothing.

    Raises:
        AddressOver: it opens nothing.
    """
    with records.reading("") as session:
        row = session.exec(
            select(SetUpAddress).where(SetUpAddress.token_hash == hash_token(token), _open())
        ).first()
    if row is None or row.expires_at <= now:
        raise AddressOver
    return row.id


@contextmanager
def becoming_owner(
    records: Records, new: NewOwner, now: datetime, address_id: str = ""
) -> Iterator[tuple[HubSession, str]]:
    """The transaction in which somebody becomes the first administrator: its session, of their hub,
    and their id. Of two at one moment one comes in.

    Args:
        new: who it is.
        now: UTC.
        address_id: the set-up address, which is spent here; "" for the command line.

    Raises:
        OwnerExists: somebody was faster.
        AddressOver: the address was used, replaced, or expired meanwhile.
        SignInTaken: the name for signing in is somebody's already.
        NoSuchHub: there is no hub of real work.
    """
    with _before_an_owner(records) as session:
        if address_id:
            _spend(session, address_id, now)
        member = StaffMember(
            name=new.name,
            sign_in=new.sign_in,
            role=Role.HUB_ADMIN,
            password_hash=new.password_hash,
            language=new.language,
        )
        try:
            with session.begin_nested():
                session.add(member)
        except IntegrityError:
            raise SignInTaken(new.sign_in) from None
        session.execute(update(SetUpAddress).where(_open()).values(ended_at=now))
        hub = the_hub(session)
        hub.set_up_left = list(STEPS)
        session.add(hub)
        note_deed(
            session, member.id, "became the first administrator", now, "staff_member", member.id
        )
        yield session, member.id


@contextmanager
def _before_an_owner(records: Records) -> Iterator[HubSession]:
    """A transaction of the first hub of real work, which it holds, while nobody owns it."""
    with records.everywhere() as session:
        hub = session.exec(
            select(Hub)
            .where(col(Hub.example).is_(False))
            .order_by(col(Hub.created_at), col(Hub.id))
        ).first()
        if hub is None:
            raise NoSuchHub("There is no hub yet; make one with `homeward hub add`.")
        session.lock(hub)
        if owner_of(session) is not None:
            raise OwnerExists
        # From here on the same transaction is that hub's: its rows are stamped as any other's.
        session.hub_id = hub.id
        yield session


def _spend(session: HubSession, address_id: str, now: datetime) -> None:
    spent = session.execute(
        update(SetUpAddress)
        .where(col(SetUpAddress.id) == address_id, _open(), col(SetUpAddress.expires_at) > now)
        .values(used_at=now)
    )
    assert isinstance(spent, CursorResult)
    if spent.rowcount != 1:
        raise AddressOver


def _open() -> ColumnElement[bool]:
    return col(SetUpAddress.used_at).is_(None) & col(SetUpAddress.ended_at).is_(None)


def steps_left(session: HubSession) -> tuple[str, ...]:
    """The steps of the first run that are neither done nor put off, in their order.

    What was done elsewhere counts as done: a court that was added on its own page, a case that
    was opened on the list of cases.
    """
    hub = the_hub(session)
    return tuple(step for step in STEPS if step in hub.set_up_left and not is_done(session, step))


def is_done(session: HubSession, step: str) -> bool:
    """Whether the records hold what a step asks for; of the messages they cannot tell."""
    match step:
        case "about":
            return bool(the_hub(session).phone)
        case "court":
            return session.exec(select(Court.id).limit(1)).first() is not None
        case "case":
            return session.exec(select(Case.id).limit(1)).first() is not None
    return False


def answer_step(session: HubSession, step: str) -> bool:
    """A step was done or put off: it is not asked for again.

    Returns:
        Whether it was still left.
    """
    hub = the_hub(session)
    if step not in hub.set_up_left:
        return False
    session.lock(hub, "set_up_left")
    if step not in hub.set_up_left:
        return False
    hub.set_up_left = [one for one in hub.set_up_left if one != step]
    session.add(hub)
    return True


__all__ = [
    "ABOUT",
    "ADDRESS_LASTS",
    "CASE",
    "COURT",
    "MESSAGES",
    "STEPS",
    "AddressOver",
    "NewOwner",
    "OwnerExists",
    "address_of",
    "answer_step",
    "becoming_owner",
    "find_owner",
    "is_done",
    "make_address",
    "owner_of",
    "steps_left",
]
