"""The document store: whole or not at all, sealed, and silent about what it holds."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents import DocumentDamaged, DocumentMissing, FolderStore, StoreFull

LETTER = b"Dear Judge, I have known Marcus since he was nine."


class SimpleCipher:
    """AES-GCM under one key."""

    def __init__(self, key: bytes = b"k" * 32) -> None:
        self._aes = AESGCM(key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._aes.encrypt(nonce, plaintext, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        return self._aes.decrypt(sealed[:12], sealed[12:], aad)


class TwoKeys(SimpleCipher):
    """Seals with a new key, opens with the new or the old one."""

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        try:
            return super().open(sealed, aad)
        except Exception:
            return SimpleCipher().open(sealed, aad)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "documents", SimpleCipher())


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def file_of(tmp_path: Path, key: str) -> Path:
    return tmp_path / "documents" / key[:2] / key


@given(content=st.binary(max_size=5_000))
@settings(max_examples=25, deadline=None)
def test_what_was_put_is_got_back(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    store = FolderStore(tmp_path_factory.mktemp("store"), SimpleCipher())

    stored = store.put(content)

    assert store.get(stored.key) == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)


def test_the_same_content_has_one_key_and_one_file(store: FolderStore, tmp_path: Path) -> None:
    first, before = store.put(LETTER), files_in(tmp_path)

    assert store.put(LETTER) == first
    assert files_in(tmp_path) == before
    assert FolderStore(tmp_path / "documents", SimpleCipher()).put(LETTER) == first


def test_names_and_files_reveal_nothing(store: FolderStore, tmp_path: Path) -> None:
    stored = store.put(LETTER)

    other = FolderStore(tmp_path / "elsewhere", SimpleCipher()).put(LETTER)

    assert stored.sha256 not in stored.key
    assert other.key != stored.key
    for path in files_in(tmp_path):
        assert b"Marcus" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_missing_document_says_so(store: FolderStore) -> None:
    with pytest.raises(DocumentMissing, match="backup"):
        store.get("a" * 64)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a/" * 32])
def test_what_is_no_key_finds_nothing(store: FolderStore, key: str) -> None:
    assert not store.exists(key)
    assert not store.delete(key)
    with pytest.raises(DocumentMissing):
        store.get(key)


def test_deleting_once_is_enough(store: FolderStore) -> None:
    key = store.put(LETTER).key

    assert store.exists(key)
    assert store.delete(key)
    assert not store.exists(key)
    assert not store.delete(key)


@pytest.mark.parametrize("length", [0, 5, 12, 40])
def test_a_truncated_file_is_damaged(store: FolderStore, tmp_path: Path, length: int) -> None:
    key = store.put(LETTER).key
    os.truncate(file_of(tmp_path, key), length)

    with pytest.raises(DocumentDamaged, match="restore"):
        store.get(key)


def test_every_flipped_bit_is_noticed(store: FolderStore, tmp_path: Path) -> None:
    key = store.put(LETTER).key
    sealed = file_of(tmp_path, key).read_bytes()
    for position in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[position] ^= 1
        file_of(tmp_path, key).write_bytes(flipped)

        with pytest.raises(DocumentDamaged):
            store.get(key)


def test_one_document_cannot_stand_in_for_another(store: FolderStore, tmp_path: Path) -> None:
    letter, lease = store.put(LETTER).key, store.put(b"lease").key
    file_of(tmp_path, letter).write_bytes(file_of(tmp_path, lease).read_bytes())

    with pytest.raises(DocumentDamaged):
        store.get(letter)


def test_another_key_opens_nothing_and_stores_nothing(store: FolderStore, tmp_path: Path) -> None:
    key = store.put(LETTER).key
    stranger = FolderStore(tmp_path / "documents", SimpleCipher(b"x" * 32))

    with pytest.raises(DocumentDamaged, match="key ring"):
        stranger.get(key)
    with pytest.raises(DocumentDamaged):
        stranger.put(b"something else")


def test_putting_a_damaged_document_again_heals_it(store: FolderStore, tmp_path: Path) -> None:
    key = store.put(LETTER).key
    file_of(tmp_path, key).write_bytes(b"rot")

    store.put(LETTER)

    assert store.get(key) == LETTER


def test_after_a_change_of_keys_every_document_is_sealed_anew(
    store: FolderStore, tmp_path: Path
) -> None:
    keys = {store.put(content).key for content in (LETTER, b"lease", b"pay stub")}
    rotating = FolderStore(tmp_path / "documents", TwoKeys(b"n" * 32))

    assert set(rotating.reseal()) == keys == set(rotating.keys())

    renewed = FolderStore(tmp_path / "documents", SimpleCipher(b"n" * 32))
    assert renewed.put(LETTER).key in keys
    assert renewed.get(renewed.put(b"lease").key) == b"lease"
    with pytest.raises(DocumentDamaged):
        store.get(next(iter(keys)))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_what_to_do_and_leaves_nothing(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    store.put(b"the first document")
    before = files_in(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreFull, match=r"Free space on its disk.*Nothing was stored"):
            store.put(LETTER)

    assert files_in(tmp_path) == before
    assert store.get(store.put(LETTER).key) == LETTER


HITS_THE_LIMIT = """
import resource, sys
from pathlib import Path
from activities.documents import FolderStore, StoreFull
from tests.activities.documents.test_store import SimpleCipher
store = FolderStore(Path(sys.argv[1]), SimpleCipher())
store.put(b"small")
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    store.put(b"x" * 200_000)
except StoreFull as error:
    sys.exit(7 if error.size == 200_000 else 1)
"""


def test_the_kernel_stops_the_writing_half_way(tmp_path: Path) -> None:
    root = tmp_path / "documents"

    ended = subprocess.run([sys.executable, "-c", HITS_THE_LIMIT, root], check=False)

    assert ended.returncode == 7
    kept = FolderStore(root, SimpleCipher())
    assert list(map(kept.get, kept.keys())) == [b"small"]
    assert not [path for path in files_in(root) if "unfinished" in path.name]


FILLS_UNTIL_KILLED = """
import os, sys
from pathlib import Path
from activities.documents import FolderStore
from tests.activities.documents.test_store import SimpleCipher
store = FolderStore(Path(sys.argv[1]), SimpleCipher())
while True:
    print(store.put(os.urandom(3_000_000)).key, flush=True)
"""


def test_a_process_killed_while_writing_leaves_only_whole_documents(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILLS_UNTIL_KILLED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as filler:
        assert filler.stdout is not None
        promised = [filler.stdout.readline().strip() for _ in range(3)]
        filler.kill()

    store = FolderStore(tmp_path, SimpleCipher())

    found = set(store.keys())
    assert set(promised) <= found
    assert all(len(store.get(key)) == 3_000_000 for key in found)


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, SimpleCipher())
    shard = tmp_path / store.put(LETTER).key[:2]
    old, young = shard / ".unfinished-old", shard / ".unfinished-young"
    for path in (old, young):
        path.write_bytes(b"half a let")
    os.utime(old, (time.time() - 90_000,) * 2)

    FolderStore(tmp_path, SimpleCipher())

    assert not old.exists()
    assert young.exists()


def test_many_threads_may_open_and_fill_a_new_store_at_once(tmp_path: Path) -> None:
    keys: list[str] = []
    start = threading.Barrier(8)

    def fill() -> None:
        store = FolderStore(tmp_path, SimpleCipher())
        start.wait()
        keys.extend(store.put(content).key for content in (LETTER, b"lease"))

    threads = [threading.Thread(target=fill) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 16
    assert len(set(keys)) == 2


def test_other_troubles_keep_their_own_name(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        store.put(LETTER)


def test_free_bytes_are_those_of_the_disk(store: FolderStore, tmp_path: Path) -> None:
    facts = os.statvfs(tmp_path)

    assert abs(store.free_bytes() - facts.f_bavail * facts.f_frsize) < 500_000_000
