"""Conversations as the pages show them: who it is, what was said, and whether one may answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.fates import fate_of
from api.pages.own_words import Words
from api.pages.people import next_hearings
from api.pages.session import Visit
from domain.court_time import wall_time
from domain.facts import AnswerFacts
from domain.ledger import Ledger
from domain.mailing import plan_answer
from domain.segments import count_segments
from domain.vocabulary import Channel
from records.answering import (
    ANSWER_USEFUL,
    CannotAnswer,
    answer_carrier,
    contact_to_answer,
)
from records.conversations import Conversation
from records.correspondents import Correspondent, Standing
from records.database import HubSession
from records.hearing_answers import newest_answers
from records.hubs import policy_of
from records.reply_tasks import CLOSED_BY_AN_ANSWER
from records.tables import Answer, ContactPoint, HumanTask, Message, Reply, StaffMember
from records.team import in_team
from records.threads import Thread, Turn, said_at

SNIPPET = 160
"""Characters of the last words that a list shows."""


@dataclass(frozen=True, slots=True)
class Name:
    """Someone in a conversation: "Denise Johnson", "mother of Marcus Johnson"."""

    full: str
    first: str
    language: str
    standings: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One conversation of the list.

    Attributes:
        names: everyone with this phone or mailbox; none for an unknown one.
        address: as people write it.
        words: the last ones, cut to `SNIPPET`.
        wants: why it waits.
    """

    id: str
    names: tuple[Name, ...]
    address: str
    words: str
    at: datetime
    ago: str
    wants: tuple[wording.Status, ...]

    @property
    def who(self) -> str:
        """Everyone's names, or the number itself."""
        return who_words(self.names, self.address)


@dataclass(frozen=True, slots=True)
class TurnView:
    """Something that was said.

    Attributes:
        theirs: they said it.
        by: who wrote it, for an answer in somebody's own words.
        what: which message it was; "" for words of their own.
        about: the participant whose case it is about, where several may be meant.
    """

    at: datetime
    theirs: bool
    what: str
    by: str
    about: str
    text: str
    lang: str
    status: wording.Status | None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something about this conversation that waits for a person."""

    id: str
    want: wording.Status
    by_answer: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What somebody said about coming to a hearing."""

    who: str
    whose: str
    when: datetime
    said: wording.Status


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether one may answer, and what to know before.

    Attributes:
        why_not: what stands in the way and what to do; "" when nothing does.
        before: what will stand before the words: the hub's name.
        room: characters that fit behind it into the first part of a text; 0 for e-mail.
        leaves: when it leaves, where that is not at once; "" otherwise.
        kept: nothing would really leave: a trial, or no provider.
    """

    why_not: str
    before: str = ""
    room: int = 0
    leaves: str = ""
    kept: str = ""


def who_words(names: Sequence[Name], address: str) -> str:
    """Everyone's names, or the number itself."""
    return " or ".join(dict.fromkeys(name.full for name in names)) or address


def address_words(channel: str, address: str) -> str:
    """A number or mailbox as people write it."""
    return address if channel == Channel.EMAIL else wording.phone_words(address)


def lines_of(conversations: Iterable[Conversation], visit: Visit) -> list[InboxLine]:
    """Conversations as lines of the list."""
    return [_line(one, visit) for one in conversations]


def _line(one: Conversation, visit: Visit) -> InboxLine:
    reply, zone = one.last, visit.hub.zone
    words = " ".join(reply.body.split())
    return InboxLine(
        id=reply.id,
        names=names_of(one.people),
        address=address_words(reply.channel, reply.address),
        words=wording.cut(words, SNIPPET),
        at=wall_time(reply.received_at, zone),
        ago=dates.ago(reply.received_at, visit.now, zone),
        wants=tuple(wording.wants(kind) for kind in wording.worst_first(one.wants)),
    )


def names_of(people: Iterable[Correspondent]) -> tuple[Name, ...]:
    """People as a conversation names them."""
    return tuple(Name(who.name, who.first_name, who.language, who.standings) for who in people)


def open_tasks(tasks: Iterable[HumanTask]) -> list[OpenTask]:
    """What waits in a conversation, one line for each task."""
    return [
        OpenTask(task.id, wording.wants(task.kind), task.kind in CLOSED_BY_AN_ANSWER)
        for task in tasks
    ]


def turns_of(
    session: HubSession, thread: Thread, people: Sequence[Correspondent], visit: Visit
) -> list[TurnView]:
    """Everything in a thread, oldest first."""
    cases = {standing.case_id for who in people for standing in who.standings}
    cases |= {turn.case_id for turn in thread.turns if turn.case_id}
    whose = {s.case_id: s.participant for who in people for s in who.standings}
    several = len(cases) > 1
    authors = _staff(session, thread)
    return [_turn(turn, thread, authors, whose if several else {}, visit) for turn in thread.turns]


def _turn(
    turn: Turn,
    thread: Thread,
    authors: Mapping[str, str],
    whose: Mapping[str, str],
    visit: Visit,
) -> TurnView:
    theirs = isinstance(turn, Reply)
    author = turn.written_by if isinstance(turn, Answer) else thread.authors.get(turn.id, "")
    return TurnView(
        at=wall_time(said_at(turn), visit.hub.zone),
        theirs=theirs,
        what=wording.message_step(turn.step) if isinstance(turn, Message) and not author else "",
        by=authors.get(author, author),
        about=whose.get(turn.case_id or "", ""),
        text=turn.body,
        lang=turn.language if isinstance(turn, Message) and not author else "",
        status=_status(turn, thread, visit),
    )


def _status(turn: Turn, thread: Thread, visit: Visit) -> wording.Status | None:
    if isinstance(turn, Message):
        return fate_of(turn, thread.again, visit.hub.zone)
    if isinstance(turn, Reply):
        return None if turn.channel == Channel.SMS else _by_which_way(turn.channel)
    if turn.until <= visit.now:
        return wording.Status("did not leave in time: please call", "cross", "amber")
    return wording.Status("waits to leave", "ring")


def _by_which_way(channel: str) -> wording.Status:
    return wording.Status(wording.how_words(channel), "ring")


def _staff(session: HubSession, thread: Thread) -> dict[str, str]:
    """Sign-in → name of whoever wrote an answer."""
    wanted = {turn.written_by for turn in thread.turns if isinstance(turn, Answer)}
    wanted |= set(thread.authors.values())
    rows = session.exec(
        select(col(StaffMember.sign_in), col(StaffMember.name)).where(
            col(StaffMember.sign_in).in_(wanted)
        )
    ).all()
    return dict(rows)


def coming_of(session: HubSession, people: Sequence[Correspondent], visit: Visit) -> list[Coming]:
    """What these people said about the next hearing of each of their cases."""
    whose = {s.case_id: s.participant for who in people for s in who.standings if s.open}
    going_on = timedelta(hours=visit.hub.ask_outcome_hours)
    names = {who.person_id: who.name for who in people}
    hearings = next_hearings(session, whose.keys(), visit.now, going_on)
    return [
        Coming(names[person], whose[case_id], hearing.local_time, wording.said(answer.said))
        for case_id, hearing in sorted(hearings.items(), key=lambda one: one[1].starts_at)
        for person, answer in newest_answers(session, hearing).items()
        if person in names
    ]


def answering(session: HubSession, last: Reply, visit: Visit) -> Answering:
    """Whether somebody may be answered now, and how the answer would leave.

    Args:
        session: of the hub.
        last: the newest reply of the conversation.
        visit: whose hub and clock.
    """
    try:
        contact = contact_to_answer(session, last)
        answer_carrier(session, contact, last)
    except CannotAnswer as error:
        return Answering(Words(str(error)))
    name = visit.hub.text_name or visit.hub.name
    before = f"{name}: "
    return Answering(
        why_not="",
        before=before,
        room=_room(before) if contact.channel == Channel.SMS else 0,
        leaves=_leaves(session, contact, last, visit),
        kept=_kept(session, contact, visit),
    )


def _room(before: str) -> int:
    found = count_segments(before)
    return max(0, (160 if found.encoding == "GSM-7" else 70) - found.units)


def _leaves(session: HubSession, contact: ContactPoint, last: Reply, visit: Visit) -> str:
    """When an answer written now would leave, by the planner that will send it."""
    answer = AnswerFacts(
        id="new",
        person_id=contact.person_id,
        contact_id=contact.id,
        channel=Channel(contact.channel),
        step="answer",
        written_at=visit.now,
        until=visit.now + ANSWER_USEFUL,
        asked_at=last.received_at,
    )
    policy = policy_of(visit.hub)
    [item] = plan_answer(answer, Ledger((), frozenset()), policy, visit.now)
    if item.due <= visit.now:
        return ""
    local = wall_time(item.due, policy.zone)
    return f"{dates.day_words(local.date())} at {dates.clock_words(local)}"


def _kept(session: HubSession, contact: ContactPoint, visit: Visit) -> str:
    if visit.hub.example:
        return Words("This is an example: the answer stays here, and nobody gets it.")
    if visit.hub.trial and not in_team(session, contact.channel, contact.address):
        return Words("This hub is in trial: the answer is kept back, and nobody gets it.")
    desk = visit.desk
    carried = desk.sends_email if contact.channel == Channel.EMAIL else desk.sends_texts
    if not carried:
        return Words(
            "No provider is set up for that: the answer stays in the outbox, nobody gets it."
        )
    return ""
