"""A new key, and everything sealed anew with it, also when the rotation is killed on the way."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from activities.documents.store import FolderStore
from cli.main import build_app
from records import crypto, rotation
from records.crypto import KeyRing, WrongKey, keys, read_key_file
from records.database import Records, open_records
from records.rotation import rotate, sealed_tables
from records.tables import Person, Reply
from tests.houses import a_case, a_mother, utc
from tests.records.conftest import Place

NOW = utc("2026-05-01 14:00")


class Killed(Exception):
    """The process ended here."""


@pytest.fixture
def full(records: Records, hub: str, monkeypatch: pytest.MonkeyPatch) -> Records:
    """Records with a case and twenty replies, in batches of seven."""
    monkeypatch.setattr(rotation, "BATCH", 7)
    case = a_case(records, NOW, docket="2026-CF-1")
    a_mother(records, case, NOW, email="denise@example.org")
    with records.writing(hub) as session:
        session.add_all([Reply(body=f"reply {n}", received_at=NOW) for n in range(20)])
    return records


def keys_in_use(records: Records) -> set[str]:
    """The keys with which anything is sealed."""
    found: set[str] = set()
    with records.engine.connect() as connection:
        for table in sealed_tables():
            for column in rotation._sealed(table):
                rows = connection.execute(text(f'SELECT {column.name} FROM "{table.name}"'))
                found |= {value.partition(":")[0] for value in rows.scalars() if value}
        check = connection.execute(text("SELECT value FROM database_meta")).scalar_one()
    return found | {str(check).partition(":")[0]}


def can_be_read(records: Records, hub: str) -> bool:
    """Whether every word is as it was."""
    with records.reading(hub) as session:
        names = {person.first_name for person in session.exec(select(Person)).all()}
        replies = {reply.body for reply in session.exec(select(Reply)).all()}
    return names == {"Marcus", "Denise"} and replies == {f"reply {n}" for n in range(20)}


def test_everything_is_sealed_with_the_new_key(full: Records, place: Place, hub: str) -> None:
    told: list[tuple[int, int]] = []
    result = rotate(full, place.key_file, lambda done, total: told.append((done, total)))
    assert keys_in_use(full) == {"k2"}
    assert can_be_read(full, hub)
    assert (result.key, result.resumed) == ("k2", False)
    assert told[-1] == (result.rows, result.rows)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert stat.S_IMODE(place.key_file.stat().st_mode) == 0o600
    full.close()
    again = open_records(place.url, place.key_file)
    assert can_be_read(again, hub)
    again.close()


def test_the_index_still_finds_a_phone(full: Records, place: Place, hub: str) -> None:
    before = keys().index("+13055550111", "address")
    rotate(full, place.key_file)
    assert keys().index("+13055550111", "address") == before


@pytest.mark.parametrize("batches", [0, 2])
def test_a_killed_rotation_leaves_everything_readable_and_goes_on(
    full: Records, place: Place, hub: str, batches: int
) -> None:
    seen = 0

    def die(done: int, total: int) -> None:
        nonlocal seen
        seen += 1
        if seen > batches:
            raise Killed

    with pytest.raises(Killed):
        rotate(full, place.key_file, die)
    assert keys_in_use(full) == {"k1", "k2"}
    full.close()
    reopened = open_records(place.url, place.key_file)
    assert can_be_read(reopened, hub)
    result = rotate(reopened, place.key_file)
    assert (result.key, result.resumed) == ("k2", True)
    assert keys_in_use(reopened) == {"k2"}
    assert can_be_read(reopened, hub)
    reopened.close()


def test_killed_before_anything_was_sealed_makes_no_third_key(
    full: Records, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_seal_rows", die)
        with pytest.raises(Killed):
            rotate(full, place.key_file)
    assert rotate(full, place.key_file).key == "k2"
    assert set(read_key_file(place.key_file).keys) == {"k1", "k2"}


def test_documents_are_sealed_anew_and_killed_there_it_goes_on(
    full: Records, place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    kept = [FolderStore(folder, keys()).put(f"packet {n}".encode()).key for n in range(3)]

    def dying(ring: KeyRing) -> Iterator[str]:
        yield next(iter(FolderStore(folder, ring).reseal()))
        raise Killed

    with pytest.raises(Killed):
        rotate(full, place.key_file, documents=dying)
    result = rotate(full, place.key_file, documents=lambda r: FolderStore(folder, r).reseal())
    assert (result.resumed, result.documents) == (True, 3)
    new = read_key_file(place.key_file)
    alone = KeyRing("k2", {"k2": new.keys["k2"]}, new.index_key)
    store = FolderStore(folder, alone)
    assert [store.get(key) for key in kept] == [b"packet 0", b"packet 1", b"packet 2"]


def test_parts_that_run_follow_the_key_file(full: Records, place: Place, hub: str) -> None:
    running = read_key_file(place.key_file)
    rotate(full, place.key_file)
    assert running.seal_text("Marcus", "a.b").startswith("k2:")
    assert running.open_text(keys().seal_text("Denise", "a.b"), "a.b") == "Denise"
    assert running.open(keys().seal(b"x", b"y"), b"y") == b"x"
    crypto.install(running)
    assert can_be_read(full, hub)


def test_a_key_file_that_vanished_keeps_running_parts_working(place: Place) -> None:
    ring = read_key_file(place.key_file)
    place.key_file.unlink()
    assert ring.open_text(ring.seal_text("Marcus", "a.b"), "a.b") == "Marcus"
    with pytest.raises(WrongKey):
        ring.open_text("k7:AAAA", "a.b")


def test_twice_in_a_row_makes_two_keys_and_keeps_the_old_ones(
    full: Records, place: Place, hub: str
) -> None:
    rotate(full, place.key_file)
    assert rotate(full, place.key_file).key == "k3"
    assert set(read_key_file(place.key_file).keys) == {"k1", "k2", "k3"}
    assert can_be_read(full, hub)


def test_the_command_says_what_it_did(
    full: Records, place: Place, hub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    monkeypatch.setenv("HOMEWARD_DATABASE_URL", place.url)
    monkeypatch.setenv("HOMEWARD_KEY_FILE", str(place.key_file))
    answer = CliRunner().invoke(build_app("rotate-key"), ["rotate-key", "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["key"] == "k2"
    assert said["rows"] > 20
    assert keys_in_use(full) == {"k2"}
    answer = CliRunner().invoke(build_app("rotate-key"), ["rotate-key"])
    assert "Back up homeward.key now" in answer.output
