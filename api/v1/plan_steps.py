"""Steps of a support plan: added, evidenced, verified, excused."""

from collections.abc import Callable
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
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from api.v1.plan_shapes import (
    ChangeRuleIn,
    EvidenceIn,
    ExcuseIn,
    MoveStepIn,
    ProviderChoice,
    StepIn,
    StepOut,
    step_out,
)
from api.v1.plans import PlanId, running
from records import plan_moves as moves
from records import plans as book
from records.database import HubSession
from records.listing_queries import page_of
from records.plans import get_step
from records.tables import PlanStep

router = guarded_router("plans")

StepId = Annotated[Id, Path(description="Id of a plan step.")]


@router.post(
    "/plans/{plan_id}/steps",
    summary="Add a step",
    status_code=201,
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.NOT_NOW),
)
def add_step(desk: AtOnce, plan_id: PlanId, new: StepIn) -> Response:
    """Add a step to a plan that has not ended; one that repeats comes with its occurrences."""

    def make(session: HubSession) -> StepOut:
        running(session, plan_id)
        step = book.add_step(session, plan_id, new.step(session), desk.source, desk.now)
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
    responses=documented(problems.NOT_FOUND, problems.ENDED, problems.NOT_NOW),
)
def choose_provider(desk: AtDesk, step_id: StepId, choice: ProviderChoice) -> StepOut:
    """Choose a provider of the directory for a step, or take the choice back."""

    def change(session: HubSession) -> None:
        book.choose_provider(session, step_id, choice.provider_id, desk.source, desk.now)

    with desk.writing() as session:
        return _changing(step_id, change)(session)


@router.post(
    "/steps/{step_id}/answer",
    summary="What got in the way",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def answer_step(desk: AtOnce, step_id: StepId, said: ExcuseIn) -> Response:
    """Keep what the person said; how the step stands does not change by it."""

    def change(session: HubSession) -> None:
        book.note_answer(session, step_id, said.what_got_in_the_way, desk.source, desk.now)

    return desk.do(said, _changing(step_id, change), 200)


@router.post(
    "/steps/{step_id}/cancel",
    summary="A step is not wanted any more",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def cancel_step(desk: AtOnce, step_id: StepId) -> Response:
    """Of a series, everything that is still to come is cancelled."""

    def change(session: HubSession) -> None:
        book.cancel_step(session, step_id, desk.source, desk.now)

    return desk.do(None, _changing(step_id, change), 200)


@router.post(
    "/steps/{step_id}/move",
    summary="A step gets another day",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def move_step(desk: AtOnce, step_id: StepId, move: MoveStepIn) -> Response:
    """Its reminders follow. A missed one is open again."""

    def change(session: HubSession) -> None:
        moves.redate_step(session, step_id, move.due_on, desk.source, desk.now)

    return desk.do(move, _changing(step_id, change), 200)


@router.post(
    "/steps/{step_id}/recurrence",
    summary="A series repeats by another rule",
    response_model=StepOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_recurrence(desk: AtOnce, step_id: StepId, new: ChangeRuleIn) -> Response:
    """Occurrences before that day, and those that were done, missed or excused, stay."""

    def change(session: HubSession) -> None:
        moves.change_rule(session, step_id, new.recurrence, new.first, desk.source, desk.now)

    return desk.do(new, _changing(step_id, change), 200)


@router.get(
    "/steps/{step_id}/occurrences",
    summary="The occurrences of a series",
    responses=documented(problems.NOT_FOUND),
)
def list_occurrences(desk: AtDesk, asked: PartAsked, step_id: StepId) -> Listed[StepOut]:
    """Each occurrence with its number, date, state and evidence, in the order of their ids; none
    for what is done once."""
    sees = desk.caller.role in SEES_TREATMENT
    with desk.reading() as session:
        statement = select(PlanStep).where(PlanStep.parent_id == get_step(session, step_id).id)
        page = page_of(session, statement, PlanStep.id, asked.window)
        return listed(asked, page, lambda row: step_out(session, row, sees_treatment=sees))


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
