"""The signature that the self-hosted Android gateway puts on every request to a webhook.

`X-Signature` is the hexadecimal HMAC-SHA256, keyed with the phone's signing key, over the body
followed by `X-Timestamp` (Unix seconds). The phone signs each try anew, so that a request which
waited for days still comes with a fresh time: an old time is a replay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

__all__ = ["FRESH_SECONDS", "fresh_signature", "sign"]

FRESH_SECONDS = 300
"""How far the phone's clock may be from ours, either way."""
_STAMP = re.compile(r"[0-9]{1,12}")


def sign(key: str, body: bytes, timestamp: str) -> str:
    """The signature of a body at a time."""
    return hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()


def fresh_signature(key: str, body: bytes, timestamp: str, signature: str, now: datetime) -> bool:
    """Whether the holder of `key` signed this body within five minutes of `now` (aware).

    Takes the same time for every wrong signature. Without a key nothing is valid.
    """
    given = signature.lower().encode("utf-8", "replace")
    matches = hmac.compare_digest(sign(key, body, timestamp).encode("ascii"), given)
    return bool(key) and matches and _fresh(timestamp, now)


def _fresh(timestamp: str, now: datetime) -> bool:
    if not _STAMP.fullmatch(timestamp):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH_SECONDS
