"""The link to a family page: one for each person and case, named in the texts that they get.

A person is the participant, or stands by them and may know of court dates. Whether they still do
is asked of the records each time a page is opened, whatever became of the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from domain.mailing import ASKS_PAGE
from domain.tracks import ENDED_STAGES
from domain.vocabulary import LinkPurpose
from records.casework import Source, record_event, touch
from records.circle import REMINDERS, is_told_of
from records.database import HubSession
from records.family_ending import end_page_and_calendar
from records.prepared import Prepared
from records.private_links import PATHS, LinkFor, make_link, path_of
from records.tables import Answer, Case, Consent, ContactPoint, Defendant, Person, PrivateLink

LINK_LASTS: Final = timedelta(days=60)
"""How long a link opens after a message that named it; at least half of that."""
SENT_FOR: Final = timedelta(days=2)
"""For how long a new link is tried to be sent."""
APART: Final = timedelta(hours=1)
A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 3
"""New links for one person in a day, whoever asks for them."""
WRITTEN: Final = ("sms", "email")
"""Ways that carry an address, best first."""

_LINK = Prepared(
    select(col(PrivateLink.token), col(PrivateLink.expires_at))
    .where(
        PrivateLink.purpose == LinkPurpose.FAMILY,
        PrivateLink.person_id == bindparam("person"),
        PrivateLink.case_id == bindparam("case"),
        col(PrivateLink.revoked_at).is_(None),
    )
    .order_by(col(PrivateLink.created_at).desc(), col(PrivateLink.id).desc())
)


@dataclass(frozen=True, slots=True)
class FamilyTie:
    """Somebody who may see the dates of a case.

    Attributes:
        own: it is their own case.
    """

    person: Person
    case: Case
    own: bool

    @property
    def held(self) -> bool:
        """Whether it is the participant, in custody: others may have their phone."""
        return self.own and self.case.custody == "detained"


def family_link(session: HubSession, person_id: str, case_id: str, now: datetime) -> PrivateLink:
    """Somebody's page of one case, made where there is none that opens at `now` (UTC)."""
    wanted = LinkFor(LinkPurpose.FAMILY, person_id=person_id, case_id=case_id)
    return make_link(session, wanted, now + LINK_LASTS, after=now)


def family_path(session: HubSession, person_id: str, case_id: str, now: datetime) -> str:
    """The path of somebody's page, for a message that leaves now.

    A reminder costs one read: nothing is written while a link still opens for long enough.
    """
    for token, expires_at in _LINK.all(session, person=person_id, case=case_id)[:1]:
        if expires_at >= now + LINK_LASTS / 2:
            return PATHS[LinkPurpose.FAMILY] + str(token)
    return path_of(family_link(session, person_id, case_id, now))


def new_family_link(
    session: HubSession, person_id: str, case_id: str, now: datetime
) -> PrivateLink:
    """Another address for somebody's page, from `now` (UTC) on: whoever has the old one does not
    get in again, and the calendar that was subscribed to on it ends too."""
    end_page_and_calendar(session, person_id, case_id, now)
    return family_link(session, person_id, case_id, now)


def tie_of(session: HubSession, link: PrivateLink) -> FamilyTie | None:
    """Whose page it is; None when they may not know of the case's dates, or it has ended."""
    return tie_to(session, link.person_id or "", link.case_id or "")


def tie_to(session: HubSession, person_id: str, case_id: str) -> FamilyTie | None:
    """Somebody's page of a case, whether or not they have its address yet; None when they may not
    know of the case's dates, or it has ended."""
    person = session.get(Person, person_id)
    case = session.get(Case, case_id)
    if person is None or case is None or case.stage in ENDED_STAGES:
        return None
    if not is_told_of(session, person.id, case):
        return None
    own = session.get_one(Defendant, case.defendant_id).person_id == person.id
    return FamilyTie(person, case, own)


def ask_for_a_new_link(session: HubSession, link: PrivateLink, now: datetime) -> bool:
    """Somebody opened a link that has expired, and wants a new one: it goes to the phone and the
    mailbox that the person already has, and nowhere else, through the case's workflow.

    Nothing is sent for a link that was taken back, to whoever may not know of the case any more,
    to a participant in custody, or when it was asked for a short while ago.

    Args:
        session: of the link's hub.
        link: the one that was opened.
        now: UTC.

    Returns:
        Whether anything will be sent. Whoever asked must not learn it.
    """
    if link.revoked_at is not None or link.expires_at > now:
        return False
    tie = tie_of(session, link)
    if tie is None or tie.held:
        return False
    session.lock(tie.person)
    if _asked_enough(session, tie.person.id, now):
        return False
    ways = _ways(session, tie.person.id)
    for contact in ways:
        session.add(
            Answer(
                case_id=tie.case.id,
                person_id=tie.person.id,
                contact_id=contact.id,
                step=ASKS_PAGE,
                written_by="homeward",
                written_at=now,
                until=now + SENT_FOR,
            )
        )
    if ways:
        source = Source(f"family:{tie.person.id}", "link")
        record_event(
            session, tie.case, "circle", "page_asked", source, now, subject_id=tie.person.id
        )
        touch(session, tie.case, now)
    session.flush()
    return bool(ways)


def _asked_enough(session: HubSession, person_id: str, now: datetime) -> bool:
    asked = set(
        session.exec(
            select(col(Answer.written_at)).where(
                Answer.person_id == person_id,
                Answer.step == ASKS_PAGE,
                col(Answer.written_at) > now - A_DAY,
            )
        ).all()
    )
    return len(asked) >= MOST_A_DAY or any(at > now - APART for at in asked)


def _ways(session: HubSession, person_id: str) -> list[ContactPoint]:
    """The first phone for texts and the first mailbox that they agreed to and that work."""
    contacts = session.exec(
        select(ContactPoint)
        .join(Consent, col(Consent.contact_id) == ContactPoint.id)
        .where(
            ContactPoint.person_id == person_id,
            col(ContactPoint.channel).in_(WRITTEN),
            col(ContactPoint.opted_out_at).is_(None),
            col(ContactPoint.unreachable_at).is_(None),
            Consent.purpose == REMINDERS,
            col(Consent.withdrawn_at).is_(None),
        )
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()
    first: dict[str, ContactPoint] = {}
    for contact in contacts:
        first.setdefault(contact.channel, contact)
    return [first[channel] for channel in WRITTEN if channel in first]
