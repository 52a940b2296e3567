"""Reading one case, whole, into the plain values that its planner and its words need.

This is the hot path: six prepared statements (records/prepared.py), no objects that track
changes. Names and addresses stay sealed until a message is really written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from domain.court_time import QuietHours
from domain.facts import (
    AnswerFacts,
    CaseFacts,
    ContactFacts,
    HearingFacts,
    HubPolicy,
    MessageFact,
    PersonFacts,
    When,
)
from domain.vocabulary import (
    LADDER,
    LEFT,
    Appearance,
    Audience,
    Channel,
    HearingKind,
    HearingStatus,
    MessageState,
)
from records.circle import REMINDERS
from records.crypto import keys
from records.database import HubSession
from records.hubs import closed_days
from records.prepared import Prepared
from records.tables import (
    Answer,
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    HearingRevision,
    Hub,
    HumanTask,
    Message,
    Person,
    Reply,
    Supporter,
)

_FIRST_NAME = "person.first_name"
_ADDRESS = "contact_point.address"
_WORDS = "answer.body"


@dataclass(frozen=True, slots=True)
class HubCard:
    """What a message says about its sender, and what the sender allows.

    Attributes:
        text_name: what texts call the hub; "" for its name.
        trial: only the hub's own team gets messages.
        daily_cap: messages in a local day; 0 for any number.
    """

    name: str
    phone: str
    default_language: str
    zone: str
    text_name: str = ""
    trial: bool = False
    daily_cap: int = 0


@dataclass(frozen=True, slots=True)
class HearingCard:
    """When and where a hearing is, in the court's own words and on its own clock."""

    local_time: datetime
    room: str
    place: str
    kind: str


@dataclass(frozen=True)
class PersonCard:
    """Someone's name and language; the name is opened only when it is asked for."""

    sealed_name: str
    language: str

    @cached_property
    def first_name(self) -> str:
        """The first name, decrypted."""
        return _opened(self.sealed_name, _FIRST_NAME)


@dataclass(frozen=True)
class ContactCard:
    """Where someone is reached; opened only when it is asked for."""

    id: str
    sealed_address: str

    @cached_property
    def address(self) -> str:
        """The phone (E.164) or e-mail address, decrypted."""
        return _opened(self.sealed_address, _ADDRESS)


@dataclass(frozen=True)
class AnswerCard:
    """What an answer says: an advocate's words, opened only when asked for, or about what.

    Attributes:
        hearing_id: the hearing that an acknowledgement repeats; "" for none.
        choices: the cases among which a shared number is asked to choose.
    """

    sealed_words: str
    hearing_id: str
    choices: tuple[str, ...]

    @cached_property
    def words(self) -> str:
        """The advocate's words, decrypted."""
        return _opened(self.sealed_words, _WORDS)


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """One case as its planner sees it, and what its messages would say.

    Attributes:
        facts: for the planner.
        hub: the sender.
        participant: the defendant.
        people: names and languages by person id.
        contacts: by id; the usable ones, and those that an answer goes to.
        hearings: by hearing id and revision.
        answers: by id; what is to be said back to people who wrote.
    """

    facts: CaseFacts
    hub: HubCard
    participant: PersonCard
    people: Mapping[str, PersonCard]
    contacts: Mapping[str, ContactCard]
    hearings: Mapping[tuple[str, int], HearingCard]
    answers: Mapping[str, AnswerCard]


def _opened(value: str, place: str) -> str:
    return keys().open_text(value, place) if value else ""


_HUB_COLUMNS = (
    col(Hub.name),
    col(Hub.phone),
    col(Hub.default_language),
    col(Hub.zone),
    col(Hub.text_name),
    col(Hub.trial),
    col(Hub.daily_cap),
    col(Hub.zone),
    col(Hub.quiet_from),
    col(Hub.quiet_to),
    col(Hub.reminder_days),
    col(Hub.reminder_at),
    col(Hub.morning_at),
    col(Hub.step_notice_days),
    col(Hub.step_grace_days),
    col(Hub.packet_lead_days),
    col(Hub.ask_outcome_hours),
)

_CASE = Prepared(
    select(  # type: ignore[call-overload]
        col(Case.revision),
        col(Case.stage),
        col(Case.custody),
        col(Case.released_at),
        col(Case.enrolled_at),
        col(Person.id),
        col(Person.first_name),
        col(Person.language),
        *_HUB_COLUMNS,
    )
    .join(Defendant, col(Defendant.id) == Case.defendant_id)
    .join(Person, col(Person.id) == Defendant.person_id)
    .join(Hub, col(Hub.id) == Case.hub_id)
    .where(Case.id == bindparam("case")),
    raw=(6,),
)

_HEARINGS = Prepared(
    select(  # type: ignore[call-overload]
        col(Hearing.id),
        col(Hearing.revision),
        col(Hearing.kind),
        col(Hearing.status),
        col(Hearing.local_time),
        col(Hearing.zone),
        col(Hearing.starts_at),
        col(Hearing.room),
        col(Hearing.place),
        col(Hearing.announced_at),
        col(Hearing.appearance),
        col(Hearing.outcome_at),
    ).where(Hearing.case_id == bindparam("case"))
)

_REVISIONS = Prepared(
    select(  # type: ignore[call-overload]
        col(HearingRevision.hearing_id),
        col(HearingRevision.revision),
        col(Hearing.kind),
        col(HearingRevision.local_time),
        col(HearingRevision.zone),
        col(HearingRevision.starts_at),
        col(HearingRevision.room),
        col(HearingRevision.place),
    )
    .join(Hearing, col(Hearing.id) == HearingRevision.hearing_id)
    .where(Hearing.case_id == bindparam("case"))
)

_SUPPORTERS = Prepared(
    select(
        col(Supporter.person_id),
        col(Supporter.enrolled_at),
        col(Person.first_name),
        col(Person.language),
    )
    .join(Person, col(Person.id) == Supporter.person_id)
    .where(
        Supporter.case_id == bindparam("case"),
        col(Supporter.ended_at).is_(None),
        col(Supporter.may_know_hearings).is_(True),
    )
    .order_by(col(Supporter.id)),
    raw=(2,),
)

_STANDS_BY = select(col(Supporter.person_id)).where(Supporter.case_id == bindparam("case"))

_CONTACTS = Prepared(
    select(
        col(ContactPoint.person_id),
        col(ContactPoint.id),
        col(ContactPoint.channel),
        col(ContactPoint.address),
    )
    .join(Consent, col(Consent.contact_id) == ContactPoint.id)
    .where(
        (col(ContactPoint.person_id) == bindparam("person"))
        | col(ContactPoint.person_id).in_(_STANDS_BY),
        col(ContactPoint.opted_out_at).is_(None),
        col(ContactPoint.unreachable_at).is_(None),
        Consent.purpose == REMINDERS,
        col(Consent.withdrawn_at).is_(None),
    )
    .order_by(col(ContactPoint.rank), col(ContactPoint.id)),
    raw=(3,),
)

_MESSAGE_COLUMNS = (
    col(Message.claim),
    col(Message.person_id),
    col(Message.subject_id),
    col(Message.subject_revision),
    col(Message.step),
    col(Message.channel),
    col(Message.state),
    col(Message.claimed_at),
    col(Message.contact_id),
    col(Message.settled_at),
    col(Message.temporary),
)

_CASE_MESSAGES = Prepared(
    select(*_MESSAGE_COLUMNS).where(  # type: ignore[call-overload]
        Message.case_id == bindparam("case"), col(Message.plan_id).is_(None)
    )
)

_PLAN_MESSAGES = Prepared(
    select(*_MESSAGE_COLUMNS).where(Message.plan_id == bindparam("plan"))  # type: ignore[call-overload]
)

_LAST_WROTE = (
    select(func.max(col(Reply.received_at)))
    .where(
        col(Reply.person_id) == col(Answer.person_id),
        col(Reply.received_at) <= col(Answer.written_at),
    )
    .correlate(Answer)
    .scalar_subquery()
)

_ANSWERS = Prepared(
    select(  # type: ignore[call-overload]
        col(Answer.id),
        col(Answer.person_id),
        col(Answer.contact_id),
        col(ContactPoint.channel),
        col(ContactPoint.address),
        col(Answer.step),
        col(Answer.written_at),
        col(Answer.until),
        col(Answer.body),
        col(Answer.hearing_id),
        col(Answer.choices),
        _LAST_WROTE,
    )
    .join(ContactPoint, col(ContactPoint.id) == Answer.contact_id)
    .where(Answer.case_id == bindparam("case"))
    .order_by(col(Answer.written_at)),
    raw=(4, 8),
)

_ELSEWHERE = Prepared(
    select(col(Message.person_id), func.max(col(Message.claimed_at)))
    .where(
        (col(Message.person_id) == bindparam("person")) | col(Message.person_id).in_(_STANDS_BY),
        col(Message.case_id).is_distinct_from(bindparam("case"))
        | col(Message.plan_id).is_not(None),
        *(col(Message.state) != state for state in sorted(set(MessageState) - LEFT)),
    )
    .group_by(col(Message.person_id))
)

_MESSAGES_ABOUT = Prepared(
    select(*_MESSAGE_COLUMNS).where(  # type: ignore[call-overload]
        Message.person_id == bindparam("person"), Message.subject_id == bindparam("subject")
    )
)

_CASE_TASKS = Prepared(select(col(HumanTask.claim)).where(HumanTask.case_id == bindparam("case")))

_Contacts = dict[str, list[tuple[Channel, ContactCard]]]


def load_case(session: HubSession, case_id: str) -> CaseFacts | None:
    """The facts of one case, or None when there is no such case in the hub."""
    sheet = load_sheet(session, case_id)
    return sheet.facts if sheet else None


def load_sheet(session: HubSession, case_id: str) -> CaseSheet | None:
    """One case, whole, or None when there is no such case in the hub."""
    rows = _CASE.all(session, case=case_id)
    if not rows:
        return None
    revision, stage, custody, released_at, enrolled_at, defendant, name, language, *hub = rows[0]
    participant = PersonCard(name, language)
    contacts = _contacts(session, case_id, defendant)
    people, cards = _people(session, case_id, defendant, enrolled_at, contacts)
    hearings, places = _hearings(session, case_id)
    answers, said_back, answered_at = _answers(session, case_id)
    missed = any(h.appearance is Appearance.FAILED_TO_APPEAR for h in hearings)
    facts = CaseFacts(
        id=case_id,
        hub_id=session.hub_id,
        revision=revision,
        stage=stage,
        policy=_policy(hub[7:], closed_days(session) if missed else frozenset()),
        detained=custody == "detained",
        released_at=released_at,
        hearings=hearings,
        people=people,
        messages=_messages(_CASE_MESSAGES.all(session, case=case_id)),
        task_keys=frozenset(claim for (claim,) in _CASE_TASKS.all(session, case=case_id)),
        answers=answers,
        elsewhere=dict(_ELSEWHERE.all(session, case=case_id, person=defendant)),
    )
    return CaseSheet(
        facts=facts,
        hub=HubCard(*hub[:7]),
        participant=participant,
        people={defendant: participant, **cards},
        contacts={**answered_at, **_by_id(contacts)},
        hearings=places,
        answers=said_back,
    )


def load_person(
    session: HubSession, person_id: str, audience: Audience, enrolled_at: datetime
) -> PersonFacts:
    """One person with the contacts that may be used now."""
    found = _contacts(session, "", person_id).get(person_id, [])
    return PersonFacts(
        person_id, audience, enrolled_at, tuple(ContactFacts(c.id, ch) for ch, c in found)
    )


def load_plan_messages(session: HubSession, plan_id: str) -> tuple[MessageFact, ...]:
    """What was already claimed for a plan."""
    return _messages(_PLAN_MESSAGES.all(session, plan=plan_id))


def load_messages_about(
    session: HubSession, person_id: str, subject_id: str
) -> tuple[MessageFact, ...]:
    """What was already claimed to tell one person about one subject."""
    return _messages(_MESSAGES_ABOUT.all(session, person=person_id, subject=subject_id))


def load_task_keys(session: HubSession, column: Any, owner_id: str) -> frozenset[str]:
    """The tasks that were ever opened for a plan or a packet."""
    return frozenset(session.exec(select(col(HumanTask.claim)).where(column == owner_id)).all())


def _policy(hub: list[Any], closed: frozenset[date]) -> HubPolicy:
    zone, quiet_from, quiet_to, days, at, morning, notice, grace, lead, ask = hub
    return HubPolicy(
        zone=zone,
        quiet=QuietHours(quiet_from, quiet_to, zone),
        reminder_days=tuple(days),
        reminder_at=at,
        morning_at=morning,
        step_notice_days=notice,
        step_grace_days=grace,
        packet_lead_days=lead,
        ask_outcome_hours=ask,
        closed_days=closed,
    )


def _messages(rows: list[tuple[Any, ...]]) -> tuple[MessageFact, ...]:
    return tuple(
        MessageFact(
            key,
            person,
            subject,
            revision,
            step,
            channel,
            MessageState(state),
            claimed,
            contact or "",
            settled,
            temporary,
        )
        for (
            key,
            person,
            subject,
            revision,
            step,
            channel,
            state,
            claimed,
            contact,
            settled,
            temporary,
        ) in rows
    )


def _hearings(
    session: HubSession, case_id: str
) -> tuple[tuple[HearingFacts, ...], dict[tuple[str, int], HearingCard]]:
    rows = _HEARINGS.all(session, case=case_id)
    history: dict[str, dict[int, When]] = {}
    cards: dict[tuple[str, int], HearingCard] = {}
    if any(row[1] > 1 for row in rows):
        for hearing, revision, kind, local, zone, starts, room, place in _REVISIONS.all(
            session, case=case_id
        ):
            history.setdefault(hearing, {})[revision] = When(
                local, zone, starts, f"{room}\n{place}"
            )
            cards[(hearing, revision)] = HearingCard(local, room, place, kind)
    facts = []
    for row in rows:
        hearing, revision, kind, status, local, zone, starts, room, place, said, came, out = row
        cards[(hearing, revision)] = HearingCard(local, room, place, kind)
        facts.append(
            HearingFacts(
                id=hearing,
                revision=revision,
                kind=HearingKind(kind),
                status=HearingStatus(status),
                when=When(local, zone, starts, f"{room}\n{place}"),
                announced_at=said,
                history=history.get(hearing, {}),
                appearance=Appearance(came) if came else None,
                outcome_at=out,
            )
        )
    return tuple(facts), cards


def _people(
    session: HubSession,
    case_id: str,
    defendant: str,
    enrolled_at: datetime,
    contacts: _Contacts,
) -> tuple[tuple[PersonFacts, ...], dict[str, PersonCard]]:
    def facts(person: str, audience: Audience, since: datetime) -> PersonFacts:
        ways = tuple(ContactFacts(card.id, channel) for channel, card in contacts.get(person, []))
        return PersonFacts(person, audience, since, ways)

    people = [facts(defendant, Audience.DEFENDANT, enrolled_at)]
    cards: dict[str, PersonCard] = {}
    for person, since, name, language in _SUPPORTERS.all(session, case=case_id):
        people.append(facts(person, Audience.FAMILY, since))
        cards[person] = PersonCard(name, language)
    return tuple(people), cards


def _contacts(session: HubSession, case_id: str, person_id: str) -> _Contacts:
    """Usable contacts by person, in ladder order; each once, however many consents it has."""
    found: _Contacts = {}
    seen: set[str] = set()
    for person, contact, channel, address in _CONTACTS.all(session, case=case_id, person=person_id):
        if contact not in seen:
            seen.add(contact)
            card = ContactCard(contact, address)
            found.setdefault(person, []).append((Channel(channel), card))
    for ways in found.values():
        ways.sort(key=lambda way: LADDER[way[0]])
    return found


def _by_id(contacts: _Contacts) -> dict[str, ContactCard]:
    return {card.id: card for ways in contacts.values() for _, card in ways}


def _answers(
    session: HubSession, case_id: str
) -> tuple[tuple[AnswerFacts, ...], dict[str, AnswerCard], dict[str, ContactCard]]:
    """What is to be said back: for the planner, for the words, and where each goes."""
    facts: list[AnswerFacts] = []
    cards: dict[str, AnswerCard] = {}
    contacts: dict[str, ContactCard] = {}
    for row in _ANSWERS.all(session, case=case_id):
        answer, person, contact, channel, address, step, written, until, *rest = row
        words, hearing, choices, asked = rest
        facts.append(
            AnswerFacts(answer, person, contact, Channel(channel), step, written, until, asked)
        )
        cards[answer] = AnswerCard(words, hearing or "", tuple(choices))
        contacts[contact] = ContactCard(contact, address)
    return tuple(facts), cards, contacts
