"""Which consents a packet stands on: what it may show of treatment, and what a version shows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from domain.consents import Recipient, RecipientKind, ShareKind, Sharing, basis_for, is_live
from domain.vocabulary import PacketState
from records.casework import Source, get_case
from records.consents import own_cases, signed_of
from records.database import HubSession
from records.disclosures import NotConsented, Telling, disclose
from records.packet_reviews import newest_version
from records.tables import (
    Case,
    ConsentTerms,
    Defendant,
    Disclosure,
    HumanTask,
    Packet,
    PacketVersion,
    Person,
    PrivateLink,
)

PREFIX: Final = "consent:"
"""How the inputs of a version name a consent: `consent:<id>:<kind>`."""
FLAGGED: Final = "consent_ended"
"""The task that points out a packet or report which holds what a consent no longer covers."""
THE_COURT: Final = Recipient(RecipientKind.COURT, "The lawyer, and the court through the lawyer")
_OUT_OF_HAND = frozenset({PacketState.APPROVED, PacketState.DELIVERED, PacketState.FILED})
_DOCUMENTS = frozenset({"packet_version", "progress_report"})


def counsel_as_recipient(session: HubSession, link: PrivateLink) -> Recipient:
    """Counsel, to whom a private link was sent."""
    person = session.get(Person, link.person_id) if link.person_id else None
    name = f"{person.first_name} {person.last_name}".strip() if person else "Counsel"
    return Recipient(RecipientKind.COUNSEL, name, link.person_id or "")


def consents_for_court(
    session: HubSession, person_id: str, now: datetime, *, held: bool = False
) -> list[Sharing]:
    """A person's consents that hold at `now` (UTC) and cover the court through counsel; `held`
    keeps them from being taken back until the transaction ends."""
    return [
        one
        for one in signed_of(session, person_id, held=held)
        if one.recipient.kind is RecipientKind.COURT and is_live(one, now)
    ]


def basis_in(consents: Sequence[Sharing], kind: ShareKind, now: datetime) -> Sharing | None:
    """The consent under which a packet may show a kind; None when it may not."""
    return basis_for(consents, THE_COURT, kind, now)


def input_key(consent_id: str, kind: ShareKind) -> str:
    """How the inputs of a version name what it shows under a consent."""
    return f"{PREFIX}{consent_id}:{kind}"


def shown_in(version: PacketVersion) -> Mapping[str, frozenset[ShareKind]]:
    """Consent id → what a version shows under it."""
    found: dict[str, set[ShareKind]] = {}
    for key, *_ in json.loads(version.inputs or "[]"):
        if key.startswith(PREFIX):
            _, consent_id, kind = key.split(":")
            found.setdefault(consent_id, set()).add(ShareKind(kind))
    return {consent_id: frozenset(kinds) for consent_id, kinds in found.items()}


def may_leave(session: HubSession, version: PacketVersion, now: datetime) -> bool:
    """Whether all that a version shows is still covered at `now` (UTC)."""
    shown = frozenset().union(*shown_in(version).values())
    if not shown:
        return True
    consents = consents_for_court(session, _person_of(session, version.packet_id), now)
    return all(basis_in(consents, kind, now) is not None for kind in shown)


def let_leave(
    session: HubSession,
    version: PacketVersion,
    to: Recipient,
    how: str,
    source: Source,
    now: datetime,
) -> None:
    """Write down that a version leaves the hub, with what it shows of treatment; a version that
    shows none is no disclosure.

    Raises:
        NotConsented: a consent does not cover it any more; it may not leave.
    """
    shown: frozenset[ShareKind] = frozenset().union(*shown_in(version).values())
    if not shown:
        return
    packet = session.get_one(Packet, version.packet_id)
    telling = Telling(
        person_id=_person_of(session, packet.id),
        to=to,
        kinds=shown,
        what=f"packet ({packet.kind}), version {version.number}: steps of the support plan",
        how=how,
        case_id=packet.case_id,
        subject_kind="packet_version",
        subject_id=version.id,
    )
    _let_tell(session, telling, source, now)


def let_read(
    session: HubSession,
    packet: Packet,
    shown: frozenset[ShareKind],
    to: Recipient,
    source: Source,
    now: datetime,
) -> None:
    """Write down that somebody outside the hub reads on a screen what a packet says now.

    Raises:
        NotConsented: a consent does not cover it any more; it may not be shown.
    """
    if not shown:
        return
    telling = Telling(
        person_id=_person_of(session, packet.id),
        to=to,
        kinds=shown,
        what=f"text of a packet ({packet.kind}): steps of the support plan",
        how="read behind a private link",
        case_id=packet.case_id,
        subject_kind="packet",
        subject_id=packet.id,
    )
    _let_tell(session, telling, source, now)


def _let_tell(session: HubSession, telling: Telling, source: Source, now: datetime) -> None:
    """Once for each document, recipient, way and consent: a page that is loaded again tells
    nothing new."""
    consents = consents_for_court(session, telling.person_id, now, held=True)
    basis = {kind: basis_in(consents, kind, now) for kind in telling.kinds}
    missing = [kind for kind, one in basis.items() if one is None]
    if missing:
        raise NotConsented(missing)
    noted = session.exec(
        select(Disclosure).where(
            Disclosure.subject_id == telling.subject_id,
            Disclosure.recipient_kind == telling.to.kind,
            Disclosure.recipient_id == telling.to.id,
            Disclosure.how == telling.how,
        )
    ).all()
    known = {(kind, row.consent_id) for row in noted for kind in row.kinds}
    if all(one is not None and (kind, one.id) in known for kind, one in basis.items()):
        return
    disclose(session, telling, source, now)


def _person_of(session: HubSession, packet_id: str) -> str:
    packet = session.get_one(Packet, packet_id)
    case = session.get_one(Case, packet.case_id)
    return session.get_one(Defendant, case.defendant_id).person_id


def flag_what_was_shared(session: HubSession, terms: ConsentTerms, now: datetime) -> None:
    """Point out each packet and report that holds what a consent covered, which has just ended:
    somebody has to tell counsel, and perhaps take it back."""
    for subject_id, case_id, packet_id in _holding(session, terms):
        claim = f"{FLAGGED}|{terms.id}|{subject_id}"
        known = session.exec(select(HumanTask.id).where(HumanTask.claim == claim)).first()
        if known is not None:
            continue
        case = get_case(session, case_id) if case_id else None
        session.add(
            HumanTask(
                claim=claim,
                kind=FLAGGED,
                case_id=case_id,
                packet_id=packet_id,
                person_id=terms.person_id,
                subject_id=packet_id or subject_id,
                assigned_to_id=case.advocate_id if case else None,
                opened_at=now,
            )
        )
    session.flush()


def _holding(session: HubSession, terms: ConsentTerms) -> list[tuple[str, str | None, str | None]]:
    """(document or packet, case, packet) for each that holds what the consent covers."""
    found: dict[str, tuple[str, str | None, str | None]] = {}
    for row in session.exec(
        select(Disclosure).where(
            Disclosure.consent_id == terms.id, col(Disclosure.subject_kind).in_(_DOCUMENTS)
        )
    ).all():
        version = session.get(PacketVersion, row.subject_id)
        packet_id = version.packet_id if version else None
        key = packet_id or row.subject_id
        found[key] = (key, row.case_id, packet_id)
    for packet in _out_of_hand(session, terms.person_id):
        newest = newest_version(session, packet.id)
        if newest is not None and terms.id in shown_in(newest):
            found[packet.id] = (packet.id, packet.case_id, packet.id)
    return list(found.values())


def _out_of_hand(session: HubSession, person_id: str) -> list[Packet]:
    cases = [case.id for case in own_cases(session, person_id)]
    return list(
        session.exec(
            select(Packet).where(
                col(Packet.case_id).in_(cases), col(Packet.state).in_(_OUT_OF_HAND)
            )
        ).all()
    )
