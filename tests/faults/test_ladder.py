"""The ladder, climbed with a provider that answers and reports over real sockets: text, call,
e-mail, a person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from api.app import build_app
from domain.agenda import Act, AgendaItem
from domain.reminders import case_items
from domain.vocabulary import Channel, MessageState
from engine.embedded import free_port
from records.case_facts import load_case
from records.circle import NewContact, add_contact
from records.database import Records
from records.replies import receive_text
from records.tables import Answer, ContactPoint, HumanTask, Message
from tests.api.test_sms_status import serving
from tests.faults.desk import EMAIL, PHONE, Desk, open_desk
from tests.houses import ROSA, hub_of, settings_in

pytestmark = pytest.mark.faults

CALLER = "+13055550198"


@dataclass
class Ladder:
    """One message on its way to one person, rung by rung; time jumps to whatever is due next."""

    desk: Desk
    climbed: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def records(self) -> Records:
        """Where everything is written down."""
        return self.desk.house.records

    def next(self) -> AgendaItem | None:
        """What would be sent to her next about her son's hearing."""
        return min(
            (
                item
                for item in self.planned()
                if item.act is Act.SEND_MESSAGE and item.person_id == self.desk.mother
            ),
            key=lambda item: item.due,
            default=None,
        )

    def planned(self) -> tuple[AgendaItem, ...]:
        with self.records.reading(hub_of(self.records)) as session:
            facts = load_case(session, self.desk.case.id)
        assert facts is not None
        return case_items(facts, self.desk.clock.at)

    async def climb(self) -> list[tuple[str, str, int]]:
        """Channel, fate and minutes since the beginning, for each try until it is over."""
        began = self.desk.clock.at
        while (item := self.next()) is not None and item.step == "enrolled":
            self.desk.clock.at = max(item.due, self.desk.clock.at)
            await self.desk.send(item)
            await self.desk.provider.settle()
            minutes = int((self.desk.clock.at - began) / timedelta(minutes=1))
            state = self.desk.message(item).state
            self.climbed.append((item.channel, state, minutes))
        return self.climbed

    def tasks(self) -> set[str]:
        """What people were asked to do so far, and what the plan now asks of them."""
        planned = {item.step for item in self.planned() if item.act is Act.OPEN_TASK}
        with self.records.reading(hub_of(self.records)) as session:
            return planned | set(session.exec(select(col(HumanTask.kind))).all())

    def contact(self, channel: Channel) -> ContactPoint:
        """Her way of that kind."""
        with self.records.reading(hub_of(self.records)) as session:
            return session.exec(
                select(ContactPoint).where(
                    ContactPoint.person_id == self.desk.mother, ContactPoint.channel == channel
                )
            ).one()


@asynccontextmanager
async def ladder(folder: Path) -> AsyncIterator[Ladder]:
    """A mother with a phone that takes texts and may be called, and a mailbox."""
    port = free_port()
    async with open_desk(folder / "var", voice_sender=CALLER, port=port) as desk:
        new = NewContact(Channel.VOICE, PHONE, "You may call me, too.", how="in person")
        with desk.house.records.writing(hub_of(desk.house.records)) as session:
            add_contact(session, desk.mother, new, ROSA, desk.clock.at)
        settings = settings_in(
            folder / "var",
            port=port,
            sms_url=desk.provider.url,
            sms_account=desk.provider.account_sid,
            sms_token=desk.provider.auth_token,
        )
        app = build_app(settings, desk.house.records, lambda: desk.clock.at)
        async with serving(app, port):
            yield Ladder(desk)


async def test_a_text_that_arrives_needs_no_other_rung(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        assert await her.climb() == [("sms", "delivered", 0)]


@pytest.mark.parametrize("code", [30005, 30006])
async def test_a_number_that_takes_no_texts_is_called_now(tmp_path: Path, code: int) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(callbacks=("sent", "undelivered"), error_code=code, times=1)
        assert await her.climb() == [("sms", "undelivered", 0), ("voice", "delivered", 0)]
        assert her.contact(Channel.SMS).unreachable_code == str(code)
        assert her.contact(Channel.VOICE).unreachable_at is None, "a landline may well be called"


@pytest.mark.parametrize("code", [30003, 30008])
async def test_a_phone_that_is_off_is_texted_twice_more_and_then_called(
    tmp_path: Path, code: int
) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(callbacks=("undelivered",), error_code=code, times=3)
        assert await her.climb() == [
            ("sms", "undelivered", 0),
            ("sms", "undelivered", 30),
            ("sms", "undelivered", 150),
            ("voice", "delivered", 150),
        ]
        assert her.contact(Channel.SMS).unreachable_at is None


async def test_nobody_at_home_three_times_and_an_e_mail_goes_out(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(number=PHONE, refuse_code=21614, times=1)
        her.desk.provider.behave(answer="no-answer")
        climbed = await her.climb()
        assert climbed[0] == ("sms", "failed", 0)
        assert [channel for channel, _, _ in climbed[1:]] == ["voice", "voice", "voice", "email"]
        assert climbed[-1][1] == "sent"
        assert [mail.recipients for mail in her.desk.mail.messages] == [(EMAIL,)]


async def test_a_stop_that_only_the_provider_knows_is_ours_too(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(refuse_code=21610, times=1)
        assert await her.climb() == [("sms", "failed", 0), ("voice", "delivered", 0)]
        phone = her.contact(Channel.SMS)
        assert (phone.opted_out_at, phone.opted_out_how) == (her.desk.clock.at, "provider")
        assert her.contact(Channel.VOICE).opted_out_at is None


async def test_what_a_carrier_blocks_is_an_operators_task_and_the_call_goes_out(
    tmp_path: Path,
) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(callbacks=("undelivered",), error_code=30007, times=1)
        assert await her.climb() == [("sms", "undelivered", 0), ("voice", "delivered", 0)]
        assert "carrier_filtering" in her.tasks()
        assert her.contact(Channel.SMS).unreachable_at is None


async def test_when_nothing_works_a_person_is_asked(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        her.desk.mail.refuse(EMAIL)
        her.desk.provider.behave(refuse_code=21211)
        climbed = await her.climb()
        assert [channel for channel, _, _ in climbed] == ["sms", "voice", "email"]
        assert {state for _, state, _ in climbed} == {"failed"}
        assert "no_contact" in her.tasks(), "no way is left at all"


async def test_receipts_that_come_twice_and_in_the_wrong_order_lead_nowhere_else(
    tmp_path: Path,
) -> None:
    async with ladder(tmp_path) as her:
        reports = ("delivered", "sending", "sent", "delivered", "queued", "undelivered", "sent")
        her.desk.provider.behave(callbacks=reports, error_code=30003)
        assert await her.climb() == [("sms", "delivered", 0)]


async def test_a_late_report_of_a_first_try_says_nothing_about_the_second(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        desk = her.desk
        desk.provider.behave(callbacks=("undelivered",), error_code=30003, times=1)
        first = her.next()
        assert first is not None
        await desk.send(first)
        await desk.provider.settle()
        desk.later(minutes=30)
        second = her.next()
        assert second is not None
        assert (second.key, second.contact_id) == (f"{first.key}#2", first.contact_id)
        await desk.send(second)
        await desk.provider.settle()
        assert desk.message(first).state == MessageState.UNDELIVERED
        assert desk.message(second).state == MessageState.DELIVERED
        assert desk.message(first).provider_id != desk.message(second).provider_id


async def test_a_key_pressed_in_the_call_is_heard(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        her.desk.provider.behave(number=PHONE, refuse_code=21614, times=1)
        her.desk.provider.behave(key="9")
        assert await her.climb() == [("sms", "failed", 0), ("voice", "delivered", 0)]
        assert her.contact(Channel.VOICE).opted_out_at == her.desk.clock.at
        assert her.contact(Channel.EMAIL).opted_out_at is None


async def test_a_yes_is_acknowledged_by_text_and_an_answer_reaches_her(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        await her.climb()
        desk = her.desk
        receive_text(her.records, PHONE, "Yes", "SM-in-1", desk.clock.at)
        ack = her.next()
        assert ack is not None
        assert ack.step == "ack_confirmed"
        await desk.send(ack)
        said = desk.provider.accepted()[-1].body
        assert "Tuesday, December 22" in said
        assert desk.message(ack).segments <= 2
        with her.records.reading(hub_of(her.records)) as session:
            answer = session.exec(select(Answer)).one()
            assert session.exec(select(Message).where(Message.subject_id == answer.id)).one()


async def test_a_doubtful_text_is_not_repeated_to_a_phone_that_said_stop_meanwhile(
    tmp_path: Path,
) -> None:
    """She has a second phone, where the same reminder is still wanted."""
    async with ladder(tmp_path) as her:
        desk, other = her.desk, "+13055550122"
        with her.records.writing(hub_of(her.records)) as session:
            new = NewContact(Channel.SMS, other, "My other phone, too.")
            add_contact(session, desk.mother, new, ROSA, desk.clock.at)
        item = her.next()
        assert item is not None
        desk.provider.behave(drop="before", times=1)
        await desk.fails(item)
        receive_text(her.records, PHONE, "STOP", "SM-in-1", desk.clock.at)
        desk.later(minutes=2)
        await desk.send(item)
        assert [text.to for text in desk.provider.accepted()] == []
        assert desk.message(item).state == MessageState.WITHDRAWN
        again = next(i for i in her.planned() if i.key == item.key)
        await desk.send(again)
        assert [text.to for text in desk.provider.accepted()] == [other]


async def test_a_carrier_that_answers_a_stop_itself_does_not_take_its_words_away(
    tmp_path: Path,
) -> None:
    async with ladder(tmp_path) as her:
        await her.climb()
        receive_text(her.records, PHONE, "Please stop", "SM-in-1", her.desk.clock.at)
        her.desk.provider.behave(refuse_code=21610)
        ack = her.next()
        assert ack is not None
        her.desk.later(minutes=2)
        await her.desk.send(ack)
        phone = her.contact(Channel.SMS)
        assert phone.opted_out_how == "sms", "they said it, not the provider"
        assert phone.opted_out_at == her.desk.clock.at - timedelta(minutes=2)


async def test_the_confirmation_of_a_stop_is_the_last_word(tmp_path: Path) -> None:
    async with ladder(tmp_path) as her:
        await her.climb()
        desk = her.desk
        receive_text(her.records, PHONE, "STOP", "SM-in-1", desk.clock.at)
        ack = her.next()
        assert ack is not None
        assert ack.step == "ack_stop"
        await desk.send(ack)
        texts = len(desk.provider.accepted())
        assert "no more texts" in desk.provider.accepted()[-1].body
        receive_text(her.records, PHONE, "Are you there?", "SM-in-2", desk.clock.at)
        after = her.next()
        assert after is None or after.channel != Channel.SMS
        assert len(desk.provider.accepted()) == texts
