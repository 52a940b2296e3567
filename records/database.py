"""Opening the records: engine, keys, migrations, and sessions that belong to one hub."""

import asyncio
import fcntl
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import SQLModel, select

from records import crypto
from records.audit import chain_deeds
from records.scope import HubSession, OtherHub, RecordsProblem, UnscopedStatement
from records.tables import DatabaseMeta, Hub

T = TypeVar("T")

KEY_WORD = "homeward"
KEY_PLACE = "database_meta.key_check"
_LOCK_NUMBER = 5550142


class NoSuchHub(RecordsProblem):
    """There is no such hub, or it must be named because there are several."""


class Records:
    """The open records of one installation."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = engine.execution_options(homeward_write=True)

    @contextmanager
    def reading(self, hub_id: str) -> Iterator[HubSession]:
        """A session that only reads one hub's rows."""
        with HubSession(self.engine, hub_id) as session:
            yield session

    @contextmanager
    def writing(self, hub_id: str) -> Iterator[HubSession]:
        """One transaction on one hub's rows: committed whole, or not at all."""
        with HubSession(self._writer, hub_id) as session:
            yield session
            chain_deeds(session)
            session.commit()

    @contextmanager
    def everywhere(self) -> Iterator[HubSession]:
        """One transaction over all hubs, for the house's own chores only."""
        with HubSession(self._writer, "") as session:
            yield session
            chain_deeds(session)
            session.commit()

    async def run(self, work: Callable[[], T], *, patience: float = 30.0) -> T:
        """Run database work from a coroutine.

        SQLite answers in microseconds and runs in place; a locked database is tried again
        without blocking the loop. A server is asked in a thread.

        Args:
            work: opens its own session.
            patience: seconds to keep trying while another process holds the write lock.
        """
        if not self.is_sqlite:
            return await asyncio.to_thread(work)
        clock = asyncio.get_running_loop().time
        pause, deadline = 0.01, clock() + patience
        while True:
            try:
                return work()
            except (OperationalError, sqlite3.OperationalError) as error:
                if "locked" not in str(error) or clock() >= deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.5)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def sole_hub(self, slug: str = "") -> str:
        """The id of the hub named by `slug`, or of the only one; an example counts when named.

        Raises:
            NoSuchHub: unknown, or several and none named.
        """
        with self.reading("") as session:
            hubs = session.exec(select(Hub)).all()
        if slug:
            hubs = [hub for hub in hubs if slug in (hub.slug, hub.id)]
            if not hubs:
                raise NoSuchHub("There is no hub of that name; `homeward doctor` lists them.")
        else:
            hubs = [hub for hub in hubs if not hub.example] or hubs
        if len(hubs) != 1:
            names = ", ".join(sorted(hub.slug for hub in hubs))
            raise NoSuchHub(f"There are several hubs; name one with --hub: {names}.")
        return hubs[0].id


def make_engine(url: str, *, busy_seconds: float = 30.0, echo: bool = False) -> Engine:
    """An engine with the settings that Homeward relies on.

    Args:
        url: SQLAlchemy address; `postgresql://` is read as psycopg 3.
        busy_seconds: how long an SQLite connection waits for the write lock.
    """
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            echo=echo,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
        )
    engine = create_engine(
        url, echo=echo, hide_parameters=True, connect_args={"timeout": busy_seconds}
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _: Any) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in (
            f"busy_timeout={int(busy_seconds * 1000)}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("homeward_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def open_records(
    url: str, key_file: Path, *, busy_seconds: float = 30.0, migrate: bool = True
) -> Records:
    """Open the records: migrate, check the key, and make the first hub on an empty database.

    Raises:
        KeyProblem: the key file is missing, damaged or not the one of these records.
        RecordsProblem: the database cannot be reached or is newer than this program.
    """
    try:
        engine = make_engine(url, busy_seconds=busy_seconds)
    except SQLAlchemyError:
        # An address that cannot be read may still hold a password, so it is not repeated.
        raise RecordsProblem(
            "HOMEWARD_DATABASE_URL is no address of a database; write it like "
            "postgresql://user:password@host/name."
        ) from None
    try:
        with _one_at_a_time(engine):
            if migrate:
                _migrate(engine)
            _unlock(engine, key_file)
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise RecordsProblem(
            f"The records at {engine.url.render_as_string()} cannot be opened: {reason}"
        ) from error
    except BaseException:
        engine.dispose()
        raise
    return Records(engine)


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """Only one process migrates and makes keys at a time."""
    if engine.dialect.name == "sqlite":
        folder = Path(engine.url.database or ".").parent
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".opening.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if engine.url.database:
                _make_private(Path(engine.url.database))
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK_NUMBER})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK_NUMBER})


def _migrate(engine: Engine) -> None:
    from records.migrating import upgrade

    upgrade(engine)


def _make_private(database: Path) -> None:
    """For the owner alone, before SQLite opens it: its journal files take the same mode."""
    database.touch(mode=0o600)
    database.chmod(stat.S_IRUSR | stat.S_IWUSR)


def _unlock(engine: Engine, key_file: Path) -> None:
    """Install the key ring after proving that it fits; make one for an empty database.

    Only an empty database is written to: a part that starts while an import holds the write lock
    does not wait for it.
    """
    with HubSession(engine, "") as session:
        check = session.get(DatabaseMeta, "key_check")
    if check is None:
        _make_first(engine, key_file)
        return
    ring = crypto.read_key_file(key_file)
    if ring.open_text(check.value, KEY_PLACE) != KEY_WORD:
        raise crypto.WrongKey
    crypto.install(ring)


def _make_first(engine: Engine, key_file: Path) -> None:
    """The key, the proof of it, and the first hub."""
    with HubSession(engine.execution_options(homeward_write=True), "") as session:
        if not key_file.exists():
            crypto.write_key_file(key_file, crypto.KeyRing.fresh())
        ring = crypto.read_key_file(key_file)
        crypto.install(ring)
        session.add(DatabaseMeta(name="key_check", value=ring.seal_text(KEY_WORD, KEY_PLACE)))
        if session.exec(select(Hub)).first() is None:
            session.add(Hub(name="Our hub", slug="hub"))
        session.commit()


def compare_with_models(engine: Engine) -> list[str]:
    """Names of tables and columns in which the database and the models differ."""
    seen = inspect(engine)
    differences = []
    for table in SQLModel.metadata.sorted_tables:
        if not seen.has_table(table.name):
            differences.append(table.name)
            continue
        columns = {column["name"] for column in seen.get_columns(table.name)}
        wanted = {column.name for column in table.columns}
        differences += [f"{table.name}.{name}" for name in sorted(columns ^ wanted)]
    return differences


__all__ = [
    "HubSession",
    "NoSuchHub",
    "OtherHub",
    "Records",
    "RecordsProblem",
    "UnscopedStatement",
    "compare_with_models",
    "make_engine",
    "open_records",
]
