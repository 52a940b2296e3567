"""Denise was called, and the provider has the call: what its webhooks are tried on."""

from datetime import datetime
from urllib.parse import urlencode

import httpx
from sqlmodel import select

from activities.agendas import load_facts
from activities.channels.twilio_signature import sign
from domain.agenda import Subject, SubjectRef
from domain.facts import CaseFacts
from domain.reminders import case_items
from domain.vocabulary import Channel
from records.circle import NewContact, add_contact
from records.tables import ContactPoint, Message, OutboxRow, Reply
from tests.api.programs import NOW, Installation
from tests.houses import AGREED, ROSA, a_case, a_hearing, a_mother

TOKEN = "12345"
PUBLIC = "https://hub.example.org"
CALLER = "+13055550101"


class Carried:
    """A message to Denise that a provider took, by call or by text, in one installation."""

    def __init__(
        self,
        hub: Installation,
        provider_id: str,
        phone: str,
        *,
        channel: Channel = Channel.VOICE,
        state: str = "queued",
        language: str = "en",
    ) -> None:
        self.hub, self.provider_id, self.phone = hub, provider_id, phone
        records = hub.house.records
        case = a_case(records, NOW, phone="")
        self.case_id = case.id
        a_hearing(records, case, "2026-12-15 09:00", NOW)
        self.person = a_mother(records, case, NOW, phone="")
        self.agree(channel)
        with hub.writing() as session:
            contact = session.exec(
                select(ContactPoint).where(ContactPoint.person_id == self.person)
            ).one()
            self.contact_id = contact.id
            facts = load_facts(session, SubjectRef(Subject.CASE, case.id, session.hub_id), NOW)
            assert isinstance(facts, CaseFacts)
            item = next(i for i in case_items(facts, NOW) if i.person_id == self.person)
            message = Message(
                claim=f"{item.key}|{provider_id}",
                case_id=case.id,
                person_id=self.person,
                contact_id=contact.id,
                subject_id=item.subject_id,
                subject_revision=item.revision,
                step=item.step,
                audience="family",
                language=language,
                channel=channel,
                transport=channel,
                template="t",
                template_version="1",
                body="Hi Denise",
                state=state,
                claimed_at=NOW,
                provider_id=provider_id,
                attempts=1,
            )
            session.add(message)
            session.flush()
            self.message_id = message.id

    def agree(self, channel: Channel) -> None:
        """She wants to be reached so."""
        with self.hub.writing() as session:
            add_contact(session, self.person, NewContact(channel, self.phone, AGREED), ROSA, NOW)

    @property
    def message(self) -> Message:
        """The message, as it is recorded now."""
        with self.hub.reading() as session:
            return session.get_one(Message, self.message_id)

    @property
    def contact(self) -> ContactPoint:
        """Her phone, as it is recorded now."""
        with self.hub.reading() as session:
            return session.get_one(ContactPoint, self.contact_id)

    @property
    def opted_out(self) -> bool:
        """Whether she wants no more."""
        return self.contact.opted_out_at is not None

    def replies(self) -> list[str]:
        """What she answered, in order."""
        with self.hub.reading() as session:
            statement = select(Reply).where(Reply.person_id == self.person)
            rows = session.exec(statement).all()
            return [reply.body for reply in sorted(rows, key=lambda r: r.received_at)]

    def news(self) -> int:
        """How often the case's workflow was told of a change."""
        with self.hub.reading() as session:
            statement = select(OutboxRow).where(OutboxRow.subject_id == self.case_id)
            return len(session.exec(statement).all())


def posted(
    hub: Installation, path: str, fields: dict[str, str], *, query: str = "", token: str = TOKEN
) -> httpx.Response:
    """A form that the provider signed."""
    called = path + (f"?{query}" if query else "")
    answer: httpx.Response = hub.http.post(
        called,
        content=urlencode(fields),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(token, PUBLIC + called, fields),
        },
    )
    return answer


def at(hub: Installation, moment: datetime) -> None:
    """Set the installation's clock."""
    hub.clock.at = moment
