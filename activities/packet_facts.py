"""What the packet planner looks at, read from the records."""

import json
from datetime import datetime

from sqlmodel import col, select

from activities.packet_inputs import gather
from domain.facts import (
    InviteFacts,
    LetterFacts,
    PacketFacts,
    PersonFacts,
)
from domain.packet_sections import sections_of
from domain.tracks import ENDED_STAGES
from domain.vocabulary import (
    Audience,
    Channel,
    LetterState,
    LinkPurpose,
    PacketKind,
    PacketState,
)
from records.case_facts import (
    load_elsewhere,
    load_packet_messages,
    load_person,
    load_task_keys,
)
from records.database import HubSession
from records.hubs import leads_of, policy_of, the_hub
from records.interview import supporter_of
from records.packet_reviews import live_approval, newest_version, reviews_of, times_changed
from records.packets import hearing_of
from records.tables import (
    Approval,
    Case,
    Counsel,
    Defendant,
    HumanTask,
    Letter,
    Packet,
    PacketVersion,
    PrivateLink,
)

WITHOUT_LETTERS = frozenset({PacketKind.PROGRESS, PacketKind.VIOLATION})
"""Kinds that nobody is asked to write letters for unless the advocate wants them."""
_WRITTEN = frozenset({Channel.SMS, Channel.EMAIL})
"""Ways that can carry the address of a private page; a call cannot."""


def load_packet(session: HubSession, packet_id: str, now: datetime) -> PacketFacts | None:
    """The facts of one packet at `now` (UTC), or None when there is no such packet in the hub."""
    packet = session.get(Packet, packet_id)
    case = session.get(Case, packet.case_id) if packet else None
    if packet is None or case is None:
        return None
    hub = the_hub(session)
    hearing = hearing_of(session, packet)
    gathered = gather(session, packet, now)
    newest = newest_version(session, packet_id)
    approval = live_approval(session, packet_id)
    said = gathered.packet.sections
    letters, invites = _letters(session, packet), _invites(session, packet)
    asked = {letter.writer.id for letter in letters if letter.writer}
    return PacketFacts(
        id=packet.id,
        hub_id=session.hub_id,
        revision=packet.revision,
        state=PacketState(packet.state),
        policy=policy_of(hub),
        requested_at=packet.requested_at,
        hearing_at=hearing.starts_at if hearing else None,
        inputs_hash=gathered.inputs_hash,
        built_hash=newest.inputs_hash if newest else "",
        content_hash=gathered.content_hash,
        approved_hash=approval.content_hash if approval else "",
        task_keys=load_task_keys(session, HumanTask.packet_id, packet_id),
        leads=leads_of(hub),
        state_since=packet.state_since,
        changed_at=packet.changed_at,
        cancelled=packet.cancelled_at is not None,
        case_over=case.stage in ENDED_STAGES,
        gaps=any(not said.get(s.key) for s in sections_of(packet.kind) if not s.optional),
        wants_letters=packet.kind not in WITHOUT_LETTERS,
        letters=letters,
        invites=invites,
        participant=_participant(session, case, packet),
        counsel=_counsel(session, case, packet),
        changes_asked=times_changed(reviews_of(session, packet_id)),
        voided=_voided(session, packet),
        problems=newest is not None and has_problems(newest),
        consent_ends=gathered.consent_ends,
        messages=load_packet_messages(session, packet_id),
        elsewhere=load_elsewhere(session, packet_id, asked) if asked else {},
    )


def has_problems(version: PacketVersion) -> bool:
    """Whether the court's filing desk would refuse this version."""
    return any(finding["blocking"] for finding in json.loads(version.preflight or "[]"))


def _letters(session: HubSession, packet: Packet) -> tuple[LetterFacts, ...]:
    rows = session.exec(
        select(Letter)
        .where(Letter.packet_id == packet.id, Letter.state != LetterState.WITHDRAWN)
        .order_by(col(Letter.position), col(Letter.id))
    ).all()
    return tuple(
        LetterFacts(
            row.id,
            LetterState(row.state),
            row.asked_at,
            _reader(session, row.writer_id, row.asked_at) if row.writer_id else None,
            row.asks,
        )
        for row in rows
    )


def _invites(session: HubSession, packet: Packet) -> tuple[InviteFacts, ...]:
    rows = session.exec(
        select(PrivateLink).where(
            PrivateLink.packet_id == packet.id,
            PrivateLink.purpose == LinkPurpose.INTERVIEW,
            col(PrivateLink.revoked_at).is_(None),
            col(PrivateLink.opened_at).is_(None),
        )
    ).all()
    return tuple(
        InviteFacts(row.id, _reader(session, row.person_id, row.created_at), row.created_at)
        for row in rows
        if row.person_id and supporter_of(session, packet.case_id, row.person_id)
    )


def _participant(session: HubSession, case: Case, packet: Packet) -> PersonFacts | None:
    """Who the packet is about; nobody while they are held: there an advocate reads it to them."""
    if case.custody == "detained":
        return None
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    return _reader(session, person_id, packet.requested_at, Audience.DEFENDANT)


def _counsel(session: HubSession, case: Case, packet: Packet) -> PersonFacts | None:
    counsel = session.get(Counsel, case.counsel_id) if case.counsel_id else None
    if counsel is None:
        return None
    found = _reader(session, counsel.person_id, packet.requested_at)
    return found if found.contacts else None


def _reader(
    session: HubSession, person_id: str, since: datetime, audience: Audience = Audience.FAMILY
) -> PersonFacts:
    person = load_person(session, person_id, audience, since)
    ways = tuple(way for way in person.contacts if way.channel in _WRITTEN)
    return PersonFacts(person.id, person.audience, person.enrolled_at, ways)


def _voided(session: HubSession, packet: Packet) -> int:
    """How many approvals were voided, when the last of them is why counsel is asked now."""
    moments = session.exec(
        select(col(Approval.voided_at)).where(
            Approval.packet_id == packet.id, col(Approval.voided_at).is_not(None)
        )
    ).all()
    is_asked_again = packet.state == PacketState.COUNSEL_REVIEW and packet.state_since in moments
    return len(moments) if is_asked_again else 0
