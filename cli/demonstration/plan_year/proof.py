"""What must have held in the year; each expectation by name, with what spoke against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select
from temporalio.client import WorkflowExecutionStatus

from activities.plan_reporting import get_report, holds, said_in
from cli.demonstration.plan_year.cast import COACH, SILENT
from cli.demonstration.plan_year.year import ANSWERED, CARE, IN_THE_WAY, MISSED, Year
from domain.court_time import instant_of, wall_time
from domain.vocabulary import LEFT, Channel, PlanState, ReferralState
from records.database import HubSession
from records.referrals import get_referral
from records.tables import Counsel, Evidence, HumanTask, Message, PlanStep, Provider, SupportPlan

QUIET_FROM, QUIET_TO = 21, 8
MOST_EVENTS = 4_000
"""History events of a plan's workflow in a year; Temporal's own limit is 51,200."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Expectations by name, and what spoke against them."""

    checks: Mapping[str, bool]
    problems: list[str]


async def proof_of(year: Year) -> Proof:
    """Compare the year with what must have held."""
    found: dict[str, list[str]] = {}
    with year.world.house.records.reading(year.world.hub_id) as session:
        for name, check in _CHECKS.items():
            found[name] = check(session, year)
    found["each_message_left_once"] = await _once(year)
    found["workflows_end_by_themselves"] = await _ended(year)
    problems = [f"{name}: {fault}" for name, faults in found.items() for fault in faults]
    return Proof({name: not faults for name, faults in found.items()}, problems)


def _messages(session: HubSession) -> list[Message]:
    return list(session.exec(select(Message).order_by(col(Message.claimed_at))).all())


def _nobody_else(session: HubSession, year: Year) -> list[str]:
    counsel = session.exec(select(col(Counsel.person_id))).all()
    desks = session.exec(select(col(Provider.desk_id))).all()
    known = {year.person_id, year.mentor_id, *counsel, *desks}
    strangers = [one for one in _messages(session) if one.person_id not in known]
    return [f"{one.step} went to somebody else" for one in strangers]


def _held(session: HubSession, year: Year) -> list[str]:
    since = instant_of(year.days.held, year.cast.zone) + timedelta(minutes=2)
    until = instant_of(year.days.free, year.cast.zone)
    return [
        f"{one.step} at {one.claimed_at}"
        for one in _messages(session)
        if one.person_id == year.person_id and since < one.claimed_at < until
    ]


def _quiet(session: HubSession, year: Year) -> list[str]:
    hours = [
        (one.step, wall_time(one.claimed_at, year.cast.zone).hour) for one in _messages(session)
    ]
    return [f"{step} at {hour}:00" for step, hour in hours if not QUIET_TO <= hour < QUIET_FROM]


def _care(session: HubSession, year: Year) -> list[str]:
    words = (CARE.split(",")[0].lower(), "counseling", "mental", "health")
    return [
        f"{one.step} tells of care"
        for one in _messages(session)
        if any(word in one.body.lower() for word in words)
    ]


def _missed(session: HubSession, year: Year) -> list[str]:
    row = session.get_one(PlanStep, year.check_ins[MISSED])
    faults = [] if row.missed_at and row.state == "verified" else [f"it is {row.state}"]
    tasks = session.exec(select(HumanTask).where(HumanTask.subject_id == row.id)).all()
    kinds = Counter(task.kind for task in tasks)
    wanted = {"step_missed": 1, "step_escalated": 1, "step_for_counsel": 1}
    faults += [] if kinds == wanted else [f"rungs were {dict(kinds)}"]
    faults += [f"{task.kind} is open" for task in tasks if task.closed_at is None]
    return faults


def _answered(session: HubSession, year: Year) -> list[str]:
    row = session.get_one(PlanStep, year.check_ins[ANSWERED])
    kept = (row.state, row.what_got_in_the_way)
    return [] if kept == ("excused", IN_THE_WAY) else [f"it is {kept}"]


def _rested(session: HubSession, year: Year) -> list[str]:
    rows = session.exec(select(PlanStep).where(PlanStep.plan_id == year.plan_id)).all()
    inside = [
        one
        for one in rows
        if one.due_on
        and one.recurrence == ""
        and one.parent_id
        and year.days.held.date() < one.due_on < year.days.free.date()
    ]
    faults = [] if inside else ["nothing fell into custody"]
    return faults + [f"{one.title} is {one.state}" for one in inside if one.state != "excused"]


def _loop(session: HubSession, year: Year) -> list[str]:
    faults = []
    silent = [one.step for one in _messages(session) if one.referral_id == year.referrals[SILENT]]
    if silent != ["referral_request", "referral_nudge"]:
        faults.append(f"the silent one got {silent}")
    task = session.exec(select(HumanTask).where(HumanTask.kind == "referral_unanswered")).all()
    if len(task) != 1 or task[0].closed_at is None:
        faults.append(f"{len(task)} task(s) of silence")
    row = get_referral(session, year.referrals[COACH])
    if row.state != ReferralState.COMPLETED or not row.met:
        faults.append(f"the other is {row.state}")
    step = session.get_one(PlanStep, year.coach_step)
    return faults if step.state == "verified" else [*faults, f"its step is {step.state}"]


def _reports(session: HubSession, year: Year) -> list[str]:
    faults = []
    for about, report_id in year.reports.items():
        row = get_report(session, report_id)
        if about != "memo" and row.approved_at is None:
            faults.append(f"{about} was not approved")
        report = said_in(row)
        if not report.parts:
            faults.append(f"{about} says nothing")
        known = {origin.number for origin in report.origins}
        for part in report.parts:
            for line in part.lines:
                if not line.origins or not set(line.origins) <= known:
                    faults.append(f"{about}: a line without its source")
        for origin in report.origins:
            if not origin.evidence_id:
                continue
            evidence = session.get(Evidence, origin.evidence_id)
            if evidence is None or evidence.verified_at is None:
                faults.append(f"{about}: a source that nobody checked")
    return faults


def _in_time(session: HubSession, year: Year) -> list[str]:
    tasks = session.exec(select(HumanTask).where(HumanTask.kind == "progress_report_due")).all()
    faults = [] if len(tasks) == 2 else [f"{len(tasks)} reports were asked for"]
    return faults + ["one is still asked for" for task in tasks if task.closed_at is None]


def _certificate(session: HubSession, year: Year) -> list[str]:
    plan = session.get_one(SupportPlan, year.plan_id)
    row = get_report(session, year.reports["certificate"])
    done = plan.state == PlanState.DISCHARGED_SUCCESSFUL and holds(session, row, row.made_at)
    return [] if done else [f"the plan is {plan.state}"]


def _counsel_told(session: HubSession, year: Year) -> list[str]:
    told = {one.subject_id for one in _messages(session) if one.step == "report_review"}
    return [
        f"{about}: counsel was not written to" for about, i in year.reports.items() if i not in told
    ]


def _one_missed(session: HubSession, year: Year) -> list[str]:
    rows = session.exec(select(PlanStep).where(col(PlanStep.missed_at).is_not(None))).all()
    return [f"{row.title} was missed" for row in rows if row.id != year.check_ins[MISSED]]


_CHECKS: Mapping[str, Callable[[HubSession, Year], list[str]]] = {
    "nobody_but_her_mentor_counsel_and_providers_was_written_to": _nobody_else,
    "nothing_was_asked_of_her_in_custody": _held,
    "no_message_in_quiet_hours": _quiet,
    "no_message_tells_of_care": _care,
    "the_missed_step_climbed_inside_the_hub_and_was_made_good": _missed,
    "what_got_in_the_way_was_kept": _answered,
    "what_fell_into_custody_is_excused": _rested,
    "a_silent_provider_was_replaced_and_the_loop_closed": _loop,
    "a_report_was_asked_for_before_each_status_hearing": _in_time,
    "counsel_was_written_to_about_every_report": _counsel_told,
    "nothing_else_was_missed": _one_missed,
    "every_line_of_every_report_has_a_checked_source": _reports,
    "the_plan_is_completed_and_certified": _certificate,
}


async def _once(year: Year) -> list[str]:
    with year.world.house.records.reading(year.world.hub_id) as session:
        left = [
            one for one in _messages(session) if one.channel == Channel.SMS and one.state in LEFT
        ]
    accepted = Counter(text.body for text in year.world.texts.accepted())
    wanted = Counter(one.body for one in left)
    return [] if accepted == wanted else [f"{sum(accepted.values())} of {sum(wanted.values())}"]


async def _ended(year: Year) -> list[str]:
    faults = []
    ids = [f"plan-{year.plan_id}", *(f"referral-{one}" for one in year.referrals.values())]
    for workflow_id in ids:
        handle = year.world.env.client.get_workflow_handle(workflow_id)
        told = await handle.describe()
        if told.status is not WorkflowExecutionStatus.COMPLETED:
            faults.append(f"{workflow_id.partition('-')[0]} is {told.status}")
        if told.history_length > MOST_EVENTS:
            faults.append(f"{told.history_length} history events")
    return faults
