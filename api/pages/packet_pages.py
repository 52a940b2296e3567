"""Packets: what the advocate writes, and the files of every version."""

from typing import Literal

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from activities.documents.errors import StoreError
from activities.packet_inputs import DEFAULT_ASK
from api.pages import dates, once, wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import circle
from api.pages.problems import FileGone
from api.pages.session import Caseworker, Visit
from domain.packets import ENDED_PACKETS
from domain.vocabulary import HearingStatus
from records.casework import NotFound, get_case
from records.database import HubSession
from records.packets import (
    PacketContent,
    change_packet,
    content_of,
    get_packet,
    request_packet,
)
from records.tables import Hearing, Packet, PacketVersion

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/packets")

KIND = "release"
LISTS = ("ties", "residence", "occupation", "caregiving", "conditions", "letters")
LINES = ("transport", "judge", "prepared_by")
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@router.get("/new")
def show_new(visit: Caseworker, case_id: str) -> Response:
    """The form for a packet."""
    with visit.reading() as session:
        author = "" if visit.runs_hub else visit.name
        known = Form({"ask": DEFAULT_ASK, "prepared_by": author})
        return _page(visit, session, case_id, None, known)


@router.post("/new")
def save_new(visit: Caseworker, case_id: str, form: Sent) -> Response:
    """Ask for the packet; its first version is built within seconds."""
    content = _content(form, {})
    with visit.writing() as session:
        get_case(session, case_id)
        hearing_id = form.choice(
            "hearing",
            [hearing.id for hearing in _hearings(session, case_id)],
            "Choose the hearing that the packet is for. Without one, add the court date first.",
        )
        if not form.ok:
            return _page(visit, session, case_id, None, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=packet#packets")
        request_packet(
            session, case_id, KIND, content, visit.source, visit.now, hearing_id=hearing_id
        )
    return see_other(location)


@router.get("/{packet_id}/edit")
def show_edit(visit: Caseworker, case_id: str, packet_id: str) -> Response:
    """The form with what the packet says now."""
    with visit.reading() as session:
        packet = _packet(session, case_id, packet_id)
        content = content_of(packet)
        known = {name: "\n".join(getattr(content, name)) for name in LISTS}
        known |= {name: getattr(content, name) for name in LINES}
        known |= {"ask": content.ask or DEFAULT_ASK, "hearing": packet.hearing_id or ""}
        return _page(visit, session, case_id, packet, Form(known))


@router.post("/{packet_id}/edit")
def save_edit(visit: Caseworker, case_id: str, packet_id: str, form: Sent) -> Response:
    """Change what it says; the next version is built by itself."""
    with visit.writing() as session:
        packet = _packet(session, case_id, packet_id)
        content = _content(form, content_of(packet).helpers)
        if packet.state in ENDED_PACKETS:
            form.refuse("ask", "This packet was filed or replaced. Ask for a new one.")
        if not form.ok:
            return _page(visit, session, case_id, packet, form)
        change_packet(session, packet.id, content, visit.source, visit.now)
    return see_other(f"/cases/{case_id}?done=packet#packets")


@router.get("/{version_id}/{form}")
def download(
    visit: Caseworker, case_id: str, version_id: str, form: Literal["docx", "pdf"]
) -> Response:
    """A version's file. That it was taken is written into the audit trail first.

    The browser is told to save it, never to show it within this site.
    """
    with visit.writing() as session:
        version, packet = _version(session, case_id, version_id)
        key = version.docx_key if form == "docx" else version.pdf_key
        if not key:
            raise NotFound("file")
        visit.note(session, f"took a packet as {form}", "packet_version", version.id)
    try:
        content = visit.desk.store.get(key)
    except StoreError:
        raise FileGone from None
    name = f"{packet.kind}-packet-v{version.number}.{form}"
    return Response(
        content,
        media_type=MEDIA[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _content(form: Form, helpers: dict[str, str]) -> PacketContent:
    return PacketContent(
        ask=form.text("ask", "Say what the court is asked to consider.", most=2000),
        ties=form.lines("ties"),
        residence=form.lines("residence"),
        occupation=form.lines("occupation"),
        caregiving=form.lines("caregiving"),
        conditions=form.lines("conditions"),
        transport=form.line("transport", most=300),
        judge=form.line("judge", most=100),
        prepared_by=form.line("prepared_by", most=100),
        letters=form.lines("letters"),
        helpers=helpers,
    )


def _packet(session: HubSession, case_id: str, packet_id: str) -> Packet:
    packet = get_packet(session, packet_id)
    if packet.case_id != case_id:
        raise NotFound("packet")
    return packet


def _version(session: HubSession, case_id: str, version_id: str) -> tuple[PacketVersion, Packet]:
    version = session.get(PacketVersion, version_id)
    if version is None:
        raise NotFound("packet version")
    return version, _packet(session, case_id, version.packet_id)


def _hearings(session: HubSession, case_id: str) -> list[Hearing]:
    return list(
        session.exec(
            select(Hearing)
            .where(Hearing.case_id == case_id, Hearing.status == HearingStatus.SCHEDULED)
            .order_by(col(Hearing.starts_at))
        ).all()
    )


def _page(
    visit: Visit, session: HubSession, case_id: str, packet: Packet | None, form: Form
) -> Response:
    get_case(session, case_id)
    hearings = [
        (
            hearing.id,
            f"{wording.capital(wording.hearing_kind(hearing.kind))}, "
            f"{dates.when_words(hearing.local_time)}",
        )
        for hearing in _hearings(session, case_id)
    ]
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "packet": packet,
        "hearings": hearings,
    }
    return visit.desk.page("packet_form.html", values, status=200 if form.ok else 422)
