"""Answers about a step of a plan: done as far as their word goes, and told to who should know."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import Channel, PlanState
from records.answering import contact_to_answer, write_answer
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.database import Records
from records.plans import (
    NewStep,
    add_step,
    discharge_plan,
    get_step,
    miss_step,
    start_plan,
    steps_of,
    verify_step,
)
from records.replies import receive_text
from records.tables import (
    Answer,
    ContactPoint,
    Defendant,
    Evidence,
    HumanTask,
    Reply,
)
from tests.houses import AGREED, ROSA, FixedClock, a_case, a_message, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
TODAY = date(2026, 12, 1)
PHONE, MENTOR = "+13055550110", "+13055550113"


class Asked:
    """Marcus, a step of his plan, and the text that asked about it."""

    def __init__(self, records: Records, due: date = TODAY) -> None:
        self.records, self.hub = records, hub_of(records)
        self.case = a_case(records, NOW)
        with records.writing(self.hub) as session:
            self.person = session.get_one(Defendant, self.case.defendant_id).person_id
            add_contact(session, self.person, NewContact(Channel.SMS, PHONE, AGREED), ROSA, NOW)
            omar = NewSupporter(
                *("Omar", "Reyes", "mentor", "es"),
                (NewContact(Channel.SMS, MENTOR, AGREED),),
                mentor=True,
            )
            self.mentor = enroll_supporter(session, self.case.id, omar, ROSA, NOW).person_id
            step = NewStep("employment", "Meet the job coach", due, mandated=True)
            self.plan = start_plan(session, self.case.id, [step], ROSA, NOW).id
            self.step = steps_of(session, self.plan)[0].id
        self.count = 0
        self.asks(self.person, "plan_step")

    def asks(self, person_id: str, step: str, minutes: int = -60, about: str = "") -> None:
        """A message of that kind reached somebody, so many minutes from now."""
        with self.records.writing(self.hub) as session:
            contact = session.exec(
                select(ContactPoint).where(
                    ContactPoint.person_id == person_id, ContactPoint.channel == "sms"
                )
            ).one()
            at = NOW + timedelta(minutes=minutes)
            subject = about or self.step
            a_message(session, contact, f"{step} {at}", at, subject_id=subject, step=step)

    def writes(self, words: str, sender: str = PHONE, minutes: int = 0) -> list[ReplyKind]:
        """They write back."""
        self.count += 1
        now = NOW + timedelta(minutes=minutes)
        return receive_text(self.records, sender, words, f"SM{self.count}", now)

    def misses(self) -> None:
        """The step was missed, and the question went out."""
        with self.records.writing(self.hub) as session:
            miss_step(session, self.step, NOW)
        self.asks(self.person, "plan_step_missed", -30)

    @property
    def state(self) -> str:
        with self.records.reading(self.hub) as session:
            return get_step(session, self.step).state

    @property
    def tasks(self) -> list[str]:
        with self.records.reading(self.hub) as session:
            rows = session.exec(select(HumanTask).where(col(HumanTask.closed_at).is_(None))).all()
        return sorted(row.kind for row in rows)

    @property
    def said_back(self) -> list[str]:
        with self.records.reading(self.hub) as session:
            return [row.step for row in session.exec(select(Answer).order_by(col(Answer.id))).all()]

    @property
    def why(self) -> str:
        with self.records.reading(self.hub) as session:
            return get_step(session, self.step).what_got_in_the_way


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(make_house(tmp_path, FixedClock(NOW)).records)


def test_their_word_is_evidence_that_nobody_has_checked(asked: Asked) -> None:
    assert asked.writes("1") == [ReplyKind.STEP_WENT]
    assert asked.state == "evidenced"
    with asked.records.reading(asked.hub) as session:
        evidence = session.exec(select(Evidence)).one()
        reply = session.exec(select(Reply)).one()
    assert (evidence.kind, evidence.verified_at) == ("word", None)
    assert (reply.read_as, reply.case_id) == ("step_went", asked.case.id)
    assert asked.said_back == ["ack_step_went"]
    assert asked.tasks == []


def test_a_missed_step_that_was_done_after_all_is_checked_by_a_person(asked: Asked) -> None:
    asked.misses()
    asked.writes("I went")
    assert asked.state == "cured"
    assert asked.tasks == ["step_check"]
    with asked.records.writing(asked.hub) as session:
        verify_step(session, asked.step, ROSA, NOW)
    assert (asked.state, asked.tasks) == ("verified", [])


def test_two_asks_what_got_in_the_way_and_the_next_words_are_the_answer(asked: Asked) -> None:
    assert asked.writes("2") == [ReplyKind.STEP_COULD_NOT]
    assert (asked.said_back, asked.tasks) == (["ack_step_why"], ["step_could_not"])
    assert asked.writes("Pa gen woulib", minutes=5) == [ReplyKind.STEP_WHY]
    assert (asked.state, asked.why) == ("active", "Pa gen woulib")
    assert asked.said_back == ["ack_step_why", "ack_step_noted"]
    assert asked.tasks == ["step_could_not"]
    assert asked.writes("And another thing", minutes=6) == [ReplyKind.FOR_A_PERSON]
    assert asked.why == "Pa gen woulib"


def test_the_question_is_answered_in_their_own_words_or_behind_a_two(asked: Asked) -> None:
    asked.misses()
    assert asked.writes("My shift was changed") == [ReplyKind.STEP_WHY]
    assert (asked.state, asked.why, asked.tasks) == ("missed", "My shift was changed", [])
    asked.writes("2 and the bus was late", minutes=1)
    assert asked.why == "and the bus was late"
    assert asked.said_back == ["ack_step_noted", "ack_step_noted"]


def test_three_brings_a_call_today(asked: Asked) -> None:
    asked.writes("3")
    assert (asked.said_back, asked.tasks) == (["ack_step_call"], ["step_call"])
    with asked.records.reading(asked.hub) as session:
        task = session.exec(select(HumanTask)).one()
    assert task.by == NOW + timedelta(hours=4)
    assert task.case_id == asked.case.id


def test_before_its_day_a_step_is_not_done_by_a_yes(tmp_path: Path) -> None:
    asked = Asked(make_house(tmp_path, FixedClock(NOW)).records, TODAY + timedelta(days=1))
    assert asked.writes("1") == [ReplyKind.STEP_PLANNED]
    assert (asked.state, asked.tasks, asked.said_back) == ("active", [], ["ack_step_planned"])
    assert asked.writes("1", minutes=1500) == [ReplyKind.STEP_WENT]
    assert asked.state == "evidenced"


def test_the_same_text_twice_and_a_one_after_it_change_nothing(asked: Asked) -> None:
    asked.writes("1")
    asked.count = 0
    assert asked.writes("1") == []
    asked.count = 5
    asked.writes("1")
    with asked.records.reading(asked.hub) as session:
        assert len(session.exec(select(Evidence)).all()) == 1


def test_a_mentor_answers_for_nobody(asked: Asked) -> None:
    asked.asks(asked.mentor, "plan_step")
    assert asked.writes("3", MENTOR) == [ReplyKind.FOR_A_PERSON]
    assert asked.state == "active"


def test_after_a_court_reminder_a_yes_and_a_one_are_about_court(asked: Asked) -> None:
    asked.asks(asked.person, "before_1", -10)
    assert asked.writes("yes") == [ReplyKind.CONFIRMED]
    assert asked.writes("1", minutes=1) == [ReplyKind.CONFIRMED]
    assert asked.state == "active"


def test_what_an_advocate_asked_is_answered_to_them(asked: Asked) -> None:
    asked.writes("Hello there")
    with asked.records.writing(asked.hub) as session:
        reply = session.exec(select(Reply)).one()
        write_answer(session, contact_to_answer(session, reply), "Bus 1 or 3?", ROSA, NOW)
    assert asked.writes("3", minutes=2) == [ReplyKind.FOR_A_PERSON]
    assert asked.state == "active"


def test_an_ended_plan_and_an_old_question_ask_no_more(asked: Asked) -> None:
    assert asked.writes("3", minutes=60 * 24 * 11) == [ReplyKind.FOR_A_PERSON]
    with asked.records.writing(asked.hub) as session:
        discharge_plan(session, asked.plan, PlanState.DISCHARGED_SUCCESSFUL, ROSA, NOW)
    assert asked.writes("3", minutes=1) == [ReplyKind.FOR_A_PERSON]


def test_stop_comes_before_every_step(asked: Asked) -> None:
    assert asked.writes("STOP") == [ReplyKind.STOP]
    assert asked.writes("2", minutes=1) == [ReplyKind.STEP_COULD_NOT]
    assert asked.said_back == ["ack_stop"]
    assert asked.tasks == ["step_could_not"]


def test_a_reminder_of_tomorrow_does_not_take_the_answer_about_today(asked: Asked) -> None:
    with asked.records.writing(asked.hub) as session:
        tomorrow = NewStep("housing", "See the room", TODAY + timedelta(days=1))
        later = add_step(session, asked.plan, tomorrow, ROSA, NOW).id
    asked.asks(asked.person, "plan_step", -10, about=later)
    assert asked.writes("2") == [ReplyKind.STEP_COULD_NOT]
    asked.writes("My bus did not come.", minutes=1)
    assert asked.why == "My bus did not come."
    with asked.records.reading(asked.hub) as session:
        assert get_step(session, later).what_got_in_the_way == ""


def test_once_today_is_answered_the_next_word_is_about_tomorrow(asked: Asked) -> None:
    with asked.records.writing(asked.hub) as session:
        tomorrow = NewStep("housing", "See the room", TODAY + timedelta(days=1))
        later = add_step(session, asked.plan, tomorrow, ROSA, NOW).id
    asked.asks(asked.person, "plan_step", -10, about=later)
    assert asked.writes("1") == [ReplyKind.STEP_WENT]
    assert asked.state == "evidenced"
    assert asked.writes("1", minutes=2) == [ReplyKind.STEP_PLANNED]


def test_a_question_about_a_missed_step_takes_the_answer(asked: Asked) -> None:
    with asked.records.writing(asked.hub) as session:
        other = NewStep("housing", "See the room", TODAY - timedelta(days=3))
        missed = add_step(session, asked.plan, other, ROSA, NOW).id
        miss_step(session, missed, NOW)
    asked.asks(asked.person, "plan_step_missed", -10, about=missed)
    asked.writes("2 my bus did not come")
    with asked.records.reading(asked.hub) as session:
        assert get_step(session, missed).what_got_in_the_way == "my bus did not come"
    assert asked.state == "active"
