"""Who must not meet, for supervisors alone: kept apart, seen together, taken down again.

Names are typed into forms and never stand in an address. Nobody else learns that a conflict is
there: an advocate is told that a provider cannot be offered, and nothing of whom.
"""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import Named, named
from api.pages.session import InHub, Visit
from records.casework import NotFound
from records.conflicts import (
    SamePerson,
    declare_conflict,
    end_conflict,
    every_conflict,
    open_together,
)
from records.database import HubSession
from records.finding import find_people
from records.tables import Case, Defendant, Docket, Provider

router = APIRouter(route_class=PageRoute, prefix="/conflicts")

MOST_FOUND = 12
DONE = {
    "apart": "They are kept apart from now on. Nobody but supervisors sees this.",
    "ended": "They need not be kept apart any more.",
}
SIDES = ("one", "other")


@dataclass(frozen=True, slots=True)
class Pair:
    """A conflict with both names, and the providers at which both are now."""

    id: str
    one: Named
    other: Named
    together: tuple[str, ...]


@router.get("")
def show_conflicts(visit: InHub, done: str = "") -> Response:
    """Everybody who is kept apart. That it was read is written down."""
    with visit.writing() as session:
        visit.note(session, "read who is kept apart", "hub", visit.hub.id)
        return _page(visit, session, Form(), DONE.get(done, ""))


@router.post("/find")
def find(visit: InHub, form: Sent) -> Response:
    """Whoever has these names, to be chosen from. Changes nothing."""
    with visit.reading() as session:
        for side in SIDES:
            form.line(f"{side}_name", "Type a name, or part of it.")
        return _page(visit, session, form, looking=form.ok)


@router.post("")
def declare(visit: InHub, form: Sent) -> Response:
    """Two people are kept apart from now on."""
    with visit.writing() as session:
        found = {side: _found(session, form, side) for side in SIDES}
        one, other = (
            form.choice(side, {who.id for who, _ in found[side]}, "Choose who it is.")
            for side in SIDES
        )
        if form.ok:
            try:
                declare_conflict(session, one, other, visit.source, visit.now)
            except SamePerson as why:
                form.refuse("other", str(why))
        if not form.ok:
            return _page(visit, session, form, looking=True)
    return see_other("/conflicts?done=apart")


@router.post("/{conflict_id}/end")
def end(visit: InHub, conflict_id: str) -> Response:
    """They need not be kept apart any more."""
    with visit.writing() as session:
        known = {row.id for row in every_conflict(session)}
        if conflict_id not in known:
            raise NotFound("conflict")
        end_conflict(session, conflict_id, visit.source, visit.now)
    return see_other("/conflicts?done=ended")


def _page(
    visit: Visit, session: HubSession, form: Form, done: str = "", *, looking: bool = False
) -> Response:
    rows = every_conflict(session)
    people = named(session, {one for row in rows for one in (row.person_id, row.other_id)})
    at = {row.id: open_together(session, row) for row in rows}
    ids = {provider for found in at.values() for provider in found}
    names = {
        provider.id: provider.name
        for provider in session.exec(select(Provider).where(col(Provider.id).in_(ids))).all()
    }
    values = {
        "visit": visit,
        "form": form,
        "done": done,
        "pairs": [
            Pair(
                row.id,
                people[row.person_id],
                people[row.other_id],
                tuple(sorted(names[one] for one in at[row.id])),
            )
            for row in rows
        ],
        "found": {side: _found(session, form, side) for side in SIDES} if looking else {},
        "most": MOST_FOUND,
    }
    return visit.desk.page("conflicts.html", values, status=200 if form.ok else 422)


def _found(session: HubSession, form: Form, side: str) -> list[tuple[Named, str]]:
    """People whose name fits what was typed, and how the hub knows each."""
    found = find_people(session, form.line(f"{side}_name"), MOST_FOUND)
    dockets = _dockets(session, [who.person_id for who in found])
    return [
        (
            Named(who.person_id, who.first, who.last),
            ", ".join((_standing(who.participant), *dockets.get(who.person_id, ()))),
        )
        for who in found
    ]


def _standing(is_participant: bool) -> str:
    return "participant" if is_participant else "in somebody's circle"


def _dockets(session: HubSession, person_ids: Collection[str]) -> dict[str, list[str]]:
    """Person id → docket numbers: two people of one name must not be taken for each other."""
    rows = session.exec(
        select(col(Defendant.person_id), col(Docket.number))
        .join(Case, col(Case.defendant_id) == Defendant.id)
        .join(Docket, col(Docket.case_id) == Case.id)
        .where(col(Defendant.person_id).in_(person_ids))
        .order_by(col(Docket.id))
    ).all()
    told: dict[str, list[str]] = {}
    for person_id, number in rows:
        told.setdefault(person_id, []).append(number)
    return told
