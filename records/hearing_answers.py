"""What people say about coming to a hearing, and which hearing they mean."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import HearingStatus
from records.database import HubSession
from records.tables import Case, ContactPoint, Hearing, HearingAnswer, Message, Reply

SAID: Mapping[ReplyKind, str] = {
    ReplyKind.CONFIRMED: "coming",
    ReplyKind.CANNOT_COME: "cannot",
    ReplyKind.RIDE: "ride",
}
LATE_WORDS = timedelta(hours=2)
"""A word about a hearing that began this long ago still belongs to it."""


def about_hearing(
    session: HubSession,
    contacts: Sequence[ContactPoint],
    cases: Sequence[Case],
    now: datetime,
    message_id: str = "",
) -> Hearing | None:
    """The coming hearing that a reply is about; None where that would be a guess.

    It is the one of the message that was answered, where that is known. Else, where hearings of
    one case alone are coming, it is the one that this phone was last told of, or the next. Where
    several cases have one, nobody guesses.
    """
    coming = session.exec(
        select(Hearing)
        .where(
            col(Hearing.case_id).in_([case.id for case in cases]),
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) > now - LATE_WORDS,
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    message = session.get(Message, message_id) if message_id else None
    if message is not None and message.contact_id in {contact.id for contact in contacts}:
        told = next((hearing for hearing in coming if hearing.id == message.subject_id), None)
        if told is not None:
            return told
    if len({hearing.case_id for hearing in coming}) != 1:
        return None
    last = session.exec(
        select(col(Message.subject_id))
        .where(
            col(Message.contact_id).in_([contact.id for contact in contacts]),
            col(Message.subject_id).in_([hearing.id for hearing in coming]),
        )
        .order_by(col(Message.claimed_at).desc())
    ).first()
    return next((hearing for hearing in coming if hearing.id == last), coming[0])


def note_answer(
    session: HubSession,
    reply: Reply,
    hearing: Hearing,
    people: Sequence[str],
    said: str,
    now: datetime,
) -> None:
    """Keep what was said about coming, for everyone who has this phone."""
    for person_id in people:
        session.add(
            HearingAnswer(
                hearing_id=hearing.id,
                hearing_revision=hearing.revision,
                person_id=person_id,
                reply_id=reply.id,
                said=said,
                said_at=now,
            )
        )
    session.flush()


def newest_answers(session: HubSession, hearing: Hearing) -> dict[str, HearingAnswer]:
    """The newest word of each person about a hearing as it stands, by person id.

    A word about an earlier date of the same hearing does not count for the new one.
    """
    rows = session.exec(
        select(HearingAnswer)
        .where(
            HearingAnswer.hearing_id == hearing.id,
            HearingAnswer.hearing_revision == hearing.revision,
        )
        .order_by(col(HearingAnswer.said_at), col(HearingAnswer.id))
    ).all()
    return {row.person_id: row for row in rows}


def answers_for(session: HubSession, hearing: Hearing) -> dict[str, str]:
    """What each person last said about a hearing as it stands: person id → what they said."""
    return {person: row.said for person, row in newest_answers(session, hearing).items()}
