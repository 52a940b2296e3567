"""Plans from templates: what the preview shows is what starts."""

from datetime import date, timedelta

import pytest

from domain.plan_templates import PlanTemplate, TemplateProblem
from domain.vocabulary import HearingKind
from records.casework import NotFound
from records.database import Records
from records.plan_templates import (
    HOMEWARDS,
    TemplateChanged,
    change_template,
    end_template,
    find_template,
    keep_template,
    own_templates,
    preview,
    read_for_hub,
    start_from_template,
    template_of,
)
from records.plans import agreed_steps, occurrences_of
from records.step_kinds import add_kind, end_kind
from tests.houses import ROSA, a_case, a_hearing, utc

NOW = utc("2026-05-01 14:00")
START = date(2026, 5, 4)


def ours(**more: object) -> dict[str, object]:
    """A template as somebody writes it."""
    return {"name": "Ours", "steps": [{"title": "A room", "kind": "housing"}], **more}


@pytest.mark.parametrize("key", sorted(HOMEWARDS))
def test_a_plan_starts_with_exactly_the_dates_of_its_preview(
    records: Records, hub: str, key: str
) -> None:
    case = a_case(records, NOW)
    a_hearing(records, case, "2026-07-01 09:00", NOW, kind=HearingKind.STATUS)
    template = HOMEWARDS[key]
    with records.writing(hub) as session:
        end, shown = preview(session, case.id, template, START)
        plan = start_from_template(session, case.id, template, START, ROSA, NOW)
        assert (plan.starts_on, plan.ends_on, plan.template) == (START, end, template.name)
        made = []
        for step in agreed_steps(session, plan.id):
            days = [one.due_on for one in occurrences_of(session, step.id)]
            made.append((step.title, tuple(days) if step.recurrence else (step.due_on,)))
        wanted = [(one.step.title, one.days or (None,)) for one in shown]
        assert sorted(made, key=str) == sorted(wanted, key=str)


def test_a_plan_that_nobody_ordered_has_no_ordered_steps(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        template = HOMEWARDS["return-from-prison"]
        plan = start_from_template(session, case.id, template, START, ROSA, NOW, mandated=False)
        assert not any(step.mandated for step in agreed_steps(session, plan.id))


def test_a_plan_with_a_problem_does_not_start_at_all(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    steps = [{"title": "Class", "kind": "education", "repeat": "weekly"}]
    with records.writing(hub) as session:
        template = read_for_hub(session, ours(steps=steps))
        with pytest.raises(TemplateProblem, match="Step 1, Class: Say until when"):
            start_from_template(session, case.id, template, START, ROSA, NOW)
        with pytest.raises(TemplateProblem, match="ends before it starts"):
            start_from_template(
                session,
                case.id,
                read_for_hub(session, ours()),
                START,
                ROSA,
                NOW,
                end=START - timedelta(days=1),
            )
        end = START + timedelta(days=20)
        start_from_template(session, case.id, template, START, ROSA, NOW, end=end)


def test_a_hub_keeps_changes_and_ends_its_own(records: Records, hub: str, other: str) -> None:
    with records.writing(hub) as session:
        edited = read_for_hub(session, {**HOMEWARDS["youth"].content(), "name": "Our youth"})
        row = keep_template(session, edited, ROSA, NOW, based_on="youth")
        assert [one.name for one in own_templates(session)] == ["Our youth"]
        assert find_template(session, row.id).steps == HOMEWARDS["youth"].steps
        shorter = PlanTemplate("Our youth", "", "3m", edited.steps[:2])
        change_template(session, row.id, shorter, 1, ROSA, NOW)
        assert len(template_of(session, row).steps) == 2
        with pytest.raises(TemplateChanged):
            change_template(session, row.id, shorter, 1, ROSA, NOW)
    with records.writing(other) as session:
        assert own_templates(session) == []
        with pytest.raises(NotFound):
            find_template(session, row.id)
    with records.writing(hub) as session:
        end_template(session, row.id, NOW)
        assert own_templates(session) == []
        with pytest.raises(NotFound):
            find_template(session, row.id)


def test_a_template_with_a_kind_that_was_ended_can_still_be_read(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        kind = add_kind(session, "Drum circle")
        step = {"title": "Drums", "kind": kind.key}
        row = keep_template(session, read_for_hub(session, ours(steps=[step])), ROSA, NOW)
        end_kind(session, kind.id, NOW)
        assert template_of(session, row).steps[0].kind == kind.key
        with pytest.raises(TemplateProblem, match="there is no kind"):
            read_for_hub(session, ours(steps=[step]))
