"""A hub's own Word templates: versions that are kept, and the one of each kind that is in use.

A template is checked before it comes here (`activities.documents.template_judging`). Without one
in use a kind is rendered with Homeward's own.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.packets import ENDED_PACKETS
from domain.vocabulary import PacketKind
from records.casework import NotFound, Source, touch_packet
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Packet, PacketTemplate

LANGUAGE = "en"
"""Packets are written in English, the language of the courts that read them."""


class NoSuchTemplateKind(ValueError):
    """There is no packet of this kind."""

    def __init__(self) -> None:
        super().__init__(f"There is no such kind of packet; there are {', '.join(PacketKind)}.")


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A checked template: where its document is stored, and what it is.

    Attributes:
        document_key, sha256 (hex), size (bytes): of the stored Word file.
        note: what is special about it, in the uploader's words.
    """

    kind: str
    document_key: str
    sha256: str
    size: int
    note: str = ""


def add_template(
    session: HubSession, new: NewTemplate, source: Source, now: datetime
) -> PacketTemplate:
    """Keep a template as the newest version of its kind; it is not in use yet. The same file once
    more is the version that it already is.

    Raises:
        NoSuchTemplateKind: there is no such kind.
    """
    check_kind(new.kind)
    # Two uploads at once must not become one number.
    session.lock(the_hub(session))
    versions = templates_of(session, new.kind)
    if same := next((row for row in versions if row.sha256 == new.sha256), None):
        return same
    row = PacketTemplate(
        kind=new.kind,
        language=LANGUAGE,
        number=versions[0].number + 1 if versions else 1,
        document_key=new.document_key,
        sha256=new.sha256,
        size=new.size,
        note=new.note,
        uploaded_by=source.actor,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def templates_of(session: HubSession, kind: str) -> list[PacketTemplate]:
    """The hub's own templates of a kind, newest first."""
    return list(
        session.exec(
            select(PacketTemplate)
            .where(PacketTemplate.kind == kind, PacketTemplate.language == LANGUAGE)
            .order_by(col(PacketTemplate.number).desc())
        ).all()
    )


def get_template(session: HubSession, template_id: str) -> PacketTemplate:
    """One of the hub's own templates.

    Raises:
        NotFound: not in this hub.
    """
    row = session.get(PacketTemplate, template_id)
    if row is None:
        raise NotFound("template")
    return row


def template_in_use_of(session: HubSession, kind: str) -> PacketTemplate | None:
    """The hub's own template that a kind is rendered with; None for Homeward's."""
    return next((row for row in templates_of(session, kind) if row.in_use), None)


def use_template(session: HubSession, template_id: str, now: datetime) -> PacketTemplate:
    """Use this version for its kind from now on; every open packet of the kind is built anew, and
    what counsel had approved of them is asked for again.

    Raises:
        NotFound: not in this hub.
    """
    row = get_template(session, template_id)
    if not row.in_use:
        _stop_using(session, row.kind)
        row.in_use = True
        session.add(row)
        _build_anew(session, row.kind, now)
    return row


def use_homewards(session: HubSession, kind: str, now: datetime) -> None:
    """Go back to Homeward's own template of a kind; the hub's versions are kept.

    Raises:
        NoSuchTemplateKind: there is no such kind.
    """
    check_kind(kind)
    if _stop_using(session, kind):
        _build_anew(session, kind, now)


def check_kind(kind: str) -> None:
    """Refuse what is no kind of packet.

    Raises:
        NoSuchTemplateKind: it is none.
    """
    if kind not in set(PacketKind):
        raise NoSuchTemplateKind


def open_packets(session: HubSession, kind: str) -> list[Packet]:
    """The packets that another template of the kind would change."""
    return list(
        session.exec(
            select(Packet)
            .where(
                Packet.kind == kind,
                col(Packet.state).not_in(ENDED_PACKETS),
                col(Packet.cancelled_at).is_(None),
            )
            .order_by(col(Packet.id))
        ).all()
    )


def _stop_using(session: HubSession, kind: str) -> bool:
    session.lock(the_hub(session))
    used = [row for row in templates_of(session, kind) if row.in_use]
    for row in used:
        row.in_use = False
        session.add(row)
    session.flush()
    return bool(used)


def _build_anew(session: HubSession, kind: str, now: datetime) -> None:
    for packet in open_packets(session, kind):
        touch_packet(session, packet, now)
