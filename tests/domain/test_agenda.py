"""Cutting the next moment out of everything that is planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, Agenda, AgendaItem, Subject, SubjectRef, next_agenda

NOW = datetime(2026, 5, 1, 14, tzinfo=UTC)


def an_item(key: str, due: int, until: int = 10_000) -> AgendaItem:
    """An item due so many minutes from now."""
    return AgendaItem(
        Act.SEND_MESSAGE, key, NOW + timedelta(minutes=due), NOW + timedelta(minutes=until)
    )


def the_agenda(*items: AgendaItem) -> Agenda:
    """Their agenda, now."""
    return next_agenda(items, NOW, revision=3, stage="pretrial")


ITEMS = st.lists(
    st.builds(
        an_item,
        st.text("abc", min_size=1, max_size=3),
        st.integers(-300, 300),
        st.integers(-300, 300),
    ),
    max_size=12,
    unique_by=lambda item: item.key,
)


@given(ITEMS)
def test_items_are_complete_for_the_moment_and_then_is_the_next(items: list[AgendaItem]) -> None:
    agenda = the_agenda(*items)
    useful = [item for item in items if item.until > NOW]
    if not useful:
        assert agenda == Agenda(revision=3, stage="pretrial")
        return
    assert agenda.due == min(item.due for item in useful)
    moment = max(agenda.due, NOW)
    assert set(agenda.items) == {item for item in useful if item.due <= moment}
    later = [item.due for item in useful if item.due > moment]
    assert agenda.then == min(later, default=None)


@given(ITEMS, st.randoms())
def test_the_order_in_which_planners_speak_makes_no_difference(
    items: list[AgendaItem], chance: object
) -> None:
    mixed = list(items)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert the_agenda(*mixed) == the_agenda(*items)


def test_what_is_overdue_comes_together_with_what_is_due_now() -> None:
    agenda = the_agenda(an_item("late", -60), an_item("now", 0), an_item("soon", 5))
    assert [item.key for item in agenda.items] == ["late", "now"]
    assert agenda.due == NOW - timedelta(minutes=60)
    assert agenda.then == NOW + timedelta(minutes=5)


def test_what_became_useless_is_left_out() -> None:
    assert the_agenda(an_item("gone", -60, until=0)).due is None


def test_an_agenda_that_ended_holds_nothing() -> None:
    agenda = next_agenda([an_item("a", 0)], NOW, revision=9, stage="closed", ended=True)
    assert agenda == Agenda(revision=9, stage="closed", ended=True)


def test_a_subject_has_one_workflow_id_for_ever() -> None:
    assert SubjectRef(Subject.CASE, "7f", "hub").workflow_id == "case-7f"
