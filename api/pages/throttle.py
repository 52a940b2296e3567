"""Slowing down whoever guesses passwords: counted in memory, bounded, nothing kept on disk."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPAN = timedelta(minutes=10)
MOST_FOR_NAME = 5
"""Failed attempts from one client at one name, within `SPAN`."""
MOST_FOR_CLIENT = 20
"""Failed attempts from one client at any names, within `SPAN`."""
MOST_KEPT = 4096
"""Counters kept at once; the longest untouched one goes first."""


@dataclass(slots=True)
class Throttle:
    """Failed sign-ins by client and name. Safe to use from several threads."""

    _failures: OrderedDict[tuple[str, str], list[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, client: str, name: str, now: datetime) -> timedelta:
        """How long this client has to wait before it may try this name; zero when it may now."""
        with self._lock:
            waits = [
                self._left((client, name), MOST_FOR_NAME, now),
                self._left((client, ""), MOST_FOR_CLIENT, now),
            ]
        return max(waits)

    def failed(self, client: str, name: str, now: datetime) -> None:
        """Count a failed attempt."""
        with self._lock:
            for key in ((client, name), (client, "")):
                self._failures.setdefault(key, []).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEPT:
                self._failures.popitem(last=False)

    def succeeded(self, client: str, name: str) -> None:
        """Forget the failures of this client at this name."""
        with self._lock:
            self._failures.pop((client, name), None)

    def _left(self, key: tuple[str, str], most: int, now: datetime) -> timedelta:
        recent = [at for at in self._failures.get(key, ()) if now - at < SPAN]
        if not recent:
            self._failures.pop(key, None)
            return timedelta(0)
        self._failures[key] = recent[-most:]
        if len(recent) < most:
            return timedelta(0)
        return recent[-most] + SPAN - now
