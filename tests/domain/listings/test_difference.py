"""What a new calendar changes, told hearing by hearing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import (
    Calendar,
    Change,
    Difference,
    FeedLostTooMuch,
    Known,
    Listing,
    Reason,
    SetAside,
    difference,
    gather,
)
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import MONDAY, NOW, SAMPLES, known, listing, read_named

TRIAL = HearingKind.TRIAL
MOTION = HearingKind.MOTION


def compare(
    before: list[Known], *after: Listing | SetAside, now: datetime = NOW, since: date | None = None
) -> Difference:
    return difference(before, gather(after), now=now, covers_from=since, accept_loss=True)


def ids(found: tuple[Known, ...]) -> list[str]:
    return [one.id for one in found]


def test_the_same_file_twice_changes_nothing() -> None:
    for name in ("alaska-criminal", "alaska-minor-offense", "idaho", "atlanta", "salt-lake"):
        calendar = read_named(SAMPLES, name)
        result = difference(known(*calendar.listings), calendar, now=NOW)
        assert len(result.unchanged) == len(calendar.listings)
        assert (result.new, result.moved, result.vanished) == ((), (), ())
        assert (result.past, result.unclear) == ((), ())


def test_a_first_import_is_all_new() -> None:
    result = compare([], listing(), listing(days=1))
    assert len(result.new) == 2
    assert not result.lost_too_much


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (listing(days=1), (Change.TIME,)),
        (listing(at=MONDAY + timedelta(minutes=30)), (Change.TIME,)),
        (listing(zone="America/Denver"), (Change.TIME,)),
        (listing(room="2"), (Change.PLACE,)),
        (listing(court="North Annex"), (Change.PLACE,)),
        (listing(kind=TRIAL), (Change.KIND,)),
        (listing(days=1, room="2", kind=TRIAL), (Change.TIME, Change.PLACE, Change.KIND)),
    ],
)
def test_a_hearing_that_moved_says_what_changed(
    after: Listing, changed: tuple[Change, ...]
) -> None:
    (moved,) = compare(known(listing()), after).moved
    assert moved.known.id == "id-0"
    assert moved.listing == after
    assert moved.changed == changed


def test_other_words_for_the_same_thing_change_nothing_and_are_handed_on() -> None:
    (same,) = compare(
        known(listing(words="Status")), listing("27-cr-1", words="Status conf.")
    ).unchanged
    assert same.listing.kind_as_published == "Status conf."


def test_a_hearing_that_is_gone_has_vanished_and_another_case_does_not_replace_it() -> None:
    result = compare(known(listing("A"), listing("B", days=1)), listing("B", days=1), listing("C"))
    assert ids(result.vanished) == ["id-0"]
    assert [one.docket_number for one in result.new] == ["C"]


def test_the_same_number_in_another_county_is_another_case() -> None:
    result = compare(known(listing(jurisdiction="Ada")), listing(jurisdiction="Gem", days=1))
    assert ids(result.vanished) == ["id-0"]
    assert len(result.new) == 1


def test_what_stays_is_matched_before_what_moves() -> None:
    before = known(listing(days=0), listing(days=7))
    result = compare(before, listing(days=7), listing(days=14))
    assert [one.known.id for one in result.unchanged] == ["id-1"]
    assert [(one.known.id, one.listing) for one in result.moved] == [("id-0", listing(days=14))]


def test_the_uid_decides_before_the_kind() -> None:
    before = known(listing(uid="u1", kind=TRIAL), listing(days=1, uid="u2", kind=MOTION))
    after = (listing(days=9, uid="u2", kind=TRIAL), listing(days=8, uid="u1", kind=MOTION))
    moved = {one.known.id: one.listing.source_uid for one in compare(before, *after).moved}
    assert moved == {"id-0": "u1", "id-1": "u2"}


def test_the_kind_decides_before_the_time() -> None:
    before = known(listing(kind=TRIAL), listing(days=10, kind=MOTION))
    after = (listing(days=1, kind=MOTION), listing(days=9, kind=TRIAL))
    moved = {one.known.id: one.listing.kind for one in compare(before, *after).moved}
    assert moved == {"id-0": TRIAL, "id-1": MOTION}


def test_the_nearest_in_time_decides_last() -> None:
    before = known(listing(kind=TRIAL), listing(days=10, kind=TRIAL))
    result = compare(before, listing(days=11, kind=MOTION))
    assert [one.known.id for one in result.moved] == ["id-1"]
    assert ids(result.vanished) == ["id-0"]


def test_an_empty_uid_is_no_uid() -> None:
    before = known(listing(kind=TRIAL), listing(days=1, kind=MOTION))
    after = (listing(days=2, kind=TRIAL), listing(days=3, kind=MOTION))
    assert all(Change.KIND not in one.changed for one in compare(before, *after).moved)


def test_a_day_that_has_passed_is_no_loss() -> None:
    after_monday = datetime(2027, 3, 3, tzinfo=UTC)
    result = compare(known(listing()), listing("B", days=3), now=after_monday)
    assert ids(result.past) == ["id-0"]
    assert result.vanished == ()
    assert result.listed_before == 0


def test_a_past_hearing_is_not_taken_for_the_next_one_of_its_case() -> None:
    after_monday = datetime(2027, 3, 3, tzinfo=UTC)
    result = compare(known(listing()), listing(days=30), now=after_monday)
    assert ids(result.past) == ["id-0"]
    assert result.new == (listing(days=30),)
    assert result.moved == ()


def test_a_day_to_come_is_not_past_although_the_file_begins_later() -> None:
    result = compare(known(listing("A"), listing("B", days=3)), listing("B", days=3))
    assert ids(result.vanished) == ["id-0"]


def test_a_past_day_that_the_file_still_covers_has_vanished() -> None:
    after_monday = datetime(2027, 3, 3, tzinfo=UTC)
    monday = MONDAY.date()
    result = compare(known(listing()), listing("B", days=3), now=after_monday, since=monday)
    assert ids(result.vanished) == ["id-0"]


def test_now_is_read_on_the_clock_of_the_court() -> None:
    before = known(listing(zone="America/Los_Angeles"))
    since = MONDAY.date() + timedelta(days=1)
    almost = datetime(2027, 3, 1, 16, 59, tzinfo=UTC)
    assert compare(before, listing("B", days=2), now=almost, since=since).past == ()
    passed = almost + timedelta(minutes=2)
    assert ids(compare(before, listing("B", days=2), now=passed, since=since).past) == ["id-0"]


def test_an_unreadable_row_of_a_case_is_no_word_that_its_hearing_is_off() -> None:
    bad = SetAside(7, "A reason.", Reason.BAD_DATE, docket_number="a", jurisdiction="")
    result = compare(known(listing("A"), listing("B")), bad)
    assert ids(result.unclear) == ["id-0"]
    assert ids(result.vanished) == ["id-1"]
    assert result.set_aside == (bad,)


def test_a_conflict_is_shown_and_both_rooms_are_kept() -> None:
    result = compare(known(listing(room="1")), listing(room="1"), listing(room="2"))
    assert len(result.conflicts) == 1
    assert len(result.unchanged) == 1
    assert result.new == (listing(room="2"),)


def test_losing_half_is_accepted_and_losing_more_is_refused() -> None:
    before = known(*(listing(f"C{number}") for number in range(4)))
    half = gather([listing("C0"), listing("C1")])
    assert len(difference(before, half, now=NOW).vanished) == 2
    with pytest.raises(FeedLostTooMuch) as refusal:
        difference(before, gather([listing("C0")]), now=NOW)
    assert (refusal.value.lost, refusal.value.listed) == (3, 4)
    assert "3 of 4" in str(refusal.value)


def test_a_person_may_accept_the_loss() -> None:
    result = difference(known(listing("A")), gather([listing("B")]), now=NOW, accept_loss=True)
    assert result.lost_too_much
    assert ids(result.vanished) == ["id-0"]


def test_rows_that_cannot_be_read_count_as_lost() -> None:
    bad = SetAside(7, "A reason.", Reason.BAD_DATE, docket_number="A")
    with pytest.raises(FeedLostTooMuch):
        difference(known(listing("A")), gather([bad]), now=NOW)


def test_past_hearings_do_not_count_as_lost() -> None:
    before = known(*(listing(f"C{number}") for number in range(9)), listing("D", days=9))
    result = difference(
        before, gather([listing("D", days=9)]), now=datetime(2027, 3, 5, tzinfo=UTC)
    )
    assert (len(result.past), result.listed_before, result.lost) == (9, 1, 0)


def test_a_feed_that_lists_nothing_any_more_moves_on_day_by_day() -> None:
    nothing = Calendar(rows=0, listings=(), duplicates=0, set_aside=(), conflicts=())
    before = known(listing())
    tuesday = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
    assert ids(difference(before, nothing, now=tuesday).past) == ["id-0"]
    with pytest.raises(FeedLostTooMuch):
        difference(before, nothing, now=NOW)


LISTINGS = st.builds(
    listing,
    docket=st.sampled_from(["A1", "B2"]),
    days=st.integers(-30, 30),
    room=st.sampled_from(["1", "2"]),
    kind=st.sampled_from([TRIAL, MOTION]),
    uid=st.sampled_from(["", "u1", "u2"]),
)
CALENDARS = st.lists(LISTINGS, max_size=12, unique_by=lambda one: one.slot).map(gather)


@given(calendar=CALENDARS)
def test_a_calendar_compared_with_itself_is_unchanged(calendar: Calendar) -> None:
    result = difference(known(*calendar.listings), calendar, now=NOW)
    assert tuple(one.listing for one in result.unchanged) == calendar.listings
    assert len(result.unchanged) == len(calendar.listings)
    assert result.lost == 0


@given(before=CALENDARS, after=CALENDARS)
def test_every_hearing_ends_in_exactly_one_bucket(before: Calendar, after: Calendar) -> None:
    result = difference(known(*before.listings), after, now=NOW, accept_loss=True)
    new = [*result.new]
    new += [one.listing for one in result.moved] + [one.listing for one in result.unchanged]
    assert sorted(one.slot for one in new) == sorted(one.slot for one in after.listings)
    old = [one.known.id for one in result.moved] + [one.known.id for one in result.unchanged]
    old += ids(result.vanished) + ids(result.past) + ids(result.unclear)
    assert sorted(old) == sorted(one.id for one in known(*before.listings))


@given(before=CALENDARS, after=CALENDARS, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    before: Calendar, after: Calendar, seed: random.Random
) -> None:
    entries = known(*before.listings)
    result = difference(entries, after, now=NOW, accept_loss=True)
    rows = list(after.listings)
    seed.shuffle(rows)
    seed.shuffle(entries)
    assert difference(entries, gather(rows), now=NOW, accept_loss=True) == result


@given(before=CALENDARS, after=CALENDARS)
def test_a_move_stays_in_its_case_and_always_changes_something(
    before: Calendar, after: Calendar
) -> None:
    for moved in difference(known(*before.listings), after, now=NOW, accept_loss=True).moved:
        assert moved.known.listing.case == moved.listing.case
        assert moved.changed
        renamed = replace(moved.listing, kind=moved.known.listing.kind)
        assert (Change.KIND in moved.changed) == (renamed != moved.listing)
