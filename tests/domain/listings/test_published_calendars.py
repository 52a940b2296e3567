"""Calendars exactly as courts publish them, read where the shared samples are present."""

from __future__ import annotations

import pytest

from domain.listings import Reason
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import SHARED, read_named

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared calendars are not here")


@pytest.mark.parametrize(
    ("name", "rows", "distinct", "set_aside", "conflicts"),
    [
        ("alaska-criminal", 20, 19, 0, 0),
        ("alaska-minor-offense", 39, 37, 1, 1),
        ("idaho", 29, 15, 0, 0),
        ("atlanta", 1, 1, 0, 0),
        ("salt-lake", 5, 5, 0, 0),
    ],
)
def test_every_row_is_accounted_for(
    name: str, rows: int, distinct: int, set_aside: int, conflicts: int
) -> None:
    calendar = read_named(SHARED, name)
    assert calendar.rows == rows
    assert len(calendar.listings) == distinct
    assert len(calendar.set_aside) == set_aside
    assert len(calendar.conflicts) == conflicts
    assert calendar.duplicates == rows - set_aside - distinct


def test_both_alaska_files_hold_55_cases_and_times_and_one_conflict() -> None:
    both = read_named(SHARED, "alaska-criminal", "alaska-minor-offense")
    assert (both.rows, both.duplicates, len(both.set_aside)) == (59, 2, 1)
    assert len({(one.case, one.local) for one in both.listings}) == 55
    (conflict,) = both.conflicts
    assert [one.courtroom for one in conflict.listings] == ["Courtroom A", "Courtroom B"]
    assert set(conflict.listings) <= set(both.listings)


def test_the_alaska_row_without_a_ticket_number_is_set_aside_with_its_reason() -> None:
    (row,) = read_named(SHARED, "alaska-minor-offense").set_aside
    assert row.code is Reason.NO_CASE_NUMBER
    assert row.row_number == 40
    assert row.reason == 'The column "ticket_nbr" is empty: the row does not say which case.'


def test_idaho_has_15_hearings_and_one_number_in_two_counties() -> None:
    calendar = read_named(SHARED, "idaho")
    assert len({(one.case, one.local) for one in calendar.listings}) == 15
    twins = [one for one in calendar.listings if one.docket_number == "2018-CR-00001"]
    assert [(one.jurisdiction, one.zone) for one in twins] == [
        ("Ada", "America/Boise"),
        ("Boundary", "America/Los_Angeles"),
    ]


def test_every_alaska_event_has_a_kind_that_homeward_knows() -> None:
    calendar = read_named(SHARED, "alaska-criminal")
    assert HearingKind.OTHER not in {one.kind for one in calendar.listings}


def test_salt_lake_places_come_from_the_second_file() -> None:
    calendar = read_named(SHARED, "salt-lake")
    assert [(one.court, one.courtroom) for one in calendar.listings] == [
        ("LITTLEROOT TOWN", "37"),
        ("GOLDENROD COURT", "N45"),
        ("GOLDENROD COURT", "MH"),
        ("PEWTER CITY", "5"),
        ("FORTREE JUSTICE", "1"),
    ]
