"""Database migrations, run by Alembic from code: there is no configuration file to lose."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def config(engine: Engine | None = None) -> "Config":
    """An Alembic configuration bound to an engine."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["engine"] = engine
    return settings


def newest() -> str:
    """The newest revision that this program knows: file names begin with their revision.

    Read from the folder, because loading Alembic costs every start half a second and nearly
    every start has nothing to migrate.
    """
    names = sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))
    return names[-1].split("_")[0] if names else ""


def present(engine: Engine) -> str:
    """The revision that a database is at; "" for an empty one."""
    if not inspect(engine).has_table("alembic_version"):
        return ""
    with engine.connect() as connection:
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else ""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database to a revision; does nothing when it is there already.

    Raises:
        DatabaseTooNew: the database was made by a newer program.
    """
    now = present(engine)
    if to == "head" and now == newest():
        return
    from alembic import command
    from alembic.script import ScriptDirectory

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
