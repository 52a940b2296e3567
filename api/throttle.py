"""Slowing down whoever tries tokens: failures counted in memory, by client, bounded."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

SPAN = 60.0
"""Seconds for which a failure counts."""
MOST_FAILURES = 20
MOST_CLIENTS = 4096
MOST_PROVEN = 1024


@dataclass(slots=True)
class Throttle:
    """Failed authentications by client. Safe to use from several threads.

    A token that was valid a moment ago is still heard while its client is slowed down: one
    stranger behind a shared address must not silence everyone there.

    Attributes:
        clock: monotonic seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _failures: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)
    _proven: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, client: str, token_hash: str) -> float:
        """Seconds for which this client is not heard; 0.0 when it is."""
        with self._lock:
            if token_hash in self._proven:
                return 0.0
            now = self.clock()
            recent = [at for at in self._failures.get(client, ()) if now - at < SPAN]
            if len(recent) < MOST_FAILURES:
                return 0.0
            return recent[-MOST_FAILURES] + SPAN - now

    def failed(self, client: str, token_hash: str) -> None:
        """Count a failure."""
        with self._lock:
            self._proven.pop(token_hash, None)
            failures = self._failures.setdefault(client, [])
            failures.append(self.clock())
            del failures[:-MOST_FAILURES]
            self._failures.move_to_end(client)
            while len(self._failures) > MOST_CLIENTS:
                self._failures.popitem(last=False)

    def succeeded(self, token_hash: str) -> None:
        """Remember that this token was valid."""
        with self._lock:
            self._proven[token_hash] = None
            self._proven.move_to_end(token_hash)
            while len(self._proven) > MOST_PROVEN:
                self._proven.popitem(last=False)
