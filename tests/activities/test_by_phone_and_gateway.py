"""A reminder by the hub's own phone, or by a call: once, whatever gets lost on the way."""

from pathlib import Path

import pytest
from sqlmodel import select
from temporalio.exceptions import ApplicationError

from activities.agendas import read_agenda
from activities.channels.loopback_gateway import LoopbackGateway
from activities.channels.loopback_sms import LoopbackSmsProvider
from activities.house import House
from activities.notifying import Notifying
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import Channel
from records.circle import NewContact, add_contact
from records.hubs import the_hub
from records.tables import ContactPoint, Message
from tests.activities.channels.conftest import calling, through
from tests.houses import (
    AGREED,
    ROSA,
    FixedClock,
    a_case,
    a_hearing,
    a_mother,
    hub_of,
    make_house,
    utc,
    with_carrier,
)

NOW = utc("2026-12-02 15:00")
DENISE = "+13055550131"


def due(house: House, channel: Channel) -> Doing:
    """Denise is to be told of a hearing, by this channel alone."""
    records = house.records
    case = a_case(records, NOW, phone="")
    a_hearing(records, case, "2026-12-15 09:00", NOW)
    person = a_mother(records, case, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        add_contact(session, person, NewContact(channel, DENISE, AGREED), ROSA, NOW)
    subject = SubjectRef(Subject.CASE, case.id, hub_of(records))
    with records.reading(subject.hub_id) as session:
        items = read_agenda(session, subject, NOW).items
    item = next(i for i in items if i.act is Act.SEND_MESSAGE and i.person_id == person)
    assert item.channel == channel
    return Doing(subject, item)


def message(house: House) -> Message:
    """The one message."""
    with house.records.reading(hub_of(house.records)) as session:
        return session.exec(select(Message)).one()


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_lost_answer_of_the_gateway_is_settled_by_our_own_id(
    tmp_path: Path, lost: str
) -> None:
    async with LoopbackGateway() as gateway:
        house = make_house(tmp_path, FixedClock(NOW))
        channel = through(gateway)
        house = with_carrier(house, Channel.SMS, channel)
        doing = due(house, Channel.SMS)
        gateway.behave(drop=lost, times=1)
        with pytest.raises(ApplicationError, match="did not answer"):
            await Notifying(house).send_message(doing)
        await gateway.settle()
        assert message(house).state == "claimed"
        await Notifying(house).send_message(doing)
        await channel.aclose()
    told = message(house)
    assert [text.id for text in gateway.accepted()] == [told.id]
    assert told.provider_id == told.id
    assert told.state in ("queued", "delivered")
    house.records.close()


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_lost_answer_about_a_call_is_settled_by_asking_who_was_called(
    tmp_path: Path, lost: str
) -> None:
    async with LoopbackSmsProvider(clock=lambda: NOW) as provider:
        house = make_house(tmp_path, FixedClock(NOW))
        channel = calling(provider.url)
        house = with_carrier(house, Channel.VOICE, channel)
        doing = due(house, Channel.VOICE)
        provider.behave(drop=lost, times=1)
        with pytest.raises(ApplicationError, match="did not answer"):
            await Notifying(house).send_message(doing)
        await provider.settle()
        await Notifying(house).send_message(doing)
        await provider.settle()
        await channel.aclose()
    assert len(provider.calls()) == 1
    assert message(house).provider_id == provider.calls()[0].sid
    house.records.close()


async def test_a_number_that_cannot_be_called_is_not_called_again(tmp_path: Path) -> None:
    async with LoopbackSmsProvider(clock=lambda: NOW) as provider:
        house = make_house(tmp_path, FixedClock(NOW))
        channel = calling(provider.url)
        house = with_carrier(house, Channel.VOICE, channel)
        doing = due(house, Channel.VOICE)
        provider.behave(refuse_code=21214)
        await Notifying(house).send_message(doing)
        await channel.aclose()
    assert provider.calls() == []
    assert (message(house).state, message(house).error_code) == ("failed", "21214")
    with house.records.reading(hub_of(house.records)) as session:
        contact = session.exec(select(ContactPoint)).one()
    assert contact.unreachable_code == "21214"
    house.records.close()


@pytest.mark.parametrize("example", [True, False])
async def test_nothing_of_an_example_reaches_a_provider(tmp_path: Path, example: bool) -> None:
    async with LoopbackSmsProvider(clock=lambda: NOW) as provider:
        house = make_house(tmp_path, FixedClock(NOW))
        with house.records.writing(hub_of(house.records)) as session:
            the_hub(session).example = example
        channel = calling(provider.url)
        house = with_carrier(house, Channel.VOICE, channel)
        await Notifying(house).send_message(due(house, Channel.VOICE))
        await provider.settle()
        await channel.aclose()
    assert len(provider.calls()) == (0 if example else 1)
    assert (message(house).transport == "example") is example
    house.records.close()
