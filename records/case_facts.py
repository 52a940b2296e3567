"""Reading one case, whole, into the plain values that its planner looks at.

This is the hot path: a handful of column selects, no objects that track changes. The
statements run in a hub's session, which narrows each of them to the hub.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, exists, literal
from sqlmodel import col, select

from domain.facts import (
    CaseFacts,
    ContactFacts,
    HearingFacts,
    MessageFact,
    PersonFacts,
    When,
)
from domain.vocabulary import (
    Appearance,
    Audience,
    Channel,
    HearingKind,
    HearingStatus,
    MessageState,
)
from records.circle import REMINDERS
from records.database import HubSession
from records.hubs import closed_days, policy_of
from records.tables import (
    Case,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    HearingRevision,
    Hub,
    HumanTask,
    Message,
    Supporter,
)

_CASE = select(  # type: ignore[call-overload]
    col(Case.revision),
    col(Case.stage),
    col(Case.custody),
    col(Case.released_at),
    col(Case.enrolled_at),
    col(Defendant.person_id),
).join(Defendant, col(Defendant.id) == Case.defendant_id)

_HEARINGS = select(  # type: ignore[call-overload]
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
)

_REVISIONS = select(  # type: ignore[call-overload]
    col(HearingRevision.hearing_id),
    col(HearingRevision.revision),
    col(HearingRevision.local_time),
    col(HearingRevision.zone),
    col(HearingRevision.starts_at),
    col(HearingRevision.room),
    col(HearingRevision.place),
)

_SUPPORTERS = select(col(Supporter.person_id), col(Supporter.enrolled_at)).where(
    col(Supporter.ended_at).is_(None), col(Supporter.may_know_hearings).is_(True)
)

_AGREED = exists(
    select(literal(1))
    .select_from(Consent)
    .where(
        col(Consent.contact_id) == ContactPoint.id,
        col(Consent.hub_id) == ContactPoint.hub_id,
        col(Consent.purpose) == REMINDERS,
        col(Consent.withdrawn_at).is_(None),
    )
)

_CONTACTS = (
    select(col(ContactPoint.id), col(ContactPoint.person_id), col(ContactPoint.channel))
    .where(
        col(ContactPoint.opted_out_at).is_(None),
        col(ContactPoint.unreachable_at).is_(None),
        _AGREED,
    )
    .order_by(col(ContactPoint.rank))
)

_MESSAGES = select(  # type: ignore[call-overload]
    col(Message.claim),
    col(Message.person_id),
    col(Message.subject_id),
    col(Message.subject_revision),
    col(Message.step),
    col(Message.channel),
    col(Message.state),
    col(Message.claimed_at),
)

_LADDER = {Channel.SMS: 0, Channel.EMAIL: 1}


def load_case(session: HubSession, case_id: str) -> CaseFacts | None:
    """The facts of one case, or None when there is no such case in the hub."""
    row = session.exec(_CASE.where(Case.id == case_id)).first()
    if row is None:
        return None
    revision, stage, custody, released_at, enrolled_at, defendant_person = row
    hub = session.get(Hub, session.hub_id)
    if hub is None:
        return None
    return CaseFacts(
        id=case_id,
        hub_id=session.hub_id,
        revision=revision,
        stage=stage,
        policy=policy_of(hub, closed_days(session)),
        detained=custody == "detained",
        released_at=released_at,
        hearings=_hearings(session, case_id),
        people=_people(session, case_id, defendant_person, enrolled_at),
        messages=load_messages(session, Message.case_id, case_id, of_plan=False),
        task_keys=load_task_keys(session, HumanTask.case_id, case_id),
    )


def load_person(
    session: HubSession, person_id: str, audience: Audience, enrolled_at: Any
) -> PersonFacts:
    """One person with the contacts that may be used now."""
    contacts = _contacts(session, [person_id])
    return PersonFacts(person_id, audience, enrolled_at, contacts.get(person_id, ()))


def load_messages(
    session: HubSession, column: Any, owner_id: str, *, of_plan: bool
) -> tuple[MessageFact, ...]:
    """What was already claimed for a case (without its plans) or for a plan."""
    statement = _MESSAGES.where(column == owner_id)
    if not of_plan:
        statement = statement.where(col(Message.plan_id).is_(None))
    rows = session.exec(statement).all()
    return tuple(
        MessageFact(key, person, subject, revision, step, channel, MessageState(state), claimed)
        for key, person, subject, revision, step, channel, state, claimed in rows
    )


def load_task_keys(session: HubSession, column: Any, owner_id: str) -> frozenset[str]:
    """The tasks that were ever opened for a case, plan or packet."""
    return frozenset(session.exec(select(col(HumanTask.claim)).where(column == owner_id)).all())


def _hearings(session: HubSession, case_id: str) -> tuple[HearingFacts, ...]:
    rows = session.exec(_HEARINGS.where(Hearing.case_id == case_id)).all()
    changed = [row.id for row in rows if row.revision > 1]
    history = _history(session, changed) if changed else {}
    return tuple(_hearing(row, history.get(row.id, {})) for row in rows)


def _hearing(row: Row[Any], history: dict[int, When]) -> HearingFacts:
    return HearingFacts(
        id=row.id,
        revision=row.revision,
        kind=HearingKind(row.kind),
        status=HearingStatus(row.status),
        when=_when(row),
        announced_at=row.announced_at,
        history=history,
        appearance=Appearance(row.appearance) if row.appearance else None,
        outcome_at=row.outcome_at,
    )


def _when(row: Row[Any]) -> When:
    return When(row.local_time, row.zone, row.starts_at, f"{row.room}\n{row.place}")


def _history(session: HubSession, hearing_ids: list[str]) -> dict[str, dict[int, When]]:
    history: dict[str, dict[int, When]] = {}
    statement = _REVISIONS.where(col(HearingRevision.hearing_id).in_(hearing_ids))
    for row in session.exec(statement).all():
        history.setdefault(row.hearing_id, {})[row.revision] = _when(row)
    return history


def _people(
    session: HubSession, case_id: str, defendant_person: str, enrolled_at: Any
) -> tuple[PersonFacts, ...]:
    supporters = session.exec(_SUPPORTERS.where(Supporter.case_id == case_id)).all()
    contacts = _contacts(session, [defendant_person, *(person for person, _ in supporters)])
    people = [
        PersonFacts(
            defendant_person,
            Audience.DEFENDANT,
            enrolled_at,
            contacts.get(defendant_person, ()),
        )
    ]
    people += [
        PersonFacts(person, Audience.FAMILY, since, contacts.get(person, ()))
        for person, since in supporters
    ]
    return tuple(people)


def _contacts(
    session: HubSession, person_ids: Iterable[str]
) -> dict[str, tuple[ContactFacts, ...]]:
    found: dict[str, list[ContactFacts]] = {}
    statement = _CONTACTS.where(col(ContactPoint.person_id).in_(list(person_ids)))
    for contact_id, person_id, channel in session.exec(statement).all():
        found.setdefault(person_id, []).append(ContactFacts(contact_id, Channel(channel)))
    return {
        person: tuple(sorted(contacts, key=lambda contact: _LADDER[contact.channel]))
        for person, contacts in found.items()
    }
