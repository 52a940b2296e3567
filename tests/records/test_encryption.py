"""What is personal lies encrypted in the database, and only the right keys open it."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, insert, inspect, select, text, type_coerce, update
from sqlalchemy.exc import StatementError
from sqlmodel import col
from sqlmodel import select as orm_select

from domain.vocabulary import Channel
from records import crypto
from records.addresses import BadAddress, address_index, docket_index, normalise
from records.circle import NewContact, add_contact, contacts_at
from records.crypto import BadKeyFile, KeyFileMissing, KeyRing, WrongKey, read_key_file
from records.database import Records, RecordsProblem, open_records
from records.tables import ContactPoint, Person
from tests.houses import ROSA, a_case, a_mother, utc
from tests.records.conftest import Place
from tests.records.rows import a_row, all_tables, sealed_columns

NOW = utc("2026-05-01 14:00")
SECRET = "PLAIN-TEXT-OF"


def everything_stored(records: Records, place: Place) -> bytes:
    """Every byte that the database keeps: the files, or every row of every table as text."""
    if place.kind == "sqlite":
        return b"".join(path.read_bytes() for path in place.file.parent.glob("homeward.db*"))
    found: list[str] = []
    with records.engine.connect() as connection:
        for table in inspect(records.engine).get_table_names():
            rows = connection.execute(text(f'SELECT t::text FROM "{table}" AS t'))
            found += rows.scalars().all()
    return "\n".join(found).encode()


def test_no_sealed_column_of_any_table_is_stored_in_the_clear(
    records: Records, place: Place, hub: str
) -> None:
    sealed = [table for table in all_tables() if sealed_columns(table)]
    assert len(sealed) > 15
    with records.writing(hub) as session:
        for table in sealed:
            row = a_row(session, table, hub)
            for name in sealed_columns(table):
                setattr(row, name, f"{SECRET}-{table.__name__}-{name}")
            session.add(row)
    assert SECRET.encode() not in everything_stored(records, place)
    with records.reading(hub) as session:
        for table in sealed:
            rows = session.exec(orm_select(table)).all()
            for name in sealed_columns(table):
                assert f"{SECRET}-{table.__name__}-{name}" in {getattr(row, name) for row in rows}


def test_no_name_phone_or_mailbox_of_a_case_is_stored_in_the_clear(
    records: Records, place: Place, hub: str
) -> None:
    case = a_case(records, NOW, phone="+13055550123", docket="2026-CF-004711")
    a_mother(records, case, NOW, phone="+13055550124", email="denise@example.org")
    stored = everything_stored(records, place)
    for word in ("Marcus", "Johnson", "Denise", "3055550123", "denise@", "004711", "text me"):
        assert word.encode() not in stored, word


def test_the_same_text_is_never_stored_the_same_way_twice(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        session.add_all([Person(first_name="Ann", last_name="Lee") for _ in range(2)])
    with records.engine.connect() as connection:
        stored = connection.execute(select(type_coerce(col(Person.first_name), Text))).scalars()
        assert len(set(stored)) == 2


@pytest.mark.parametrize(
    "typed", ["(305) 555-0123", "305.555.0123", "+1 305 555 0123", "13055550123", " 3055550123 "]
)
def test_a_phone_is_found_however_it_is_written(records: Records, hub: str, typed: str) -> None:
    case = a_case(records, NOW, phone="+13055550123")
    with records.reading(hub) as session:
        found = contacts_at(session, normalise(Channel.SMS, typed))
    assert [contact.address for contact in found] == ["+13055550123"]
    assert case.hub_id == hub


def test_two_spellings_of_one_phone_are_one_contact(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW, phone="305 555 0123")
    with records.writing(hub) as session:
        again = NewContact(Channel.SMS, "+1 (305) 555-0123", "Yes.")
        add_contact(session, mother, again, ROSA, NOW)
    with records.reading(hub) as session:
        assert len(contacts_at(session, "+13055550123")) == 1


def test_mailboxes_and_docket_numbers_have_one_spelling_too() -> None:
    crypto.install(KeyRing.fresh())
    assert normalise(Channel.EMAIL, " Denise@Example.ORG") == "denise@example.org"
    assert docket_index("2026-cf 001") == docket_index("2026CF001")
    assert address_index("a") != docket_index("A"), "an index tells nothing across purposes"


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        (Channel.SMS, "911"),
        (Channel.SMS, "call me"),
        (Channel.EMAIL, "denise at example.org"),
        (Channel.EMAIL, "a@b@example.org"),
        (Channel.EMAIL, "x@example.org\r\nBcc: y@example.org"),
    ],
)
def test_what_cannot_be_an_address_is_refused_without_repeating_it(
    channel: Channel, typed: str
) -> None:
    with pytest.raises(BadAddress) as refused:
        normalise(channel, typed)
    assert typed not in str(refused.value)


def test_the_key_file_is_made_on_first_start_for_the_owner_alone(empty: Place) -> None:
    old = os.umask(0)
    try:
        open_records(empty.url, empty.key_file).close()
    finally:
        os.umask(old)
    assert stat.S_IMODE(empty.key_file.stat().st_mode) == 0o600
    if empty.kind == "sqlite":
        assert stat.S_IMODE(empty.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_journal_is_for_the_owner_alone_as_well(empty: Place) -> None:
    records = open_records(empty.url, empty.key_file)
    for path in empty.file.parent.glob("homeward.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    records.close()


def test_another_key_file_is_refused(place: Place) -> None:
    crypto.write_key_file(place.key_file, KeyRing.fresh())
    with pytest.raises(WrongKey, match="Use the key file that was made with them"):
        open_records(place.url, place.key_file)


def test_a_missing_key_file_is_refused_and_none_is_made(place: Place) -> None:
    place.key_file.unlink()
    with pytest.raises(KeyFileMissing, match="from your backup"):
        open_records(place.url, place.key_file)
    assert not place.key_file.exists()


def test_a_key_file_that_others_may_read_is_refused(place: Place) -> None:
    place.key_file.chmod(0o644)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        open_records(place.url, place.key_file)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "nonsense", '{"current":"k1","keys":{},"index_key":""}', "null"]
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "homeward.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(BadKeyFile):
        read_key_file(path)


def test_ciphertext_that_was_moved_to_another_column_does_not_open(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        session.add(Person(first_name="Ann", last_name="Lee"))
    table: Any = Person.__table__  # type: ignore[attr-defined]
    with records.engine.begin() as connection:
        connection.execute(update(table).values(last_name=type_coerce(table.c.first_name, Text)))
    with records.reading(hub) as session, pytest.raises(WrongKey):
        session.exec(orm_select(Person)).all()


def test_ciphertext_that_was_changed_does_not_open(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        session.add(Person(first_name="Ann", last_name="Lee"))
    for broken in ("k1:AAAA", "k9:AAAA", "k1:", "plain words", "k1:" + "A" * 80):
        with records.engine.begin() as connection:
            connection.execute(text("UPDATE person SET first_name = :value"), {"value": broken})
        with records.reading(hub) as session, pytest.raises(WrongKey):
            session.exec(orm_select(Person)).all()


def test_a_database_error_never_repeats_what_was_written(records: Records, hub: str) -> None:
    naive = {
        "id": "p1",
        "hub_id": hub,
        "first_name": "Marcus",
        "created_at": NOW.replace(tzinfo=None),
    }
    with records.writing(hub) as session, pytest.raises(StatementError) as refused:
        session.execute(insert(Person), [naive])
    assert "Marcus" not in str(refused.value)


@given(st.binary(max_size=200), st.binary(max_size=20), st.binary(max_size=60))
def test_sealed_bytes_open_for_the_same_place_only(plain: bytes, place: bytes, junk: bytes) -> None:
    ring = KeyRing.fresh()
    sealed = ring.seal(plain, place)
    assert ring.open(sealed, place) == plain
    for wrong, where in ((sealed, place + b"x"), (junk, place), (sealed[:-1], place)):
        with pytest.raises(WrongKey):
            ring.open(wrong, where)
    with pytest.raises(WrongKey):
        KeyRing.fresh().open(sealed, place)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql+nothing://somebody:secret@host/db", "postgresql://somebody:secret@/"]
)
def test_an_address_that_leads_nowhere_is_refused_without_repeating_the_password(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(RecordsProblem) as refused:
        open_records(
            url + ("?host=/nowhere" if url.startswith("postgresql") else ""), tmp_path / "k"
        )
    assert "secret" not in str(refused.value)


def test_contacts_are_found_by_index_and_not_by_reading_all(records: Records, hub: str) -> None:
    a_case(records, NOW, phone="+13055550123")
    with records.reading(hub) as session:
        [contact] = session.exec(orm_select(ContactPoint)).all()
    assert contact.address_index == address_index("+13055550123")
    assert "5550123" not in contact.address_index
