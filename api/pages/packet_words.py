"""Plain words for packets: kinds, states, what readers said, letters, sizes."""

from collections.abc import Mapping
from types import MappingProxyType

from api.pages.own_words import Words, marked, own
from api.pages.wording import Status
from domain.packet_sections import TITLES
from domain.vocabulary import LetterState, PacketKind, PacketState, Reader, Verdict
from records.tables import Packet

PURPOSES: Mapping[str, str] = marked(
    {
        PacketKind.RELEASE: "First appearance or bail review: ties, home, work, who helps them "
        "come to court, and the conditions offered.",
        PacketKind.DIVERSION: "A plea offer or diversion: their life, what they need, and the "
        "alternative with places that are held.",
        PacketKind.BIOGRAPHY: "Any time: who they are, a life in dates, family, photographs, "
        "goals.",
        PacketKind.SENTENCING: "Sentencing: background, growth since the arrest, corrections to "
        "the presentence report, a plan without prison.",
        PacketKind.VIOLATION: "An alleged violation: what was kept, what got in the way, and what "
        "was done about it.",
        PacketKind.RESENTENCING: "A petition or a parole board: the record inside, insight, the "
        "plan for coming home, who stands ready.",
        PacketKind.PROGRESS: "A status date: what was done of the support plan.",
    }
)
"""What each kind is for, in a line."""

TRACK: tuple[tuple[str, str], ...] = (
    (PacketState.COLLECTING, Words("Collecting")),
    (PacketState.DRAFTING, Words("Drafting")),
    (PacketState.PARTICIPANT_REVIEW, Words("Read by them")),
    (PacketState.COUNSEL_REVIEW, Words("With counsel")),
    (PacketState.APPROVED, Words("Approved")),
    (PacketState.DELIVERED, Words("Delivered")),
    (PacketState.FILED, Words("Filed")),
)
"""The way of a packet, in order."""

LETTERS: Mapping[str, Status] = MappingProxyType(
    {
        LetterState.ASKED: Status("asked for, not opened yet", "ring"),
        LetterState.OPENED: Status("opened, not begun", "half"),
        LetterState.STARTED: Status("begun, not sent yet", "half"),
        LetterState.SENT: Status("signed and in", "disc", "good"),
        LetterState.DECLINED: Status("would rather not write", "dash"),
    }
)
"""How a letter stands. One that was withdrawn is not shown."""

_VERDICTS: Mapping[tuple[str, str], Status] = MappingProxyType(
    {
        (Reader.PARTICIPANT, Verdict.AGREES): Status("read it: this is right", "disc", "good"),
        (Reader.PARTICIPANT, Verdict.CHANGES): Status("asks for changes", "diamond", "amber"),
        (Reader.PARTICIPANT, Verdict.COMMENTS): Status("says", "ring"),
        (Reader.COUNSEL, Verdict.APPROVES): Status("approved", "disc", "good"),
        (Reader.COUNSEL, Verdict.SENDS_BACK): Status("sent it back", "diamond", "amber"),
        (Reader.COUNSEL, Verdict.COMMENTS): Status("commented", "ring"),
    }
)
UNREAD = Status("has not read it", "diamond", "amber")
"""What stands with the reason why a packet went to counsel unread."""


@own
def title(kind: str) -> str:
    """What a packet of this kind is called."""
    return TITLES.get(PacketKind(kind), kind) if kind in set(PacketKind) else kind


def state_words(packet: Packet) -> Status:
    """The state of a packet in a word, with its shape."""
    if packet.cancelled_at is not None:
        return Status("cancelled, kept", "dash")
    done = packet.state in (PacketState.APPROVED, PacketState.DELIVERED, PacketState.FILED)
    words = {**dict(TRACK), PacketState.SUPERSEDED: "Replaced"}
    shape = ("disc", "good") if done else ("half", "plain")
    return Status(words.get(PacketState(packet.state), packet.state).lower(), *shape)


def verdict(reader: str, said: str) -> Status:
    """What a reader said of a version."""
    return _VERDICTS.get((reader, said), Status(said.replace("_", " "), "ring"))


def size(count: int) -> str:
    """ "312 kB", "1.4 MB"; "" for none."""
    if count <= 0:
        return ""
    return f"{max(1, round(count / 1000))} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


def listed(words: list[str]) -> str:
    """ "Home", "Home and Family", "Home, Family and Work"."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


@own
def pages(count: int) -> str:
    """ "1 page", "12 pages"."""
    return "1 page" if count == 1 else f"{count} pages"
