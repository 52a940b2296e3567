"""Published court calendars: what a new one would change, and making it so."""

import hashlib
from typing import Annotated, BinaryIO

from fastapi import File, Form, UploadFile
from pydantic import Field
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, Instant, Name, Out, Zone
from api.once import AtOnce, OnceDesk
from api.problems import Refusal, documented
from api.v1.paging import Listed, PartAsked, listed
from domain.court_time import zone_of
from domain.listings import CourtMapping, built_in_mappings, load_mapping, read_join
from records import calendar_import
from records.calendar_import import Preview
from records.database import HubSession
from records.listing_queries import page_of
from records.tables import CalendarFeed, CalendarImport

router = guarded_router("imports")

MOST_TOLD = 200
_BLOCK = 1 << 20


class RowSetAside(Out):
    """A row that could not be used; it is described, never repeated."""

    row: int = Field(description="As a spreadsheet counts: the header is row 1.")
    code: str
    reason: str


class FollowedOut(Out):
    """What was done for cases that are followed."""

    scheduled: int
    moved: int
    tasks: int


class ImportOut(Out):
    """What a calendar changes, or has changed when it was applied."""

    feed: str
    rows: int
    new: int
    moved: int
    vanished: int
    unchanged: int
    conflicts: int
    set_aside: int
    duplicates: int
    past: int
    unclear: int
    applied: bool
    first_day: Day | None
    followed: FollowedOut | None
    rows_set_aside: list[RowSetAside] = Field(description=f"The first {MOST_TOLD} of them.")


class PastImport(Out):
    """A calendar that was applied."""

    id: Id
    feed: str
    counts: dict[str, int]
    covers_from: Day | None
    applied_at: Instant
    applied_by: str


class ImportAsked(Out):
    """What an import was asked to do; with the hashes of its files it makes two requests one."""

    format: str
    feed: str
    zone: str
    apply: bool
    accept_loss: bool
    sha256: list[str]


def _told(seen: Preview) -> ImportOut:
    counts = {name: getattr(seen.counts, name) for name in seen.counts.__dataclass_fields__}
    aside = [
        RowSetAside(row=row.row_number, code=row.code, reason=row.reason)
        for row in seen.found.set_aside[:MOST_TOLD]
    ]
    return ImportOut(
        feed=seen.feed,
        **counts,
        applied=seen.applied,
        first_day=seen.first_day,
        followed=FollowedOut.of(seen.followed) if seen.followed else None,
        rows_set_aside=aside,
    )


@router.post(
    "/imports",
    summary="Import a court's calendar",
    response_model=ImportOut,
    responses=documented(problems.CONFLICT, problems.LOST_TOO_MUCH),
)
def import_calendar(
    desk: AtOnce,
    file: Annotated[UploadFile, File(description="The calendar as the court publishes it.")],
    format: Annotated[Name, Form(description="How it is written, e.g. idaho or icalendar.")],
    feed: Annotated[
        Name | None, Form(description="Name of this calendar; the format's unless given.")
    ] = None,
    zone: Annotated[Zone | None, Form(description="IANA zone, in place of the format's.")] = None,
    apply: Annotated[bool, Form(description="Write it; otherwise only compare.")] = False,
    accept_loss: Annotated[
        bool, Form(description="A person saw that more than half is missing, and accepts it.")
    ] = False,
    codes: Annotated[
        UploadFile | None, File(description="Second file, where the format needs one.")
    ] = None,
) -> Response:
    """Compare a calendar with what it listed before and, with `apply`, make it so in one
    transaction. The same file twice changes nothing. A file that is not what the format
    describes, or that lost more than half of what it listed, is refused and changes nothing; a
    row that cannot be read is set aside and the rest goes on."""
    mapping = _mapping(format, zone)
    files = [file.file, *([codes.file] if codes else [])]
    asked = ImportAsked(
        format=format,
        feed=feed or mapping.name,
        zone=mapping.zone,
        apply=apply,
        accept_loss=accept_loss,
        sha256=[_hashed(one) for one in files],
    )
    return desk.do_apart(asked, lambda: _told(_seen(desk, asked, mapping, files)), 200)


def _seen(
    desk: OnceDesk, asked: ImportAsked, mapping: CourtMapping, files: list[BinaryIO]
) -> Preview:
    joins = {}
    for field in mapping.joins if len(files) > 1 else ():
        files[1].seek(0)
        joins[field] = read_join(files[1], mapping, field)
    hub_id = desk.caller.hub_id
    if not asked.apply:
        return calendar_import.preview(
            desk.records,
            hub_id,
            asked.feed,
            mapping,
            files[0],
            joins,
            now=desk.now,
            accept_loss=asked.accept_loss,
        )
    return calendar_import.apply(
        desk.records,
        hub_id,
        asked.feed,
        mapping,
        files[0],
        joins,
        now=desk.now,
        accept_loss=asked.accept_loss,
        applied_by=desk.caller.name,
    )


def _mapping(name: str, zone: str | None) -> CourtMapping:
    """A mapping that comes with Homeward; never a path."""
    known = sorted(built_in_mappings())
    if name not in known:
        raise Refusal(problems.INVALID, f"Use one of these formats: {', '.join(known)}.")
    if zone is not None:
        zone_of(zone)
    return load_mapping(name, zone)


def _hashed(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


@router.get("/imports", summary="Calendars that were imported")
def list_imports(desk: AtDesk, asked: PartAsked) -> Listed[PastImport]:
    """Calendars that were applied, newest first, with what each changed."""
    with desk.reading() as session:
        page = page_of(
            session, select(CalendarImport), CalendarImport.id, asked.window, newest_first=True
        )
        return listed(asked, page, lambda row: _past(session, row))


def _past(session: HubSession, row: CalendarImport) -> PastImport:
    feed = session.get_one(CalendarFeed, row.feed_id)
    return PastImport(
        id=row.id,
        feed=feed.name,
        counts=row.counts,
        covers_from=row.covers_from,
        applied_at=row.applied_at,
        applied_by=row.applied_by,
    )
