"""One case, one clock, a real provider and mail server on loopback: each try made by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select
from temporalio.exceptions import ApplicationError

from activities.agendas import read_agenda
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from activities.notifying import Notifying
from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef
from domain.vocabulary import Channel
from records.messages import attempts_of
from records.tables import Case, Hearing, Message
from tests.faults.books import Books, compare
from tests.houses import FixedClock, a_case, a_hearing, a_mother, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
"""Ten in the morning in New York."""
PHONE = "+13055550111"
EMAIL = "denise@example.org"
SENDER = "+13055550199"


@dataclass
class Desk:
    """Where a test makes one try after another, as Temporal would."""

    house: House
    clock: FixedClock
    provider: LoopbackSmsProvider
    mail: LoopbackMailServer
    case: Case
    mother: str
    hearing: Hearing

    @property
    def subject(self) -> SubjectRef:
        """Whose agenda it is."""
        return SubjectRef(Subject.CASE, self.case.id, hub_of(self.house.records))

    def later(self, **how_much: float) -> None:
        """Time passes."""
        self.clock.at += timedelta(**how_much)

    def agenda(self) -> Agenda:
        """What is to be done now."""
        with self.house.records.reading(self.subject.hub_id) as session:
            return read_agenda(session, self.subject, self.clock.at)

    def due(self, channel: Channel = Channel.SMS) -> AgendaItem:
        """The one message to her that is due now."""
        (item,) = (
            item
            for item in self.agenda().items
            if item.act is Act.SEND_MESSAGE
            and item.person_id == self.mother
            and item.channel == channel
            and item.due <= self.clock.at
        )
        return item

    async def send(self, item: AgendaItem, *, house: House | None = None) -> Agenda:
        """One try, as one worker makes it."""
        return await Notifying(house or self.house).send_message(Doing(self.subject, item))

    async def fails(self, item: AgendaItem, *, house: House | None = None) -> timedelta | None:
        """One try after which Temporal is asked to try again; after how long."""
        with pytest.raises(ApplicationError) as again:
            await self.send(item, house=house)
        assert not again.value.non_retryable
        assert not any(secret in str(again.value) for secret in (PHONE, EMAIL, "Denise"))
        return again.value.next_retry_delay

    def with_carrier(self, carrier: object, channel: Channel = Channel.SMS) -> House:
        """The same house with another provider on one channel: another worker's view of it."""
        return replace(self.house, carriers={**self.house.carriers, channel: carrier})  # type: ignore[dict-item]

    def books(self) -> Books:
        """Our records and the provider's, side by side."""
        return compare(self.house.records, self.provider.accepted())

    def message(self, item: AgendaItem) -> Message:
        """What the records hold of an item."""
        with self.house.records.reading(self.subject.hub_id) as session:
            return session.exec(select(Message).where(col(Message.claim) == item.key)).one()

    def tries(self, item: AgendaItem) -> list[str]:
        """What came of each try, first to last."""
        with self.house.records.reading(self.subject.hub_id) as session:
            found = session.exec(select(Message).where(col(Message.claim) == item.key)).one()
            return [attempt.outcome for attempt in attempts_of(session, found.id)]

    async def restart_provider(self) -> None:
        """A provider that comes back remembers what it accepted."""
        texts = self.provider.accepted()
        port = int(self.provider.url.rpartition(":")[2])
        self.provider = LoopbackSmsProvider(port=port, state=self._state, clock=self.clock.now)
        await self.provider.start()
        assert [t.sid for t in self.provider.accepted()] == [t.sid for t in texts]

    @property
    def _state(self) -> Path:
        return self.house.soffice_profile.parent / "texts.jsonl"


@asynccontextmanager
async def open_desk(
    folder: Path,
    *,
    phone: str = PHONE,
    email: str = EMAIL,
    provider_late: timedelta = timedelta(0),
    **more: object,
) -> AsyncIterator[Desk]:
    """A mother with a phone and a mailbox, and her son's hearing in three weeks.

    Args:
        folder: where the records are.
        phone: hers; "" for none.
        email: hers; "" for none.
        provider_late: how far the provider's clock is behind ours.
        more: further settings.
    """
    clock = FixedClock(NOW)
    folder.mkdir(exist_ok=True)

    def provider_clock() -> datetime:
        return clock.at - provider_late

    async with (
        LoopbackSmsProvider(state=folder / "texts.jsonl", clock=provider_clock) as provider,
        LoopbackMailServer() as mail,
    ):
        house = make_house(
            folder,
            clock,
            sms_url=provider.url,
            sms_account=provider.account_sid,
            sms_token=provider.auth_token,
            sms_sender=SENDER,
            smtp_host="127.0.0.1",
            smtp_port=mail.port,
            smtp_sender="Hub <hub@example.org>",
            smtp_starttls="never",
            **more,
        )
        case = a_case(house.records, NOW, phone="")
        mother = a_mother(house.records, case, NOW, phone=phone, email=email)
        hearing = a_hearing(house.records, case, "2026-12-22 09:00", NOW)
        desk = Desk(house, clock, provider, mail, case, mother, hearing)
        try:
            yield desk
        finally:
            await desk.provider.stop()
            for carrier in house.carriers.values():
                await carrier.aclose()
            house.records.close()
