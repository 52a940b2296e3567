"""To whom a message goes, and what it is about: read from the records, nothing changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import true
from sqlmodel import col, select

from domain.agenda import AgendaItem, SubjectRef
from domain.consents import HEALTH, kind_of_step
from records.case_cards import AnswerCard, HearingCard, HubCard
from records.case_facts import CaseSheet
from records.circle import REMINDERS
from records.database import HubSession
from records.tables import (
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    HearingRevision,
    Hub,
    Packet,
    Person,
    PlanStep,
    Referral,
    SupportPlan,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom and where a message goes, decrypted for the moment of sending only."""

    person_id: str
    first_name: str
    language: str
    contact_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message is about: the words' raw material.

    Attributes:
        hearing: at its present revision; None when there is no date.
        old: the revision that the person was told before.
        step: the plan step, for messages about one.
        words: an advocate's own, for an answer.
        choices: first names among which a shared number is asked to choose.
        link: the path of a private page, for messages that lead to one.
        provider: a provider's name, where somebody is to meet it.
        at, zone: when that is (naive wall time of the hub).
        counsel_phone: E.164, where the way back to court is explained; "" for none.
        due: until when something is wanted (local date), where that is not a plan step's date.
    """

    hub: Hub | HubCard
    participant_first_name: str
    detained: bool
    hearing: Hearing | HearingCard | None = None
    old: HearingRevision | HearingCard | None = None
    step: PlanStep | None = None
    words: str = ""
    choices: tuple[str, ...] = ()
    link: str = ""
    due: date | None = None
    provider: str = ""
    at: datetime | None = None
    counsel_phone: str = ""

    @property
    def care(self) -> bool:
        """Whether it is about a plan step of health care, which no message may tell."""
        step = self.step
        return step is not None and kind_of_step(step.kind, treatment=step.treatment) in HEALTH


def recipient_of(
    session: HubSession, person_id: str, channel: str, contact_id: str = ""
) -> Recipient | None:
    """Where a person can be reached by a channel now; None when they no longer can be.

    Args:
        session: of the hub.
        person_id: who.
        channel: how.
        contact_id: by this contact and no other; "" for the first one of the channel.
    """
    row = session.exec(
        select(
            col(Person.first_name),
            col(Person.language),
            col(ContactPoint.id),
            col(ContactPoint.address),
        )
        .join(ContactPoint, col(ContactPoint.person_id) == Person.id)
        .join(Consent, col(Consent.contact_id) == ContactPoint.id)
        .where(
            Person.id == person_id,
            ContactPoint.channel == channel,
            col(ContactPoint.opted_out_at).is_(None),
            col(ContactPoint.unreachable_at).is_(None),
            Consent.purpose == REMINDERS,
            col(Consent.withdrawn_at).is_(None),
            col(ContactPoint.id) == contact_id if contact_id else true(),
        )
        .order_by(col(ContactPoint.rank))
    ).first()
    if row is None:
        return None
    first_name, language, contact_id, address = row
    return Recipient(person_id, first_name, language, contact_id, address)


def matter_of(
    session: HubSession, owner: SubjectRef, item: AgendaItem, told_revision: int | None
) -> Matter | None:
    """What an item is about; None when it is gone."""
    case_id = case_of_subject(session, owner)
    row = session.exec(
        select(Hub, col(Person.first_name), col(Case.custody))
        .join(Case, col(Case.hub_id) == Hub.id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(Case.id == case_id)
    ).first()
    if row is None:
        return None
    hub, first_name, custody = row
    step: PlanStep | None = None
    hearing: Hearing | None = None
    old: HearingRevision | None = None
    if item.step.startswith("plan_step"):
        step = session.get(PlanStep, item.subject_id)
    elif item.subject_id:
        hearing = session.get(Hearing, item.subject_id)
        if told_revision is not None and told_revision != item.revision:
            old = session.exec(
                select(HearingRevision).where(
                    HearingRevision.hearing_id == item.subject_id,
                    HearingRevision.revision == told_revision,
                )
            ).first()
    return Matter(hub, first_name, custody == "detained", hearing, old, step)


def recipient_at(session: HubSession, person_id: str, contact_id: str) -> Recipient | None:
    """Someone at one of their contacts, whatever they want there: for the answer to their own
    message alone, such as the one confirmation of a STOP.

    Where several people have this phone nobody knows who wrote, and none is greeted by name.
    """
    row = session.exec(
        select(
            col(Person.first_name),
            col(Person.language),
            col(ContactPoint.address),
            col(ContactPoint.address_index),
        )
        .join(ContactPoint, col(ContactPoint.person_id) == Person.id)
        .where(Person.id == person_id, ContactPoint.id == contact_id)
    ).first()
    if row is None:
        return None
    name, language, address, index = row
    people = session.exec(
        select(col(ContactPoint.person_id)).where(ContactPoint.address_index == index).distinct()
    ).all()
    return Recipient(person_id, name if len(people) == 1 else "", language, contact_id, address)


def recipient_on(sheet: CaseSheet, item: AgendaItem) -> Recipient | None:
    """Where a message of a case goes, from the case's own sheet."""
    person = sheet.people.get(item.person_id)
    contact = sheet.contacts.get(item.contact_id)
    if person is None or contact is None:
        return None
    return Recipient(
        item.person_id, person.first_name, person.language, contact.id, contact.address
    )


def matter_on(
    session: HubSession, sheet: CaseSheet, item: AgendaItem, told_revision: int | None
) -> Matter:
    """What an item of a case is about, from the case's own sheet."""
    answer = sheet.answers.get(item.subject_id)
    if answer is not None:
        return _answering(session, sheet, answer)
    old = None
    if told_revision is not None and told_revision != item.revision:
        old = sheet.hearings.get((item.subject_id, told_revision))
    return Matter(
        sheet.hub,
        sheet.participant.first_name,
        sheet.facts.detained,
        sheet.hearings.get((item.subject_id, item.revision)),
        old,
    )


def _answering(session: HubSession, sheet: CaseSheet, answer: AnswerCard) -> Matter:
    """What is said back: an advocate's words, or what an acknowledgement repeats."""
    hearing = None
    if answer.hearing_id:
        hearing = next(
            (
                card
                for facts in sheet.facts.hearings
                if facts.id == answer.hearing_id
                and (card := sheet.hearings.get((facts.id, facts.revision)))
            ),
            None,
        )
    return Matter(
        sheet.hub,
        sheet.participant.first_name,
        detained=False,
        hearing=hearing,
        words=answer.words,
        choices=tuple(participant_of(session, case_id) for case_id in answer.choices),
    )


def participant_of(session: HubSession, case_id: str) -> str:
    """The first name of a case's defendant; "" when the case is gone."""
    name = session.exec(
        select(col(Person.first_name))
        .join(Defendant, col(Defendant.person_id) == Person.id)
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .where(Case.id == case_id)
    ).first()
    return name or ""


def case_of_subject(session: HubSession, owner: SubjectRef) -> str | None:
    """The case that a subject belongs to; None for an agency, which is told of several."""
    if owner.kind == "case":
        return owner.id
    if owner.kind == "agency":
        return None
    if owner.kind == "referral":
        return session.exec(select(col(Referral.case_id)).where(Referral.id == owner.id)).first()
    if owner.kind == "packet":
        return session.exec(select(col(Packet.case_id)).where(Packet.id == owner.id)).first()
    return session.exec(select(col(SupportPlan.case_id)).where(SupportPlan.id == owner.id)).first()
