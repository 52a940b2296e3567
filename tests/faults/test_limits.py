"""What a hub allows itself: nobody outside of the team in trial, so many messages a day, and no
letter that lies in an outbox while it counts as told."""

import pytest
from sqlmodel import col, select

from activities.channels import OutboxChannel
from activities.notifying import NO_CARRIER
from domain.agenda import Act, AgendaItem
from domain.vocabulary import Channel, MessageState
from records.hub_changes import change_hub
from records.hubs import the_hub
from records.messages import TRIAL
from records.tables import HumanTask
from records.team import add_team_contact
from tests.faults.desk import PHONE, Desk
from tests.houses import a_hearing, hub_of

pytestmark = pytest.mark.faults


def set_hub(desk: Desk, **changes: object) -> None:
    """The hub's people change its settings."""
    with desk.house.records.writing(hub_of(desk.house.records)) as session:
        change_hub(session, changes, desk.clock.at)


def house_tasks(desk: Desk) -> list[str]:
    with desk.house.records.reading(hub_of(desk.house.records)) as session:
        return list(
            session.exec(select(col(HumanTask.kind)).where(col(HumanTask.case_id).is_(None))).all()
        )


async def test_in_trial_nobody_outside_of_the_team_gets_anything(desk: Desk) -> None:
    set_hub(desk, trial=True)
    item = desk.due()
    agenda = await desk.send(item)
    assert desk.provider.accepted() == []
    message = desk.message(item)
    assert (message.transport, message.state) == (TRIAL, MessageState.SENT)
    assert "Denise" in message.body
    assert item.key not in {left.key for left in agenda.items}


async def test_in_trial_the_team_gets_what_a_family_would(desk: Desk) -> None:
    with desk.house.records.writing(hub_of(desk.house.records)) as session:
        add_team_contact(session, Channel.SMS, "(305) 555-0111", "Rosa's phone")
    set_hub(desk, trial=True)
    await desk.send(desk.due())
    assert [text.to for text in desk.provider.accepted()] == [PHONE]


async def test_when_the_trial_ends_everybody_is_told_what_they_would_have_been_told(
    desk: Desk,
) -> None:
    set_hub(desk, trial=True)
    kept_back = desk.due()
    await desk.send(kept_back)
    set_hub(desk, trial=False)
    again = desk.due()
    assert again.key == kept_back.key
    await desk.send(again)
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


async def test_after_its_daily_cap_a_hub_sends_nothing_and_raises_an_alarm(desk: Desk) -> None:
    set_hub(desk, daily_cap=1)
    first = desk.due()
    await desk.send(first)
    a_hearing(desk.house.records, desk.case, "2026-12-23 09:00", desk.clock.at)
    item = desk.due()
    assert await desk.fails(item) is not None
    assert len(desk.provider.accepted()) == 1
    assert house_tasks(desk) == ["daily_cap"]
    set_hub(desk, daily_cap=2)
    await desk.send(item)
    assert len(desk.provider.accepted()) == 2


async def test_the_next_day_counts_anew_on_the_hubs_own_calendar(desk: Desk) -> None:
    set_hub(desk, daily_cap=1)
    await desk.send(desk.due())
    a_hearing(desk.house.records, desk.case, "2026-12-23 09:00", desk.clock.at)
    item = desk.due()
    await desk.fails(item)
    with desk.house.records.reading(hub_of(desk.house.records)) as session:
        assert the_hub(session).zone == "America/New_York"
    desk.later(days=1)
    await desk.send(item)
    assert len(desk.provider.accepted()) == 2


async def test_a_cap_that_was_lowered_counts_at_once(desk: Desk) -> None:
    await desk.send(desk.due())
    a_hearing(desk.house.records, desk.case, "2026-12-23 09:00", desk.clock.at)
    set_hub(desk, daily_cap=1)
    await desk.fails(desk.due())
    assert len(desk.provider.accepted()) == 1


async def test_a_trial_that_begins_holds_back_what_nobody_knows_the_fate_of(desk: Desk) -> None:
    item = desk.due()
    desk.provider.behave(drop="before", times=1)
    await desk.fails(item)
    set_hub(desk, trial=True)
    desk.later(minutes=2)
    await desk.send(item)
    assert desk.provider.accepted() == []
    assert desk.message(item).state == MessageState.WITHDRAWN


async def test_a_message_that_cannot_be_written_is_a_task_and_leaves_once_it_can(
    desk: Desk,
) -> None:
    set_hub(desk, phone="")
    item = desk.due()
    assert await desk.fails(item) is not None
    assert house_tasks(desk) == ["words_missing"]
    set_hub(desk, phone="(305) 555-0100")
    await desk.send(item)
    assert len(desk.provider.accepted()) == 1


async def test_the_cap_is_exact_for_one_worker(desk: Desk) -> None:
    set_hub(desk, daily_cap=7)
    for day in range(9, 19):
        a_hearing(desk.house.records, desk.case, f"2026-12-{day:02d} 09:00", desk.clock.at)
    for item in due_texts(desk):
        if len(desk.provider.accepted()) < 7:
            await desk.send(item)
        else:
            await desk.fails(item)
    assert len(desk.provider.accepted()) == 7


def due_texts(desk: Desk) -> list[AgendaItem]:
    """All texts to her that are due now."""
    return [
        item
        for item in desk.agenda().items
        if item.act is Act.SEND_MESSAGE and item.channel == Channel.SMS
    ]


async def test_a_letter_without_a_mail_server_counts_as_not_sent_where_texts_do_leave(
    desk: Desk,
) -> None:
    house = desk.with_carrier(OutboxChannel(), Channel.EMAIL)
    desk.provider.behave(refuse_code=30006)
    await desk.send(desk.due(), house=house)
    letter = desk.due(Channel.EMAIL)
    agenda = await desk.send(letter, house=house)
    message = desk.message(letter)
    assert (message.state, message.error_code) == (MessageState.FAILED, NO_CARRIER)
    assert [item.step for item in agenda.items if item.person_id == desk.mother] == ["not_reached"]
