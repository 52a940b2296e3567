"""The support plan: its steps, what shows that one was done, what got in the way."""

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import once, wording
from api.pages.case_view import newest_plan
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import circle
from api.pages.session import Caseworker, Visit
from domain.plan_steps import ENDED_PLANS
from domain.vocabulary import StepState
from records.casework import NotFound, get_case
from records.database import HubSession
from records.plans import (
    NewStep,
    StepClosed,
    add_evidence,
    add_step,
    excuse_step,
    get_plan,
    get_step,
    start_plan,
    verify_step,
)
from records.tables import Evidence, PlanStep

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/steps")


@router.get("/new")
def show_new(visit: Caseworker, case_id: str) -> Response:
    """The form for a step."""
    with visit.reading() as session:
        return _new(visit, session, case_id, Form())


@router.post("/new")
def save_new(visit: Caseworker, case_id: str, form: Sent) -> Response:
    """Add the step; the first one starts the plan."""
    step = NewStep(
        kind=form.choice("kind", wording.STEP_KINDS, "Choose what kind of step this is."),
        title=form.line("title", "Say in a few words what is to be done.", most=100),
        due_on=form.day("due_on"),
        mandated=form.ticked("mandated"),
        evidence_wanted=form.line("evidence_wanted", most=120),
    )
    with visit.writing() as session:
        if not form.ok:
            return _new(visit, session, case_id, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        plan = newest_plan(session, case_id)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=step#plan")
        if plan is None or plan.state in ENDED_PLANS:
            start_plan(session, case_id, (step,), visit.source, visit.now)
        else:
            add_step(session, plan.id, step, visit.source, visit.now)
    return see_other(location)


@router.get("/{step_id}")
def show_step(visit: Caseworker, case_id: str, step_id: str) -> Response:
    """One step: what is to be done, what was shown, what can be recorded."""
    with visit.reading() as session:
        step = _step(session, case_id, step_id)
        return _step_page(visit, session, case_id, step, Form())


@router.post("/{step_id}/evidence")
def save_evidence(visit: Caseworker, case_id: str, step_id: str, form: Sent) -> Response:
    """Note what shows that it was done."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        kind = form.choice("kind", wording.EVIDENCE_KINDS, "Choose what you saw or heard.")
        note, checked = form.text("note", most=2000), form.ticked("verified")
        if form.ok:
            try:
                add_evidence(
                    session, step.id, kind, note, visit.source, visit.now, verified=checked
                )
            except StepClosed as error:
                form.refuse("kind", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=evidence#plan")
    return see_other(location)


@router.post("/{step_id}/verify")
def verify(visit: Caseworker, case_id: str, step_id: str, form: Sent) -> Response:
    """Somebody checked what was shown."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        if step.state != StepState.VERIFIED:
            try:
                verify_step(session, step.id, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("kind", str(error))
                return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}?done=evidence#plan")


@router.post("/{step_id}/excuse")
def excuse(visit: Caseworker, case_id: str, step_id: str, form: Sent) -> Response:
    """What got in the way is written down; the step is excused."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        why = form.text("why", "Say what got in the way.", most=2000)
        if form.ok and step.state != StepState.EXCUSED:
            try:
                excuse_step(session, step.id, why, visit.source, visit.now)
            except StepClosed as error:
                form.refuse("why", str(error))
        if not form.ok:
            return _step_page(visit, session, case_id, step, form)
    return see_other(f"/cases/{case_id}?done=evidence#plan")


def _step(session: HubSession, case_id: str, step_id: str) -> PlanStep:
    step = get_step(session, step_id)
    if get_plan(session, step.plan_id).case_id != case_id:
        raise NotFound("plan step")
    return step


def _new(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "kinds": list(wording.STEP_KINDS.items()),
    }
    return visit.desk.page("step_form.html", values, status=200 if form.ok else 422)


def _step_page(
    visit: Visit, session: HubSession, case_id: str, step: PlanStep, form: Form
) -> Response:
    evidence = session.exec(
        select(Evidence).where(Evidence.step_id == step.id).order_by(col(Evidence.received_at))
    ).all()
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "step": step,
        "status": wording.step_state(step.state),
        "evidence": evidence,
        "evidence_kinds": wording.EVIDENCE_KINDS,
        "zone": visit.hub.zone,
        "takes_evidence": step.state != StepState.CANCELLED,
        "to_check": step.state in (StepState.EVIDENCED, StepState.CURED),
        "excusable": step.state in (StepState.ACTIVE, StepState.MISSED),
    }
    return visit.desk.page("step.html", values, status=200 if form.ok else 422)
