"""What is asked a thousand times in a second finds its rows by an index of its own."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.dialects import sqlite
from sqlmodel import col, select

import records.case_facts
from domain.outcome_periods import Period
from records import conversations, outcome_hearings
from records.database import Records
from records.outcome_hearings import Asked
from records.prepared import Prepared
from records.tables import Message, Reply
from tests.records.conftest import Place

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def prepared() -> dict[str, Any]:
    """The statements of the hot path, by name."""
    names = vars(records.case_facts).items()
    return {name: value for name, value in names if isinstance(value, Prepared)}


def plan_of(file: Path, statement: Any) -> list[str]:
    """How SQLite goes about a statement on a database of which it has no statistics."""
    every = {"render_postcompile": True}
    sql = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs=every))
    with sqlite3.connect(file) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
        return [row[3] for row in rows]


def test_no_table_has_an_index_of_the_hub_alone(records: Records) -> None:
    seen = inspect(records.engine)
    for table in seen.get_table_names():
        for index in seen.get_indexes(table):
            assert index["column_names"] != ["hub_id"], index["name"]


def test_a_case_is_read_without_walking_through_other_cases(place: Place) -> None:
    assert len(prepared()) >= 7
    for name, one in prepared().items():
        steps = plan_of(place.file, one._statement)
        assert not [step for step in steps if step.startswith("SCAN")], name
        assert not [step for step in steps if "hub_id" in step], name


def test_a_claim_is_found_by_its_key(place: Place) -> None:
    [step] = plan_of(place.file, select(col(Message.id)).where(Message.claim == "x"))
    assert "claim=?" in step


def test_the_inbox_is_walked_from_its_end_with_one_look_up_for_each_reply(place: Place) -> None:
    statement = conversations._newest().order_by(col(Reply.id).desc()).limit(50)
    outer, *inner = plan_of(place.file, statement)
    assert "TEMP B-TREE" not in " ".join((outer, *inner))
    assert any("contact_index=?" in step for step in inner), inner
    asked = plan_of(place.file, conversations._waiting_indexes())
    assert not [step for step in asked if step.startswith("SCAN")], asked


def test_outcomes_find_the_messages_of_a_hearing_by_its_case(place: Place) -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 2))
    asked = Asked.of(year, "America/New_York", datetime(2026, 12, 2, 15, tzinfo=UTC))
    steps = plan_of(place.file, outcome_hearings._summed(asked))
    assert any("ix_hearing_starts_at" in step for step in steps), steps
    found = [step for step in steps if "SEARCH message" in step]
    assert found
    assert all("case_id=?" in step for step in found), found
