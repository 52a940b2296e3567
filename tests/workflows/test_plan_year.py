"""A year of a support plan on the time-skipping server: kept, missed, cured, paused, completed."""

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import col, select
from temporalio.client import WorkflowExecutionStatus

from domain.court_time import instant_at, wall_time
from domain.tracks import Track
from domain.vocabulary import Channel, HearingKind, PlanState
from records.casework import get_case, move_track
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.plans import (
    NewStep,
    add_evidence,
    agreed_steps,
    discharge_plan,
    excuse_step,
    get_step,
    note_answer,
    occurrences_of,
    start_plan,
)
from records.tables import (
    CaseEvent,
    Defendant,
    HumanTask,
    Message,
    MessageAttempt,
    PlanStep,
    SupportPlan,
)
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_mother, hub_of
from tests.workflows.conftest import Life

CURED, ANSWERED = 5, 12
HELD = range(20, 24)
DAY = timedelta(days=1)


def about(one: datetime, other: datetime) -> bool:
    """Whether two instants are the same but for what work takes."""
    return timedelta(0) <= one - other < timedelta(minutes=1)


class Year:
    """One plan: a check-in each week, ordered by the court, with a mentor beside the person."""

    def __init__(self, life: Life, now: datetime) -> None:
        self.life, self.records = life, life.house.records
        self.hub = hub_of(self.records)
        self.case = a_case(self.records, now)
        a_mother(self.records, self.case, now, phone="+13055550112", language="ht")
        start = wall_time(now, ZONE).date()
        with self.records.writing(self.hub) as session:
            omar = NewSupporter(
                "Omar",
                "Reyes",
                "mentor",
                "es",
                (NewContact(Channel.SMS, "+13055550113", AGREED),),
                may_know_hearings=False,
                mentor=True,
            )
            self.mentor = enroll_supporter(session, self.case.id, omar, ROSA, now).person_id
            step = NewStep(
                "check_in",
                "Call your advocate",
                start + 7 * DAY,
                mandated=True,
                recurrence="FREQ=WEEKLY",
            )
            plan = start_plan(
                session,
                self.case.id,
                (step,),
                ROSA,
                now,
                mandated=True,
                ends_on=start + 364 * DAY,
            )
            self.plan = plan.id
            [series] = agreed_steps(session, plan.id)
            self.weeks = [one.id for one in occurrences_of(session, series.id)]
            self.days = [one.due_on for one in occurrences_of(session, series.id)]
            self.person = session.get_one(Defendant, self.case.defendant_id).person_id

    def at(self, week: int, days: int = 0, hour: int = 12) -> datetime:
        """Noon of a week's day in the hub, or of a day after it."""
        day = self.days[week]
        assert day is not None
        return instant_at(day + days * DAY, datetime(2000, 1, 1, hour).time(), ZONE)

    def state(self, week: int) -> str:
        """How a week stands."""
        with self.records.reading(self.hub) as session:
            return get_step(session, self.weeks[week]).state

    def tasks(self, kind: str) -> list[HumanTask]:
        """Tasks of a kind, first to last."""
        with self.records.reading(self.hub) as session:
            return list(
                session.exec(
                    select(HumanTask)
                    .where(HumanTask.kind == kind)
                    .order_by(col(HumanTask.opened_at))
                ).all()
            )

    def told(self, step: str, week: int) -> list[tuple[str, str, datetime]]:
        """Who was told something about a week, in which language, and when."""
        with self.records.reading(self.hub) as session:
            rows = session.exec(
                select(Message)
                .where(Message.step == step, Message.subject_id == self.weeks[week])
                .order_by(col(Message.claimed_at))
            ).all()
        return [(row.person_id, row.language, row.claimed_at) for row in rows]

    async def show(self, week: int) -> None:
        """What shows that a week was kept comes in on its day."""
        await self.life.until(self.at(week))
        with self.records.writing(self.hub) as session:
            now = await self.life.now()
            add_evidence(session, self.weeks[week], "call", "", ROSA, now, verified=True)
        await self.life.tell()

    async def custody(self, wanted: str) -> None:
        """The person is taken in, or comes out."""
        now = await self.life.now()
        with self.records.writing(self.hub) as session:
            move_track(session, get_case(session, self.case.id), Track.CUSTODY, wanted, ROSA, now)
        await self.life.tell()


async def test_a_year_of_a_plan_is_kept_missed_cured_paused_and_completed(life: Life) -> None:
    year = Year(life, await life.now())
    await life.tell()
    hearing_day = year.days[30]
    assert hearing_day is not None
    for week in range(52):
        if week == 10:
            a_hearing(
                year.records,
                year.case,
                f"{hearing_day} 09:00",
                await life.now(),
                kind=HearingKind.STATUS,
            )
        if week == HELD.start:
            await life.until(year.at(week, -1))
            await year.custody("detained")
        if week == HELD.stop:
            await life.until(year.at(week, -2))
            await year.custody("released")
        if week not in {CURED, ANSWERED, *HELD}:
            await year.show(week)
        elif week == ANSWERED:
            await _answered(year)
        if week == CURED + 2:
            await _climbed_and_cured(year)
    await _completed(year)


async def _climbed_and_cured(year: Year) -> None:
    """The whole ladder of one missed week, in its order and with its pauses; then it is cured."""
    missed_at = year.at(CURED, 3, 9)
    asked, mentor = year.told("plan_step_missed", CURED)
    assert asked[:2] == (year.person, "en")
    assert about(asked[2], missed_at)
    assert mentor[:2] == (year.mentor, "es")
    assert mentor[2] >= missed_at + timedelta(hours=1)
    [advocate] = year.tasks("step_missed")
    [supervisor] = year.tasks("step_escalated")
    [counsel] = year.tasks("step_for_counsel")
    assert about(advocate.opened_at, missed_at + 2 * DAY)
    assert about(supervisor.opened_at, missed_at + 5 * DAY)
    assert about(counsel.opened_at, missed_at + 8 * DAY)
    assert year.state(CURED) == "escalated"
    now = await year.life.now()
    with year.records.writing(year.hub) as session:
        add_evidence(session, year.weeks[CURED], "letter", "Called late.", ROSA, now)
    await year.life.tell()
    assert year.state(CURED) == "cured"
    assert all(task.closed_at for task in year.tasks("step_for_counsel"))


async def _answered(year: Year) -> None:
    """An answer brings the advocate at once; an excuse ends it."""
    await year.life.until(year.at(ANSWERED, 3, 10))
    now = await year.life.now()
    with year.records.writing(year.hub) as session:
        note_answer(session, year.weeks[ANSWERED], "My shift was changed.", ROSA, now)
    await year.life.until(now + timedelta(minutes=30))
    task = year.tasks("step_missed")[-1]
    assert task.subject_id == year.weeks[ANSWERED]
    assert task.opened_at - now < timedelta(minutes=5)
    with year.records.writing(year.hub) as session:
        why = get_step(session, year.weeks[ANSWERED]).what_got_in_the_way
        excuse_step(session, year.weeks[ANSWERED], why, ROSA, await year.life.now())
    await year.life.tell()


async def _completed(year: Year) -> None:
    await year.life.until(year.at(51, 2))
    assert [year.state(week) for week in HELD] == ["excused"] * len(HELD)
    assert len(year.tasks("plan_paused")) == len(year.tasks("plan_goes_on")) == 1
    assert len(year.tasks("step_missed")) == 2
    assert len(year.tasks("step_escalated")) == 1
    _report_in_time(year)
    now = await year.life.now()
    with year.records.writing(year.hub) as session:
        states = Counter(session.exec(select(col(PlanStep.state))).all())
        # The series itself stays as it was agreed.
        assert states == {"verified": 46, "cured": 1, "excused": 1 + len(HELD), "active": 1}
        discharge_plan(session, year.plan, PlanState.DISCHARGED_SUCCESSFUL, ROSA, now)
    await year.life.until(now + timedelta(minutes=5))
    handle = year.life.env.client.get_workflow_handle(f"plan-{year.plan}")
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    _nobody_else(year)


def _report_in_time(year: Year) -> None:
    [report] = year.tasks("progress_report_due")
    lead = year.at(30, 0, 9) - report.opened_at
    # The hub's fourteen days before the hearing, on whichever side of the clock change.
    assert abs(lead - 14 * DAY) <= timedelta(hours=1)


def _nobody_else(year: Year) -> None:
    """A reminder to two people for each week at liberty, each once; and nobody else heard."""
    with year.records.reading(year.hub) as session:
        messages = session.exec(select(Message).where(col(Message.plan_id).is_not(None))).all()
        attempts = session.exec(select(MessageAttempt.message_id)).all()
        events = session.exec(select(col(CaseEvent.kind))).all()
        assert session.get_one(SupportPlan, year.plan).discharged_at is not None
    assert {message.person_id for message in messages} == {year.person, year.mentor}
    assert {message.step for message in messages} == {"plan_step", "plan_step_missed"}
    reminded = Counter(m.subject_id for m in messages if m.step == "plan_step")
    assert set(reminded.values()) == {2}
    free = [week for week in range(52) if week not in HELD]
    assert set(reminded) >= {year.weeks[week] for week in free[1:]} - {year.weeks[HELD.stop]}
    assert not {year.weeks[week] for week in list(HELD)[1:]} & set(reminded)
    assert max(Counter(attempts).values(), default=0) <= 1
    assert Counter(events)["step_escalated"] == 1
