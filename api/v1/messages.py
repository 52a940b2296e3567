"""Messages: what was said to whom, every attempt, and its fate."""

from typing import Annotated, Any, Self

from fastapi import Path, Query
from pydantic import Field
from sqlmodel import select

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.permissions import SEES_BODIES
from api.problems import Refusal, documented
from api.v1.paging import Listed, PartAsked, listed
from domain.status_words import status_words
from domain.vocabulary import MessageState
from records.casework import NotFound
from records.listing_queries import messages_page
from records.messages import attempts_of
from records.referral_wall import outside_wall
from records.tables import Message

router = guarded_router("messages")

_PERSONAL = frozenset({"case_id", "plan_id", "person_id", "contact_id", "subject_line", "body"})


class MessageOut(Out):
    """One message to one person. What it said, and to whom, is for the case's team alone."""

    id: Id
    case_id: Id | None
    plan_id: Id | None
    person_id: Id | None
    contact_id: Id | None
    step: str
    audience: str
    language: str
    channel: str
    transport: str = Field(description="What carried it; outbox when nothing left.")
    template: str
    template_version: str
    subject_line: str | None
    body: str | None
    segments: int
    state: str
    error_code: str
    status_words: str = Field(description="What became of it, in plain words.")
    claimed_at: Instant
    settled_at: Instant | None
    attempts: int

    @classmethod
    def of(cls, row: Any) -> Self:
        """A message with its fate in words."""
        return cls.model_validate({**_told(row), "status_words": _fate(row)})


class AttemptOut(Out):
    """One try to hand a message to a provider."""

    number: int
    tried_at: Instant
    outcome: str
    error_code: str


class MessageStory(MessageOut):
    """A message with every attempt."""

    tries: list[AttemptOut]


def _told(message: Message) -> dict[str, Any]:
    names = MessageOut.model_fields.keys() - {"status_words"}
    return {name: getattr(message, name) for name in names}


def _fate(message: Message) -> str:
    return status_words(message.state, message.transport, message.error_code, message.channel)


def _without_person(message: Message) -> MessageOut:
    told = {name: None if name in _PERSONAL else value for name, value in _told(message).items()}
    return MessageOut.model_validate({**told, "status_words": _fate(message)})


@router.get("/messages", summary="Messages", responses=documented(problems.NOT_FOUND))
def list_messages(
    desk: AtDesk,
    asked: PartAsked,
    case_id: Annotated[Id | None, Query(description="Of one case.")] = None,
    state: Annotated[MessageState | None, Query()] = None,
    since: Annotated[Instant | None, Query(description="Claimed then or later.")] = None,
) -> Listed[MessageOut]:
    """Messages, newest first. Roles outside the case's team see that there was one, not to
    whom and not what it said."""
    may = desk.caller.role in SEES_BODIES
    if case_id is not None and not may:
        raise Refusal(
            problems.NOT_ALLOWED, "Leave out case_id: it needs a role of the case's team."
        )
    with desk.reading() as session:
        page = messages_page(
            session,
            asked.window,
            desk.caller,
            case_id=case_id or "",
            state=state or "",
            since=since,
        )
        return listed(asked, page, MessageOut.of if may else _without_person)


@router.get(
    "/messages/{message_id}", summary="One message", responses=documented(problems.NOT_FOUND)
)
def read_message(
    desk: AtDesk, message_id: Annotated[Id, Path(description="Id of a message.")]
) -> MessageStory:
    """One message with every attempt to send it."""
    with desk.reading() as session:
        message = session.exec(
            select(Message).where(
                Message.id == message_id,
                outside_wall(Message, desk.caller.role, desk.caller.id),
            )
        ).first()
        if message is None:
            raise NotFound("message")
        tries = [AttemptOut.of(attempt) for attempt in attempts_of(session, message.id)]
        return MessageStory(**dict(MessageOut.of(message)), tries=tries)
