"""The outbox: every message that was written, to whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import wording
from api.pages.fates import fate_of
from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.people import named, participants
from api.pages.session import InHub, Visit
from domain.court_time import wall_time
from records.database import HubSession
from records.referral_wall import outside_wall
from records.tables import Case, Counsel, Message, Supporter
from records.threads import tried_again

router = APIRouter(route_class=PageRoute)

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message. `relation` is how the recipient belongs to the participant, where that is
    known; `own` says that it is theirs."""

    at: datetime
    to: str
    relation: str
    own: bool
    participant: str
    case_id: str
    step: str
    channel: str
    language: str
    lang: str
    status: wording.Status
    subject: str
    text: str


@router.get("/outbox")
def show_outbox(visit: InHub, page: str = "1") -> Response:
    """The messages, newest first. That they were read is written into the audit trail."""
    with visit.writing() as session:
        total = session.exec(
            select(func.count(col(Message.id))).where(
                outside_wall(Message, visit.reader.role, visit.caller.id)
            )
        ).one()
        pages = Pages.of(page, total, A_PAGE)
        lines = _lines(session, visit, pages)
        visit.note(session, "read the outbox", "hub", visit.hub.id)
    values = {
        "visit": visit,
        "lines": lines,
        "pages": pages,
    }
    return visit.desk.page("outbox.html", values)


def _lines(session: HubSession, visit: Visit, pages: Pages) -> list[MessageLine]:
    messages = session.exec(
        select(Message)
        .where(outside_wall(Message, visit.reader.role, visit.caller.id))
        .order_by(col(Message.claimed_at).desc(), col(Message.id).desc())
        .offset(pages.cut.start)
        .limit(A_PAGE)
    ).all()
    people = named(session, {message.person_id for message in messages})
    cases = {message.case_id for message in messages if message.case_id}
    whose = participants(session, cases)
    rows = session.exec(
        select(col(Supporter.case_id), col(Supporter.person_id), col(Supporter.relationship)).where(
            col(Supporter.case_id).in_(cases)
        )
    ).all()
    again = tried_again(session, messages)
    counsel = session.exec(
        select(col(Case.id), col(Counsel.person_id))
        .join(Counsel, col(Counsel.id) == Case.counsel_id)
        .where(col(Case.id).in_(cases))
    ).all()
    relations = {(case_id, person): relation for case_id, person, relation in rows}
    relations |= dict.fromkeys(counsel, "counsel")
    return [
        MessageLine(
            at=wall_time(message.claimed_at, visit.hub.zone),
            to=people[message.person_id].first,
            relation=relations.get((message.case_id or "", message.person_id), ""),
            own=message.case_id in whose and whose[message.case_id].id == message.person_id,
            participant=whose[message.case_id].full if message.case_id in whose else "",
            case_id=message.case_id or "",
            step=wording.message_step(message.step),
            channel=wording.channel(message.channel),
            language=wording.language(message.language),
            lang=message.language,
            status=fate_of(message, again, visit.hub.zone),
            subject=message.subject_line,
            text=message.body,
        )
        for message in messages
    ]
