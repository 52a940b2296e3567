"""A packet's way through its readers: asked, answered, approved, filed. The hub files nothing.

Counsel approves, with counsel's own token or link: an advocate's program cannot.
"""

from collections.abc import Callable

from pydantic import BaseModel
from starlette.responses import Response

from activities.packet_inputs import gather
from api import problems
from api.door import guarded_router
from api.once import AtOnce, OnceDesk
from api.problems import Refusal, documented
from api.v1.packet_shapes import (
    AnswerIn,
    ApprovalIn,
    ApprovalOut,
    CounselSendIn,
    FiledIn,
    PacketOut,
    ReplaceIn,
    ReviewIn,
)
from api.v1.packets import PacketId, told
from domain.court_time import wall_time
from domain.vocabulary import Reader, Verdict
from records import packet_replacing as replacing
from records import packet_reviews as book
from records.casework import NotFound
from records.database import HubSession
from records.hubs import the_hub
from records.packets import get_packet
from records.tables import PacketVersion

router = guarded_router("packets")

_STEP = documented(problems.NOT_FOUND, problems.ENDED, problems.NOT_NOW)
_READ = documented(problems.NOT_FOUND, problems.ENDED, problems.NOT_NOW, problems.CONFLICT)


def _do(
    desk: OnceDesk, packet_id: str, said: BaseModel | None, step: Callable[[HubSession], object]
) -> Response:
    """Take a step, and tell how the packet stands then."""

    def make(session: HubSession) -> PacketOut:
        get_packet(session, packet_id)
        step(session)
        session.flush()
        return told(session, get_packet(session, packet_id), desk.now)

    return desk.do(said, make, 200)


def _version(session: HubSession, packet_id: str, version_id: str) -> str:
    """The id of a version of this packet and no other."""
    version = session.get(PacketVersion, version_id)
    if version is None or version.packet_id != packet_id:
        raise NotFound("packet version")
    return version.id


@router.post(
    "/packets/{packet_id}/draft",
    summary="Begin drafting",
    response_model=PacketOut,
    responses=_STEP,
)
def draft_packet(desk: AtOnce, packet_id: PacketId) -> Response:
    """What was collected is enough to write with."""
    return _do(
        desk,
        packet_id,
        None,
        lambda session: book.start_drafting(session, packet_id, desk.source, desk.now),
    )


@router.post(
    "/packets/{packet_id}/participant",
    summary="Ask the participant to read it",
    response_model=PacketOut,
    responses=_STEP,
)
def ask_participant(desk: AtOnce, packet_id: PacketId) -> Response:
    """They get a private link to the newest version, where they can be reached."""
    return _do(
        desk,
        packet_id,
        None,
        lambda session: book.ask_participant(session, packet_id, desk.source, desk.now),
    )


@router.post(
    "/packets/{packet_id}/participant/answers",
    summary="Note what the participant said",
    response_model=PacketOut,
    responses=_READ,
)
def note_participant(desk: AtOnce, packet_id: PacketId, answer: AnswerIn) -> Response:
    """What they said to an advocate. Agreement with the newest version sends it to counsel; wishes
    for changes bring it back."""

    def step(session: HubSession) -> None:
        book.note_participant(
            session,
            packet_id,
            _version(session, packet_id, answer.version_id),
            Verdict(answer.verdict),
            answer.words,
            answer.said_by,
            desk.source,
            desk.now,
        )

    return _do(desk, packet_id, answer, step)


@router.post(
    "/packets/{packet_id}/counsel",
    summary="Send it to counsel",
    response_model=PacketOut,
    responses=_STEP,
)
def send_to_counsel(desk: AtOnce, packet_id: PacketId, sending: CounselSendIn) -> Response:
    """Ask counsel to read the newest version. Where the participant has not said that it is
    right, the reason is needed, and counsel sees it."""

    def step(session: HubSession) -> None:
        book.send_to_counsel(
            session, packet_id, desk.source, desk.now, unread_because=sending.unread_because
        )

    return _do(desk, packet_id, sending, step)


@router.post(
    "/packets/{packet_id}/reviews",
    summary="Counsel comments, or sends it back",
    response_model=PacketOut,
    responses=_STEP,
)
def review_packet(desk: AtOnce, packet_id: PacketId, review: ReviewIn) -> Response:
    """What counsel says of a version, short of approving it. Sending it back takes an approval
    back that was given."""

    def step(session: HubSession) -> None:
        version = _version(session, packet_id, review.version_id)
        words, who = review.words, review.said_by
        if review.verdict is Verdict.SENDS_BACK:
            book.send_back(session, packet_id, version, words, desk.source, desk.now, said_by=who)
        else:
            book.comment(
                session, packet_id, version, words, Reader.COUNSEL, who, desk.source, desk.now
            )

    return _do(desk, packet_id, review, step)


@router.post(
    "/packets/{packet_id}/approvals",
    summary="Counsel approves a version",
    status_code=201,
    response_model=ApprovalOut,
    responses=_READ,
)
def approve_packet(desk: AtOnce, packet_id: PacketId, approval: ApprovalIn) -> Response:
    """Counsel approves what they read, and nothing else: if it is not the newest version, or
    anything changed, nothing is approved. A second time changes nothing."""

    def make(session: HubSession) -> ApprovalOut:
        packet = get_packet(session, packet_id)
        session.lock(packet)
        row = book.approve(
            session,
            packet_id,
            _version(session, packet_id, approval.version_id),
            seen_hash=approval.bound_hash,
            current_hash=gather(session, packet, desk.now).content_hash,
            signed_as=approval.signed_as,
            source=desk.source,
            now=desk.now,
        )
        session.flush()
        return ApprovalOut.of(row)

    return desk.do(approval, make)


@router.post(
    "/packets/{packet_id}/filed",
    summary="Counsel filed it",
    response_model=PacketOut,
    responses=_STEP,
)
def mark_packet_filed(desk: AtOnce, packet_id: PacketId, filed: FiledIn) -> Response:
    """Note the day on which counsel filed it. A second time corrects the day."""

    def step(session: HubSession) -> None:
        if filed.filed_on > wall_time(desk.now, the_hub(session).zone).date():
            raise Refusal(problems.INVALID, "This day is still to come; give the day of filing.")
        book.mark_filed(session, packet_id, filed.filed_on, desk.source, desk.now)

    return _do(desk, packet_id, filed, step)


@router.post(
    "/packets/{packet_id}/cancel",
    summary="Cancel a packet",
    response_model=PacketOut,
    responses=_STEP,
)
def cancel_packet(desk: AtOnce, packet_id: PacketId) -> Response:
    """Ask nobody for anything any more. Everything is kept, and it can be taken up again."""
    return _do(
        desk,
        packet_id,
        None,
        lambda session: book.cancel_packet(session, packet_id, desk.source, desk.now),
    )


@router.post(
    "/packets/{packet_id}/resume",
    summary="Take a cancelled packet up again",
    response_model=PacketOut,
    responses=_STEP,
)
def resume_packet(desk: AtOnce, packet_id: PacketId) -> Response:
    """Take it up again where it stood."""
    return _do(
        desk,
        packet_id,
        None,
        lambda session: book.resume_packet(session, packet_id, desk.source, desk.now),
    )


@router.post(
    "/packets/{packet_id}/replace",
    summary="Put a new packet in its place",
    status_code=201,
    response_model=PacketOut,
    responses=_STEP,
)
def replace_packet(desk: AtOnce, packet_id: PacketId, new: ReplaceIn) -> Response:
    """A new packet that begins with what both kinds say. The old one ends and keeps its
    versions."""

    def make(session: HubSession) -> PacketOut:
        packet = replacing.replace_packet(session, packet_id, new.kind, desk.source, desk.now)
        return told(session, packet, desk.now)

    return desk.do(new, make)
