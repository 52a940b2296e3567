"""The folder store: whole or not at all, whatever ends the writing. `test_stores` has the rest."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents import FolderStore, StoreFull
from tests.activities.documents.ciphers import SimpleCipher

LETTER = b"Dear Judge, I have known Marcus since he was nine."


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


def test_files_are_for_this_program_alone(store: FolderStore, tmp_path: Path) -> None:
    stored = store.put(LETTER)

    other = FolderStore(tmp_path / "elsewhere", SimpleCipher()).put(LETTER)

    assert stored.sha256 not in stored.key
    assert other.key != stored.key
    for path in files_in(tmp_path):
        assert b"Marcus" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


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
from tests.activities.documents.ciphers import SimpleCipher
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
from tests.activities.documents.ciphers import SimpleCipher
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
