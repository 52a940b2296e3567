"""The signature of mail that is handed over by HTTP: who sent it, and when.

`X-Homeward-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 over the seconds since 1970,
a full stop and the body, with the key that both sides know.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

HEADER: Final = "X-Homeward-Signature"
REPLAY_WINDOW: Final = timedelta(minutes=5)
"""A signature older than this, or this far in the future, is worth nothing."""
_WRITTEN = re.compile(r"t=(\d{1,11}),v1=([0-9a-f]{64})")


def sign_mail(key: str, raw: bytes, now: datetime) -> str:
    """The header's value for one mail, signed at `now` (aware)."""
    seconds = int(now.timestamp())
    return f"t={seconds},v1={_mac(key, raw, seconds)}"


def signed_at(signature: str) -> datetime | None:
    """When a signature says that it was made (UTC); None when it is none."""
    found = _WRITTEN.fullmatch(signature)
    return datetime.fromtimestamp(int(found.group(1)), UTC) if found else None


def valid_mail_signature(key: str, raw: bytes, signature: str, now: datetime) -> bool:
    """Whether this very mail was signed with the key within the last minutes."""
    found = _WRITTEN.fullmatch(signature)
    at = signed_at(signature)
    if found is None or at is None or abs(now - at) > REPLAY_WINDOW:
        return False
    return hmac.compare_digest(found.group(2), _mac(key, raw, int(found.group(1))))


def _mac(key: str, raw: bytes, seconds: int) -> str:
    return hmac.new(key.encode(), f"{seconds}.".encode() + raw, hashlib.sha256).hexdigest()
