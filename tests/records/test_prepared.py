"""The hot path's statements: scoped by construction, and found by the case's own index."""

from pathlib import Path

import pytest
from sqlalchemy import bindparam
from sqlmodel import col, select

from records import case_facts
from records.database import Records
from records.prepared import NotScoped, OuterJoin, Prepared
from records.tables import DatabaseMeta, Hearing, ProgressReport
from tests.houses import FixedClock, a_case, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
STATEMENTS = [name for name, value in vars(case_facts).items() if isinstance(value, Prepared)]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return make_house(tmp_path, FixedClock(NOW)).records


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_looks_at_one_case_and_not_at_the_whole_hub(
    records: Records, name: str
) -> None:
    prepared: Prepared = getattr(case_facts, name)
    with records.reading(hub_of(records)) as session:
        compiled = prepared._for(session)
        values = dict.fromkeys([*compiled.fixed, "hub", "case", "person", "plan"], "x")
        cursor = session.connection().connection.cursor()
        cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", values)
        steps = [row[3] for row in cursor.fetchall()]
    assert not [step for step in steps if step.startswith("SCAN") or "hub_id" in step]


def test_a_statement_on_rows_that_belong_to_no_hub_is_refused() -> None:
    with pytest.raises(NotScoped, match="database_meta"):
        Prepared(select(col(DatabaseMeta.value)).where(DatabaseMeta.name == bindparam("n")))


def test_a_case_of_another_hub_is_not_there(records: Records) -> None:
    case = a_case(records, NOW)
    with records.reading("0" * 32) as session:
        assert case_facts.load_case(session, case.id) is None


def test_an_outer_join_is_refused_for_it_would_lose_rows() -> None:
    with pytest.raises(OuterJoin):
        Prepared(
            select(col(ProgressReport.id), col(Hearing.starts_at)).outerjoin(
                Hearing, col(Hearing.id) == ProgressReport.hearing_id
            )
        )
