"""The supervisor: starts every part, restarts a part that dies, stops all of them cleanly.

Each part is a process of its own with its own log file. A part that dies is started again after
a pause that grows while it keeps dying. Nothing a part does is lost: the records and Temporal's
own file hold it.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
CALM = 60.0
"""Seconds of life after which a part counts as healthy again."""
GRACE = 35.0
"""Seconds to finish; the worker's own grace is 30."""


@dataclass
class Part:
    """One process.

    Attributes:
        name: as `/readyz` names it.
        command: what to run.
        stops_last: stopped after all others (the Temporal server).
    """

    name: str
    command: list[str]
    stops_last: bool = False
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0
    pause: float = FIRST_PAUSE
    started: float = field(default=0.0)


class Supervisor:
    """Keeps parts running until it is told to stop."""

    def __init__(
        self,
        parts: list[Part],
        logs: Path,
        environment: dict[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self._parts = parts
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._tell = tell
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Start everything and keep it running until `stop`; then stop all, server last."""
        self._logs.mkdir(parents=True, exist_ok=True)
        keepers = [asyncio.create_task(self._keep(part)) for part in self._parts]
        await self._stopping.wait()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        await asyncio.gather(*(_end(part) for part in self._parts if not part.stops_last))
        await asyncio.gather(*(_end(part) for part in self._parts if part.stops_last))

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    async def _keep(self, part: Part) -> None:
        while not self._stopping.is_set():
            await self._start(part)
            assert part.process is not None
            status = await part.process.wait()
            if time.monotonic() - part.started > CALM:
                part.pause = FIRST_PAUSE
            part.restarts += 1
            self._tell(
                f"{part.name} stopped (status {status}); starting it again. "
                f"Its log: {self._log_of(part)}"
            )
            await asyncio.sleep(part.pause)
            part.pause = min(part.pause * 2, LONGEST_PAUSE)

    async def _start(self, part: Part) -> None:
        part.started = time.monotonic()
        with self._log_of(part).open("ab") as log:
            part.process = await asyncio.create_subprocess_exec(
                *part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                # Ctrl-C reaches the supervisor alone; it stops the parts in order.
                start_new_session=True,
            )

    def _log_of(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"


async def _end(part: Part) -> None:
    """Ask a part to finish; insist after the grace."""
    process = part.process
    if process is None or process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), timeout=GRACE)
    except TimeoutError:
        process.kill()
        await process.wait()


def homeward(*words: str) -> list[str]:
    """The command line of another Homeward command, run by this interpreter."""
    return [sys.executable, "-m", "cli.main", *words]
