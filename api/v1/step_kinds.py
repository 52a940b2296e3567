"""Kinds of plan steps: Homeward's, and those that a hub has of its own."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StrictBool
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Name, Out
from api.once import AtOnce
from api.problems import documented
from domain.step_kinds import STEP_KINDS, TREATMENT
from records import step_kinds as book
from records.database import HubSession
from records.tables import HubStepKind

router = guarded_router("plans")


class KindOut(Out):
    """A kind of step."""

    key: str = Field(description="What a step's kind is.")
    label: str
    treatment: bool = Field(description="Health care: shared with a consent only.")
    id: Id | None = Field(description="Of one of the hub's own; null for Homeward's.")


class KindsOut(Out):
    """Every kind that a new step can have."""

    items: list[KindOut]


class KindIn(In):
    """A kind of the hub's own."""

    label: Name
    treatment: StrictBool = False


def _told(row: HubStepKind) -> KindOut:
    return KindOut(key=row.key, label=row.label, treatment=row.treatment, id=row.id)


@router.get("/step-kinds", summary="Kinds of plan steps")
def list_step_kinds(desk: AtDesk) -> KindsOut:
    """Homeward's kinds first, then the hub's own by name."""
    with desk.reading() as session:
        own = [_told(row) for row in book.own_kinds(session)]
    known = [
        KindOut(key=str(key), label=words, treatment=key in TREATMENT, id=None)
        for key, words in STEP_KINDS.items()
    ]
    return KindsOut(items=known + own)


@router.post(
    "/step-kinds",
    summary="A kind of the hub's own",
    status_code=201,
    response_model=KindOut,
    responses=documented(problems.CONFLICT),
)
def add_step_kind(desk: AtOnce, new: KindIn) -> Response:
    """Add a kind; one of the same name that was ended is taken up again."""

    def make(session: HubSession) -> KindOut:
        return _told(book.add_kind(session, new.label, treatment=new.treatment))

    return desk.do(new, make)


@router.post(
    "/step-kinds/{kind_id}/end",
    summary="No new step is of this kind",
    response_model=KindOut,
    responses=documented(problems.NOT_FOUND),
)
def end_step_kind(
    desk: AtOnce, kind_id: Annotated[Id, Path(description="Id of one of the hub's own kinds.")]
) -> Response:
    """Steps of this kind stay as they are."""

    def make(session: HubSession) -> KindOut:
        return _told(book.end_kind(session, kind_id, desk.now))

    return desk.do(None, make, 200)
