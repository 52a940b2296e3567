"""Counsel's page of one packet: read, comment, approve or send back, take the files, say when it
was filed. The hub files nothing.

The link is the right to use it, and it leads to one packet. An approval carries what was shown;
when the packet says something else by then, nothing is approved and the page says what changed.
"""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import counsel_view, dates
from api.pages.counsel_view import current_hash, name_of
from api.pages.downloading import ticket_of_visit
from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.packet_files import still_theirs, thing_in
from api.pages.private import (
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    closed,
    door,
    enter,
    is_running,
    note_opening,
    renewed,
    visiting,
)
from api.pages.private_problems import PrivateRoute, written_in
from domain.vocabulary import LetterState, LinkPurpose, Reader, Verdict
from records.casework import NotFound
from records.database import HubSession
from records.packet_reviews import (
    PacketProblem,
    VersionChanged,
    approve,
    comment,
    mark_filed,
    reviews_of,
    send_back,
)
from records.packets import get_packet
from records.private_links import PATHS
from records.tables import Letter, Packet, PacketVersion

router = APIRouter(route_class=PrivateRoute, prefix="/counsel/{token}")

MOST_WORDS = 5000
_NOT_HERE = "There is no such thing in this packet (any more)."
_WANTS_WORDS = "Write what is to be changed, so that the hub can do it."


@router.get("")
async def show(request: Request, token: str, done: str = "") -> Response:
    """The button, or the packet once it was pressed. Changes nothing."""
    try:
        visit = await begin(request, token, LinkPurpose.COUNSEL)
    except NoVisit as none:
        return none.answer

    def page() -> Response:
        if not _defends(visit):
            return closed(request, visit.hub, visit.language)
        if not is_running(request, visit):
            return door(visit)
        return counsel_view.packet_page(visit, Form(), done)

    return await apart(page)


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.COUNSEL)
    except NoVisit as none:
        return none.answer

    def press() -> Response:
        return _entered(visit) if _defends(visit) else closed(request, visit.hub, visit.language)

    return await apart(press)


@router.get("/text")
async def show_text(request: Request, token: str) -> Response:
    """What the packet says, to be read on a phone. That it was read is noted first."""

    def read(visit: PrivateVisit) -> Response:
        with visit.writing() as session:
            visit.note(session, "read a packet", "packet", visit.link.packet_id or "")
        return counsel_view.text_page(visit)

    return await _inside(request, token, read)


@router.get("/letters/{letter_id}")
async def show_letter(request: Request, token: str, letter_id: str) -> Response:
    """One letter that is in. That it was read is noted with it."""

    def read(visit: PrivateVisit) -> Response:
        with visit.writing() as session:
            letter = session.get(Letter, letter_id)
            if letter is None or letter.packet_id != visit.link.packet_id:
                raise NotFound("letter")
            if letter.state != LetterState.SENT:
                raise NotFound("letter")
            visit.note(session, "read a letter", "letter", letter.id)
        with visit.reading() as session:
            return counsel_view.letter_page(visit, session, session.get_one(Letter, letter_id))

    return await _inside(request, token, read)


@router.post("/take")
async def take(request: Request, token: str, form: Sent) -> Response:
    """A ticket for one file of this packet."""
    thing, thing_id, what = thing_in(form)
    return await _inside(
        request, token, lambda visit: ticket_of_visit(visit, thing, thing_id, what)
    )


@router.post("/approve")
async def save_approval(request: Request, token: str, form: Sent) -> Response:
    """Counsel approves the version that the form shows, by typing their name."""

    def save(visit: PrivateVisit, session: HubSession, packet: Packet) -> None:
        version = _version(session, packet, form)
        approve(
            session,
            packet.id,
            version.id,
            seen_hash=form.secret("seen"),
            current_hash=current_hash(session, packet, visit.now),
            signed_as=form.line("signed_as"),
            source=visit.source,
            now=visit.now,
        )

    form.line("signed_as", "Type your name, as you sign.", most=100)
    return await _saving(request, token, form, save, "approved")


@router.post("/send-back")
async def save_sending_back(request: Request, token: str, form: Sent) -> Response:
    """Counsel wants something changed first."""

    def save(visit: PrivateVisit, session: HubSession, packet: Packet) -> None:
        version, words = _version(session, packet, form), form.text("back_words")
        if _said(session, version, Verdict.SENDS_BACK, words):
            return
        name = name_of(visit, session)
        send_back(session, packet.id, version.id, words, visit.source, visit.now, said_by=name)

    form.text("back_words", _WANTS_WORDS, most=MOST_WORDS)
    return await _saving(request, token, form, save, "back")


@router.post("/comment")
async def save_comment(request: Request, token: str, form: Sent) -> Response:
    """Something that counsel wants known; the packet goes on as it does."""

    def save(visit: PrivateVisit, session: HubSession, packet: Packet) -> None:
        version, words = _version(session, packet, form), form.text("comment_words")
        if _said(session, version, Verdict.COMMENTS, words):
            return
        comment(
            session,
            packet.id,
            version.id,
            words,
            Reader.COUNSEL,
            name_of(visit, session),
            visit.source,
            visit.now,
        )

    form.text("comment_words", "Write your comment first.", most=MOST_WORDS)
    return await _saving(request, token, form, save, "comment")


@router.post("/filed")
async def save_filing(request: Request, token: str, form: Sent) -> Response:
    """Counsel filed it on this day."""

    def save(visit: PrivateVisit, session: HubSession, packet: Packet) -> None:
        day = form.day("filed_on", "Enter the day on which you filed it.")
        if day is not None and day > dates.today_in(visit.hub.zone, visit.now):
            form.refuse("filed_on", "This day is still to come. Enter the day on which you filed.")
        if day is not None and form.ok:
            mark_filed(session, packet.id, day, visit.source, visit.now)

    return await _saving(request, token, form, save, "filed")


@router.get("/{rest:path}")
def lead_back(token: str, rest: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.COUNSEL] + token)


Saving = Callable[[PrivateVisit, HubSession, Packet], None]


async def _saving(request: Request, token: str, form: Form, save: Saving, done: str) -> Response:
    """Do what a form asks in one transaction; or say what is wrong, with nothing lost."""

    def work(visit: PrivateVisit) -> Response:
        try:
            with visit.writing() as session:
                if form.ok:
                    save(visit, session, get_packet(session, visit.link.packet_id or ""))
        except PacketProblem as problem:
            return _refused(visit, form, problem)
        if not form.ok:
            return counsel_view.packet_page(visit, form, "")
        return see_other(f"{visit.path}?done={done}")

    return await _acting(request, token, form, work)


def _refused(visit: PrivateVisit, form: Form, problem: PacketProblem) -> Response:
    """The packet is not what was read, or takes no such step now."""
    with visit.reading() as session:
        packet = get_packet(session, visit.link.packet_id or "")
        version = session.get(PacketVersion, form.secret("version"))
        own = version is not None and version.packet_id == packet.id
        if version is not None and own and form.holds("signed_as"):
            stale = version.content_hash != current_hash(session, packet, visit.now)
            if stale or isinstance(problem, VersionChanged):
                return counsel_view.changed_page(visit, session, packet, version)
    return counsel_view.refused_page(visit, form, str(problem))


def _said(session: HubSession, version: PacketVersion, verdict: Verdict, words: str) -> bool:
    """Whether counsel said just this already: a form that was sent twice says it once."""
    return any(
        row.version_id == version.id and row.verdict == verdict and row.words == words
        for row in reviews_of(session, version.packet_id)
    )


def _version(session: HubSession, packet: Packet, form: Form) -> PacketVersion:
    """The version that the form shows, of this packet and no other."""
    version = session.get(PacketVersion, form.secret("version"))
    if version is None or version.packet_id != packet.id:
        raise NotFound("packet version")
    return version


async def _inside(
    request: Request, token: str, work: Callable[[PrivateVisit], Response]
) -> Response:
    """Do something in the running visit; without one, go where its answer leads."""
    try:
        visit = await visiting(request, token, LinkPurpose.COUNSEL)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _as_counsel(request, visit, Form(), work))


async def _acting(
    request: Request, token: str, form: Form, work: Callable[[PrivateVisit], Response]
) -> Response:
    """Do what a form says. It counts although the visit has ended meanwhile; where the link itself
    has ended, what was written is given back."""
    try:
        visit = await begin(request, token, LinkPurpose.COUNSEL, written_in(form))
    except NoVisit as none:
        return none.answer

    def act(visit: PrivateVisit) -> Response:
        return renewed(request, visit, work(visit), going_in=_entered)

    return await apart(lambda: _as_counsel(request, visit, form, act))


def _as_counsel(
    request: Request, visit: PrivateVisit, form: Form, work: Callable[[PrivateVisit], Response]
) -> Response:
    """Do something for whoever is still counsel of this case."""
    if not _defends(visit):
        return closed(request, visit.hub, visit.language, written_in(form))
    try:
        return work(visit)
    except NotFound:
        return counsel_view.refused_page(visit, form, _NOT_HERE, status=404)


def _entered(visit: PrivateVisit) -> Response:
    return enter(visit, lambda session: note_opening(visit, session))


def _defends(visit: PrivateVisit) -> bool:
    """Whether they are still counsel of this case."""
    with visit.reading() as session:
        return still_theirs(session, visit.link)
