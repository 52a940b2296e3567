"""What the house did by itself since the last look: messages, tasks, packet versions, misses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from cli.demonstration.cast import Cast, Someone
from cli.demonstration.telling import Teller, Tone, without_keys
from domain.vocabulary import MessageState
from records.database import HubSession, Records
from records.messages import attempts_of
from records.tables import (
    CaseEvent,
    Hearing,
    HumanTask,
    Message,
    PacketVersion,
    Person,
    PlanStep,
)

_LANGUAGES = {"en": "English", "es": "Spanish"}
_WHY = {
    "enrolled": "a court date",
    "changed": "the date has moved",
    "cancelled": "the date is off",
    "before_7": "a week before",
    "before_3": "three days before",
    "before_1": "the day before",
    "morning": "the same morning",
    "post_miss": "after the missed date",
    "plan_step": "a step of the plan is near",
    "plan_step_missed": "what got in the way?",
    "letter_request": "a letter is asked for",
    "letter_nudge": "a reminder of the letter",
    "counsel_review": "a packet to read",
    "packet_ready": "the approved packet",
    "report_review": "a report to read",
    "referral_request": "a referral",
    "referral_nudge": "a reminder of the referral",
    "referral_met": "did they meet?",
    "first_meeting": "a first meeting is near",
    "ack_step_went": "thanks",
    "ack_step_planned": "thanks",
    "ack_step_why": "what got in the way?",
    "ack_step_noted": "thanks",
}
_NEXT = "It is not tried again; e-mail is next:"
_FOUND = (
    "On the text to {to} the line dropped before the provider answered. Homeward asked, the "
    "provider has it: nothing is sent twice."
)
_GREETING = re.compile(r"^(Hi|Hola) [^,]{1,40}, ?")
_MOVES = {
    "drafting": "The time for collecting is over: drafting begins by itself.",
    "delivered": "What counsel approved waits behind the same link: it is delivered.",
}
_ABOUT_STEPS = ("step_missed", "step_escalated", "step_for_counsel")
_MISSES, _BUILT, _MOVED, _MESSAGES, _TASKS_RANK = 0, 10, 20, 100, 200
_TASKS = {
    "ask_outcome": "what happened in court? ({about})",
    "no_contact": "find a way to reach {person}",
    "step_missed": "“{about}” was missed: ask what got in the way, and help",
    "step_escalated": "“{about}” is still missed: the supervising advocate helps",
    "step_for_counsel": "“{about}” is still missed: tell counsel, and nobody else",
    "step_could_not": "{person} could not do a step: find a new time",
    "plan_paused": "the plan rests while she is held",
    "plan_goes_on": "the plan goes on: talk it through",
    "plan_at_its_end": "the plan is at its end: how did it go?",
    "referral_unanswered": "the provider does not answer: offer it to somebody else",
    "hand_off": "go along to the first meeting, and introduce them",
    "report_waits": "counsel has not read the report yet",
    "progress_report_due": "a progress report is wanted ({about})",
    "nobody_reached": "no message has reached anyone yet ({about})",
    "not_reached": "call {person}: no message gets through",
    "not_told": "call {person}: a reminder did not go out in time",
    "call_now": "call {person} now: a message would come too late",
}


@dataclass(frozen=True, slots=True)
class _Seen:
    key: str
    rank: int
    at: datetime
    tone: Tone
    said: str
    words: str = ""
    preview: str = ""


class Watcher:
    """Looks into the records and tells what is new."""

    def __init__(self, records: Records, hub_id: str, cast: Cast, teller: Teller) -> None:
        self._records = records
        self._hub_id = hub_id
        self._cast = cast
        self._teller = teller
        self._told: set[str] = set()

    def look(self, since: datetime) -> None:
        """Tell what happened from `since` (UTC) on and was not told yet, in order."""
        with self._records.reading(self._hub_id) as session:
            found: list[_Seen] = []
            for kind in (_misses, _messages, _tasks, _versions, _moves):
                found += kind(session, since, self._cast)
        for seen in sorted(found, key=_order):
            if seen.key not in self._told:
                self._told.add(seen.key)
                self._teller.tell(seen.at, seen.tone, seen.said, seen.words, seen.preview)


def _order(seen: _Seen) -> tuple[datetime, int, str]:
    """By the minute, then always alike, whichever of two sends was faster."""
    return seen.at.replace(second=0, microsecond=0), seen.rank, seen.said


def _messages(session: HubSession, since: datetime, cast: Cast) -> Iterable[_Seen]:
    rows = session.exec(
        select(Message, col(Person.first_name))
        .join(Person, col(Person.id) == Message.person_id)
        .where(Message.claimed_at >= since, Message.state != MessageState.CLAIMED)
    ).all()
    for message, first_name in rows:
        place = [person.first_name for person in cast.everyone].index(first_name)
        yield from _message(session, message, cast.everyone[place], _MESSAGES + 10 * place, cast)


def _message(
    session: HubSession, message: Message, to: Someone, rank: int, cast: Cast
) -> Iterable[_Seen]:
    """A message, and what was out of the ordinary about it."""
    key, at, texted = message.id, message.claimed_at, message.channel == "sms"
    said = f"{to.known_as}, {_WHY.get(message.step, message.step)}"
    if message.language != "en":
        said += f", in {_LANGUAGES.get(message.language, message.language)}"
    if message.state == MessageState.FAILED:
        why = f"{said}: refused, code {message.error_code}, a number that takes no texts. {_NEXT}"
        yield _Seen(key, rank, at, Tone.TROUBLE, why)
        return
    tone = Tone.TEXT if texted else Tone.MAIL
    words = without_keys(message.body.strip())
    yield _Seen(key, rank + 1, at, tone, said, words, _beginning(words, cast))
    if "found" in [attempt.outcome for attempt in attempts_of(session, message.id)]:
        yield _Seen(f"{key} found", rank + 2, at, Tone.TROUBLE, _FOUND.format(to=to.known_as))


def _beginning(words: str, cast: Cast) -> str:
    """A message in one line, from where it comes to the point."""
    return _GREETING.sub("", " ".join(words.split()).removeprefix(f"{cast.hub}: "))


def _tasks(session: HubSession, since: datetime, cast: Cast) -> Iterable[_Seen]:
    rows = session.exec(select(HumanTask).where(HumanTask.opened_at >= since)).all()
    for task in rows:
        person = session.get(Person, task.person_id) if task.person_id else None
        about = _about(session, task)
        said = _TASKS.get(task.kind, task.kind.replace("_", " "))
        said = said.format(
            person=_known(cast, person.first_name) if person else "someone", about=about
        )
        yield _Seen(task.id, _TASKS_RANK, task.opened_at, Tone.TASK, f"{cast.advocate}: {said}")


def _about(session: HubSession, task: HumanTask) -> str:
    if task.hearing_id:
        kind = session.get_one(Hearing, task.hearing_id).kind.replace("_", " ")
        return f"{kind} hearing" if kind in ("pretrial", "status") else kind
    step = session.get(PlanStep, task.subject_id) if task.kind in _ABOUT_STEPS else None
    return step.title if step else ""


def _versions(session: HubSession, since: datetime, cast: Cast) -> Iterable[_Seen]:
    rows = session.exec(select(PacketVersion).where(PacketVersion.built_at >= since)).all()
    for version in rows:
        pages = f"{version.pages} pages, Word and PDF" if version.pages else "Word only, no PDF"
        said = f"Version {version.number} of the packet is built: {pages}."
        said = " ".join([said, *version.changes.splitlines()])
        yield _Seen(version.id, _BUILT, version.built_at, Tone.HOUSE, said)


def _moves(session: HubSession, since: datetime, cast: Cast) -> Iterable[_Seen]:
    """What the packet's workflow does by itself."""
    rows = session.exec(
        select(CaseEvent).where(
            col(CaseEvent.kind).in_(_MOVES),
            CaseEvent.track == "packet",
            CaseEvent.source == "agenda",
            CaseEvent.happened_at >= since,
        )
    ).all()
    for event in rows:
        yield _Seen(event.id, _MOVED, event.happened_at, Tone.HOUSE, _MOVES[event.kind])


def _misses(session: HubSession, since: datetime, cast: Cast) -> Iterable[_Seen]:
    rows = session.exec(
        select(CaseEvent).where(CaseEvent.kind == "step_missed", CaseEvent.happened_at >= since)
    ).all()
    for event in rows:
        step = session.get_one(PlanStep, event.subject_id)
        said = f"No word that “{step.title}” was done; its days of grace are over"
        yield _Seen(event.id, _MISSES, event.happened_at, Tone.HOUSE, said)


def _known(cast: Cast, first_name: str) -> str:
    return next((p.known_as for p in cast.everyone if p.first_name == first_name), first_name)
