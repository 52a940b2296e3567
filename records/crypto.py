"""Encryption at rest: AES-GCM values that carry their key's id, and a keyed blind index.

One key file holds every key ever used, so that old values stay readable while new ones are
written with the current key (`homeward rotate-key`). The index key never changes: it finds a
phone number or an e-mail address without decrypting anybody's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class KeyProblem(Exception):
    """The keys and the data do not fit; the message says what to do."""


class KeyFileMissing(KeyProblem):
    """The database is encrypted and the key file is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The records are encrypted and the key file {path.name} is missing. Put the key file "
            "back from your backup (HOMEWARD_KEY_FILE says where it is looked for)."
        )


class WrongKey(KeyProblem):
    """A value cannot be opened with the keys at hand."""

    def __init__(self) -> None:
        super().__init__(
            "The key file does not fit these records. Use the key file that was made with them "
            "(HOMEWARD_KEY_FILE says where it is looked for)."
        )


class BadKeyFile(KeyProblem):
    """The key file cannot be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The key file {path.name} cannot be used: {why}.")


@lru_cache(maxsize=32)
def _cipher(key: bytes) -> AESGCM:
    """Made once for each key: an imported calendar seals a hundred thousand values."""
    return AESGCM(key)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one installation; seals with the current one, opens with any.

    A ring that was read from a file follows the file: after `homeward rotate-key` every part
    that runs seals with the new key and opens what the others sealed with it.

    Attributes:
        current: id of the key that seals.
        keys: AES-256 keys by id.
        index_key: key of the blind index; never rotated.
        source: the key file, where there is one.
    """

    current: str
    keys: Mapping[str, bytes]
    index_key: bytes
    source: Path | None = field(default=None, compare=False)

    @classmethod
    def fresh(cls) -> KeyRing:
        """A new key ring with one random key."""
        return cls("k1", {"k1": secrets.token_bytes(32)}, secrets.token_bytes(32))

    def rotated(self) -> KeyRing:
        """The same keys and a new current one."""
        number = 1 + max(int(name[1:]) for name in self.keys)
        return KeyRing(
            f"k{number}", {**self.keys, f"k{number}": secrets.token_bytes(32)}, self.index_key
        )

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt; the result starts with the key's id. `aad` ties it to its place."""
        nonce = os.urandom(NONCE_BYTES)
        ring = self.as_filed()
        sealed = _cipher(ring.keys[ring.current]).encrypt(nonce, plain, aad)
        return ring.current.encode() + b":" + nonce + sealed

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt what `seal` made for the same place.

        Raises:
            WrongKey: no key at hand opens it, or it was altered or moved.
        """
        name, _, rest = sealed.partition(b":")
        key = self._key(name.decode("ascii", "replace"))
        try:
            return _cipher(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], aad)
        except (InvalidTag, ValueError):
            raise WrongKey from None

    def seal_text(self, plain: str, place: str) -> str:
        """Encrypt text for a column; `place` is its table and name."""
        nonce = os.urandom(NONCE_BYTES)
        ring = self.as_filed()
        sealed = _cipher(ring.keys[ring.current]).encrypt(nonce, plain.encode(), place.encode())
        return f"{ring.current}:{base64.b64encode(nonce + sealed).decode('ascii')}"

    def open_text(self, value: str, place: str) -> str:
        """Decrypt a column's text.

        Raises:
            WrongKey: no key at hand opens it, or it was altered or moved.
        """
        name, _, rest = value.partition(":")
        key = self._key(name)
        try:
            raw = base64.b64decode(rest, validate=True)
            return (
                _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
            )
        except (InvalidTag, ValueError):
            raise WrongKey from None

    def _key(self, name: str) -> bytes:
        key = self.keys.get(name) or self.as_filed().keys.get(name)
        if key is None:
            raise WrongKey
        return key

    def as_filed(self) -> KeyRing:
        """The ring as its file is now; this one where the file cannot be read."""
        if self.source is None:
            return self
        try:
            seen = self.source.stat()
            return _ring_at(self.source, seen.st_ino, seen.st_mtime_ns)
        except (OSError, KeyProblem):
            return self

    def index(self, value: str, purpose: str) -> str:
        """Blind index of a normalised value: equal values, equal index, nothing else to learn."""
        mac = hmac.new(self.index_key, f"{purpose}\0{value}".encode(), hashlib.sha256)
        return mac.hexdigest()[:40]

    def mac(self, message: bytes, purpose: str) -> str:
        """A seal (HMAC-SHA-256, 64 hex digits) that nobody without the key file can make."""
        mac = hmac.new(self.index_key, purpose.encode() + b"\0" + message, hashlib.sha256)
        return mac.hexdigest()

    def to_json(self) -> str:
        """What the key file holds."""
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        return json.dumps(
            {
                "current": self.current,
                "keys": keys,
                "index_key": base64.b64encode(self.index_key).decode(),
            },
            indent=1,
        )


def read_key_file(path: Path) -> KeyRing:
    """Read a key file.

    Raises:
        KeyFileMissing: there is none.
        BadKeyFile: it is damaged, or readable by others.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except FileNotFoundError:
        raise KeyFileMissing(path) from None
    except OSError as error:
        raise BadKeyFile(path, error.strerror or "it cannot be read") from None
    if mode & 0o077:
        raise BadKeyFile(path, "other users may read it; run chmod 600 on it")
    try:
        data = json.loads(text)
        keys = {str(name): base64.b64decode(key) for name, key in data["keys"].items()}
        index_key = base64.b64decode(data["index_key"])
        ring = KeyRing(str(data["current"]), keys, index_key, path.absolute())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadKeyFile(path, "it is not a Homeward key file or is damaged") from None
    if ring.current not in keys or any(len(key) != 32 for key in keys.values()):
        raise BadKeyFile(path, "its current key is missing or has the wrong length")
    return ring


@lru_cache(maxsize=4)
def _ring_at(path: Path, inode: int, changed: int) -> KeyRing:
    """The ring in a key file, read once for each time that the file was written."""
    return read_key_file(path)


def write_key_file(path: Path, ring: KeyRing) -> None:
    """Write the key file with mode 0600, whole or not at all, and on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(ring.to_json())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_installed: list[KeyRing] = []


def install(ring: KeyRing) -> None:
    """Make `ring` the one that this process's columns use."""
    _installed[:] = [ring]


def keys() -> KeyRing:
    """The key ring of this process.

    Raises:
        KeyProblem: none was installed.
    """
    if not _installed:
        raise KeyProblem("No key ring is installed; open the records first.")
    return _installed[0]
