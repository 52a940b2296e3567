"""Published court calendars: light entries, also for cases that nobody follows."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field, Index, UniqueConstraint

from records.tables.base import (
    HubOwned,
    instant,
    json_dict,
    maybe_instant,
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
    """One hearing that a feed lists. It becomes a hearing only where a case is followed.

    `fingerprint` is a keyed hash over all that is listed: the same again is known without
    decrypting anything.
    """

    __tablename__ = "calendar_entry"
    feed_id: str = ref("calendar_feed.id", index=False)
    fingerprint: str
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
    source_uid: str = sealed("calendar_entry.source_uid")

    __table_args__ = (
        UniqueConstraint("feed_id", "fingerprint"),
        Index("ix_calendar_entry_docket", "hub_id", "docket_index"),
    )


class CalendarLink(HubOwned, table=True):
    """Which hearing of a followed case an entry became.

    One number may belong to several followed cases (co-defendants), and two feeds may list one
    hearing, so it is a row of its own.
    """

    __tablename__ = "calendar_link"
    entry_id: str = ref("calendar_entry.id", index=False)
    hearing_id: str = ref("hearing.id")

    __table_args__ = (UniqueConstraint("entry_id", "hearing_id"),)


class CalendarImport(HubOwned, table=True):
    """One import: what it found and what it did."""

    __tablename__ = "calendar_import"
    feed_id: str = ref("calendar_feed.id")
    file_sha256: str
    counts: dict[str, int] = json_dict()
    covers_from: date | None = None
    applied_at: datetime = instant()
    applied_by: str = Field(default="", sa_type=Text)
