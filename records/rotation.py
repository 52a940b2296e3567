"""Key rotation: a new current key, and everything that was sealed before sealed anew with it.

The new key is on the disk before anything is sealed with it, and old keys stay in the file, so
a rotation may be killed at any moment: whatever was sealed by then opens, and the next run goes
on where this one stopped. The sealed word in `database_meta` is done last and so tells whether
a rotation was finished.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, Text, bindparam, func, or_, select, type_coerce, update
from sqlmodel import SQLModel

from records.columns import Sealed
from records.crypto import KeyRing, install, read_key_file, write_key_file
from records.database import KEY_PLACE, Records
from records.tables import DatabaseMeta

BATCH = 500
MOST_PASSES = 3
CHECK = "key_check"

Progress = Callable[[int, int], None]
Documents = Callable[[KeyRing], Iterable[str]]
"""Seals every stored document anew with a ring, and names each one when it is done."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did.

    Attributes:
        key: id of the key that seals from now on.
        resumed: whether it finished an earlier run, without another new key.
        rows: rows that were sealed anew.
        documents: documents that were sealed anew.
    """

    key: str
    resumed: bool
    rows: int
    documents: int


def rotate(
    records: Records,
    key_file: Path,
    progress: Progress = lambda done, total: None,
    *,
    documents: Documents = lambda ring: (),
) -> Rotated:
    """Seal with a new key from now on, and all that is kept with it, too.

    Parts that run meanwhile follow the key file by themselves.

    Args:
        records: opened with this key file.
        key_file: gets the new key; the old ones stay in it.
        progress: told (rows done, rows to do).
        documents: seals the stored documents anew.

    Raises:
        KeyProblem: the key file cannot be used, or a value opens with no key in it.
        OSError: the key file cannot be written; nothing was changed.
    """
    ring = read_key_file(key_file)
    resumed = not _is_sealed_with(records, ring)
    if not resumed:
        write_key_file(key_file, ring.rotated())
        ring = read_key_file(key_file)
    install(ring)
    rows = _seal_rows(records, ring, progress)
    sealed_documents = sum(1 for _ in documents(ring))
    with records.everywhere() as session:
        check = session.get_one(DatabaseMeta, CHECK)
        check.value = ring.seal_text(ring.open_text(check.value, KEY_PLACE), KEY_PLACE)
        session.add(check)
    return Rotated(ring.current, resumed, rows, sealed_documents)


def _is_sealed_with(records: Records, ring: KeyRing) -> bool:
    """Whether the last rotation was finished: the check is the last thing that it seals."""
    with records.reading("") as session:
        return session.get_one(DatabaseMeta, CHECK).value.startswith(f"{ring.current}:")


def _seal_rows(records: Records, ring: KeyRing, progress: Progress) -> int:
    """Some passes over all tables: what a part wrote meanwhile with the old key comes along."""
    done = 0
    for _ in range(MOST_PASSES):
        total = done + sum(_count(records, table, ring) for table in sealed_tables())
        if total == done:
            break
        for table in sealed_tables():
            for sealed in _seal_table(records, table, ring):
                done += sealed
                progress(done, max(total, done))
    return done


def sealed_tables() -> list[Table]:
    """Every table with an encrypted column."""
    return [table for table in SQLModel.metadata.sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Any]:
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def _older(table: Table, ring: KeyRing) -> Any:
    """Rows that hold anything sealed with an older key."""
    current = f"{ring.current}:%"
    return or_(
        *(
            (type_coerce(column, Text) != "") & type_coerce(column, Text).not_like(current)
            for column in _sealed(table)
        )
    )


def _count(records: Records, table: Table, ring: KeyRing) -> int:
    with records.everywhere() as session:
        statement = select(func.count()).select_from(table).where(_older(table, ring))
        return int(session.connection().execute(statement).scalar_one())


def _seal_table(records: Records, table: Table, ring: KeyRing) -> Iterator[int]:
    """Batch by batch, each in a transaction of its own; yields how many rows were in it."""
    after = ""
    while True:
        with records.everywhere() as session:
            last, sealed = _seal_batch(session.connection(), table, ring, after)
        if not last:
            return
        after = last
        yield sealed


def _seal_batch(connection: Connection, table: Table, ring: KeyRing, after: str) -> tuple[str, int]:
    columns = _sealed(table)
    stored = [type_coerce(column, Text).label(column.name) for column in columns]
    rows = connection.execute(
        select(table.c.id, *stored)
        .where(table.c.id > after, _older(table, ring))
        .order_by(table.c.id)
        .limit(BATCH)
        .with_for_update()
    ).all()
    if not rows:
        return "", 0
    anew = [
        {"row_id": row.id}
        | {f"new_{c.name}": _anew(getattr(row, c.name), c.type.place, ring) for c in columns}
        for row in rows
    ]
    connection.execute(
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({c.name: bindparam(f"new_{c.name}", type_=Text()) for c in columns}),
        anew,
    )
    return str(rows[-1].id), len(rows)


def _anew(value: str, place: str, ring: KeyRing) -> str:
    if not value or value.startswith(f"{ring.current}:"):
        return value
    return ring.seal_text(ring.open_text(value, place), place)


__all__ = ["Documents", "Progress", "Rotated", "rotate", "sealed_tables"]
