"""How fast messages go to a provider, and how patiently while it is away.

Both know only what this worker has seen, and forget it with the process: what must be remembered
is in the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from domain.agenda import Act, Agenda, AgendaItem, SubjectRef
from domain.vocabulary import Channel

AWAY_AFTER = 5
"""So many tries in a row without an answer, and the provider counts as away."""
FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=30), timedelta(minutes=3)
"""How soon the one message that looks whether it is back is tried again: ever more slowly."""
LOOKER_GONE = timedelta(minutes=8)
"""The one that looks has not come for so long: another message takes its place."""
SHORTEST_HOLD, LONGEST_HOLD = timedelta(minutes=30), timedelta(hours=6)
"""The others wait without trying, twice as long as it was away already: they are woken when it is
back, or when a worker starts, so that this need not be often."""
FORGET_SLOTS_AFTER = timedelta(minutes=15)


@dataclass(slots=True)
class _Away:
    """A provider that does not answer: who looks for it, and who waits."""

    since: datetime
    silent: int = 0
    look_at: datetime | None = None
    looker: str = ""
    looker_seen: datetime | None = None
    waiting: set[SubjectRef] = field(default_factory=set)


class Line:
    """Whether a provider answers at all.

    While it is away one message looks for it, every three minutes, and the others wait, untried.
    So a day without a provider costs some hundred tries in all, and when it is back everybody is
    woken at once.
    """

    def __init__(self) -> None:
        self._away: dict[Channel, _Away] = {}

    def is_away(self, channel: Channel) -> bool:
        """Whether the provider has been silent for some tries."""
        return channel in self._away and self._away[channel].silent >= AWAY_AFTER

    def looks(self, channel: Channel, item: AgendaItem, subject: SubjectRef, now: datetime) -> bool:
        """Whether this message is the one that looks for a provider that is away; else it is
        noted among those that wait."""
        away = self._away[channel]
        gone = away.looker_seen is None or now - away.looker_seen > LOOKER_GONE
        if gone or away.looker == item.key:
            away.looker, away.looker_seen = item.key, now
            return True
        away.waiting.add(subject)
        return False

    def without_looker(self, now: datetime) -> set[SubjectRef]:
        """For each provider that is away and that nobody looks for any more, one of those who
        wait: it is to be woken, and will look."""
        chosen = set()
        for channel, away in self._away.items():
            gone = away.looker_seen is None or now - away.looker_seen > LOOKER_GONE
            if self.is_away(channel) and gone and away.waiting:
                chosen.add(away.waiting.pop())
        return chosen

    def seconds_to_look(self, channel: Channel, now: datetime) -> float:
        """How long the one that looks should wait; 0 to look now."""
        look_at = self._away[channel].look_at
        return max((look_at - now).total_seconds(), 0.0) if look_at else 0.0

    def hold(self, agenda: Agenda, now: datetime) -> Agenda:
        """The same agenda, with what travels by a provider that is away put off."""
        items = tuple(self._put_off(item, now) for item in agenda.items)
        return replace(agenda, items=items, due=min((i.due for i in items), default=agenda.due))

    def _put_off(self, item: AgendaItem, now: datetime) -> AgendaItem:
        if (
            item.act is not Act.SEND_MESSAGE
            or item.due > now
            or not self.is_away(Channel(item.channel))
        ):
            return item
        lasted = now - self._away[Channel(item.channel)].since
        spread = timedelta(seconds=crc32(item.key.encode()) % 300)
        hold = min(max(2 * lasted, SHORTEST_HOLD), LONGEST_HOLD) + spread
        return replace(item, due=min(now + hold, item.until))

    def answered(self, channel: Channel) -> set[SubjectRef]:
        """The provider said something, be it no. Who waited for that, and is to be woken."""
        away = self._away.pop(channel, None)
        return away.waiting if away is not None else set()

    def silent(self, channel: Channel, now: datetime) -> bool:
        """The provider did not answer, or said that it is out of order.

        Returns:
            Whether it counts as away.
        """
        away = self._away.setdefault(channel, _Away(now))
        away.silent += 1
        doublings = min(max(away.silent - AWAY_AFTER, 0), 10)
        away.look_at = now + min(FIRST_LOOK * 2**doublings, LONGEST_LOOK)
        return away.silent >= AWAY_AFTER


class Pace:
    """A provider takes so many messages a second; each message gets its own moment.

    A message that comes back at its moment goes; so none is sent away twice. Several workers
    share a provider's rate by each having its part of it.
    """

    def __init__(self, rates: Mapping[Channel, float]) -> None:
        """Args:
        rates: messages a second; channels without one are not held back.
        """
        self._apart = {ch: timedelta(seconds=1 / rate) for ch, rate in rates.items() if rate > 0}
        self._free: dict[Channel, datetime] = {}
        self._slots: dict[str, datetime] = {}

    def wait(self, channel: Channel, key: str, now: datetime) -> float:
        """Seconds until this message's moment; 0 when it may go now.

        Args:
            channel: how it travels.
            key: its claim.
            now: UTC.
        """
        apart = self._apart.get(channel)
        if apart is None:
            return 0.0
        slot = self._slots.pop(key, None)
        if slot is None or slot < now - FORGET_SLOTS_AFTER:
            slot = max(now, self._free.get(channel, now))
            self._free[channel] = slot + apart
        if slot <= now:
            return 0.0
        self._slots[key] = slot
        self._prune(now)
        return (slot - now).total_seconds()

    def _prune(self, now: datetime) -> None:
        """Forget the moments of messages that never came back for them."""
        if len(self._slots) > 10_000:
            self._slots = {
                key: slot for key, slot in self._slots.items() if slot > now - FORGET_SLOTS_AFTER
            }
