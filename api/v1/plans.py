"""Support plans: started, read, discharged."""

from typing import Annotated

from fastapi import Path
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.permissions import SEES_TREATMENT
from api.problems import Refusal, documented
from api.v1.cases import CaseId
from api.v1.letter_shapes import LinkOut
from api.v1.paging import Listed, PartAsked, listed
from api.v1.plan_shapes import DischargeIn, PlanIn, PlanOut, plan_out
from domain.plan_steps import ENDED_PLANS
from domain.vocabulary import PlanState
from engine.addresses import public_url
from records import plan_moves as moves
from records import plans as book
from records.casework import get_case
from records.database import HubSession
from records.listing_queries import page_of
from records.own_steps import steps_link
from records.private_links import path_of
from records.tables import Defendant, SupportPlan

router = guarded_router("plans")

PlanId = Annotated[Id, Path(description="Id of a support plan.")]


def running(session: HubSession, plan_id: str) -> SupportPlan:
    """The plan, when it has not ended.

    Raises:
        NotFound: no such plan.
        Refusal: it has ended.
    """
    plan = book.get_plan(session, plan_id)
    if plan.state in ENDED_PLANS:
        raise Refusal(problems.ENDED, "This plan has ended; start a new one instead.")
    return plan


@router.get(
    "/cases/{case_id}/plans",
    summary="A case's support plans",
    responses=documented(problems.NOT_FOUND),
)
def list_plans(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[PlanOut]:
    """Support plans of a case with their steps, ended ones too."""
    sees = desk.caller.role in SEES_TREATMENT
    with desk.reading() as session:
        case = get_case(session, case_id)
        statement = select(SupportPlan).where(SupportPlan.case_id == case.id)
        page = page_of(session, statement, SupportPlan.id, asked.window)
        return listed(asked, page, lambda row: plan_out(session, row, sees_treatment=sees))


@router.post(
    "/cases/{case_id}/plans",
    summary="Start a support plan",
    status_code=201,
    response_model=PlanOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def start_plan(desk: AtOnce, case_id: CaseId, new: PlanIn) -> Response:
    """Start a plan. Its steps are followed from now on: reminders before, help when one is
    missed. A missed step goes to an advocate, never to the court."""

    def make(session: HubSession) -> PlanOut:
        plan = book.start_plan(
            session,
            case_id,
            tuple(step.step(session) for step in new.steps),
            desk.source,
            desk.now,
            goals=new.goals,
            mandated=new.mandated,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            state=PlanState.PENDING if new.proposed else PlanState.IN_PROGRESS,
        )
        return plan_out(session, plan, sees_treatment=True)

    return desk.do(new, make)


@router.get("/plans/{plan_id}", summary="One plan", responses=documented(problems.NOT_FOUND))
def read_plan(desk: AtDesk, plan_id: PlanId) -> PlanOut:
    """A plan with its steps and their evidence."""
    sees = desk.caller.role in SEES_TREATMENT
    with desk.reading() as session:
        return plan_out(session, book.get_plan(session, plan_id), sees_treatment=sees)


@router.post(
    "/plans/{plan_id}/discharge",
    summary="End a plan",
    response_model=PlanOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def discharge_plan(desk: AtOnce, plan_id: PlanId, end: DischargeIn) -> Response:
    """End a plan: discharged, denied by the court, or refused by the person. What is still to
    come is cancelled, and nothing more is due for it."""

    def make(session: HubSession) -> PlanOut:
        running(session, plan_id)
        state = PlanState(end.outcome)
        plan = book.discharge_plan(
            session, plan_id, state, desk.source, desk.now, because=end.because
        )
        return plan_out(session, plan, sees_treatment=True)

    return desk.do(end, make, 200)


@router.post(
    "/plans/{plan_id}/begin",
    summary="A proposed plan begins",
    response_model=PlanOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def begin_plan(desk: AtOnce, plan_id: PlanId) -> Response:
    """Its steps are followed from now on."""

    def make(session: HubSession) -> PlanOut:
        plan = moves.begin_plan(session, plan_id, desk.source, desk.now)
        return plan_out(session, plan, sees_treatment=True)

    return desk.do(None, make, 200)


@router.post(
    "/plans/{plan_id}/carry-over",
    summary="A plan goes on by choice",
    response_model=PlanOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def carry_over_plan(desk: AtOnce, plan_id: PlanId) -> Response:
    """The case is over; nothing in the plan is ordered any more, and it goes on."""

    def make(session: HubSession) -> PlanOut:
        plan = moves.carry_over(session, plan_id, desk.source, desk.now)
        return plan_out(session, plan, sees_treatment=True)

    return desk.do(None, make, 200)


@router.post(
    "/plans/{plan_id}/link",
    summary="The person's private page of their steps",
    response_model=LinkOut,
    responses=documented(problems.NOT_FOUND),
)
def show_steps_link(desk: AtOnce, plan_id: PlanId) -> Response:
    """The link by which the person says how a step went. That it was shown is written into the
    audit."""

    def make(session: HubSession) -> LinkOut:
        plan = book.get_plan(session, plan_id)
        case = get_case(session, plan.case_id)
        person_id = session.get_one(Defendant, case.defendant_id).person_id
        link = steps_link(session, person_id, desk.now)
        desk.audit(session, "showed a private link", "support plan", plan.id)
        return LinkOut(url=public_url(desk.settings) + path_of(link))

    return desk.do(None, make, 200)
