"""What the loopback SMS provider has accepted, in memory and in an append-only file.

The file is JSON lines, one event each, written before the caller is answered: a test that kills
any process can read afterwards what had really arrived.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

__all__ = ["AcceptedText", "TextStore", "read_accepted"]


@dataclass(frozen=True, slots=True)
class AcceptedText:
    """One text that the provider accepted. `date_created`: UTC. `status`: the provider's word."""

    sid: str
    to: str
    sender: str
    body: str
    date_created: datetime
    status: str = "queued"
    error_code: int = 0
    status_callback: str = ""


class TextStore:
    """Accepted texts in order of acceptance, and the numbers that opted out."""

    def __init__(self, path: Path | None = None) -> None:
        self._texts: dict[str, AcceptedText] = {}
        self._by_number: dict[str, list[str]] = {}
        self._opted_out: set[str] = set()
        self._file: BinaryIO | None = None
        if path is not None:
            self.replay(_whole_events(path))
            self._file = path.open("ab", buffering=0)

    def replay(self, events: Iterable[dict[str, Any]]) -> None:
        """Take over what happened before."""
        for event in events:
            self._apply(event)

    def accept(self, to: str, sender: str, body: str, at: datetime, callback: str) -> AcceptedText:
        """Remember a new text under a new sid."""
        sid = "SM" + uuid4().hex
        text = AcceptedText(sid, to, sender, body, at, status_callback=callback)
        self._record({"event": "accepted", **asdict(text), "date_created": at.isoformat()})
        return text

    def set_status(self, sid: str, status: str, error_code: int) -> AcceptedText:
        """Remember how far a text got. Raises KeyError for an unknown sid."""
        self._record({"event": "status", "sid": sid, "status": status, "error_code": error_code})
        return self._texts[sid]

    def opt(self, number: str, *, out: bool) -> None:
        """Remember that a number wants no texts, or wants them again."""
        self._record({"event": "opted_out" if out else "opted_in", "number": number})

    def opted_out(self, number: str) -> bool:
        """Whether a number asked for no more."""
        return number in self._opted_out

    def get(self, sid: str) -> AcceptedText | None:
        """The text with this sid."""
        return self._texts.get(sid)

    def all(self) -> list[AcceptedText]:
        """Every text, oldest first."""
        return list(self._texts.values())

    def to_number(self, number: str) -> list[AcceptedText]:
        """Every text to one number, oldest first."""
        return [self._texts[sid] for sid in self._by_number.get(number, ())]

    def close(self) -> None:
        """Close the file; what was written stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _record(self, event: dict[str, Any]) -> None:
        self._apply(event)
        if self._file is not None:
            self._file.write(json.dumps(event).encode() + b"\n")

    def _apply(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "accepted":
                text = _text(event)
                self._texts[text.sid] = text
                self._by_number.setdefault(text.to, []).append(text.sid)
            case "status":
                sid = event["sid"]
                self._texts[sid] = replace(
                    self._texts[sid], status=event["status"], error_code=event["error_code"]
                )
            case "opted_out":
                self._opted_out.add(event["number"])
            case "opted_in":
                self._opted_out.discard(event["number"])


def read_accepted(path: Path) -> list[AcceptedText]:
    """What a state file says was accepted, oldest first, also while its provider runs."""
    store = TextStore()
    if path.exists():
        store.replay(_events(path.read_bytes().splitlines(keepends=True)))
    return store.all()


def _text(event: dict[str, Any]) -> AcceptedText:
    values = {name: value for name, value in event.items() if name != "event"}
    values["date_created"] = datetime.fromisoformat(values["date_created"])
    return AcceptedText(**values)


def _events(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    """The whole lines; a last line cut off by a killed process is no event."""
    for line in lines:
        if line.endswith(b"\n"):
            yield json.loads(line)


def _whole_events(path: Path) -> list[dict[str, Any]]:
    """The events of a file, which is then cut after its last whole line and ready to append."""
    if not path.exists():
        return []
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        path.write_bytes(b"".join(lines[:-1]))
    return list(_events(lines))
