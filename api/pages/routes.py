"""All pages, and their way into the application."""

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from activities.house import Clock
from api.pages import (
    agency_pages,
    agency_shares,
    agree_pages,
    audit_page,
    calendar_page,
    case_list,
    case_page,
    client_pages,
    conflict_pages,
    consent_pages,
    counsel_pages,
    court_pages,
    downloading,
    example_page,
    exhibit_pages,
    exposure_pages,
    family_link_pages,
    family_pages,
    first_messages,
    first_sign_in,
    first_steps,
    health_page,
    hearing_pages,
    hub_page,
    import_pages,
    import_review_pages,
    import_undo_pages,
    import_upload_pages,
    inbox_pages,
    intake,
    interview_pages,
    joining,
    letter_desk,
    letter_files,
    letter_keeping,
    letter_pages,
    log_pages,
    me_page,
    meeting_page,
    message_words_page,
    naming_counsel,
    outbox_page,
    outcome_pages,
    outcomes_pages,
    packet_pages,
    packet_steps,
    packets_page,
    passkey_pages,
    passkey_signing,
    people_pages,
    plan_page,
    plan_pages,
    plan_template_pages,
    plans_page,
    progress_page,
    proof_page,
    provider_pages,
    recovery_pages,
    refer_pages,
    referral_pages,
    report_counsel_pages,
    report_pages,
    review_pages,
    roster_pages,
    second_factor_pages,
    second_step,
    sender_pages,
    signing,
    staff_pages,
    step_provider,
    steps_pages,
    telling_pages,
    template_pages,
    today,
    unreachable_page,
    unsubscribing,
    whose_pages,
)
from api.pages.desk import FOLDER, live_script, passkey_script, plain_sheet, set_up, style_sheet
from api.pages.guard import PageRoute, page_of, problem_of, with_headers
from api.pages.private_problems import private_page
from api.pages.problems import FormTooLarge
from engine.settings import Settings
from records.database import Records
from records.private_links import PATHS

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PROGRAMS = "/api/"
"""Below this address programs are answered, never with a page."""
_A_YEAR = "public, max-age=31536000, immutable"


@router.get("/style.css")
def style() -> Response:
    """The style sheet; its address changes with its content, so it may be kept for a year."""
    return Response(style_sheet(), media_type="text/css", headers={"Cache-Control": _A_YEAR})


@router.get("/plain.css")
def plain_style() -> Response:
    """The style of pages that stand alone, small enough for an old phone."""
    return Response(plain_sheet(), media_type="text/css", headers={"Cache-Control": _A_YEAR})


@router.get("/passkeys.js")
def passkeys() -> Response:
    """The script with which a page asks for a passkey; its address changes with its content."""
    script = passkey_script()
    return Response(script, media_type="text/javascript", headers={"Cache-Control": _A_YEAR})


@router.get("/live.js")
def live() -> Response:
    """The script of pages that stay up to date; its address changes with its content."""
    return Response(live_script(), media_type="text/javascript", headers={"Cache-Control": _A_YEAR})


@router.get("/favicon.svg")
def icon() -> Response:
    """The sign of the house."""
    drawing = (FOLDER / "favicon.svg").read_bytes()
    return Response(drawing, media_type="image/svg+xml", headers={"Cache-Control": _A_YEAR})


PARTS: tuple[ModuleType, ...] = (
    signing,
    second_step,
    passkey_signing,
    me_page,
    proof_page,
    second_factor_pages,
    recovery_pages,
    passkey_pages,
    first_sign_in,
    first_messages,
    first_steps,
    hub_page,
    example_page,
    today,
    calendar_page,
    client_pages,
    exposure_pages,
    court_pages,
    roster_pages,
    joining,
    staff_pages,
    whose_pages,
    import_pages,
    import_upload_pages,
    import_undo_pages,
    import_review_pages,
    meeting_page,
    sender_pages,
    inbox_pages,
    unreachable_page,
    intake,
    case_list,
    hearing_pages,
    outcome_pages,
    outcomes_pages,
    people_pages,
    family_link_pages,
    naming_counsel,
    plan_page,
    plan_pages,
    plan_template_pages,
    progress_page,
    log_pages,
    packets_page,
    plans_page,
    conflict_pages,
    step_provider,
    provider_pages,
    consent_pages,
    referral_pages,
    report_pages,
    interview_pages,
    packet_steps,
    letter_keeping,
    letter_desk,
    exhibit_pages,
    packet_pages,
    agency_pages,
    agency_shares,
    template_pages,
    message_words_page,
    audit_page,
    health_page,
    outbox_page,
    case_page,
)
"""The pages, in the order in which an address is looked for."""
PRIVATE_PARTS: tuple[ModuleType, ...] = (
    letter_files,
    letter_pages,
    telling_pages,
    counsel_pages,
    review_pages,
    agree_pages,
    refer_pages,
    report_counsel_pages,
    steps_pages,
    family_pages,
)
"""Pages behind private links."""
OPEN_PARTS: tuple[ModuleType, ...] = (unsubscribing, *PRIVATE_PARTS, downloading)
"""Pages for people without a sign-in: their address opens them."""

for part in (*PARTS, *OPEN_PARTS):
    router.include_router(part.router)


def install(
    app: FastAPI, settings: Settings, records: Records, *, clock: Clock | None = None
) -> None:
    """Give the application its pages.

    Args:
        app: other routers may be there already or come later.
        settings: where documents lie, how people reach the pages, what carries messages.
        records: opened.
        clock: the wall clock unless another is given.

    Raises:
        BadTemplate: the words of the messages cannot be used.
    """
    app.state.pages = set_up(settings, records, clock)
    app.include_router(router)
    for status in (404, 405):
        app.add_exception_handler(status, _lost(app.exception_handlers.get(status)))


def too_large(request: Request) -> Response | None:
    """The page of a form that is larger than any; None where programs are answered."""
    if not _for_people(request):
        return None
    problem = FormTooLarge()
    private = any(request.url.path.startswith(path) for path in PATHS.values())
    page = private_page if private else page_of
    return with_headers(page(request, problem))


_Answer = Callable[[Request, Exception], Response | Awaitable[Response]]


def _lost(before: Any) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Show a page to people who follow a wrong address; programs get what they got before."""

    async def lost(request: Request, error: Exception) -> Response:
        if _for_people(request):
            return with_headers(page_of(request, problem_of(error, "")))
        handler = cast(_Answer, before or request.app.exception_handlers.get(HTTPException, _plain))
        answer = handler(request, error)
        return answer if isinstance(answer, Response) else await answer

    return lost


def _for_people(request: Request) -> bool:
    for_programs = request.url.path.startswith(PROGRAMS)
    return not for_programs and "text/html" in request.headers.get("accept", "")


def _plain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Response(status_code=status)
