"""What the loopback SMS and voice provider has accepted, in memory and in an append-only file.

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

__all__ = ["AcceptedCall", "AcceptedText", "TextStore", "read_accepted", "read_calls"]


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


@dataclass(frozen=True, slots=True)
class AcceptedCall:
    """One call that the provider accepted. `date_created`: UTC. `status`: the provider's word.

    `answered_by` and `seconds` are known at its end. `events`: what `status_callback` is told.
    """

    sid: str
    to: str
    sender: str
    twiml: str
    date_created: datetime
    status: str = "queued"
    answered_by: str = ""
    seconds: int = 0
    status_callback: str = ""
    events: tuple[str, ...] = ()


class TextStore:
    """Accepted texts and calls in order of acceptance, and the numbers that opted out of texts."""

    def __init__(self, path: Path | None = None) -> None:
        self._texts: dict[str, AcceptedText] = {}
        self._by_number: dict[str, list[str]] = {}
        self._calls: dict[str, AcceptedCall] = {}
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

    def accept_call(self, call: AcceptedCall) -> None:
        """Remember a new call."""
        created = call.date_created.isoformat()
        self._record({"event": "call", **asdict(call), "date_created": created})

    def set_call(self, sid: str, status: str, answered_by: str, seconds: int) -> None:
        """Remember how far a call got. Raises KeyError for an unknown sid."""
        ending = {"status": status, "answered_by": answered_by, "seconds": seconds}
        self._record({"event": "call_status", "sid": sid, **ending})

    def call(self, sid: str) -> AcceptedCall | None:
        """The call with this sid."""
        return self._calls.get(sid)

    def calls(self) -> list[AcceptedCall]:
        """Every call, oldest first."""
        return list(self._calls.values())

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
            case "call":
                call = _call(event)
                self._calls[call.sid] = call
            case "call_status":
                ending = {name: event[name] for name in ("status", "answered_by", "seconds")}
                self._calls[event["sid"]] = replace(self._calls[event["sid"]], **ending)
            case "opted_out":
                self._opted_out.add(event["number"])
            case "opted_in":
                self._opted_out.discard(event["number"])


def read_accepted(path: Path) -> list[AcceptedText]:
    """What texts a state file says were accepted, oldest first, also while its provider runs."""
    return _read(path).all()


def read_calls(path: Path) -> list[AcceptedCall]:
    """The same for calls."""
    return _read(path).calls()


def _read(path: Path) -> TextStore:
    store = TextStore()
    if path.exists():
        store.replay(_events(path.read_bytes().splitlines(keepends=True)))
    return store


def _call(event: dict[str, Any]) -> AcceptedCall:
    values = {name: value for name, value in event.items() if name != "event"}
    values["date_created"] = datetime.fromisoformat(values["date_created"])
    return AcceptedCall(**{**values, "events": tuple(values["events"])})


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
