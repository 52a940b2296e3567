"""The audit trail for programs: who read and changed what, by ids."""

from typing import Annotated

from fastapi import Query

from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.v1.paging import Listed, PartAsked, listed
from records.trail import Wanted, deeds_page

router = guarded_router("hub")


class DeedOut(Out):
    """One row: who did what to which row, and its place in the chain."""

    id: Id
    number: int | None
    happened_at: Instant
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    detail: dict[str, str]
    seal: str


@router.get("/audit", summary="Who read and changed what")
def list_deeds(
    desk: AtDesk,
    asked: PartAsked,
    actor: Annotated[Id | None, Query(description="Of a member of staff or a token.")] = None,
    subject_id: Annotated[Id | None, Query(description="What it was done to.")] = None,
) -> Listed[DeedOut]:
    """The audit trail, newest first. Reading it is itself noted."""
    wanted = Wanted(actor=actor or "", subject_id=subject_id or "")
    with desk.writing() as session:
        desk.audit(session, "read the audit trail", "hub", session.hub_id)
        return listed(asked, deeds_page(session, wanted, asked.window), DeedOut.of)
