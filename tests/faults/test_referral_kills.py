"""Referrals go on whatever is killed: each provider is asked once and reminded once, each person is
told of a first meeting once, and silence or a no reaches the team as one task."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.court_time import QuietHours
from domain.facts import HubPolicy
from domain.ledger import message_key
from domain.referrals import Setter, silent_from, working_days_after
from domain.tracks import Custody
from domain.vocabulary import Channel, Declined, MessageState
from domain.vocabulary import ReferralState as S
from records.casework import NewCase, open_case
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.directory import NewProvider, add_provider
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    send_referral,
)
from records.tables import ContactPoint, Defendant, HumanTask, Person, Referral
from tests.faults.books import HAS_IT, compare, states
from tests.faults.desk import Desk
from tests.faults.house import RealHouse, listening, real_house
from tests.faults.killing import FORGOTTEN, KILLED, Tries, kill_in_turn
from tests.faults.people import AREAS, ZONE, in_seconds, remind_at
from tests.houses import AGREED, ROSA, a_message, hub_of

SEED = int(os.environ.get("HOMEWARD_FAULTS_SEED", "5550143"))
ASKED, NUDGED, MET, SILENT, TURNED_DOWN = 40, 30, 30, 15, 15
ANSWER_DAYS = 3
"""As a hub has it unless it says otherwise."""
POLICY = HubPolicy(ZONE, QuietHours(datetime.min.time(), datetime.min.time(), ZONE))

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]


@dataclass(frozen=True, slots=True)
class Referred:
    """Somebody who is referred to a provider of their own."""

    person_id: str
    desk_id: str
    referral_id: str

    def key(self, message: str, referral_round: int = 1) -> str:
        """The claim of a message about the referral."""
        who = self.person_id if message == "first_meeting" else self.desk_id
        return message_key(who, self.referral_id, referral_round, message, Channel.SMS)


def a_number(number: int) -> str:
    """A made-up phone, another for each number below 400."""
    return f"+1{AREAS[number // 100]}555{100 + number % 100:04d}"


def a_referral(session: HubSession, number: int, asked: datetime, *, at_home: bool) -> Referred:
    """A referral that was sent at `asked` (UTC). Who has the phone of that number: the person where
    `at_home`, or else the provider's desk."""
    new = NewCase(f"Person{number}", "Johnson", custody=Custody.RELEASED)
    case = open_case(session, new, ROSA, asked)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    desk = Person(first_name=f"House {number}")
    session.add(desk)
    session.flush()
    provider = add_provider(session, NewProvider(f"House {number}"))
    provider.desk_id = desk.id
    session.add(provider)
    phone = NewContact(Channel.SMS, a_number(number), AGREED)
    add_contact(session, person_id if at_home else desk.id, phone, ROSA, asked)
    wanted = NewReferral(provider.id, "housing", agreed_words="Yes", agreed_how="in person")
    row = draft_referral(session, case.id, wanted, ROSA, asked)
    send_referral(session, row.id, ROSA, asked)
    return Referred(person_id, desk.id, row.id)


def was_said(session: HubSession, one: Referred, step: str, at: datetime) -> None:
    """The desk was written to long ago, not through the provider of texts of this house."""
    [contact] = session.exec(
        select(ContactPoint).where(ContactPoint.person_id == one.desk_id)
    ).all()
    claim, subject = one.key(step), one.referral_id
    row = a_message(session, contact, step, at, claim=claim, subject_id=subject, step=step)
    row.referral_id, row.subject_revision = one.referral_id, 1
    session.add(row)


def asked_before(now: datetime) -> datetime:
    """When a provider was asked that is to be reminded now, and does not count as silent yet."""
    for days in range(1, 15):
        asked = now - timedelta(days=days)
        nudge = working_days_after(asked, ANSWER_DAYS, POLICY)
        if nudge <= now and now + timedelta(minutes=10) < silent_from(asked, ANSWER_DAYS, POLICY):
            return asked
    raise AssertionError("there is no such day")


def accepts(session: HubSession, one: Referred, meeting: datetime, now: datetime) -> None:
    """The provider says yes, and when they meet."""
    answer = Answer(meeting_at=meeting)
    move_referral(session, one.referral_id, S.ACCEPTED, Setter.PROVIDER, answer, ROSA, now)


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody, by what is to come next."""

    asked: list[Referred]
    nudged: list[Referred]
    met: list[Referred]
    silent: list[Referred]
    turned_down: list[Referred]

    @classmethod
    def of(cls, house: RealHouse, due: datetime) -> "Town":
        """What is due at `due` (UTC) or long ago."""
        now, numbers = datetime.now(UTC), iter(range(400))
        with house.records.writing(house.hub_id) as session:
            asked = [a_referral(session, next(numbers), due, at_home=False) for _ in range(ASKED)]
            lately = asked_before(now)
            nudged = [
                a_referral(session, next(numbers), lately, at_home=False) for _ in range(NUDGED)
            ]
            for one in nudged:
                was_said(session, one, "referral_request", lately)
            met = [a_referral(session, next(numbers), lately, at_home=True) for _ in range(MET)]
            for one in met:
                accepts(session, one, due + timedelta(days=1), lately)
            long_ago = now - timedelta(days=30)
            silent = [
                a_referral(session, next(numbers), long_ago, at_home=False) for _ in range(SILENT)
            ]
            for one in silent:
                was_said(session, one, "referral_request", long_ago)
                was_said(session, one, "referral_nudge", long_ago + timedelta(days=7))
            turned_down = [
                a_referral(session, next(numbers), long_ago, at_home=False)
                for _ in range(TURNED_DOWN)
            ]
            for one in turned_down:
                was_said(session, one, "referral_request", long_ago)
                no = Answer(declined=Declined.FULL)
                move_referral(
                    session, one.referral_id, S.REJECTED, Setter.PROVIDER, no, ROSA, long_ago
                )
        return cls(asked, nudged, met, silent, turned_down)

    @property
    def wanted(self) -> set[str]:
        """The claims of all messages that must leave."""
        return (
            {one.key("referral_request") for one in self.asked}
            | {one.key("referral_nudge") for one in self.nudged}
            | {one.key("first_meeting", 2) for one in self.met}
        )


def tasks(house: RealHouse, of: Sequence[Referred]) -> Counter[str]:
    """How many tasks of each kind there are about these referrals."""
    ids = {one.referral_id for one in of}
    with house.records.reading(house.hub_id) as session:
        rows = session.exec(select(col(HumanTask.kind), col(HumanTask.referral_id))).all()
    return Counter(kind for kind, referral in rows if referral in ids)


def referral_states(house: RealHouse, of: Sequence[Referred]) -> Counter[str]:
    """How these referrals stand."""
    with house.records.reading(house.hub_id) as session:
        return Counter(session.get_one(Referral, one.referral_id).state for one in of)


async def test_referrals_survive_kills_and_nobody_is_told_twice(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with real_house(tmp_path) as house:
        house.start("provider", *KILLED)
        due = in_seconds(8)
        remind_at(house.records, due)
        town = Town.of(house, due)
        await house.until(lambda: listening(house.sms_port), "the provider answering")
        house.behave(delay=2.0)
        await house.until(lambda: len(house.accepted()) > 5, "the first messages leaving")
        killed = await kill_in_turn(house, dice)
        house.behave()

        def settled() -> bool:
            seen = states(house.records)
            return all(seen.get(key) in HAS_IT for key in town.wanted) and not any(
                state == MessageState.CLAIMED for state in seen.values()
            )

        await house.until(settled, "every message being settled", seconds=150)
        await house.until(
            lambda: (
                tasks(house, town.silent) == {"referral_unanswered": SILENT}
                and tasks(house, town.turned_down) == {"referral_declined": TURNED_DOWN}
            ),
            "the team hearing of silence and of every no",
            seconds=90,
        )
        await asyncio.sleep(max(0.0, killed + FORGOTTEN - time.monotonic()))
        books = compare(house.records, house.accepted())
        assert books.faults() == []
        assert {key for key in town.wanted if len(books.texts_of(key)) != 1} == set()
        assert set(books.ours) == town.wanted
        waiting = [*town.asked, *town.nudged, *town.silent]
        assert referral_states(house, waiting) == {S.REQUESTED: ASKED + NUDGED + SILENT}
        assert referral_states(house, town.met) == {S.ACCEPTED: MET}
        assert referral_states(house, town.turned_down) == {S.REJECTED: TURNED_DOWN}
        assert tasks(house, town.silent) == {"referral_unanswered": SILENT}
        assert tasks(house, town.turned_down) == {"referral_declined": TURNED_DOWN}
        assert tasks(house, [*town.asked, *town.nudged, *town.met]) == {}
        print(f"seed {SEED}: kills {house.kills}, {len(books.theirs)} texts accepted")


@dataclass
class Loop(Tries):
    """One referral at the desk, whose every try is made by hand."""

    referred: Referred

    @classmethod
    def at(cls, desk: Desk, step: str) -> "Loop":
        """A referral of which the one message that is due now is this step."""
        now, hub_id = desk.clock.at, hub_of(desk.house.records)
        asked = now - timedelta(days=6) if step == "referral_nudge" else now
        with desk.house.records.writing(hub_id) as session:
            one = a_referral(session, 50, asked, at_home=step == "first_meeting")
            if step == "referral_nudge":
                was_said(session, one, "referral_request", asked)
            if step == "first_meeting":
                accepts(session, one, now + timedelta(hours=6), now)
        return cls(desk, SubjectRef(Subject.REFERRAL, one.referral_id, hub_id), one)

    def messages(self) -> list[AgendaItem]:
        """What is to be said now."""
        with self.desk.house.records.reading(self.subject.hub_id) as session:
            found = read_agenda(session, self.subject, self.desk.clock.at).items
        due = [item for item in found if item.due <= self.desk.clock.at]
        return [item for item in due if item.act is Act.SEND_MESSAGE]


@pytest.mark.parametrize("after_sending", [True, False])
@pytest.mark.parametrize("step", ["referral_request", "referral_nudge", "first_meeting"])
async def test_a_worker_killed_between_claim_and_fate_leaves_one_text_about_a_referral(
    desk: Desk, step: str, after_sending: bool
) -> None:
    loop = Loop.at(desk, step)
    [item] = loop.messages()
    assert item.step == step
    await loop.dies(item, after_sending=after_sending)
    tries = await loop.settles(item)
    assert tries == (["found"] if after_sending else ["started", "accepted"])
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []
    assert loop.messages() == []


@pytest.mark.parametrize("after_sending", [True, False])
async def test_a_question_in_doubt_is_not_asked_any_more_once_it_was_taken_back(
    desk: Desk, after_sending: bool
) -> None:
    loop = Loop.at(desk, "referral_request")
    [item] = loop.messages()
    await loop.dies(item, after_sending=after_sending)
    with desk.house.records.writing(loop.subject.hub_id) as session:
        answer, now = Answer(), desk.clock.at
        move_referral(session, loop.subject.id, S.CANCELLED, Setter.TEAM, answer, ROSA, now)
    assert await loop.settles(item) == (["found"] if after_sending else ["denied"])
    assert len(desk.provider.accepted()) == int(after_sending)
    assert desk.books().faults() == []
    assert loop.messages() == []
