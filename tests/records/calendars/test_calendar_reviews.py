"""Calendars that wait for a person: what is applied is what was shown, or nothing at all."""

import threading
from typing import Any

import pytest
from sqlmodel import select

from domain.listings import NotThisFormat
from domain.vocabulary import HearingKind
from records.calendar_reviews import (
    HandedIn,
    Outcome,
    apply_review,
    compare_again,
    get_review,
    hand_in,
    leave_out,
    seen_in,
    throw_away,
    waiting_reviews,
)
from records.casework import NotFound
from records.database import Records
from records.hearings import Setting, get_hearing, move_hearing, schedule_hearing
from records.tables import CalendarChange, CalendarImport, Case, Hearing
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
MOVED = alaska(setting("03/08/2027", "1:30 pm", place=B), *OTHERS)
VANISHED = alaska(*OTHERS)


def handed_in(records: Records, hub: str, content: bytes) -> str:
    """A calendar that waits."""
    with records.writing(hub) as session:
        new = HandedIn("alaska-criminal", "alaska-criminal", "", content)
        return hand_in(session, new, "Rosa", NOW).id


def shown(records: Records, hub: str, review_id: str) -> Any:
    """What its review shows."""
    with records.reading(hub) as session:
        return seen_in(get_review(session, review_id))


def digest(records: Records, hub: str, review_id: str) -> str:
    """What stands for all that was shown."""
    with records.reading(hub) as session:
        return get_review(session, review_id).digest


def applied(records: Records, hub: str, review_id: str, seen: str) -> Outcome:
    """Apply what was shown."""
    with records.writing(hub) as session:
        return apply_review(session, review_id, seen, "Rosa", "r0", NOW)


def imports(records: Records, hub: str) -> list[CalendarImport]:
    """The imports."""
    with records.reading(hub) as session:
        return list(session.exec(select(CalendarImport)))


def but_reviews(records: Records) -> dict[str, list[str]]:
    """Everything but what waits, and that somebody is asked to look at it."""
    waits = ("calendar_review", "human_task")
    return {name: rows for name, rows in everything(records).items() if name not in waits}


def asked(records: Records, hub: str) -> list[tuple[str, bool]]:
    """What people were asked about court dates."""
    return [one for one in tasks(records, hub) if one[0] != "calendar_review"]


def test_handing_in_writes_nothing_but_the_review(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    before = but_reviews(records)
    review_id = handed_in(records, hub, LISTED)
    assert but_reviews(records) == before
    seen = shown(records, hub, review_id)
    (row,) = seen.rows
    assert (row.bucket, row.case_ids, row.row) == ("new", (case.id,), 2)
    assert seen.other_counts == {"new": 3}
    (change,) = seen.changes
    assert (change.case_id, change.hearing_id, change.before) == (case.id, "", None)
    assert change.after.local == wall("2027-03-01 09:00")


def test_what_was_shown_is_applied_once(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    review_id = handed_in(records, hub, LISTED)
    seen = digest(records, hub, review_id)
    assert applied(records, hub, review_id, seen) is Outcome.DONE
    (hearing,) = hearings_of(records, hub, case)
    assert hearing.local_time == wall("2027-03-01 09:00")
    after = everything(records)
    assert applied(records, hub, review_id, seen) is Outcome.AGAIN
    assert everything(records) == after
    (made,) = imports(records, hub)
    assert (made.id, made.applied_by, made.applied_by_id, made.kept) == (
        review_id,
        "Rosa",
        "r0",
        True,
    )
    with records.reading(hub) as session:
        assert waiting_reviews(session) == []
        kinds = sorted(session.exec(select(CalendarChange.kind)).all())
    assert kinds == ["hearing", "tied"]


def test_a_hearing_that_changed_meanwhile_refuses_all_of_it(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    review_id = handed_in(records, hub, MOVED)
    seen = digest(records, hub, review_id)
    (hearing,) = hearings_of(records, hub, case)
    with records.writing(hub) as session:
        place = Setting(wall("2027-03-02 10:00"), ANCHORAGE, "9", "Elsewhere")
        move_hearing(session, hearing.id, place, ROSA, NOW)
    before = but_reviews(records)
    assert applied(records, hub, review_id, seen) is Outcome.CHANGED
    assert but_reviews(records) == before
    fresh = digest(records, hub, review_id)
    assert fresh != seen
    (change,) = shown(records, hub, review_id).changes
    assert change.before.local == wall("2027-03-02 10:00")
    assert applied(records, hub, review_id, fresh) is Outcome.DONE
    (hearing,) = hearings_of(records, hub, case)
    assert hearing.local_time == wall("2027-03-08 13:30")


def test_a_case_that_is_opened_meanwhile_refuses_it_too(records: Records, hub: str) -> None:
    review_id = handed_in(records, hub, LISTED)
    seen = digest(records, hub, review_id)
    case = follow_case(records, hub)
    assert applied(records, hub, review_id, seen) is Outcome.CHANGED
    assert hearings_of(records, hub, case) == []
    assert entries_in(records, hub) == []


def test_another_import_meanwhile_refuses_it_too(records: Records, hub: str) -> None:
    follow_case(records, hub)
    review_id = handed_in(records, hub, MOVED)
    seen = digest(records, hub, review_id)
    bring_in(records, hub, LISTED)
    assert applied(records, hub, review_id, seen) is Outcome.CHANGED
    assert len(imports(records, hub)) == 1


def test_what_vanished_stays_scheduled_and_becomes_a_question(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    review_id = handed_in(records, hub, VANISHED)
    seen = shown(records, hub, review_id)
    assert seen.changes == ()
    assert [task.kind for task in seen.tasks] == ["vanished_from_calendar"]
    assert asked(records, hub) == []
    applied(records, hub, review_id, digest(records, hub, review_id))
    assert [one.status for one in hearings_of(records, hub, case)] == ["scheduled"]
    assert asked(records, hub) == [("vanished_from_calendar", True)]


@pytest.mark.parametrize("content", [LISTED, MOVED, VANISHED])
def test_a_row_that_is_left_out_does_nothing_and_is_offered_again(
    records: Records, hub: str, content: bytes
) -> None:
    case = follow_case(records, hub)
    if content is not LISTED:
        bring_in(records, hub, LISTED)
    before = [str(one) for one in hearings_of(records, hub, case)]
    review_id = handed_in(records, hub, content)
    (row,) = shown(records, hub, review_id).rows
    with records.writing(hub) as session:
        leave_out(session, review_id, row.key, NOW, leave=True)
    seen = shown(records, hub, review_id)
    assert (seen.changes, seen.tasks) == ((), ())
    assert [one.key for one in seen.rows] == [row.key]
    assert applied(records, hub, review_id, digest(records, hub, review_id)) is Outcome.DONE
    assert [str(one) for one in hearings_of(records, hub, case)] == before
    assert asked(records, hub) == []
    again = handed_in(records, hub, content)
    assert [one.bucket for one in shown(records, hub, again).rows] == [row.bucket]


def test_a_row_can_be_taken_in_again(records: Records, hub: str) -> None:
    follow_case(records, hub)
    review_id = handed_in(records, hub, LISTED)
    seen = digest(records, hub, review_id)
    (row,) = shown(records, hub, review_id).rows
    for leave in (True, False):
        with records.writing(hub) as session:
            leave_out(session, review_id, row.key, NOW, leave=leave)
        assert (digest(records, hub, review_id) == seen) is not leave
    with records.writing(hub) as session, pytest.raises(NotFound):
        leave_out(session, review_id, "another", NOW, leave=True)


def test_two_who_apply_at_once_are_one(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    review_id = handed_in(records, hub, LISTED)
    seen = digest(records, hub, review_id)
    said: list[Outcome] = []
    both = threading.Barrier(2)

    def press() -> None:
        both.wait()
        said.append(applied(records, hub, review_id, seen))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == [Outcome.AGAIN, Outcome.DONE]
    assert len(hearings_of(records, hub, case)) == len(imports(records, hub)) == 1


def test_thrown_away_it_is_gone_with_its_file(records: Records, hub: str) -> None:
    review_id = handed_in(records, hub, LISTED)
    with records.writing(hub) as session:
        throw_away(session, review_id, "Rosa", NOW)
    with records.reading(hub) as session, pytest.raises(NotFound):
        get_review(session, review_id)
    with records.writing(hub) as session, pytest.raises(NotFound):
        apply_review(session, review_id, "", "Rosa", "r0", NOW)


def test_a_calendar_that_waits_is_asked_about_until_somebody_decides(
    records: Records, hub: str
) -> None:
    review_id = handed_in(records, hub, LISTED)
    assert tasks(records, hub) == [("calendar_review", True)]
    applied(records, hub, review_id, digest(records, hub, review_id))
    assert tasks(records, hub) == [("calendar_review", False)]
    other = handed_in(records, hub, alaska(setting("31/31/2027"), *OTHERS))
    applied(records, hub, other, digest(records, hub, other))
    assert ("calendar_rows", True) in tasks(records, hub)


def test_more_than_half_missing_is_said_and_not_hidden(records: Records, hub: str) -> None:
    bring_in(records, hub, LISTED)
    review_id = handed_in(records, hub, alaska(OTHERS[0]))
    assert shown(records, hub, review_id).loss == "3 of 4"
    assert shown(records, hub, handed_in(records, hub, LISTED)).loss == ""


def test_rows_that_cannot_be_read_are_shown_as_they_stand(records: Records, hub: str) -> None:
    review_id = handed_in(records, hub, alaska(setting("31/31/2027", name="<b>X"), *OTHERS))
    (unread,) = shown(records, hub, review_id).unread
    assert (unread.row, "<b>X" in unread.text, "31/31/2027" in unread.text) == (2, True, True)
    assert "does not hold a date" in unread.reason


def test_another_file_is_refused_and_nothing_is_kept(records: Records, hub: str) -> None:
    with pytest.raises(NotThisFormat):
        handed_in(records, hub, b"PK\x03\x04" + b"\0" * 200)
    with records.reading(hub) as session:
        assert waiting_reviews(session) == []


def test_the_file_and_what_is_shown_rest_sealed(records: Records, hub: str) -> None:
    follow_case(records, hub)
    handed_in(records, hub, LISTED)
    rows = everything(records)["calendar_review"]
    assert any("alaska-criminal" in row for row in rows)
    assert not any("LANTERN" in row or "1JU-27-1CR" in row for row in rows)


def test_a_comparison_is_made_anew_when_it_is_asked_for(records: Records, hub: str) -> None:
    review_id = handed_in(records, hub, LISTED)
    case = follow_case(records, hub)
    with records.writing(hub) as session:
        compare_again(session, review_id, NOW)
    assert [one.case_ids for one in shown(records, hub, review_id).rows] == [(case.id,)]
    assert news(records, case) == 1


def test_other_dates_of_the_case_are_not_touched(records: Records, hub: str) -> None:
    case: Case = follow_case(records, hub)
    with records.writing(hub) as session:
        by_hand: Hearing = schedule_hearing(
            session,
            case.id,
            HearingKind.STATUS,
            Setting(wall("2027-04-01 09:00"), ANCHORAGE),
            ROSA,
            NOW,
        )
    review_id = handed_in(records, hub, LISTED)
    applied(records, hub, review_id, digest(records, hub, review_id))
    with records.reading(hub) as session:
        assert get_hearing(session, by_hand.id).revision == 1
