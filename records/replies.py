"""Replies: what someone wrote back is kept, understood where it is plain, and never lost.

A reply is taken in once, however often the provider reports it. What it asks for is done in the
same transaction: opting out, confirming, a task for a person; and what is to be said back is
written down, so that the case's workflow says it once, whatever crashes in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.replies import Reading, ReplyKind, read_reply
from domain.step_replies import StepReply, read_step_reply
from domain.vocabulary import Channel
from records.addresses import BadAddress, address_index, normalise
from records.answering import acknowledge, close_questions, open_question
from records.casework import Source, record_event
from records.circle import agree, mark_unreachable, opt_out, talked_about
from records.database import HubSession, Records
from records.family_ending import end_pages_at_a_wrong_number
from records.hearing_answers import SAID, about_hearing, note_answer
from records.plans import MISSED
from records.reply_tasks import ask_a_person, open_step_task, settled_by_choice
from records.step_answers import AskedStep, step_asked, take_step_reply
from records.tables import Case, ContactPoint, Hub, Reply

WRONG_NUMBER = "wrong-number"
"""The code of a contact at which somebody else answered."""
PHONES = frozenset({Channel.SMS, Channel.VOICE})


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that came in.

    Attributes:
        address: normalised.
        answered: the provider itself has told them what their word did, as carriers do with STOP.
        about: our id of the message that it answers, as the call whose keys were pressed.
    """

    channel: Channel
    address: str
    body: str
    provider_id: str
    answered: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who may have written, from where, and about which cases.

    Attributes:
        contacts: everyone's ways at this address, first the one that was used.
        people: ids; several for a phone that is shared.
        cases: open ones in which these people are told of hearings.
    """

    contacts: Sequence[ContactPoint]
    people: Sequence[str]
    cases: Sequence[Case]

    @property
    def person_id(self) -> str | None:
        """Who wrote, where only one person has this number."""
        return self.people[0] if len(self.people) == 1 else None


def receive_text(
    records: Records,
    sender: str,
    body: str,
    provider_id: str,
    now: datetime,
    *,
    channel: Channel = Channel.SMS,
    answered: bool = False,
    about: str = "",
) -> list[ReplyKind]:
    """Take in what somebody wrote, or the key they pressed in a call.

    Every hub that knows the address hears of it. A number that nobody knows goes to the hub that
    was here first, for a person to look at; nothing else follows from it, and an e-mail from an
    unknown address is dropped. The same text reported twice is one. An example hears of nothing:
    nothing left it that could be answered.

    Args:
        records: all of them.
        sender: phone or mailbox, in any spelling.
        body: the words.
        provider_id: the provider's id of this very message.
        now: UTC.
        channel: how it came.
        answered: the provider has already confirmed it to the sender.
        about: our id of the message that it answers, where that is known; "" otherwise.

    Returns:
        What it meant, once for each hub that took it in.
    """
    try:
        address = normalise(channel, sender)
    except BadAddress:
        return []
    body = body.replace("\x00", "").encode("utf-8", "ignore").decode()  # half a letter is none
    incoming = Incoming(channel, address, body, provider_id, answered, about)
    kinds = []
    for hub_id in _hubs_for(records, channel, address):
        with records.writing(hub_id) as session:
            kind = take_in(session, incoming, now)
            if kind is not None:
                kinds.append(kind)
    return kinds


def _hubs_for(records: Records, channel: Channel, address: str) -> list[str]:
    with records.reading("") as session:
        real = col(Hub.example).is_(False)
        known = session.exec(
            select(col(ContactPoint.hub_id))
            .join(Hub, col(Hub.id) == ContactPoint.hub_id)
            .where(ContactPoint.address_index == address_index(address), real)
        ).all()
        if known or channel is Channel.EMAIL:  # else every advertisement is an inbox entry
            return sorted(set(known))
        first = session.exec(
            select(col(Hub.id)).where(real).order_by(col(Hub.created_at), col(Hub.id))
        ).first()
    return [first] if first else []


def take_in(session: HubSession, incoming: Incoming, now: datetime) -> ReplyKind | None:
    """Take something in for the hub of this session alone; None when it is known already."""
    reply = _kept(session, incoming, now)
    if reply is None:
        return None
    where = circumstances(session, incoming.channel, incoming.address)
    reply.person_id = where.person_id
    reply.contact_id = where.contacts[0].id if where.contacts else None
    about = step_asked(session, where.contacts, now) if incoming.channel is Channel.SMS else None
    said = read_step_reply(incoming.body, _believed(incoming), about.asked) if about else None
    if about is not None and said is not None:
        return _about_step(session, reply, about, said, where, now)
    reading = _in_context(session, _believed(incoming), where, now)
    if reading.kind is ReplyKind.CHOICE:
        return _choose(session, reply, reading, where, incoming, now)
    act_on(session, reply, reading, where, incoming, now)
    return reading.kind


def _about_step(
    session: HubSession,
    reply: Reply,
    about: AskedStep,
    said: StepReply,
    where: Circumstances,
    now: datetime,
) -> ReplyKind:
    """They answered about a step of their plan: do it, thank them, and tell a person."""
    heard = Source("themselves", reply.channel)
    reply.read_as, reply.case_id = said.kind, about.case.id
    session.add(reply)
    session.flush()
    was_missed = about.step.state in MISSED
    to_check = take_step_reply(session, about, said, heard, now)
    record_event(
        session, about.case, "circle", f"reply_{said.kind}", heard, now, subject_id=reply.id
    )
    listened = any(contact.opted_out_at is None for contact in where.contacts)
    acknowledge(
        session,
        reply,
        ReplyKind.STEP_WHY if said.words else said.kind,
        None,
        [about.case],
        _to_answer(where, Channel(reply.channel)),
        now,
        asks_which=False,
        listened=listened,
    )
    # Of a missed step its own ladder tells the advocate, as soon as there is an answer.
    told_already = was_missed and said.kind is ReplyKind.STEP_COULD_NOT
    kinds = [] if told_already else [said.kind]
    ask_a_person(session, reply, kinds, None, [about.case], now, known=True)
    if to_check:
        open_step_task(
            session, "step_check", about.case, about.step, reply.person_id, reply.id, now
        )
    return said.kind


def _believed(incoming: Incoming) -> Reading:
    """What a reply means. Anyone can write an e-mail in anyone's name: it ends e-mail, or it is
    shown to a person, and does nothing else."""
    reading = read_reply(incoming.body)
    if incoming.channel is not Channel.EMAIL:
        return reading
    if reading.kind is ReplyKind.STOP:
        return Reading(ReplyKind.STOP)
    return Reading(ReplyKind.FOR_A_PERSON)


def _kept(session: HubSession, incoming: Incoming, now: datetime) -> Reply | None:
    """The reply as a new row; None when it is here already."""
    reply = Reply(
        contact_index=address_index(incoming.address),
        channel=incoming.channel,
        address=incoming.address,
        body=incoming.body,
        received_at=now,
        provider_id=incoming.provider_id,
    )
    try:
        with session.begin_nested():
            session.add(reply)
    except IntegrityError:
        return None
    return reply


def circumstances(session: HubSession, channel: Channel, address: str) -> Circumstances:
    """Who has this address, and in which open cases they are told of hearings."""
    alike = PHONES if channel in PHONES else frozenset({channel})
    contacts = sorted(
        session.exec(
            select(ContactPoint).where(
                ContactPoint.address_index == address_index(address),
                col(ContactPoint.channel).in_(sorted(alike)),
            )
        ).all(),
        key=lambda contact: (contact.channel != channel, contact.id),
    )
    people = sorted({contact.person_id for contact in contacts})
    cases = {case.id: case for person in people for case in talked_about(session, person)}
    return Circumstances(contacts, people, [cases[case_id] for case_id in sorted(cases)])


def _in_context(
    session: HubSession, reading: Reading, where: Circumstances, now: datetime
) -> Reading:
    """A letter chooses only while a choice is open, and "yes" answers whoever asked last."""
    question = open_question(session, where.contacts, now)
    letters = len(question.choices) if question is not None else 0
    if reading.kind is ReplyKind.CHOICE and not _is_among(reading.choice, letters):
        return Reading(ReplyKind.FOR_A_PERSON)
    if question is not None and question.step == "answer":
        return _to_whoever_asked(reading)
    return reading


def _to_whoever_asked(reading: Reading) -> Reading:
    """A "yes" to an advocate's question is no promise to come to court."""
    also = tuple(kind for kind in reading.also if kind is not ReplyKind.CONFIRMED)
    if reading.kind is ReplyKind.CONFIRMED:
        return Reading(ReplyKind.FOR_A_PERSON, also)
    return replace(reading, also=also)


def _is_among(letter: str, count: int) -> bool:
    return bool(letter) and ord(letter) - ord("A") < count


def _choose(
    session: HubSession,
    reply: Reply,
    reading: Reading,
    where: Circumstances,
    incoming: Incoming,
    now: datetime,
) -> ReplyKind:
    """They said which case they meant: their earlier words are acted on for that one."""
    question = open_question(session, where.contacts, now)
    assert question is not None
    case_id = question.choices[ord(reading.choice) - ord("A")]
    earlier = session.get(Reply, question.reply_id) if question.reply_id else None
    meant = read_reply(earlier.body) if earlier is not None else Reading(ReplyKind.FOR_A_PERSON)
    question.choices = []
    session.add(question)
    if earlier is not None:
        settled_by_choice(session, earlier, now)
    chosen = [case for case in where.cases if case.id == case_id]
    narrowed = Circumstances(where.contacts, where.people, chosen)
    reply.read_as = ReplyKind.CHOICE
    session.add(reply)
    if earlier is not None and chosen:
        earlier.case_id = case_id
        session.add(earlier)
    act_on(session, reply, meant, narrowed, incoming, now, chosen=True)
    return meant.kind


def act_on(
    session: HubSession,
    reply: Reply,
    reading: Reading,
    where: Circumstances,
    incoming: Incoming,
    now: datetime,
    *,
    chosen: bool = False,
) -> None:
    """Everything that a reply asks for, the most urgent first; then what is said back."""
    if not chosen:
        reply.read_as = reading.kind
    reply.also = ",".join(reading.also)
    if len(where.cases) == 1:
        reply.case_id = where.cases[0].id
    session.add(reply)
    session.flush()
    known = {contact.id for contact in where.contacts if contact.opted_out_at is not None}
    listened = any(contact.id not in known for contact in where.contacts)
    kinds = (reading.kind, *reading.also)
    hearing = about_hearing(session, where.contacts, where.cases, now, incoming.about)
    asks_which = (
        hearing is None
        and len(where.cases) > 1
        and bool(set(kinds) & SAID.keys())
        and reading.kind not in ENDING
    )
    for kind in kinds:
        _change_contacts(session, reply, kind, reading, where, incoming, now)
        if kind in SAID and hearing is not None:
            reply.hearing_id, reply.case_id = hearing.id, hearing.case_id
            note_answer(session, reply, hearing, where.people, SAID[kind], now)
    heard = Source("themselves", incoming.channel)
    for case in where.cases:
        record_event(
            session, case, "circle", f"reply_{reading.kind}", heard, now, subject_id=reply.id
        )
    said_back = None
    if where.contacts and not incoming.answered:
        said_back = acknowledge(
            session,
            reply,
            reading.kind,
            hearing,
            where.cases,
            _to_answer(where, incoming.channel),
            now,
            asks_which=asks_which,
            listened=listened,
        )
    asked = said_back is not None and bool(said_back.choices)
    ask_a_person(
        session,
        reply,
        kinds,
        hearing,
        where.cases,
        now,
        known=bool(where.contacts),
        asked=asked,
        closed=all(contact.unreachable_at is not None for contact in where.contacts),
    )


ENDING = frozenset({ReplyKind.STOP, ReplyKind.START, ReplyKind.WRONG_NUMBER})
"""What is confirmed before anything else is asked."""


def _to_answer(where: Circumstances, channel: Channel) -> ContactPoint:
    """Where an acknowledgement goes: the way it came by, of somebody who still wants it."""
    return min(
        where.contacts,
        key=lambda contact: (contact.channel != channel, contact.opted_out_at is not None),
    )


def _change_contacts(
    session: HubSession,
    reply: Reply,
    kind: ReplyKind,
    reading: Reading,
    where: Circumstances,
    incoming: Incoming,
    now: datetime,
) -> None:
    heard = Source("themselves", incoming.channel)
    if kind is ReplyKind.STOP:
        close_questions(session, where.contacts)
        for contact in _stopped(session, reading, where, incoming):
            if contact.opted_out_at is None:
                opt_out(session, contact, heard, now, words=incoming.body)
    elif kind is ReplyKind.START:
        for contact in where.contacts:
            if contact.opted_out_at is not None and contact.channel == incoming.channel:
                agree(session, contact, incoming.body, incoming.channel, now)
    elif kind is ReplyKind.WRONG_NUMBER:
        for contact in where.contacts:
            if contact.unreachable_at is None:
                mark_unreachable(session, contact, WRONG_NUMBER, heard, now)
                end_pages_at_a_wrong_number(session, contact.person_id, now)


def _stopped(
    session: HubSession, reading: Reading, where: Circumstances, incoming: Incoming
) -> list[ContactPoint]:
    """What a STOP ends: the way it came by; everything of this person, if they say so."""
    if not reading.everywhere:
        return [contact for contact in where.contacts if contact.channel == incoming.channel]
    if where.person_id is None:
        return list(where.contacts)
    return list(
        session.exec(select(ContactPoint).where(ContactPoint.person_id == where.person_id)).all()
    )


def stop_at(session: HubSession, reply: Reply, source: Source, now: datetime) -> int:
    """A person reads in a reply that no more messages are wanted: every way to this phone or
    mailbox ends, texts and calls alike.

    Returns:
        How many contacts that ended; 0 when they had ended before.
    """
    ending = session.exec(
        select(ContactPoint).where(
            ContactPoint.address_index == reply.contact_index,
            col(ContactPoint.opted_out_at).is_(None),
        )
    ).all()
    for contact in ending:
        opt_out(session, contact, source, now, words=reply.body)
    return len(ending)


__all__ = ["Circumstances", "Incoming", "act_on", "circumstances", "receive_text", "stop_at"]
