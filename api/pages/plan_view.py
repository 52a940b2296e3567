"""A support plan as its page shows it: what is next, what was missed, every step over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.own_words import Words
from api.pages.session import Visit
from api.pages.step_kind_words import said_kinds
from domain.court_time import wall_time
from domain.plan_course import CASE_OVER
from domain.plan_progress import PlanProgress
from domain.plan_steps import ENDED_PLANS
from domain.recurrence import parse_rule, rule_words
from domain.vocabulary import PlanState, StepState
from records.casework import get_case
from records.database import HubSession
from records.plan_progress import all_steps, progress_of
from records.plan_templates import HOMEWARDS
from records.plans import MISSED, TO_DO
from records.tables import CustodyPeriod, Evidence, PlanStep, SupportPlan

MOST_NEXT = 6
_HOMEWARDS = frozenset(template.name for template in HOMEWARDS.values())
DONE = frozenset({StepState.VERIFIED, StepState.CURED, StepState.EVIDENCED})


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step, or one occurrence, in a line.

    Attributes:
        shown: how many pieces of evidence there are, and what kind the newest is.
    """

    id: str
    title: str
    kind: str
    owner: str
    due: date | None
    away: str
    status: wording.Status
    mandated: bool
    answer: str
    shown: str
    waits: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed, with its occurrences over time; a single step is its only one."""

    line: StepLine
    repeats: str
    times: Sequence[StepLine]
    done: int
    missed: int
    past: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything that a plan's page shows.

    Attributes:
        paused_since: in words; "" while nothing rests.
        template: what the plan began with; in our own words where it is one of Homeward's.
        rests: the case is over, and what a court ordered is asked of nobody.
        progress: the plan over time; None where nothing in it has a day.
    """

    plan: SupportPlan
    state: str
    running: bool
    proposed: bool
    ended: bool
    paused_since: str
    rests: bool
    template: str
    next: Sequence[StepLine]
    missed: Sequence[StepLine]
    to_check: Sequence[StepLine]
    agreed: Sequence[Agreed]
    done: int
    due_so_far: int
    progress: PlanProgress | None


def shown_state(step: PlanStep, today: date, notice_days: int) -> str:
    """The state as people see it: an active step near its day is due."""
    near = step.due_on is not None and step.due_on <= today + timedelta(days=notice_days)
    return StepState.DUE if step.state == StepState.ACTIVE and near else step.state


def read_plan_page(session: HubSession, visit: Visit, plan: SupportPlan) -> PlanPage:
    """The page of one plan of this hub."""
    today = dates.today_in(visit.hub.zone, visit.now)
    rows = all_steps(session, plan.id)
    kinds = said_kinds(session, ended_too=True)
    shown = _shown(session, plan)
    lines = {row.id: _line(row, visit, today, kinds, shown.get(row.id, "")) for row in rows}
    once = [row for row in rows if not row.recurrence]
    case = get_case(session, plan.case_id)
    running = plan.state == PlanState.IN_PROGRESS
    past = [row for row in once if row.due_on and row.due_on <= today and _counts(row)]
    return PlanPage(
        plan=plan,
        state=wording.capital(wording.PLAN_STATES.get(plan.state, wording.plain(plan.state))),
        running=running,
        proposed=plan.state == PlanState.PENDING,
        ended=plan.state in ENDED_PLANS,
        paused_since=_paused(session, case.id, visit) if case.custody == "detained" else "",
        rests=running and case.stage in CASE_OVER and any(row.mandated for row in rows),
        template=Words(plan.template) if plan.template in _HOMEWARDS else plan.template,
        next=[lines[row.id] for row in once if row.state in TO_DO][:MOST_NEXT],
        missed=[lines[row.id] for row in once if row.state in MISSED],
        to_check=[
            lines[row.id]
            for row in once
            if row.state == StepState.EVIDENCED or (row.state == StepState.CURED)
        ],
        agreed=[_agreed(row, rows, lines, today) for row in rows if row.parent_id is None],
        done=sum(row.state in DONE for row in once),
        due_so_far=len(past),
        progress=progress_of(session, plan, rows, visit.now),
    )


def _counts(row: PlanStep) -> bool:
    return row.state not in (StepState.EXCUSED, StepState.CANCELLED)


def _agreed(
    row: PlanStep, rows: Sequence[PlanStep], lines: Mapping[str, StepLine], today: date
) -> Agreed:
    times = [one for one in rows if one.parent_id == row.id] if row.recurrence else [row]
    told = [one for one in times if one.state != StepState.CANCELLED or not row.recurrence]
    return Agreed(
        line=lines[row.id],
        repeats=Words(rule_words(parse_rule(row.recurrence))) if row.recurrence else "",
        times=[lines[one.id] for one in told],
        done=sum(one.state in DONE for one in told),
        missed=sum(one.state in MISSED for one in told),
        past=sum(one.due_on is not None and one.due_on <= today for one in told if _counts(one)),
    )


def _line(
    row: PlanStep, visit: Visit, today: date, kinds: Mapping[str, str], shown: str
) -> StepLine:
    return StepLine(
        id=row.id,
        title=row.title,
        kind=kinds.get(row.kind, wording.plain(row.kind)),
        owner=wording.STEP_OWNERS.get(row.owner, row.owner) if row.owner != "person" else "",
        due=row.due_on,
        away=dates.away(row.due_on, today) if row.due_on else "",
        status=wording.step_state(shown_state(row, today, visit.hub.step_notice_days)),
        mandated=row.mandated,
        answer=row.what_got_in_the_way,
        shown=shown,
        waits=row.due_rule if row.due_on is None else "",
    )


def _shown(session: HubSession, plan: SupportPlan) -> dict[str, str]:
    """What shows that steps were done, in words: the newest of each, and how many more."""
    rows = session.exec(
        select(col(Evidence.step_id), col(Evidence.kind))
        .join(PlanStep, col(PlanStep.id) == Evidence.step_id)
        .where(PlanStep.plan_id == plan.id)
        .order_by(col(Evidence.received_at))
    ).all()
    counts: dict[str, list[str]] = {}
    for step, kind in rows:
        counts.setdefault(step, []).append(wording.EVIDENCE_KINDS.get(kind, wording.plain(kind)))
    return {
        step: Words(found[-1] + (f" and {len(found) - 1} more" if len(found) > 1 else ""))
        for step, found in counts.items()
    }


def _paused(session: HubSession, case_id: str, visit: Visit) -> str:
    since: datetime | None = session.exec(
        select(col(CustodyPeriod.started_at))
        .where(CustodyPeriod.case_id == case_id, col(CustodyPeriod.ended_at).is_(None))
        .order_by(col(CustodyPeriod.started_at).desc())
    ).first()
    return dates.day_words(wall_time(since, visit.hub.zone).date()) if since else Words("now")
