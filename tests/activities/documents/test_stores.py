"""Both document stores, by one set of promises: sealed, silent, and the same twice is once."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from activities.documents import DocumentDamaged, DocumentMissing
from tests.activities.documents.ciphers import SimpleCipher, TwoKeys
from tests.activities.documents.places import Place

LETTER = b"Dear Judge, I have known Marcus since he was nine."


@pytest.mark.parametrize("size", [0, 1, 5_000, 12_000_000])
def test_what_was_put_is_got_back(place: Place, size: int) -> None:
    store = place.store()
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)

    stored = store.put(content)

    assert store.get(stored.key) == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content) == size


def test_the_same_content_has_one_key_and_one_file(place: Place) -> None:
    store = place.store()
    first, before = store.put(LETTER), place.names()

    assert store.put(LETTER) == first
    assert place.names() == before
    assert place.store().put(LETTER) == first


def test_names_and_files_reveal_nothing(place: Place) -> None:
    stored = place.store().put(LETTER)

    other = place.elsewhere().store().put(LETTER)

    assert stored.sha256 not in stored.key
    assert other.key != stored.key
    assert b"Marcus" not in place.at_rest(stored.key)


def test_a_missing_document_says_so(place: Place) -> None:
    with pytest.raises(DocumentMissing, match="backup"):
        place.store().get("a" * 64)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a/" * 32])
def test_what_is_no_key_finds_nothing(place: Place, key: str) -> None:
    store = place.store()

    assert not store.exists(key)
    assert not store.delete(key)
    assert store.last_put(key) is None
    with pytest.raises(DocumentMissing):
        store.get(key)


def test_deleting_once_is_enough(place: Place) -> None:
    store = place.store()
    key = store.put(LETTER).key

    assert store.exists(key)
    assert store.delete(key)
    assert not store.exists(key)
    assert not store.delete(key)


@pytest.mark.parametrize("length", [0, 5, 12, 40])
def test_a_truncated_file_is_damaged(place: Place, length: int) -> None:
    store = place.store()
    key = store.put(LETTER).key
    place.spoil(key, place.at_rest(key)[:length])

    with pytest.raises(DocumentDamaged, match="restore"):
        store.get(key)


def test_every_flipped_bit_is_noticed(place: Place) -> None:
    store = place.store()
    key = store.put(LETTER).key
    sealed = place.at_rest(key)
    for position in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[position] ^= 1
        place.spoil(key, bytes(flipped))

        with pytest.raises(DocumentDamaged):
            store.get(key)


def test_one_document_cannot_stand_in_for_another(place: Place) -> None:
    store = place.store()
    letter, lease = store.put(LETTER).key, store.put(b"lease").key
    place.spoil(letter, place.at_rest(lease))

    with pytest.raises(DocumentDamaged):
        store.get(letter)


def test_another_key_opens_nothing_and_stores_nothing(place: Place) -> None:
    key = place.store().put(LETTER).key
    stranger = place.store(SimpleCipher(b"x" * 32))

    with pytest.raises(DocumentDamaged, match="key ring"):
        stranger.get(key)
    with pytest.raises(DocumentDamaged):
        stranger.put(b"something else")


def test_putting_a_damaged_document_again_heals_it(place: Place) -> None:
    store = place.store()
    key = store.put(LETTER).key
    place.spoil(key, b"rot")

    store.put(LETTER)

    assert store.get(key) == LETTER


def test_after_a_change_of_keys_every_document_is_sealed_anew(place: Place) -> None:
    store = place.store()
    keys = {store.put(content).key for content in (LETTER, b"lease", b"pay stub")}
    rotating = place.store(TwoKeys(b"n" * 32))

    assert set(rotating.reseal()) == keys == set(rotating.keys())

    renewed = place.store(SimpleCipher(b"n" * 32))
    assert renewed.put(LETTER).key in keys
    assert renewed.get(renewed.put(b"lease").key) == b"lease"
    with pytest.raises(DocumentDamaged):
        store.get(next(iter(keys)))


def test_it_is_known_when_each_document_was_put(place: Place) -> None:
    store = place.store()
    began = datetime.now(UTC) - timedelta(seconds=2)
    keys = {store.put(content).key for content in (LETTER, b"lease")}

    entries = list(store.entries())

    assert {entry.key for entry in entries} == keys
    for entry in entries:
        assert began <= entry.put_at <= datetime.now(UTC) + timedelta(seconds=2)
        assert store.last_put(entry.key) == entry.put_at
    assert store.last_put("a" * 64) is None


def test_the_store_says_that_it_takes_documents(place: Place) -> None:
    store = place.store()

    store.check()
    store.check()

    assert list(store.entries()) == []


def test_many_threads_may_open_and_fill_a_new_store_at_once(place: Place) -> None:
    keys: list[str] = []
    start = threading.Barrier(8)

    def fill() -> None:
        store = place.store()
        start.wait()
        keys.extend(store.put(content).key for content in (LETTER, b"lease"))

    threads = [threading.Thread(target=fill) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 16
    assert len(set(keys)) == 2
