"""The contact log: who was in touch with whom, who waits, and figures without names."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, In, Instant, Line, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.paging import Listed, PartAsked, listed
from domain.contact_log import ContactAbout, ContactMethod, ContactPlace, figures
from domain.court_time import wall_time
from records import contact_log as book
from records.casework import get_case
from records.database import HubSession
from records.hubs import the_hub
from records.listing_queries import page_of
from records.tables import ContactEntry

router = guarded_router("contact log")

EntryId = Annotated[Id, Path(description="Id of an entry in a contact log.")]


class ContactEntryIn(In):
    """A contact that was held, or only tried."""

    happened_at: Instant
    method: ContactMethod
    held: bool = Field(True, strict=True, description="False: it was only tried.")
    place: ContactPlace | None = None
    about: ContactAbout | None = None
    minutes: Annotated[int, Field(ge=0, le=1440, strict=True)] = 0
    note: Text = Field("", description="Stays in the log. No facts of the case.")
    next_on: Day | None = Field(None, description="What was agreed, a day local to the hub.")
    step_id: Id | None = Field(None, description="The step of their plan that it shows.")


class StrikeIn(In):
    """Why an entry is wrong."""

    why: Line = Field(min_length=1)


class ContactEntryOut(Out):
    """One entry. A struck one counts nowhere."""

    id: Id
    case_id: Id
    happened_at: Instant
    method: ContactMethod
    held: bool
    place: str
    about: str
    minutes: int
    note: str
    next_on: Day | None
    step_id: Id | None
    written_by: str
    struck_at: Instant | None
    struck_by: str
    struck_why: str


class CaseloadLineOut(Out):
    """One person of a caseload; days are local to the hub."""

    case_id: Id
    custody: str
    last_on: Day | None = Field(description="The last contact that was held.")
    tried: int = Field(description="How often it was tried in vain since then.")
    due_on: Day | None
    overdue: bool


class CaseloadOut(Out):
    """Whom to be in touch with."""

    people: list[CaseloadLineOut] = Field(description="Overdue first, then whoever is due next.")
    total: int = Field(description="How many there are, shown or not.")


class FigureOut(Out):
    """Contacts of one month and way; null where fewer than five people are behind it."""

    month: Day = Field(description="The first day of the month.")
    method: ContactMethod
    held: int | None
    tried: int | None
    people: int | None


class ContactFiguresOut(Out):
    """The contacts of the last twelve months, newest first."""

    lines: list[FigureOut]


@router.get(
    "/cases/{case_id}/contact-log",
    summary="A case's contact log",
    responses=documented(problems.NOT_FOUND),
)
def list_contact_log(desk: AtDesk, asked: PartAsked, case_id: CaseId) -> Listed[ContactEntryOut]:
    """Every entry, struck ones too. That it was read is written into the audit."""
    with desk.writing() as session:
        case = get_case(session, case_id)
        desk.audit(session, "read a contact log", "case", case.id)
        statement = select(ContactEntry).where(ContactEntry.case_id == case.id)
        page = page_of(session, statement, ContactEntry.id, asked.window)
        return listed(asked, page, ContactEntryOut.of)


@router.post(
    "/cases/{case_id}/contact-log",
    summary="Write a contact down",
    status_code=201,
    response_model=ContactEntryOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def note_contact(desk: AtOnce, case_id: CaseId, new: ContactEntryIn) -> Response:
    """On a bad connection send it again with the same Idempotency-Key: it is written down once."""

    def make(session: HubSession) -> ContactEntryOut:
        wanted = book.NewContactEntry(
            happened_at=new.happened_at,
            method=new.method,
            held=new.held,
            place=new.place,
            about=new.about,
            minutes=new.minutes,
            note=new.note,
            next_on=new.next_on,
            step_id=new.step_id or "",
        )
        return ContactEntryOut.of(
            book.note_contact(session, case_id, wanted, "", desk.source, desk.now)
        )

    return desk.do(new, make)


@router.post(
    "/contact-log/{entry_id}/strike",
    summary="Strike an entry",
    response_model=ContactEntryOut,
    responses=documented(problems.NOT_FOUND),
)
def strike_contact(desk: AtOnce, entry_id: EntryId, said: StrikeIn) -> Response:
    """It stays to be read, counts nowhere, and shows no step any more."""

    def make(session: HubSession) -> ContactEntryOut:
        return ContactEntryOut.of(
            book.strike_contact(session, entry_id, said.why, desk.source, desk.now)
        )

    return desk.do(said, make, 200)


@router.get("/caseload", summary="Whom to be in touch with")
def read_caseload(
    desk: AtDesk,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    advocate_id: Annotated[Id | None, Query(description="Cases of this advocate alone.")] = None,
) -> CaseloadOut:
    """People of open cases. Nobody is overdue while in custody."""
    with desk.reading() as session:
        today = wall_time(desk.now, the_hub(session).zone).date()
        lines = book.caseload(session, desk.now, advocate_id=advocate_id or "")
    people = [
        CaseloadLineOut(
            case_id=one.case_id,
            custody=one.custody,
            last_on=one.last_on,
            tried=one.tried,
            due_on=one.due_on,
            overdue=one.is_overdue(today),
        )
        for one in lines[:limit]
    ]
    return CaseloadOut(people=people, total=len(lines))


@router.get("/contact-figures", summary="Contacts by month, without names")
def read_contact_figures(desk: AtDesk) -> ContactFiguresOut:
    """How many contacts were held or tried, and with how many people."""
    with desk.reading() as session:
        lines = figures(book.counted(session, desk.now))
    return ContactFiguresOut(lines=[FigureOut.of(line) for line in lines])
