"""Plan templates: Homeward's and a hub's own, and a plan that starts from one."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select

import templates
from domain.plan_dates import Anchors
from domain.plan_templates import (
    PlannedStep,
    PlanTemplate,
    TemplateProblem,
    load_templates,
    plan_template,
    read_template,
)
from domain.vocabulary import PlanState
from records import tables
from records.casework import NotFound, Source, get_case
from records.database import HubSession
from records.guardian_consents import check_off_guardians
from records.plan_moves import anchors_of
from records.plans import NewStep, start_plan
from records.step_kinds import own_kinds
from records.tables import Defendant, SupportPlan

HOMEWARDS: Final[Mapping[str, PlanTemplate]] = {
    template.key: template for template in load_templates(Path(templates.__file__).parent / "plans")
}
"""The templates that come with Homeward, by key."""


class TemplateChanged(ValueError):
    """Somebody else changed the template meanwhile."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this template meanwhile. Look at it again.")


def own_templates(session: HubSession) -> list[tables.PlanTemplate]:
    """The hub's own templates, by name."""
    return list(
        session.exec(
            select(tables.PlanTemplate)
            .where(col(tables.PlanTemplate.ended_at).is_(None))
            .order_by(col(tables.PlanTemplate.name), col(tables.PlanTemplate.id))
        ).all()
    )


def get_own(session: HubSession, template_id: str) -> tables.PlanTemplate:
    """One of the hub's own templates.

    Raises:
        NotFound: no such template of this hub, or it was ended.
    """
    row = session.get(tables.PlanTemplate, template_id)
    if row is None or row.ended_at is not None:
        raise NotFound("plan template")
    return row


def find_template(session: HubSession, key: str) -> PlanTemplate:
    """A template by the key of one of Homeward's, or the id of one of the hub's own.

    Raises:
        NotFound: there is no such one.
    """
    known = HOMEWARDS.get(key)
    if known is not None:
        return known
    return template_of(session, get_own(session, key))


def template_of(session: HubSession, row: tables.PlanTemplate) -> PlanTemplate:
    """What one of the hub's own templates says. Kinds that were ended since are still read."""
    kinds = {kind.key for kind in own_kinds(session, ended_too=True)}
    return read_template(row.content, own_kinds=kinds, key=row.id)


def read_for_hub(session: HubSession, raw: Mapping[str, Any]) -> PlanTemplate:
    """A template as somebody of the hub writes it.

    Raises:
        TemplateProblem: with everything that is wrong.
    """
    return read_template(raw, own_kinds={kind.key for kind in own_kinds(session)})


def keep_template(
    session: HubSession,
    template: PlanTemplate,
    source: Source,
    now: datetime,
    *,
    based_on: str = "",
) -> tables.PlanTemplate:
    """Keep a template of the hub's own; plans that run are not changed by it."""
    row = tables.PlanTemplate(
        name=template.name,
        based_on=based_on,
        content=template.content(),
        changed_by=source.actor,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def change_template(
    session: HubSession,
    template_id: str,
    template: PlanTemplate,
    revision: int,
    source: Source,
    now: datetime,
) -> tables.PlanTemplate:
    """Change one of the hub's own templates.

    Args:
        session: of the hub.
        template_id: whose.
        template: as it is to be.
        revision: that was changed.
        source: who says so.
        now: UTC.

    Raises:
        NotFound: no such template.
        TemplateChanged: it is not at that revision any more.
    """
    row = get_own(session, template_id)
    session.lock(row)
    if row.revision != revision:
        raise TemplateChanged
    row.name, row.content = template.name, template.content()
    row.changed_by, row.changed_at = source.actor, now
    row.revision += 1
    session.add(row)
    session.flush()
    return row


def end_template(session: HubSession, template_id: str, now: datetime) -> tables.PlanTemplate:
    """No new plan starts from it; those that did go on.

    Raises:
        NotFound: no such template of this hub's own.
    """
    row = get_own(session, template_id)
    row.ended_at = now
    session.add(row)
    return row


def preview(
    session: HubSession, case_id: str, template: PlanTemplate, start: date, end: date | None = None
) -> tuple[date | None, tuple[PlannedStep, ...]]:
    """The plan's last day, and what each step would come to for a case. Changes nothing.

    Args:
        session: of the hub.
        case_id: whose hearings dates count from.
        template: as it is.
        start: the plan's first day (local date of the hub).
        end: its last day; by default what the template says.

    Raises:
        NotFound: no such case.
    """
    get_case(session, case_id)
    last = end or template.end(start)
    known = anchors_of(session, case_id, start, last)
    return last, plan_template(template, Anchors(start, last, known.hearings))


def start_from_template(
    session: HubSession,
    case_id: str,
    template: PlanTemplate,
    start: date,
    source: Source,
    now: datetime,
    *,
    end: date | None = None,
    goals: str = "",
    mandated: bool = True,
    state: PlanState = PlanState.IN_PROGRESS,
) -> SupportPlan:
    """Start a plan with exactly the dates that its preview shows.

    Raises:
        NotFound: no such case.
        TemplateProblem: a step cannot be dated like this; says which, and why.
    """
    last, planned = preview(session, case_id, template, start, end)
    problems = [
        f"Step {number}, {one.step.title}: {one.problem}"
        for number, one in enumerate(planned, 1)
        if one.problem
    ]
    if last is not None and last < start:
        problems.append("The plan ends before it starts.")
    if problems:
        raise TemplateProblem(problems)
    plan = start_plan(
        session,
        case_id,
        [_new(one, mandated=mandated) for one in planned],
        source,
        now,
        goals=goals,
        mandated=mandated,
        starts_on=start,
        ends_on=last,
        template=template.name,
        state=state,
    )
    person = session.get_one(Defendant, get_case(session, case_id).defendant_id).person_id
    check_off_guardians(session, person, source, now)
    return plan


def _new(planned: PlannedStep, *, mandated: bool) -> NewStep:
    step = planned.step
    return NewStep(
        kind=step.kind,
        title=step.title,
        due_on=planned.days[0] if planned.days else None,
        # A plan that nobody ordered has no step that somebody did.
        mandated=step.mandated and mandated,
        evidence_wanted=step.evidence,
        recurrence=planned.rule,
        owner=step.owner,
        to_mentors=step.to_mentors,
        due_rule=planned.due_rule,
        hearing_id=planned.hearing_id or None,
    )
