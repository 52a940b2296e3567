"""Where passkeys hold: at an address that somebody vouches for, and nowhere else."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from api.pages.passkey_place import place_of
from records.passkeys import Place


def asked_at(address: str, public_url: str) -> Request:
    """A request as it comes in, at an installation with this public address."""
    scheme, _, host = address.partition("://")
    pages = SimpleNamespace(settings=SimpleNamespace(public_url=public_url))
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "app": SimpleNamespace(state=SimpleNamespace(pages=pages)),
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("address", "public_url", "place"),
    [
        ("http://localhost:8000", "", Place("localhost", "http://localhost:8000")),
        ("http://localhost", "", Place("localhost", "http://localhost")),
        ("http://127.0.0.1:8000", "", None),
        ("https://hub.example.org", "", None),
        ("http://localhost.evil.example.org", "", None),
        (
            "http://127.0.0.1:8000",
            "https://Hub.example.org/",
            Place("hub.example.org", "https://hub.example.org"),
        ),
        (
            "http://localhost:8000",
            "https://hub.example.org:8443/base",
            Place("hub.example.org", "https://hub.example.org:8443"),
        ),
        (
            "http://evil.example.org",
            "https://hub.example.org:443",
            Place("hub.example.org", "https://hub.example.org"),
        ),
        ("http://localhost", "http://hub.example.org", None),
        ("http://localhost", "https://192.0.2.7", None),
        ("http://localhost", "https://[2001:db8::7]", None),
        ("http://localhost", "http://localhost:9000", Place("localhost", "http://localhost:9000")),
    ],
)
def test_only_the_public_address_or_this_machine_itself(
    address: str, public_url: str, place: Place | None
) -> None:
    assert place_of(asked_at(address, public_url)) == place
