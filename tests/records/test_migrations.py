"""Databases of every age become the one that the program knows, and lose nothing on the way."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, RowMapping, Table, types
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel, col, select

from records.columns import new_id
from records.database import Records, compare_with_models, make_engine, open_records
from records.migrating import DatabaseTooNew, config, newest, present, upgrade
from records.tables import Approval, Message, Packet, PacketReview, PacketVersion
from tests.records.conftest import Place
from tests.records.rows import a_row, all_tables

REVISIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]


def reflected(engine: Engine) -> MetaData:
    """The database as it is."""
    found = MetaData()
    found.reflect(engine)
    return found


def filled(engine: Engine) -> dict[str, dict[str, Any]]:
    """One row in every table, whatever the tables are; what was written, by table."""
    written: dict[str, dict[str, Any]] = {}
    with engine.begin() as connection:
        for table in reflected(engine).sorted_tables:
            if table.name != "alembic_version":
                row = {c.name: _value(c, written) for c in table.columns if _is_needed(table, c)}
                connection.execute(table.insert(), row)
                written[table.name] = row
    return written


def _is_needed(table: Table, column: Any) -> bool:
    counted = column.primary_key and isinstance(column.type, types.Integer)
    return not column.nullable and not counted


def _value(column: Any, written: dict[str, dict[str, Any]]) -> Any:
    for reference in column.foreign_keys:
        return written[reference.column.table.name][reference.column.name]
    match column.type:
        case types.DateTime():
            return datetime(2026, 5, 1, 14, tzinfo=UTC if column.type.timezone else None)
        case types.Date():
            return date(2026, 5, 1)
        case types.Time():
            return time(10)
        case types.Boolean():
            return True
        case types.Integer():
            return 7
        case types.JSON():
            return {"a": 1}
        case types.LargeBinary():
            return b"bytes"
        case _:
            return new_id()


def test_an_empty_database_becomes_what_the_models_say(empty: Place) -> None:
    engine = make_engine(empty.url)
    upgrade(engine)
    assert compare_with_models(engine) == []
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert present(engine) == newest()
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_missing_column_is_named(empty: Place) -> None:
    engine = make_engine(empty.url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE site DROP COLUMN name")
    assert compare_with_models(engine) == ["site.name"]
    engine.dispose()


def test_rows_of_every_age_are_kept_by_all_that_comes_after(empty: Place) -> None:
    """One database grows old: at each revision every table gets a row, and none is lost or changed
    by any later one."""
    engine = make_engine(empty.url)
    ages = {}
    for revision in reversed(REVISIONS):
        upgrade(engine, revision)
        ages[revision] = filled(engine)
        assert len(ages[revision]) > 40
    upgrade(engine)
    assert compare_with_models(engine) == []
    tables = reflected(engine).tables
    with engine.connect() as connection:
        found = {
            name: connection.execute(table.select()).mappings().all()
            for name, table in tables.items()
        }
    for revision, written in ages.items():
        for name, row in written.items():
            assert _kept(row, found[name]), (revision, name)
    engine.dispose()


def _kept(row: dict[str, Any], found: Sequence[RowMapping]) -> bool:
    wanted = _as_text(row)
    return any(_as_text({key: one[key] for key in row}) == wanted for one in found)


def _as_text(row: dict[str, Any]) -> dict[str, str]:
    """SQLite gives instants back without their offset."""
    return {
        key: str(value.replace(tzinfo=None) if isinstance(value, datetime) else value)
        for key, value in row.items()
    }


def test_a_database_of_a_newer_program_is_left_alone(place: Place) -> None:
    engine = make_engine(place.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match="Start the newer Homeward"):
        open_records(place.url, place.key_file)
    assert present(engine) == "9999"
    engine.dispose()


def test_two_that_open_an_empty_database_at_once_agree(empty: Place) -> None:
    def opened(_: int) -> str:
        records = open_records(empty.url, empty.key_file)
        hub = records.sole_hub()
        records.close()
        return hub

    with ThreadPoolExecutor(2) as threads:
        hubs = list(threads.map(opened, range(2)))
    assert len(set(hubs)) == 1


def test_a_migration_that_fails_half_way_leaves_nothing_behind(empty: Place) -> None:
    engine = make_engine(empty.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE warrant (id TEXT)")
    with pytest.raises(DatabaseError):
        upgrade(engine)
    assert set(reflected(engine).tables) == {"warrant"}
    engine.dispose()


def test_packets_of_the_newest_program_can_be_taken_back_to_the_one_before(
    records: Records, hub: str
) -> None:
    """With everything that hangs on them; the newest of two versions alike stays."""
    with records.writing(hub) as session:
        for table in all_tables():
            a_row(session, table, hub)
        packet = a_row(session, Packet, hub)
        versions = [a_row(session, PacketVersion, hub) for _ in range(3)]
        for number, version in enumerate(versions, start=1):
            version.packet_id, version.number = packet.id, number
            version.inputs_hash = "other" if number == 2 else "alike"
            approval = a_row(session, Approval, hub)
            approval.packet_id, approval.version_id = packet.id, version.id
            review = a_row(session, PacketReview, hub)
            review.packet_id, review.version_id = packet.id, version.id
        packet_id, kept = packet.id, [version.id for version in versions[1:]]
        message = a_row(session, Message, hub)
        message.packet_id, packet.replaces_id = packet.id, a_row(session, Packet, hub).id
        before = len(session.exec(select(Packet)).all())
    command.downgrade(config(records.engine), "0003")
    records.engine.dispose()
    upgrade(records.engine)
    assert compare_with_models(records.engine) == []
    with records.reading(hub) as session:
        found = session.exec(
            select(PacketVersion)
            .where(PacketVersion.packet_id == packet_id)
            .order_by(col(PacketVersion.number))
        ).all()
        assert [version.id for version in found] == kept
        approvals = session.exec(select(Approval).where(Approval.packet_id == packet_id)).all()
        assert {approval.version_id for approval in approvals} == set(kept)
        assert len(session.exec(select(Packet)).all()) == before
