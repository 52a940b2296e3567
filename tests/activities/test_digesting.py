"""A digest on its way out: noted as it is claimed, and never sent with what may no more be told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import select
from temporalio.exceptions import ApplicationError

from activities.agendas import read_agenda
from activities.channels.base import Fate
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.digesting import preview_digest
from activities.house import House
from activities.notifying import Notifying
from activities.reports import note_report
from domain.agenda import Act, Agenda, AgendaItem, Doing, Subject, SubjectRef
from domain.vocabulary import Channel, MessageState, ShareScope
from records.agency_shares import end_share
from records.casework import NotFound
from records.outbox import pending
from records.tables import Agency, AgencyShare, Disclosure, Message
from tests.houses import (
    ROSA,
    FixedClock,
    a_case,
    a_hearing,
    a_share,
    a_shelter,
    hub_of,
    make_house,
    utc,
)

FRIDAY = utc("2026-12-04 15:00")
MONDAY = utc("2026-12-07 14:00")
"""Nine in the morning in New York."""
PHONE = "+13055550121"


@dataclass
class Desk:
    """A shelter that is texted by a provider on loopback, and two cases shared with it."""

    house: House
    clock: FixedClock
    provider: LoopbackSmsProvider
    shelter: Agency
    shares: tuple[AgencyShare, AgencyShare]

    @property
    def subject(self) -> SubjectRef:
        """Whose agenda it is."""
        return SubjectRef(Subject.AGENCY, self.shelter.id, hub_of(self.house.records))

    def agenda(self) -> Agenda:
        """What is to be done now."""
        with self.house.records.reading(self.subject.hub_id) as session:
            return read_agenda(session, self.subject, self.clock.at)

    def due(self) -> AgendaItem:
        """The digest that is due."""
        (item,) = self.agenda().items
        assert item.act is Act.SEND_MESSAGE
        return item

    async def send(self, item: AgendaItem) -> Agenda:
        """One try, as a worker makes it."""
        return await Notifying(self.house).send_message(Doing(self.subject, item))

    def message(self) -> Message:
        """The one message."""
        with self.house.records.reading(self.subject.hub_id) as session:
            return session.exec(select(Message)).one()

    def disclosed(self) -> list[Disclosure]:
        """What was noted as told."""
        with self.house.records.reading(self.subject.hub_id) as session:
            return list(session.exec(select(Disclosure)).all())


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Monday at nine: the digest is due."""
    clock = FixedClock(FRIDAY)
    async with LoopbackSmsProvider(state=tmp_path / "texts.jsonl", clock=clock.now) as provider:
        house = make_house(
            tmp_path / "var",
            clock,
            sms_url=provider.url,
            sms_account=provider.account_sid,
            sms_token=provider.auth_token,
            sms_sender="+13055550199",
        )
        shelter = a_shelter(house.records, FRIDAY, phone=PHONE, email="")
        one = a_case(house.records, FRIDAY)
        other = a_case(house.records, FRIDAY, phone="+13055550112")
        shares = (
            a_share(house.records, shelter, one, FRIDAY, what=ShareScope.DATE),
            a_share(house.records, shelter, other, FRIDAY, what=ShareScope.DATE),
        )
        a_hearing(house.records, one, "2026-12-09 09:00", FRIDAY)
        a_hearing(house.records, other, "2026-12-10 13:30", FRIDAY)
        clock.at = MONDAY
        yield Desk(house, clock, provider, shelter, shares)
        for carrier in house.carriers.values():
            await carrier.aclose()
        house.records.close()


async def test_a_digest_leaves_once_and_each_case_is_noted_as_told(desk: Desk) -> None:
    item = desk.due()
    await desk.send(item)
    await desk.send(item)
    [text] = desk.provider.accepted()
    assert text.to == PHONE
    assert text.body == desk.message().body
    assert "Marcus" in text.body
    noted = desk.disclosed()
    assert {row.consent_id for row in noted} == {share.consent_id for share in desk.shares}
    assert {row.disclosed_at for row in noted} == {MONDAY}
    assert desk.agenda().items == ()


async def test_a_consent_taken_back_while_nobody_knows_the_fate_is_not_sent_again(
    desk: Desk,
) -> None:
    desk.provider.behave(drop="before", times=1)
    item = desk.due()
    with pytest.raises(ApplicationError):
        await desk.send(item)
    first = desk.message()
    assert (first.state, "1:30" in first.body) == (MessageState.CLAIMED, True)
    with desk.house.records.writing(desk.subject.hub_id) as session:
        end_share(session, desk.shares[1].id, ROSA, MONDAY, how="by text", words="stop that")
    desk.clock.at += timedelta(minutes=1)
    agenda = await desk.send(item)
    assert desk.message().state == MessageState.WITHDRAWN
    assert desk.provider.accepted() == []
    assert [one.key for one in agenda.items] == [item.key], "it is written anew"
    await desk.send(item)
    [text] = desk.provider.accepted()
    assert "9:00" in text.body
    assert "1:30" not in text.body


async def test_a_denied_digest_that_still_says_what_is_true_is_sent_as_it_was(desk: Desk) -> None:
    desk.provider.behave(drop="before", times=1)
    item = desk.due()
    with pytest.raises(ApplicationError):
        await desk.send(item)
    desk.clock.at += timedelta(minutes=1)
    await desk.send(item)
    [text] = desk.provider.accepted()
    assert text.body == desk.message().body
    assert len(desk.disclosed()) == 2


async def test_a_digest_that_did_not_arrive_is_told_to_the_workflow(desk: Desk) -> None:
    await desk.send(desk.due())
    with desk.house.records.writing(desk.subject.hub_id) as session:
        message = session.exec(select(Message)).one()
        note_report(session, message, message.provider_id, Fate.UNDELIVERED, "30006", MONDAY)
    assert desk.subject in [one.subject for one in pending(desk.house.records)]
    [task] = desk.agenda().items
    assert (task.act, task.step) == (Act.OPEN_TASK, "not_reached")


def test_a_preview_says_what_would_be_said_now_and_writes_nothing(desk: Desk) -> None:
    house, hub = desk.house, desk.subject.hub_id
    with house.records.reading(hub) as session:
        shown = preview_digest(session, house.catalog, desk.shelter.id, FRIDAY)
        assert shown.leaves_at == MONDAY
        assert [line.local.hour for line in shown.lines] == [9, 13]
        assert shown.channel is Channel.SMS
        assert shown.words is not None
        assert (shown.words.template.split("/")[1], shown.words.segments > 0) == ("digest", True)
        later = preview_digest(session, house.catalog, desk.shelter.id, utc("2026-12-20 15:00"))
        assert (later.leaves_at, later.lines, later.words) == (None, (), None)
        with pytest.raises(NotFound):
            preview_digest(session, house.catalog, "0" * 32, FRIDAY)
        assert session.exec(select(Message)).all() == []
        assert session.exec(select(Disclosure)).all() == []
