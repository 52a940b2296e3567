"""`deploy/postgres-init.sh` against a real PostgreSQL, reached by its socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deploy.project import ROOT

PASSWORDS = {
    "postgres": "made-up-superuser",
    "temporal": "made-up-'temporal'",
    "homeward": "made-up-homeward",
}


def postgres_programs() -> Path:
    """The folder of initdb, postgres and psql; skips where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve())
    if not found:
        pytest.skip("PostgreSQL's own programs (initdb, postgres, psql) are not installed")
    return found[0].parent


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return "nobody" if os.geteuid() == 0 else None


def run(*command: str | Path, user: str | None = None) -> None:
    subprocess.run(command, user=user, check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="module")
def socket_folder() -> Iterator[Path]:
    """A new PostgreSQL on which the script ran once, as in the image; stopped afterwards."""
    programs, user = postgres_programs(), unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="homeward-pg-", dir="/tmp"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    secret = folder / "superuser"
    secret.write_text(PASSWORDS["postgres"], encoding="utf-8")
    secret.chmod(0o644)
    data = folder / "data"
    initdb = f"{programs / 'initdb'} --no-sync --username=postgres --pwfile={secret}"
    run(*initdb.split(), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", data, user=user)
    options = ["-c", "listen_addresses=", "-c", "fsync=off"]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, *options],
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_it_answers(folder)
        start_script(folder, programs)
        yield folder
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder)


def wait_until_it_answers(folder: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            connect(folder, "postgres", "postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def start_script(folder: Path, programs: Path) -> None:
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PGHOST": str(folder),
        "PGPASSWORD": PASSWORDS["postgres"],
        "TEMPORAL_DB_PASSWORD": PASSWORDS["temporal"],
        "HOMEWARD_DB_PASSWORD": PASSWORDS["homeward"],
    }
    subprocess.run([ROOT / "deploy" / "postgres-init.sh"], env=environment, check=True)


def connect(folder: Path, role: str, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(folder),
        user=role,
        password=PASSWORDS[role],
        dbname=database,
        autocommit=True,
    )


def test_homeward_owns_its_database(socket_folder: Path) -> None:
    with connect(socket_folder, "homeward", "homeward") as connection:
        connection.execute("CREATE TABLE proof (id integer)")
        encoding = connection.execute("SHOW server_encoding").fetchone()

    assert encoding == ("UTF8",)


def test_temporal_cannot_enter_homewards_database(socket_folder: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(socket_folder, "temporal", "homeward")


def test_temporal_makes_its_own_databases_and_the_index_type_they_need(
    socket_folder: Path,
) -> None:
    with connect(socket_folder, "temporal", "postgres") as connection:
        connection.execute("CREATE DATABASE temporal_visibility")
    with connect(socket_folder, "temporal", "temporal_visibility") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")


@pytest.mark.parametrize(
    "statement", ["CREATE DATABASE another", "CREATE ROLE another", "SET ROLE temporal"]
)
def test_homewards_role_can_do_nothing_beyond_its_database(
    socket_folder: Path, statement: str
) -> None:
    with (
        connect(socket_folder, "homeward", "homeward") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)
