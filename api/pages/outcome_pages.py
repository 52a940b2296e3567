"""What happened at a hearing, and how a case moves along its tracks: recorded by a person."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import wording
from api.pages.case_view import date_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.hearing_pages import hearing_in
from api.pages.own_words import Words
from api.pages.people import circle
from api.pages.session import InHub, Visit
from domain.tracks import CourtStage, Custody, MoveRefused, Track, allowed_moves
from domain.vocabulary import Appearance
from records.casework import NotFound, get_case, move_track
from records.database import HubSession
from records.hearings import HearingClosed, record_outcome
from records.tables import Case, Hearing

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}")

_TRACKS = {"court": Track.COURT, "custody": Track.CUSTODY}
_ALL = {
    Track.COURT: [str(stage) for stage in CourtStage],
    Track.CUSTODY: [str(state) for state in Custody],
}


@router.get("/hearings/{hearing_id}/outcome")
def show_outcome(visit: InHub, case_id: str, hearing_id: str) -> Response:
    """The form: what happened?"""
    with visit.reading() as session:
        found = hearing_in(session, case_id, hearing_id)
        return _outcome(visit, session, found, Form({"appearance": found.appearance or ""}))


@router.post("/hearings/{hearing_id}/outcome")
def save_outcome(visit: InHub, case_id: str, hearing_id: str, form: Sent) -> Response:
    """Record it. A missed date is only ever what a person said it is."""
    with visit.writing() as session:
        found = hearing_in(session, case_id, hearing_id)
        known = [str(one) for one in Appearance]
        appearance = form.choice("appearance", known, "Choose what happened.")
        note = form.text("note", most=2000)
        if found.starts_at > visit.now:
            form.refuse("appearance", "This hearing has not begun. Come back when it has.")
        if not form.ok:
            return _outcome(visit, session, found, form)
        try:
            record_outcome(
                session, found.id, Appearance(appearance), visit.source, visit.now, note=note
            )
        except HearingClosed as error:
            form.refuse("appearance", str(error))
            return _outcome(visit, session, found, form)
    return see_other("/?done=outcome" if form.kept("back") == "today" else _back(case_id))


def _back(case_id: str) -> str:
    return f"/cases/{case_id}?done=outcome"


def _outcome(visit: Visit, session: HubSession, found: Hearing, form: Form) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "case_id": found.case_id,
        "who": circle(session, found.case_id)[0].person,
        "date": date_of(found, visit.hub.zone, visit.now),
        "appearances": wording.APPEARANCES,
    }
    return visit.desk.page("outcome_form.html", values, status=200 if form.ok else 422)


@router.get("/tracks/{track}")
def show_track(visit: InHub, case_id: str, track: str) -> Response:
    """Where the case, or the person, may go from here."""
    with visit.reading() as session:
        return _track(visit, session, get_case(session, case_id), _track_of(track), Form())


@router.post("/tracks/{track}")
def save_track(visit: InHub, case_id: str, track: str, form: Sent) -> Response:
    """Record the move; one that the table does not know needs a supervisor and a reason."""
    side = _track_of(track)
    with visit.writing() as session:
        case = get_case(session, case_id)
        _move(visit, session, case, side, form)
        if not form.ok:
            return _track(visit, session, case, side, form)
    return see_other(f"/cases/{case_id}?done=track")


def _move(visit: Visit, session: HubSession, case: Case, side: Track, form: Form) -> None:
    wanted = form.choice("wanted", _ALL[side], "Choose what is true now.")
    note = form.text("note", most=2000)
    reason = form.text("reason", most=2000) if visit.overrides else ""
    if not form.ok:
        return
    if wanted in allowed_moves(side, _stage(case, side)):
        reason = ""
    try:
        move_track(
            session,
            case,
            side,
            wanted,
            visit.source,
            visit.now,
            override_reason=reason,
            note=note,
        )
    except MoveRefused:
        form.refuse(*_refusal(visit))


def _refusal(visit: Visit) -> tuple[str, str]:
    if visit.overrides:
        return "reason", "This step is unusual here. Say why it is right, or choose another."
    return "wanted", "This step is unusual here. Choose another, or ask a supervisor to record it."


def _track_of(name: str) -> Track:
    if name not in _TRACKS:
        raise NotFound("track")
    return _TRACKS[name]


def _stage(case: Case, side: Track) -> str:
    return case.custody if side is Track.CUSTODY else case.stage


def _track(visit: Visit, session: HubSession, case: Case, side: Track, form: Form) -> Response:
    present = _stage(case, side)
    usual = allowed_moves(side, present)
    others = [stage for stage in _ALL[side] if stage not in usual and stage != present]
    values = {
        "visit": visit,
        "form": form,
        "case_id": case.id,
        "who": circle(session, case.id)[0].person,
        "track": str(side),
        "present": _say(side, present),
        "usual": [(stage, _say(side, stage)) for stage in usual],
        "others": [(stage, _say(side, stage)) for stage in others] if visit.overrides else [],
    }
    return visit.desk.page("track_form.html", values, status=200 if form.ok else 422)


def _say(side: Track, stage: str) -> str:
    word = wording.custody(stage).word if side is Track.CUSTODY else Words(wording.plain(stage))
    return wording.capital(word)
