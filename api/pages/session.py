"""Who is in front of the page: the visit, and who may see what."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy import func
from sqlmodel import col, select
from starlette.requests import Request

from api.pages.access import Access, Open, whom_it_is_for
from api.pages.cookies import cookie_name
from api.pages.desk import Desk, desk_of
from api.pages.problems import (
    NotYours,
    PageProblem,
    ProofNeeded,
    SecondFactorNeeded,
    SignInNeeded,
)
from api.permissions import TEAM
from domain.vocabulary import Role
from records.access import Caller, session_of
from records.audit import note_deed
from records.browsers import PROOF_LASTS
from records.casework import Source
from records.conversations import count_waiting
from records.database import HubSession
from records.second_factors import factors_of
from records.tables import Hub, StaffMember

CASE_ROLES = frozenset({Role.ADVOCATE, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Visit:
    """One signed-in request.

    Attributes:
        hub: the caller's, as read at the start of the request.
        name: the caller's, for the page's own header.
        alone: an administrator in a hub that has neither advocate nor supervisor yet.
        now: the present (UTC), from the one clock.
        waiting: in how many conversations something waits for a person.
        browser_id: the session itself, among the caller's others.
        proved_at: when the caller last proved who they are (UTC).
        confined: the hub asks for a second factor, and the caller has none yet.
        language: what the pages speak to them.
    """

    desk: Desk
    caller: Caller
    hub: Hub
    name: str
    alone: bool
    now: datetime
    waiting: int = 0
    browser_id: str = ""
    proved_at: datetime | None = None
    confined: bool = False
    language: str = "en"

    @property
    def source(self) -> Source:
        """Who records what this visit changes."""
        return Source(self.caller.name, "staff")

    @property
    def sees_cases(self) -> bool:
        """Whether this visitor may see cases."""
        return may_see_cases(self.caller.role, alone=self.alone)

    @property
    def runs_hub(self) -> bool:
        """Whether this visitor may change how the hub is set up."""
        return self.caller.role is Role.HUB_ADMIN

    @property
    def overrides(self) -> bool:
        """Whether this visitor may make a move that the tracks do not know, with a reason."""
        return self.caller.role is Role.SUPERVISOR or (self.runs_hub and self.alone)

    @property
    def reader(self) -> Caller:
        """As whom this visitor reads: whoever works alone is their own supervisor."""
        return replace(self.caller, role=Role.SUPERVISOR) if self.overrides else self.caller

    @contextmanager
    def reading(self) -> Iterator[HubSession]:
        """A session that reads this hub."""
        with self.desk.records.reading(self.caller.hub_id) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[HubSession]:
        """One transaction on this hub."""
        with self.desk.records.writing(self.caller.hub_id) as session:
            yield session

    def note(self, session: HubSession, action: str, kind: str, subject_id: str) -> None:
        """Write into the audit trail who read or changed what. Ids only."""
        note_deed(session, self.caller.id, action, self.now, kind, subject_id)


def may_see_cases(role: Role, *, alone: bool) -> bool:
    """The one rule of who sees cases here: advocates and supervisors.

    An administrator runs the hub and sees no case, except while nobody else works in it: the
    first person of a new hub is its administrator and its advocate at once. With the first
    advocate or supervisor this ends by itself.
    """
    return role in CASE_ROLES or (role is Role.HUB_ADMIN and alone)


def is_set_up(hub: Hub) -> bool:
    """Whether a hub has said who it is: without a phone no message can be written."""
    return bool(hub.phone)


class SetUpFirst(PageProblem):
    """The hub has not said who it is yet."""

    status = 409
    title = "This hub is not set up yet"
    text = (
        "Its name and phone are still missing, and no message can be written without them. Ask "
        "the administrator of your hub to fill them in; it takes a minute."
    )
    link = ("/hub", "Set up the hub")


async def _now(request: Request) -> datetime:
    return await desk_of(request).clock.now()


Now = Annotated[datetime, Depends(_now)]
"""The present (UTC), from the one clock."""


def own_visit(request: Request, now: Now) -> Visit:
    """Who is in front of the page, if it is for them, even while they owe a second factor.

    For the pages with which they set one up; every other page asks `visit_of`.

    Raises:
        SignInNeeded: nobody is signed in.
        NotYours: the table of pages has it for others.
    """
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(request), "")
    found = session_of(desk.records, token, now) if token else None
    if found is None:
        raise SignInNeeded
    caller = found.caller
    with desk.records.reading(caller.hub_id) as session:
        hub = session.get_one(Hub, caller.hub_id)
        member = session.get_one(StaffMember, caller.id)
        name, language = member.name, member.language
        alone = caller.role is Role.HUB_ADMIN and _nobody_else(session)
        check_role(request.state.access, caller.role, alone=alone)
        sees = may_see_cases(caller.role, alone=alone)
        confined = hub.second_factor_required and not factors_of(session, caller.id).any
        waiting = count_waiting(session) if sees and not confined else 0
    visit = Visit(
        *(desk, caller, hub, name, alone, now, waiting, found.id, found.proved_at, confined),
        language,
    )
    request.state.visit = visit
    return visit


def visit_of(request: Request, now: Now) -> Visit:
    """Who is in front of the page, if the page is for them.

    Raises:
        SignInNeeded: nobody is signed in.
        NotYours: the page is for others.
        SecondFactorNeeded: the hub asks for one, and they have none yet.
    """
    visit = own_visit(request, now)
    if visit.confined:
        raise SecondFactorNeeded
    return visit


def check_role(access: Access, role: Role, *, alone: bool) -> None:
    """Let a role onto a page that is for it; whoever works alone is their own supervisor.

    Raises:
        NotYours: it is for others.
    """
    roles = {role, Role.SUPERVISOR} if alone else {role}
    if not isinstance(access, Open) and not roles & access:
        raise NotYours(whom_it_is_for(access))


def _nobody_else(session: HubSession) -> bool:
    others = session.exec(
        select(func.count(col(StaffMember.id))).where(
            col(StaffMember.active).is_(True), col(StaffMember.role).in_(CASE_ROLES)
        )
    ).one()
    return others == 0


def in_hub(visit: Annotated[Visit, Depends(visit_of)]) -> Visit:
    """The visit, where the hub is set up.

    Raises:
        SetUpFirst: the hub has not said who it is yet.
    """
    if not is_set_up(visit.hub):
        raise SetUpFirst
    return visit


def caseworker(visit: Visit) -> Visit:
    """The visit, where it may see cases and the hub is set up: for pages that are not only for
    those who do.

    Raises:
        NotYours: it may not.
        SetUpFirst: the hub has not said who it is yet.
    """
    if not visit.sees_cases:
        raise NotYours(whom_it_is_for(TEAM))
    return in_hub(visit)


def proved(request: Request, visit: Annotated[Visit, Depends(own_visit)]) -> Visit:
    """The visit, if whoever sits there proved a moment ago who they are.

    Raises:
        ProofNeeded: too long ago; the page leads back to where they wanted to go.
    """
    if visit.proved_at is None or visit.now - visit.proved_at >= PROOF_LASTS:
        raise ProofNeeded(request.url.path)
    return visit


SignedIn = Annotated[Visit, Depends(visit_of)]
"""Whoever is signed in, and whom the table of pages lets onto this one."""
OwnSignIn = Annotated[Visit, Depends(own_visit)]
"""The same, even if they have to set up a second factor before anything else."""
Proved = Annotated[Visit, Depends(proved)]
"""The same, a moment after they proved who they are."""
InHub = Annotated[Visit, Depends(in_hub)]
"""Whoever is signed in, in a hub that has said who it is."""
