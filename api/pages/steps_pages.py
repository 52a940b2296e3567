"""A person's own page of their steps, on a phone: I went, I couldn't, call me.

No account: the link is the right to use it. Opening it shows a button and changes nothing. It says
what is to be done and when, and nothing of a case; health care is an appointment.
"""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.private import (
    LANGUAGES,
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    door,
    enter,
    in_language,
    is_running,
    renewed,
)
from api.pages.private_problems import PrivateRoute, written_in
from domain.consents import HEALTH, kind_of_step
from domain.reply_kinds import ReplyKind
from domain.step_replies import MOST_WORDS
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.own_steps import NotYet, OwnStep, own_steps, say_of_step
from records.private_links import PATHS

router = APIRouter(route_class=PrivateRoute, prefix="/steps/{token}")

SAYS = {
    "went": ReplyKind.STEP_WENT,
    "could_not": ReplyKind.STEP_COULD_NOT,
    "call": ReplyKind.STEP_CALL,
}
"""The buttons."""
OPENED = "opened their own steps"
"""What the audit trail says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the page; `when` is "" where no day is known."""

    own: OwnStep
    title: str
    when: str


@router.get("")
async def show(request: Request, token: str, lang: str = "", said: str = "") -> Response:
    """The button, or the steps once it was pressed. Changes nothing."""
    try:
        visit = in_language(await begin(request, token, LinkPurpose.STEPS), lang)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return door(visit)
    return await apart(lambda: _page(visit, Form(), said if said in SAYS else ""))


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.STEPS)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _entered(visit))


@router.post("/say")
async def say(request: Request, token: str, form: Sent) -> Response:
    """They went, could not, or want to be called; the same button twice changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.STEPS, written_in(form))
    except NoVisit as none:
        return none.answer
    visit = in_language(visit, form.kept("lang"))
    return await apart(lambda: renewed(request, visit, _said(visit, form), going_in=_entered))


@router.get("/say")
def lead_back(token: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.STEPS] + token)


def _said(visit: PrivateVisit, form: Form) -> Response:
    how = form.kept("how")
    kind = SAYS.get(how)
    if kind is None:
        raise NotFound("answer")
    words = form.text("words")[:MOST_WORDS]
    try:
        with visit.writing() as session:
            say_of_step(
                session, _id(visit), form.kept("step"), kind, words, visit.source, visit.now
            )
    except NotYet:
        form.refuse(f"step-{form.kept('step')}", visit.say("thanks.not_yet"))
        return _page(visit, form, "")
    return see_other(f"{visit.path}?lang={visit.language}&said={how}")


def _page(visit: PrivateVisit, form: Form, said: str) -> Response:
    with visit.reading() as session:
        lines = [_line(visit, own) for own in own_steps(session, _id(visit), visit.now)]
    values = {"lines": lines, "form": form, "said": said, "languages": LANGUAGES}
    return visit.page("steps.html", values, status=200 if form.ok else 422)


def _line(visit: PrivateVisit, own: OwnStep) -> Line:
    step = own.step
    care = kind_of_step(step.kind, treatment=step.treatment) in HEALTH
    dates = visit.desk.catalog.everything[visit.language].dates
    return Line(
        own,
        visit.say("page.care") if care else step.title,
        dates.named(step.due_on) if step.due_on else "",
    )


def _id(visit: PrivateVisit) -> str:
    if visit.link.person_id is None:
        raise NotFound("person")
    return visit.link.person_id


def _entered(visit: PrivateVisit) -> Response:
    person_id = _id(visit)
    return enter(visit, lambda s: visit.note(s, OPENED, "person", person_id))
