"""Database migrations, run by Alembic from code: there is no configuration file to lose."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "migrations"


def config(engine: Engine | None = None) -> Config:
    """An Alembic configuration bound to an engine."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["engine"] = engine
    return settings


def newest() -> str:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def present(engine: Engine) -> str:
    """The revision that a database is at; "" for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database to a revision; does nothing when it is there already.

    Raises:
        DatabaseTooNew: the database was made by a newer program.
    """
    now = present(engine)
    if to == "head" and now == newest():
        return
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if now and now not in known:
        raise DatabaseTooNew(now)
    command.upgrade(config(engine), to)


class DatabaseTooNew(Exception):
    """The database was made by a newer Homeward."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"These records are at revision {revision}, which this Homeward does not know. "
            "Start the newer Homeward that made them."
        )
