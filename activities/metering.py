"""The daily cap: a hub that suddenly sends far more than ever is stopped until a person looks."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import func
from sqlmodel import col, select

from domain.court_time import instant_at, wall_time
from domain.vocabulary import MessageState
from records.case_cards import HubCard
from records.database import HubSession
from records.messages import NOT_SENT
from records.tables import Hub, Message

SPENT_BEFORE_COUNTING = 8
"""A worker counts anew after an eighth of what is left: seldom far from the cap, always near it."""


class DailyMeter:
    """How many messages each hub may still send today; one for each worker.

    With one worker the cap is exact. Several overshoot by a few messages at most, because
    each counts what all of them sent, the more often the nearer the cap is.
    """

    def __init__(self) -> None:
        self._may: dict[tuple[str, date, int], int] = {}

    def allows(self, session: HubSession, hub: Hub | HubCard, now: datetime) -> bool:
        """Whether one more message may leave; counts it if so.

        Args:
            session: of the hub.
            hub: its cap (0 for none) and its zone, in which the day is counted.
            now: UTC.
        """
        if hub.daily_cap <= 0:
            return True
        day = wall_time(now, hub.zone).date()
        place = (session.hub_id, day, hub.daily_cap)  # a cap that was lowered counts at once
        may = self._may.get(place, 0)
        if may <= 0:
            since = instant_at(day, time(0), hub.zone)
            left = hub.daily_cap - _sent_since(session, since)
            if left <= 0:
                return False
            may = max(1, left // SPENT_BEFORE_COUNTING)
            self._may = {key: rest for key, rest in self._may.items() if key[1] >= day}
        self._may[place] = may - 1
        return True


def _sent_since(session: HubSession, since: datetime) -> int:
    return session.exec(
        select(func.count(col(Message.id))).where(
            col(Message.claimed_at) >= since,
            col(Message.transport).not_in(NOT_SENT),
            Message.state != MessageState.WITHDRAWN,
        )
    ).one()
