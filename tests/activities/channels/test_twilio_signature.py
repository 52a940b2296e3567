"""The signature of webhooks, against the vectors that the provider publishes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels import valid_signature
from activities.channels.twilio_signature import sign

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
HTTP_URL = URL.replace("https", "http")
DOCUMENTED = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+12349013030",
    "Digits": "1234",
    "From": "+12349013030",
    "To": "+18005551212",
}
IN_LIBRARY_TESTS = {**DOCUMENTED, "Caller": "+14158675309", "From": "+14158675309"}


def test_the_documented_example() -> None:
    assert sign(TOKEN, URL, DOCUMENTED) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (HTTP_URL.replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (HTTP_URL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ],
    ids=["plain", "port removed", "http with port", "443 added", "80 added"],
)
def test_published_signatures_hold_with_and_without_a_port(url: str, signature: str) -> None:
    assert valid_signature(TOKEN, url, IN_LIBRARY_TESTS, signature)


@pytest.mark.parametrize("signature", ["", "0/KCTR6DLpKmkAf8muzZqo1nDgQ", "ñ" * 28, "A" * 28])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    assert not valid_signature(TOKEN, URL, DOCUMENTED, signature)


def test_nothing_is_valid_without_a_token() -> None:
    assert not valid_signature("", URL, DOCUMENTED, sign("", URL, DOCUMENTED))


def test_a_field_that_came_several_times_counts_once_for_each_value() -> None:
    many = {"MediaUrl": ["b", "a", "b"]}
    assert sign(TOKEN, URL, many) == sign(TOKEN, URL, {"MediaUrl": ["a", "b"]})
    assert sign(TOKEN, URL, many) != sign(TOKEN, URL, {"MediaUrl": ["a"]})


@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4),
    st.text(min_size=1, max_size=8),
    st.text(min_size=1, max_size=8),
)
def test_a_changed_form_is_refused(form: dict[str, str], name: str, value: str) -> None:
    signature = sign(TOKEN, URL, form)
    assert valid_signature(TOKEN, URL, dict(reversed(form.items())), signature)
    changed = {**form, name: form.get(name, "") + value}
    assert not valid_signature(TOKEN, URL, changed, signature)
