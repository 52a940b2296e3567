"""What a court's calendar does to the hearings of cases that are followed, and what it leaves."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from domain.tracks import CourtStage, Track
from domain.vocabulary import Appearance, HearingKind, HearingStatus
from records.casework import add_docket, get_case, move_track
from records.database import Records
from records.hearings import (
    Setting,
    move_hearing,
    record_outcome,
    schedule_hearing,
    vacate_hearing,
)
from records.tables import Case, CaseEvent, Hearing, HearingRevision
from tests.houses import ROSA, utc, wall
from tests.records.calendars.made_up import (
    ANCHORAGE,
    IDAHO,
    NOW,
    B,
    alaska,
    bring_in,
    everything,
    follow_case,
    hearings_of,
    idaho,
    in_county,
    news,
    setting,
    tasks,
)

MARCH_1 = alaska(setting("03/01/2027"))
OTHERS = tuple(setting(f"03/0{day}/2027", case=f"1JU-27-{day}0CR") for day in (1, 2, 3))
"""Cases that nobody follows, so that one hearing less is not half of the calendar."""
LISTED = alaska(setting("03/01/2027"), *OTHERS)
NOT_LISTED = alaska(*OTHERS)


def hearing_of(records: Records, hub: str, case: Case) -> Hearing:
    """The only hearing of a case."""
    (hearing,) = hearings_of(records, hub, case)
    return hearing


def by_hand(records: Records, hub: str, case: Case, local: str, room: str = "3A") -> Hearing:
    """A hearing that a person wrote down."""
    with records.writing(hub) as session:
        return schedule_hearing(
            session,
            case.id,
            HearingKind.STATUS,
            Setting(wall(local), ANCHORAGE, room, "123 Fourth St"),
            ROSA,
            NOW,
        )


def staff_moves(records: Records, hub: str, hearing: Hearing, local: str) -> None:
    """A person moves a hearing."""
    with records.writing(hub) as session:
        place = Setting(wall(local), hearing.zone, hearing.room, hearing.place)
        move_hearing(session, hearing.id, place, ROSA, NOW)


def test_a_followed_case_gets_its_hearing_and_its_workflow_hears_of_it(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    before = news(records, case)
    seen = bring_in(records, hub, LISTED)
    hearing = hearing_of(records, hub, case)
    assert (hearing.local_time, hearing.zone) == (wall("2027-03-01 09:00"), ANCHORAGE)
    assert (hearing.room, hearing.place) == ("Courtroom A", "Juneau Courthouse")
    assert (hearing.kind, hearing.source) == (HearingKind.MOTION, "import")
    assert seen.followed is not None
    assert (seen.followed.scheduled, seen.followed.tasks) == (1, 0)
    assert news(records, case) == before + 1
    again = bring_in(records, hub, LISTED)
    assert again.followed == replace(seen.followed, scheduled=0)
    assert news(records, case) == before + 1


def test_the_docket_number_is_found_however_it_is_spaced(records: Records, hub: str) -> None:
    case = follow_case(records, hub, "1ju 27 1cr")
    bring_in(records, hub, MARCH_1)
    assert len(hearings_of(records, hub, case)) == 1


def test_the_same_calendar_again_writes_nothing(records: Records, hub: str) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    before = everything(records)
    bring_in(records, hub, LISTED)
    assert everything(records) == before


def test_a_new_time_moves_the_hearing_by_a_revision(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, MARCH_1)
    before = news(records, case)
    seen = bring_in(records, hub, alaska(setting("03/05/2027", "1:30 pm", place=B)))
    assert seen.counts.moved == 1
    hearing = hearing_of(records, hub, case)
    assert (hearing.revision, hearing.local_time) == (2, wall("2027-03-05 13:30"))
    assert (hearing.room, hearing.place) == ("Courtroom B", "Juneau Courthouse")
    assert news(records, case) == before + 1
    with records.reading(hub) as session:
        (kept,) = session.exec(select(HearingRevision)).all()
    assert kept.local_time == wall("2027-03-01 09:00")


def test_a_new_kind_is_taken_over_without_a_new_date(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, MARCH_1)
    before = news(records, case)
    bring_in(records, hub, alaska(setting("03/01/2027", event="Change of Plea")))
    hearing = hearing_of(records, hub, case)
    assert (hearing.kind, hearing.revision) == (HearingKind.PLEA, 1)
    assert news(records, case) == before + 1


def test_what_staff_moved_is_not_flipped_back_until_the_court_moves_it(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, MARCH_1)
    staff_moves(records, hub, hearing_of(records, hub, case), "2027-03-04 09:00")
    before = everything(records)
    bring_in(records, hub, MARCH_1)
    assert everything(records) == before
    bring_in(records, hub, alaska(setting("03/01/2027", place=B)))
    assert hearing_of(records, hub, case).local_time == wall("2027-03-04 09:00")
    bring_in(records, hub, alaska(setting("03/09/2027", place=B)))
    hearing = hearing_of(records, hub, case)
    assert (hearing.local_time, hearing.revision) == (wall("2027-03-09 09:00"), 3)


def test_what_staff_knew_before_the_court_printed_it_is_not_told_twice(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    hearing = by_hand(records, hub, case, "2027-03-01 09:00")
    before = news(records, case)
    seen = bring_in(records, hub, MARCH_1)
    assert seen.followed is not None
    assert (seen.followed.scheduled, seen.followed.moved, seen.followed.tasks) == (0, 0, 0)
    staff_moves(records, hub, hearing, "2027-03-04 09:00")
    bring_in(records, hub, alaska(setting("03/04/2027", place=B)))
    found = hearing_of(records, hub, case)
    assert (found.id, found.revision, found.room) == (hearing.id, 2, "3A")
    assert news(records, case) == before + 1


def test_another_time_on_the_same_day_by_hand_is_a_question(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    by_hand(records, hub, case, "2027-03-01 08:30")
    bring_in(records, hub, MARCH_1)
    assert len(hearings_of(records, hub, case)) == 2
    assert tasks(records, hub) == [("calendar_conflict", True)]


def test_a_hearing_that_vanished_stays_and_a_person_is_asked(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    before = news(records, case)
    assert bring_in(records, hub, NOT_LISTED).counts.vanished == 1
    assert hearing_of(records, hub, case).status == HearingStatus.SCHEDULED
    assert tasks(records, hub) == [("vanished_from_calendar", True)]
    assert news(records, case) == before
    bring_in(records, hub, NOT_LISTED)
    assert len(tasks(records, hub)) == 1


def test_a_hearing_that_comes_back_closes_the_question_and_may_vanish_again(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    for content in (LISTED, NOT_LISTED, LISTED):
        bring_in(records, hub, content)
    assert tasks(records, hub) == [("vanished_from_calendar", False)]
    assert hearing_of(records, hub, case).revision == 1
    bring_in(records, hub, NOT_LISTED)
    assert tasks(records, hub)[-1] == ("vanished_from_calendar", True)


def test_nobody_asks_about_a_day_that_the_calendar_does_not_cover(
    records: Records, hub: str
) -> None:
    follow_case(records, hub)
    bring_in(records, hub, LISTED)
    later = alaska(*OTHERS[1:])
    assert bring_in(records, hub, later).counts.vanished == 2
    assert tasks(records, hub) == []


def test_nobody_asks_where_a_hearing_went_that_staff_moved(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    staff_moves(records, hub, hearing_of(records, hub, case), "2027-03-04 09:00")
    bring_in(records, hub, NOT_LISTED)
    assert tasks(records, hub) == []


def test_two_rooms_at_one_minute_are_one_hearing_without_a_room_and_a_question(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    both = alaska(setting("03/01/2027"), setting("03/01/2027", place=B), *OTHERS)
    assert bring_in(records, hub, both).counts.conflicts == 1
    hearing = hearing_of(records, hub, case)
    assert (hearing.room, hearing.place) == ("", "Juneau Courthouse")
    assert tasks(records, hub) == [("calendar_conflict", True)]
    before = everything(records)
    bring_in(records, hub, both)
    assert everything(records) == before


def test_a_second_room_that_appears_later_is_a_question_and_no_second_notice(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    before = news(records, case)
    bring_in(records, hub, alaska(setting("03/01/2027"), setting("03/01/2027", place=B), *OTHERS))
    assert hearing_of(records, hub, case).revision == 1
    assert tasks(records, hub) == [("calendar_conflict", True)]
    assert news(records, case) == before
    bring_in(records, hub, alaska(setting("03/01/2027", place=B), *OTHERS))
    hearing = hearing_of(records, hub, case)
    assert (hearing.room, hearing.revision) == ("Courtroom B", 2)
    assert tasks(records, hub) == [("calendar_conflict", False)]


def test_times_that_are_over_are_never_scheduled_or_moved(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    before = news(records, case)
    seen = bring_in(records, hub, alaska(setting("02/19/2027")))
    assert seen.counts.new == 1
    assert hearings_of(records, hub, case) == []
    assert news(records, case) == before


def test_a_date_that_moves_into_the_past_is_a_question(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, alaska(setting("02/19/2027", case="1JU-27-5CR"), setting("03/01/2027")))
    bring_in(records, hub, alaska(setting("02/19/2027", case="1JU-27-5CR"), setting("02/19/2027")))
    hearing = hearing_of(records, hub, case)
    assert (hearing.local_time, hearing.revision) == (wall("2027-03-01 09:00"), 1)
    assert tasks(records, hub) == [("vanished_from_calendar", True)]


@pytest.mark.parametrize("day_after", [utc("2027-03-01 20:00"), utc("2027-03-02 20:00")])
def test_a_hearing_that_began_is_not_moved_and_the_next_date_is_a_new_one(
    records: Records, hub: str, day_after: datetime
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    first = hearing_of(records, hub, case)
    bring_in(records, hub, alaska(setting("03/09/2027"), *OTHERS), now=day_after)
    old, new = hearings_of(records, hub, case)
    assert (old.id, old.revision, old.local_time) == (first.id, 1, first.local_time)
    assert new.local_time == wall("2027-03-09 09:00")
    assert tasks(records, hub) == []


def test_a_held_hearing_stays_as_it_was_recorded(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED)
    hearing = hearing_of(records, hub, case)
    with records.writing(hub) as session:
        record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, NOW)
    bring_in(records, hub, alaska(setting("03/08/2027"), *OTHERS))
    held, new = hearings_of(records, hub, case)
    assert (held.status, held.revision) == (HearingStatus.HELD, 1)
    assert new.status == HearingStatus.SCHEDULED


def test_what_staff_cancelled_comes_back_only_with_a_new_date(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, MARCH_1)
    with records.writing(hub) as session:
        vacate_hearing(session, hearing_of(records, hub, case).id, ROSA, NOW)
    bring_in(records, hub, MARCH_1)
    bring_in(records, hub, alaska(setting("03/01/2027", place=B)))
    assert hearing_of(records, hub, case).status == HearingStatus.VACATED
    bring_in(records, hub, alaska(setting("03/08/2027", place=B)))
    old, new = hearings_of(records, hub, case)
    assert (old.status, new.status) == (HearingStatus.VACATED, HearingStatus.SCHEDULED)


def test_a_case_opened_after_the_import_adopts_what_is_listed(records: Records, hub: str) -> None:
    bring_in(records, hub, alaska(setting("02/19/2027"), setting("03/01/2027"), *OTHERS))
    case = follow_case(records, hub)
    hearing = hearing_of(records, hub, case)
    assert hearing.local_time == wall("2027-03-01 09:00")
    with records.reading(hub) as session:
        events = session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()
    assert {event.kind for event in events} == {"opened", "hearing_scheduled"}
    moved = alaska(setting("02/19/2027"), setting("03/03/2027"), *OTHERS)
    assert bring_in(records, hub, moved).counts.moved == 1
    assert hearing_of(records, hub, case).revision == 2


def test_a_docket_added_later_adopts_at_once_or_at_the_next_import(
    records: Records, hub: str
) -> None:
    bring_in(records, hub, LISTED)
    at_once, later = follow_case(records, hub, ""), follow_case(records, hub, "")
    with records.writing(hub) as session:
        add_docket(session, get_case(session, at_once.id), "1JU-27-1CR", now=NOW)
        add_docket(session, get_case(session, later.id), "1JU-27-1CR")
    assert len(hearings_of(records, hub, at_once)) == 1
    assert len(hearings_of(records, hub, later)) == 0
    bring_in(records, hub, LISTED)
    assert len(hearings_of(records, hub, at_once)) == 1
    assert len(hearings_of(records, hub, later)) == 1


def test_a_closed_case_gets_no_hearings(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    with records.writing(hub) as session:
        move_track(
            session,
            get_case(session, case.id),
            Track.COURT,
            CourtStage.CLOSED,
            ROSA,
            NOW,
            override_reason="It ended elsewhere.",
        )
    bring_in(records, hub, MARCH_1)
    assert hearings_of(records, hub, case) == []


def test_a_number_that_two_counties_share_goes_to_the_case_of_that_county(
    records: Records, hub: str
) -> None:
    ada = follow_case(records, hub, "CR-1", jurisdiction="ada")
    bring_in(records, hub, idaho(in_county("Ada"), in_county("Latah", "3/2/2027")), mapping=IDAHO)
    latah = follow_case(records, hub, "CR-1", jurisdiction="Latah")
    assert [one.place for one in hearings_of(records, hub, ada)] == ["Ada Court"]
    assert [one.place for one in hearings_of(records, hub, latah)] == ["Latah Court"]
    assert tasks(records, hub) == []


def test_a_number_that_two_counties_share_is_a_question_if_the_case_does_not_say(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub, "CR-1")
    both = idaho(in_county("Ada"), in_county("Latah", "3/2/2027"))
    for _ in range(2):
        bring_in(records, hub, both, mapping=IDAHO)
        assert hearings_of(records, hub, case) == []
        assert tasks(records, hub) == [("calendar_which_court", True)]


def test_co_defendants_share_a_number_and_each_gets_the_hearing(records: Records, hub: str) -> None:
    cases = [follow_case(records, hub) for _ in range(2)]
    bring_in(records, hub, MARCH_1)
    bring_in(records, hub, alaska(setting("03/02/2027")))
    for case in cases:
        hearing = hearing_of(records, hub, case)
        assert (hearing.local_time, hearing.revision) == (wall("2027-03-02 09:00"), 2)


def test_two_feeds_that_list_one_hearing_are_one_hearing(records: Records, hub: str) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, LISTED, feed="criminal")
    bring_in(records, hub, LISTED, feed="all")
    bring_in(records, hub, NOT_LISTED, feed="all")
    assert hearing_of(records, hub, case).revision == 1
    assert tasks(records, hub) == []
    bring_in(records, hub, NOT_LISTED, feed="criminal")
    assert tasks(records, hub) == [("vanished_from_calendar", True)]


def test_a_new_date_that_staff_wrote_down_as_another_hearing_is_tied_to_that(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, MARCH_1)
    by_hand(records, hub, case, "2027-03-08 09:00")
    seen = bring_in(records, hub, alaska(setting("03/08/2027")))
    assert seen.followed is not None
    assert (seen.followed.scheduled, seen.followed.moved) == (0, 0)
    old, new = hearings_of(records, hub, case)
    assert (old.revision, new.revision) == (1, 1)
    bring_in(records, hub, alaska(setting("03/09/2027")))
    assert [one.revision for one in hearings_of(records, hub, case)] == [1, 2]


def test_one_of_two_rooms_that_moves_away_becomes_a_hearing_of_its_own(
    records: Records, hub: str
) -> None:
    case = follow_case(records, hub)
    bring_in(records, hub, alaska(setting("03/01/2027"), setting("03/01/2027", place=B)))
    bring_in(records, hub, alaska(setting("03/01/2027"), setting("03/02/2027", place=B)))
    first, second = hearings_of(records, hub, case)
    assert (first.local_time.day, first.room, first.revision) == (1, "Courtroom A", 2)
    assert (second.local_time.day, second.room, second.revision) == (2, "Courtroom B", 1)


def test_cases_of_another_hub_are_left_alone(records: Records, hub: str, other: str) -> None:
    theirs = follow_case(records, other)
    bring_in(records, hub, MARCH_1)
    assert hearings_of(records, other, theirs) == []


def test_a_crash_while_the_cases_follow_leaves_nothing(
    records: Records, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow_case(records, hub)
    before = everything(records)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("records.calendar_carrying.CalendarImport", crash)
    with pytest.raises(KeyboardInterrupt):
        bring_in(records, hub, MARCH_1)
    assert everything(records) == before
