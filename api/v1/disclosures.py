"""The log of disclosures: what was shared of a person, and the accounting that they may have."""

from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.once import AtOnce
from api.problems import documented
from api.v1.contacts import PersonId
from api.v1.paging import Listed, PartAsked, listed
from api.v1.sharing_shapes import DisclosureIn, DisclosureOut, NotedOut
from domain.consents import PART2_NOTICE, Recipient
from records.casework import get_case
from records.consent_drafts import named
from records.database import HubSession
from records.disclosures import Telling, accounting_csv, disclose
from records.listing_queries import get_person, page_of
from records.tables import Disclosure

router = guarded_router("disclosures")

CSV_NAME = "accounting-of-disclosures.csv"


@router.get(
    "/people/{person_id}/disclosures",
    summary="What was shared of someone",
    responses=documented(problems.NOT_FOUND),
)
def list_disclosures(desk: AtDesk, asked: PartAsked, person_id: PersonId) -> Listed[DisclosureOut]:
    """Each disclosure with its recipient, its purpose and its consent."""
    with desk.reading() as session:
        person = get_person(session, person_id)
        statement = select(Disclosure).where(Disclosure.person_id == person.id)
        page = page_of(session, statement, Disclosure.id, asked.window)
        return listed(asked, page, DisclosureOut.of)


@router.post(
    "/people/{person_id}/disclosures",
    summary="Note a disclosure before it is made",
    status_code=201,
    response_model=NotedOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_CONSENTED),
)
def note_disclosure(desk: AtOnce, person_id: PersonId, new: DisclosureIn) -> Response:
    """Ask whether something may be told to somebody, and write it down if so. Refused, nothing may
    be told. `notice` is what must go along with records of substance use treatment."""

    def make(session: HubSession) -> NotedOut:
        person = get_person(session, person_id)
        case_id = get_case(session, new.case_id).id if new.case_id else None
        to = named(session, Recipient(new.recipient_kind, new.recipient, new.recipient_id or ""))
        telling = Telling(person.id, to, frozenset(new.kinds), new.what, new.how, case_id)
        rows = disclose(session, telling, desk.source, desk.now)
        notice = PART2_NOTICE if any(row.notice for row in rows) else None
        return NotedOut(items=[DisclosureOut.of(row) for row in rows], notice=notice)

    return desk.do(new, make)


@router.get(
    "/people/{person_id}/disclosures/accounting",
    summary="The accounting of disclosures as CSV",
    response_class=Response,
    responses={
        **documented(problems.NOT_FOUND),
        200: {"description": "The table.", "content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
def download_accounting(desk: AtDesk, person_id: PersonId) -> Response:
    """Every disclosure, the newest first. That it was taken is written into the audit."""
    with desk.writing() as session:
        person = get_person(session, person_id)
        table = accounting_csv(session, person.id)
        desk.audit(session, "took an accounting of disclosures", "person", person.id)
    headers = {
        "Content-Disposition": f'attachment; filename="{CSV_NAME}"',
        "Cache-Control": "no-store",
    }
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)
