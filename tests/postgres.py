"""A PostgreSQL server for one test session."""

from collections.abc import Iterator

import pytest

from benchmarks.postgres import Postgres, running

__all__ = ["Postgres", "postgres"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's server; skipped where PostgreSQL is not installed."""
    with running() as server:
        if server is None:
            pytest.skip("PostgreSQL's own programs (initdb, postgres) are not installed here")
        yield server
