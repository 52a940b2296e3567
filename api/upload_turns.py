"""Uploads take turns: while they arrive they wait on disk, and a few at once are read and judged.

A file that is judged is in memory several times over. Whoever sends many at once waits, with
everybody's pages still answering.
"""

from collections.abc import AsyncGenerator
from typing import Annotated, Final

from anyio import Semaphore
from anyio.lowlevel import RunVar
from fastapi import Depends

AT_ONCE: Final = 2
"""Requests whose files are in memory at the same time, of one web process."""
_turns: RunVar[Semaphore] = RunVar("upload turns")


def upload_turns() -> Semaphore:
    """Hold one while the files of a request are in memory."""
    turns = _turns.get(None)
    if turns is None:
        turns = Semaphore(AT_ONCE)
        _turns.set(turns)
    return turns


async def _turn() -> AsyncGenerator[None, None]:
    async with upload_turns():
        yield


UploadTurn = Annotated[None, Depends(_turn, scope="function")]
"""For a route that reads uploaded files: its body is on disk by then, and it runs in its turn."""
