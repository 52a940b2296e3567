"""A packet through its readers: the participant reads it, counsel approves it, counsel files it.

The hub files nothing. An approval is bound to a hash over everything that the version was made from
and over the bytes of its files; whatever changes afterwards voids it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.packets import ENDED_PACKETS
from domain.vocabulary import HearingStatus, LinkPurpose, PacketState, Reader, Verdict
from records.casework import NotFound, Source, get_case, record_event, touch_packet
from records.database import HubSession
from records.packets import (
    close_packet_tasks,
    content_of,
    get_packet,
    hearing_of,
    request_packet,
)
from records.private_links import LinkFor, live_link, make_link, revoke_links
from records.tables import (
    Approval,
    Counsel,
    Defendant,
    Packet,
    PacketReview,
    PacketVersion,
    PrivateLink,
)

LINK_LASTS: Final = timedelta(days=90)
"""How long a reader's link may be used after it was last sent."""
_BEFORE_COUNSEL = frozenset(
    {PacketState.COLLECTING, PacketState.DRAFTING, PacketState.PARTICIPANT_REVIEW}
)


_WAITING = ("participant_waits", "counsel_waits", "no_counsel")
_WRITING = ("packet_to_read", "packet_changes", "packet_gaps", "letters_to_ask")
_ENDS: Final = {
    PacketState.DRAFTING: _WAITING,
    PacketState.PARTICIPANT_REVIEW: (*_WAITING, *_WRITING),
    PacketState.COUNSEL_REVIEW: (*_WAITING, *_WRITING),
    PacketState.APPROVED: (*_WAITING, *_WRITING, "approval_voided", "packet_not_ready"),
    PacketState.DELIVERED: _WAITING,
    PacketState.FILED: _WAITING,
    PacketState.SUPERSEDED: _WAITING,
}
"""What nobody has to see to any more once a packet comes into a state."""


class PacketProblem(ValueError):
    """A packet does not take this step now; the message says what to do instead."""


class PacketEnded(PacketProblem):
    """It was filed or replaced."""

    def __init__(self) -> None:
        super().__init__("This packet was filed or replaced. Ask for a new one.")


class PacketCancelled(PacketProblem):
    """It is cancelled."""

    def __init__(self) -> None:
        super().__init__("This packet is cancelled. Take it up again first.")


class NothingBuilt(PacketProblem):
    """There is no version to read yet."""

    def __init__(self) -> None:
        super().__init__("There is no version to read yet. Wait until the first one is built.")


class NotUnderReview(PacketProblem):
    """Counsel is not being asked."""

    def __init__(self) -> None:
        super().__init__("The hub has not sent this packet to counsel, or has taken it back.")


class NotApproved(PacketProblem):
    """Only what was approved and delivered can have been filed."""

    def __init__(self) -> None:
        super().__init__("Only an approved packet is filed. Approve the newest version first.")


class NotReadYet(PacketProblem):
    """The participant has not read it, and nobody said why."""

    def __init__(self) -> None:
        super().__init__(
            "The participant has not read this version. Ask them to, or say why they cannot."
        )


class VersionChanged(PacketProblem):
    """What was read is not what would be approved."""

    def __init__(self) -> None:
        super().__init__(
            "This packet changed after the version that you read. "
            "Read the newest version; the page says what changed."
        )


def bound_hash(version: PacketVersion) -> str:
    """What an approval is bound to: SHA-256 over the hash of all inputs and of each file."""
    files = [version.docx_sha256, version.pdf_sha256, version.exhibits_sha256]
    return hashlib.sha256(json.dumps([version.content_hash, *files]).encode()).hexdigest()


def newest_version(session: HubSession, packet_id: str) -> PacketVersion | None:
    """The version that holds; None while none is built."""
    return session.exec(
        select(PacketVersion)
        .where(PacketVersion.packet_id == packet_id)
        .order_by(col(PacketVersion.number).desc())
    ).first()


def reviews_of(session: HubSession, packet_id: str) -> list[PacketReview]:
    """What readers said, first to last."""
    return list(
        session.exec(
            select(PacketReview)
            .where(PacketReview.packet_id == packet_id)
            .order_by(col(PacketReview.said_at), col(PacketReview.id))
        ).all()
    )


def start_drafting(session: HubSession, packet_id: str, source: Source, now: datetime) -> Packet:
    """What was collected is enough to write with."""
    packet = _open(session, packet_id)
    if packet.state == PacketState.COLLECTING:
        _move(session, packet, PacketState.DRAFTING, "drafting", source, now)
    return packet


def ask_participant(
    session: HubSession, packet_id: str, source: Source, now: datetime
) -> PrivateLink:
    """Ask the participant to read the newest version; they get a link, where they can be reached.

    Raises:
        NothingBuilt: there is no version.
        PacketEnded, PacketCancelled: it takes no step any more, or not now.
    """
    packet = _open(session, packet_id)
    if newest_version(session, packet_id) is None:
        raise NothingBuilt
    _take_back_approval(session, packet, "the participant is asked to read it again", now)
    _move(session, packet, PacketState.PARTICIPANT_REVIEW, "participant_asked", source, now)
    return participant_link(session, packet, now)


def participant_link(session: HubSession, packet: Packet, now: datetime) -> PrivateLink:
    """The participant's own link to this packet."""
    defendant = session.get_one(Defendant, get_case(session, packet.case_id).defendant_id)
    wanted = LinkFor(LinkPurpose.REVIEW, packet_id=packet.id, person_id=defendant.person_id)
    return make_link(session, wanted, now + LINK_LASTS)


def note_participant(
    session: HubSession,
    packet_id: str,
    version_id: str,
    verdict: Verdict,
    words: str,
    said_by: str,
    source: Source,
    now: datetime,
) -> PacketReview:
    """What the participant said of a version, by their link or to an advocate.

    Agreement with the newest version sends it to counsel; wishes for changes go to the advocate.

    Raises:
        PacketEnded, PacketCancelled: it takes no step any more, or not now.
        VersionChanged: they agreed to a version that is not the newest.
    """
    packet = _open(session, packet_id)
    newest = newest_version(session, packet_id)
    if newest is None:
        raise NothingBuilt
    if verdict is Verdict.AGREES and newest.id != version_id:
        raise VersionChanged
    row = _say(session, packet, version_id, Reader.PARTICIPANT, verdict, words, said_by, now)
    if packet.state in _BEFORE_COUNSEL or verdict is Verdict.CHANGES:
        if verdict is Verdict.AGREES:
            _move(session, packet, PacketState.COUNSEL_REVIEW, "participant_agreed", source, now)
        elif verdict is Verdict.CHANGES:
            _take_back_approval(session, packet, "the participant asked for changes", now)
            _move(session, packet, PacketState.DRAFTING, "participant_changes", source, now)
    return row


def send_to_counsel(
    session: HubSession,
    packet_id: str,
    source: Source,
    now: datetime,
    *,
    unread_because: str = "",
) -> Packet:
    """Ask counsel to read the newest version.

    Args:
        unread_because: why the participant has not read it (held where no one may visit, no time);
            kept with the packet and shown to counsel.

    Raises:
        NothingBuilt: there is no version.
        NotReadYet: the participant has not agreed to the newest version, and no reason is given.
        PacketEnded, PacketCancelled: it takes no step any more, or not now.
    """
    packet = _open(session, packet_id)
    newest = newest_version(session, packet_id)
    if newest is None:
        raise NothingBuilt
    if not _agreed(session, newest):
        if not unread_because.strip():
            raise NotReadYet
        words = unread_because.strip()
        _say(session, packet, newest.id, Reader.PARTICIPANT, Verdict.COMMENTS, words, "", now)
    if packet.state in _BEFORE_COUNSEL:
        _move(session, packet, PacketState.COUNSEL_REVIEW, "counsel_asked", source, now)
    return packet


def approve(
    session: HubSession,
    packet_id: str,
    version_id: str,
    *,
    seen_hash: str,
    current_hash: str,
    signed_as: str,
    source: Source,
    now: datetime,
) -> Approval:
    """Counsel approves what they read, and nothing else. A second time changes nothing.

    Args:
        version_id: of the version that was shown.
        seen_hash: its `bound_hash`, as the form carried it.
        current_hash: the content hash of the packet as the records stand now.
        signed_as: counsel's name, typed.

    Raises:
        VersionChanged: it is not the newest version, or something changed since it was built.
        NotUnderReview: counsel is not being asked.
        PacketEnded, PacketCancelled: it takes no step any more, or not now.
    """
    packet = _open(session, packet_id)
    version = session.get(PacketVersion, version_id)
    if version is None or version.packet_id != packet.id:
        raise NotFound("packet version")
    earlier = live_approval(session, packet_id)
    if earlier is not None and earlier.content_hash == current_hash:
        if earlier.bound_hash == seen_hash or earlier.id == version.approval_id:
            return earlier
        raise VersionChanged
    if packet.state != PacketState.COUNSEL_REVIEW:
        raise NotUnderReview
    newest = newest_version(session, packet_id)
    same = newest is not None and newest.id == version.id and bound_hash(version) == seen_hash
    if not same or version.content_hash != current_hash:
        raise VersionChanged
    approval = Approval(
        packet_id=packet.id,
        version_id=version.id,
        approved_by=source.actor,
        signed_as=signed_as.strip(),
        approved_at=now,
        content_hash=current_hash,
        bound_hash=seen_hash,
    )
    session.add(approval)
    # What counsel approved is for the hearing that it names, and is not for another one once that
    # is over.
    hearing = hearing_of(session, packet)
    packet.hearing_id = hearing.id if hearing else None
    _say(session, packet, version.id, Reader.COUNSEL, Verdict.APPROVES, "", signed_as, now)
    _move(session, packet, PacketState.APPROVED, "approved", source, now)
    return approval


def send_back(
    session: HubSession,
    packet_id: str,
    version_id: str,
    words: str,
    source: Source,
    now: datetime,
    *,
    said_by: str = "",
) -> Packet:
    """Counsel wants something changed first; an approval that was given is taken back.

    Raises:
        NotUnderReview: counsel is not being asked, and approved nothing.
        PacketEnded, PacketCancelled: it takes no step any more, or not now.
    """
    packet = _open(session, packet_id)
    if packet.state in _BEFORE_COUNSEL:
        raise NotUnderReview
    _say(session, packet, version_id, Reader.COUNSEL, Verdict.SENDS_BACK, words, said_by, now)
    _take_back_approval(session, packet, "counsel sent it back", now)
    _move(session, packet, PacketState.DRAFTING, "sent_back", source, now)
    return packet


def comment(
    session: HubSession,
    packet_id: str,
    version_id: str,
    words: str,
    reader: Reader,
    said_by: str,
    source: Source,
    now: datetime,
) -> PacketReview:
    """Something that a reader wants known; the packet goes on as it does.

    Raises:
        PacketEnded: it was filed or replaced.
    """
    packet = _open(session, packet_id, cancelled_too=True)
    row = _say(session, packet, version_id, reader, Verdict.COMMENTS, words, said_by, now)
    case = get_case(session, packet.case_id)
    record_event(session, case, "packet", "commented", source, now, subject_id=packet.id)
    touch_packet(session, packet, now)
    return row


def live_approval(session: HubSession, packet_id: str) -> Approval | None:
    """Counsel's approval that was not voided; whether it still fits is for the caller to ask."""
    return session.exec(
        select(Approval)
        .where(Approval.packet_id == packet_id, col(Approval.voided_at).is_(None))
        .order_by(col(Approval.approved_at).desc())
    ).first()


def void_approval(
    session: HubSession, packet: Packet, changes: Iterable[str], source: Source, now: datetime
) -> None:
    """What was approved is not what the packet says any more: void it and ask counsel again."""
    if _take_back_approval(session, packet, " ".join(changes), now):
        _move(session, packet, PacketState.COUNSEL_REVIEW, "approval_voided", source, now)


def mark_delivered(session: HubSession, packet: Packet, source: Source, now: datetime) -> None:
    """The approved version is built and waits behind counsel's link."""
    if packet.state == PacketState.APPROVED:
        packet.delivered_at = now
        _move(session, packet, PacketState.DELIVERED, "delivered", source, now)


def mark_filed(
    session: HubSession, packet_id: str, filed_on: date, source: Source, now: datetime
) -> Packet:
    """Counsel filed it on this day (local date). A second time corrects the day.

    Raises:
        NotApproved: nothing approved was delivered.
        PacketCancelled: it is cancelled.
    """
    packet = get_packet(session, packet_id)
    if packet.state == PacketState.FILED:
        packet.filed_on = filed_on
        session.add(packet)
        return packet
    packet = _open(session, packet_id)
    if packet.state != PacketState.DELIVERED:
        raise NotApproved
    packet.filed_on = filed_on
    _move(session, packet, PacketState.FILED, "filed", source, now)
    close_packet_tasks(session, packet.id, source.actor, now)
    return packet


def cancel_packet(session: HubSession, packet_id: str, source: Source, now: datetime) -> Packet:
    """Ask nobody for anything any more; everything is kept, and it can be taken up again."""
    packet = _open(session, packet_id, cancelled_too=True)
    if packet.cancelled_at is None:
        packet.cancelled_at = now
        close_packet_tasks(session, packet.id, source.actor, now)
        _note(session, packet, "cancelled", source, now)
    return packet


def resume_packet(session: HubSession, packet_id: str, source: Source, now: datetime) -> Packet:
    """Take a cancelled packet up again where it stood."""
    packet = _open(session, packet_id, cancelled_too=True)
    if packet.cancelled_at is not None:
        packet.cancelled_at = None
        _note(session, packet, "resumed", source, now)
    return packet


def replace_packet(
    session: HubSession, packet_id: str, kind: str, source: Source, now: datetime
) -> Packet:
    """A new packet in the place of this one, which keeps its versions and ends; the new one
    begins with what both kinds say, with the same exhibits, and with the letters and invitations of
    one that was not filed. It is for the same hearing while that is to come, else for the next.

    Raises:
        PacketEnded: it was replaced already. A filed one may be replaced.
    """
    packet = get_packet(session, packet_id)
    session.lock(packet)
    if packet.state == PacketState.SUPERSEDED:
        raise PacketEnded
    hearing = hearing_of(session, packet)
    to_come = hearing is not None and hearing.status == HearingStatus.SCHEDULED
    new = request_packet(
        session,
        packet.case_id,
        kind,
        content_of(packet),
        source,
        now,
        hearing_id=packet.hearing_id if to_come else None,
        replaces_id=packet.id,
    )
    # All of these stand on packets, which reach for them only when one is replaced.
    from records.exhibits import copy_exhibits
    from records.interview import take_invites_along
    from records.letters import take_letters_along

    copy_exhibits(session, packet.id, new)
    if packet.state != PacketState.FILED:
        take_letters_along(session, packet.id, new)
        take_invites_along(session, packet.id, new)
    _move(session, packet, PacketState.SUPERSEDED, "superseded", source, now)
    close_packet_tasks(session, packet.id, source.actor, now)
    return new


def counsel_link(session: HubSession, packet: Packet, now: datetime) -> PrivateLink:
    """Counsel's own link to this packet.

    Raises:
        NotFound: the case has no counsel.
    """
    case = get_case(session, packet.case_id)
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    if counsel is None:
        raise NotFound("counsel")
    wanted = LinkFor(LinkPurpose.COUNSEL, packet_id=packet.id, person_id=counsel.person_id)
    link = live_link(session, wanted)
    if link is not None and link.expires_at - now > LINK_LASTS / 2:
        return link
    return make_link(session, wanted, now + LINK_LASTS)


def new_counsel_link(session: HubSession, packet: Packet, now: datetime) -> PrivateLink:
    """Another link for counsel, and the end of the old one, which may have got into other hands.

    Raises:
        NotFound: the case has no counsel.
    """
    old = counsel_link(session, packet, now)
    wanted = LinkFor(LinkPurpose.COUNSEL, packet_id=packet.id, person_id=old.person_id)
    revoke_links(session, wanted, now)
    session.flush()
    return make_link(session, wanted, now + LINK_LASTS)


def times_changed(reviews: Sequence[PacketReview]) -> int:
    """How often a reader asked for changes."""
    return sum(review.verdict in (Verdict.CHANGES, Verdict.SENDS_BACK) for review in reviews)


def _open(session: HubSession, packet_id: str, *, cancelled_too: bool = False) -> Packet:
    """The packet, held, while it still takes steps."""
    packet = get_packet(session, packet_id)
    session.lock(packet)
    if packet.state in ENDED_PACKETS:
        raise PacketEnded
    if packet.cancelled_at is not None and not cancelled_too:
        raise PacketCancelled
    return packet


def _agreed(session: HubSession, version: PacketVersion) -> bool:
    """Whether the participant agreed to this, or to a version that says the same, and has asked
    for no change of it since."""
    last = session.exec(
        select(col(PacketReview.verdict))
        .join(PacketVersion, col(PacketReview.version_id) == PacketVersion.id)
        .where(
            PacketReview.packet_id == version.packet_id,
            PacketReview.reader == Reader.PARTICIPANT,
            col(PacketReview.verdict).in_((Verdict.AGREES, Verdict.CHANGES)),
            PacketVersion.content_hash == version.content_hash,
        )
        .order_by(col(PacketReview.said_at).desc(), col(PacketReview.id).desc())
    ).first()
    return last == Verdict.AGREES


def _say(
    session: HubSession,
    packet: Packet,
    version_id: str,
    reader: Reader,
    verdict: Verdict,
    words: str,
    said_by: str,
    now: datetime,
) -> PacketReview:
    version = session.get(PacketVersion, version_id) if version_id else None
    if version_id and (version is None or version.packet_id != packet.id):
        raise NotFound("packet version")
    row = PacketReview(
        packet_id=packet.id,
        version_id=version_id or None,
        reader=reader,
        verdict=verdict,
        words=words.strip(),
        said_by=said_by.strip(),
        said_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _take_back_approval(session: HubSession, packet: Packet, why: str, now: datetime) -> bool:
    """Void the live approval, if there is one."""
    approval = live_approval(session, packet.id)
    if approval is None:
        return False
    approval.voided_at, approval.void_reason = now, why
    session.add(approval)
    session.flush()
    return True


def _move(
    session: HubSession,
    packet: Packet,
    state: PacketState,
    event: str,
    source: Source,
    now: datetime,
) -> None:
    packet.state, packet.state_since = state, now
    close_packet_tasks(session, packet.id, source.actor, now, kinds=_ENDS[state])
    _note(session, packet, event, source, now)


def _note(session: HubSession, packet: Packet, event: str, source: Source, now: datetime) -> None:
    case = get_case(session, packet.case_id)
    record_event(session, case, "packet", event, source, now, subject_id=packet.id)
    touch_packet(session, packet, now)
