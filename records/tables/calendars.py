"""Published court calendars: light entries, also for cases that nobody follows."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field, Index, UniqueConstraint

from records.tables.base import (
    HubOwned,
    instant,
    json_dict,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
    wall_time,
)


class CalendarFeed(HubOwned, table=True):
    """A calendar that a court publishes, imported again and again."""

    __tablename__ = "calendar_feed"
    name: str
    mapping: str
    listed: int = 0
    imported_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("hub_id", "name"),)


class CalendarEntry(HubOwned, table=True):
    """One line of a feed. It becomes a hearing only where a case with its docket is followed."""

    __tablename__ = "calendar_entry"
    feed_id: str = ref("calendar_feed.id", index=False)
    docket_number: str = sealed("calendar_entry.docket_number")
    docket_index: str
    jurisdiction: str = ""
    person_name: str = sealed("calendar_entry.person_name")
    kind: str = "other"
    kind_as_published: str = ""
    local_time: datetime = wall_time()
    zone: str
    court: str = ""
    courtroom: str = ""
    source_uid: str = ""
    hearing_id: str | None = maybe_ref("hearing.id")

    __table_args__ = (
        Index("ix_calendar_entry_feed", "hub_id", "feed_id"),
        Index("ix_calendar_entry_docket", "hub_id", "docket_index"),
    )


class CalendarImport(HubOwned, table=True):
    """One import: what it found and what it did."""

    __tablename__ = "calendar_import"
    feed_id: str = ref("calendar_feed.id")
    file_sha256: str
    counts: dict[str, int] = json_dict()
    covers_from: date | None = None
    applied_at: datetime = instant()
    applied_by: str = Field(default="", sa_type=Text)
