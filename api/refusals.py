"""From the house's own errors to problems: the one table, and the handlers that use it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import (
    DocumentDamaged,
    DocumentMissing,
    StoreAway,
    StoreFull,
    TemplateRefused,
    UploadRefused,
)
from activities.packet_inputs import NoSuchKind
from activities.plan_reporting import ReportChanged, ReportProblem
from api import problems
from api.describing import methods_at
from api.problems import FieldError, Problem, Refusal
from domain.consents import NoConsent
from domain.contact_log import ContactProblem
from domain.court_time import CourtTimeError, NoSuchTime, UnknownZone
from domain.letters import LetterWithdrawn, NothingWritten, TextTooLong
from domain.listings import CalendarRefused, FeedLostTooMuch, MissingColumn
from domain.outcome_periods import BadPeriod
from domain.plan_course import PlanMoveRefused
from domain.plan_dates import BadWhen
from domain.plan_reports import NothingToReport
from domain.plan_templates import TemplateProblem
from domain.recurrence import BadRule
from domain.referrals import ReferralMoveRefused
from domain.tracks import MoveRefused, UnknownStage
from domain.vocabulary import PacketKind
from records.addresses import BadAddress
from records.agencies import AgencyEnded
from records.answering import CannotAnswer
from records.attributing import NumberTaken
from records.calendar_import import ImportRunning
from records.calendar_undoing import CannotUndo
from records.casework import NotFound
from records.conflicts import NotOfferedHere, SamePerson
from records.consents import AlreadySigned, NotSigned
from records.directory import ProviderEnded, ProviderKnown
from records.disclosures import NotConsented
from records.exhibits import EnclosedAlready, ExhibitProblem
from records.hearings import HearingClosed
from records.interview import PacketClosed, TheirOwnWords
from records.letter_writing import Unsigned
from records.letters import LetterProblem, WrittenByDefendant
from records.packet_reviews import PacketEnded, PacketProblem, VersionChanged
from records.passages import NoSuchSection, SavedMeanwhile, TooManyPassages
from records.plan_templates import TemplateChanged
from records.plans import StepClosed
from records.referrals import NotAgreed
from records.step_kinds import KindExists, UnknownKind

log = structlog.get_logger()

_EXTRA = "This field is not known here; its name is left out of this answer."


def _not_found(error: NotFound) -> Refusal:
    return Refusal(problems.NOT_FOUND, f"{error} Check its id.")


def _move_refused(error: MoveRefused) -> Refusal:
    return Refusal(problems.MOVE_REFUSED, str(error), allowed=list(error.allowed))


def _plan_move(error: PlanMoveRefused) -> Refusal:
    return Refusal(problems.ENDED, str(error))


def _plan_words(error: ValueError) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _kind_exists(error: KindExists | TemplateChanged) -> Refusal:
    return Refusal(problems.CONFLICT, str(error))


def _unknown_stage(_: UnknownStage) -> Refusal:
    return Refusal(
        problems.INVALID, "This is no stage of that track; /api/v1/openapi.json has all."
    )


def _cannot_answer(error: CannotAnswer) -> Refusal:
    return Refusal(problems.CANNOT_ANSWER, str(error))


def _number_taken(error: NumberTaken) -> Refusal:
    return Refusal(problems.CONFLICT, str(error))


def _ended(error: HearingClosed | StepClosed | AgencyEnded | ProviderEnded) -> Refusal:
    return Refusal(problems.ENDED, str(error))


def _provider_known(error: ProviderKnown) -> Refusal:
    return Refusal(problems.CONFLICT, f"{error} Its id is {error.provider_id}.")


def _no_consent(error: NoConsent) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _not_consented(error: NotConsented) -> Refusal:
    return Refusal(problems.NOT_CONSENTED, str(error))


def _consent_not_now(error: AlreadySigned | NotSigned) -> Refusal:
    return Refusal(problems.NOT_NOW, str(error))


def _not_now(error: ValueError) -> Refusal:
    return Refusal(problems.NOT_NOW, str(error))


def _bad_address(error: BadAddress) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _court_time(error: CourtTimeError) -> Refusal:
    match error:
        case UnknownZone():
            what = "Use an IANA time-zone name such as America/New_York."
        case NoSuchTime():
            what = (
                "This time does not exist on that wall: the clocks go forward then. Ask the court "
                "which hour it means."
            )
        case _:
            what = str(error)
    return Refusal(problems.INVALID, what)


def _packet_not_now(error: PacketProblem) -> Refusal:
    return Refusal(problems.NOT_NOW, str(error))


def _packet_ended(error: PacketEnded) -> Refusal:
    return Refusal(problems.ENDED, str(error))


def _version_changed(error: VersionChanged) -> Refusal:
    return Refusal(problems.CONFLICT, str(error))


def _packet_closed(error: PacketClosed) -> Refusal:
    return Refusal(problems.ENDED, str(error))


def _saved_meanwhile(_: SavedMeanwhile) -> Refusal:
    return Refusal(
        problems.CONFLICT,
        "Somebody else changed this passage. Read the sections again, put both texts together, "
        "and send it with the revision that you read.",
    )


def _bad_sections(error: NoSuchSection | TooManyPassages | TheirOwnWords) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _letter_not_now(error: LetterProblem | NothingWritten) -> Refusal:
    return Refusal(problems.CONFLICT, str(error))


def _letter_over(error: LetterWithdrawn) -> Refusal:
    return Refusal(problems.ENDED, str(error))


def _letter_invalid(
    error: TextTooLong | UploadRefused | Unsigned | WrittenByDefendant,
) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _template_refused(error: TemplateRefused) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _no_such_kind(_: NoSuchKind) -> Refusal:
    return Refusal(problems.INVALID, f"There are packets of kind {', '.join(PacketKind)}.")


def _missing_column(error: MissingColumn) -> Refusal:
    missing = ", ".join(error.columns)
    what = f"The header lacks: {missing}. Use the format of this court."
    return Refusal(problems.INVALID, what)


def _calendar_refused(error: CalendarRefused) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _lost_too_much(error: FeedLostTooMuch) -> Refusal:
    return Refusal(
        problems.LOST_TOO_MUCH,
        f"{error.lost} of {error.listed} hearings are missing. Check that the file is whole; if "
        "it is, send it again with accept_loss.",
    )


def _cannot_undo(error: CannotUndo) -> Refusal:
    return Refusal(problems.CONFLICT, str(error))


def _import_running(error: ImportRunning) -> Refusal:
    return Refusal(problems.CONFLICT, str(error), headers={"Retry-After": "60"})


def _conflict(_: IntegrityError) -> Refusal:
    return Refusal(problems.CONFLICT, "Read what is there now, then decide whether to send again.")


def _document_gone(error: DocumentMissing | DocumentDamaged) -> Refusal:
    log.error("a document cannot be read", why=type(error).__name__)
    return Refusal(
        problems.NOT_FOUND,
        "The record of this file is there, the file is missing or damaged. Change the packet to "
        "have it built again, or put the documents folder back from your backup.",
    )


def _store_full(error: StoreFull) -> Refusal:
    log.error("a document was not stored", why=type(error).__name__)
    return Refusal(problems.STORE_FULL, str(error))


def _store_away(error: StoreAway) -> Refusal:
    log.error("the document store is away", why=type(error).__name__)
    return Refusal(problems.STORE_AWAY, str(error), headers={"Retry-After": "30"})


def _exhibit(error: ExhibitProblem) -> Refusal:
    return Refusal(problems.INVALID, str(error))


def _enclosed_already(error: EnclosedAlready) -> Refusal:
    return Refusal(problems.CONFLICT, f"{error} It is exhibit {error.exhibit_id}.")


def _busy(error: OperationalError | PoolTimeout) -> Refusal:
    log.warning("the records did not answer", why=type(error).__name__)
    return Refusal(problems.BUSY, "Nothing was changed. Try again.", headers={"Retry-After": "5"})


_TABLE: dict[type[Exception], Callable[[Any], Refusal]] = {
    NotFound: _not_found,
    MoveRefused: _move_refused,
    UnknownStage: _unknown_stage,
    CannotAnswer: _cannot_answer,
    NumberTaken: _number_taken,
    HearingClosed: _ended,
    StepClosed: _ended,
    PlanMoveRefused: _plan_move,
    BadRule: _plan_words,
    BadWhen: _plan_words,
    UnknownKind: _plan_words,
    KindExists: _kind_exists,
    TemplateProblem: _plan_words,
    TemplateChanged: _kind_exists,
    AgencyEnded: _ended,
    ProviderEnded: _ended,
    ProviderKnown: _provider_known,
    NoConsent: _no_consent,
    NotConsented: _not_consented,
    AlreadySigned: _consent_not_now,
    NotSigned: _consent_not_now,
    ReportProblem: _not_now,
    ReportChanged: _not_now,
    NothingToReport: _not_now,
    ReferralMoveRefused: _not_now,
    NotOfferedHere: _not_now,
    NotAgreed: _not_now,
    ContactProblem: _plan_words,
    BadPeriod: _plan_words,
    SamePerson: _plan_words,
    BadAddress: _bad_address,
    CourtTimeError: _court_time,
    NoSuchKind: _no_such_kind,
    NoSuchSection: _bad_sections,
    TooManyPassages: _bad_sections,
    PacketProblem: _packet_not_now,
    PacketEnded: _packet_ended,
    VersionChanged: _version_changed,
    TheirOwnWords: _bad_sections,
    SavedMeanwhile: _saved_meanwhile,
    PacketClosed: _packet_closed,
    LetterProblem: _letter_not_now,
    NothingWritten: _letter_not_now,
    LetterWithdrawn: _letter_over,
    TextTooLong: _letter_invalid,
    UploadRefused: _letter_invalid,
    TemplateRefused: _template_refused,
    Unsigned: _letter_invalid,
    WrittenByDefendant: _letter_invalid,
    MissingColumn: _missing_column,
    CalendarRefused: _calendar_refused,
    FeedLostTooMuch: _lost_too_much,
    CannotUndo: _cannot_undo,
    ImportRunning: _import_running,
    IntegrityError: _conflict,
    DocumentMissing: _document_gone,
    DocumentDamaged: _document_gone,
    StoreFull: _store_full,
    StoreAway: _store_away,
    ExhibitProblem: _exhibit,
    EnclosedAlready: _enclosed_already,
    OperationalError: _busy,
    PoolTimeout: _busy,
}


def refusal_of(error: Exception) -> Refusal | None:
    """The problem that an error of the house is told as; None for a fault of the program."""
    if isinstance(error, Refusal):
        return error
    for kind in type(error).__mro__:
        if kind in _TABLE:
            return _TABLE[kind](error)
    return None


def register(app: FastAPI) -> None:
    """Have every error of the application told as a problem."""
    kinds: list[type[Exception]] = [Refusal, *_TABLE]
    for kind in kinds:
        app.add_exception_handler(kind, _tell)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_status)


async def _tell(request: Request, error: Exception) -> Response:
    refusal = refusal_of(error)
    assert refusal is not None
    return refusal.response()


async def _tell_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of the first route at this path alone.
        methods = await run_in_threadpool(methods_at, request.app, request.url.path)
        headers["Allow"] = ", ".join(methods) or headers.get("Allow", headers.get("allow", ""))
    return problems.of_status(error.status_code, headers).response()


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(error.errors()).response()


def invalid(errors: Any) -> Refusal:
    """The problem of fields that did not pass; neither values nor unknown names are repeated."""
    found = [FieldError(where=_where(error), what=_what(error)) for error in errors]
    return Refusal(problems.INVALID, "Correct the fields listed in errors.", errors=found)


def _where(error: dict[str, Any]) -> list[str | int]:
    way = list(error.get("loc", ()))
    return way[:-1] if error.get("type") == "extra_forbidden" else way


def _what(error: dict[str, Any]) -> str:
    return _EXTRA if error.get("type") == "extra_forbidden" else str(error.get("msg", ""))


__all__ = ["Problem", "invalid", "refusal_of", "register"]
