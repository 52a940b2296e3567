"""Private links: one person does one thing without an account.

A token of 128 random bits is the right to use it. It is found by its hash; the token itself rests
sealed beside it, because a reminder must be able to name the same address again. Opening the
address shows a button and changes nothing (mail programs open every link); the button starts a
visit, whose cookie holds the link's id, its time and a seal of both. A link that is revoked or
has expired ends every visit that began with it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.crypto import keys
from records.database import HubSession, Records
from records.tables import PrivateLink

VISIT: Final = timedelta(hours=12)
"""How long a visit lasts before the link's button has to be pressed again."""
PATHS: Final = {
    LinkPurpose.LETTER: "/letter/",
    LinkPurpose.INTERVIEW: "/tell/",
    LinkPurpose.REVIEW: "/read/",
    LinkPurpose.COUNSEL: "/counsel/",
    LinkPurpose.CONSENT: "/agree/",
    LinkPurpose.REFERRAL: "/refer/",
    LinkPurpose.REPORT: "/report/",
    LinkPurpose.STEPS: "/steps/",
    LinkPurpose.FAMILY: "/f/",
}
"""Where each kind of link points, below the site's own address."""
_TOKEN_BYTES: Final = 16
_SEALED_FOR: Final = "private-link-visit"


@dataclass(frozen=True, slots=True)
class LinkFor:
    """What a link is for: one letter, packet, consent, referral or case, and whom it was made
    for."""

    purpose: LinkPurpose
    packet_id: str | None = None
    letter_id: str | None = None
    person_id: str | None = None
    consent_id: str | None = None
    referral_id: str | None = None
    report_id: str | None = None
    case_id: str | None = None


def make_link(
    session: HubSession, wanted: LinkFor, expires_at: datetime, *, after: datetime | None = None
) -> PrivateLink:
    """The link for this, made where there is none; its end moves with `expires_at` (UTC).

    Args:
        session: of the hub.
        wanted: what it is for.
        expires_at: until when it opens at least.
        after: with it, a link that had ended by then (UTC) is left as it is and another is made:
            whoever kept the old one does not get in again.
    """
    link = live_link(session, wanted)
    if link is None or (after is not None and link.expires_at <= after):
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        link = PrivateLink(
            purpose=wanted.purpose,
            token_hash=_hash(token),
            token=token,
            packet_id=wanted.packet_id,
            letter_id=wanted.letter_id,
            person_id=wanted.person_id,
            consent_id=wanted.consent_id,
            referral_id=wanted.referral_id,
            report_id=wanted.report_id,
            case_id=wanted.case_id,
            expires_at=expires_at,
        )
    link.expires_at = max(link.expires_at, expires_at)
    session.add(link)
    session.flush()
    return link


def live_link(session: HubSession, wanted: LinkFor) -> PrivateLink | None:
    """The newest link for this that was not revoked, expired or not; None when there is none."""
    return session.exec(
        select(PrivateLink)
        .where(
            PrivateLink.purpose == wanted.purpose,
            PrivateLink.packet_id == wanted.packet_id,
            PrivateLink.letter_id == wanted.letter_id,
            PrivateLink.person_id == wanted.person_id,
            PrivateLink.consent_id == wanted.consent_id,
            PrivateLink.referral_id == wanted.referral_id,
            PrivateLink.report_id == wanted.report_id,
            PrivateLink.case_id == wanted.case_id,
            col(PrivateLink.revoked_at).is_(None),
        )
        .order_by(col(PrivateLink.created_at).desc())
    ).first()


def path_of(link: PrivateLink) -> str:
    """The path of a link: `/letter/…`."""
    return PATHS[LinkPurpose(link.purpose)] + link.token


def find_link(records: Records, token: str, purpose: LinkPurpose) -> PrivateLink | None:
    """The link with this token, in whichever hub, expired and revoked ones too; None for none.

    Changes nothing.
    """
    with records.reading("") as session:
        return session.exec(
            select(PrivateLink).where(
                PrivateLink.token_hash == _hash(token), PrivateLink.purpose == purpose
            )
        ).first()


def is_live(link: PrivateLink, now: datetime) -> bool:
    """Whether a link may be used at `now` (UTC)."""
    return link.revoked_at is None and now < link.expires_at


def open_link(session: HubSession, link_id: str, now: datetime) -> PrivateLink:
    """Its button was pressed: note the first and the last time (UTC).

    Raises:
        NotFound: no such link in this hub.
    """
    link = session.get(PrivateLink, link_id)
    if link is None:
        raise NotFound("link")
    link.opened_at = link.opened_at or now
    link.last_opened_at = now
    session.add(link)
    return link


def revoke_links(session: HubSession, wanted: LinkFor, now: datetime) -> None:
    """End every link for this, and every visit that began with one."""
    statement = select(PrivateLink).where(
        PrivateLink.purpose == wanted.purpose,
        PrivateLink.packet_id == wanted.packet_id,
        PrivateLink.letter_id == wanted.letter_id,
        PrivateLink.person_id == wanted.person_id,
        PrivateLink.consent_id == wanted.consent_id,
        PrivateLink.referral_id == wanted.referral_id,
        PrivateLink.report_id == wanted.report_id,
        PrivateLink.case_id == wanted.case_id,
        col(PrivateLink.revoked_at).is_(None),
    )
    for link in session.exec(statement).all():
        link.revoked_at = now
        session.add(link)


def end_links_of(session: HubSession, person_id: str, now: datetime) -> None:
    """End every link that was made for a person: somebody else has read where they lead. Their next
    message, to wherever they really are, brings another one."""
    links = session.exec(
        select(PrivateLink).where(
            PrivateLink.person_id == person_id, col(PrivateLink.revoked_at).is_(None)
        )
    ).all()
    for link in links:
        link.revoked_at = now
        session.add(link)


def visit_mark(link: PrivateLink, now: datetime) -> str:
    """What a visit's cookie holds."""
    begun = f"{link.id}.{int(now.timestamp())}"
    return f"{begun}.{_seal(begun)}"


def visit_holds(link: PrivateLink, mark: str, now: datetime) -> bool:
    """Whether a cookie belongs to a running visit of this link."""
    begun, _, seal = mark.rpartition(".")
    link_id, _, seconds = begun.partition(".")
    if (
        not hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(begun).encode())
        or link_id != link.id
    ):
        return False
    return is_live(link, now) and now.timestamp() - int(seconds) < VISIT.total_seconds()


def _seal(begun: str) -> str:
    return keys().index(begun, _SEALED_FOR)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
