"""A send whose fate nobody knows is settled by asking, and at most one more goes out."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from activities.channels import Ambiguous, CannotAsk, Channel, ChannelKind, Outgoing, Receipt
from activities.channels.base import Fate
from activities.channels.loopback_behaviour import Drop
from domain.vocabulary import Channel as Way
from domain.vocabulary import MessageState
from records.hearings import Setting, move_hearing
from records.tables import ContactPoint
from tests.faults.books import task_kinds
from tests.faults.desk import Desk, open_desk
from tests.houses import ROSA, ZONE, wall

pytestmark = pytest.mark.faults


class Killed(BaseException):
    """The worker's process is gone: nothing after this line happens."""


class DiesAt:
    """A carrier whose worker is killed before, or after, the request left."""

    kind = ChannelKind.SMS

    def __init__(self, inner: Channel, *, after_sending: bool) -> None:
        self._inner = inner
        self._after = after_sending

    async def send(self, out: Outgoing) -> Receipt:
        """Dies."""
        if self._after:
            await self._inner.send(out)
        raise Killed

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """As usual."""
        return await self._inner.find(to, text, since, message_id)

    async def check(self) -> None:
        """As usual."""

    async def aclose(self) -> None:
        """As usual."""


class HidesWords(DiesAt):
    """An account whose lists do not show the words, and whose answers are lost."""

    async def send(self, out: Outgoing) -> Receipt:
        """Accepted, perhaps."""
        await self._inner.send(out)
        raise Ambiguous("lost")

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """Nothing can be known."""
        raise CannotAsk("the account hides the words of its messages")


class FoundFailed(HidesWords):
    """A provider that accepted the text, lost its answer, and could not deliver it."""

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """It knows of it: a landline."""
        return Receipt("SM" + "1" * 32, Fate.UNDELIVERED, "30006")


async def test_an_answer_lost_after_accepting_is_found_by_asking(desk: Desk) -> None:
    desk.provider.behave(drop="after", times=1)
    item = desk.due()
    assert await desk.fails(item) == timedelta(seconds=3)
    assert desk.message(item).state == MessageState.CLAIMED
    desk.later(seconds=3)
    await desk.send(item)
    assert desk.tries(item) == ["found"]
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


async def test_an_answer_lost_before_accepting_is_denied_and_sent_once_more(desk: Desk) -> None:
    desk.provider.behave(drop="before", times=1)
    item = desk.due()
    await desk.fails(item)
    desk.later(seconds=3)
    await desk.send(item)
    assert desk.tries(item) == ["ambiguous", "accepted"]
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


@pytest.mark.parametrize("after_sending", [True, False])
async def test_a_worker_killed_between_claim_and_record_leaves_one_text(
    desk: Desk, after_sending: bool
) -> None:
    sms = desk.house.carriers[Way.SMS]
    dying = desk.with_carrier(DiesAt(sms, after_sending=after_sending))
    item = desk.due()
    with pytest.raises(Killed):
        await desk.send(item, house=dying)
    assert desk.tries(item) == ["started"]
    desk.later(seconds=8)
    wait = await desk.fails(item)
    assert wait == timedelta(seconds=12), "the killed one may still be under way for 20 s"
    desk.later(seconds=12)
    await desk.send(item)
    assert desk.tries(item) == (["found"] if after_sending else ["started", "accepted"])
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


async def test_a_provider_that_cannot_be_asked_is_waited_for(desk: Desk) -> None:
    desk.provider.behave(drop="after", times=1)
    item = desk.due()
    await desk.fails(item)
    await desk.provider.stop()
    for _ in range(6):
        desk.later(minutes=5)
        await desk.fails(item)
    assert "channel_down" not in task_kinds(desk.house.records)
    desk.later(minutes=5)
    await desk.fails(item)
    assert desk.message(item).state == MessageState.CLAIMED
    assert desk.tries(item) == ["ambiguous"]
    assert task_kinds(desk.house.records)["channel_down"] == 1
    await desk.restart_provider()
    await desk.send(item)
    assert desk.tries(item) == ["found"]
    assert desk.books().faults() == []


async def test_twice_in_doubt_and_twice_denied_goes_on_by_email(desk: Desk) -> None:
    desk.provider.behave(drop="before", times=2)
    item = desk.due()
    for _ in range(2):
        await desk.fails(item)
        desk.later(seconds=3)
    await desk.send(item)
    failed = desk.message(item)
    assert (failed.state, failed.error_code) == (MessageState.FAILED, "fate-unknown")
    await desk.send(desk.due(Way.EMAIL))
    assert [mail.recipients for mail in desk.mail.messages] == [("denise@example.org",)]
    assert desk.provider.accepted() == []
    assert desk.books().faults() == []


async def test_a_denied_text_for_an_old_date_is_not_sent_again(desk: Desk) -> None:
    desk.provider.behave(drop="before", times=1)
    item = desk.due()
    await desk.fails(item)
    with desk.house.records.writing(desk.subject.hub_id) as session:
        setting = Setting(wall("2026-12-23 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")
        move_hearing(session, desk.hearing.id, setting, ROSA, desk.clock.at)
    desk.later(seconds=3)
    await desk.send(item)
    assert desk.message(item).state == MessageState.WITHDRAWN
    assert desk.provider.accepted() == []


async def test_a_provider_whose_clock_is_hours_behind_is_understood(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "var", provider_late=timedelta(hours=5)) as desk:
        desk.provider.behave(drop="after", times=1)
        item = desk.due()
        await desk.fails(item)
        desk.later(seconds=3)
        await desk.send(item)
        assert desk.tries(item) == ["found"]
        assert desk.books().faults() == []


async def test_a_text_that_nobody_can_ask_about_is_not_repeated(desk: Desk) -> None:
    hiding = desk.with_carrier(HidesWords(desk.house.carriers[Way.SMS], after_sending=True))
    item = desk.due()
    await desk.fails(item, house=hiding)
    desk.later(seconds=3)
    await desk.send(item, house=hiding)
    assert desk.message(item).state == MessageState.FAILED
    assert len(desk.provider.accepted()) == 1
    assert desk.due(Way.EMAIL).step == item.step, "the next rung of the ladder is due"


async def test_a_found_text_that_failed_has_the_consequences_of_a_refusal(desk: Desk) -> None:
    landline = desk.with_carrier(FoundFailed(desk.house.carriers[Way.SMS], after_sending=True))
    item = desk.due()
    await desk.fails(item, house=landline)
    desk.later(seconds=3)
    await desk.send(item, house=landline)
    assert desk.message(item).state == MessageState.UNDELIVERED
    with desk.house.records.reading(desk.subject.hub_id) as session:
        phone = session.exec(select(ContactPoint).where(ContactPoint.channel == Way.SMS)).one()
    assert phone.unreachable_code == "30006"
    assert desk.due(Way.EMAIL).step == item.step


async def test_mail_is_repeated_once_with_the_mark_of_the_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "var", phone="") as desk:
        desk.mail.drop(Drop.AFTER)
        item = desk.due(Way.EMAIL)
        await desk.fails(item)
        desk.later(seconds=3)
        await desk.fails(item)
        desk.later(seconds=3)
        await desk.send(item)
        marks = [mail.message["Message-ID"] for mail in desk.mail.messages]
        assert len(marks) == 2
        assert len(set(marks)) == 1
        assert desk.message(item).state == MessageState.FAILED
        kinds = [task.step for task in desk.agenda().items if task.act == "open_task"]
        assert "not_reached" in kinds
