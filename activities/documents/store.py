"""Where documents rest: packets, letters, exhibits, as encrypted files named by their content.

A name is an HMAC of the content under a key that is itself sealed in the store, so that a folder
listing shows neither what a document is nor that two stores hold the same one. Putting the same
content twice gives the same key and one file, so a retried activity stores nothing twice; it also
means that a key may be shared: delete a document only when no record points to it any more.

A file appears under its name only when it is whole and on the disk (temporary file in the same
folder, fsync, rename, fsync of the folder). Seals are bound to the name: a file that was swapped
for another, cut or changed does not open.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from activities.documents.errors import DocumentDamaged, DocumentMissing, StoreFull
from activities.documents.sealing import NAMING_KEY, Cipher, Sealing, is_key, name_of

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNFINISHED = ".unfinished-"
_ABANDONED_AFTER_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A receipt: `key` finds the document again, `sha256` (hex) and `size` (bytes) describe it."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored document: its key, and when it was last put (UTC, by the store's clock)."""

    key: str
    put_at: datetime


class DocumentStore(Protocol):
    """Keeps documents by content. Every method blocks on a disk or a network: call it from a
    thread. Every method may raise `StoreAway` where the store is another machine."""

    def put(self, content: bytes) -> StoredDocument:
        """Store `content`; twice is once. Raises `StoreFull`, `DocumentDamaged` (its own key)."""

    def get(self, key: str) -> bytes:
        """The content. Raises `DocumentMissing` or `DocumentDamaged`."""

    def exists(self, key: str) -> bool:
        """Whether something is there; only `get` proves that it opens."""

    def delete(self, key: str) -> bool:
        """Remove the document; true when there was one. Make sure first that nobody needs it."""

    def entries(self) -> Iterator[Entry]:
        """What is stored, in no particular order, and when each was last put."""

    def last_put(self, key: str) -> datetime | None:
        """When this document was last put (UTC, by the store's clock); None when it is gone."""

    def reseal(self) -> Iterator[str]:
        """Seal every document anew, after the key ring got a new key; yields each when done."""

    def free_bytes(self) -> int | None:
        """Bytes that may still be stored; None where nobody knows a limit."""

    def check(self) -> None:
        """Prove that the store takes documents. Raises `StoreError` or `OSError`."""


class FolderStore:
    """A `DocumentStore` in a folder (mode 0700) of encrypted files (mode 0600).

    Safe for many threads and processes at once. Opening it sweeps out temporary files that a
    killed process left more than a day ago. Raises `OSError` when the folder cannot be made.
    """

    def __init__(self, root: Path, cipher: Cipher) -> None:
        self._root = root
        self._sealing = Sealing(cipher)
        self._naming_key: bytes | None = None
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep()

    def put(self, content: bytes) -> StoredDocument:
        """Store `content` and return its receipt.

        Raises `StoreFull` when the disk or the quota is full (nothing half-written remains),
        `DocumentDamaged` when the store's own naming key does not open.
        """
        key = self._key_of(content)
        with _room_for(len(content), self._root):
            if not (self._is_intact(key, content) and self._renewed(key)):
                self._write(self._path(key), self._sealing.seal(content, key))
        return StoredDocument(key, hashlib.sha256(content).hexdigest(), len(content))

    def get(self, key: str) -> bytes:
        """The content under `key`. Raises `DocumentMissing` or `DocumentDamaged`."""
        try:
            sealed = self._path(key).read_bytes()
        except FileNotFoundError:
            raise DocumentMissing(key) from None
        return self._sealing.open(sealed, key)

    def exists(self, key: str) -> bool:
        """Whether a file is there; only `get` proves that it opens."""
        return is_key(key) and self._path(key).is_file()

    def delete(self, key: str) -> bool:
        """Remove the document; true when there was one. Make sure first that no record needs it."""
        try:
            path = self._path(key)
            path.unlink()
        except (FileNotFoundError, DocumentMissing):
            return False
        _fsync_folder(path.parent)
        return True

    def keys(self) -> Iterator[str]:
        """The key of every stored document, in no particular order."""
        return (path.name for path in self._root.glob("??/*") if is_key(path.name))

    def entries(self) -> Iterator[Entry]:
        """The same with the time at which each was last put."""
        for key in self.keys():
            put_at = self.last_put(key)
            if put_at is not None:
                yield Entry(key, put_at)

    def last_put(self, key: str) -> datetime | None:
        """When the document was last put, by the disk's clock (UTC); None when it is gone."""
        try:
            return datetime.fromtimestamp(self._path(key).stat().st_mtime, UTC)
        except (FileNotFoundError, DocumentMissing):
            return None

    def reseal(self) -> Iterator[str]:
        """Seal every document anew, after the key ring got a new key; yields each key when done.

        Names stay. May be stopped and begun again. Raises what `get` and `put` raise.
        """
        naming = self._root / NAMING_KEY
        if naming.exists():
            self._write(naming, self._sealed_anew(naming))
        for key in list(self.keys()):
            with suppress(FileNotFoundError), _room_for(self._path(key).stat().st_size, self._root):
                self._write(self._path(key), self._sealed_anew(self._path(key)))
            yield key

    def free_bytes(self) -> int:
        """Bytes that this process may still write on the store's disk (quotas not counted)."""
        return _free_bytes(self._root)

    def check(self) -> None:
        """Prove that the folder takes files. Raises `OSError`."""
        # Only a write proves it.
        with tempfile.TemporaryFile(dir=self._root) as file:
            file.write(b"ready?")
            file.flush()

    def _path(self, key: str) -> Path:
        if not is_key(key):
            raise DocumentMissing(key)
        return self._root / key[:2] / key

    def _key_of(self, content: bytes) -> str:
        if self._naming_key is None:
            self._naming_key = self._load_naming_key()
        return name_of(content, self._naming_key)

    def _load_naming_key(self) -> bytes:
        path = self._root / NAMING_KEY
        if not path.exists():
            sealed = self._sealing.fresh_naming_key()
            with _room_for(len(sealed), self._root):
                self._write(path, sealed, replace=False)
        return self._sealing.open(path.read_bytes(), NAMING_KEY)

    def _sealed_anew(self, path: Path) -> bytes:
        return self._sealing.anew(path.read_bytes(), path.name)

    def _renewed(self, key: str) -> bool:
        """Note that the document was put again: what nobody needs is told by its age."""
        try:
            os.utime(self._path(key))
        except FileNotFoundError:
            return False
        _fsync_folder(self._path(key).parent)
        return True

    def _is_intact(self, key: str, content: bytes) -> bool:
        try:
            return hmac.compare_digest(self.get(key), content)
        except (DocumentMissing, DocumentDamaged):
            return False

    def _write(self, path: Path, sealed: bytes, *, replace: bool = True) -> None:
        """Bring `sealed` under `path` whole or not at all; without `replace` the first one wins."""
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _fsync_folder(self._root)
        descriptor, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                Path(name).replace(path)
            else:
                with suppress(FileExistsError):
                    os.link(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
        _fsync_folder(path.parent)

    def _sweep(self) -> None:
        # File times come from the machine's own clock, so they are compared with that clock.
        abandoned = time.time() - _ABANDONED_AFTER_S
        for pattern in (f"{_UNFINISHED}*", f"??/{_UNFINISHED}*"):
            for path in self._root.glob(pattern):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < abandoned:
                        path.unlink()


@contextmanager
def _room_for(size: int, root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        try:
            free = _free_bytes(root)
        except OSError:
            free = None
        raise StoreFull(size, free) from error


def _free_bytes(root: Path) -> int:
    facts = os.statvfs(root)
    return facts.f_bavail * facts.f_frsize


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
