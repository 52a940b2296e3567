"""Published court calendars: light entries, also for cases that nobody follows."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field, Index, UniqueConstraint

from records.tables.base import (
    HubOwned,
    instant,
    json_dict,
    json_list,
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
    import_id: str = ""
    """The import that added it; "" for one from before imports were kept."""

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


class CalendarReview(HubOwned, table=True):
    """A calendar that was handed in on a page and waits for a person to look at what it changes.

    It holds the file itself, so that exactly what was looked at is applied. Applied or thrown
    away, the row goes; the import that comes of it takes its id.

    Attributes:
        digest: over what would be done, with the revisions of the hearings it touches.
        stored: the file and its second file, compressed.
        seen: what is shown, as JSON (`records.calendar_seen.Seen`).
        left_out: rows that a person ticked off (`SeenRow.key`).
    """

    __tablename__ = "calendar_review"
    feed_name: str
    mapping: str
    zone: str = ""
    file_sha256: str
    left_out: list[str] = json_list()
    digest: str = ""
    stored: str = sealed("calendar_review.stored")
    seen: str = sealed("calendar_review.seen")
    handed_in_at: datetime = instant()
    handed_in_by: str = Field(default="", sa_type=Text)
    compared_at: datetime = instant()

    __table_args__ = (Index("ix_calendar_review_handed_in", "hub_id", "handed_in_at"),)


class CalendarImport(HubOwned, table=True):
    """One import: what it found and what it did.

    Attributes:
        applied_by: a name, for the list; `applied_by_id` the member of staff, "" for a program.
        kept: whether its changes were kept (`CalendarChange`), so that it can be undone.
        feed_before: what the feed said of itself before.
        undone_at: when it was put back (UTC); `undone_by`: by whom, a name.
    """

    __tablename__ = "calendar_import"
    feed_id: str = ref("calendar_feed.id")
    file_sha256: str
    counts: dict[str, int] = json_dict()
    covers_from: date | None = None
    applied_at: datetime = instant()
    applied_by: str = Field(default="", sa_type=Text)
    applied_by_id: str = ""
    kept: bool = False
    feed_before: dict[str, str] = json_dict()
    undone_at: datetime | None = maybe_instant()
    undone_by: str = Field(default="", sa_type=Text)


class CalendarChange(HubOwned, table=True):
    """One thing that an import changed, kept so that it can be put back.

    Attributes:
        place: its number within the import, from 1.
        kind: see `records.calendar_keeping.Kept`.
        subject_id: of the hearing, the entry or the task that changed.
        hearing_id: where a hearing changed.
        revision: of the hearing after the change; 0 where there is none.
        before, after: JSON; "" where there was or is nothing.
        undone_at: when it was put back (UTC).
    """

    __tablename__ = "calendar_change"
    import_id: str = ref("calendar_import.id", index=False)
    place: int
    kind: str
    subject_id: str = ""
    hearing_id: str | None = maybe_ref("hearing.id")
    revision: int = 0
    before: str = sealed("calendar_change.before")
    after: str = sealed("calendar_change.after")
    undone_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("import_id", "place"),)
