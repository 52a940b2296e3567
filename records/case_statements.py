"""The prepared statements with which one case is read (records/prepared.py)."""

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from domain.vocabulary import (
    LEFT,
    MessageState,
)
from records.circle import REMINDERS
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

HUB_COLUMNS = (
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
    col(Hub.step_rung_days),
    col(Hub.packet_lead_days),
    col(Hub.ask_outcome_hours),
)


CASE = Prepared(
    select(  # type: ignore[call-overload]
        col(Case.revision),
        col(Case.stage),
        col(Case.custody),
        col(Case.released_at),
        col(Case.enrolled_at),
        col(Person.id),
        col(Person.first_name),
        col(Person.language),
        *HUB_COLUMNS,
    )
    .join(Defendant, col(Defendant.id) == Case.defendant_id)
    .join(Person, col(Person.id) == Defendant.person_id)
    .join(Hub, col(Hub.id) == Case.hub_id)
    .where(Case.id == bindparam("case")),
    raw=(6,),
)


HEARINGS = Prepared(
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


REVISIONS = Prepared(
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


SUPPORTERS = Prepared(
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


CONTACTS = Prepared(
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


CASE_MESSAGES = Prepared(
    select(*_MESSAGE_COLUMNS).where(  # type: ignore[call-overload]
        Message.case_id == bindparam("case"),
        col(Message.plan_id).is_(None),
        col(Message.packet_id).is_(None),
    )
)


PLAN_MESSAGES = Prepared(
    select(*_MESSAGE_COLUMNS).where(Message.plan_id == bindparam("plan"))  # type: ignore[call-overload]
)


PACKET_MESSAGES = Prepared(
    select(*_MESSAGE_COLUMNS).where(Message.packet_id == bindparam("packet"))  # type: ignore[call-overload]
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


ANSWERS = Prepared(
    select(  # type: ignore[call-overload]
        col(Answer.id),
        col(Answer.person_id),
        col(Answer.contact_id),
        col(ContactPoint.channel),
        col(ContactPoint.address),
        col(ContactPoint.opted_out_at),
        col(ContactPoint.unreachable_at),
        col(Answer.step),
        col(Answer.written_at),
        col(Answer.until),
        col(Answer.body),
        col(Answer.hearing_id),
        col(Answer.choices),
        _LAST_WROTE,
        col(Answer.consent_id),
    )
    .join(ContactPoint, col(ContactPoint.id) == Answer.contact_id)
    .where(Answer.case_id == bindparam("case"))
    .order_by(col(Answer.written_at)),
    raw=(4, 10),
)


ELSEWHERE = Prepared(
    select(col(Message.person_id), func.max(col(Message.claimed_at)))
    .where(
        (col(Message.person_id) == bindparam("person")) | col(Message.person_id).in_(_STANDS_BY),
        col(Message.case_id).is_distinct_from(bindparam("case"))
        | col(Message.plan_id).is_not(None)
        | col(Message.packet_id).is_not(None),
        *(col(Message.state) != state for state in sorted(set(MessageState) - LEFT)),
    )
    .group_by(col(Message.person_id))
)


MESSAGES_ABOUT = Prepared(
    select(*_MESSAGE_COLUMNS).where(  # type: ignore[call-overload]
        Message.person_id == bindparam("person"), Message.subject_id == bindparam("subject")
    )
)


CASE_TASKS = Prepared(select(col(HumanTask.claim)).where(HumanTask.case_id == bindparam("case")))
