"""Empty records that need no migrating: the migrations take two seconds, and are run once for all
tests of a process. `tests/records/test_migrations.py` runs them for real, as does every process
that a test starts on an empty folder."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from records import database
from records.migrating import upgrade

__all__ = ["migrated_once"]


@cache
def _migrated() -> bytes:
    """An empty database file at the newest revision, made by the migrations themselves."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "homeward.db"
        engine = database.make_engine(f"sqlite:///{file}")
        upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return file.read_bytes()


def _migrate(engine: Engine) -> None:
    file = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and file.is_file() and file.stat().st_size == 0:
        file.write_bytes(_migrated())
    upgrade(engine)


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[None]:
    """Records on a file that is about to be made begin with a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_migrate", _migrate)
        yield
