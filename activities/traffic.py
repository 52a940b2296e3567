"""How fast messages go to a provider, and how patiently while it is away.

Both know only what this worker has seen, and forget it with the process: what must be remembered
is in the records.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from domain.vocabulary import Channel

AWAY_AFTER = 5
"""So many tries in a row without an answer, and the provider counts as away."""
LOOK_EVERY = timedelta(seconds=20)
"""While it is away, one message in this span is tried; the others wait without trying."""
SHORTEST_WAIT, LONGEST_WAIT = 300, 400
"""Seconds for which a message waits then. Spread, so that they do not all come back at once."""
FORGET_SLOTS_AFTER = 900.0


@dataclass(slots=True)
class _Line:
    silent: int = 0
    look_at: datetime | None = None


@dataclass(slots=True)
class Line:
    """Whether a provider answers at all. A day without one costs a few thousand tries in all,
    not a few hundred for each message."""

    _lines: dict[Channel, _Line] = field(default_factory=dict)

    def wait(self, channel: Channel, key: str, now: datetime) -> float:
        """Seconds for which this message should not be tried; 0 to try it now.

        Args:
            channel: how it travels.
            key: its claim; messages wait differently long.
            now: UTC.
        """
        line = self._lines.get(channel)
        if line is None or line.silent < AWAY_AFTER:
            return 0.0
        if line.look_at is None or now >= line.look_at:
            line.look_at = now + LOOK_EVERY
            return 0.0
        return SHORTEST_WAIT + crc32(key.encode()) % (LONGEST_WAIT - SHORTEST_WAIT)

    def answered(self, channel: Channel) -> None:
        """The provider said something, be it no."""
        self._lines.pop(channel, None)

    def silent(self, channel: Channel, now: datetime) -> None:
        """The provider did not answer, or said that it is out of order."""
        line = self._lines.setdefault(channel, _Line())
        line.silent += 1
        line.look_at = now + LOOK_EVERY


class Pace:
    """A provider takes so many messages a second; each message gets its own moment.

    A message that comes back at its moment goes; so none is sent away twice. Several workers
    share a provider's rate by each having its part of it.
    """

    def __init__(
        self, rates: Mapping[Channel, float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Args:
        rates: messages a second; channels without one are not held back.
        clock: seconds that only grow.
        """
        self._rates = {channel: rate for channel, rate in rates.items() if rate > 0}
        self._clock = clock
        self._free: dict[Channel, float] = {}
        self._slots: dict[str, float] = {}

    def wait(self, channel: Channel, key: str) -> float:
        """Seconds until this message's moment; 0 when it may go now."""
        rate = self._rates.get(channel)
        if rate is None:
            return 0.0
        now = self._clock()
        slot = self._slots.pop(key, None)
        if slot is None or slot < now - FORGET_SLOTS_AFTER:
            slot = max(now, self._free.get(channel, now))
            self._free[channel] = slot + 1 / rate
        if slot <= now:
            return 0.0
        self._slots[key] = slot
        self._prune(now)
        return slot - now

    def _prune(self, now: float) -> None:
        """Forget the moments of messages that never came back for them."""
        if len(self._slots) > 10_000:
            self._slots = {
                key: slot for key, slot in self._slots.items() if slot > now - FORGET_SLOTS_AFTER
            }
