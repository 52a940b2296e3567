"""The gateway's signature: over body and time, and good for five minutes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels.gateway_signature import FRESH_SECONDS, fresh_signature, sign
from tests.activities.channels.conftest import NOON

KEY = "a key"
BODY = b'{"event": "sms:received"}'
STAMP = str(int(NOON.timestamp()))


def test_the_signature_is_the_described_one() -> None:
    described = hmac.new(KEY.encode(), BODY + STAMP.encode(), hashlib.sha256).hexdigest()
    assert sign(KEY, BODY, STAMP) == described
    assert fresh_signature(KEY, BODY, STAMP, described, NOON)
    assert fresh_signature(KEY, BODY, STAMP, described.upper(), NOON)


@pytest.mark.parametrize(
    ("seconds", "fresh"),
    [
        (0, True),
        (FRESH_SECONDS, True),
        (-FRESH_SECONDS, True),
        (FRESH_SECONDS + 1, False),
        (-FRESH_SECONDS - 1, False),
        (86_400, False),
    ],
)
def test_a_signature_is_good_for_five_minutes_around_its_time(seconds: int, fresh: bool) -> None:
    signature = sign(KEY, BODY, STAMP)
    now = NOON + timedelta(seconds=seconds)
    assert fresh_signature(KEY, BODY, STAMP, signature, now) is fresh


@pytest.mark.parametrize(
    "stamp", ["", "now", "-1", "1e9", "1772643600.0", "９" * 10, "9" * 400, " " + STAMP]
)
def test_a_time_that_is_none_is_refused_however_it_is_signed(stamp: str) -> None:
    assert not fresh_signature(KEY, BODY, stamp, sign(KEY, BODY, stamp), NOON)


def test_another_time_needs_another_signature() -> None:
    later = NOON + timedelta(hours=1)
    stamp = str(int(later.timestamp()))
    assert not fresh_signature(KEY, BODY, stamp, sign(KEY, BODY, STAMP), later)


@pytest.mark.parametrize("signature", ["", "0" * 64, "ñ" * 64, sign("another", BODY, STAMP)])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    assert not fresh_signature(KEY, BODY, STAMP, signature, NOON)


def test_nothing_is_valid_without_a_key() -> None:
    assert not fresh_signature("", BODY, STAMP, sign("", BODY, STAMP), NOON)


@given(st.binary(max_size=40), st.binary(min_size=1, max_size=8))
def test_a_changed_body_is_refused(body: bytes, more: bytes) -> None:
    signature = sign(KEY, body, STAMP)
    assert fresh_signature(KEY, body, STAMP, signature, NOON)
    assert not fresh_signature(KEY, body + more, STAMP, signature, NOON)
