"""A government changes its clock rules: the paper stays as it is, the instant follows."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from domain import court_time
from engine.reconcile import derive_instants
from records.database import Records
from records.hearings import get_hearing, vacate_hearing
from records.outbox import passed_on, pending
from records.tables import CaseEvent, Hearing
from tests.houses import ROSA, ZONE, a_case, a_hearing, utc
from tests.zones import made_up_zone

NOW = utc("2026-05-01 14:00")


def the_hearing(records: Records, hub: str, hearing: Hearing) -> Hearing:
    """A hearing as it is now."""
    with records.reading(hub) as session:
        return get_hearing(session, hearing.id)


def test_instants_of_coming_hearings_are_derived_anew_and_their_cases_plan_again(
    records: Records, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(records, NOW, phone="")
    summer = a_hearing(records, case, "2026-07-01 09:00", NOW)
    winter = a_hearing(records, case, "2026-12-01 09:00", NOW)
    vacated = a_hearing(records, case, "2026-07-02 09:00", NOW)
    with records.writing(hub) as session:
        vacate_hearing(session, vacated.id, ROSA, NOW)
    past = a_hearing(records, case, "2026-04-01 09:00", NOW)
    passed_on(records, pending(records))
    assert derive_instants(records, NOW) == 0

    no_summer = made_up_zone("EST5", -5, ZONE)
    monkeypatch.setattr(court_time, "zone_of", lambda name: no_summer)
    assert derive_instants(records, NOW) == 1
    mended = the_hearing(records, hub, summer)
    assert mended.local_time == datetime(2026, 7, 1, 9)
    assert mended.starts_at - summer.starts_at == timedelta(hours=1)
    assert mended.revision == 1, "nobody is told of a change: the paper says what it said"
    for untouched in (winter, vacated, past):
        assert the_hearing(records, hub, untouched).starts_at == untouched.starts_at
    assert [item.subject.id for item in pending(records)] == [case.id]
    with records.reading(hub) as session:
        kinds = [event.kind for event in session.exec(select(CaseEvent)).all()]
    assert kinds.count("instant_derived") == 1
    assert derive_instants(records, NOW) == 0


def test_a_time_that_the_new_rules_skip_stays_as_it_was_and_stops_nothing_else(
    records: Records, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(records, NOW, phone="")
    skipped = a_hearing(records, case, "2026-07-01 09:00", NOW)
    other = a_hearing(records, case, "2026-06-15 09:00", NOW)
    nine_is_ten = made_up_zone("EST5EDT,J182/9,M11.1.0", -5, ZONE)
    monkeypatch.setattr(court_time, "zone_of", lambda name: nine_is_ten)
    assert derive_instants(records, NOW) == 1
    assert the_hearing(records, hub, skipped).starts_at == skipped.starts_at
    assert the_hearing(records, hub, other).starts_at == other.starts_at + timedelta(hours=1)
