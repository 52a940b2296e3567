"""The hub's calendar: every date on its day, by month, week and list, on the court's own wall."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from api.pages.calendar_page import SHOWS, _span
from domain.vocabulary import HearingKind, Role
from records.casework import NewCase, open_case
from records.database import HubSession
from records.hearings import Setting, schedule_hearing, vacate_hearing
from records.tables import Court, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, ZONE, a_case, a_hearing


def cell(page: str, day: str) -> str:
    """What stands on one day."""
    begin = page.index(f'datetime="{day}"')
    return page[begin : page.index("</td>", begin)]


def test_a_date_stands_on_its_day_in_each_of_the_three(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    for show in ("month", "week"):
        page = rosa.get(f"/calendar?show={show}&at=2026-12-08").text
        assert "Marcus Johnson" in cell(page, "2026-12-08")
        assert "9:00" in cell(page, "2026-12-08")
        assert "Marcus" not in cell(page, "2026-12-09")
    listed = rosa.words("/calendar?show=list&at=2026-12-01")
    assert "Tuesday 8 December 2026 9:00 Marcus Johnson" in listed
    assert "1 court date." in listed
    assert "January 2027" in rosa.words("/calendar?at=2027-01-15")
    assert "Marcus" not in rosa.words("/calendar?at=2027-01-15").replace("Rosa", "")


def test_what_is_off_is_not_there_and_other_courts_and_advocates_can_be_left_out(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    with records.writing(office.hub_id) as session:
        court = Court(name="Gerstein", zone=ZONE)
        session.add(court)
        session.flush()
        [mine] = session.exec(select(StaffMember).where(StaffMember.role == "advocate")).all()
        at = {name: _case(session, name, mine.id) for name in ("Here", "Off")}
        other = open_case(session, NewCase("Theirs", "Cole"), ROSA, NOW)
        setting = Setting(NOW.replace(tzinfo=None, day=9, hour=9, minute=0), ZONE)
        status = HearingKind.STATUS
        schedule_hearing(session, at["Here"], status, setting, ROSA, NOW, court_id=court.id)
        off = schedule_hearing(session, at["Off"], status, setting, ROSA, NOW)
        vacate_hearing(session, off.id, ROSA, NOW)
        schedule_hearing(session, other.id, status, setting, ROSA, NOW)
        court_id = court.id
    everything = rosa.words("/calendar?at=2026-12-09")
    assert "Here Cole" in everything
    assert "Theirs Cole" in everything
    assert "Off Cole" not in everything
    for only in ("whose=mine", f"court={court_id}"):
        some = rosa.words(f"/calendar?at=2026-12-09&{only}")
        assert "Here Cole" in some, only
        assert "Theirs" not in some, only


def _case(session: HubSession, name: str, advocate: str) -> str:
    new = NewCase(name, "Cole", advocate_id=advocate)
    return open_case(session, new, ROSA, NOW).id


def test_a_court_in_another_zone_keeps_its_own_wall(office: Office, rosa: Browser) -> None:
    records = office.house.records
    case = a_case(records, NOW)
    with records.writing(office.hub_id) as session:
        late = Setting(NOW.replace(tzinfo=None, day=9, hour=22, minute=30), "Pacific/Honolulu")
        schedule_hearing(session, case.id, HearingKind.STATUS, late, ROSA, NOW)
    page = rosa.get("/calendar?at=2026-12-09").text
    assert "22:30" in cell(page, "2026-12-09")
    assert "Hawaii" in cell(page, "2026-12-09")


@pytest.mark.parametrize("odd", ["show=year", "at=yesterday", "at=9999-99-99", "at=0001-01-01"])
def test_an_address_that_makes_no_sense_shows_the_present_month(rosa: Browser, odd: str) -> None:
    assert "December 2026" in rosa.words(f"/calendar?{odd}")


def test_another_hubs_dates_and_other_roles(office: Office) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    stranger = office.staff(hub_id=office.other_hub(), name="other")
    assert "Marcus" not in said(stranger.get("/calendar?at=2026-12-08"))
    counsel = office.staff(Role.COUNSEL, name="okafor")
    assert counsel.get("/calendar").status_code == 403


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.sampled_from(SHOWS))
def test_a_span_holds_its_day_in_whole_weeks_and_leafs_without_a_gap(day: date, show: str) -> None:
    span = _span(show, day)
    assert span.first <= day <= span.last
    if show != "list":
        assert span.first.weekday() == 6
        assert ((span.last - span.first).days + 1) % 7 == 0
    later = _span(show, span.after)
    earlier = _span(show, span.before)
    assert later.first <= span.last + timedelta(days=1)
    assert earlier.last >= span.first - timedelta(days=1)
    assert later.title != span.title
    assert re.search(r"\d", span.title)
