"""Documents in a bucket of an S3-compatible service, named and sealed as in the folder store.

The bucket holds what the folder would hold, under the same names: a folder copied into a bucket,
or back, is the same store. The service sees sealed bytes and their sizes, nothing else. Every
request ends: connecting within seconds, a whole request within a minute, a few tries at most.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from activities.documents.errors import DocumentDamaged, DocumentMissing, StoreAway, StoreFull
from activities.documents.sealing import NAMING_KEY, Cipher, Sealing, is_key, name_of
from activities.documents.store import Entry, StoredDocument

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

_CONNECT = timedelta(seconds=5)
_MOST_TRIES = 4
_FIRST_PAUSE = timedelta(milliseconds=200)
_LONGEST_PAUSE = timedelta(seconds=3)
_YOUNG = timedelta(hours=1)
_PROBE = "is-it-ready"
_FULL = re.compile(r"QuotaExceeded|InsufficientStorage|StorageFull|status(?: code)?: 507\b")
"""What a service says that has no room. Never a bare number: an object's name is made of them."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is and who may use it.

    Attributes:
        name: of the bucket; it has to exist.
        folder: a path within it, "" for its top.
        endpoint: `https://…` of the service; "" for Amazon's own.
        region: as the service names it.
        key_id, secret: "" for both leaves it to the machine's role (on Amazon's machines).
        patience: how long one request may take, its body included.
    """

    name: str
    folder: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = field(default="", repr=False)
    patience: timedelta = timedelta(seconds=60)


class BucketStore:
    """A `DocumentStore` in a bucket. Making one asks nobody; the first use does.

    Safe for many threads and processes at once. Two new machines that begin an empty store in the
    same moment agree on one naming key where the service knows `If-None-Match`, as Amazon,
    Ceph, MinIO, SeaweedFS and Cloudflare R2 do.
    """

    def __init__(self, bucket: Bucket, cipher: Cipher) -> None:
        self._sealing = Sealing(cipher)
        self._naming_key: bytes | None = None
        self._takes = False
        self._bucket = _open(bucket)
        folder = bucket.folder.strip("/")
        self._folder = f"{folder}/" if folder else ""

    def put(self, content: bytes) -> StoredDocument:
        """Store `content` and return its receipt; what is there and whole is not sent again.

        Raises `StoreFull`, `StoreAway`, or `DocumentDamaged` when the store's own naming key
        does not open.
        """
        key = self._key_of(content)
        if not self._is_intact(key, content):
            self._write(self._path(key), self._sealing.seal(content, key))
        return StoredDocument(key, hashlib.sha256(content).hexdigest(), len(content))

    def get(self, key: str) -> bytes:
        """The content under `key`. Raises `DocumentMissing`, `DocumentDamaged` or `StoreAway`."""
        return self._sealing.open(self._read(self._path(key), key), key)

    def exists(self, key: str) -> bool:
        """Whether something is there; only `get` proves that it opens. Raises `StoreAway`."""
        return self.last_put(key) is not None

    def delete(self, key: str) -> bool:
        """Remove the document; true when there was one. Make sure first that no record needs it."""
        if not self.exists(key):
            return False
        with _answers():
            self._bucket.delete(self._path(key))
        return True

    def keys(self) -> Iterator[str]:
        """The key of every stored document, in no particular order."""
        return (entry.key for entry in self.entries())

    def entries(self) -> Iterator[Entry]:
        """The same with the time at which each was last put, by the service's clock (UTC)."""
        with _answers():
            for part in self._bucket.list(self._folder or None):
                for found in part:
                    name = found["path"].rpartition("/")[2]
                    if is_key(name) and found["path"] == self._path(name):
                        yield Entry(name, found["last_modified"].astimezone(UTC))

    def last_put(self, key: str) -> datetime | None:
        """When the document was last put, by the service's clock (UTC); None when it is gone."""
        if not is_key(key):
            return None
        with suppress(FileNotFoundError), _answers():
            return self._bucket.head(self._path(key))["last_modified"].astimezone(UTC)
        return None

    def reseal(self) -> Iterator[str]:
        """Seal every document anew, after the key ring got a new key; yields each key when done.

        Names stay. May be stopped and begun again. Raises what `get` and `put` raise.
        """
        with suppress(DocumentMissing):
            self._seal_anew(self._folder + NAMING_KEY, NAMING_KEY)
        for key in list(self.keys()):
            with suppress(DocumentMissing):
                self._seal_anew(self._path(key), key)
            yield key

    def free_bytes(self) -> int | None:
        """Nobody knows how much a bucket takes."""
        return None

    def check(self) -> None:
        """Prove that the bucket takes and gives. Raises `StoreAway` or `StoreFull`."""
        path = self._folder + _PROBE
        # A write is billed dearer than a read, and this is asked every few seconds.
        if not self._takes:
            self._write(path, b"yes")
            self._takes = True
        self._read(path, _PROBE)

    def _path(self, key: str) -> str:
        if not is_key(key):
            raise DocumentMissing(key)
        return f"{self._folder}{key[:2]}/{key}"

    def _key_of(self, content: bytes) -> str:
        if self._naming_key is None:
            self._naming_key = self._load_naming_key()
        return name_of(content, self._naming_key)

    def _load_naming_key(self) -> bytes:
        path = self._folder + NAMING_KEY
        try:
            sealed = self._read(path, NAMING_KEY)
        except DocumentMissing:
            sealed = self._first_naming_key(path)
        return self._sealing.open(sealed, NAMING_KEY)

    def _first_naming_key(self, path: str) -> bytes:
        """The naming key of a new store: this one's, or that of whoever was quicker."""
        with suppress(AlreadyExistsError):
            self._write(path, self._sealing.fresh_naming_key(), first=True)
        try:
            return self._read(path, NAMING_KEY)
        except DocumentMissing as error:
            raise StoreAway("did not keep what it was given. Try again in a moment.") from error

    def _is_intact(self, key: str, content: bytes) -> bool:
        """Whether the document is there, whole, and put so lately that it counts as young."""
        put_at = self.last_put(key)
        if put_at is None or datetime.now(UTC) - put_at > _YOUNG:
            return False
        with suppress(DocumentMissing, DocumentDamaged):
            return hmac.compare_digest(self.get(key), content)
        return False

    def _seal_anew(self, path: str, key: str) -> None:
        self._write(path, self._sealing.anew(self._read(path, key), key))

    def _read(self, path: str, key: str) -> bytes:
        try:
            with _answers():
                return bytes(self._bucket.get(path).bytes())
        except FileNotFoundError:
            raise DocumentMissing(key) from None

    def _write(self, path: str, sealed: bytes, *, first: bool = False) -> None:
        """Bring `sealed` under `path` whole or not at all. Raises `AlreadyExistsError` when it
        should be the `first` and is not."""
        try:
            with _answers(len(sealed)):
                mode: Literal["create", "overwrite"] = "create" if first else "overwrite"
                self._bucket.put(path, sealed, mode=mode, use_multipart=False)
        except FileNotFoundError as error:
            raise _no_bucket() from error


def _open(bucket: Bucket) -> S3Store:
    config: S3Config = {"region": bucket.region}
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    if bucket.key_id:
        config["access_key_id"] = bucket.key_id
        config["secret_access_key"] = bucket.secret
    client: ClientConfig = {
        "allow_http": bucket.endpoint.startswith("http://"),
        "connect_timeout": _CONNECT,
        "timeout": bucket.patience,
    }
    return S3Store(
        bucket.name,
        config=config,
        client_options=client,
        retry_config={
            "max_retries": _MOST_TRIES - 1,
            "retry_timeout": bucket.patience,
            "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LONGEST_PAUSE, "base": 2},
        },
    )


@contextmanager
def _answers(size: int = 0) -> Iterator[None]:
    """Turns what the service says into this package's errors, but for `FileNotFoundError` and
    `AlreadyExistsError`, which mean different things to different callers."""
    try:
        yield
    except AlreadyExistsError:
        raise
    # obstore raises its own errors, and built-in ones for answers that make no sense.
    except (BaseError, ValueError, OSError) as error:
        said = str(error)
        if _FULL.search(said):
            raise StoreFull(size, None) from error
        if "NoSuchBucket" in said:
            raise _no_bucket() from error
        if isinstance(error, FileNotFoundError):
            raise
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            raise _refused() from error
        raise StoreAway("does not answer. Try again in a moment.") from error


def _refused() -> StoreAway:
    return StoreAway(
        "refuses this machine. Check HOMEWARD_DOCUMENTS_S3_KEY_ID and "
        "HOMEWARD_DOCUMENTS_S3_SECRET, what they may do, and the machine's clock."
    )


def _no_bucket() -> StoreAway:
    return StoreAway(
        "has no such bucket. Make the bucket that HOMEWARD_DOCUMENTS_S3_URL names, or correct it."
    )
