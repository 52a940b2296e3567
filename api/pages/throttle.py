"""Slowing down whoever guesses passwords or codes: counted in memory, bounded, nothing kept on
disk."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPAN = timedelta(minutes=10)
MOST_FOR_NAME = 5
"""Failed attempts from one client at one name, or at one account's codes, within `SPAN`."""
MOST_FOR_CLIENT = 20
"""Failed attempts from one client at any names, within `SPAN`."""
MOST_KEPT = 4096
"""Counters kept at once; the longest untouched one goes first."""

_Key = tuple[str, str]


@dataclass(slots=True)
class Throttle:
    """Failed sign-ins by client and name. Safe to use from several threads.

    Passwords are counted by client and name, so that no stranger locks somebody out. Codes are
    counted by account, from wherever they come: whoever tries one knows the password already.
    An attempt counts before it is looked at, so that many at once are no way around.
    """

    _failures: OrderedDict[_Key, list[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, client: str, name: str, now: datetime) -> timedelta:
        """Whether this client may try this name now.

        Returns:
            Zero, and the attempt is counted; or how long to wait.
        """
        return self._attempt((client, name), client, now)

    def right(self, client: str, name: str) -> None:
        """Name and password fit: forget this client's failures at the name."""
        self._forget((client, name), client)

    def attempt_code(self, client: str, account: str, now: datetime) -> timedelta:
        """Whether a code, or a password asked for once more, may be tried at this account now.

        Returns:
            Zero, and the attempt is counted; or how long to wait.
        """
        return self._attempt(_codes_of(account), client, now)

    def right_code(self, client: str, account: str) -> None:
        """It was right: forget the failures at this account."""
        self._forget(_codes_of(account), client)

    def _attempt(self, key: _Key, client: str, now: datetime) -> timedelta:
        with self._lock:
            wait = max(
                self._left(key, MOST_FOR_NAME, now),
                self._left((client, ""), MOST_FOR_CLIENT, now),
            )
            if not wait:
                self._count((key, (client, "")), now)
        return wait

    def _count(self, keys: tuple[_Key, ...], now: datetime) -> None:
        for key in keys:
            self._failures.setdefault(key, []).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > MOST_KEPT:
            self._failures.popitem(last=False)

    def _forget(self, key: _Key, client: str) -> None:
        with self._lock:
            self._failures.pop(key, None)
            if tried := self._failures.get((client, "")):
                tried.pop()

    def _left(self, key: _Key, most: int, now: datetime) -> timedelta:
        recent = [at for at in self._failures.get(key, ()) if now - at < SPAN]
        if not recent:
            self._failures.pop(key, None)
            return timedelta(0)
        self._failures[key] = recent[-most:]
        if len(recent) < most:
            return timedelta(0)
        return recent[-most] + SPAN - now


def _codes_of(account: str) -> _Key:
    # No name for signing in has a line break.
    return ("", f"code\n{account}")
