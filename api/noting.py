"""Whatever staff and their programs read or change stands in the audit trail.

Most deeds are noted where they are done, in their own words and transaction. What is not noted
there is noted here, once the answer is known, by the page or operation and the row it was about:
so a page that is written tomorrow is noted from its first day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from records.access import Caller
from records.audit import NOTED, note_deed
from records.database import Records

_ID: Final = re.compile(r"[0-9a-f]{32}")
_READ: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done, "opened", "sent" or "called", to which page (its address without ids) or
    operation."""

    what: str
    page: str


def watch() -> None:
    """Begin to answer a request: what is noted meanwhile is remembered for `note_if_none`."""
    NOTED.set([])


async def note_if_none(
    records: Records,
    caller: Caller,
    now: datetime,
    deed: Deed,
    request: Request,
    response: Response,
) -> None:
    """Note that somebody was shown something or changed it, unless that was noted already.

    A refusal, and an answer that only points elsewhere, show and change nothing. What cannot be
    noted is not shown; what is changed already stands, and the log says that its note is missing.
    """
    reads = request.method in _READ
    most = 300 if reads else 400
    if NOTED.get() or response.status_code >= most:
        return
    try:
        await run_in_threadpool(_note, records, caller, now, deed, request.path_params)
    except Exception as error:
        if reads:
            raise
        name = type(error).__name__
        structlog.get_logger().error("a deed was not noted", page=deed.page, error=name)


def _note(
    records: Records, caller: Caller, now: datetime, deed: Deed, params: Mapping[str, Any]
) -> None:
    kind, subject_id = _subject(params)
    with records.writing(caller.hub_id) as session:
        detail = {"page": deed.page}
        note_deed(session, caller.id, deed.what, now, kind, subject_id, detail=detail)


def _subject(params: Mapping[str, Any]) -> tuple[str, str]:
    """The row that an address is about: its case, or the first that it names."""
    named = {
        name.removesuffix("_id"): str(value)
        for name, value in params.items()
        if name.endswith("_id") and _ID.fullmatch(str(value))
    }
    if "case" in named:
        return "case", named["case"]
    return next(iter(named.items()), ("", ""))
