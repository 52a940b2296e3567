"""The page of one packet: how far it is, what is missing, its versions; asking for a new one."""

import hashlib
import json
from collections.abc import Mapping

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates, once, packet_words, wording
from api.pages.downloading import ticket_of_staff
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.packet_desk_view import desk_view
from api.pages.packet_files import thing_in
from api.pages.people import circle
from api.pages.session import InHub, Visit
from api.pages.tickets import Thing
from domain.packet_sections import ASKS
from domain.packets import ENDED_PACKETS
from domain.vocabulary import HearingStatus, PacketKind
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

NEXT = "next"
"""The choice of whichever hearing comes next."""
HELP = "help-"
"""What a supporter will do: a field for each, with the person's id."""
SEEN = "seen"
"""What the form showed when it was opened."""
DONE = {
    "asked": "The packet is begun, and its first version is being made. Load this page again in "
    "a minute.",
    "changed": "Saved. The next version is being made.",
    "drafting": "Drafting has begun.",
    "participant": "They are asked to read it, and get a message where one can reach them.",
    "noted": "Their answer is noted.",
    "counsel": "Counsel is asked to read it, and gets a message where one can reach them.",
    "link": "Counsel has a new link. The old one does not work any more.",
    "cancelled": "Cancelled. Everything is kept, nobody is asked for anything any more, and it can "
    "be taken up again.",
    "resumed": "Taken up again where it stood.",
    "replaced": "This packet took the place of the one before, and began with what both say.",
    "filed": "Noted as filed.",
    "named": "Counsel is named.",
}


@router.get("/new")
def show_new(visit: InHub, case_id: str) -> Response:
    """The form for a packet."""
    with visit.reading() as session:
        author = "" if visit.runs_hub else visit.name
        known = Form({"kind": PacketKind.RELEASE, "prepared_by": author})
        return _new(visit, session, case_id, known)


@router.post("/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Ask for the packet; its first version is built within a minute."""
    kind = form.choice("kind", set(PacketKind), "Choose what kind of packet this is.")
    ask = form.text("ask", most=2000)
    author = form.line("prepared_by", most=100)
    with visit.writing() as session:
        get_case(session, case_id)
        hearing = _chosen_hearing(session, case_id, form)
        if not form.ok:
            return _new(visit, session, case_id, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        packet = request_packet(
            session,
            case_id,
            kind,
            PacketContent(ask=ask, prepared_by=author),
            visit.source,
            visit.now,
            hearing_id=hearing,
        )
        location = once.keep(session, visit, form, f"{url_of(packet)}?done=asked")
    return see_other(location)


@router.get("/{packet_id}")
def show(visit: InHub, case_id: str, packet_id: str, done: str = "") -> Response:
    """The packet. That it was read is written into the audit trail."""
    with visit.writing() as session:
        packet = packet_here(session, case_id, packet_id)
        visit.note(session, "read a packet", "packet", packet.id)
        return packet_page(visit, session, packet, Form(), done)


@router.get("/{packet_id}/edit")
def show_edit(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form with what stands around the sections."""
    with visit.reading() as session:
        packet = packet_here(session, case_id, packet_id)
        known = _around(packet)
        return _edit(visit, session, packet, Form({**known, SEEN: _mark(known)}))


@router.post("/{packet_id}/edit")
def save_edit(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Change what stands around the sections; the next version is built by itself."""
    with visit.writing() as session:
        packet = packet_here(session, case_id, packet_id)
        content = _content(session, packet, form)
        hearing = _chosen_hearing(session, case_id, form, packet)
        if packet.state in ENDED_PACKETS:
            form.refuse("ask", "This packet was filed or replaced. Ask for a new one.")
        _compare(packet, form)
        if not form.ok:
            return _edit(visit, session, packet, form)
        packet.hearing_id = hearing
        change_packet(session, packet.id, content, visit.source, visit.now)
    return see_other(f"{url_of(packet)}?done=changed")


@router.post("/{packet_id}/take")
def take(request: Request, visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """A ticket for one file of this packet."""
    with visit.reading() as session:
        packet = packet_here(session, case_id, packet_id)
    thing, thing_id, what = thing_in(form)
    return ticket_of_staff(request, visit, packet.id, thing, thing_id, what)


@router.get("/{version_id}/docx")
def take_docx(request: Request, visit: InHub, case_id: str, version_id: str) -> Response:
    """A version's Word file, at the address that it has always had."""
    return _take_version(request, visit, case_id, version_id, "docx")


@router.get("/{version_id}/pdf")
def take_pdf(request: Request, visit: InHub, case_id: str, version_id: str) -> Response:
    """A version's PDF, at the address that it has always had."""
    return _take_version(request, visit, case_id, version_id, "pdf")


def _take_version(
    request: Request, visit: Visit, case_id: str, version_id: str, make: str
) -> Response:
    with visit.reading() as session:
        version = session.get(PacketVersion, version_id)
        if version is None:
            raise NotFound("packet version")
        packet = packet_here(session, case_id, version.packet_id)
    return ticket_of_staff(request, visit, packet.id, Thing.VERSION, version.id, make)


def packet_here(session: HubSession, case_id: str, packet_id: str) -> Packet:
    """A packet of this case.

    Raises:
        NotFound: the case has no such packet.
    """
    packet = get_packet(session, packet_id)
    if packet.case_id != case_id:
        raise NotFound("packet")
    return packet


def url_of(packet: Packet) -> str:
    """The address of a packet's page."""
    return f"/cases/{packet.case_id}/packets/{packet.id}"


def packet_page(
    visit: Visit, session: HubSession, packet: Packet, form: Form, done: str = ""
) -> Response:
    """The page of a packet, with the mistakes of a form."""
    values = {
        "visit": visit,
        "form": form,
        "view": desk_view(session, visit, packet),
        "url": url_of(packet),
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("packet.html", values, status=200 if form.ok else 422)


def _content(session: HubSession, packet: Packet, form: Form) -> PacketContent:
    return PacketContent(
        ask=form.text("ask", "Say what the court is asked to consider.", most=2000),
        conditions=form.lines("conditions"),
        transport=form.line("transport", most=300),
        judge=form.line("judge", most=100),
        prepared_by=form.line("prepared_by", most=100),
        called=form.line("called", most=60),
        helpers=_helpers(session, packet, form),
    )


def _around(packet: Packet) -> dict[str, str]:
    """What stands around the sections, as the form carries it."""
    content = content_of(packet)
    names = ("transport", "judge", "prepared_by", "called")
    return {
        **{name: getattr(content, name) for name in names},
        **{f"{HELP}{person}": words for person, words in content.helpers.items()},
        "ask": content.ask or ASKS[PacketKind(packet.kind)],
        "conditions": "\n".join(content.conditions),
        "hearing": packet.hearing_id or NEXT,
    }


def _mark(known: Mapping[str, str]) -> str:
    """What tells one state of the form from another."""
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


def _compare(packet: Packet, form: Form) -> None:
    """Where somebody else saved since the form was opened, show what they saved beside each field
    that says something else; saved again, the form wins."""
    known = _around(packet)
    if not form.holds(SEEN) or form.kept(SEEN) == _mark(known):
        return
    for name, value in known.items():
        shown = name != "hearing" and form.holds(name)
        if shown and form.kept(name).split() != value.split():
            form.refuse(
                name,
                f"Somebody saved this meanwhile: “{value}”. Keep what you want of both, and save."
                if value
                else "Somebody emptied this meanwhile. Save again if it is to stay.",
            )
    form.put(SEEN, _mark(known))


def _helpers(session: HubSession, packet: Packet, form: Form) -> dict[str, str]:
    """What each supporter will do; whoever left the circle keeps what was written of them."""
    helpers = dict(content_of(packet).helpers)
    for member in circle(session, packet.case_id):
        name = f"{HELP}{member.person.id}"
        if form.holds(name):
            helpers[member.person.id] = form.line(name, most=300)
    return {person: words for person, words in helpers.items() if words}


def _chosen_hearing(
    session: HubSession, case_id: str, form: Form, packet: Packet | None = None
) -> str | None:
    known = {hearing.id for hearing in _hearings(session, case_id, packet)}
    chosen = form.choice("hearing", {NEXT, *known}, "Choose the court date that it is for.")
    return chosen if chosen in known else None


def _hearings(session: HubSession, case_id: str, packet: Packet | None) -> list[Hearing]:
    """The court dates to come, and the one that the packet is for."""
    rows = session.exec(
        select(Hearing).where(Hearing.case_id == case_id).order_by(col(Hearing.starts_at))
    ).all()
    own = packet.hearing_id if packet else None
    return [row for row in rows if row.status == HearingStatus.SCHEDULED or row.id == own]


def _choices(
    session: HubSession, case_id: str, packet: Packet | None = None
) -> list[tuple[str, str]]:
    dated = [
        (
            hearing.id,
            Words(
                f"{wording.capital(wording.hearing_kind(hearing.kind))}, "
                f"{dates.when_words(hearing.local_time)}"
            ),
        )
        for hearing in _hearings(session, case_id, packet)
    ]
    return [*dated, (NEXT, Words("The next court date, whichever that is"))]


def _new(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    choices = _choices(session, case_id)
    if not form.holds("hearing"):
        form.put("hearing", choices[0][0])
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "hearings": choices,
        "kinds": [
            (kind, packet_words.title(kind), words) for kind, words in packet_words.PURPOSES.items()
        ],
    }
    return visit.desk.page("packet_new.html", values, status=200 if form.ok else 422)


def _edit(visit: Visit, session: HubSession, packet: Packet, form: Form) -> Response:
    members = circle(session, packet.case_id)
    values = {
        "visit": visit,
        "form": form,
        "url": url_of(packet),
        "title": packet_words.title(packet.kind),
        "who": members[0].person,
        "members": [member for member in members if not member.participant],
        "help": HELP,
        "hearings": _choices(session, packet.case_id, packet),
    }
    return visit.desk.page("packet_form.html", values, status=200 if form.ok else 422)
