"""The signature that Twilio puts on every request it makes to a webhook.

`X-Twilio-Signature` is the base64 form of HMAC-SHA1, keyed with the account's auth token, over
the full URL followed by each POST field's name and value in the order of the names. Some of the
provider's systems sign the URL with its port and some without, so both forms are accepted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

__all__ = ["sign", "valid_signature"]

_PORT = re.compile(r":\d+$")
_DEFAULT_PORTS = {"http": "80", "https": "443"}

FormFields = Mapping[str, str | Sequence[str]]


def sign(auth_token: str, url: str, params: FormFields) -> str:
    """The signature of a POST of `params` to `url`."""
    signed = url + "".join(
        name + value for name in sorted(params) for value in _values(params[name])
    )
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def valid_signature(auth_token: str, url: str, params: FormFields, signature: str) -> bool:
    """Whether the holder of `auth_token` signed this request.

    `url` is the public URL with its query, as the provider called it. Takes the same time for
    every wrong signature. Without a token nothing is valid.
    """
    given = signature.encode("utf-8", "replace")
    matches = [
        hmac.compare_digest(sign(auth_token, form, params).encode("ascii"), given)
        for form in _with_and_without_port(url)
    ]
    return bool(auth_token) and any(matches)


def _values(value: str | Sequence[str]) -> list[str]:
    """A field that came several times counts once for each different value."""
    return [value] if isinstance(value, str) else sorted(set(value))


def _with_and_without_port(url: str) -> tuple[str, str]:
    """Both spellings of the address; the rest of the URL stays as it is, byte for byte."""
    parts = urlsplit(url)
    bare = _PORT.sub("", parts.netloc)
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    other = bare if bare != parts.netloc else f"{bare}:{port}"
    return url, url.replace(f"//{parts.netloc}", f"//{other}", 1)
