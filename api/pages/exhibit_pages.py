"""Exhibits: added several at once, described, put in order, taken out and put back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from activities.documents.errors import StoreError, UploadRefused
from activities.documents.exhibits import EXTENSIONS
from activities.exhibit_uploads import take_exhibit
from activities.letter_uploads import SentFile
from api.pages import once
from api.pages.exhibit_view import KINDS, enclosed, exhibit_row
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import participants
from api.pages.problems import FileGone, PageProblem
from api.pages.session import InHub, Visit
from api.pages.uploads import Uploaded
from domain.letters import tidy_line
from domain.packets import ENDED_PACKETS
from records.casework import NotFound, get_case
from records.database import HubSession
from records.exhibits import (
    MOST_CAPTION,
    MOST_TITLE,
    ExhibitProblem,
    NewExhibit,
    add_exhibit,
    change_exhibit,
    get_exhibit,
    list_exhibits,
    move_exhibit,
    remove_exhibit,
    restore_exhibit,
)
from records.packet_reviews import PacketProblem
from records.packets import get_packet
from records.tables import Exhibit, Packet

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/packets/{packet_id}/exhibits")

DONE = {
    "added": "Added. The next version of the packet has it.",
    "described": "Saved.",
    "moved": "Moved.",
    "removed": "Taken out. It is kept below.",
    "restored": "Put back.",
}


class NotDone(PageProblem):
    """An exhibit does not take this step; `text` says why and what to do."""

    status = 409
    title = "That was not done"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not added: what it is called, why, and what to do."""

    name: str
    why: str


@router.get("")
def show_exhibits(visit: InHub, case_id: str, packet_id: str, done: str = "") -> Response:
    """All exhibits in their order, and the form for more."""
    with visit.reading() as session:
        packet = packet_of(session, case_id, packet_id)
        return _page(visit, session, packet, Form(), done=done)


@router.post("")
def add(visit: InHub, case_id: str, packet_id: str, sent: Uploaded) -> Response:
    """Add files. Each is judged by itself: one that cannot be used keeps no other out."""
    form = sent.form
    if form.kept("kind"):
        form.choice("kind", KINDS, "Choose what they show.")
    if not sent.files:
        form.refuse("files", "Choose one or more files first.")
    with visit.reading() as session:
        packet = packet_of(session, case_id, packet_id)
        if not form.ok:
            return _page(visit, session, packet, form)
        if earlier := once.earlier(session, visit, form):
            return see_other(earlier)
    taken, refused = _take(visit, sent.files)
    with visit.writing() as session:
        if earlier := once.earlier(session, visit, form):
            return see_other(earlier)
        location = once.keep(session, visit, form, f"{url_of(packet)}?done=added")
        refused += _add(session, visit, packet, taken, form.kept("kind"))
    if not refused:
        return see_other(location)
    with visit.reading() as session:
        packet = packet_of(session, case_id, packet_id)
        added = len(sent.files) - len(refused)
        return _page(visit, session, packet, Form(), refused=refused, added=added)


def _take(
    visit: Visit, files: Sequence[SentFile]
) -> tuple[list[tuple[str, NewExhibit]], list[Refused]]:
    """The files that can be used, checked and stored, and why the others cannot."""
    taken, refused = [], []
    for file in files:
        try:
            taken.append((file.name, take_exhibit(visit.desk.store, file.name, file.content)))
        except UploadRefused as error:
            name = tidy_line(file.name)
            refused.append(Refused(name, f"Not added: {error.reason}. {error.remedy}"))
    return taken, refused


def _add(
    session: HubSession,
    visit: Visit,
    packet: Packet,
    taken: Sequence[tuple[str, NewExhibit]],
    kind: str,
) -> list[Refused]:
    refused = []
    for name, new in taken:
        named = replace(new, kind=kind) if kind else new
        try:
            with refusing_packet():
                add_exhibit(session, packet.id, named, visit.source, visit.now)
        except ExhibitProblem as error:
            refused.append(Refused(tidy_line(name), f"Not added: {error}"))
    return refused


@router.get("/{exhibit_id}")
def show_exhibit(visit: InHub, case_id: str, packet_id: str, exhibit_id: str) -> Response:
    """What an exhibit is called, and where it shows."""
    with visit.reading() as session:
        packet, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id)
        known = {"title": exhibit.title, "caption": exhibit.caption, "kind": exhibit.kind}
        known["in_body"] = "yes" if exhibit.in_body else ""
        return _describe(visit, session, packet, exhibit, Form(known))


@router.post("/{exhibit_id}")
def describe(visit: InHub, case_id: str, packet_id: str, exhibit_id: str, form: Sent) -> Response:
    """Call it something else, or show it elsewhere."""
    changes = {
        "title": form.line("title", "Say what it is, as the contents will.", most=MOST_TITLE),
        "caption": form.line("caption", most=MOST_CAPTION),
        "kind": form.choice("kind", KINDS, "Choose what it shows."),
        "in_body": form.ticked("in_body"),
    }
    with refusing(), visit.writing() as session:
        packet, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id)
        if not form.ok:
            return _describe(visit, session, packet, exhibit, form)
        change_exhibit(session, exhibit.id, changes, visit.source, visit.now)
    return _back(packet, "described", exhibit_id)


@router.post("/{exhibit_id}/move")
def move(visit: InHub, case_id: str, packet_id: str, exhibit_id: str, form: Sent) -> Response:
    """One place up or down; at the end nothing happens."""
    step = {"up": -1, "down": 1}.get(form.kept("to"), 0)
    with refusing(), visit.writing() as session:
        packet, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id)
        place = [row.id for row in list_exhibits(session, packet.id)].index(exhibit.id)
        move_exhibit(session, exhibit.id, place + step, visit.source, visit.now)
    return _back(packet, "moved", exhibit_id)


@router.post("/{exhibit_id}/remove")
def remove(visit: InHub, case_id: str, packet_id: str, exhibit_id: str, form: Sent) -> Response:
    """Take it out; it can be put back."""
    with refusing(), visit.writing() as session:
        packet, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id, removed=True)
        remove_exhibit(session, exhibit.id, visit.source, visit.now)
    return _back(packet, "removed")


@router.post("/{exhibit_id}/restore")
def restore(visit: InHub, case_id: str, packet_id: str, exhibit_id: str, form: Sent) -> Response:
    """Put it back where it stood."""
    with refusing(), visit.writing() as session:
        packet, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id, removed=True)
        restore_exhibit(session, exhibit.id, visit.source, visit.now)
    return _back(packet, "restored", exhibit_id)


@router.get("/{exhibit_id}/file")
def download(visit: InHub, case_id: str, packet_id: str, exhibit_id: str) -> Response:
    """The file as it is kept, cleaned. That it was taken is written into the audit trail first."""
    with visit.writing() as session:
        _, exhibit = exhibit_of(session, case_id, packet_id, exhibit_id, removed=True)
        visit.note(session, "took an exhibit", "exhibit", exhibit.id)
    try:
        content = visit.desk.store.get(exhibit.document_key)
    except StoreError:
        raise FileGone from None
    name = f"exhibit.{EXTENSIONS[exhibit.media_type]}"
    return Response(
        content,
        media_type=exhibit.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@contextmanager
def refusing() -> Iterator[None]:
    """What the records refuse is said as a page.

    Raises:
        NotDone: they refused.
    """
    try:
        yield
    except (ExhibitProblem, PacketProblem) as error:
        raise NotDone(error) from error


@contextmanager
def refusing_packet() -> Iterator[None]:
    """The same for what concerns the packet alone: then no file can be added."""
    try:
        yield
    except PacketProblem as error:
        raise NotDone(error) from error


def url_of(packet: Packet) -> str:
    """The address of a packet's exhibits."""
    return f"/cases/{packet.case_id}/packets/{packet.id}/exhibits"


def packet_of(session: HubSession, case_id: str, packet_id: str) -> Packet:
    """The packet of this case.

    Raises:
        NotFound: there is none.
    """
    packet = get_packet(session, packet_id)
    if packet.case_id != get_case(session, case_id).id:
        raise NotFound("packet")
    return packet


def exhibit_of(
    session: HubSession, case_id: str, packet_id: str, exhibit_id: str, *, removed: bool = False
) -> tuple[Packet, Exhibit]:
    """The exhibit of this packet, and the packet; one that was removed only if `removed`.

    Raises:
        NotFound: there is none.
    """
    packet = packet_of(session, case_id, packet_id)
    exhibit = get_exhibit(session, exhibit_id)
    if exhibit.packet_id != packet.id or (exhibit.removed_at is not None and not removed):
        raise NotFound("exhibit")
    return packet, exhibit


def _back(packet: Packet, done: str, exhibit_id: str = "") -> Response:
    place = f"#e-{exhibit_id}" if exhibit_id else ""
    return see_other(f"{url_of(packet)}?done={done}{place}")


def _page(
    visit: Visit,
    session: HubSession,
    packet: Packet,
    form: Form,
    *,
    done: str = "",
    refused: Sequence[Refused] = (),
    added: int = 0,
) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "packet": packet,
        "url": url_of(packet),
        "who": participants(session, [packet.case_id])[packet.case_id],
        "enclosed": enclosed(session, packet),
        "kinds": KINDS,
        "ended": packet.state in ENDED_PACKETS,
        "done": DONE.get(done, ""),
        "undo": done == "removed",
        "refused": refused,
        "added": added,
    }
    status = 200 if form.ok and not refused else 422
    return visit.desk.page("exhibits.html", values, status=status)


def _describe(
    visit: Visit, session: HubSession, packet: Packet, exhibit: Exhibit, form: Form
) -> Response:
    order = [row.id for row in list_exhibits(session, packet.id)]
    values = {
        "visit": visit,
        "form": form,
        "url": url_of(packet),
        "exhibit": exhibit_row(exhibit, order.index(exhibit.id)),
        "file_name": exhibit.file_name,
        "is_picture": exhibit.media_type.startswith("image/"),
        "kinds": KINDS,
    }
    return visit.desk.page("exhibit_form.html", values, status=200 if form.ok else 422)
