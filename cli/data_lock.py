"""One supervisor for one data folder: two Temporal servers on one file would destroy it.

Two locks, which the kernel lets go of when their holders die, however they die. The supervisor
holds the first. The second is handed on to every part, so that it is held as long as anything
that was started here still runs, even when the supervisor itself was killed.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LEFTOVERS_WITHIN = 40.0
"""Seconds for the parts of a killed supervisor to finish; a worker's grace is 30."""


class DataInUse(Exception):
    """Something that runs uses this data folder already."""

    def __init__(self, data: Path, *, leftovers: bool) -> None:
        what = "Parts of an earlier start still run on" if leftovers else "Homeward already runs on"
        super().__init__(
            f"{what} the data folder {data}. Stop that first, or give this one a folder of its "
            "own: HOMEWARD_DATA=./other make up"
        )


@contextmanager
def alone_on(data: Path) -> Iterator[int]:
    """Hold a data folder; gives the descriptor to hand on to every part.

    Raises:
        DataInUse: another supervisor holds it, or parts of a killed one do not end.
    """
    with (data / ".supervisor.lock").open("w") as own, (data / ".parts.lock").open("w") as parts:
        if not _taken(own):
            raise DataInUse(data, leftovers=False)
        deadline = time.monotonic() + LEFTOVERS_WITHIN
        while not _taken(parts):
            if time.monotonic() > deadline:
                raise DataInUse(data, leftovers=True)
            time.sleep(0.1)
        yield parts.fileno()


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
