"""Texts from outside, through the provider's signed webhook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from activities.channels.loopback_sms import AUTH_TOKEN
from activities.channels.twilio_signature import sign
from activities.house import House
from api.app import build_app
from engine.addresses import SMS_REPLY_PATH
from records.tables import ContactPoint, HumanTask, Reply
from tests.houses import FixedClock, a_case, a_mother, hub_of, make_house, settings_in, utc

NOW = utc("2026-12-01 15:00")
PUBLIC = "https://hub.example.org"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path, FixedClock(NOW))


@pytest.fixture
def outside(tmp_path: Path, house: House) -> Iterator[TestClient]:
    settings = settings_in(tmp_path, sms_token=AUTH_TOKEN, public_url=PUBLIC)
    with TestClient(build_app(settings, house.records)) as client:
        yield client


def texts(client: TestClient, body: str, sid: str = "SM1", token: str = AUTH_TOKEN) -> Any:
    form = {"MessageSid": sid, "From": "+13055550111", "Body": body}
    signature = sign(token, PUBLIC + SMS_REPLY_PATH, {k: [v] for k, v in form.items()})
    return client.post(
        SMS_REPLY_PATH,
        content=urlencode(form),
        headers={
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )


def test_stop_ends_messages_and_a_question_becomes_one_task(
    house: House, outside: TestClient
) -> None:
    case = a_case(house.records, NOW)
    a_mother(house.records, case, NOW)
    assert texts(outside, "what time is court?").status_code == 204
    assert texts(outside, "STOP", sid="SM2").status_code == 204
    with house.records.reading(hub_of(house.records)) as session:
        assert session.exec(select(HumanTask)).one().kind == "reply_waiting"
        assert len(session.exec(select(Reply)).all()) == 2
        contacts = session.exec(select(ContactPoint)).all()
        assert [c.opted_out_at is not None for c in contacts] == [False, True]


def test_an_unsigned_text_is_refused_and_changes_nothing(house: House, outside: TestClient) -> None:
    a_mother(house.records, a_case(house.records, NOW), NOW)
    assert texts(outside, "STOP", token="guessed").status_code == 403
    with house.records.reading(hub_of(house.records)) as session:
        assert session.exec(select(Reply)).all() == []


def test_a_replayed_stop_after_a_start_opts_nobody_out_again(
    house: House, outside: TestClient
) -> None:
    a_mother(house.records, a_case(house.records, NOW), NOW)
    for body, sid in (("STOP", "SM1"), ("START", "SM2"), ("STOP", "SM1"), ("START", "SM2")):
        assert texts(outside, body, sid=sid).status_code == 204
    with house.records.reading(hub_of(house.records)) as session:
        assert len(session.exec(select(Reply)).all()) == 2
        assert [c.opted_out_at for c in session.exec(select(ContactPoint)).all()] == [None, None]
