"""What every channel that carries a message out has in common.

A channel is asked to carry one message to one address. It answers with a `Receipt`, or it raises
exactly one of these, and the difference decides whether a person gets a message twice or never:

    ChannelError
    ├── Unavailable     certainly nothing was accepted; trying again later is safe
    ├── Ambiguous       perhaps accepted, perhaps not: ask (`find`) before trying again
    ├── Refused         the provider says no about this recipient, message or account
    ├── CannotAsk       the channel has no way to say what it accepted
    └── Misconfigured   a setting must change before anything can be carried

No error text carries an address, a number or words of a message.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from inspect import isawaitable
from typing import Protocol

__all__ = [
    "Ambiguous",
    "CannotAsk",
    "Channel",
    "ChannelError",
    "ChannelKind",
    "Clock",
    "Fate",
    "Misconfigured",
    "NotAStatus",
    "Outgoing",
    "Receipt",
    "RefusalKind",
    "Refused",
    "Unavailable",
    "is_this_machine",
    "read_clock",
    "wall_clock",
]

Clock = Callable[[], datetime | Awaitable[datetime]]
"""Gives the present as an aware datetime, at once or when awaited (a server's clock)."""


class ChannelKind(StrEnum):
    """The ways a message can travel."""

    OUTBOX = "outbox"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


class Fate(StrEnum):
    """How far a message got, from queued to a final answer."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether no further receipt is expected."""
        return self in (Fate.DELIVERED, Fate.UNDELIVERED, Fate.FAILED)

    @staticmethod
    def later(a: Fate, b: Fate) -> Fate:
        """The fate to keep when both were reported, in whichever order they arrived.

        Receipts come at least once and unordered, so this is a maximum over a total order: it
        commutes, and repeating a receipt changes nothing. Between two final answers the better
        one is kept: a handset that confirmed has the message.
        """
        return max(a, b, key=_RANK.__getitem__)


_RANK: dict[Fate, int] = {
    Fate.QUEUED: 0,
    Fate.SENDING: 1,
    Fate.SENT: 2,
    Fate.FAILED: 3,
    Fate.UNDELIVERED: 4,
    Fate.DELIVERED: 5,
}


class RefusalKind(StrEnum):
    """What a refusal asks of us."""

    PERMANENT = "permanent"
    """The address cannot receive this, now or later: take the next rung of the ladder."""
    TEMPORARY = "temporary"
    """The address may receive it another time."""
    OPTED_OUT = "opted_out"
    """The person asked for no more on this channel."""
    FILTERED = "filtered"
    """A carrier or mail system blocks our messages: a person has to look."""
    BAD_REQUEST = "bad_request"
    """We asked wrongly: a setting or the message has to change."""
    UNAUTHORIZED = "unauthorized"
    """The account's credentials are not accepted."""


_ADVICE: dict[RefusalKind, str] = {
    RefusalKind.PERMANENT: "this address cannot receive it; use another way to reach the person",
    RefusalKind.TEMPORARY: "this address cannot receive it now; try later",
    RefusalKind.OPTED_OUT: "the person opted out of this channel; respect it",
    RefusalKind.FILTERED: "blocked as unwanted; check sender registration and wording",
    RefusalKind.BAD_REQUEST: "the request was wrong; check the sender, the settings and the text",
    RefusalKind.UNAUTHORIZED: "the credentials were not accepted; check the channel's account",
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address. Its repr shows ids only, so that a log cannot leak it.

    `to` is E.164 for SMS and calls, and a bare address for e-mail. `status_callback` is the URL
    that gets delivery receipts, or empty. `invitation` is an iCalendar object with METHOD:REQUEST
    or METHOD:CANCEL, UTF-8, for e-mail. `language` is a BCP 47 tag.
    """

    message_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    language: str = "en"
    status_callback: str = field(default="", repr=False)
    invitation: bytes | None = field(default=None, repr=False)
    unsubscribe_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider's answer: its own id for the message, and how far the message got."""

    provider_id: str
    fate: Fate
    error_code: str = ""


class ChannelError(Exception):
    """Anything that kept a channel from answering with a receipt."""


class Unavailable(ChannelError):
    """Certainly nothing was accepted.

    `retry_after`: seconds the provider asked for, or None. `busy`: it works, but wants no more
    from us, or for this recipient, right now.
    """

    def __init__(
        self, reason: str, retry_after: float | None = None, *, busy: bool = False
    ) -> None:
        super().__init__(f"Nothing was accepted, try again later: {reason}.")
        self.retry_after = retry_after
        self.busy = busy


class Ambiguous(ChannelError):
    """The message may have been accepted: ask what the provider has before sending again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Perhaps accepted, ask before sending again: {reason}.")


class Refused(ChannelError):
    """The provider said no. `code` is the provider's own; `kind` says what to do about it."""

    def __init__(self, code: str, kind: RefusalKind) -> None:
        super().__init__(f"Refused (code {code or 'none'}): {_ADVICE[kind]}.")
        self.code = code
        self.kind = kind


class CannotAsk(ChannelError):
    """This channel cannot say whether it accepted a message: a person has to decide."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cannot tell what was accepted: {reason}.")


class Misconfigured(ChannelError):
    """A setting of the channel has to change; the text says which."""


class NotAStatus(ValueError):
    """A request to a status webhook that is no report about an outgoing message or call."""


class Channel(Protocol):
    """A way to carry messages out."""

    kind: ChannelKind

    async def send(self, out: Outgoing) -> Receipt:
        """Carry one message. Never retries by itself.

        Raises `Unavailable`, `Ambiguous` or `Refused`.
        """

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """The receipt of these words to that address, accepted since `since` (aware), or None.

        `message_id` is ours: a provider that keeps it is asked for exactly that message. None
        means that the provider denies it. Raises `CannotAsk` when it cannot be known,
        `Unavailable` when it cannot be asked now, `Refused` when the account may not ask.
        """

    async def check(self) -> None:
        """Return when the channel would work; otherwise raise, saying what to do. Sends nothing."""

    async def aclose(self) -> None:
        """Let go of every connection."""


def wall_clock() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


async def read_clock(clock: Clock) -> datetime:
    """The present of `clock`, in UTC. Raises ValueError when it is naive."""
    now = clock()
    moment = await now if isawaitable(now) else now
    if moment.tzinfo is None:
        raise ValueError("The clock gave a datetime without a time zone; give it UTC.")
    return moment.astimezone(UTC)


def is_this_machine(host: str) -> bool:
    """Whether `host` names a loopback address, where no encryption is needed."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
