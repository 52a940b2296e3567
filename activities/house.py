"""What every activity works with: records, the one clock, channels, words, documents."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from activities.channels import Channel as CarryingChannel
from activities.documents.store import DocumentStore
from activities.metering import DailyMeter
from activities.traffic import Line, Pace
from domain.vocabulary import Channel
from domain.words import Catalog
from records.database import Records


class Clock(Protocol):
    """The one source of time. In service the wall clock; in demo and tests the server's."""

    def now(self) -> Awaitable[datetime]:
        """The present instant (UTC)."""


class WallClock:
    """The machine's own clock."""

    async def now(self) -> datetime:
        """The present instant (UTC)."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything an activity may need, given once when the worker is built.

    Attributes:
        carriers: what carries each channel; the outbox where nothing is configured.
        public_url: where links in messages point, without a slash at the end.
        soffice_profile: LibreOffice profile folder of this worker alone.
        sms_status_url: where the SMS provider reports what became of a text; "" for nowhere.
        meter: counts what each hub sends in a day.
        line: whether the providers answer.
        pace: how many messages a second they take.
        voice_status_url: the same for calls.
        mail_sender: who e-mail and its invitations come from; "" where there is no mail server.
    """

    records: Records
    clock: Clock
    carriers: Mapping[Channel, CarryingChannel]
    catalog: Catalog
    store: DocumentStore
    soffice_profile: Path
    public_url: str = ""
    soffice: str = ""
    sms_status_url: str = ""
    meter: DailyMeter = field(default_factory=DailyMeter)
    line: Line = field(default_factory=Line)
    pace: Pace = field(default_factory=lambda: Pace({}))
    voice_status_url: str = ""
    mail_sender: str = ""
