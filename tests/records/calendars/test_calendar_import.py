"""A court's calendar becomes light rows: the difference first, then all of it or nothing."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from domain.listings import (
    CalendarRefused,
    EmptyFile,
    FeedLostTooMuch,
    MissingColumn,
    WrongEncoding,
    load_mapping,
    read_join,
)
from records.calendar_import import Preview, apply, preview
from records.database import Records
from records.tables import CalendarFeed, CalendarImport
from tests.houses import utc
from tests.records.calendars.made_up import (
    ALASKA,
    NOW,
    A,
    B,
    alaska,
    bring_in,
    entries_in,
    everything,
    setting,
)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "calendars"
FOUR = alaska(*(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (1, 2, 3, 4)))


def look(records: Records, hub: str, content: bytes, **more: object) -> Preview:
    """The difference alone."""
    source = io.BytesIO(content)
    return preview(records, hub, ALASKA.name, ALASKA, source, {}, now=NOW, **more)  # type: ignore[arg-type]


def import_shared(records: Records, hub: str, name: str) -> Preview:
    """Import one of the published calendars."""
    mapping = load_mapping(name)
    joins = {}
    for field, join in mapping.joins.items():
        with (SHARED / join.file_for(name)).open("rb") as file:
            joins[field] = read_join(file, mapping, field)
    with (SHARED / f"{name}.csv").open("rb") as file:
        return apply(records, hub, name, mapping, file, joins, now=NOW)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared calendars are not here")
@pytest.mark.parametrize(
    ("name", "rows", "new", "set_aside", "conflicts"),
    [
        ("alaska-criminal", 20, 19, 0, 0),
        ("alaska-minor-offense", 39, 37, 1, 1),
        ("idaho", 29, 15, 0, 0),
        ("atlanta", 1, 1, 0, 0),
        ("salt-lake", 5, 5, 0, 0),
    ],
)
def test_a_published_calendar_is_new_once_and_then_unchanged(
    records: Records, hub: str, name: str, rows: int, new: int, set_aside: int, conflicts: int
) -> None:
    first = import_shared(records, hub, name).counts
    assert (first.rows, first.new, first.set_aside) == (rows, new, set_aside)
    assert first.conflicts == conflicts
    assert first.duplicates == rows - new - set_aside
    before = everything(records)
    again = import_shared(records, hub, name).counts
    assert (again.new, again.moved, again.vanished, again.unchanged) == (0, 0, 0, new)
    assert everything(records) == before
    assert [before[name] for name in ("case", "hearing", "outbox")] == [[], [], []]


def test_a_preview_writes_nothing(records: Records, hub: str) -> None:
    before = everything(records)
    seen = look(records, hub, FOUR)
    assert (seen.counts.new, seen.applied) == (4, False)
    assert everything(records) == before


def test_numbers_and_names_are_sealed_and_charges_are_not_there(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR)
    with records.engine.connect() as connection:
        raw = str(connection.execute(text("SELECT * FROM calendar_entry")).all())
    assert "1JU-27" not in raw
    assert "LANTERN" not in raw
    first = entries_in(records, hub)[0]
    assert (first.docket_number, first.person_name) == ("1JU-27-1CR", "LANTERN, MARA")


def test_each_import_is_noted_with_what_it_found(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR, applied_by="rosa")
    with records.reading(hub) as session:
        (noted,) = session.exec(select(CalendarImport)).all()
        (feed,) = session.exec(select(CalendarFeed)).all()
    assert (noted.applied_by, noted.counts["new"], len(noted.file_sha256)) == ("rosa", 4, 64)
    assert str(noted.covers_from) == "2027-03-01"
    assert (feed.listed, feed.imported_at) == (4, NOW)


def test_what_moved_vanished_and_came_is_told_apart(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR)
    changed = alaska(
        setting("03/01/2027", "10:30 am", case="1JU-27-1CR"),
        setting("03/02/2027", case="1JU-27-2CR", place=B),
        setting("03/04/2027", case="1JU-27-4CR"),
        setting("03/09/2027", case="1JU-27-9CR"),
    )
    assert look(records, hub, changed).counts == bring_in(records, hub, changed).counts
    counts = bring_in(records, hub, changed).counts
    assert (counts.unchanged, counts.moved, counts.vanished, counts.new) == (4, 0, 0, 0)
    assert [str(entry.local_time) for entry in entries_in(records, hub)] == [
        "2027-03-01 10:30:00",
        "2027-03-02 09:00:00",
        "2027-03-04 09:00:00",
        "2027-03-09 09:00:00",
    ]


def test_new_words_for_the_same_hearing_are_kept_and_change_nothing(
    records: Records, hub: str
) -> None:
    bring_in(records, hub, alaska(setting("03/01/2027", name="LANTERN")))
    seen = bring_in(records, hub, alaska(setting("03/01/2027", name="LANTERNE")))
    assert (seen.counts.unchanged, seen.counts.moved) == (1, 0)
    assert entries_in(records, hub)[0].person_name == "LANTERNE, MARA"


def test_a_calendar_that_moves_on_forgets_its_past(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR)
    later = utc("2027-03-03 00:00")
    rest = alaska(
        setting("03/03/2027", case="1JU-27-3CR"), setting("03/04/2027", case="1JU-27-4CR")
    )
    counts = bring_in(records, hub, rest, now=later).counts
    assert (counts.past, counts.vanished, counts.unchanged) == (2, 0, 2)
    assert len(entries_in(records, hub)) == 2


def test_a_feed_that_lost_more_than_half_is_refused(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR)
    before = everything(records)
    one = alaska(setting("03/01/2027", case="1JU-27-1CR"))
    with pytest.raises(FeedLostTooMuch, match="3 of 4"):
        bring_in(records, hub, one)
    with pytest.raises(FeedLostTooMuch):
        look(records, hub, one)
    assert everything(records) == before
    assert bring_in(records, hub, one, accept_loss=True).counts.vanished == 3
    assert len(entries_in(records, hub)) == 1


def test_a_feed_that_kept_its_history_and_lost_it_is_refused(records: Records, hub: str) -> None:
    years_later = utc("2029-01-01 00:00")
    bring_in(records, hub, FOUR, now=years_later)
    last = alaska(setting("03/04/2027", case="1JU-27-4CR"))
    with pytest.raises(FeedLostTooMuch, match="3 of 4"):
        bring_in(records, hub, last, now=years_later)


def test_a_daily_calendar_may_be_all_new_every_day(records: Records, hub: str) -> None:
    for day in (1, 2, 3):
        rows = (setting(f"03/0{day}/2027", case=f"1JU-27-{day}{n}CR") for n in range(4))
        noon = utc(f"2027-03-0{day} 21:00")
        assert bring_in(records, hub, alaska(*rows), now=noon).counts.new == 4
    assert len(entries_in(records, hub)) == 4


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", EmptyFile),
        (FOUR.replace(b'"case_no"', b'"number"'), MissingColumn),
        (FOUR.replace(b"LANTERN", b"LANT\xc9RN"), WrongEncoding),
        (FOUR.decode().encode("utf-16"), WrongEncoding),
    ],
)
def test_a_file_that_is_not_this_calendar_changes_nothing(
    records: Records, hub: str, content: bytes, problem: type[CalendarRefused]
) -> None:
    bring_in(records, hub, FOUR)
    before = everything(records)
    with pytest.raises(problem):
        bring_in(records, hub, content)
    assert everything(records) == before


def test_a_bad_row_is_set_aside_and_its_hearing_is_not_taken_for_lost(
    records: Records, hub: str
) -> None:
    bring_in(records, hub, FOUR)
    damaged = FOUR.replace(b"03/02/2027", b"03/42/2027")
    counts = bring_in(records, hub, damaged).counts
    assert (counts.set_aside, counts.unchanged, counts.unclear, counts.vanished) == (1, 3, 1, 0)
    assert len(entries_in(records, hub)) == 4
    assert bring_in(records, hub, FOUR).counts.unchanged == 4


def test_a_crash_in_the_middle_leaves_nothing(records: Records, hub: str) -> None:
    bring_in(records, hub, FOUR)
    before = everything(records)
    more = alaska(
        setting("03/01/2027", "10:00 am", case="1JU-27-1CR"),
        *(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (2, 3, 8, 9)),
    )

    def crash(entries: int) -> None:
        if entries > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(records, hub, more, written=crash)
    assert everything(records) == before


def test_two_hubs_do_not_see_each_others_feeds(records: Records, hub: str, other: str) -> None:
    bring_in(records, hub, FOUR)
    one = alaska(setting("03/01/2027", "11:00 am", case="1JU-27-1CR"))
    assert bring_in(records, other, one).counts.new == 1
    assert (len(entries_in(records, hub)), len(entries_in(records, other))) == (4, 1)
    assert bring_in(records, hub, FOUR).counts.unchanged == 4


def test_two_imports_at_once_are_one_after_the_other(records: Records, hub: str) -> None:
    bring_in(records, hub, alaska(setting("03/01/2027", case="1JU-27-1CR")))
    with ThreadPoolExecutor(2) as both:
        found = [both.submit(bring_in, records, hub, FOUR) for _ in range(2)]
    assert sorted(one.result().counts.new for one in found) == [0, 3]
    assert len(entries_in(records, hub)) == 4


DAYS = st.integers(1, 9)
ROWS = st.lists(
    st.builds(
        lambda case, day, hour, place: setting(
            f"03/0{day}/2027", f"{hour}:00 am", case=f"1JU-27-{case}CR", place=place
        ),
        st.integers(1, 4),
        DAYS,
        st.integers(8, 11),
        st.sampled_from((A, B)),
    ),
    min_size=1,
    max_size=12,
)


@given(states=st.lists(ROWS, min_size=2, max_size=4))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_history_a_feed_holds_what_its_last_file_lists(
    records: Records, hub: str, states: list[list[str]]
) -> None:
    for rows in states:
        counts = bring_in(records, hub, alaska(*rows), accept_loss=True).counts
        listed = counts.new + counts.moved + counts.unchanged
        assert counts.rows == listed + counts.duplicates + counts.set_aside == len(rows)
        assert len(entries_in(records, hub)) == listed == len(set(rows))
    again = bring_in(records, hub, alaska(*states[-1])).counts
    assert again.unchanged == listed
