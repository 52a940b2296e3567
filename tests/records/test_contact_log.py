"""The contact log: once each, in the order of who waits, and a step shown by who was there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from domain.contact_log import (
    ContactAbout,
    ContactMethod,
    ContactPlace,
    ContactProblem,
    Counted,
    figures,
    figures_csv,
    next_due,
)
from domain.vocabulary import StepState
from records.casework import NotFound
from records.contact_log import (
    NewContactEntry,
    caseload,
    counted,
    log_of,
    note_contact,
    steps_to_show,
    strike_contact,
)
from records.database import Records
from records.hub_changes import change_hub
from records.plans import NewStep, start_plan
from records.tables import Case, CaseEvent, ContactEntry, Evidence, PlanStep
from tests.houses import ROSA, a_case, hub_of, utc

NOW = utc("2026-12-10 17:00")
SEEN = NewContactEntry(
    NOW - timedelta(hours=2),
    ContactMethod.IN_PERSON,
    place=ContactPlace.STREET,
    about=ContactAbout.MEDIATION,
    minutes=40,
    note="Calm. Wants to see his son on Sunday.",
)


def note(records: Records, case: Case, new: NewContactEntry = SEEN) -> ContactEntry:
    with records.writing(hub_of(records)) as session:
        return note_contact(session, case.id, new, "", ROSA, NOW)


def a_step(records: Records, case: Case) -> str:
    with records.writing(hub_of(records)) as session:
        new = NewStep("check_in", "Talk with Rosa", due_on=date(2026, 12, 12))
        start_plan(session, case.id, (new,), ROSA, NOW)
        return session.exec(select(col(PlanStep.id))).one()


def state_of(records: Records, step_id: str) -> str:
    with records.reading(hub_of(records)) as session:
        return session.get_one(PlanStep, step_id).state


def test_the_same_form_makes_one_entry_however_often_it_arrives(records: Records) -> None:
    case = a_case(records, NOW)
    first = note(records, case, replace(SEEN, once="f" * 32))
    again = note(records, case, replace(SEEN, once="f" * 32, note="changed on the way"))
    assert again.id == first.id
    other = note(records, case, replace(SEEN, once="e" * 32))
    assert other.id != first.id
    with records.reading(hub_of(records)) as session:
        assert [one.note for one in log_of(session, case.id)] == [SEEN.note, SEEN.note]
        told = session.exec(select(CaseEvent).where(CaseEvent.kind == "contact_held")).all()
        assert len(told) == 2
        assert all(event.note == "" for event in told)


def test_without_a_mark_two_contacts_are_two(records: Records) -> None:
    case = a_case(records, NOW)
    assert note(records, case).id != note(records, case).id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"happened_at": NOW + timedelta(hours=1)}, "day"),
        ({"happened_at": NOW - timedelta(days=400)}, "day"),
        ({"minutes": 5000}, "minutes"),
        ({"next_on": date(2026, 12, 1)}, "next_on"),
        ({"held": False, "step_id": "0" * 32}, "step"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_change(
    records: Records, changed: dict[str, object], field: str
) -> None:
    case = a_case(records, NOW)
    with pytest.raises(ContactProblem) as found:
        note(records, case, replace(SEEN, **changed))  # type: ignore[arg-type]
    assert found.value.field == field
    with records.reading(hub_of(records)) as session:
        assert session.exec(select(ContactEntry)).all() == []


def test_a_step_is_checked_by_who_was_there_and_only_shown_after_a_call(records: Records) -> None:
    case = a_case(records, NOW)
    step_id = a_step(records, case)
    with records.reading(hub_of(records)) as session:
        assert [one.id for one in steps_to_show(session, case.id)] == [step_id]
    note(records, case, replace(SEEN, step_id=step_id))
    assert state_of(records, step_id) == StepState.VERIFIED
    with records.reading(hub_of(records)) as session:
        shown = session.exec(select(Evidence)).one()
        assert (shown.kind, shown.note) == ("contact_log", "In person, in the neighborhood")
        assert steps_to_show(session, case.id) == []
    other = a_case(records, NOW, phone="")
    with pytest.raises(NotFound):
        note(records, other, replace(SEEN, step_id=step_id))


def test_a_call_leaves_the_step_to_be_checked(records: Records) -> None:
    case = a_case(records, NOW)
    step_id = a_step(records, case)
    note(records, case, replace(SEEN, method=ContactMethod.CALL, place=None, step_id=step_id))
    assert state_of(records, step_id) == StepState.EVIDENCED


def test_a_struck_entry_shows_nothing_and_counts_nowhere(records: Records) -> None:
    case = a_case(records, NOW)
    step_id = a_step(records, case)
    entry = note(records, case, replace(SEEN, step_id=step_id))
    for _ in range(2):
        with records.writing(hub_of(records)) as session:
            strike_contact(session, entry.id, "It was somebody else.", ROSA, NOW)
    assert state_of(records, step_id) == StepState.ACTIVE
    with records.reading(hub_of(records)) as session:
        [kept] = log_of(session, case.id)
        assert (kept.note, kept.struck_why) == (SEEN.note, "It was somebody else.")
        assert session.exec(select(Evidence)).all() == []
        assert counted(session, NOW) == []
        [line] = caseload(session, NOW)
        assert line.last_on is None
        struck = session.exec(select(CaseEvent).where(CaseEvent.kind == "contact_struck")).all()
        assert len(struck) == 1


def test_whoever_waits_longest_comes_first_and_nobody_is_late_in_custody(records: Records) -> None:
    long_ago = NOW - timedelta(days=40)
    seen, waiting, held, agreed = (
        a_case(records, long_ago, phone=""),
        a_case(records, long_ago - timedelta(days=5), phone=""),
        a_case(records, long_ago - timedelta(days=9), phone="", custody="detained"),
        a_case(records, long_ago, phone=""),
    )
    note(records, seen)
    note(records, waiting, replace(SEEN, held=False, method=ContactMethod.CALL))
    note(records, waiting, replace(SEEN, held=False, method=ContactMethod.TEXT))
    week_ago = replace(SEEN, happened_at=NOW - timedelta(days=7), next_on=date(2026, 12, 9))
    note(records, agreed, week_ago)
    with records.reading(hub_of(records)) as session:
        lines = caseload(session, NOW)
    assert [one.case_id for one in lines] == [waiting.id, agreed.id, seen.id, held.id]
    today = date(2026, 12, 10)
    assert [one.is_overdue(today) for one in lines] == [True, True, False, False]
    assert lines[0].tried == 2
    assert lines[2].due_on == date(2026, 12, 24)


def test_a_hub_sets_its_own_pace_or_none(records: Records) -> None:
    case = a_case(records, NOW)
    note(records, case)
    for days, due in ((7, date(2026, 12, 17)), (0, None)):
        with records.writing(hub_of(records)) as session:
            change_hub(session, {"contact_days": days}, NOW)
            [line] = caseload(session, NOW)
            assert line.due_on == due


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, st.none() | DAYS, st.none() | DAYS, st.integers(0, 60))
def test_what_was_agreed_goes_before_the_pace(
    since: date, held: date | None, agreed: date | None, days: int
) -> None:
    due = next_due(held, agreed, since, days)
    if agreed is not None:
        assert due == agreed
    elif days == 0:
        assert due is None
    else:
        assert due is not None
        assert due - (held or since) == timedelta(days=days)


MONTH = st.sampled_from((date(2026, 11, 1), date(2026, 12, 1)))
ENTRIES = st.lists(
    st.builds(
        Counted,
        MONTH,
        st.sampled_from(("in_person", "call")),
        st.booleans(),
        st.sampled_from("abcdefgh"),
    ),
    max_size=60,
)


@given(ENTRIES)
def test_the_figures_count_every_contact_and_hide_small_groups(entries: list[Counted]) -> None:
    lines = figures(entries)
    for line in lines:
        here = [e for e in entries if (e.month, e.method) == (line.month, line.method)]
        people = {one.person for one in here}
        if len(people) < 5:
            assert (line.held, line.tried, line.people) == (None, None, None)
        else:
            assert line.people == len(people)
            assert (line.held or 0) + (line.tried or 0) == len(here)
            assert line.held == sum(one.held for one in here)
    assert {(one.month, one.method) for one in lines} == {(e.month, e.method) for e in entries}
    table = figures_csv(lines).splitlines()
    assert len(table) == len(lines) + 1
    assert all(
        ("not shown" in row) == (line.people is None)
        for row, line in zip(table[1:], lines, strict=True)
    )
