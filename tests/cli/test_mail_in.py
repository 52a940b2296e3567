"""`homeward mail-in`: what a mail server's pipe brings, and what it is told by the exit status."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

import cli.mail_in
from cli.main import build_app
from domain.vocabulary import Channel
from engine.building import open_the_records
from engine.settings import Settings
from records.database import Records
from records.tables import ContactPoint
from tests.houses import FixedClock, a_case, a_mother, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
STOP = b"From: denise@example.org\nMessage-ID: <1@example.org>\nSubject: Re: Hello\n\nSTOP\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose Denise is reached by e-mail."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    house = make_house(tmp_path, FixedClock(NOW))
    a_mother(house.records, a_case(house.records, NOW, phone=""), NOW, email="denise@example.org")
    house.records.close()
    return tmp_path


def pipe(raw: bytes) -> Result:
    """What the mail server does with one mail."""
    return CliRunner().invoke(build_app("mail-in"), ["mail-in"], input=raw)


def opted_out() -> bool:
    records = open_the_records(Settings())
    with records.reading(hub_of(records)) as session:
        found = select(ContactPoint).where(ContactPoint.channel == Channel.EMAIL)
        gone = session.exec(found).one().opted_out_at is not None
    records.close()
    return gone


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    other = sqlite3.connect(data / "homeward.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_stop_through_the_pipe_is_heard_in_silence(data: Path) -> None:
    answer = pipe(STOP)
    assert (answer.exit_code, answer.output) == (0, "")
    assert opted_out()


def test_mail_that_is_not_ours_is_no_error(data: Path) -> None:
    stranger = STOP.replace(b"denise@", b"stranger@")
    assert (pipe(stranger).exit_code, pipe(stranger).output) == (0, "")
    assert not opted_out()


@pytest.mark.parametrize(("raw", "status"), [(b"", os.EX_NOINPUT), (b"\x00no mail", os.EX_DATAERR)])
def test_what_is_no_mail_is_said_to_be_none(data: Path, raw: bytes, status: int) -> None:
    assert pipe(raw).exit_code == status


def test_a_mail_that_meets_locked_records_is_to_be_brought_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(settings: Settings) -> Records:
        return open_the_records(settings, busy_seconds=0.1)

    monkeypatch.setattr(cli.mail_in, "open_the_records", impatient)
    with locked(data):
        answer = pipe(STOP)
    assert answer.exit_code == os.EX_TEMPFAIL
    assert "denise" not in answer.output
    assert pipe(STOP).exit_code == 0
    assert opted_out()


def test_a_missing_key_keeps_the_mail_with_the_mail_server(data: Path) -> None:
    (data / "homeward.key").rename(data / "elsewhere.key")
    assert pipe(STOP).exit_code == os.EX_TEMPFAIL


def test_a_huge_mail_is_drained_and_its_words_are_heard(data: Path) -> None:
    raw = (
        b"From: denise@example.org\nMessage-ID: <2@example.org>\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nSTOP\n--b\n'
        b"Content-Type: image/jpeg\n\n" + b"x" * 5_000_000 + b"\n--b--\n"
    )
    assert pipe(raw).exit_code == 0
    assert opted_out()
