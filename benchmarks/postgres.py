"""A PostgreSQL server of one's own: its own folder, a socket and no port, unprivileged."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

USER = "homeward"
_STARTS_WITHIN = 30.0
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
}
_SERVICE = {"listen_addresses": "", "shared_buffers": "128MB", "max_connections": "60"}
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG: a run that is killed leaves no server behind."""


@dataclass(frozen=True)
class Postgres:
    """A running server, reached by the socket in its folder."""

    folder: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements, each in a transaction of its own."""
        with psycopg.connect(
            host=str(self.folder), user=USER, dbname=database, autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def find_program(name: str) -> Path | None:
    """A PostgreSQL program: where the distribution keeps it, newest first, or on the path."""
    kept = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(kept, key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which(name)
    return newest[0] if newest else (Path(on_path) if on_path else None)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres | None]:
    """A server, and its folder removed afterwards; None where PostgreSQL is not installed.

    Args:
        durable: a commit waits for the disk, as in service; a test need not.
    """
    initdb, server = find_program("initdb"), find_program("postgres")
    if initdb is None or server is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="homeward-pg-"))
    owner = _unprivileged()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    process: subprocess.Popen[bytes] | None = None
    try:
        process = _start(initdb, server, folder, owner, _SERVICE if durable else _SETTINGS)
        yield Postgres(folder)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses to be root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _start(
    initdb: Path,
    server: Path,
    folder: Path,
    owner: pwd.struct_passwd | None,
    settings: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    data = folder / "data"
    make: list[str | Path] = [
        initdb,
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    made = subprocess.run(make, capture_output=True, cwd=folder, check=False, **_as(owner))
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [str(server), "-D", str(data), "-k", str(folder), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            preexec_fn=_die_with_parent,
            **_as(owner),
        )
    _wait(process, folder)
    return process


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            Postgres(folder).run("SELECT 1")
        except psycopg.OperationalError:
            ended = process.poll() is not None
            if ended or time.monotonic() > deadline:
                _stop(process)
                raise RuntimeError((folder / "server.log").read_text()) from None
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server by the handle of the process that was started; nothing of it is kept."""
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
