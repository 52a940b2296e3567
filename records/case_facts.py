"""Reading one case, whole, into the plain values that its planner and its words need.

This is the hot path: six prepared statements (records/prepared.py), no objects that track
changes. Names and addresses stay sealed until a message is really written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
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
from records.case_cards import AnswerCard, ContactCard, HearingCard, HubCard, PersonCard
from records.case_statements import (
    ANSWERS,
    CASE,
    CASE_MESSAGES,
    CASE_TASKS,
    CONTACTS,
    ELSEWHERE,
    HEARINGS,
    MESSAGES_ABOUT,
    PACKET_MESSAGES,
    PLAN_MESSAGES,
    REVISIONS,
    SUPPORTERS,
)
from records.database import HubSession
from records.hubs import closed_days, rung_days
from records.tables import (
    HumanTask,
    Message,
)


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


_Contacts = dict[str, list[tuple[Channel, ContactCard]]]


def load_case(session: HubSession, case_id: str) -> CaseFacts | None:
    """The facts of one case, or None when there is no such case in the hub."""
    sheet = load_sheet(session, case_id)
    return sheet.facts if sheet else None


def load_sheet(session: HubSession, case_id: str) -> CaseSheet | None:
    """One case, whole, or None when there is no such case in the hub."""
    rows = CASE.all(session, case=case_id)
    if not rows:
        return None
    revision, stage, custody, released_at, enrolled_at, defendant, name, language, *hub = rows[0]
    participant = PersonCard(name, language)
    contacts = _contacts(session, case_id, defendant)
    people, cards = _people(session, case_id, defendant, enrolled_at, contacts)
    hearings, places = _hearings(session, case_id)
    answers, said_back, answered_at = _answers(session, case_id, {person.id for person in people})
    missed = any(h.appearance is Appearance.FAILED_TO_APPEAR for h in hearings)
    facts = CaseFacts(
        id=case_id,
        hub_id=session.hub_id,
        revision=revision,
        stage=stage,
        policy=policy_from(hub[7:], closed_days(session) if missed else frozenset()),
        detained=custody == "detained",
        released_at=released_at,
        hearings=hearings,
        people=people,
        messages=_messages(CASE_MESSAGES.all(session, case=case_id)),
        task_keys=frozenset(claim for (claim,) in CASE_TASKS.all(session, case=case_id)),
        answers=answers,
        elsewhere=dict(ELSEWHERE.all(session, case=case_id, person=defendant)),
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


def load_people(
    session: HubSession, case_id: str, wanted: Sequence[tuple[str, Audience, datetime]]
) -> list[PersonFacts]:
    """People of a case's circle, the defendant first, with the contacts that may be used now.

    Args:
        session: of the hub.
        case_id: whose circle.
        wanted: who, as what, and since when they are told (UTC).
    """
    found = _contacts(session, case_id, wanted[0][0])
    return [
        PersonFacts(
            person,
            audience,
            since,
            tuple(ContactFacts(card.id, channel) for channel, card in found.get(person, [])),
        )
        for person, audience, since in wanted
    ]


def load_plan_messages(session: HubSession, plan_id: str) -> tuple[MessageFact, ...]:
    """What was already claimed for a plan."""
    return _messages(PLAN_MESSAGES.all(session, plan=plan_id))


def load_packet_messages(session: HubSession, packet_id: str) -> tuple[MessageFact, ...]:
    """What was already claimed for a packet."""
    return _messages(PACKET_MESSAGES.all(session, packet=packet_id))


def load_elsewhere(
    session: HubSession, packet_id: str, people: Collection[str]
) -> dict[str, datetime]:
    """When each of these people was last told anything that is not of this packet (UTC)."""
    rows = session.exec(
        select(col(Message.person_id), func.max(col(Message.claimed_at)))
        .where(
            col(Message.person_id).in_(people),
            col(Message.packet_id).is_distinct_from(packet_id),
            col(Message.state).in_(LEFT),
        )
        .group_by(col(Message.person_id))
    ).all()
    return {person: moment for person, moment in rows if person}


def load_messages_about(
    session: HubSession, person_id: str, subject_id: str
) -> tuple[MessageFact, ...]:
    """What was already claimed to tell one person about one subject."""
    return _messages(MESSAGES_ABOUT.all(session, person=person_id, subject=subject_id))


def load_task_keys(session: HubSession, column: Any, owner_id: str) -> frozenset[str]:
    """The tasks that were ever opened for a plan or a packet."""
    return frozenset(session.exec(select(col(HumanTask.claim)).where(column == owner_id)).all())


def policy_from(hub: list[Any], closed: frozenset[date]) -> HubPolicy:
    """A hub's reminder policy, from its columns (`HUB_COLUMNS`) after the sender's."""
    zone, quiet_from, quiet_to, days, at, morning, notice, grace, rungs, lead, ask = hub
    return HubPolicy(
        zone=zone,
        quiet=QuietHours(quiet_from, quiet_to, zone),
        reminder_days=tuple(days),
        reminder_at=at,
        morning_at=morning,
        step_notice_days=notice,
        step_grace_days=grace,
        step_rung_days=rung_days(rungs),
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
    rows = HEARINGS.all(session, case=case_id)
    history: dict[str, dict[int, When]] = {}
    cards: dict[tuple[str, int], HearingCard] = {}
    if any(row[1] > 1 for row in rows):
        for hearing, revision, kind, local, zone, starts, room, place in REVISIONS.all(
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
    for person, since, name, language in SUPPORTERS.all(session, case=case_id):
        people.append(facts(person, Audience.FAMILY, since))
        cards[person] = PersonCard(name, language)
    return tuple(people), cards


def _contacts(session: HubSession, case_id: str, person_id: str) -> _Contacts:
    """Usable contacts by person, in ladder order; each once, however many consents it has."""
    found: _Contacts = {}
    seen: set[str] = set()
    for person, contact, channel, address in CONTACTS.all(session, case=case_id, person=person_id):
        if contact not in seen:
            seen.add(contact)
            card = ContactCard(contact, address)
            found.setdefault(person, []).append((Channel(channel), card))
    for ways in found.values():
        ways.sort(key=lambda way: LADDER[way[0]])
    return found


def _by_id(contacts: _Contacts) -> dict[str, ContactCard]:
    return {card.id: card for ways in contacts.values() for _, card in ways}


_EVEN_IF_CLOSED = frozenset({"ack_stop", "ack_start", "ack_wrong_number"})
"""What confirms that a way was closed, or opened again: said there all the same."""
_ABOUT_NO_CASE = _EVEN_IF_CLOSED | {"ack_help", "ack_received"}
"""What may be said to anyone who wrote, whatever they may know."""


def _answers(
    session: HubSession, case_id: str, circle: set[str]
) -> tuple[tuple[AnswerFacts, ...], dict[str, AnswerCard], dict[str, ContactCard]]:
    """What is to be said back: for the planner, for the words, and where each goes.

    Args:
        session: of the hub.
        case_id: whose workflow says it.
        circle: who is told of this case now.
    """
    facts: list[AnswerFacts] = []
    cards: dict[str, AnswerCard] = {}
    contacts: dict[str, ContactCard] = {}
    for row in ANSWERS.all(session, case=case_id):
        answer, person, contact, channel, address, stopped, lost, step, written, until, *rest = row
        words, hearing, choices, asked, consent = rest
        closed = (stopped or lost) is not None and step not in _EVEN_IF_CLOSED
        barred = closed or (person not in circle and step not in _ABOUT_NO_CASE)
        facts.append(
            AnswerFacts(
                answer, person, contact, Channel(channel), step, written, until, asked, barred
            )
        )
        cards[answer] = AnswerCard(words, hearing or "", tuple(choices), consent or "")
        contacts[contact] = ContactCard(contact, address)
    return tuple(facts), cards, contacts
