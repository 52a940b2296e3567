"""Counsel signed in: my clients, what waits for me, my notes, my calendar.

A packet or a report is opened on the one page that counsel's private link opens, too: there is one
way to read and approve. That a client is their own is asked where each is read
(`records/clients.py`).
"""

from fastapi import APIRouter
from starlette.responses import Response

from activities.plan_reporting import get_report, report_link
from api.calendar_feeds import feed_address
from api.pages import dates
from api.pages.client_view import (
    OPEN_TO_COUNSEL,
    client_lines,
    read_client,
    reports_for,
)
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.private import PrivateVisit, enter, note_opening
from api.pages.session import InHub, Visit
from domain.vocabulary import PacketState
from records.casework import NotFound
from records.clients import (
    client_case,
    drop_note,
    end_calendar,
    has_calendar,
    open_calendar,
    share_note,
    write_note,
)
from records.database import HubSession
from records.packet_reviews import counsel_link
from records.packets import get_packet
from records.plans import get_plan
from records.tables import PrivateLink, ProgressReport

router = APIRouter(route_class=PageRoute, prefix="/clients")

MOST_WORDS = 5000
DONE = {
    "note": "Kept. Only you read it.",
    "shared": "Kept. The hub’s team reads it, too.",
    "unshared": "Only you read it now.",
    "gone": "Thrown away.",
    "ended": "The calendar address shows nothing any more.",
}


@router.get("")
def show_clients(visit: InHub, done: str = "") -> Response:
    """Everybody whom the visitor defends now."""
    with visit.reading() as session:
        values = {
            "visit": visit,
            "lines": client_lines(session, visit),
            "today": dates.today_in(visit.hub.zone, visit.now),
            "has_calendar": has_calendar(session, visit.caller.id),
            "done": DONE.get(done, ""),
        }
    return visit.desk.page("clients.html", values)


@router.get("/{case_id}")
def show_client(visit: InHub, case_id: str, done: str = "") -> Response:
    """One of them. That it was read is written into the audit trail."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        visit.note(session, "read a client's page", "case", case_id)
    return _client(visit, case_id, Form(), DONE.get(done, ""))


@router.post("/{case_id}/packets/{packet_id}/open")
def open_packet(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """On to the packet's own page, where it is read, approved, sent back and taken."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        packet = get_packet(session, packet_id)
        state = PacketState(packet.state)
        if packet.case_id != case_id or state not in OPEN_TO_COUNSEL or packet.cancelled_at:
            raise NotFound("packet")
        link = counsel_link(session, packet, visit.now)
        visit.note(session, "went to a packet's page", "packet", packet_id)
    private = _private(visit, link)
    return enter(private, lambda session: note_opening(private, session))


@router.post("/{case_id}/reports/{report_id}/open")
def open_report(visit: InHub, case_id: str, report_id: str, form: Sent) -> Response:
    """On to the report's own page."""
    with visit.writing() as session:
        client_case(session, visit.caller.id, case_id)
        row = get_report(session, report_id)
        theirs = {one.id for one in reports_for(session, visit, case_id)}
        if get_plan(session, row.plan_id).case_id != case_id or row.id not in theirs:
            raise NotFound("report")
        link = report_link(session, row, visit.now)
        visit.note(session, "went to a report's page", "progress_report", report_id)

    def opened(session: HubSession) -> None:
        kept = session.get_one(ProgressReport, report_id)
        kept.opened_at = kept.opened_at or visit.now
        session.add(kept)

    return enter(_private(visit, link), opened)


@router.post("/{case_id}/notes")
def save_note(visit: InHub, case_id: str, form: Sent) -> Response:
    """Something counsel wants to keep about a client."""
    with visit.reading() as session:
        client_case(session, visit.caller.id, case_id)
    body = form.text("body", "Write something first.", most=MOST_WORDS)
    shared = form.ticked("shared")
    if not form.ok:
        return _client(visit, case_id, form)
    with visit.writing() as session:
        note = write_note(session, visit.caller.id, case_id, body, visit.now, shared=shared)
        visit.note(session, "wrote a note of counsel's", "counsel_note", note.id)
    return see_other(f"/clients/{case_id}?done={'shared' if shared else 'note'}#notes")


@router.post("/{case_id}/notes/{note_id}/share")
def save_sharing(visit: InHub, case_id: str, note_id: str, form: Sent) -> Response:
    """Let the team read it, or not any more."""
    shared = form.kept("shared") == "yes"
    with visit.writing() as session:
        share_note(session, visit.caller.id, case_id, note_id, visit.now, shared=shared)
        what = "shared a note of counsel's" if shared else "took a note of counsel's back"
        visit.note(session, what, "counsel_note", note_id)
    return see_other(f"/clients/{case_id}?done={'shared' if shared else 'unshared'}#notes")


@router.post("/{case_id}/notes/{note_id}/remove")
def remove_note(visit: InHub, case_id: str, note_id: str, form: Sent) -> Response:
    """Throw it away."""
    with visit.writing() as session:
        drop_note(session, visit.caller.id, case_id, note_id)
        visit.note(session, "threw a note of counsel's away", "counsel_note", note_id)
    return see_other(f"/clients/{case_id}?done=gone#notes")


@router.post("/calendar")
def make_calendar(visit: InHub, form: Sent) -> Response:
    """A new address for a calendar app, shown in this answer alone; the one before ends."""
    with visit.writing() as session:
        secret = open_calendar(session, visit.caller.id, visit.now)
        visit.note(session, "made a calendar address", "staff_member", visit.caller.id)
    address = feed_address(visit.desk.settings, secret)
    return visit.desk.page("client_calendar.html", {"visit": visit, "address": address})


@router.post("/calendar/end")
def stop_calendar(visit: InHub, form: Sent) -> Response:
    """The address shows nothing any more."""
    with visit.writing() as session:
        end_calendar(session, visit.caller.id, visit.now)
        visit.note(session, "ended a calendar address", "staff_member", visit.caller.id)
    return see_other("/clients?done=ended")


def _client(visit: Visit, case_id: str, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        case = client_case(session, visit.caller.id, case_id)
        values = {
            "visit": visit,
            "form": form,
            "client": read_client(session, visit, case),
            "done": done,
        }
    return visit.desk.page("client.html", values, status=200 if form.ok else 422)


def _private(visit: Visit, link: PrivateLink) -> PrivateVisit:
    return PrivateVisit(visit.desk, link, visit.hub, "en", visit.now)
