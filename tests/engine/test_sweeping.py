"""Documents that nothing points to: found by their age, and removed only when asked."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel
from typer.testing import CliRunner

from activities.documents.store import DocumentStore, Entry, FolderStore
from cli.main import build_app
from domain.letters import Attached, Draft
from engine.building import open_documents, open_the_records
from engine.sweeping import sweep
from records.crypto import keys
from records.database import Records
from records.document_keys import ENDING, mentioned_keys
from records.exhibits import NewExhibit, add_exhibit, remove_exhibit
from records.letter_writing import save_letter
from records.letters import Writer, ask_for_letter
from records.packets import PacketContent, request_packet
from records.scope import UnscopedStatement
from records.tables import Exhibit, Letter, PacketTemplate, PacketVersion
from tests.activities.documents.places import Place, place
from tests.houses import ROSA, FixedClock, a_case, hub_of, make_house, settings_in, utc

__all__ = ["place"]

NOW = utc("2026-05-01 14:00")
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    """Records with one hub."""
    return make_house(tmp_path, FixedClock(NOW)).records


def enclosed(records: Records, store: DocumentStore, content: bytes) -> str:
    """An exhibit with this content; its id."""
    hub = hub_of(records)
    stored = store.put(content)
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        packet = request_packet(
            session, case.id, "release", PacketContent(), ROSA, NOW, sections={}
        )
        new = NewExhibit("Diploma", stored.key, stored.sha256, stored.size, "application/pdf")
        return add_exhibit(session, packet.id, new, ROSA, NOW).id


def test_what_no_row_points_to_is_removed_after_a_day(records: Records, place: Place) -> None:
    store = place.store()
    enclosed(records, store, b"a diploma")
    forgotten = store.put(b"never recorded").key

    counted = sweep(records, store, LATER, remove=False)

    assert (counted.stored, counted.unneeded, counted.removed) == (2, 1, 0)
    assert store.exists(forgotten)

    swept = sweep(records, store, LATER, remove=True)

    assert swept.removed == 1
    assert not store.exists(forgotten)
    assert store.get(store.put(b"a diploma").key) == b"a diploma"
    assert sweep(records, store, LATER, remove=True).unneeded == 0


def test_what_was_put_today_is_left_alone(records: Records, place: Place) -> None:
    store = place.store()
    store.put(b"about to be recorded")

    assert sweep(records, store, datetime.now(UTC), remove=True).removed == 0
    assert len(list(store.entries())) == 1


def test_a_removed_exhibit_keeps_its_document(records: Records, place: Place) -> None:
    store = place.store()
    exhibit_id = enclosed(records, store, b"a diploma")
    with records.writing(hub_of(records)) as session:
        remove_exhibit(session, exhibit_id, ROSA, NOW)

    assert sweep(records, store, LATER, remove=True).removed == 0


def test_what_a_writer_uploaded_and_has_not_signed_yet_is_kept(
    records: Records, place: Place
) -> None:
    """It is named nowhere but in the sealed draft of their letter."""
    store = place.store()
    exhibit_id = enclosed(records, store, b"a diploma")
    file, pages = store.put(b"my letter, in Word"), store.put(b"its pages")
    draft = Draft(document=Attached(file.key, "letter.docx", "docx", file.sha256, 9, pages.key))
    with records.writing(hub_of(records)) as session:
        packet_id = session.get_one(Exhibit, exhibit_id).packet_id
        letter = ask_for_letter(session, packet_id, Writer("Samuel", "Greene", "pastor"), ROSA, NOW)
        save_letter(session, letter.id, draft, ROSA, NOW)

    assert sweep(records, store, LATER, remove=True).removed == 0
    assert store.exists(file.key)
    assert store.exists(pages.key)


def test_what_is_put_again_while_the_sweep_looks_is_spared(records: Records, place: Place) -> None:
    store = place.store()
    store.put(b"a diploma")
    listed = list(store.entries())

    class PutAgain:
        """The same store, in which everything was put again after it was listed."""

        def entries(self) -> Iterator[Entry]:
            return iter(listed)

        def last_put(self, key: str) -> datetime:
            return LATER

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

    swept = sweep(records, PutAgain(), LATER, remove=True)

    assert (swept.unneeded, swept.removed) == (1, 0)
    assert store.exists(listed[0].key)


def test_every_column_that_holds_the_key_of_a_document_is_asked(records: Records) -> None:
    rows: list[tuple[type[SQLModel], str]] = [
        (PacketVersion, "docx_key"),
        (PacketVersion, "pdf_key"),
        (PacketVersion, "exhibits_key"),
        (Letter, "document_key"),
        (Letter, "pdf_key"),
        (Exhibit, "document_key"),
        (Exhibit, "pdf_key"),
        (PacketTemplate, "document_key"),
    ]
    for table, name in rows:
        assert name in table.model_fields
        assert name.endswith(ENDING)


def test_one_hub_alone_is_not_asked_what_is_needed(records: Records, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "documents", keys())
    enclosed(records, store, b"a diploma")
    with records.reading("") as session:
        everywhere = mentioned_keys(session)
    with records.reading(hub_of(records)) as session, pytest.raises(UnscopedStatement):
        mentioned_keys(session)
    assert store.put(b"a diploma").key in everywhere


Homeward = Callable[..., dict[str, Any]]


@pytest.fixture
def homeward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Homeward:
    """Runs `homeward sweep` on an installation with one forgotten document, two days old."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    settings = settings_in(tmp_path)
    open_the_records(settings).close()
    store = open_documents(settings, keys())
    assert isinstance(store, FolderStore)
    key = store.put(b"forgotten").key
    aged = datetime.now().timestamp() - 2 * 24 * 3600
    os.utime(settings.documents_at / key[:2] / key, (aged, aged))

    def run(*words: str) -> dict[str, Any]:
        answer = CliRunner().invoke(build_app("sweep"), ["sweep", *words, "--json"])
        assert answer.exit_code == 0, answer.output
        said: dict[str, Any] = json.loads(answer.stdout)
        return said

    return run


def test_the_command_counts_first_and_removes_when_asked(homeward: Homeward) -> None:
    assert homeward() == {"stored": 1, "unneeded": 1, "removed": 0}
    assert homeward("--remove") == {"stored": 1, "unneeded": 1, "removed": 1}
    assert homeward() == {"stored": 0, "unneeded": 0, "removed": 0}


def test_a_store_that_is_away_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    for name, value in {
        "URL": "s3://documents",
        "ENDPOINT": "http://127.0.0.1:9",
        "KEY_ID": "id",
        "SECRET": "secret",
    }.items():
        monkeypatch.setenv(f"HOMEWARD_DOCUMENTS_S3_{name}", value)

    answer = CliRunner().invoke(build_app("sweep"), ["sweep"])

    assert answer.exit_code == 1
    assert "does not answer" in answer.output
    assert "Traceback" not in answer.output
