"""What a packet says, part by part in the order of its pages, for reading on a screen."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from activities.documents.packet_values import MitigationPacket, Passage
from activities.packet_inputs import Gathered
from domain.packet_sections import sections_of

HEADINGS = {
    "ask": "What the court is asked",
    "plan": "The support plan",
    "helpers": "Who will help",
    "conditions": "Conditions offered",
    "reminders": "Reminders",
    "transport": "Getting to court",
    "letters": "Letters that come with it",
    "exhibits": "Exhibits that come with it",
}
"""Parts that are no section of the interview."""
_FIRST = ("ask",)
_LAST = ("plan", "helpers", "conditions", "reminders", "transport", "letters", "exhibits")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: passages with who said them, or plain lines.

    Attributes:
        key: a section's, or of `HEADINGS`.
        heading: in English.
    """

    key: str
    heading: str
    passages: Sequence[Passage] = ()
    lines: Sequence[str] = field(default_factory=tuple)

    @property
    def digest(self) -> str:
        """Changes with what it says: whoever answered another text has not answered this one."""
        said = [self.key, [asdict(passage) for passage in self.passages], list(self.lines)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def told(gathered: Gathered) -> list[Part]:
    """Every part that says something."""
    return list(_parts(gathered.packet))


def _parts(packet: MitigationPacket) -> Iterator[Part]:
    yield from _plain(packet, _FIRST)
    for section in sections_of(packet.kind):
        passages = packet.sections.get(section.key, ())
        if passages:
            yield Part(section.key, section.heading, passages)
    yield from _plain(packet, _LAST)


def _plain(packet: MitigationPacket, keys: Sequence[str]) -> Iterator[Part]:
    for key in keys:
        lines = _lines(packet, key)
        if lines:
            yield Part(key, HEADINGS[key], lines=lines)


def _lines(packet: MitigationPacket, key: str) -> list[str]:
    match key:
        case "plan":
            found = [_joined(s.step, s.provider, s.when, s.status) for s in packet.plan]
        case "helpers":
            found = [f"{h.name}, {h.relationship}: {h.will_do}" for h in packet.helpers]
        case "letters":
            found = [_joined(one.writer, one.relationship) for one in packet.letters]
        case "exhibits":
            found = [f"{one.label}: {one.title}" for one in packet.exhibits]
        case _:
            value = getattr(packet, key)
            found = [value] if isinstance(value, str) else list(value)
    return [line for line in found if line.strip()]


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word.strip())
