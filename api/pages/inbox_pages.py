"""The inbox: what people write back, and answering them."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, once
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.inbox_view import (
    address_words,
    answering,
    coming_of,
    lines_of,
    names_of,
    open_tasks,
    turns_of,
    who_words,
)
from api.pages.paging import Pages
from api.pages.session import InHub, Visit
from domain.court_time import wall_time
from records.answering import MOST_WORDS, CannotAnswer, contact_to_answer, write_answer
from records.conversations import (
    conversations_of,
    count_conversations,
    get_reply,
    newest_reply,
    open_about,
    waiting_first,
)
from records.database import HubSession
from records.hubs import policy_of
from records.listing_queries import Window
from records.replies import stop_at
from records.reply_tasks import answered
from records.tables import Reply
from records.threads import thread_of

router = APIRouter(route_class=PageRoute, prefix="/inbox")

A_PAGE = 50
SHOWN = 60
"""Turns of a conversation that are shown at first."""
EVERYTHING = 100_000

DONE = {
    "answered": "Your answer is written. What became of it stands below it.",
    "seen": "Done: no answer is needed.",
    "known": "Saved. What they wrote is theirs now, and messages may go there.",
    "task": "Marked as done.",
    "stopped": "Done: no more messages go there.",
}


@router.get("")
def show_inbox(visit: InHub, page: str = "1") -> Response:
    """Conversations, those that wait first. That they were read is written into the audit."""
    with visit.writing() as session:
        pages = Pages.of(page, count_conversations(session), A_PAGE)
        lines = lines_of(conversations_of(session, waiting_first(session, pages.cut)), visit)
        visit.note(session, "read the inbox", "hub", visit.hub.id)
    return visit.desk.page("inbox.html", {"visit": visit, "lines": lines, "pages": pages})


@router.get("/{reply_id}")
def show_conversation(visit: InHub, reply_id: str, done: str = "", past: str = "") -> Response:
    """One conversation. That it was read is written into the audit trail."""
    most = EVERYTHING if past == "all" else SHOWN
    with visit.writing() as session:
        answer = _conversation(visit, session, reply_id, Form(), most, DONE.get(done, ""))
        visit.note(session, "read a conversation", "reply", reply_id)
    return answer


@router.post("/{reply_id}/answer")
def save_answer(visit: InHub, reply_id: str, form: Sent) -> Response:
    """Write an answer down; the case's workflow sends it. What waited for it is done."""
    words = form.text("words", "Write your answer first.", most=MOST_WORDS)
    with visit.writing() as session:
        reply = get_reply(session, reply_id)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        if form.ok:
            _answer(visit, session, reply_id, words, form)
        if not form.ok:
            return _conversation(visit, session, reply_id, form, SHOWN)
        location = once.keep(session, visit, form, f"/inbox/{reply_id}?done=answered#answer")
        read = _read_upto(session, reply, form)
        answered(session, read, visit.source.actor, "Answered.", visit.now)
    return see_other(location)


def _answer(visit: Visit, session: HubSession, reply_id: str, words: str, form: Form) -> None:
    try:
        contact = contact_to_answer(session, newest_reply(session, get_reply(session, reply_id)))
        write_answer(session, contact, words, visit.source, visit.now)
    except CannotAnswer as error:
        form.refuse("words", str(error))


@router.post("/{reply_id}/done")
def save_done(visit: InHub, reply_id: str, form: Sent) -> Response:
    """Somebody has read it and nothing is to be said back. Saying so twice changes nothing."""
    with visit.writing() as session:
        reply = get_reply(session, reply_id)
        outcome = "Read; no answer was needed."
        answered(session, _read_upto(session, reply, form), visit.source.actor, outcome, visit.now)
    return see_other(f"/inbox/{reply_id}?done=seen")


@router.post("/{reply_id}/stop")
def save_stop(visit: InHub, reply_id: str, form: Sent) -> Response:
    """Somebody reads that they want no more messages, in whatever words: nothing goes to this
    phone or mailbox any more. Saying so twice changes nothing."""
    with visit.writing() as session:
        reply = get_reply(session, reply_id)
        read = _read_upto(session, reply, form)
        stop_at(session, read, visit.source, visit.now)
        outcome = "They want no more messages there."
        answered(session, read, visit.source.actor, outcome, visit.now)
        visit.note(session, "ended messages to an address", "reply", reply_id)
    return see_other(f"/inbox/{reply_id}?done=stopped")


def _read_upto(session: HubSession, reply: Reply, form: Form) -> Reply:
    """The newest reply that stood on the page when the button was pressed."""
    shown = session.get(Reply, form.kept("seen")) if form.kept("seen") else None
    fits = shown is not None and shown.contact_index == reply.contact_index
    return shown if shown is not None and fits else reply


def _conversation(
    visit: Visit, session: HubSession, reply_id: str, form: Form, most: int, done: str = ""
) -> Response:
    reply = get_reply(session, reply_id)
    [one] = conversations_of(session, [newest_reply(session, reply)])
    thread = thread_of(session, reply, Window(most), visit.reader)
    names = names_of(one.people)
    quiet = policy_of(visit.hub).quiet.contains(visit.now)
    values = {
        "visit": visit,
        "form": form,
        "reply_id": reply.id,
        "seen": one.last.id,
        "channel": one.last.channel,
        "address": one.last.address,
        "address_words": address_words(one.last.channel, one.last.address),
        "names": names,
        "who": who_words(names, address_words(one.last.channel, one.last.address)),
        "tasks": open_tasks(open_about(session, one.last.contact_index)),
        "coming": coming_of(session, one.people, visit),
        "turns": turns_of(session, thread, one.people, visit),
        "more": bool(thread.after),
        "answering": answering(session, one.last, visit),
        "their_clock": dates.clock_words(wall_time(visit.now, visit.hub.zone)) if quiet else "",
        "ago": dates.ago(one.last.received_at, visit.now, visit.hub.zone),
        "done": done,
    }
    return visit.desk.page("conversation.html", values, status=200 if form.ok else 422)
