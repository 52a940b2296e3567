"""The hearings of the coming days, and who in each circle has been told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import and_, distinct, func
from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.people import named, participants
from domain.court_time import instant_at
from domain.vocabulary import LEFT, HearingStatus, MessageState
from records.database import HubSession
from records.tables import Hearing, Message

DAYS = 7
SHOWN = 60
MOST = 1000

_WENT = LEFT - {MessageState.CLAIMED}


@dataclass(frozen=True, slots=True)
class HearingLine:
    """One hearing of the week.

    Attributes:
        told: first names of those to whom a message about this setting went out.
        kept: of those whose message stayed in the outbox: written, not sent.
    """

    case_id: str
    who: str
    local: datetime
    away: str
    kind: str
    room: str
    told: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The coming days: how many hearings, for how many somebody was told, and the first lines."""

    total: int
    told: int
    lines: tuple[HearingLine, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


def coming_week(session: HubSession, now: datetime, zone: str, *, most: int = SHOWN) -> Week:
    """The scheduled hearings of today and of the next seven days.

    Args:
        now: UTC.
        zone: the hub's IANA zone, in which its days begin.
    """
    today = dates.today_in(zone, now)
    start = instant_at(today, time(0, 0), zone)
    end = instant_at(today + timedelta(days=DAYS + 1), time(0, 0), zone)
    within = (
        Hearing.status == HearingStatus.SCHEDULED,
        col(Hearing.starts_at) >= start,
        col(Hearing.starts_at) < end,
    )
    total = session.exec(select(func.count(col(Hearing.id))).where(*within)).one()
    told = session.exec(
        select(func.count(distinct(col(Hearing.id))))
        .join(
            Message,
            and_(
                col(Message.case_id) == Hearing.case_id,
                col(Message.subject_id) == Hearing.id,
                col(Message.subject_revision) == Hearing.revision,
            ),
        )
        .where(*within, col(Message.state).in_(_WENT), Message.transport != "outbox")
    ).one()
    hearings = session.exec(
        select(Hearing).where(*within).order_by(col(Hearing.starts_at)).limit(most)
    ).all()
    return Week(total, told, _lines(session, hearings, now))


def _lines(
    session: HubSession, hearings: Sequence[Hearing], now: datetime
) -> tuple[HearingLine, ...]:
    people = participants(session, {hearing.case_id for hearing in hearings})
    messages = session.exec(
        select(
            col(Message.subject_id),
            col(Message.subject_revision),
            col(Message.person_id),
            col(Message.transport),
        )
        .where(
            col(Message.case_id).in_({hearing.case_id for hearing in hearings}),
            col(Message.subject_id).in_({hearing.id for hearing in hearings}),
            col(Message.state).in_(_WENT),
        )
        .order_by(col(Message.claimed_at))
    ).all()
    names = named(session, {person for _, _, person, _ in messages})
    told: dict[tuple[str, int], list[str]] = {}
    kept: dict[tuple[str, int], list[str]] = {}
    for subject, revision, person, transport in messages:
        who = (kept if transport == "outbox" else told).setdefault((subject, revision), [])
        if names[person].first not in who:
            who.append(names[person].first)
    return tuple(
        HearingLine(
            case_id=hearing.case_id,
            who=people[hearing.case_id].full,
            local=hearing.local_time,
            away=dates.away(hearing.local_time.date(), dates.today_in(hearing.zone, now)),
            kind=wording.hearing_kind(hearing.kind),
            room=hearing.room,
            told=tuple(told.get((hearing.id, hearing.revision), ())),
            kept=tuple(kept.get((hearing.id, hearing.revision), ())),
        )
        for hearing in hearings
    )
