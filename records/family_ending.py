"""Family pages end: with the case, when somebody leaves the circle, when a number was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from domain.vocabulary import LinkPurpose
from records.access import hash_token
from records.crypto import keys
from records.database import HubSession
from records.private_links import end_links_of
from records.tables import FeedToken, PrivateLink

_FEED: Final = "family-feed"


def feed_secret(link: PrivateLink) -> str:
    """The secret of the calendar that is subscribed to on a family page. It is worked out from the
    page's own, so that asking for it twice makes one calendar, and only its hash is kept."""
    return keys().index(link.id, _FEED)


def end_pages_of_case(session: HubSession, case_id: str, now: datetime) -> None:
    """The case has ended: nobody opens a page of it any more."""
    _revoke(session, _live(session, PrivateLink.case_id == case_id), now)


def end_page_in_case(session: HubSession, person_id: str, case_id: str, now: datetime) -> None:
    """Somebody left the circle: their page of this case ends, and those of other cases go on."""
    links = _live(session, PrivateLink.case_id == case_id)
    _revoke(session, [link for link in links if link.person_id == person_id], now)


def end_page_and_calendar(session: HubSession, person_id: str, case_id: str, now: datetime) -> None:
    """Somebody else may have the address of this person's page of this case: it ends, and so does
    the calendar that can be subscribed to there."""
    links = [
        link
        for link in _live(session, PrivateLink.case_id == case_id)
        if link.person_id == person_id
    ]
    _revoke(session, links, now)
    _end_feeds(session, links, now)


def end_pages_at_a_wrong_number(session: HubSession, person_id: str, now: datetime) -> None:
    """A stranger got this person's messages: every page and calendar that they led to ends. The
    person's next message, to wherever they really are, brings a new one."""
    end_links_of(session, person_id, now)
    links = session.exec(
        select(PrivateLink).where(
            PrivateLink.person_id == person_id, PrivateLink.purpose == LinkPurpose.FAMILY
        )
    ).all()
    _end_feeds(session, links, now)


def _end_feeds(session: HubSession, links: Iterable[PrivateLink], now: datetime) -> None:
    hashes = [hash_token(feed_secret(link)) for link in links]
    for feed in session.exec(select(FeedToken).where(col(FeedToken.token_hash).in_(hashes))).all():
        feed.revoked_at = feed.revoked_at or now
        session.add(feed)


def _live(session: HubSession, which: bool | ColumnElement[bool]) -> Sequence[PrivateLink]:
    return session.exec(
        select(PrivateLink).where(
            PrivateLink.purpose == LinkPurpose.FAMILY, col(PrivateLink.revoked_at).is_(None), which
        )
    ).all()


def _revoke(session: HubSession, links: Iterable[PrivateLink], now: datetime) -> None:
    for link in links:
        link.revoked_at = link.revoked_at or now
        session.add(link)
