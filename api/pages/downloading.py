"""Downloads: a button makes a ticket, and the ticket's address hands the file over.

Every file that leaves is written into the audit trail first. HEAD tells what would come and counts
as nothing. Programs have their own way, with a token (`api/v1/packet_files.py`).
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.documents.errors import StoreError
from activities.notices import the_phrases
from api.pages.browser_language import wished_language
from api.pages.cookies import cookie_name
from api.pages.desk import desk_of
from api.pages.guard import PageRoute, see_other
from api.pages.packet_files import find_file, may_take, packet_of, still_theirs
from api.pages.private import PrivateVisit
from api.pages.problems import FileGone, PageProblem
from api.pages.session import Now, Visit, caseworker, visit_of
from api.pages.tickets import (
    TICKET_LASTS,
    BadTicket,
    Thing,
    Ticket,
    dump,
    file_mark,
    holder_of_link,
    holder_of_session,
    load,
    ticket_for,
)
from api.version_files import OneFile, attachment
from domain.vocabulary import LinkPurpose
from records.audit import note_deed
from records.casework import NotFound, Source
from records.database import HubSession
from records.disclosures import NotConsented
from records.packet_consents import counsel_as_recipient, let_leave
from records.private_links import visit_holds, visit_mark
from records.tables import PacketVersion, Person, PrivateLink

router = APIRouter(route_class=PageRoute)

COOKIE = "taking"
PATH = "/download/"


@dataclass(frozen=True, slots=True)
class _Taker:
    """Who uses a ticket: an id for the audit, the hub, and the packet that a link is held to."""

    actor: str
    hub_id: str
    link: PrivateLink | None = None


def ticket_of_visit(visit: PrivateVisit, thing: Thing, thing_id: str, form: str) -> Response:
    """Send the holder of a private link to a file of the link's packet.

    Raises:
        NotFound: the packet has no such file, or it is not for them.
    """
    packet_id = visit.link.packet_id or ""
    with visit.reading() as session:
        if not may_take(session, visit.link, thing, thing_id, form):
            raise NotFound("file")
        file = find_file(session, packet_id, thing, thing_id, form)
    holder = holder_of_link(visit.link.id)
    address = PATH + dump(ticket_for(thing, thing_id, form, holder, file.key, visit.now))
    answer = see_other(address)
    # The visit's own cookie is for the link's address alone; this one is for the ticket's.
    answer.set_cookie(
        COOKIE,
        visit_mark(visit.link, visit.now),
        max_age=int(TICKET_LASTS.total_seconds()),
        path=address,
        httponly=True,
        samesite="lax",
        secure=visit.desk.settings.public_url.startswith("https://"),
    )
    return answer


def ticket_of_staff(
    request: Request, visit: Visit, packet_id: str, thing: Thing, thing_id: str, form: str
) -> Response:
    """Send a member of staff to a file of a packet.

    Raises:
        NotFound: the packet has no such file.
    """
    with visit.reading() as session:
        file = find_file(session, packet_id, thing, thing_id, form)
    holder = holder_of_session(request.cookies.get(cookie_name(request), ""))
    return see_other(PATH + dump(ticket_for(thing, thing_id, form, holder, file.key, visit.now)))


@router.api_route(PATH + "{ticket}", methods=["GET", "HEAD"])
def take(request: Request, ticket: str, now: Now) -> Response:
    """The file of a ticket, for whoever asked for it. That it was taken is kept first."""
    try:
        held = load(ticket)
    except BadTicket:
        return _refusal(request, "unknown", 404)
    taker = _taker(request, held, now)
    if held.late(now):
        return _refusal(request, "late", 410, taker)
    if taker is None:
        return _refusal(request, "other", 403)
    desk = desk_of(request)
    with desk.records.reading(taker.hub_id) as session:
        file = _file(session, held, taker)
    if file is None:
        return _refusal(request, "changed", 410, taker)
    if request.method == "HEAD":
        return attachment(file, b"", size=file.size or None)
    try:
        content = desk.store.get(file.key)
    except StoreError:
        if taker.link is None:
            raise FileGone from None
        return _refusal(request, "gone", 410, taker)
    try:
        with desk.records.writing(taker.hub_id) as session:
            _note(session, held, taker, now)
            _disclosed(session, held, taker, now)
    except NotConsented:
        return _refusal(request, "withdrawn", 410, taker)
    return attachment(file, content)


def _disclosed(session: HubSession, held: Ticket, taker: _Taker, now: datetime) -> None:
    """A version that counsel takes is in the log of disclosures with what it shows of treatment.

    Raises:
        NotConsented: the participant took the consent back; it may not leave any more.
    """
    link = taker.link
    if link is None or link.purpose != LinkPurpose.COUNSEL or held.thing is not Thing.VERSION:
        return
    version = session.get_one(PacketVersion, held.thing_id)
    source = Source(taker.actor, "link")
    let_leave(session, version, counsel_as_recipient(session, link), "download", source, now)


def _file(session: HubSession, held: Ticket, taker: _Taker) -> OneFile | None:
    """The very file that was asked for; None when it is gone, or was built anew since."""
    try:
        packet_id = packet_of(session, held.thing, held.thing_id)
        if taker.link is not None:
            link = taker.link
            own = link.packet_id == packet_id
            if not own or not may_take(session, link, held.thing, held.thing_id, held.form):
                return None
        file = find_file(session, packet_id, held.thing, held.thing_id, held.form)
    except NotFound:
        return None
    return file if file_mark(file.key) == held.file else None


def _taker(request: Request, held: Ticket, now: datetime) -> _Taker | None:
    """Whoever shows the visit or the sign-in that asked for the ticket."""
    if held.link_id:
        with desk_of(request).records.reading("") as session:
            link = session.get(PrivateLink, held.link_id)
            theirs = link is not None and still_theirs(session, link)
        if link is None or not theirs:
            return None
        if not visit_holds(link, request.cookies.get(COOKIE, ""), now):
            return None
        return _Taker(f"{link.purpose}:{link.person_id or link.id}", link.hub_id, link)
    if holder_of_session(request.cookies.get(cookie_name(request), "")) != held.holder:
        return None
    try:
        visit = caseworker(visit_of(request, now))
    except PageProblem:
        return None
    return _Taker(visit.caller.id, visit.caller.hub_id)


def _note(session: HubSession, held: Ticket, taker: _Taker, now: datetime) -> None:
    """Write into the audit trail who took what. Ids only."""
    deeds = {
        Thing.VERSION: (f"took a packet as {held.form}", "packet_version"),
        Thing.LETTER: ("took a letter", "letter"),
        Thing.EXHIBIT: ("took an exhibit", "exhibit"),
    }
    action, kind = deeds[held.thing]
    note_deed(session, taker.actor, action, now, kind, held.thing_id)


def _refusal(request: Request, why: str, status: int, taker: _Taker | None = None) -> Response:
    """The page that says how to get a new ticket."""
    phrases = the_phrases("download")
    language = wished_language(request, phrases.everything)
    link = taker.link if taker else None
    if link is not None and link.person_id:
        with desk_of(request).records.reading(link.hub_id) as session:
            person = session.get(Person, link.person_id)
        language = phrases.language(person.language, language) if person else language

    def say(name: str) -> str:
        return phrases.say(language, name)

    values = {"language": language, "say": say, "why": why, "hub": "", "phone": ""}
    return desk_of(request).page("download_refused.html", values, status=status)
