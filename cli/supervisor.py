"""The supervisor: starts every part, restarts a part that dies, stops all of them cleanly.

Each part is a process of its own with its own log file. A part that dies is started again after
a pause that grows while it keeps dying. Nothing a part does is lost: the records and Temporal's
own file hold it.
"""

import asyncio
import ctypes
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

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_TELL_ME_WHEN_MY_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


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
    """Keeps parts running until it is told to stop.

    `hand_on`: open descriptors that every part inherits, such as a lock.
    """

    def __init__(
        self,
        parts: list[Part],
        logs: Path,
        environment: dict[str, str],
        tell: Callable[[str], None],
        hand_on: tuple[int, ...] = (),
    ) -> None:
        self._parts = parts
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._tell = tell
        self._hand_on = hand_on
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
            ended = await self._live(part)
            if time.monotonic() - part.started > CALM:
                part.pause = FIRST_PAUSE
            part.restarts += 1
            self._tell(f"{part.name} {ended}; starting it again. Its log: {self._log_of(part)}")
            await asyncio.sleep(part.pause)
            part.pause = min(part.pause * 2, LONGEST_PAUSE)

    async def _live(self, part: Part) -> str:
        """One life of a part; how it ended."""
        part.started = time.monotonic()
        try:
            part.process = await self._start(part)
        except OSError as error:
            # No memory for a process, no room for a log: that may be over in a moment.
            return f"could not be started ({error.strerror})"
        return f"stopped (status {await part.process.wait()})"

    async def _start(self, part: Part) -> asyncio.subprocess.Process:
        with self._log_of(part).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                # Ctrl-C reaches the supervisor alone; it stops the parts in order.
                start_new_session=True,
                pass_fds=self._hand_on,
                preexec_fn=_end_with_parent(os.getpid()) if _LIBC else None,
            )

    def _log_of(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"


def _end_with_parent(parent: int) -> Callable[[], None]:
    """A part is asked to finish when its supervisor is killed: nobody else would stop it."""

    def ask() -> None:
        assert _LIBC is not None
        _LIBC.prctl(_TELL_ME_WHEN_MY_PARENT_DIES, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


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
