"""The participant's page: they read what was written about them, part by part, and answer.

Their answers are kept as they go, and reach the hub and counsel when they send them; nobody else
gets anything. The letters that others wrote are not shown here: each writer sees their own, and
counsel sees all.
"""

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import review_view
from api.pages.downloading import ticket_of_visit
from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.packet_files import thing_in
from api.pages.people import named
from api.pages.private import (
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    door,
    enter,
    is_running,
    note_opening,
    renewed,
    visiting,
)
from api.pages.private_problems import PrivateRoute, written_in
from api.pages.review_view import Review, read_review
from domain.vocabulary import LinkPurpose, Verdict
from records.casework import NotFound
from records.packet_reviews import PacketProblem, note_participant
from records.private_links import PATHS
from records.reading_answers import (
    CHANGE,
    CHOICES,
    MORE,
    PartAnswer,
    clear_answers,
    keep_answer,
)

router = APIRouter(route_class=PrivateRoute, prefix="/read/{token}")

MOST_WORDS = 3000
"""Characters of an answer to one part."""

Work = Callable[[PrivateVisit, Review], Response]


@router.get("")
async def show(request: Request, token: str) -> Response:
    """The button, or the parts once it was pressed. Changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.REVIEW)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return door(visit)
    return await apart(lambda: _open(visit, review_view.start_page))


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.REVIEW)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _entered(visit))


@router.get("/part/{key}")
async def show_part(request: Request, token: str, key: str) -> Response:
    """One part, with the three answers."""
    return await _inside(request, token, lambda v, r: review_view.part_page(v, r, key, Form()))


@router.post("/part/{key}")
async def save_part(request: Request, token: str, key: str, form: Sent) -> Response:
    """Keep an answer, and go on to the next part. It counts although the visit has ended meanwhile:
    whoever takes their time loses nothing."""

    def save(visit: PrivateVisit, review: Review) -> Response:
        part = review.part(key)
        choice = form.choice("choice", CHOICES, visit.say("part.choose"))
        words = form.text("words", most=MOST_WORDS)
        if form.error("words"):
            form.errors["words"] = visit.say("part.long")
        if choice == CHANGE and not words:
            form.refuse("words", visit.say("part.must"))
        if not form.ok:
            return review_view.part_page(visit, review, key, form)
        # What was read is what the page showed; a part that changed meanwhile is shown again.
        seen = form.secret("seen")
        with visit.writing() as session:
            keep_answer(session, visit.link.id, key, PartAnswer(choice, words, seen))
        if seen != part.digest:
            return see_other(f"{visit.path}/part/{key}")
        following = review.after(key)
        return see_other(f"{visit.path}/part/{following}" if following else f"{visit.path}/send")

    return await _acting(request, token, form, save)


@router.get("/send")
async def show_send(request: Request, token: str) -> Response:
    """All answers, before they are sent."""
    return await _inside(request, token, lambda v, r: review_view.send_page(v, r, Form()))


@router.post("/send")
async def send(request: Request, token: str, form: Sent) -> Response:
    """Send the answers to the hub and counsel."""

    def save(visit: PrivateVisit, review: Review) -> Response:
        more = form.text("more", most=MOST_WORDS)
        if form.error("more"):
            form.errors["more"] = visit.say("part.long")
        verdict = review.verdict
        if verdict is None and review.last is not None and not review.answers:
            # The form came twice: the first one was sent.
            return see_other(f"{visit.path}/thanks")
        if not form.ok or verdict is None:
            return review_view.send_page(visit, review, form)
        if verdict is Verdict.AGREES and not review.built:
            return _wait(visit, more)
        try:
            _note(visit, review, verdict, more)
        except PacketProblem:
            # A newer version came at this very moment: its parts are read first.
            return _wait(visit, more)
        return see_other(f"{visit.path}/thanks")

    return await _acting(request, token, form, save)


@router.get("/thanks")
async def show_thanks(request: Request, token: str) -> Response:
    """What they said is kept, and what comes next."""
    return await _inside(request, token, review_view.thanks_page)


@router.post("/take")
async def take(request: Request, token: str, form: Sent) -> Response:
    """A ticket for the PDF."""
    thing, thing_id, what = thing_in(form)
    return await _inside(request, token, lambda v, _: ticket_of_visit(v, thing, thing_id, what))


@router.get("/{rest:path}")
def lead_back(token: str, rest: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.REVIEW] + token)


def _wait(visit: PrivateVisit, more: str) -> Response:
    """Nothing is sent yet; what they wrote beside their answers waits with them."""
    with visit.writing() as session:
        keep_answer(session, visit.link.id, MORE, PartAnswer("", more, ""))
    return review_view.wait_page(visit)


def _note(visit: PrivateVisit, review: Review, verdict: Verdict, more: str) -> None:
    with visit.writing() as session:
        person = named(session, [visit.link.person_id or ""]).get(visit.link.person_id or "")
        note_participant(
            session,
            visit.link.packet_id or "",
            review.version_id,
            verdict,
            review.in_words(more),
            person.full if person else "",
            visit.source,
            visit.now,
        )
        clear_answers(session, visit.link.id)


async def _inside(request: Request, token: str, work: Work) -> Response:
    """Do something in the running visit; without one, go where its answer leads."""
    try:
        visit = await visiting(request, token, LinkPurpose.REVIEW)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _open(visit, work))


async def _acting(request: Request, token: str, form: Form, work: Work) -> Response:
    """Do what a form says; where the link itself has ended, give back what was written."""
    written = written_in(form)
    try:
        visit = await begin(request, token, LinkPurpose.REVIEW, written)
    except NoVisit as none:
        return none.answer
    return await apart(
        lambda: renewed(request, visit, _open(visit, work, written), going_in=_entered)
    )


def _entered(visit: PrivateVisit) -> Response:
    return enter(visit, lambda session: note_opening(visit, session))


def _open(visit: PrivateVisit, work: Work, written: Sequence[str] = ()) -> Response:
    """The packet as it can be read now; a page that says so when there is nothing to read."""
    with visit.reading() as session:
        review = read_review(session, visit)
    if review is None:
        return review_view.over_page(visit, written)
    try:
        return work(visit, review)
    except NotFound:
        return see_other(visit.path)
