"""How the court and the jail know a person: readable for few, and every reading is noted."""

from datetime import date

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Changes, Day, Line, Out
from api.problems import documented
from api.v1.cases import CaseId
from records import case_listing
from records.case_listing import Identity

router = guarded_router("cases")


class IdentityOut(Out):
    """How the court and the jail know the defendant."""

    docket_name: str
    birth_date: Day | None


class IdentityChanges(Changes):
    """What to correct."""

    docket_name: Line = ""
    birth_date: Day | None = None


class Kept(Out):
    """It was kept; what was kept is not repeated."""

    kept: list[str]


@router.get(
    "/cases/{case_id}/identity",
    summary="How the court knows the defendant",
    responses=documented(problems.NOT_FOUND),
)
def read_identity(desk: AtDesk, case_id: CaseId) -> IdentityOut:
    """The name on the docket and the date of birth. Reading them is written into the audit."""
    with desk.writing() as session:
        identity = case_listing.identity_of(session, case_id)
        desk.audit(session, "read the identity", "case", case_id)
    born = date.fromisoformat(identity.birth_date) if identity.birth_date else None
    return IdentityOut(docket_name=identity.docket_name, birth_date=born)


@router.patch(
    "/cases/{case_id}/identity",
    summary="Correct how the court knows the defendant",
    responses=documented(problems.NOT_FOUND),
)
def change_identity(desk: AtDesk, case_id: CaseId, changes: IdentityChanges) -> Kept:
    """Correct the name on the docket or the date of birth. The answer repeats neither."""
    said = changes.said()
    if "birth_date" in said:
        said["birth_date"] = said["birth_date"].isoformat() if said["birth_date"] else ""
    with desk.writing() as session:
        known = case_listing.identity_of(session, case_id)
        new = Identity(
            said.get("docket_name", known.docket_name), said.get("birth_date", known.birth_date)
        )
        case_listing.change_identity(session, case_id, new, desk.source, desk.now)
        desk.audit(session, "changed the identity", "case", case_id)
    return Kept(kept=sorted(said))
