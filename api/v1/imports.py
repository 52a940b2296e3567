"""Published court calendars: what a new one would change, and making it so."""

import hashlib
from typing import Annotated, BinaryIO

from fastapi import File, Form, Path, UploadFile
from pydantic import Field
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, In, Instant, Name, Out, Zone
from api.once import AtOnce, OnceDesk
from api.problems import Refusal, documented
from api.v1.paging import Listed, PartAsked, listed
from domain.court_time import zone_of
from domain.listings import CourtMapping, built_in_mappings, load_mapping, read_join
from records import calendar_import, calendar_undoing
from records.calendar_import import Preview
from records.calendar_reviews import Outcome
from records.calendar_undoing import Undoing, plan_undo
from records.database import HubSession
from records.listing_queries import page_of
from records.tables import CalendarFeed, CalendarImport

router = guarded_router("imports")

MOST_TOLD = 200
CHANGED = "Something changed since you looked. Read the import again, then undo it."
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
    import_id: str = Field(description="By which it can be undone; empty when nothing was applied.")
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
    undone_at: Instant | None


class UndoneDate(Out):
    """A court date that goes back when the import is undone; new ones are cancelled."""

    hearing_id: Id
    case_id: Id
    cancelled: bool
    local_time: str = Field(description="Wall time to which it goes back, or of what is cancelled.")
    zone: str


class LeftDate(Out):
    """A court date that stays as it is when the import is undone, and why."""

    hearing_id: Id
    case_id: Id
    why: str


class ImportUndoing(PastImport):
    """A calendar that was applied, and what undoing it would do now."""

    why_not: str = Field(description="Why it cannot be undone; empty when it can.")
    digest: str = Field(description="Send it to undo exactly this.")
    put_back: list[UndoneDate]
    left_alone: list[LeftDate]


class UndoIn(In):
    """What was looked at before."""

    digest: Annotated[str, Field(max_length=64)] = Field(
        default="", description="Of what was shown; empty to undo whatever can be undone now."
    )


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
        import_id=seen.import_id,
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
        applied_by_id=desk.caller.id,
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
        undone_at=row.undone_at,
    )


ImportId = Annotated[Id, Path(description="Id of an import.")]


@router.get(
    "/imports/{import_id}",
    summary="One import, and what undoing it would do",
    responses=documented(problems.NOT_FOUND),
)
def read_import(desk: AtDesk, import_id: ImportId) -> ImportUndoing:
    """One calendar that was applied, with the court dates that would be put back now, and those
    that would not because somebody changed them since."""
    with desk.reading() as session:
        return _undoing(session, plan_undo(session, import_id, desk.now))


@router.post(
    "/imports/{import_id}/undo",
    summary="Undo an import",
    response_model=ImportUndoing,
    responses=documented(problems.NOT_FOUND, problems.CONFLICT),
)
def undo_import(desk: AtOnce, import_id: ImportId, asked: UndoIn) -> Response:
    """Put an import back in one transaction: dates that it brought are cancelled, those that it
    moved are moved back, and people are told as of any change. What was changed since is left
    alone. Twice is once."""

    def make(session: HubSession) -> ImportUndoing:
        done = calendar_undoing.undo_import(
            session, import_id, asked.digest or None, desk.source, desk.now
        )
        if done is Outcome.CHANGED:
            raise Refusal(problems.CONFLICT, CHANGED)
        return _undoing(session, plan_undo(session, import_id, desk.now))

    return desk.do(asked, make, 200)


def _undoing(session: HubSession, plan: Undoing) -> ImportUndoing:
    back = [
        UndoneDate(
            hearing_id=one.hearing.id,
            case_id=one.hearing.case_id,
            cancelled=one.before is None,
            local_time=one.setting.local_time.isoformat(timespec="minutes"),
            zone=one.setting.zone,
        )
        for one in plan.back
    ]
    left = [
        LeftDate(hearing_id=one.hearing.id, case_id=one.hearing.case_id, why=one.why)
        for one in plan.left
    ]
    past = _past(session, plan.made)
    return ImportUndoing(
        **past.model_dump(),
        why_not=plan.why_not,
        digest=plan.digest,
        put_back=[] if plan.why_not else back,
        left_alone=[] if plan.why_not else left,
    )
