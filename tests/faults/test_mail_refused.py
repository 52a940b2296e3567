"""A mail server that refuses: not now, not this person, not this account."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from domain.vocabulary import Channel, MessageState
from records.tables import ContactPoint
from tests.faults.books import task_kinds
from tests.faults.lives import HardLife, hard_life
from tests.houses import a_case, a_hearing, a_mother, hub_of

pytestmark = pytest.mark.faults

EMAIL = "denise@example.org"


async def _a_date(life: HardLife, *, phone: str = "") -> None:
    """A hearing in nine days, of which she is to be told now."""
    now = await life.now()
    case = a_case(life.house.records, now, phone="")
    a_mother(life.house.records, case, now, phone=phone, email=EMAIL)
    day = (await life.wall()).date() + timedelta(days=9)
    a_hearing(life.house.records, case, f"{day} 09:00", now)


async def _pass(life: HardLife, **how_much: float) -> None:
    await life.until(await life.now() + timedelta(**how_much))


def _unreachable(life: HardLife) -> dict[str, str]:
    with life.house.records.reading(hub_of(life.house.records)) as session:
        contacts = session.exec(select(ContactPoint)).all()
    return {one.channel: one.unreachable_code for one in contacts if one.unreachable_at}


async def test_a_server_that_is_gone_is_tried_until_it_returns(tmp_path: Path) -> None:
    async with hard_life(tmp_path) as life:
        await life.mail.stop()
        await _a_date(life)
        await _pass(life, minutes=45)
        assert life.steps() == [("enrolled", MessageState.WITHDRAWN)]
        assert task_kinds(life.house.records)["channel_down"] == 1
        await life.mail_returns()
        await _pass(life, minutes=6)
        assert life.steps() == [("enrolled", MessageState.SENT)]
        assert len(life.mail.messages) == 1


async def test_greylisting_is_waited_out(tmp_path: Path) -> None:
    async with hard_life(tmp_path) as life:
        life.mail.greylist(EMAIL, times=2)
        await _a_date(life)
        await _pass(life, minutes=4)
        assert life.steps() == [("enrolled", MessageState.WITHDRAWN)]
        assert life.tries() == 1, "asked again only after what greylisting asks for"
        await _pass(life, minutes=7)
        assert life.steps() == [("enrolled", MessageState.SENT)]
        assert len(life.mail.messages) == 1
        assert not task_kinds(life.house.records).keys() & {"channel_down", "not_reached"}


async def test_a_mailbox_that_does_not_exist_is_the_end_of_the_ladder(tmp_path: Path) -> None:
    """A landline, then a mailbox that is gone: both are marked, and a person is asked to call."""
    async with hard_life(tmp_path) as life:
        life.texts.behave(refuse_code=30006)
        life.mail.refuse(EMAIL)
        await _a_date(life, phone="+13055550111")
        await _pass(life, minutes=2)
        assert life.steps() == [
            ("enrolled", MessageState.FAILED),
            ("enrolled", MessageState.FAILED),
        ]
        assert _unreachable(life) == {Channel.SMS: "30006", Channel.EMAIL: "550 5.1.1"}
        assert task_kinds(life.house.records)["not_reached"] == 1
        assert life.texts.accepted() == []
        assert life.mail.messages == []
        tries = life.tries()
        await _pass(life, days=1)
        assert life.tries() == tries, "nobody knocks at a door that is not there"


async def test_a_landline_goes_on_to_a_mailbox_that_is_greylisted(tmp_path: Path) -> None:
    async with hard_life(tmp_path) as life:
        life.texts.behave(refuse_code=30006)
        life.mail.greylist(EMAIL)
        await _a_date(life, phone="+13055550111")
        await _pass(life, minutes=7)
        assert life.steps() == [("enrolled", MessageState.FAILED), ("enrolled", MessageState.SENT)]
        assert len(life.mail.messages) == 1


async def test_an_account_that_is_refused_is_told_to_a_person(tmp_path: Path) -> None:
    async with hard_life(tmp_path, smtp_user="hub", smtp_password="wrong") as life:
        await _a_date(life)
        await _pass(life, minutes=5)
        assert life.steps() == [("enrolled", MessageState.WITHDRAWN)]
        assert task_kinds(life.house.records)["channel_account_refused"] == 1
        assert not _unreachable(life)
