"""Pages that stay up to date while they are looked at.

A page carries a mark of what it says. The script of such a page asks for it again with that mark,
and is told "nothing new" in a few bytes, or gets the page anew and puts what changed in place.
Without the script the page is as it was when it was opened.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.pages.guard import with_script

_PLACE: Final = b'data-live="mark"'
"""Where `base.html` has the mark; nothing that people write keeps its quotes on a page."""


def live_page(
    request: Request, page: HTMLResponse, note: Callable[[], None] = lambda: None
) -> Response:
    """The page with its mark, or 304 where the browser shows the very same.

    Args:
        page: as its template made it.
        note: notes who was shown it, where that has words of its own; not called where nothing
            new is shown.
    """
    said = bytes(page.body)
    mark = f'"{hashlib.sha256(said).hexdigest()[:32]}"'
    if request.headers.get("if-none-match", "") == mark:
        return Response(status_code=304, headers={"ETag": mark})
    note()
    marked = said.replace(_PLACE, f"data-live='{mark}'".encode(), 1)
    return with_script(HTMLResponse(marked, headers={"ETag": mark}))
