"""What commands share: opening the house, speaking plainly, JSON for programs."""

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import structlog
from rich.console import Console

from engine.settings import Settings

if TYPE_CHECKING:
    from records.database import Records

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def expected() -> tuple[type[Exception], ...]:
    """Problems that a person can mend: told in one line, without a traceback.

    Loaded here and not above: `homeward up` starts its parts before it loads the records.
    """
    from activities.channels import Misconfigured
    from domain.court_time import CourtTimeError
    from engine.connection import TemporalUnreachable
    from engine.embedded import TemporalMissing
    from records.crypto import KeyProblem
    from records.database import RecordsProblem
    from records.migrating import DatabaseTooNew

    return (
        KeyProblem,
        RecordsProblem,
        DatabaseTooNew,
        TemporalUnreachable,
        TemporalMissing,
        CourtTimeError,
        Misconfigured,
    )


def refuse(message: str) -> NoReturn:
    """Say what is wrong and what to do; end with status 1."""
    errors.print(message, style="bold red", markup=False)
    raise SystemExit(1)


def say_json(value: Any) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn expected problems into one clear line instead of a traceback."""
    try:
        yield
    except Exception as error:
        if isinstance(error, expected()):
            refuse(str(error))
        raise


@contextmanager
def records_of(settings: Settings) -> "Iterator[Records]":
    """The opened records, closed afterwards; expected problems become one clear line."""
    from engine.building import open_the_records

    with plain_errors():
        records = open_the_records(settings)
        try:
            yield records
        finally:
            records.close()


def set_up_logs(settings: Settings) -> None:
    """Structured logs: time, level, event, ids. Nothing personal is ever given to them."""
    levels = {"debug": 10, "info": 20, "warning": 30, "error": 40}
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(levels.get(settings.log_level, 20)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def run_until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run a part until SIGTERM or Ctrl-C asks it to stop; it then finishes what it does."""

    async def body() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await work(stop)

    asyncio.run(body())
