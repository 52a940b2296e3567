"""Referrals: written down, sent, answered, met, closed; and who must not meet."""

from typing import Annotated

from fastapi import Path, Query
from sqlmodel import col, select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk, Desk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.contacts import PersonId
from api.v1.letter_shapes import LinkOut
from api.v1.paging import Listed, PartAsked, listed
from api.v1.referral_shapes import (
    ConflictIn,
    ConflictOut,
    MeetingIn,
    MoveIn,
    NotMetIn,
    ReferralIn,
    ReferralOut,
    ReofferIn,
    VisitIn,
    referral_out,
)
from domain.court_time import instant_of
from domain.referrals import OPEN, Setter
from domain.vocabulary import Role
from engine.addresses import public_url
from records import conflicts as wall
from records import referrals as book
from records.casework import get_case
from records.database import HubSession
from records.hubs import the_hub
from records.listing_queries import get_person, page_of
from records.private_links import path_of
from records.referral_wall import seen_referral, visible_to
from records.tables import Referral

router = guarded_router("referrals")

ReferralId = Annotated[Id, Path(description="Id of a referral.")]
ConflictId = Annotated[Id, Path(description="Id of a conflict.")]
_MOVES = documented(problems.NOT_FOUND, problems.NOT_NOW)
_SENDS = documented(problems.NOT_FOUND, problems.NOT_NOW, problems.NOT_CONSENTED, problems.ENDED)


@router.get("/referrals", summary="Referrals of the hub")
def list_referrals(
    desk: AtDesk,
    asked: PartAsked,
    open: Annotated[bool, Query(description="Only those whose loop is not closed.")] = True,
) -> Listed[ReferralOut]:
    """Every referral that the caller may see."""
    with desk.reading() as session:
        statement = select(Referral).where(visible_to(desk.caller.role, desk.caller.id))
        if open:
            statement = statement.where(col(Referral.state).in_(sorted(OPEN)))
        page = page_of(session, statement, Referral.id, asked.window)
        return listed(asked, page, lambda row: referral_out(session, row))


@router.get(
    "/cases/{case_id}/referrals",
    summary="A case's referrals",
    responses=documented(problems.NOT_FOUND),
)
def list_case_referrals(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[ReferralOut]:
    """Open ones and closed ones."""
    with desk.reading() as session:
        case = get_case(session, case_id)
        statement = select(Referral).where(
            Referral.case_id == case.id, visible_to(desk.caller.role, desk.caller.id)
        )
        page = page_of(session, statement, Referral.id, asked.window)
        return listed(asked, page, lambda row: referral_out(session, row))


@router.post(
    "/cases/{case_id}/referrals",
    summary="Write a referral down",
    status_code=201,
    response_model=ReferralOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.NOT_NOW),
)
def draft_referral(desk: AtOnce, case_id: CaseId, new: ReferralIn) -> Response:
    """Nobody is told before it is sent."""

    def make(session: HubSession) -> ReferralOut:
        wanted = new.referral(session)
        row = book.draft_referral(session, case_id, wanted, desk.source, desk.now)
        return referral_out(session, row)

    return desk.do(new, make)


@router.get(
    "/referrals/{referral_id}", summary="One referral", responses=documented(problems.NOT_FOUND)
)
def read_referral(desk: AtDesk, referral_id: ReferralId) -> ReferralOut:
    """A referral with its visits."""
    with desk.reading() as session:
        return referral_out(session, _seen(session, desk, referral_id))


@router.post(
    "/referrals/{referral_id}/send",
    summary="Ask the provider",
    response_model=ReferralOut,
    responses=_SENDS,
)
def send_referral(desk: AtOnce, referral_id: ReferralId) -> Response:
    """The provider gets a private link; silence comes back to the advocate. A need of health
    leaves under a consent for this provider alone."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        return referral_out(session, book.send_referral(session, row.id, desk.source, desk.now))

    return desk.do(None, make, 200)


@router.post(
    "/referrals/{referral_id}/state",
    summary="A referral goes on",
    response_model=ReferralOut,
    responses=_MOVES,
)
def move_referral(desk: AtOnce, referral_id: ReferralId, move: MoveIn) -> Response:
    """The states of the FHIR Task; what is possible from here is named when it is refused."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        by = Setter.SUPERVISOR if desk.caller.role is Role.SUPERVISOR else Setter.TEAM
        answer = move.answer(session)
        moved = book.move_referral(session, row.id, move.state, by, answer, desk.source, desk.now)
        return referral_out(session, moved)

    return desk.do(move, make, 200)


@router.post(
    "/referrals/{referral_id}/meeting",
    summary="The first meeting, and who introduces them",
    response_model=ReferralOut,
    responses=_MOVES,
)
def set_meeting(desk: AtOnce, referral_id: ReferralId, new: MeetingIn) -> Response:
    """A warm hand-off: a name, a day and an hour. The person is reminded the day before."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        changed = book.set_meeting(
            session,
            row.id,
            instant_of(new.meeting, the_hub(session).zone),
            desk.source,
            desk.now,
            introduced_by=new.introduced_by,
            introduced_how=new.introduced_how,
        )
        return referral_out(session, changed)

    return desk.do(new, make, 200)


@router.post(
    "/referrals/{referral_id}/not-met",
    summary="The first meeting did not happen",
    response_model=ReferralOut,
    responses=_MOVES,
)
def note_not_met(desk: AtOnce, referral_id: ReferralId, said: NotMetIn) -> Response:
    """An advocate is asked to find out what got in the way."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        book.not_met(session, row.id, desk.source, desk.now, words=said.words)
        return referral_out(session, row)

    return desk.do(said, make, 200)


@router.post(
    "/referrals/{referral_id}/visits",
    summary="Whether they came on a day",
    response_model=ReferralOut,
    responses=_MOVES,
)
def note_visit(desk: AtOnce, referral_id: ReferralId, new: VisitIn) -> Response:
    """The first visit begins the work. Of the referral's step it is evidence that a person still
    checks."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        day, came = new.visited_on, new.came
        book.note_visit(session, row.id, day, desk.source, desk.now, came=came)
        return referral_out(session, row)

    return desk.do(new, make, 200)


@router.post(
    "/referrals/{referral_id}/re-offer",
    summary="Offer the same to another provider",
    status_code=201,
    response_model=ReferralOut,
    responses=_SENDS,
)
def reoffer_referral(desk: AtOnce, referral_id: ReferralId, new: ReofferIn) -> Response:
    """The old one ends, its link with it; the new one is sent at once."""

    def make(session: HubSession) -> ReferralOut:
        row = _seen(session, desk, referral_id)
        made = book.reoffer(session, row.id, new.provider_id, new.service_id, desk.source, desk.now)
        return referral_out(session, made)

    return desk.do(new, make)


@router.post(
    "/referrals/{referral_id}/link",
    summary="The provider's private link",
    response_model=LinkOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW, problems.NOT_CONSENTED),
)
def show_referral_link(desk: AtOnce, referral_id: ReferralId) -> Response:
    """To be handed over by phone or on paper. That it was shown is written into the audit."""

    def make(session: HubSession) -> LinkOut:
        row = book.open_for_provider(session, _seen(session, desk, referral_id), desk.now)
        link = book.provider_link(session, row, desk.now)
        desk.audit(session, "showed a private link", "referral", row.id)
        return LinkOut(url=public_url(desk.settings) + path_of(link))

    return desk.do(None, make, 200)


@router.get(
    "/people/{person_id}/conflicts",
    summary="From whom somebody is kept apart",
    responses=documented(problems.NOT_FOUND),
)
def list_conflicts(desk: AtDesk, person_id: PersonId) -> list[ConflictOut]:
    """Conflicts that hold, for supervisors alone."""
    with desk.reading() as session:
        person = get_person(session, person_id)
        return [ConflictOut.of(row) for row in wall.conflicts_of(session, person.id)]


@router.post(
    "/people/{person_id}/conflicts",
    summary="Keep two people apart",
    status_code=201,
    response_model=ConflictOut,
    responses=documented(problems.NOT_FOUND),
)
def declare_conflict(desk: AtOnce, person_id: PersonId, new: ConflictIn) -> Response:
    """From now on they are not referred to the same provider. Why is kept nowhere."""

    def make(session: HubSession) -> ConflictOut:
        row = wall.declare_conflict(session, person_id, new.other_id, desk.source, desk.now)
        return ConflictOut.of(row)

    return desk.do(new, make)


@router.post(
    "/conflicts/{conflict_id}/end",
    summary="They need not be kept apart any more",
    response_model=ConflictOut,
    responses=documented(problems.NOT_FOUND),
)
def end_conflict(desk: AtOnce, conflict_id: ConflictId) -> Response:
    """The wall between these two is taken down."""

    def make(session: HubSession) -> ConflictOut:
        return ConflictOut.of(wall.end_conflict(session, conflict_id, desk.source, desk.now))

    return desk.do(None, make, 200)


def _seen(session: HubSession, desk: Desk, referral_id: str) -> Referral:
    return seen_referral(session, referral_id, desk.caller.role, desk.caller.id)
