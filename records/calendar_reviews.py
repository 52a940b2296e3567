"""Calendars that wait for a person: handed in, looked at, rows left out, applied or thrown away.

Nothing of a calendar is written before it is applied, and what is applied is what was shown: the
file is kept with the review, and a digest over what would be done is compared with what is done,
in the same transaction. If anything would come out differently by now, all of it is taken back
and the review is made anew.
"""

import base64
import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import col, select

from domain.listings import CourtMapping, load_mapping, read_join
from domain.listings.row_texts import row_texts
from records.calendar_adopting import IMPORT
from records.calendar_carrying import Asked, Done, carry_out, try_out
from records.calendar_comparing import FileRead, read_file
from records.calendar_seen import MOST_OTHERS, Seen, seen_of
from records.calendar_tasks import TO_REVIEW, UNREAD_ROWS, ask_for_hub, looked_at
from records.casework import NotFound, Source
from records.columns import new_id
from records.database import HubSession
from records.tables import CalendarImport, CalendarReview

MOST_FILE_BYTES: Final = 25_000_000
"""Of a calendar that is kept for a review: a whole state's is a fifth of it."""


class Outcome(StrEnum):
    """What came of applying or undoing."""

    DONE = "done"
    AGAIN = "again"
    """It was done before; nothing happened."""
    CHANGED = "changed"
    """Something is not as it was shown; nothing happened, and what is shown is made anew."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A calendar as somebody hands it in.

    Attributes:
        feed: name of the calendar.
        zone: IANA name in place of the mapping's own; "" for that one.
        second: the file that explains its codes, where the format needs one.
    """

    feed: str
    mapping: str
    zone: str
    file: bytes
    second: bytes = b""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of a calendar, read: seconds of work for a whole state's, so that it may be done
    before a transaction begins."""

    file: bytes
    mapping: CourtMapping
    read: FileRead


def open_files(new: HandedIn) -> Opened:
    """Read what is handed in.

    Raises:
        ListingsError: the file is not what the mapping describes, or the zone is wrong.
    """
    return _read(new.mapping, new.zone, new.file, new.second)


def open_review(session: HubSession, review_id: str) -> Opened | None:
    """Read the files of a calendar that waits; None when it does not wait any more."""
    review = _find(session, review_id, lock=False)
    return _opened(review) if review is not None else None


def hand_in(
    session: HubSession,
    new: HandedIn,
    by: str,
    now: datetime,
    review_id: str = "",
    opened: Opened | None = None,
) -> CalendarReview:
    """Keep a calendar and what it would change; nothing else is written.

    Args:
        session: a transaction.
        new: the calendar.
        by: a name.
        now: UTC.
        opened: the files, where they were read already.

    Raises:
        ListingsError: the file is not what the mapping describes, or the zone is wrong.
        ImportRunning: the same calendar is being imported for the first time right now.
    """
    review = CalendarReview(
        id=review_id or new_id(),
        feed_name=new.feed,
        mapping=new.mapping,
        zone=new.zone,
        file_sha256=hashlib.sha256(new.file).hexdigest(),
        stored=_packed(new.file, new.second),
        handed_in_at=now,
        handed_in_by=by,
        compared_at=now,
    )
    _compare(session, review, opened or open_files(new), now)
    session.add(review)
    ask_for_hub(session, TO_REVIEW, review.id, now)
    return review


def get_review(session: HubSession, review_id: str, *, lock: bool = False) -> CalendarReview:
    """A calendar that waits.

    Raises:
        NotFound: not in this hub, or applied or thrown away by now.
    """
    review = _find(session, review_id, lock=lock)
    if review is None:
        raise NotFound("import")
    return review


def waiting_reviews(session: HubSession) -> list[CalendarReview]:
    """The calendars that wait, oldest first, without their files."""
    ids = session.exec(
        select(
            col(CalendarReview.id),
            col(CalendarReview.feed_name),
            col(CalendarReview.handed_in_at),
            col(CalendarReview.handed_in_by),
        ).order_by(col(CalendarReview.handed_in_at), col(CalendarReview.id))
    ).all()
    return [
        CalendarReview(
            id=one, feed_name=feed, handed_in_at=at, handed_in_by=by, mapping="", file_sha256=""
        )
        for one, feed, at, by in ids
    ]


def seen_in(review: CalendarReview) -> Seen:
    """What a review shows."""
    return Seen.model_validate_json(review.seen)


def leave_out(
    session: HubSession, review_id: str, key: str, now: datetime, *, leave: bool
) -> CalendarReview:
    """Leave a row out, or take it in again, and compare anew.

    Raises:
        NotFound: no such review, or no such row in it.
    """
    review = get_review(session, review_id, lock=True)
    if key not in {row.key for row in seen_in(review).rows if row.bucket != "unclear"}:
        raise NotFound("row")
    left = set(review.left_out) - {key}
    review.left_out = sorted(left | {key} if leave else left)
    _compare(session, review, _opened(review), now)
    session.add(review)
    return review


def compare_again(session: HubSession, review_id: str, now: datetime) -> CalendarReview:
    """Make a review anew from the records as they are now.

    Raises:
        NotFound: no such review.
    """
    review = get_review(session, review_id, lock=True)
    _compare(session, review, _opened(review), now)
    session.add(review)
    return review


def apply_review(
    session: HubSession,
    review_id: str,
    digest: str,
    by: str,
    by_id: str,
    now: datetime,
    opened: Opened | None = None,
) -> Outcome:
    """Apply exactly what was shown, in the caller's transaction; the import takes the review's id.

    Args:
        session: a transaction.
        digest: of what was looked at.
        by, by_id: name and id of who applies it.
        now: UTC.
        opened: the review's files, where they were read already.

    Raises:
        NotFound: there was no such review.
    """
    review = _find(session, review_id, lock=True)
    if review is None:
        if session.get(CalendarImport, review_id) is None:
            raise NotFound("import")
        return Outcome.AGAIN
    opened = opened or _opened(review)
    if digest == review.digest and _applied(session, review, opened, by, by_id, now):
        looked_at(session, TO_REVIEW, review.id, by, now)
        session.delete(review)
        session.flush()
        return Outcome.DONE
    _compare(session, review, opened, now)
    session.add(review)
    return Outcome.CHANGED


def throw_away(session: HubSession, review_id: str, by: str, now: datetime) -> None:
    """Forget a calendar that was handed in, and its file. One that is gone is gone.

    Raises:
        NotFound: it was applied meanwhile, or never was.
    """
    review = get_review(session, review_id, lock=True)
    looked_at(session, TO_REVIEW, review.id, by, now)
    session.delete(review)
    session.flush()


def _find(session: HubSession, review_id: str, *, lock: bool) -> CalendarReview | None:
    statement = select(CalendarReview).where(CalendarReview.id == review_id)
    return session.exec(statement.with_for_update() if lock else statement).first()


def _applied(
    session: HubSession,
    review: CalendarReview,
    opened: Opened,
    by: str,
    by_id: str,
    now: datetime,
) -> bool:
    """Carry it out; False, with everything taken back, if that is not what was shown."""
    asked = _asked(review, opened.mapping, Source(by, IMPORT.origin), now)
    asked = replace(
        asked,
        actor_id=by_id,
        import_id=review.id,
        unread=tuple(one.model_dump_json() for one in seen_in(review).unread),
    )
    shown = review.digest
    attempt = session.begin_nested()
    done = carry_out(session, asked, opened.read)
    if done.digest == shown:
        attempt.commit()
        if done.seen.found.set_aside:
            ask_for_hub(session, UNREAD_ROWS, review.id, now)
        return True
    attempt.rollback()
    session.expire_all()
    return False


def _compare(session: HubSession, review: CalendarReview, opened: Opened, now: datetime) -> None:
    """Try the calendar out, and note what it would do and what that rests on."""
    asked = _asked(review, opened.mapping, IMPORT, now)
    done = try_out(session, asked, opened.read)
    loss = f"{done.loss.lost} of {done.loss.listed}" if done.loss else ""
    review.seen = seen_of(session, done, loss, _texts(opened, done)).model_dump_json()
    review.digest, review.compared_at = done.digest, now


def _asked(review: CalendarReview, mapping: CourtMapping, source: Source, now: datetime) -> Asked:
    return Asked(
        review.feed_name,
        mapping,
        review.file_sha256,
        now,
        accept_loss=True,
        source=source,
        left_out=frozenset(review.left_out),
    )


def _texts(opened: Opened, done: Done) -> Mapping[int, str]:
    unread = {one.row_number for one in done.seen.found.set_aside[:MOST_OTHERS]}
    return row_texts(io.BytesIO(opened.file), opened.mapping, unread)


def _opened(review: CalendarReview) -> Opened:
    return _read(review.mapping, review.zone, *_unpacked(review.stored))


def _read(name: str, zone: str, file: bytes, second: bytes) -> Opened:
    mapping = load_mapping(name, zone or None)
    joins = {}
    for field in mapping.joins if second else ():
        joins[field] = read_join(io.BytesIO(second), mapping, field)
    return Opened(file, mapping, read_file(io.BytesIO(file), mapping, joins))


def _packed(*files: bytes) -> str:
    return json.dumps([base64.b64encode(zlib.compress(one)).decode() for one in files])


def _unpacked(stored: str) -> tuple[bytes, bytes]:
    file, second = (zlib.decompress(base64.b64decode(one)) for one in json.loads(stored))
    return file, second
