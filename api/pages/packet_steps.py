"""A packet's way through its readers, step by step, as the advocate takes it there."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import dates, once, packet_words
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import marked
from api.pages.packet_desk_view import reader_link
from api.pages.packet_pages import packet_here, url_of
from api.pages.people import circle
from api.pages.problems import PageProblem
from api.pages.session import InHub, Visit
from domain.vocabulary import LinkPurpose, PacketKind, Verdict
from records.casework import NotFound
from records.database import HubSession
from records.packet_replacing import replace_packet
from records.packet_reviews import (
    NotReadYet,
    PacketProblem,
    ask_participant,
    cancel_packet,
    mark_filed,
    new_counsel_link,
    newest_version,
    note_participant,
    resume_packet,
    send_to_counsel,
    start_drafting,
)
from records.private_links import path_of
from records.tables import Packet, PacketVersion

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/packets/{packet_id}")

MOST_WORDS = 5000
ANSWERS = marked(
    {
        Verdict.AGREES: "It is right, and may go to counsel",
        Verdict.CHANGES: "Something must change",
    }
)
READERS = {"counsel": LinkPurpose.COUNSEL, "participant": LinkPurpose.REVIEW}
_DAY = "Enter the day on which counsel filed it."


class CannotStep(PageProblem):
    """The packet takes no such step now."""

    status = 409
    title = "The packet takes no such step now"

    def __init__(self, problem: PacketProblem, url: str) -> None:
        super().__init__()
        self.text = f"Nothing was changed. {problem}"
        self.link = (url, "Back to the packet")


Step = Callable[[HubSession, Packet], Packet | None]
"""What is done; the packet to show after it, where that is another one."""


def _take(
    visit: Visit, case_id: str, packet_id: str, done: str, step: Step, form: Form | None = None
) -> Response:
    """Take a step in one transaction, and show the packet.

    Args:
        form: of a step that is not the same when it is taken twice; sent twice, it is taken once.
    """
    with visit.writing() as session:
        packet = packet_here(session, case_id, packet_id)
        earlier = once.earlier(session, visit, form) if form is not None else None
        if earlier:
            return see_other(earlier)
        try:
            shown = step(session, packet) or packet
        except NotReadYet:
            raise
        except PacketProblem as problem:
            raise CannotStep(problem, url_of(packet)) from None
        location = f"{url_of(shown)}?done={done}"
        if form is not None:
            once.keep(session, visit, form, location)
    return see_other(location)


@router.post("/draft")
def draft(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """What was collected is enough to write with."""

    def step(session: HubSession, packet: Packet) -> None:
        start_drafting(session, packet.id, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "drafting", step)


@router.post("/ask")
def ask(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Ask the participant to read the newest version."""

    def step(session: HubSession, packet: Packet) -> None:
        ask_participant(session, packet.id, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "participant", step, form)


@router.post("/link")
def renew_link(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """A new link for counsel; the old one ends."""

    def step(session: HubSession, packet: Packet) -> None:
        new_counsel_link(session, packet, visit.now)
        visit.note(session, "made a new link for counsel", "packet", packet.id)

    return _take(visit, case_id, packet_id, "link", step, form)


@router.post("/address")
def show_address(
    request: Request, visit: InHub, case_id: str, packet_id: str, form: Sent
) -> Response:
    """The address of a reader's private page, to hand over. That it was shown is kept."""
    with visit.writing() as session:
        packet = packet_here(session, case_id, packet_id)
        whose = READERS.get(form.kept("whose"))
        link = reader_link(session, packet, whose, visit.now) if whose else None
        if link is None:
            raise NotFound("link")
        visit.note(session, "showed a private link", "private_link", link.id)
        site = visit.desk.settings.public_url or str(request.base_url)
        values = {
            "visit": visit,
            "url": url_of(packet),
            "who": circle(session, case_id)[0].person,
            "whose": form.kept("whose"),
            "address": site.rstrip("/") + path_of(link),
            "until": link.expires_at,
        }
    return visit.desk.page("packet_link.html", values)


@router.post("/cancel")
def cancel(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Ask nobody for anything any more."""

    def step(session: HubSession, packet: Packet) -> None:
        cancel_packet(session, packet.id, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "cancelled", step)


@router.post("/resume")
def resume(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Take it up again."""

    def step(session: HubSession, packet: Packet) -> None:
        resume_packet(session, packet.id, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "resumed", step)


@router.get("/answer")
def show_answer(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form for what the participant said in person."""
    return _shown(visit, case_id, packet_id, "packet_answer.html", Form())


@router.post("/answer")
def save_answer(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Note what the participant said of the version that was read to them."""
    verdict = form.choice("verdict", set(ANSWERS), "Choose what they said.")
    words = form.text("words", most=MOST_WORDS)
    if verdict == Verdict.CHANGES and not words:
        form.refuse("words", "Write down what must change, in their words.")
    if not form.ok:
        return _shown(visit, case_id, packet_id, "packet_answer.html", form)

    def step(session: HubSession, packet: Packet) -> None:
        version = session.get(PacketVersion, form.secret("version"))
        if version is None or version.packet_id != packet.id:
            raise NotFound("packet version")
        note_participant(
            session,
            packet.id,
            version.id,
            Verdict(verdict),
            words,
            circle(session, case_id)[0].person.full,
            visit.source,
            visit.now,
        )

    return _take(visit, case_id, packet_id, "noted", step, form)


@router.get("/counsel")
def show_counsel(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form that sends the packet to counsel."""
    return _shown(visit, case_id, packet_id, "packet_counsel.html", Form())


@router.post("/counsel")
def save_counsel(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Ask counsel to read it, with the reason where the participant has not."""
    reason = form.text("unread_because", most=1000)

    def step(session: HubSession, packet: Packet) -> None:
        send_to_counsel(session, packet.id, visit.source, visit.now, unread_because=reason)

    if form.ok:
        try:
            return _take(visit, case_id, packet_id, "counsel", step, form)
        except NotReadYet as problem:
            form.refuse("unread_because", str(problem))
    return _shown(visit, case_id, packet_id, "packet_counsel.html", form)


@router.get("/replace")
def show_replace(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form that puts a new packet in the place of this one."""
    return _shown(visit, case_id, packet_id, "packet_replace.html", Form())


@router.post("/replace")
def save_replace(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """A new packet that begins with what both kinds say."""
    kind = form.choice("kind", set(PacketKind), "Choose what kind the new packet is.")
    if not form.ok:
        return _shown(visit, case_id, packet_id, "packet_replace.html", form)

    def step(session: HubSession, packet: Packet) -> Packet:
        return replace_packet(session, packet.id, kind, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "replaced", step, form)


@router.get("/filed")
def show_filed(visit: InHub, case_id: str, packet_id: str) -> Response:
    """The form for counsel's word that it was filed."""
    today = dates.today_in(visit.hub.zone, visit.now).isoformat()
    return _shown(visit, case_id, packet_id, "packet_filed.html", Form({"filed_on": today}))


@router.post("/filed")
def save_filed(visit: InHub, case_id: str, packet_id: str, form: Sent) -> Response:
    """Counsel says that it was filed on this day."""
    day = form.day("filed_on", _DAY)
    if day is not None and day > dates.today_in(visit.hub.zone, visit.now):
        form.refuse("filed_on", f"This day is still to come. {_DAY}")
    if not form.ok or day is None:
        return _shown(visit, case_id, packet_id, "packet_filed.html", form)

    def step(session: HubSession, packet: Packet) -> None:
        mark_filed(session, packet.id, day, visit.source, visit.now)

    return _take(visit, case_id, packet_id, "filed", step)


def _shown(visit: Visit, case_id: str, packet_id: str, template: str, form: Form) -> Response:
    with visit.reading() as session:
        packet = packet_here(session, case_id, packet_id)
        newest = newest_version(session, packet.id)
        values = {
            "visit": visit,
            "form": form,
            "packet": packet,
            "title": packet_words.title(packet.kind),
            "url": url_of(packet),
            "who": circle(session, case_id)[0].person,
            "newest": newest,
            "answers": [(verdict.value, words) for verdict, words in ANSWERS.items()],
            "kinds": [
                (kind, packet_words.title(kind), words)
                for kind, words in packet_words.PURPOSES.items()
            ],
        }
    return visit.desk.page(template, values, status=200 if form.ok else 422)
