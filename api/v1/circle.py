"""The circle around a defendant: family and friends who stand beside them."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StrictBool
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Language, Line, Name, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.contact_shapes import ContactIn
from api.v1.paging import Listed, PartAsked, listed
from records import circle as book
from records import plan_moves as moves
from records.attributing import adopt_all
from records.circle import NewSupporter
from records.database import HubSession
from records.listing_queries import get_person, supporters_page
from records.tables import Supporter

router = guarded_router("circle")


class SupporterOut(Out):
    """Someone in the circle of a case."""

    id: Id
    case_id: Id
    person_id: Id
    first_name: str
    last_name: str
    language: str
    relationship: str
    may_know_hearings: bool
    mentor: bool = Field(description="Hears of the steps of the plan, as the defendant chose.")
    enrolled_at: Instant
    ended_at: Instant | None


class SupporterIn(In):
    """Someone to take into the circle, and how they agreed to be reached."""

    first_name: Name
    last_name: Line = ""
    relationship: Line = ""
    language: Language = "en"
    may_know_hearings: StrictBool = Field(True, description="The defendant agreed to it.")
    mentor: StrictBool = Field(False, description="The defendant chose them as a mentor.")
    contacts: Annotated[list[ContactIn], Field(max_length=10)] = []


class MentorIn(In):
    """Whether a supporter is the defendant's mentor."""

    mentor: StrictBool


def _told(session: HubSession, supporter: Supporter) -> SupporterOut:
    person = get_person(session, supporter.person_id)
    return SupporterOut(
        id=supporter.id,
        case_id=supporter.case_id,
        person_id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        language=person.language,
        relationship=supporter.relationship,
        may_know_hearings=supporter.may_know_hearings,
        mentor=supporter.mentor,
        enrolled_at=supporter.enrolled_at,
        ended_at=supporter.ended_at,
    )


@router.get(
    "/cases/{case_id}/supporters",
    summary="Who stands beside the defendant",
    responses=documented(problems.NOT_FOUND),
)
def list_supporters(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[SupporterOut]:
    """Everyone who is, or was, in the circle of a case."""
    with desk.reading() as session:
        page = supporters_page(session, case_id, asked.window)
        return listed(asked, page, lambda row: _told(session, row))


@router.post(
    "/cases/{case_id}/supporters",
    summary="Take someone into the circle",
    status_code=201,
    response_model=SupporterOut,
    responses=documented(problems.NOT_FOUND),
)
def enroll_supporter(desk: AtOnce, case_id: CaseId, new: SupporterIn) -> Response:
    """Enroll a relative or friend. They are told of the next hearing at once."""

    def make(session: HubSession) -> SupporterOut:
        supporter = book.enroll_supporter(
            session,
            case_id,
            NewSupporter(
                new.first_name,
                new.last_name,
                new.relationship,
                new.language,
                tuple(contact.contact() for contact in new.contacts),
                new.may_know_hearings,
                new.mentor,
            ),
            desk.source,
            desk.now,
        )
        adopt_all(session, supporter.person_id, desk.source, desk.now)
        return _told(session, supporter)

    return desk.do(new, make)


@router.post(
    "/supporters/{supporter_id}/end",
    summary="Someone leaves the circle",
    response_model=SupporterOut,
    responses=documented(problems.NOT_FOUND),
)
def end_supporter(
    desk: AtOnce, supporter_id: Annotated[Id, Path(description="Id of a supporter.")]
) -> Response:
    """Nothing more is sent to them about this case."""

    def make(session: HubSession) -> SupporterOut:
        return _told(session, book.end_supporter(session, supporter_id, desk.source, desk.now))

    return desk.do(None, make, 200)


@router.post(
    "/supporters/{supporter_id}/mentor",
    summary="A supporter becomes a mentor, or is none any more",
    response_model=SupporterOut,
    responses=documented(problems.NOT_FOUND),
)
def name_mentor(
    desk: AtOnce,
    supporter_id: Annotated[Id, Path(description="Id of a supporter.")],
    said: MentorIn,
) -> Response:
    """A mentor is told of the plan's steps, but never of health care."""

    def make(session: HubSession) -> SupporterOut:
        return _told(
            session,
            moves.name_mentor(session, supporter_id, said.mentor, desk.source, desk.now),
        )

    return desk.do(said, make, 200)
