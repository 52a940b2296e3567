"""What a family page shows, read in one go: dates, what was said of them, help, ways to be reached.

Nothing here is a charge, a docket number, a last name or a kind of hearing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from domain.court_time import wall_time
from domain.vocabulary import HearingStatus
from records.access import hash_token
from records.casework import NotFound
from records.counsel import counsel_phone
from records.database import HubSession
from records.family_ending import feed_secret
from records.family_links import FamilyTie
from records.hearing_answers import LATE_WORDS, newest_answers
from records.hubs import the_hub
from records.own_steps import OwnStep, own_steps
from records.roster import own_ride
from records.tables import (
    Case,
    ContactPoint,
    Court,
    CourtRide,
    Defendant,
    FeedToken,
    Hearing,
    HearingAnswer,
    Person,
    PrivateLink,
    Reply,
)

MOST_LATER: Final = 5
"""How many hearings after the next one are listed."""
A_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CourtDate:
    """A hearing and the court that it is in, where that is known.

    Its address and the way there are told. Its name is not: "Drug Court" says what it is about.
    """

    hearing: Hearing
    court: Court | None

    @property
    def place(self) -> str:
        """The address, of the hearing or else of its court."""
        return self.hearing.place or (self.court.address if self.court else "")


@dataclass(frozen=True, slots=True)
class SaidOfHearing:
    """What they last said about coming: `coming`, `ride` or `cannot`, and in which words."""

    said: str
    words: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """Everything on somebody's page of a case.

    Attributes:
        participant: first name.
        dates: to come, the next one first.
        answer: about the next one, as it stands now.
        steps: what the participant has to do this week; nobody else's page has any.
        ways: of this person, first to last, without those that are somebody else's number.
        counsel_phone: E.164; "" where none is known.
        ride: in which they have a seat to the next date.
        feed: the secret of the calendar that was subscribed to here; "" where none was.
    """

    tie: FamilyTie
    participant: str
    dates: tuple[CourtDate, ...]
    answer: SaidOfHearing | None
    steps: tuple[OwnStep, ...]
    ways: tuple[ContactPoint, ...]
    counsel_phone: str
    feed: str
    ride: CourtRide | None = None

    @property
    def asks(self) -> bool:
        """Whether they are asked if they will be there. Who is in custody is not."""
        return bool(self.dates) and not self.tie.held


def read_family_page(
    session: HubSession, tie: FamilyTie, link: PrivateLink, now: datetime
) -> FamilyPage:
    """What is on a page now (UTC). Changes nothing."""
    dates = coming_dates(session, tie.case, now)
    return FamilyPage(
        tie=tie,
        participant=first_name_of(session, tie.case),
        dates=tuple(dates),
        answer=_said(session, dates[0].hearing, tie.person.id) if dates else None,
        steps=_this_week(session, tie, now),
        ways=tuple(ways_of(session, tie.person.id)),
        counsel_phone=counsel_phone(session, tie.case),
        feed=running_feed(session, link),
        ride=own_ride(session, dates[0].hearing, tie.person.id) if dates else None,
    )


def first_name_of(session: HubSession, case: Case) -> str:
    """The participant's first name."""
    own = session.get_one(Defendant, case.defendant_id)
    return session.get_one(Person, own.person_id).first_name


def coming_dates(session: HubSession, case: Case, now: datetime) -> list[CourtDate]:
    """The next hearing of a case and some after it. One that began a while ago still is the next:
    people look for the room when they are late."""
    rows = session.exec(
        select(Hearing, Court)
        .join(Court, col(Court.id) == Hearing.court_id, isouter=True)
        .where(
            Hearing.case_id == case.id,
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) > now - LATE_WORDS,
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
        .limit(1 + MOST_LATER)
    ).all()
    return [CourtDate(hearing, court) for hearing, court in rows]


def coming_date(session: HubSession, case: Case, hearing_id: str, now: datetime) -> CourtDate:
    """One of the hearings that the page shows.

    Raises:
        NotFound: it shows no such hearing.
    """
    for one in coming_dates(session, case, now):
        if one.hearing.id == hearing_id:
            return one
    raise NotFound("hearing")


def ways_of(session: HubSession, person_id: str) -> Sequence[ContactPoint]:
    """How messages reach a person, stopped ways too; not what reaches somebody else."""
    rows = session.exec(
        select(ContactPoint)
        .where(ContactPoint.person_id == person_id)
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    ).all()
    return [row for row in rows if row.unreachable_at is None]


def running_feed(session: HubSession, link: PrivateLink) -> str:
    """The secret of the calendar of this page; "" where nobody subscribed, or it was ended."""
    secret = feed_secret(link)
    feed = session.exec(
        select(FeedToken).where(
            FeedToken.token_hash == hash_token(secret), col(FeedToken.revoked_at).is_(None)
        )
    ).first()
    return secret if feed is not None else ""


def _said(session: HubSession, hearing: Hearing, person_id: str) -> SaidOfHearing | None:
    newest: HearingAnswer | None = newest_answers(session, hearing).get(person_id)
    if newest is None:
        return None
    reply = session.get(Reply, newest.reply_id) if newest.reply_id else None
    return SaidOfHearing(newest.said, reply.body if reply else "")


def _this_week(session: HubSession, tie: FamilyTie, now: datetime) -> tuple[OwnStep, ...]:
    if not tie.own or tie.held:
        return ()
    end = wall_time(now, the_hub(session).zone).date() + A_WEEK
    return tuple(
        one
        for one in own_steps(session, tie.person.id, now)
        if one.case.id == tie.case.id
        and not one.said
        and (one.step.due_on is None or one.step.due_on <= end)
    )
