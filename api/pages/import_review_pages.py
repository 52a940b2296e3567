"""One calendar: waiting, with what it would do and who would be told; or applied, with what it did.

What is applied is what was shown: the form carries the digest of the review, and if anything is
different by then nothing happens and the page shows how it is now.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import dates
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.import_view import names_by_sign_in, review_view
from api.pages.people import Named, participants
from api.pages.session import InHub, Visit
from domain.court_time import wall_time
from domain.listings import load_mapping
from records.calendar_keeping import Kept, State
from records.calendar_reviews import (
    Outcome,
    apply_review,
    compare_again,
    get_review,
    leave_out,
    open_review,
    throw_away,
)
from records.calendar_seen import Unread
from records.calendar_undoing import plan_undo
from records.casework import NotFound
from records.database import HubSession
from records.tables import CalendarChange, CalendarImport, CalendarReview, Hearing

router = APIRouter(route_class=PageRoute, prefix="/imports")

CHANGED = (
    "Nothing was applied: something changed after you looked, and this is how it is now. Look "
    "again, then apply it."
)
MOST_DATES = 200
"""Court dates of one import that are listed."""
LOSS = "Say that you have seen how much is missing."
DONE = {
    "left": "Left out. This is what would happen now.",
    "taken": "Taken in again. This is what would happen now.",
    "again": "Compared anew.",
    "applied": "Applied. People are told as was shown.",
    "undone": "Undone. The court dates and the calendar’s list are as before.",
}


@dataclass(frozen=True, slots=True)
class ChangedDate:
    """A court date that an import changed, as it is in the list of what it did."""

    case_id: str
    who: Named
    kind: str
    before: datetime | None
    after: datetime
    undone: bool


@router.get("/{review_id}")
def show_review(visit: InHub, review_id: str, page: str = "1", done: str = "") -> Response:
    """What a calendar that waits would do; one that was applied meanwhile has its own page."""
    with visit.reading() as session:
        if session.get(CalendarImport, review_id) is not None:
            return see_other(f"/imports/{review_id}/applied")
        review = get_review(session, review_id)
        return _review(visit, session, review, Form(), page=page, done=DONE.get(done, ""))


@router.get("/{import_id}/applied")
def show_applied(visit: InHub, import_id: str, done: str = "") -> Response:
    """What a calendar that was applied did."""
    with visit.reading() as session:
        made = session.get(CalendarImport, import_id)
        if made is None:
            raise NotFound("import")
        return _applied(visit, session, made, DONE.get(done, ""))


@router.post("/{review_id}/rows")
def save_rows(visit: InHub, review_id: str, form: Sent) -> Response:
    """Leave a row out, or take it in again."""
    key = form.kept("leave") or form.kept("take")
    leave = bool(form.kept("leave"))
    with visit.writing() as session:
        leave_out(session, review_id, key, visit.now, leave=leave)
        did = "left a row of a calendar out" if leave else "took a row of a calendar in"
        visit.note(session, did, "import", review_id)
    page = form.number("page") or 1
    done = "left" if leave else "taken"
    return see_other(f"/imports/{review_id}?page={page}&done={done}#cases")


@router.post("/{review_id}/again")
def save_again(visit: InHub, review_id: str, form: Sent) -> Response:
    """Compare it anew with the records as they are now."""
    with visit.writing() as session:
        compare_again(session, review_id, visit.now)
        visit.note(session, "compared a calendar anew", "import", review_id)
    return see_other(f"/imports/{review_id}?done=again")


@router.post("/{review_id}/apply")
def save_apply(visit: InHub, review_id: str, form: Sent) -> Response:
    """Apply exactly what was shown, in one transaction; twice is once."""
    with visit.reading() as session:
        opened = open_review(session, review_id)
    with visit.writing() as session:
        review = _waiting(session, review_id)
        if review is not None and not _loss_accepted(review, form):
            return _review(visit, session, review, form)
        by, by_id = visit.source.actor, visit.caller.id
        digest = form.kept("digest")
        outcome = apply_review(session, review_id, digest, by, by_id, visit.now, opened)
        if outcome is Outcome.DONE:
            visit.note(session, "applied a court calendar", "import", review_id)
    if outcome is not Outcome.CHANGED:
        return see_other(f"/imports/{review_id}/applied?done=applied")
    form.refuse("digest", CHANGED)
    with visit.reading() as session:
        return _review(visit, session, get_review(session, review_id), form)


@router.post("/{review_id}/throw-away")
def save_throw_away(visit: InHub, review_id: str, form: Sent) -> Response:
    """Forget it and its file. It never counted."""
    with visit.writing() as session:
        throw_away(session, review_id, visit.source.actor, visit.now)
        visit.note(session, "threw a court calendar away", "import", review_id)
    return see_other("/imports?done=thrown")


def _waiting(session: HubSession, import_id: str) -> CalendarReview | None:
    try:
        return get_review(session, import_id, lock=True)
    except NotFound:
        return None


def _loss_accepted(review: CalendarReview, form: Form) -> bool:
    loss = bool(json.loads(review.seen)["loss"])
    if loss and not form.ticked("accept"):
        form.refuse("accept", LOSS)
    return form.ok


def _review(
    visit: Visit,
    session: HubSession,
    review: CalendarReview,
    form: Form,
    *,
    page: str = "1",
    done: str = "",
) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "review": review,
        "title": load_mapping(review.mapping).title,
        "handed_in": dates.moment_words(review.handed_in_at, visit.hub.zone),
        "view": review_view(session, visit, review, page),
        "done": done,
    }
    changed = 409 if form.error("digest") else 422
    return visit.desk.page("import_review.html", values, status=200 if form.ok else changed)


def _applied(visit: Visit, session: HubSession, made: CalendarImport, done: str) -> Response:
    plan = plan_undo(session, made.id, visit.now)
    changes = session.exec(
        select(CalendarChange)
        .where(
            CalendarChange.import_id == made.id,
            col(CalendarChange.kind).in_((Kept.HEARING.value, Kept.UNREAD.value)),
        )
        .order_by(col(CalendarChange.place))
    ).all()
    names = names_by_sign_in(session)
    dates_changed = [one for one in changes if one.kind == Kept.HEARING]
    values = {
        "visit": visit,
        "made": made,
        "applied_by": names.get(made.applied_by, made.applied_by),
        "undone_by": names.get(made.undone_by, made.undone_by),
        "feed": plan.feed,
        "at": wall_time(made.applied_at, visit.hub.zone),
        "undone_at": wall_time(made.undone_at, visit.hub.zone) if made.undone_at else None,
        "why_not": plan.why_not,
        "dates": _dates(session, dates_changed),
        "more": len(dates_changed) - MOST_DATES,
        "unread": [
            Unread.model_validate_json(one.before) for one in changes if one.kind == Kept.UNREAD
        ],
        "done": done,
    }
    return visit.desk.page("import_applied.html", values)


def _dates(session: HubSession, changes: list[CalendarChange]) -> list[ChangedDate]:
    ids = {one.hearing_id for one in changes}
    rows = session.exec(select(Hearing).where(col(Hearing.id).in_(ids))).all()
    hearings = {one.id: one for one in rows}
    people = participants(session, {one.case_id for one in hearings.values()})
    found = []
    for one in changes[:MOST_DATES]:
        hearing = hearings.get(one.hearing_id or "")
        if hearing is None:
            continue
        case_id = hearing.case_id
        before = State.model_validate_json(one.before) if one.before else None
        after = State.model_validate_json(one.after)
        local = before.local if before else None
        undone = one.undone_at is not None
        found.append(ChangedDate(case_id, people[case_id], after.kind, local, after.local, undone))
    return found
