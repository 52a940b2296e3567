"""Choosing a provider for a step of a plan: the directory, searched from within the case.

What is looked for says what somebody needs, so beside a case it is never in an address: this
search is sent as a form, and the addresses hold ids alone.
"""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import circle
from api.pages.provider_pages import search_values
from api.pages.provider_view import search_view
from api.pages.session import InHub, Visit
from domain.needs import NEEDS
from records.casework import NotFound, get_case
from records.conflicts import NotOfferedHere
from records.database import HubSession
from records.directory import ProviderEnded, get_provider
from records.plans import StepClosed, choose_provider, get_plan, get_step
from records.tables import PlanStep, Provider

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/provider")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The provider of a step, as its pages name it."""

    id: str
    name: str
    phone: str
    ended: bool


def chosen(session: HubSession, provider_id: str | None) -> Chosen | None:
    """The provider of that id; None when there is none, or none of this hub."""
    provider = session.get(Provider, provider_id) if provider_id else None
    if provider is None:
        return None
    return Chosen(provider.id, provider.name, provider.phone, provider.ended_at is not None)


@router.get("")
def show_choice(visit: InHub, case_id: str, step: str = "") -> Response:
    """The directory; for a step that is there, what fits it."""
    with visit.reading() as session:
        known = _step(session, case_id, step)
        need = known.kind if known and known.kind in NEEDS else ""
        return _choice(visit, session, case_id, step, Form({"need": need}))


@router.post("")
def search(visit: InHub, case_id: str, form: Sent, step: str = "") -> Response:
    """What fits, each with a button to choose it. Nothing is written."""
    with visit.reading() as session:
        _step(session, case_id, step)
        return _choice(visit, session, case_id, step, form)


@router.post("/{step_id}")
def choose(visit: InHub, case_id: str, step_id: str, form: Sent) -> Response:
    """Say where a step is done, or take that back."""
    with visit.writing() as session:
        step = _step(session, case_id, step_id)
        assert step is not None
        provider_id = form.kept("provider") or None
        if provider_id is not None:
            get_provider(session, provider_id)
        try:
            choose_provider(session, step.id, provider_id, visit.source, visit.now)
        except (NotOfferedHere, ProviderEnded, StepClosed) as error:
            form.refuse("q", str(error))
            return _choice(visit, session, case_id, step_id, form)
    return see_other(f"/cases/{case_id}/steps/{step_id}")


def _step(session: HubSession, case_id: str, step_id: str) -> PlanStep | None:
    """The step of this case; None when none was named.

    Raises:
        NotFound: it is not of this case.
    """
    if not step_id:
        return None
    step = get_step(session, step_id)
    if get_plan(session, step.plan_id).case_id != case_id:
        raise NotFound("plan step")
    return step


def _choice(visit: Visit, session: HubSession, case_id: str, step_id: str, form: Form) -> Response:
    who = circle(session, get_case(session, case_id).id)[0].person
    view = search_view(session, visit, form, form.kept("page") or "1")
    values = {
        **search_values(visit, form),
        "view": view,
        "case_id": case_id,
        "step_id": step_id,
        "who": who,
    }
    return visit.desk.page("provider_choice.html", values, status=200 if form.ok else 422)
