"""Undoing an import: what is put back and who is told, then the deed."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.import_telling import Told, Totals, tell_undoing
from api.pages.import_view import names_by_sign_in
from api.pages.paging import Pages
from api.pages.people import Named, participants
from api.pages.session import InHub, Visit
from records.calendar_reviews import Outcome
from records.calendar_undoing import CannotUndo, Undoing, plan_undo, undo_import
from records.database import HubSession

router = APIRouter(route_class=PageRoute, prefix="/imports/{import_id}/undo")

CHANGED = (
    "Nothing was undone: something changed after you looked, and this is how it is now. Look "
    "again, then undo it."
)
CASES_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class BackBlock:
    """What goes back for one case."""

    case_id: str
    who: Named
    told: tuple[Told, ...]

    @property
    def totals(self) -> Totals:
        """How many messages, to how many people."""
        return Totals.of(self.told)


@dataclass(frozen=True, slots=True)
class StaysLine:
    """A court date that is left alone, and why."""

    case_id: str
    who: Named
    words: str
    why: str


@router.get("")
def show_undo(visit: InHub, import_id: str, page: str = "1") -> Response:
    """What would be put back, what stays, and who would be told."""
    with visit.reading() as session:
        return _page(visit, session, import_id, Form(), page)


@router.post("")
def save_undo(visit: InHub, import_id: str, form: Sent) -> Response:
    """Put it back, exactly as shown; twice is once."""
    try:
        with visit.writing() as session:
            digest = form.kept("digest")
            outcome = undo_import(session, import_id, digest, visit.source, visit.now)
            if outcome is Outcome.DONE:
                visit.note(session, "undid the import of a calendar", "import", import_id)
    except CannotUndo as problem:
        form.refuse("digest", str(problem))
        outcome = Outcome.CHANGED
    if outcome is not Outcome.CHANGED:
        return see_other(f"/imports/{import_id}/applied?done=undone")
    form.refuse("digest", CHANGED)
    with visit.reading() as session:
        return _page(visit, session, import_id, form, "1")


def _page(visit: Visit, session: HubSession, import_id: str, form: Form, page: str) -> Response:
    plan = plan_undo(session, import_id, visit.now)
    cases = list(dict.fromkeys(one.hearing.case_id for one in plan.back))
    pages = Pages.of(page, len(cases), CASES_ON_A_PAGE)
    here = cases[pages.cut]
    back = [one for one in plan.back if one.hearing.case_id in here]
    told = {} if plan.why_not else tell_undoing(session, visit.desk.catalog, back, visit.now)
    people = participants(session, here)
    blocks = [BackBlock(case_id, people[case_id], tuple(told.get(case_id, ()))) for case_id in here]
    names = names_by_sign_in(session)
    values = {
        "visit": visit,
        "applied_by": names.get(plan.made.applied_by, plan.made.applied_by),
        "form": form,
        "plan": plan,
        "at": dates.moment_words(plan.made.applied_at, visit.hub.zone),
        "blocks": blocks,
        "pages": pages,
        "cases": len(cases),
        "totals": Totals.of(one for block in blocks for one in block.told),
        "stays": _stays(session, plan),
    }
    return visit.desk.page("import_undo.html", values, status=200 if form.ok else 409)


def _stays(session: HubSession, plan: Undoing) -> list[StaysLine]:
    people = participants(session, {one.hearing.case_id for one in plan.left})
    return [
        StaysLine(
            one.hearing.case_id,
            people[one.hearing.case_id],
            f"{wording.capital(wording.hearing_kind(one.hearing.kind))}, "
            f"{dates.when_words(one.hearing.local_time)}",
            one.why,
        )
        for one in plan.left
    ]
