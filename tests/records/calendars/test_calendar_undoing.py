"""Undoing an import: the state before, whatever it did; and nothing that somebody changed since."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.vocabulary import Appearance, HearingStatus
from records.calendar_keeping import Kept
from records.calendar_reviews import HandedIn, Outcome, apply_review, hand_in
from records.calendar_undoing import (
    BROUGHT_SINCE,
    CHANGED_SINCE,
    HELD_SINCE,
    NEWER,
    NOT_KEPT,
    OVER,
    CannotUndo,
    Undoing,
    plan_undo,
    undo_import,
)
from records.casework import NotFound
from records.database import Records
from records.hearings import Setting, move_hearing, record_outcome, vacate_hearing
from records.hubs import make_hub
from records.tables import (
    CalendarChange,
    CalendarEntry,
    CalendarFeed,
    CalendarImport,
    CalendarLink,
    CaseEvent,
    Hearing,
)
from tests.houses import ROSA, wall
from tests.records.calendars.made_up import (
    ANCHORAGE,
    NOW,
    B,
    alaska,
    bring_in,
    entries_in,
    everything,
    follow_case,
    hearings_of,
    news,
    setting,
    tasks,
)

OTHERS = tuple(setting(f"03/0{day}/2027", case=f"1JU-27-{day}0CR") for day in (1, 2, 3))
LISTED = alaska(setting("03/01/2027"), *OTHERS)
MOVED = alaska(
    setting("03/08/2027", "1:30 pm", place=B, event="Trial"), *OTHERS[:2], setting("03/09/2027")
)
VANISHED = alaska(*OTHERS)


def newest(records: Records, hub: str) -> str:
    """The id of the last import."""
    with records.reading(hub) as session:
        rows = select(col(CalendarImport.id)).order_by(col(CalendarImport.created_at).desc())
        return session.exec(rows).first() or ""


def undone(records: Records, hub: str, import_id: str = "", digest: str | None = None) -> Outcome:
    """Undo an import: the last one unless another is named."""
    with records.writing(hub) as session:
        return undo_import(session, import_id or newest(records, hub), digest, ROSA, NOW)


def planned(records: Records, hub: str, import_id: str = "") -> Undoing:
    """What undoing it would do."""
    with records.reading(hub) as session:
        return plan_undo(session, import_id or newest(records, hub), NOW)


def state(records: Records, hub: str) -> dict[str, Any]:
    """What an import may change, but for revisions and what was cancelled since."""
    with records.reading(hub) as session:
        hearings = session.exec(
            select(Hearing).where(Hearing.status == HearingStatus.SCHEDULED.value)
        ).all()
        coming = {one.id for one in hearings}
        entries = session.exec(select(CalendarEntry)).all()
        links = session.exec(select(CalendarLink)).all()
        feeds = session.exec(select(CalendarFeed)).all()
        shown = [
            (
                *(one.id, one.case_id, one.kind, one.local_time, one.zone),
                *(one.room, one.place, one.status, one.source),
            )
            for one in hearings
        ]
        return {
            "hearings": sorted(map(str, shown)),
            "entries": sorted(str((one.id, one.fingerprint, one.person_name)) for one in entries),
            "links": sorted(
                (one.entry_id, one.hearing_id) for one in links if one.hearing_id in coming
            ),
            "feeds": sorted((one.name, one.listed, str(one.imported_at)) for one in feeds),
            "tasks": sorted(one for one in tasks(records, hub) if one[1]),
        }


@pytest.mark.parametrize("content", [LISTED, MOVED, VANISHED])
def test_an_import_that_is_undone_leaves_everything_as_it_was(
    records: Records, hub: str, content: bytes
) -> None:
    follow_case(records, hub)
    follow_case(records, hub, "1JU-27-20CR")
    bring_in(records, hub, LISTED)
    before = state(records, hub)
    bring_in(records, hub, content, now=NOW + timedelta(minutes=1))
    assert undone(records, hub) is Outcome.DONE
    assert state(records, hub) == before


def test_the_first_import_of_a_calendar_can_be_undone(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    before = news(records, case)
    bring_in(records, hub, LISTED)
    undone(records, hub)
    (hearing,) = hearings_of(records, hub, case)
    assert (hearing.status, hearing.revision) == (HearingStatus.VACATED, 2)
    assert entries_in(records, hub) == []
    assert news(records, case) > before + 1
    again = bring_in(records, hub, LISTED)
    assert again.followed is not None
    assert again.followed.scheduled == 1


def test_what_it_moved_goes_back_as_a_change_like_any(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    bring_in(records, hub, alaska(setting("03/08/2027"), *OTHERS), now=NOW + timedelta(minutes=1))
    undone(records, hub)
    (hearing,) = hearings_of(records, hub, case)
    assert (hearing.local_time, hearing.revision) == (wall("2027-03-01 09:00"), 3)
    with records.reading(hub) as session:
        events = session.exec(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.id))
        ).all()
    assert [one.kind for one in events][-2:] == ["hearing_moved", "import_undone"]
    assert {one.recorded_by for one in events[-2:]} == {ROSA.actor}


@pytest.mark.parametrize(
    ("deed", "why"), [("moved", CHANGED_SINCE), ("held", HELD_SINCE), ("cancelled", "cancelled")]
)
def test_what_somebody_changed_since_is_left_alone(
    records: Records, hub: str, deed: str, why: str
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    (hearing,) = hearings_of(records, hub, case)
    with records.writing(hub) as session:
        if deed == "moved":
            place = Setting(wall("2027-03-02 10:00"), ANCHORAGE)
            move_hearing(session, hearing.id, place, ROSA, NOW)
        elif deed == "held":
            record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, NOW)
        else:
            vacate_hearing(session, hearing.id, ROSA, NOW)
    before = [str(one) for one in hearings_of(records, hub, case)]
    plan = planned(records, hub)
    assert plan.back == ()
    (left,) = plan.left
    assert why in left.why
    assert undone(records, hub, digest=plan.digest) is Outcome.DONE
    assert [str(one) for one in hearings_of(records, hub, case)] == before
    assert entries_in(records, hub) == []


def test_a_date_that_is_over_is_left_alone(records: Records, hub: str) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    import_id = newest(records, hub)
    with records.reading(hub) as session:
        plan = plan_undo(session, import_id, NOW + timedelta(days=30))
    assert [one.why for one in plan.left] == [OVER]


def test_a_case_that_was_opened_since_keeps_its_date(records: Records, hub: str) -> None:
    bring_in(records, hub, LISTED)
    case = follow_case(records, hub)
    assert [one.why for one in planned(records, hub).left] == [BROUGHT_SINCE]
    undone(records, hub)
    assert [one.status for one in hearings_of(records, hub, case)] == ["scheduled"]


def test_twice_is_once(records: Records, hub: str) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    assert undone(records, hub) is Outcome.DONE
    after = everything(records)
    assert undone(records, hub) is Outcome.AGAIN
    assert everything(records) == after


def test_what_changed_after_it_was_shown_refuses_all_of_it(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    follow_case(records, hub, "1JU-27-20CR")
    bring_in(records, hub, LISTED)
    plan = planned(records, hub)
    (hearing,) = hearings_of(records, hub, case)
    with records.writing(hub) as session:
        move_hearing(session, hearing.id, Setting(wall("2027-03-02 10:00"), ANCHORAGE), ROSA, NOW)
    before = everything(records)
    assert undone(records, hub, digest=plan.digest) is Outcome.CHANGED
    assert everything(records) == before


def test_the_newest_import_of_a_calendar_is_undone_first(records: Records, hub: str) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    first = newest(records, hub)
    before = state(records, hub)
    bring_in(records, hub, MOVED, now=NOW + timedelta(minutes=1))
    bring_in(records, hub, LISTED, feed="another", now=NOW + timedelta(minutes=2))
    second = [one for one in _of_feed(records, hub) if one != first]
    with pytest.raises(CannotUndo, match=NEWER):
        undone(records, hub, first)
    undone(records, hub)
    for import_id in second:
        undone(records, hub, import_id)
    assert state(records, hub)["hearings"] == before["hearings"]
    assert undone(records, hub, first) is Outcome.DONE


def _of_feed(records: Records, hub: str) -> list[str]:
    with records.reading(hub) as session:
        statement = (
            select(col(CalendarImport.id))
            .join(CalendarFeed, col(CalendarFeed.id) == CalendarImport.feed_id)
            .where(CalendarFeed.name == "alaska-criminal")
        )
        return list(session.exec(statement).all())


def test_an_import_from_before_changes_were_kept_says_so(records: Records, hub: str) -> None:
    bring_in(records, hub, LISTED)
    with records.writing(hub) as session:
        made = session.get_one(CalendarImport, newest(records, hub))
        made.kept = False
        session.add(made)
    with pytest.raises(CannotUndo, match=NOT_KEPT[:40]):
        undone(records, hub)


def test_questions_that_it_asked_are_closed_and_those_it_answered_open_again(
    records: Records, hub: str
) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    bring_in(records, hub, VANISHED, now=NOW + timedelta(minutes=1))
    assert tasks(records, hub) == [("vanished_from_calendar", True)]
    vanished = newest(records, hub)
    bring_in(records, hub, LISTED, now=NOW + timedelta(minutes=2))
    assert tasks(records, hub) == [("vanished_from_calendar", False)]
    undone(records, hub)
    assert tasks(records, hub) == [("vanished_from_calendar", True)]
    undone(records, hub, vanished)
    assert tasks(records, hub) == [("vanished_from_calendar", False)]


def test_unread_rows_are_asked_about_until_it_is_undone(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        content = alaska(setting("31/31/2027"), *OTHERS)
        review = hand_in(session, HandedIn("a", "alaska-criminal", "", content), "Rosa", NOW)
        apply_review(session, review.id, review.digest, "Rosa", "r0", NOW)
    assert ("calendar_rows", True) in tasks(records, hub)
    undone(records, hub)
    assert ("calendar_rows", False) in tasks(records, hub)


def test_each_change_is_kept_with_what_was_before_and_its_revision(
    records: Records, hub: str
) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    bring_in(records, hub, alaska(setting("03/08/2027"), *OTHERS), now=NOW + timedelta(minutes=1))
    with records.reading(hub) as session:
        statement = select(CalendarChange).where(
            CalendarChange.import_id == newest(records, hub),
            CalendarChange.kind == Kept.HEARING.value,
        )
        (kept,) = session.exec(statement).all()
    before, after = json.loads(kept.before), json.loads(kept.after)
    assert (before["local"], after["local"]) == ("2027-03-01T09:00:00", "2027-03-08T09:00:00")
    assert (before["revision"], after["revision"], kept.revision) == (1, 2, 2)


def test_two_who_undo_at_once_are_one(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    said: list[Outcome] = []
    both = threading.Barrier(2)

    def press() -> None:
        both.wait()
        said.append(undone(records, hub))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == [Outcome.AGAIN, Outcome.DONE]
    assert [one.revision for one in hearings_of(records, hub, case)] == [2]


def test_another_hub_cannot_undo_it(records: Records, hub: str) -> None:
    other_hub = make_hub(records, name="Overtown", slug=f"overtown-{hub}").id
    bring_in(records, hub, LISTED)
    import_id = newest(records, hub)
    with records.writing(other_hub) as session, pytest.raises(NotFound):
        undo_import(session, import_id, None, ROSA, NOW)
