"""What people faced and received: written once, replaced and never rewritten, in both databases."""

from datetime import date, timedelta

import pytest
from alembic import command
from sqlmodel import select

from domain.exposure import SentenceState, Term
from domain.outcomes import LIFE_DAYS
from records.casework import NotFound, Source, get_case
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession, Records, compare_with_models
from records.exposure import (
    NewExposure,
    NewReceived,
    Replaced,
    confirm_exposure,
    exposures,
    received,
    write_exposure,
    write_received,
)
from records.hubs import make_hub
from records.migrating import config, upgrade
from records.tables import CaseEvent, ExposureSnapshot
from tests.houses import ROSA, a_case, utc

NOW = utc("2026-07-15 14:00")
LATER = NOW + timedelta(days=3)
ANA = Source("ana", "counsel")
FACED = NewExposure(Term(1826), "Ana Ruiz", "A felony of the third degree, 775.082.")
GOT = NewReceived(Term(90), SentenceState.COMPLETED, date(2026, 7, 14), "Time served.")


@pytest.fixture
def case_id(records: Records, hub: str) -> str:
    """Marcus's case, which Ana defends."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        set_counsel(session, case.id, NewCounsel("Ana", "Ruiz"), ROSA, NOW)
    return case.id


def test_the_newest_counts_and_the_ones_before_stay_as_they_were(
    records: Records, hub: str, case_id: str
) -> None:
    with records.writing(hub) as session:
        first = write_exposure(session, case_id, FACED, ANA, NOW)
        write_received(session, case_id, GOT, ANA, NOW)
        life = NewExposure(Term(5, life=True), "Ana Ruiz", "An indictment.", confirmed=True)
        write_exposure(session, case_id, life, ANA, LATER)
        again = NewReceived(Term(0), SentenceState.VACATED, date(2026, 7, 16))
        write_received(session, case_id, again, ANA, LATER)
    with records.reading(hub) as session:
        newest, before = exposures(session, case_id)
        assert (newest.life, newest.exposure_days, newest.replaced_at) == (True, 0, None)
        assert newest.confirmed_by_counsel_at == LATER
        assert before.id == first.id
        assert (before.exposure_days, before.life, before.method) == (1826, False, FACED.method)
        assert (before.taken_at, before.replaced_at) == (NOW, LATER)
        assert before.confirmed_by_counsel_at is None
        now, earlier = received(session, case_id)
        assert (now.incarceration_days, now.state, now.replaced_at) == (0, "vacated", None)
        assert (earlier.incarceration_days, earlier.words) == (90, "Time served.")
        assert earlier.replaced_at == LATER


def test_counsel_confirms_what_counts_and_a_second_time_changes_nothing(
    records: Records, hub: str, case_id: str
) -> None:
    with records.writing(hub) as session:
        row = write_exposure(session, case_id, FACED, ANA, NOW)
        confirm_exposure(session, case_id, row.id, ANA, LATER)
        confirm_exposure(session, case_id, row.id, ANA, LATER + timedelta(days=1))
        assert row.confirmed_by_counsel_at == LATER
        assert row.counsel_id == get_case(session, case_id).counsel_id
        assert kinds(session, case_id) == ["exposure_written", "exposure_confirmed"]


def kinds(session: HubSession, case_id: str) -> list[str]:
    """What the case's history has of it."""
    rows = session.exec(select(CaseEvent).where(CaseEvent.case_id == case_id)).all()
    return [one.kind for one in rows if "exposure" in one.kind or "received" in one.kind]


def test_what_was_replaced_is_confirmed_no_more(records: Records, hub: str, case_id: str) -> None:
    with records.writing(hub) as session:
        old = write_exposure(session, case_id, FACED, ANA, NOW)
        write_exposure(session, case_id, FACED, ANA, LATER)
        with pytest.raises(Replaced, match="newer"):
            confirm_exposure(session, case_id, old.id, ANA, LATER)
        assert old.confirmed_by_counsel_at is None


def test_a_snapshot_is_confirmed_in_its_own_case_and_hub_alone(
    records: Records, hub: str, case_id: str
) -> None:
    other = a_case(records, NOW, phone="+13055550112")
    with records.writing(hub) as session:
        row = write_exposure(session, case_id, FACED, ANA, NOW)
        with pytest.raises(NotFound):
            confirm_exposure(session, other.id, row.id, ANA, NOW)
    stranger = make_hub(records, name="Another hub", slug="another").id
    with records.writing(stranger) as session:
        assert exposures(session, case_id) == []
        for write in (
            lambda: confirm_exposure(session, case_id, row.id, ANA, NOW),
            lambda: write_exposure(session, case_id, FACED, ANA, NOW),
            lambda: write_received(session, case_id, GOT, ANA, NOW),
        ):
            with pytest.raises(NotFound):
                write()


def test_who_computed_it_and_how_rest_sealed(records: Records, hub: str, case_id: str) -> None:
    with records.writing(hub) as session:
        write_exposure(session, case_id, FACED, ANA, NOW)
        write_received(session, case_id, GOT, ANA, NOW)
    with records.engine.connect() as connection:
        for table in ("exposure_snapshot", "sentence"):
            rest = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            for words in ("Ana Ruiz", "775.082", "Time served"):
                assert words not in rest


def test_only_one_of_a_case_counts_whatever_was_written(
    records: Records, hub: str, case_id: str
) -> None:
    with records.writing(hub) as session:
        for hours in range(5):
            write_exposure(session, case_id, FACED, ANA, NOW + timedelta(hours=hours))
        rows = session.exec(select(ExposureSnapshot)).all()
        assert [one.replaced_at for one in rows].count(None) == 1
        assert exposures(session, case_id)[0].taken_at == NOW + timedelta(hours=4)


def test_an_older_program_reads_life_as_the_days_that_it_counts_as(
    records: Records, hub: str, case_id: str
) -> None:
    life = Term(life=True)
    with records.writing(hub) as session:
        write_exposure(session, case_id, NewExposure(life, "Ana Ruiz", "x"), ANA, NOW)
        got = NewReceived(life, SentenceState.SERVING, date(2026, 7, 14))
        write_received(session, case_id, got, ANA, NOW)
    command.downgrade(config(records.engine), "0019")
    with records.engine.connect() as connection:
        for table, column in (
            ("exposure_snapshot", "exposure_days"),
            ("sentence", "incarceration_days"),
        ):
            days = connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalar()
            assert days == LIFE_DAYS
    records.engine.dispose()
    upgrade(records.engine)
    assert compare_with_models(records.engine) == []
