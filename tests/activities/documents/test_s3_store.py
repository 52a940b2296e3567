"""The bucket store: what it does when its service is away, refuses, is full or says nothing.

`test_stores` has what it shares with the folder store.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from activities.documents import DocumentMissing, FolderStore, StoreAway, StoreFull, s3_store
from activities.documents.s3_store import Bucket, BucketStore
from tests.activities.documents.ciphers import SimpleCipher
from tests.activities.documents.places import BucketPlace
from tests.s3_server import S3Server, free_ports

LETTER = b"Dear Judge, I have known Marcus since he was nine."


def store_at(bucket: Bucket) -> BucketStore:
    return BucketStore(bucket, SimpleCipher())


def nobody(port: int) -> Bucket:
    """A bucket at an address of this machine."""
    return Bucket(
        "documents",
        endpoint=f"http://127.0.0.1:{port}",
        key_id="id",
        secret="secret",
        patience=timedelta(seconds=1),
    )


def test_what_is_there_outlives_a_server_that_falls_over(s3_server: S3Server) -> None:
    bucket = replace(s3_server.bucket(), patience=timedelta(seconds=2))
    store = store_at(bucket)
    key = store.put(LETTER).key
    s3_server.stop()
    try:
        began = time.monotonic()
        for ask in (lambda: store.get(key), lambda: store.put(b"lease"), lambda: store.exists(key)):
            with pytest.raises(StoreAway, match="does not answer"):
                ask()
        with pytest.raises(StoreAway):
            list(store.entries())
        assert time.monotonic() - began < 60
    finally:
        s3_server.start()

    assert store.get(key) == LETTER
    assert store.get(store.put(b"lease").key) == b"lease"


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = store_at(nobody(silent.getsockname()[1]))
        began = time.monotonic()

        with pytest.raises(StoreAway, match="does not answer"):
            store.put(LETTER)

    assert time.monotonic() - began < 20


def test_where_nobody_listens_the_answer_is_quick() -> None:
    began = time.monotonic()

    with pytest.raises(StoreAway, match="does not answer"):
        store_at(nobody(free_ports(1)[0])).get("a" * 64)

    assert time.monotonic() - began < 20


def test_a_wrong_secret_is_told_from_a_missing_document(s3_server: S3Server) -> None:
    stranger = store_at(replace(s3_server.bucket(), secret="another secret"))

    for ask in (lambda: stranger.put(LETTER), lambda: stranger.get("a" * 64), stranger.check):
        with pytest.raises(StoreAway, match="HOMEWARD_DOCUMENTS_S3_SECRET"):
            ask()


def test_a_missing_bucket_is_told_from_a_missing_document(s3_server: S3Server) -> None:
    lost = store_at(replace(s3_server.bucket(), name="no-such-bucket"))

    with pytest.raises(StoreAway, match="HOMEWARD_DOCUMENTS_S3_URL"):
        lost.get("a" * 64)
    with pytest.raises(DocumentMissing):
        store_at(s3_server.bucket()).get("a" * 64)


def test_a_folder_copied_into_the_bucket_is_the_same_store(
    s3_server: S3Server, tmp_path: Path
) -> None:
    folder = FolderStore(tmp_path, SimpleCipher())
    keys = {folder.put(content).key: content for content in (LETTER, b"lease")}
    place = BucketPlace(s3_server)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        place._raw.put(str(path.relative_to(tmp_path)), path.read_bytes(), use_multipart=False)

    store = place.store()

    assert set(store.keys()) == set(keys)
    assert all(store.get(key) == content for key, content in keys.items())
    assert store.put(LETTER).key in keys


def test_what_is_young_and_whole_is_not_sent_again(s3_server: S3Server) -> None:
    place = BucketPlace(s3_server)
    store = place.store()
    key = store.put(LETTER).key
    sealed = place.at_rest(key)

    store.put(LETTER)

    assert place.at_rest(key) == sealed


def test_what_is_put_again_later_becomes_young(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no sweep takes what was recorded a moment ago for something forgotten."""
    store = BucketPlace(s3_server).store()
    key = store.put(LETTER).key
    first = store.last_put(key)
    monkeypatch.setattr(s3_store, "_YOUNG", timedelta(0))
    time.sleep(1.1)

    store.put(LETTER)

    later = store.last_put(key)
    assert first is not None
    assert later is not None
    assert later > first


def test_other_things_in_the_bucket_are_left_alone(s3_server: S3Server) -> None:
    place = BucketPlace(s3_server)
    store = place.store()
    key = store.put(LETTER).key
    for name in ("notes.txt", "a" * 64, f"ff/{'a' * 64}", f"aa/{'b' * 64}"):
        place._raw.put(name, b"someone else's", use_multipart=False)

    assert list(store.keys()) == [key]


def test_a_name_that_ends_in_507_does_not_mean_that_the_disk_is_full() -> None:
    """What is missing is named in the answer, digits and all."""
    missing = (
        "Object at location documents/fe/feea8468f7b4b3d17af9b2507 not found: "
        "Error performing HEAD in 2.3ms - Server returned non-2xx status code: 404 Not Found"
    )
    with pytest.raises(FileNotFoundError), s3_store._answers():
        raise FileNotFoundError(missing)
    full = "Error performing PUT - Server returned non-2xx status code: 507 Insufficient Storage"
    with pytest.raises(StoreFull), s3_store._answers(1):
        raise OSError(full)


def test_two_stores_in_one_bucket_do_not_meet(s3_server: S3Server) -> None:
    first, second = store_at(s3_server.bucket()), store_at(s3_server.bucket())
    key = first.put(LETTER).key

    assert list(second.keys()) == []
    assert not second.exists(key)
    assert second.put(LETTER).key != key


def test_nobody_knows_how_much_a_bucket_takes(s3_server: S3Server) -> None:
    assert store_at(s3_server.bucket()).free_bytes() is None


@contextmanager
def service_saying(status: int, code: str) -> Iterator[int]:
    """A service that answers everything with one error; yields its port."""

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = f"<Error><Code>{code}</Code></Error>".encode()
            self.send_response(status if self.command == "PUT" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_GET

        def do_HEAD(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "code"),
    [(507, "InsufficientStorage"), (403, "QuotaExceeded"), (400, "XMinioAdminBucketQuotaExceeded")],
)
def test_a_full_service_says_so(status: int, code: str) -> None:
    with service_saying(status, code) as port, pytest.raises(StoreFull, match="Nothing was stored"):
        store_at(nobody(port)).put(LETTER)


@pytest.mark.parametrize("status", [500, 503, 409, 301])
def test_any_other_trouble_is_the_services(status: int) -> None:
    with service_saying(status, "Trouble") as port, pytest.raises(StoreAway):
        store_at(nobody(port)).put(LETTER)


def test_the_secret_is_not_shown() -> None:
    assert "secret'" not in repr(nobody(1))
    assert "='secret" not in repr(nobody(1))
