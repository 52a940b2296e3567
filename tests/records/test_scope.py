"""Hubs never see each other's rows, whatever is asked and however."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, literal, literal_column, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from records.columns import new_id
from records.database import HubSession, OtherHub, UnscopedStatement
from records.tables import AuditHead, Case, Defendant, Hub, HubOwned, OutboxRow, Person, Site
from tests.records.conftest import TwoHubs
from tests.records.rows import NOW, a_row, all_tables

one_database = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""A statement is narrowed before any SQL is written, so one database will do for every form."""
each_table = pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.__name__)


def rolled_back(hubs: TwoHubs) -> HubSession:
    """A session of my hub in which nothing is ever committed."""
    return HubSession(hubs.records.engine.execution_options(homeward_write=True), hubs.mine)


def owners(hubs: TwoHubs, table: Any) -> set[str]:
    """Whose rows are in a table, seen from above."""
    with hubs.records.reading("") as session:
        return set(session.exec(select(table.hub_id)).all())


def a_row_of(hubs: TwoHubs, table: Any, hub_id: str) -> Any:
    """Some row of a hub, seen from above."""
    with hubs.records.reading("") as session:
        return session.exec(select(table).where(table.hub_id == hub_id)).first()


@one_database
@each_table
def test_a_select_in_any_form_finds_my_rows_and_no_other(
    two_hubs: TwoHubs, table: type[HubOwned]
) -> None:
    assert owners(two_hubs, table) == {two_hubs.mine, two_hubs.other}
    alias = aliased(table)
    inner = select(col(table.id)).subquery()
    cte = select(col(table.id)).cte()
    everybody: Any = select(func.count(col(table.id)))
    with rolled_back(two_hubs) as session:
        mine = session.exec(everybody).one()
        assert mine >= 1
        assert {row.hub_id for row in session.exec(select(table)).all()} == {two_hubs.mine}
        assert set(session.exec(select(col(table.hub_id))).all()) == {two_hubs.mine}
        assert set(session.exec(select(col(alias.hub_id))).all()) == {two_hubs.mine}
        assert session.exec(select(func.count()).select_from(table)).one() == mine
        assert session.exec(select(func.count()).select_from(inner)).one() == mine
        assert session.exec(select(func.count()).select_from(cte)).one() == mine
        union = select(col(table.hub_id)).union_all(select(col(alias.hub_id)))
        assert {row[0] for row in session.execute(union)} == {two_hubs.mine}


@one_database
@each_table
def test_joins_and_exists_do_not_reach_across(two_hubs: TwoHubs, table: type[HubOwned]) -> None:
    with rolled_back(two_hubs) as session:
        pairs: Any = select(col(Hub.id), col(table.hub_id)).join(table, literal(True))
        assert set(session.exec(pairs).all()) == {(two_hubs.mine, two_hubs.mine)}
        elsewhere = select(col(table.id)).where(col(table.hub_id) != two_hubs.mine).exists()
        assert session.exec(select(col(Hub.id)).where(elsewhere)).all() == []
        within: Any = select(col(Site.id)).where(
            literal(two_hubs.other).in_(select(col(table.hub_id)))
        )
        assert session.exec(within).all() == []


@each_table
def test_another_hubs_row_cannot_be_got_by_its_id(two_hubs: TwoHubs, table: type[HubOwned]) -> None:
    theirs = a_row_of(two_hubs, table, two_hubs.other)
    with rolled_back(two_hubs) as session:
        assert session.get(table, theirs.id) is None
        mine = session.exec(select(table)).all()
        assert {row.hub_id for row in mine} == {two_hubs.mine}
        assert session.get(table, mine[0].id) is mine[0]


@each_table
def test_updates_and_deletes_touch_my_rows_alone(two_hubs: TwoHubs, table: type[HubOwned]) -> None:
    theirs = a_row_of(two_hubs, table, two_hubs.other)
    with rolled_back(two_hubs) as session:
        changed: Any = session.execute(update(table).values(created_at=NOW))
        assert changed.rowcount == session.exec(select(func.count(col(table.id)))).one()
        one: Any = update(table).where(col(table.id) == theirs.id).values(created_at=NOW)
        assert session.execute(one).rowcount == 0  # type: ignore[attr-defined]
        gone: Any = delete(table).where(col(table.id) == theirs.id)
        assert session.execute(gone).rowcount == 0  # type: ignore[attr-defined]
        with pytest.raises(OtherHub):
            session.execute(update(table), [{"id": theirs.id, "created_at": NOW}])
        with pytest.raises(OtherHub):
            session.execute(update(table).values(hub_id=two_hubs.other))


@each_table
def test_a_row_for_another_hub_is_refused_and_one_without_a_hub_is_stamped(
    two_hubs: TwoHubs, table: type[HubOwned]
) -> None:
    with rolled_back(two_hubs) as session, pytest.raises(OtherHub):
        a_row(session, table, two_hubs.other)
    with rolled_back(two_hubs) as session, pytest.raises(OtherHub):
        session.execute(insert(table), [{"id": new_id(), "hub_id": two_hubs.other}])
    with rolled_back(two_hubs) as session:
        if table is AuditHead:  # a hub has one, and has it already
            session.execute(delete(AuditHead))
        assert a_row(session, table, "").hub_id == two_hubs.mine


@one_database
@each_table
def test_a_row_cannot_change_hands(two_hubs: TwoHubs, table: type[HubOwned]) -> None:
    with rolled_back(two_hubs) as session:
        mine = session.exec(select(table)).first()
        assert mine is not None
        mine.hub_id = two_hubs.other
        with pytest.raises(OtherHub):
            session.flush()
    theirs = a_row_of(two_hubs, table, two_hubs.other)
    with rolled_back(two_hubs) as session:
        session.add(theirs)
        theirs.hub_id = two_hubs.mine
        with pytest.raises(OtherHub):
            session.flush()


def test_other_hubs_and_their_news_are_invisible_too(two_hubs: TwoHubs) -> None:
    with rolled_back(two_hubs) as session:
        assert session.exec(select(col(Hub.id))).all() == [two_hubs.mine]
        assert session.get(Hub, two_hubs.other) is None
        assert set(session.exec(select(col(OutboxRow.hub_id))).all()) == {two_hubs.mine}
        assert session.execute(delete(OutboxRow)).rowcount == 1  # type: ignore[attr-defined]


_CASES = Case.__table__  # type: ignore[attr-defined]
_DEFENDANTS = Defendant.__table__  # type: ignore[attr-defined]

RAW: dict[str, Callable[[], Any]] = {
    "text": lambda: text('SELECT * FROM "case"'),
    "text with columns": lambda: text('SELECT id FROM "case"').columns(_CASES.c.id),
    "text in a condition": lambda: select(col(Case.id)).where(text("1 = 1")),
    "literal column": lambda: select(literal_column('(SELECT count(*) FROM "case")'), col(Case.id)),
    "entity from text": lambda: select(Case).from_statement(text('SELECT * FROM "case"')),
    "bare table": lambda: select(_CASES),
    "bare column": lambda: select(_CASES.c.id),
    "bare table joined": lambda: select(col(Case.id)).join(_DEFENDANTS, literal(True)),
    "bare column in a condition": lambda: select(col(Case.id)).where(_DEFENDANTS.c.id != ""),
    "bare table inside": lambda: select(col(Case.id)).where(
        col(Case.defendant_id).in_(select(_DEFENDANTS.c.id))
    ),
    "bare table beside its entity": lambda: select(_CASES.c.id).where(
        select(col(Case.id)).exists()
    ),
    "update of a bare table": lambda: update(_CASES).values(stage="x"),
    "delete from a bare table": lambda: delete(_CASES),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
def test_what_cannot_be_narrowed_is_refused(two_hubs: TwoHubs, raw: Callable[[], Any]) -> None:
    with rolled_back(two_hubs) as session, pytest.raises(UnscopedStatement):
        session.execute(raw())


def test_bulk_writes_around_the_session_are_refused(two_hubs: TwoHubs) -> None:
    with rolled_back(two_hubs) as session:
        for bulk in (
            session.bulk_save_objects,
            session.bulk_insert_mappings,
            session.bulk_update_mappings,
        ):
            with pytest.raises(UnscopedStatement):
                bulk(Case, [{}])


def test_an_insert_that_takes_rows_from_elsewhere_is_refused(two_hubs: TwoHubs) -> None:
    taken = select(col(Case.id), literal(two_hubs.mine), col(Case.stage))
    with rolled_back(two_hubs) as session, pytest.raises(OtherHub):
        session.execute(insert(Site).from_select(["id", "hub_id", "name"], taken))


def test_my_own_rows_may_be_written_in_bulk(two_hubs: TwoHubs) -> None:
    with rolled_back(two_hubs) as session:
        rows = [
            {"id": new_id(), "hub_id": two_hubs.mine, "created_at": NOW, "name": f"n{number}"}
            for number in range(3)
        ]
        session.execute(insert(Site), rows)
        session.execute(update(Site), [{"id": row["id"], "name": "same"} for row in rows])
        named = select(func.count(col(Site.id))).where(Site.name == "same")
        assert session.exec(named).one() == 3


def test_the_same_statement_serves_one_hub_after_another(two_hubs: TwoHubs) -> None:
    statement = select(col(Person.hub_id)).distinct()
    for hub_id in (two_hubs.mine, two_hubs.other, two_hubs.mine):
        with two_hubs.records.reading(hub_id) as session:
            assert session.exec(statement).all() == [hub_id]


def test_the_house_itself_sees_every_hub(two_hubs: TwoHubs) -> None:
    with two_hubs.records.reading("") as session:
        assert set(session.exec(select(col(Hub.id))).all()) >= {two_hubs.mine, two_hubs.other}


AROUND_THE_SCOPE = ("connection()", "engine.connect(", "engine.begin(", "exec_driver_sql(")
HOUSE_CHORES = {
    "records/database.py",
    "records/migrating.py",
    "records/prepared.py",
    "records/rotation.py",
}


def test_nothing_but_the_houses_own_chores_goes_around_the_scope() -> None:
    root = Path(__file__).parents[2]
    floors = ("records", "activities", "workflows", "engine", "api", "cli")
    around = {
        str(path.relative_to(root))
        for floor in floors
        for path in (root / floor).rglob("*.py")
        if any(way in path.read_text() for way in AROUND_THE_SCOPE)
    }
    assert {path for path in around if "/migrations/" not in path} <= HOUSE_CHORES
