"""Three years of a weekly plan in which every week is missed: nothing lost, nothing said twice,
and a history that stays short."""

from collections import Counter
from datetime import timedelta

from sqlmodel import col, select

from domain.court_time import wall_time
from records.plans import NewStep, start_plan, steps_of
from records.tables import HumanTask, Message, MessageAttempt
from tests.houses import ROSA, ZONE, a_case, hub_of
from tests.workflows.conftest import Life

WEEKS = 156
LONGEST = 4_500
"""Events of one run: the server asks for a new one at 4,096."""


async def test_three_years_of_a_weekly_plan_stay_short_and_lose_nothing(life: Life) -> None:
    records, now = life.house.records, await life.now()
    hub_id, case = hub_of(records), a_case(records, now)
    first = wall_time(now, ZONE).date() + timedelta(days=7)
    weekly = NewStep("check_in", "Call", first, recurrence=f"FREQ=WEEKLY;COUNT={WEEKS}")
    with records.writing(hub_id) as session:
        plan_id = start_plan(session, case.id, (weekly,), ROSA, now).id
    runs = set()
    for year in (1, 2, 3):
        await life.until(now + timedelta(days=366 * year + 10))
        handle = life.env.client.get_workflow_handle(f"plan-{plan_id}")
        about = (await handle.describe()).raw_description.workflow_execution_info
        runs.add(about.execution.run_id)
        assert len((await handle.fetch_history()).events) < LONGEST
    assert len(runs) > 1, "it never continued as new"
    with records.reading(hub_id) as session:
        weeks = {step.id for step in steps_of(session, plan_id)}
        messages = session.exec(select(Message).where(col(Message.plan_id) == plan_id)).all()
        tasks = session.exec(select(HumanTask).where(HumanTask.kind == "step_missed")).all()
        attempts = session.exec(select(col(MessageAttempt.message_id))).all()
    said = Counter((message.step, message.subject_id) for message in messages)
    assert said == Counter(
        (step, week) for step in ("plan_step", "plan_step_missed") for week in weeks
    )
    assert {task.subject_id for task in tasks} == weeks
    assert len(tasks) == WEEKS
    assert max(Counter(attempts).values(), default=0) <= 1
