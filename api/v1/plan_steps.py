"""Steps of a support plan: added, evidenced, verified, excused."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.plan_shapes import EvidenceIn, ExcuseIn, ProviderChoice, StepIn, StepOut, step_out
from api.v1.plans import PlanId, running
from records import plans as book
from records.database import HubSession
from records.plans import get_step

router = guarded_router("plans")

StepId = Annotated[Id, Path(description="Id of a plan step.")]


@router.post(
    "/plans/{plan_id}/steps",
    summary="Add a step",
    status_code=201,
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def add_step(desk: AtOnce, plan_id: PlanId, new: StepIn) -> Response:
    """Add a step to a running plan."""

    def make(session: HubSession) -> StepOut:
        running(session, plan_id)
        step = book.add_step(session, plan_id, new.step(), desk.source, desk.now)
        return step_out(session, step, sees_treatment=True)

    return desk.do(new, make)


@router.post(
    "/steps/{step_id}/evidence",
    summary="Something shows that a step was done",
    status_code=201,
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def add_evidence(desk: AtOnce, step_id: StepId, new: EvidenceIn) -> Response:
    """Note what came in. A missed step is cured by it."""

    def change(session: HubSession) -> None:
        book.add_evidence(
            session,
            step_id,
            new.kind,
            new.note,
            desk.source,
            desk.now,
            verified=new.verified,
        )

    return desk.do(new, _changing(step_id, change))


@router.post(
    "/steps/{step_id}/verify",
    summary="The evidence was checked",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def verify_step(desk: AtOnce, step_id: StepId) -> Response:
    """Someone checked the evidence of a step."""

    def change(session: HubSession) -> None:
        book.verify_step(session, step_id, desk.source, desk.now)

    return desk.do(None, _changing(step_id, change), 200)


@router.post(
    "/steps/{step_id}/excuse",
    summary="A step is excused",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def excuse_step(desk: AtOnce, step_id: StepId, excuse: ExcuseIn) -> Response:
    """What got in the way is written down, and nothing is held against anyone."""

    def change(session: HubSession) -> None:
        book.excuse_step(session, step_id, excuse.what_got_in_the_way, desk.source, desk.now)

    return desk.do(excuse, _changing(step_id, change), 200)


@router.put(
    "/steps/{step_id}/provider",
    summary="Where a step is done",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def choose_provider(desk: AtDesk, step_id: StepId, choice: ProviderChoice) -> StepOut:
    """Choose a provider of the directory for a step, or take the choice back."""

    def change(session: HubSession) -> None:
        book.choose_provider(session, step_id, choice.provider_id, desk.source, desk.now)

    with desk.writing() as session:
        return _changing(step_id, change)(session)


def _changing(
    step_id: str, change: Callable[[HubSession], None]
) -> Callable[[HubSession], StepOut]:
    """Change a step of a plan that has not ended, then tell how it stands."""

    def make(session: HubSession) -> StepOut:
        running(session, get_step(session, step_id).plan_id)
        change(session)
        session.flush()
        return step_out(session, get_step(session, step_id), sees_treatment=True)

    return make
