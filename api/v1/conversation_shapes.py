"""Conversations as the API takes and tells them."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from api.fields import Id, In, Instant, Line, Name, Out, said_text
from api.v1.standing_shapes import CorrespondentOut
from domain.status_words import status_words
from records.answering import MOST_WORDS
from records.conversations import Conversation
from records.tables import Answer, Message, Reply
from records.threads import Thread, Turn

_WORDS = r"^[^\x00]*[^\x00\s][^\x00]*$"

Words = Annotated[
    str,
    StringConstraints(max_length=MOST_WORDS),
    AfterValidator(said_text),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_WORDS, "pattern": _WORDS}),
]
"""Text that says something and fits behind the hub's name."""


class ConversationOut(Out):
    """One phone or mailbox: who has it, and the last words that came from it."""

    id: Id = Field(description="Id of its newest reply.")
    channel: str
    address: str
    received_at: Instant
    words: str
    waiting: bool
    wants: list[str] = Field(description="Kinds of the open tasks about it.")
    people: list[CorrespondentOut] = Field(
        description="Everyone with this phone or mailbox; empty for an unknown one."
    )

    @classmethod
    def told(cls, one: Conversation) -> Self:
        """The same as the API tells it."""
        return cls(
            id=one.last.id,
            channel=one.last.channel,
            address=one.last.address,
            received_at=one.last.received_at,
            words=one.last.body,
            waiting=one.waiting,
            wants=list(one.wants),
            people=[CorrespondentOut.told(who) for who in one.people],
        )


class TurnOut(Out):
    """Something that was said, by them or to them."""

    id: Id
    kind: str = Field(description="reply, message, or answer for one that has not left yet.")
    at: Instant
    from_them: bool = False
    words: str
    channel: str = Field(default="", description="How it went; empty for what has not left yet.")
    case_id: Id | None
    person_id: Id | None
    step: str = Field(default="", description="Which message it was; empty for a reply.")
    read_as: str = Field(default="", description="How a reply was understood; empty for a message.")
    state: str = ""
    status_words: str = Field(default="", description="What became of a message, in plain words.")
    tried_again_at: Instant | None = Field(
        default=None, description="When a phone that was off was tried again."
    )
    written_by: str = Field(default="", description="Who wrote an answer.")


class ConversationStory(ConversationOut):
    """A conversation with what was said in it, oldest first."""

    turns: list[TurnOut]
    earlier: str | None = Field(description="Address of the part before this one; null at the end.")


class AnswerIn(In):
    """An answer in the advocate's own words."""

    words: Words


class AnswerOut(Out):
    """An answer on its way out."""

    id: Id
    case_id: Id | None
    person_id: Id
    contact_id: Id
    words: str
    written_at: Instant
    until: Instant = Field(description="It is not sent any more after that.")

    @classmethod
    def told(cls, answer: Answer) -> Self:
        """The same as the API tells it."""
        return cls(
            id=answer.id,
            case_id=answer.case_id,
            person_id=answer.person_id,
            contact_id=answer.contact_id,
            words=answer.body,
            written_at=answer.written_at,
            until=answer.until,
        )


class SeenIn(In):
    """Why no answer is needed."""

    outcome: Line = ""


class SeenOut(Out):
    """What is done with that."""

    closed: int = Field(description="How many tasks were waiting for it.")


class SenderIn(In):
    """Whose number it is, and how they agreed to messages there."""

    person_id: Id
    consent_words: Name = Field(description="What they said when they agreed.")
    how: Line = Field("", description="How they agreed: in person, by phone, on paper, by text …")


def turns_told(thread: Thread) -> list[TurnOut]:
    """Everything in a thread as the API tells it."""
    return [_turn(turn, thread) for turn in thread.turns]


def _turn(turn: Turn, thread: Thread) -> TurnOut:
    if isinstance(turn, Reply):
        return _from_them(turn)
    return _to_them(turn, thread) if isinstance(turn, Message) else _still_here(turn)


def _from_them(reply: Reply) -> TurnOut:
    return TurnOut(
        id=reply.id,
        kind="reply",
        at=reply.received_at,
        from_them=True,
        words=reply.body,
        channel=reply.channel,
        case_id=reply.case_id,
        person_id=reply.person_id,
        read_as=reply.read_as,
    )


def _to_them(message: Message, thread: Thread) -> TurnOut:
    return TurnOut(
        id=message.id,
        kind="message",
        at=message.claimed_at,
        words=message.body,
        channel=message.channel,
        case_id=message.case_id,
        person_id=message.person_id,
        step=message.step,
        state=message.state,
        status_words=status_words(
            message.state, message.transport, message.error_code, message.channel
        ),
        tried_again_at=thread.again.get(message.id),
        written_by=thread.authors.get(message.id, ""),
    )


def _still_here(answer: Answer) -> TurnOut:
    return TurnOut(
        id=answer.id,
        kind="answer",
        at=answer.written_at,
        words=answer.body,
        case_id=answer.case_id,
        person_id=answer.person_id,
        step=answer.step,
        written_by=answer.written_by,
    )
