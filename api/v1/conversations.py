"""Conversations: what people write back, and what they are answered."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.contact_shapes import ContactOut
from api.v1.conversation_shapes import (
    AnswerIn,
    AnswerOut,
    ConversationOut,
    ConversationStory,
    SeenIn,
    SeenOut,
    SenderIn,
    turns_told,
)
from api.v1.paging import Listed, PartAsked
from records.answering import contact_to_answer, write_answer
from records.attributing import belongs_to
from records.conversations import (
    conversations_of,
    conversations_page,
    get_reply,
    newest_reply,
)
from records.database import HubSession
from records.reply_tasks import answered
from records.threads import thread_of

router = guarded_router("conversations")

ReplyId = Annotated[Id, Path(description="Id of any reply of the conversation.")]


@router.get("/conversations", summary="Conversations")
def list_conversations(
    desk: AtDesk,
    asked: PartAsked,
    waiting: Annotated[
        bool | None, Query(description="Only those that wait for a person, or only the others.")
    ] = None,
) -> Listed[ConversationOut]:
    """One for each phone or mailbox from which anything ever came, newest words first."""
    with desk.reading() as session:
        page = conversations_page(session, asked.window, waiting=waiting)
        found = conversations_of(session, page.rows)
        return asked.answer((ConversationOut.told(one) for one in found), page.after)


@router.get(
    "/conversations/{reply_id}",
    summary="One conversation",
    responses=documented(problems.NOT_FOUND),
)
def read_conversation(desk: AtDesk, asked: PartAsked, reply_id: ReplyId) -> ConversationStory:
    """Everything that was said to this phone or mailbox, whatever the case, and everything that
    came back. The newest part comes first; within it, the oldest words."""
    with desk.reading() as session:
        reply = get_reply(session, reply_id)
        [one] = conversations_of(session, [newest_reply(session, reply)])
        thread = thread_of(session, reply, asked.window, desk.caller)
        earlier = urlencode({"limit": asked.window.limit, "after": thread.after})
        return ConversationStory(
            **dict(ConversationOut.told(one)),
            turns=turns_told(thread),
            earlier=f"{asked.path}?{earlier}" if thread.after else None,
        )


@router.post(
    "/conversations/{reply_id}/answers",
    summary="Answer",
    status_code=201,
    response_model=AnswerOut,
    responses=documented(problems.NOT_FOUND, problems.CANNOT_ANSWER),
)
def answer_conversation(desk: AtOnce, reply_id: ReplyId, said: AnswerIn) -> Response:
    """Answer in your own words; the hub's name is put before them. In quiet hours it leaves at
    once to whoever wrote within the hour, and in the morning otherwise. What waited for an
    answer up to this reply is done with it; what came in behind it still waits."""

    def make(session: HubSession) -> AnswerOut:
        reply = get_reply(session, reply_id)
        contact = contact_to_answer(session, newest_reply(session, reply))
        answer = write_answer(session, contact, said.words, desk.source, desk.now)
        answered(session, reply, desk.caller.name, "Answered.", desk.now)
        return AnswerOut.told(answer)

    return desk.do(said, make)


@router.post(
    "/conversations/{reply_id}/done",
    summary="No answer is needed",
    response_model=SeenOut,
    responses=documented(problems.NOT_FOUND),
)
def finish_conversation(desk: AtOnce, reply_id: ReplyId, seen: SeenIn) -> Response:
    """Somebody has read it and nothing is to be said back. Saying so twice changes nothing, and
    what came in behind this reply still waits."""

    def make(session: HubSession) -> SeenOut:
        reply = get_reply(session, reply_id)
        outcome = seen.outcome.strip() or "Read; no answer was needed."
        closed = answered(session, reply, desk.caller.name, outcome, desk.now)
        return SeenOut(closed=closed)

    return desk.do(seen, make, 200)


@router.post(
    "/conversations/{reply_id}/person",
    summary="Say whose number it is",
    status_code=201,
    response_model=ContactOut,
    responses=documented(problems.NOT_FOUND, problems.CONFLICT),
)
def name_sender(desk: AtOnce, reply_id: ReplyId, sender: SenderIn) -> Response:
    """An unknown number belongs to this person, who agreed to messages there. What came from it
    before counts as theirs."""

    def make(session: HubSession) -> ContactOut:
        contact = belongs_to(
            session,
            get_reply(session, reply_id),
            sender.person_id,
            sender.consent_words,
            sender.how.strip(),
            desk.source,
            desk.now,
        )
        return ContactOut.of(contact)

    return desk.do(sender, make)
