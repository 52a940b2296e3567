"""Where the stores of these tests keep their documents, with a view of what lies there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pytest
from obstore.store import S3Store

from activities.documents.s3_store import Bucket, BucketStore
from activities.documents.sealing import Cipher
from activities.documents.store import FolderStore
from tests.activities.documents.ciphers import SimpleCipher
from tests.s3_server import S3Server


class Place(Protocol):
    """Somewhere documents can be kept: opened as a store, and looked at from outside."""

    def store(self, cipher: Cipher | None = None) -> FolderStore | BucketStore:
        """The store over this place."""

    def names(self) -> list[str]:
        """Everything that lies there."""

    def at_rest(self, key: str) -> bytes:
        """The bytes that a document is kept as."""

    def spoil(self, key: str, content: bytes) -> None:
        """Put other bytes in a document's place."""

    def elsewhere(self) -> Place:
        """Another, empty place of the same kind."""


class FolderPlace:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def store(self, cipher: Cipher | None = None) -> FolderStore:
        return FolderStore(self.root, cipher or SimpleCipher())

    def names(self) -> list[str]:
        files = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.root)) for path in files)

    def at_rest(self, key: str) -> bytes:
        return (self.root / key[:2] / key).read_bytes()

    def spoil(self, key: str, content: bytes) -> None:
        (self.root / key[:2] / key).write_bytes(content)

    def elsewhere(self) -> FolderPlace:
        return FolderPlace(self.root.with_name(self.root.name + "-other"))


class BucketPlace:
    """A path in a bucket of a real server."""

    def __init__(self, server: S3Server) -> None:
        self.server = server
        self.bucket: Bucket = server.bucket()
        self._raw = S3Store(
            self.bucket.name,
            prefix=self.bucket.folder,
            config={
                "endpoint": self.bucket.endpoint,
                "access_key_id": self.bucket.key_id,
                "secret_access_key": self.bucket.secret,
            },
            client_options={"allow_http": True},
        )

    def store(self, cipher: Cipher | None = None) -> BucketStore:
        return BucketStore(self.bucket, cipher or SimpleCipher())

    def names(self) -> list[str]:
        return sorted(found["path"] for part in self._raw.list() for found in part)

    def at_rest(self, key: str) -> bytes:
        return bytes(self._raw.get(f"{key[:2]}/{key}").bytes())

    def spoil(self, key: str, content: bytes) -> None:
        self._raw.put(f"{key[:2]}/{key}", content, use_multipart=False)

    def elsewhere(self) -> BucketPlace:
        return BucketPlace(self.server)

    def clear(self) -> None:
        """Leave nothing behind for the next test."""
        with suppress(Exception):
            for name in self.names():
                self._raw.delete(name)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each place in turn; the bucket is skipped where its server is not installed."""
    if request.param == "folder":
        yield FolderPlace(tmp_path / "documents")
        return
    bucket = BucketPlace(request.getfixturevalue("s3_server"))
    yield bucket
    bucket.clear()
