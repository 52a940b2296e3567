"""Who defends in a case."""

from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Line, Name, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.contact_shapes import ContactIn, ContactOut
from records import counsel as book
from records.casework import NotFound, get_case
from records.database import HubSession

router = guarded_router("counsel")


class CounselIn(In):
    """Counsel, and how packets are announced to them."""

    first_name: Name
    last_name: Line = ""
    kind: Literal["appointed", "retained", "conflict"] = "appointed"
    office: Line = ""
    contacts: Annotated[list[ContactIn], Field(max_length=10)] = []


class CounselOut(Out):
    """Counsel of a case."""

    id: Id
    person_id: Id
    first_name: str
    last_name: str
    kind: str
    office: str
    contacts: list[ContactOut]


def _told(session: HubSession, case_id: str) -> CounselOut:
    known = book.counsel_of(session, get_case(session, case_id))
    if known is None:
        raise NotFound("counsel")
    return CounselOut(
        id=known.counsel.id,
        person_id=known.person.id,
        first_name=known.person.first_name,
        last_name=known.person.last_name,
        kind=known.counsel.kind,
        office=known.counsel.office,
        contacts=[ContactOut.of(contact) for contact in known.contacts],
    )


@router.get(
    "/cases/{case_id}/counsel",
    summary="Who defends in a case",
    responses=documented(problems.NOT_FOUND),
)
def read_counsel(desk: AtDesk, case_id: CaseId) -> CounselOut:
    """Counsel of record, as the hub knows them."""
    with desk.reading() as session:
        return _told(session, case_id)


@router.post(
    "/cases/{case_id}/counsel",
    summary="Name counsel",
    status_code=201,
    response_model=CounselOut,
    responses=documented(problems.NOT_FOUND),
)
def name_counsel(desk: AtOnce, case_id: CaseId, new: CounselIn) -> Response:
    """Say who defends from now on. Packets of the case are built anew with their name."""

    def make(session: HubSession) -> CounselOut:
        named = book.NewCounsel(
            new.first_name,
            new.last_name,
            new.kind,
            new.office,
            tuple(contact.contact() for contact in new.contacts),
        )
        book.set_counsel(session, case_id, named, desk.source, desk.now)
        return _told(session, case_id)

    return desk.do(new, make)
