"""How documents are named and sealed, the same in every store.

A name is an HMAC of the content under the store's own naming key, which rests in the store under
`NAMING_KEY`, sealed like every document. A seal is bound to the name that it was made for.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Protocol

from activities.documents.errors import DocumentDamaged

NAMING_KEY = "naming-key"
"""The name under which a store keeps its naming key."""

_KEY = re.compile(r"[0-9a-f]{64}")


class Cipher(Protocol):
    """Authenticated encryption with associated data, such as AES-GCM under a key ring.

    `open` raises when the bytes were changed, the associated data differ or the key is unknown.
    """

    def seal(self, plaintext: bytes, aad: bytes, /) -> bytes: ...

    def open(self, sealed: bytes, aad: bytes, /) -> bytes: ...


class Sealing:
    """Seals and opens what a store keeps, each bound to its name."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def seal(self, content: bytes, name: str) -> bytes:
        """The content, sealed for this name."""
        return self._cipher.seal(content, _aad(name))

    def open(self, sealed: bytes, name: str) -> bytes:
        """What was sealed for this name. Raises `DocumentDamaged`."""
        # Each cipher has its own exceptions for a bad tag and an unknown key; whatever it raises,
        # the bytes did not open.
        try:
            return self._cipher.open(sealed, _aad(name))
        except Exception as error:
            raise DocumentDamaged(name) from error

    def anew(self, sealed: bytes, name: str) -> bytes:
        """The same content sealed with the present key. Raises `DocumentDamaged`."""
        return self.seal(self.open(sealed, name), name)

    def fresh_naming_key(self) -> bytes:
        """A naming key for a new store, sealed."""
        return self.seal(secrets.token_bytes(32), NAMING_KEY)


def is_key(text: str) -> bool:
    """Whether a document could have this key."""
    return _KEY.fullmatch(text) is not None


def name_of(content: bytes, naming_key: bytes) -> str:
    """The key of this content in the store that has this naming key."""
    return hmac.new(naming_key, content, hashlib.sha256).hexdigest()


def _aad(name: str) -> bytes:
    return b"homeward document " + name.encode("ascii")
