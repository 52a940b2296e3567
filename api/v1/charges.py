"""Charges: written by counsel, read by the team; in no message, feed or family page."""

from enum import StrEnum
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Changes, Id, In, Name, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.paging import Listed, PartAsked, listed
from records import charges as book
from records.charges import ChargeWords
from records.database import HubSession

router = guarded_router("charges")


class ChargeState(StrEnum):
    """Where a charge stands."""

    PENDING = "pending"
    DROPPED = "dropped"
    ACQUITTED = "acquitted"
    ADJUDICATED = "adjudicated"
    CONVICTED = "convicted"
    TRANSFERRED_AWAY = "transferred_away"


class ChargeClass(StrEnum):
    """How grave the law calls a charge."""

    FELONY = "felony"
    MISDEMEANOR = "misdemeanor"
    INFRACTION = "infraction"
    OTHER = "other"


class ChargeOut(Out):
    """A charge."""

    id: Id
    case_id: Id
    statute: str
    words: str
    charge_class: str
    state: str


class ChargeIn(In):
    """A charge to write down."""

    statute: Name
    words: Text = ""
    charge_class: ChargeClass = ChargeClass.OTHER
    state: ChargeState = ChargeState.PENDING


class ChargeChanges(Changes):
    """What to correct, or what became of it."""

    statute: Name = ""
    words: Text = ""
    charge_class: ChargeClass = ChargeClass.OTHER
    state: ChargeState = ChargeState.PENDING


@router.get(
    "/cases/{case_id}/charges",
    summary="A case's charges",
    responses=documented(problems.NOT_FOUND),
)
def list_charges(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[ChargeOut]:
    """The charges of a case."""
    with desk.reading() as session:
        return listed(asked, book.charges_page(session, case_id, asked.window), ChargeOut.of)


@router.post(
    "/cases/{case_id}/charges",
    summary="Write a charge down",
    status_code=201,
    response_model=ChargeOut,
    responses=documented(problems.NOT_FOUND),
)
def add_charge(desk: AtOnce, case_id: CaseId, new: ChargeIn) -> Response:
    """Counsel writes a charge down."""

    def make(session: HubSession) -> ChargeOut:
        words = ChargeWords(**dict(new))
        return ChargeOut.of(book.add_charge(session, case_id, words, desk.source, desk.now))

    return desk.do(new, make)


@router.patch(
    "/charges/{charge_id}",
    summary="Correct a charge",
    responses=documented(problems.NOT_FOUND),
)
def change_charge(
    desk: AtDesk,
    charge_id: Annotated[Id, Path(description="Id of a charge.")],
    changes: ChargeChanges,
) -> ChargeOut:
    """Counsel corrects a charge, or writes down what became of it."""
    with desk.writing() as session:
        known = book.get_charge(session, charge_id)
        said = {name: getattr(known, name) for name in ChargeWords.__dataclass_fields__}
        words = ChargeWords(**{**said, **changes.said()})
        return ChargeOut.of(book.change_charge(session, charge_id, words, desk.source, desk.now))
