"""Referrals as the pages show them: where each loop stands, since when, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from api.pages import dates
from api.pages.own_words import Words, marked
from api.pages.people import Named, participants
from api.pages.step_kind_words import said_kinds
from api.pages.wording import Status
from domain.referrals import MOVES, OPEN, Setter
from domain.vocabulary import Declined
from domain.vocabulary import ReferralState as S
from records.database import HubSession
from records.referrals import visits_of
from records.tables import HumanTask, Provider, Referral, ReferralVisit

STATES: dict[str, Status] = {
    S.DRAFT: Status("not sent yet", "ring"),
    S.REQUESTED: Status("waits for an answer", "half"),
    S.ACCEPTED: Status("accepted, not met yet", "half"),
    S.REJECTED: Status("declined", "triangle", "amber"),
    S.IN_PROGRESS: Status("they meet", "disc", "good"),
    S.ON_HOLD: Status("on hold", "square", "amber"),
    S.COMPLETED: Status("finished", "disc", "good"),
    S.FAILED: Status("did not work out", "triangle", "amber"),
    S.CANCELLED: Status("cancelled", "dash"),
    S.ENTERED_IN_ERROR: Status("a mistake", "dash"),
}
DECLINED: dict[str, str] = marked(
    {
        Declined.FULL: "no place free",
        Declined.NOT_ELIGIBLE: "does not fit their rules",
        Declined.WRONG_SERVICE: "they do not do this",
        Declined.TOO_FAR: "too far",
        Declined.LANGUAGE: "not their language",
        Declined.NOT_REACHED: "could not be reached",
        Declined.OTHER: "another reason",
    }
)
MOVE_WORDS: dict[S, str] = marked(
    {
        S.ACCEPTED: "They said yes",
        S.REJECTED: "They said no",
        S.ON_HOLD: "On hold for now",
        S.IN_PROGRESS: "They met",
        S.COMPLETED: "It is finished",
        S.FAILED: "It did not work out",
        S.CANCELLED: "Take it back",
        S.ENTERED_IN_ERROR: "It was a mistake",
    }
)
"""What a button says that sets a state."""


@dataclass(frozen=True, slots=True)
class LoopPoint:
    """One point of the loop: what, when, and whether it was reached."""

    word: str
    when: str
    reached: bool


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral in a list. `late` says that somebody of the team is asked about it."""

    row: Referral
    provider: str
    need: str
    status: Status
    since: str
    who: Named | None = None
    late: bool = False


def lines_of(
    session: HubSession, rows: Sequence[Referral], zone: str, now: datetime
) -> list[ReferralLine]:
    """Referrals as lines of a list, those that somebody is asked about first."""
    names = dict(
        session.exec(
            select(col(Provider.id), col(Provider.name)).where(
                col(Provider.id).in_({row.provider_id for row in rows})
            )
        ).all()
    )
    late = set(
        session.exec(
            select(col(HumanTask.referral_id)).where(
                col(HumanTask.referral_id).in_({row.id for row in rows}),
                col(HumanTask.closed_at).is_(None),
            )
        ).all()
    )
    kinds = said_kinds(session, ended_too=True)
    people = participants(session, {row.case_id for row in rows if row.case_id})
    lines = [
        ReferralLine(
            row,
            names[row.provider_id],
            kinds.get(row.need, row.need),
            STATES[row.state],
            dates.ago(row.state_since, now, zone) if row.state_since else "",
            people.get(row.case_id or ""),
            row.id in late,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.late)


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """One referral, whole."""

    row: Referral
    line: ReferralLine
    loop: tuple[LoopPoint, ...]
    moves: tuple[tuple[str, str], ...]
    visits: list[ReferralVisit]
    declined: str
    before: Referral | None
    after: Referral | None


def read_page(
    session: HubSession, row: Referral, zone: str, now: datetime, by: Setter
) -> ReferralPage:
    """Everything that the page of a referral shows."""
    after = session.exec(select(Referral).where(Referral.replaces_id == row.id)).first()
    return ReferralPage(
        row=row,
        line=lines_of(session, [row], zone, now)[0],
        loop=_loop(row, zone),
        moves=tuple(
            (to, MOVE_WORDS[to])
            for to, who in MOVES[S(row.state)].items()
            if by in who and to in MOVE_WORDS
        ),
        visits=visits_of(session, row.id),
        declined=DECLINED.get(row.declined, ""),
        before=session.get(Referral, row.replaces_id) if row.replaces_id else None,
        after=after,
    )


def _loop(row: Referral, zone: str) -> tuple[LoopPoint, ...]:
    def point(word: str, at: datetime | None, *, reached: bool = True) -> LoopPoint:
        return LoopPoint(
            word, dates.moment_words(at, zone) if at else "", at is not None and reached
        )

    closed = row.state_since if S(row.state) not in OPEN else None
    met = row.met_at if row.met else row.first_meeting_at
    return (
        point(Words("Asked"), row.requested_at),
        point(Words("Answered"), row.answered_at),
        point(Words("First meeting"), met, reached=bool(row.met)),
        point(Words("Closed"), closed),
    )
