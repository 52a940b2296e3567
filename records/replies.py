"""Replies: what someone texted back is kept, understood where it is plain, and never lost."""

from datetime import datetime

from sqlmodel import col, select

from domain.replies import ReplyKind, read_reply
from domain.vocabulary import Channel
from records.addresses import BadAddress, address_index, normalise
from records.casework import Source, record_event, touch
from records.circle import REMINDERS, cases_of, opt_out
from records.database import HubSession, Records
from records.tables import Case, Consent, ContactPoint, HumanTask, Reply

THEMSELVES = Source("themselves", "text")


def receive_text(
    records: Records,
    sender: str,
    body: str,
    provider_id: str,
    now: datetime,
    *,
    channel: Channel = Channel.SMS,
) -> list[ReplyKind]:
    """Take in a text from outside.

    Every hub that knows the number hears of it. The same text reported twice is one. A number
    that nobody knows changes nothing. Anyone can write an e-mail in anyone's name: it stops
    e-mail or is shown to a person, and does nothing else.

    Returns:
        What it meant, once for each hub that knows the number.
    """
    try:
        index = address_index(normalise(channel, sender))
    except BadAddress:
        return []
    with records.reading("") as session:
        hubs = sorted(
            set(
                session.exec(
                    select(col(ContactPoint.hub_id)).where(ContactPoint.address_index == index)
                ).all()
            )
        )
    kinds = []
    for hub_id in hubs:
        with records.writing(hub_id) as session:
            kind = _take_in(session, index, body, provider_id, now, channel)
            if kind is not None:
                kinds.append(kind)
    return kinds


def _take_in(
    session: HubSession,
    index: str,
    body: str,
    provider_id: str,
    now: datetime,
    channel: Channel,
) -> ReplyKind | None:
    known = session.exec(select(Reply).where(Reply.provider_id == provider_id)).first()
    if known is not None:
        return None
    contacts = session.exec(select(ContactPoint).where(ContactPoint.address_index == index)).all()
    kind = read_reply(body).kind
    if channel is Channel.EMAIL and kind is not ReplyKind.STOP:
        kind = ReplyKind.FOR_A_PERSON
    people = sorted({contact.person_id for contact in contacts})
    reply = Reply(
        contact_index=index,
        channel=channel,
        person_id=people[0] if len(people) == 1 else None,
        body=body,
        received_at=now,
        provider_id=provider_id,
        read_as=kind,
    )
    session.add(reply)
    session.flush()
    for contact in contacts:
        _act(session, contact, kind, now)
    cases = {case.id: case for person in people for case in cases_of(session, person)}
    for case in cases.values():
        record_event(session, case, "circle", f"reply_{kind}", THEMSELVES, now, subject_id=reply.id)
    if kind in (ReplyKind.RIDE, ReplyKind.FOR_A_PERSON):
        _ask_a_person(session, reply, kind, list(cases.values()), now)
    return kind


def _act(session: HubSession, contact: ContactPoint, kind: ReplyKind, now: datetime) -> None:
    if kind is ReplyKind.STOP and contact.opted_out_at is None:
        opt_out(session, contact, THEMSELVES, now)
    if kind is ReplyKind.START and contact.opted_out_at is not None:
        contact.opted_out_at = None
        session.add(contact)
        session.add(
            Consent(
                person_id=contact.person_id,
                contact_id=contact.id,
                purpose=REMINDERS,
                channel=contact.channel,
                words="START",
                given_by="self",
                given_at=now,
            )
        )
        for case in cases_of(session, contact.person_id):
            touch(session, case, now)


def _ask_a_person(
    session: HubSession, reply: Reply, kind: ReplyKind, cases: list[Case], now: datetime
) -> None:
    """An advocate reads it. A phone that several cases share is told apart by a person."""
    case = cases[0] if len(cases) == 1 else None
    session.add(
        HumanTask(
            claim=f"task|reply|{session.hub_id}|{reply.id}",
            kind="ride_wanted" if kind is ReplyKind.RIDE else "reply_waiting",
            case_id=case.id if case else None,
            person_id=reply.person_id,
            subject_id=reply.id,
            assigned_to_id=case.advocate_id if case else None,
            opened_at=now,
        )
    )
