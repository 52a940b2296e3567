"""Mail handed over by a mail server: signed, fresh, and never lost for its size."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from activities.house import House
from api.app import build_app
from api.guards import MOST_MAIL_BYTES
from api.mail_signature import HEADER, sign_mail
from domain.vocabulary import Channel
from engine.addresses import MAIL_PATH
from records.tables import ContactPoint
from tests.houses import FixedClock, a_case, a_mother, hub_of, make_house, settings_in, utc

NOW = utc("2026-12-01 15:00")
KEY = "0f" * 32
STOP = (
    b"From: denise@example.org\r\nTo: hub@example.org\r\nSubject: Re: Hello\r\n"
    b"Message-ID: <answer-1@example.org>\r\n\r\nSTOP\r\n"
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path, FixedClock(NOW))
    a_mother(made.records, a_case(made.records, NOW, phone=""), NOW, email="denise@example.org")
    yield made
    made.records.close()


def outside(house: House, tmp_path: Path, *, key: str = KEY) -> TestClient:
    """A mail server's way to the house."""
    return TestClient(build_app(settings_in(tmp_path, mail_in_key=key), house.records, lambda: NOW))


def bring(client: TestClient, raw: bytes, signature: str) -> Any:
    headers = {HEADER: signature, "Content-Type": "message/rfc822"}
    return client.post(MAIL_PATH, content=raw, headers=headers)


def opted_out(house: House) -> bool:
    with house.records.reading(hub_of(house.records)) as session:
        found = select(ContactPoint).where(ContactPoint.channel == Channel.EMAIL)
        return session.exec(found).one().opted_out_at is not None


def test_a_signed_stop_is_taken_in_and_again_is_no_error(house: House, tmp_path: Path) -> None:
    with outside(house, tmp_path) as client:
        for _ in range(2):
            assert bring(client, STOP, sign_mail(KEY, STOP, NOW)).status_code == 204
    assert opted_out(house)


def test_the_signature_is_what_the_readme_says() -> None:
    seconds = int(NOW.timestamp())
    said = hmac.new(KEY.encode(), f"{seconds}.".encode() + STOP, hashlib.sha256).hexdigest()
    assert sign_mail(KEY, STOP, NOW) == f"t={seconds},v1={said}"


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=0,v1=" + "0" * 64,
        "t=99999999999,v1=" + "0" * 64,
        sign_mail("another key", STOP, NOW),
        sign_mail(KEY, STOP + b"x", NOW),
        sign_mail(KEY, STOP, NOW - timedelta(minutes=5, seconds=1)),
        sign_mail(KEY, STOP, NOW + timedelta(minutes=5, seconds=1)),
        sign_mail(KEY, STOP, NOW).replace("v1=", "v1=0")[:-1],
        sign_mail(KEY, STOP, NOW).upper(),
    ],
)
def test_what_is_not_signed_or_not_fresh_is_refused(
    house: House, tmp_path: Path, signature: str
) -> None:
    with outside(house, tmp_path) as client:
        assert bring(client, STOP, signature).status_code == 403
    assert not opted_out(house)


@pytest.mark.parametrize("late", [timedelta(minutes=-4), timedelta(minutes=4)])
def test_clocks_may_differ_by_minutes(house: House, tmp_path: Path, late: timedelta) -> None:
    moment: datetime = NOW + late
    with outside(house, tmp_path) as client:
        assert bring(client, STOP, sign_mail(KEY, STOP, moment)).status_code == 204


def test_without_a_key_there_is_no_such_address(house: House, tmp_path: Path) -> None:
    with outside(house, tmp_path, key="") as client:
        assert bring(client, STOP, sign_mail("", STOP, NOW)).status_code == 404
    assert not opted_out(house)


def test_a_stop_with_a_large_picture_is_heard_and_what_is_larger_is_refused(
    house: House, tmp_path: Path
) -> None:
    head = (
        b"From: denise@example.org\r\nMessage-ID: <big@example.org>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSTOP\r\n--b\r\n'
        b"Content-Type: image/jpeg\r\n\r\n"
    )
    raw = head + b"x" * 5_000_000 + b"\r\n--b--\r\n"
    with outside(house, tmp_path) as client:
        assert bring(client, raw, sign_mail(KEY, raw, NOW)).status_code == 204
        assert opted_out(house)
        much = b"x" * (MOST_MAIL_BYTES + 1)
        assert bring(client, much, sign_mail(KEY, STOP, NOW)).status_code == 413


def test_what_is_no_mail_is_refused_and_repeats_nothing(house: House, tmp_path: Path) -> None:
    raw = b"secret words"
    with outside(house, tmp_path) as client:
        answer = bring(client, raw, sign_mail(KEY, raw, NOW))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
