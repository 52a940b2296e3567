"""What counsel's pages show."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select
from starlette.responses import Response

from activities.packet_inputs import gather
from api.pages import dates
from api.pages.forms import Form
from api.pages.guard import see_other
from api.pages.packet_reading import Reading, changes_since, read_packet
from api.pages.packet_text import told
from api.pages.people import named
from api.pages.private import PrivateVisit
from domain.message_values import phone_words
from domain.vocabulary import Channel, PacketState, Reader
from records.addresses import BadAddress, normalise
from records.database import HubSession
from records.disclosures import NotConsented
from records.letter_writing import translation_now
from records.packet_consents import counsel_as_recipient, let_read
from records.packet_reviews import newest_version
from records.packets import get_packet
from records.tables import Letter, Packet, PacketReview, PacketVersion

DONE = {
    "approved": "You approved it. The final version, without the draft mark, is made within "
    "a minute. Load this page again to take it.",
    "back": "You sent it back. The hub has your words, and asks you again when it is changed.",
    "comment": "Your comment is kept with the packet, and the hub sees it.",
    "filed": "Noted: you filed it. Nobody asks you for it again.",
}
_CAN_SEND_BACK = frozenset(
    {PacketState.COUNSEL_REVIEW, PacketState.APPROVED, PacketState.DELIVERED}
)


def packet_page(visit: PrivateVisit, form: Form, done: str) -> Response:
    """The packet, whole."""
    with visit.reading() as session:
        packet = get_packet(session, visit.link.packet_id or "")
        reading = read_packet(session, packet, visit.hub, visit.now)
        since = _last_read(session, packet)
        values = {
            "reading": reading,
            "form": _filled(form, visit),
            "done": DONE.get(done, ""),
            "can_approve": can_approve(reading),
            "can_send_back": packet.state in _CAN_SEND_BACK and packet.cancelled_at is None,
            "since": since.number if since else 0,
            "since_changes": changes_since(session, since.id, reading.gathered) if since else [],
        }
    return page(visit, "counsel.html", values, status=200 if form.ok else 422)


def can_approve(reading: Reading) -> bool:
    """Whether counsel is asked, and the newest version is what the records say."""
    packet = reading.packet
    asked = packet.state == PacketState.COUNSEL_REVIEW and packet.cancelled_at is None
    return asked and reading.newest is not None and not reading.waiting


def text_page(visit: PrivateVisit) -> Response:
    """What the packet says, part by part. What it shows of treatment is in the log of disclosures
    before it is shown."""
    with visit.writing() as session:
        packet = get_packet(session, visit.link.packet_id or "")
        reading = read_packet(session, packet, visit.hub, visit.now)
        shown = frozenset(one.kind for one in reading.gathered.shared)
        to = counsel_as_recipient(session, visit.link)
        try:
            let_read(session, packet, shown, to, visit.source, visit.now)
        except NotConsented:
            # It was taken back in this very moment: the page is read anew, without it.
            return see_other(f"{visit.path}/text")
    return page(visit, "counsel_text.html", {"reading": reading, "parts": told(reading.gathered)})


def letter_page(visit: PrivateVisit, session: HubSession, letter: Letter) -> Response:
    """One letter, as the judge reads it."""
    packet = get_packet(session, letter.packet_id)
    reading = read_packet(session, packet, visit.hub, visit.now)
    row = next(row for row in reading.letters if row.id == letter.id)
    translation = translation_now(letter)
    values = {"reading": reading, "letter": letter, "row": row, "translation": translation}
    return page(visit, "counsel_letter.html", values)


def changed_page(
    visit: PrivateVisit, session: HubSession, packet: Packet, read: PacketVersion
) -> Response:
    """What was read is not what would be approved: what changed, and where to read it."""
    reading = read_packet(session, packet, visit.hub, visit.now)
    values = {
        "reading": reading,
        "read": read,
        "changes": changes_since(session, read.id, reading.gathered),
    }
    return page(visit, "counsel_changed.html", values, status=409)


def refused_page(visit: PrivateVisit, form: Form, why: str, status: int = 409) -> Response:
    """The packet takes no such step now; what was typed is shown, so that it is not lost."""
    typed = form.kept("back_words") or form.kept("comment_words")
    return page(visit, "counsel_refused.html", {"why": why, "typed": typed}, status=status)


def page(visit: PrivateVisit, template: str, values: dict[str, Any], status: int = 200) -> Response:
    """A page for counsel, in English."""
    known = {
        "path": visit.path,
        "hub": visit.hub,
        "phone": phone_words(visit.hub.phone),
        "dial": _dialled(visit.hub.phone),
        "today": dates.today_in(visit.hub.zone, visit.now),
    }
    return visit.desk.page(template, {**known, **values}, status=status)


def current_hash(session: HubSession, packet: Packet, now: datetime) -> str:
    """The hash of what the packet says at `now` (UTC). The packet is held first, so that whoever
    changes it in this very moment comes before the approval, or after it and voids it."""
    session.lock(packet)
    return gather(session, packet, now).content_hash


def name_of(visit: PrivateVisit, session: HubSession) -> str:
    """Counsel's name, as the records have it."""
    person = named(session, [visit.link.person_id or ""]).get(visit.link.person_id or "")
    return person.full if person else ""


def _last_read(session: HubSession, packet: Packet) -> PacketVersion | None:
    """The version that counsel last said something of, where there is a newer one."""
    row = session.exec(
        select(PacketVersion)
        .join(PacketReview, col(PacketReview.version_id) == PacketVersion.id)
        .where(PacketReview.packet_id == packet.id, PacketReview.reader == Reader.COUNSEL)
        .order_by(col(PacketReview.said_at).desc())
    ).first()
    newest = newest_version(session, packet.id)
    return row if row and newest and row.number < newest.number else None


def _dialled(phone: str) -> str:
    """The hub's phone as a link dials it; "" for what no telephone understands."""
    try:
        return normalise(Channel.VOICE, phone)
    except BadAddress:
        return ""


def _filled(form: Form, visit: PrivateVisit) -> Form:
    if not form.holds("filed_on"):
        form.put("filed_on", dates.today_in(visit.hub.zone, visit.now).isoformat())
    return form
