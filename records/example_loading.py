"""That an example is being loaded: one at a time, and how far it is, for whoever looks.

The claim is a row of the database's own facts, so that it holds over all processes. Whoever loads
says again and again that they live; a claim that has been silent for `SILENT` may be taken over.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from records.database import HubSession, Records, RecordsProblem
from records.example_removing import SLUG, example_in
from records.tables import DatabaseMeta, Hub, StaffMember

SILENT: Final = timedelta(minutes=3)
"""Longer than the longest that loading is silent: one packet that LibreOffice renders."""
_NAME: Final = "example_loading"


class ExampleNameTaken(RecordsProblem):
    """A hub of real work, or somebody in it, has the example's name."""

    def __init__(self) -> None:
        super().__init__("A real hub or member of staff has a name that the example needs.")


class LoadingNow(RecordsProblem):
    """Somebody loads it in this moment."""

    def __init__(self) -> None:
        super().__init__("The example is being loaded already. Wait until it is there.")


class ClaimLost(RecordsProblem):
    """This loading was silent for so long that another one took its place."""

    def __init__(self) -> None:
        super().__init__("Another loading of the example took the place of this one.")


@dataclass(frozen=True, slots=True)
class Loading:
    """How far it is.

    Attributes:
        at: when it was last heard of (UTC).
        done, of: deeds of the stories.
        problem: the kind of error it ended with; "" while it runs.
    """

    at: datetime
    done: int
    of: int
    problem: str = ""

    def runs(self, now: datetime) -> bool:
        """Whether it still goes on at `now` (UTC)."""
        return not self.problem and now - self.at < SILENT


def loading_now(records: Records) -> Loading | None:
    """What is known of a loading that runs or failed; None where nothing is."""
    with records.reading("") as session:
        row = session.get(DatabaseMeta, _NAME)
    return _read(row.value)[1] if row else None


def claim_loading(records: Records, sign_ins: tuple[str, ...], now: datetime) -> str:
    """Be the one who loads the example.

    Returns:
        The claim's mark; "" where the example is loaded already.

    Raises:
        LoadingNow: somebody else loads it.
        ExampleNameTaken: real work has the hub's name or one of `sign_ins`.
    """
    mark = secrets.token_hex(8)
    fresh = _written(mark, Loading(now, 0, 0))
    try:
        with records.everywhere() as session:
            if example_in(session):
                return ""
            _refuse_taken(session, sign_ins)
            row = session.get(DatabaseMeta, _NAME)
            if row is None:
                session.add(DatabaseMeta(name=_NAME, value=fresh))
            elif _read(row.value)[1].runs(now) or not _swap(session, row.value, fresh):
                raise LoadingNow
    except IntegrityError:
        raise LoadingNow from None
    return mark


def tell_loading(records: Records, mark: str, loading: Loading) -> None:
    """Say how far it is, or why it ended.

    Raises:
        ClaimLost: somebody else loads it now.
    """
    with records.everywhere() as session:
        row = session.get(DatabaseMeta, _NAME)
        said = _written(mark, loading)
        if row is None or not _is(row, mark) or not _swap(session, row.value, said):
            raise ClaimLost


def end_loading(session: HubSession, mark: str) -> None:
    """The example comes in with this very transaction, and the claim ends with it.

    Raises:
        ClaimLost: somebody else loads it now.
    """
    row = session.get(DatabaseMeta, _NAME)
    if row is None or not _is(row, mark):
        raise ClaimLost
    ended = session.execute(
        delete(DatabaseMeta).where(
            col(DatabaseMeta.name) == _NAME, col(DatabaseMeta.value) == row.value
        )
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise ClaimLost


def forget_failure(records: Records, now: datetime) -> None:
    """A loading that failed, or was killed, is not told of any more."""
    with records.everywhere() as session:
        row = session.get(DatabaseMeta, _NAME)
        if row is not None and not _read(row.value)[1].runs(now):
            session.delete(row)


def _refuse_taken(session: HubSession, sign_ins: tuple[str, ...]) -> None:
    members = session.exec(
        select(col(StaffMember.id)).where(col(StaffMember.sign_in).in_(sign_ins))
    ).first()
    hubs = session.exec(select(col(Hub.id)).where(Hub.slug == SLUG)).first()
    if members or hubs:
        raise ExampleNameTaken


def _swap(session: HubSession, before: str, after: str) -> bool:
    """Whether the row was still as it was read: of two who write, one comes first."""
    changed = session.execute(
        update(DatabaseMeta)
        .where(col(DatabaseMeta.name) == _NAME, col(DatabaseMeta.value) == before)
        .values(value=after)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _is(row: DatabaseMeta, mark: str) -> bool:
    return _read(row.value)[0] == mark


def _written(mark: str, loading: Loading) -> str:
    said = [mark, loading.at.isoformat(), loading.done, loading.of, loading.problem]
    return json.dumps(said)


def _read(value: str) -> tuple[str, Loading]:
    mark, at, done, of, problem = json.loads(value)
    return mark, Loading(datetime.fromisoformat(at), done, of, problem)
