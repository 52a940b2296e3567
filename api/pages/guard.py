"""What every page answer passes through: who may post, safe headers, problems as pages."""

import secrets
import traceback
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from activities.documents.errors import StoreError
from api.noting import Deed, note_if_none, watch
from api.pages.access import access_of
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.own_words import Words
from api.pages.problems import (
    Broken,
    Busy,
    ForeignForm,
    NoSuchPage,
    NotStored,
    PageProblem,
    ProofNeeded,
    SecondFactorNeeded,
    SignInNeeded,
    WrongWay,
)
from api.pages.translating import LANGUAGES
from records.casework import NotFound

SAFE_METHODS = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SCRIPT_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""On the few pages that bring a script of our own."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose every answer, refusals and faults included, is a page with safe headers.

    Raises:
        KeyError: when it is built without an entry in the table of pages.
    """

    own_forms_only = True
    """Whether a form must come from one of this site's own pages."""

    def get_route_handler(self) -> Handler:
        """The route's own handler, guarded."""
        handle = super().get_route_handler()
        access = access_of(self.methods or set(), self.path)

        async def guarded(request: Request) -> Response:
            request.state.access = access
            watch()
            try:
                self.check(request)
                response = await handle(request)
                await self.note(request, response)
            except Exception as error:
                response = self.problem_page(request, problem_of(error, self.path))
            return with_headers(response)

        return guarded

    async def note(self, request: Request, response: Response) -> None:
        """Note who of the staff opened a page or sent a form, where the page itself did not."""
        visit = getattr(request.state, "visit", None)
        if visit is not None:
            deed = Deed("opened" if request.method in SAFE_METHODS else "sent", self.path)
            records = visit.desk.records
            await note_if_none(records, visit.caller, visit.now, deed, request, response)

    def check(self, request: Request) -> None:
        """Look before anything is done.

        Raises:
            PageProblem: this request is not let in.
        """
        if self.own_forms_only:
            check_address(request)
            check_origin(request)

    def problem_page(self, request: Request, problem: PageProblem) -> Response:
        """What the visitor of this route reads of a problem."""
        return page_of(request, problem)


class OpenRoute(PageRoute):
    """A page whose address alone is the right to use it, for forms from anywhere.

    It reads no cookie. A mail program that ends e-mail with one click sends a form that comes
    from no page at all (RFC 8058).
    """

    own_forms_only = False


def with_headers(response: Response) -> Response:
    """The same answer with the headers of `HEADERS` that it does not set itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def with_script(response: Response) -> Response:
    """The same page, allowed to run a script of our own and to ask this site alone."""
    response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return response


def check_address(request: Request) -> None:
    """Look nothing up by the character that PostgreSQL takes nowhere; no address of ours has it.

    Raises:
        NoSuchPage: it is there.
    """
    if "%00" in request.url.query or "\x00" in request.url.path:
        raise NoSuchPage


def check_origin(request: Request) -> None:
    """Let only this site's own pages send forms.

    Browsers say where a form comes from in `Sec-Fetch-Site`, older ones and plain HTTP in
    `Origin`. What says neither is refused: no browser in use sends a form without both.

    Raises:
        ForeignForm: it comes from elsewhere, or nobody knows.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignForm
        return
    origin = request.headers.get("origin", "")
    ours = {request.headers.get("host", "").lower()}
    ours.add(urlsplit(desk_of(request).settings.public_url).netloc.lower())
    if not origin or urlsplit(origin).netloc.lower() not in ours - {""}:
        raise ForeignForm


def check_not_foreign(request: Request) -> None:
    """Let in no form that says that it comes from another site; one that says nothing comes in.
    For pages that read no cookie, whose address nobody else knows.

    Raises:
        ForeignForm: it comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site") is None and (
        request.headers.get("origin", "null") == "null"
    ):
        return
    check_origin(request)


def problem_of(error: Exception, route: str) -> PageProblem:
    """What to tell a person about an error; a fault of the program goes to the log."""
    match error:
        case PageProblem():
            return error
        case NotFound() | RequestValidationError():
            return NoSuchPage()
        case StoreError():
            structlog.get_logger().error("a document was not stored", why=type(error).__name__)
            return NotStored()
        case HTTPException(status_code=404):
            return NoSuchPage()
        case HTTPException(status_code=405):
            return WrongWay()
        case OperationalError() if "locked" in str(error.orig):
            return Busy()
        case PoolTimeout():
            return Busy()
    number = secrets.token_hex(4)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    structlog.get_logger().error(
        "page failed",
        number=number,
        route=route,
        error=type(error).__name__,
        at=f"{Path(frame.filename).name}:{frame.lineno}",
    )
    return Broken(number)


def page_of(request: Request, problem: PageProblem) -> Response:
    """The page of a problem; whoever only wanted to read is sent to the sign-in instead."""
    if isinstance(problem, SignInNeeded) and request.method in SAFE_METHODS:
        wanted = request.url.path
        return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", status_code=303)
    if isinstance(problem, SecondFactorNeeded) and request.method in SAFE_METHODS:
        return see_other(problem.link[0])
    if isinstance(problem, ProofNeeded):
        return see_other(f"/me/proof?next={quote(problem.back, safe='')}")
    values = {
        "title": Words(problem.title),
        "text": Words(problem.text),
        "link": (problem.link[0], Words(problem.link[1])),
        "visit": None,
        "speaks": _language(request),
    }
    response = desk_of(request).page("problem.html", values, status=problem.status)
    response.headers.update(problem.headers)
    return response


def _language(request: Request) -> str:
    visit = getattr(request.state, "visit", None)
    return visit.language if visit else wished_language(request, LANGUAGES)


def see_other(location: str) -> Response:
    """After a form: look there. Reloading that page sends nothing again."""
    return RedirectResponse(location, status_code=303)
