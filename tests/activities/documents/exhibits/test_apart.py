"""The check in a process of its own: the same answers, and an end to everything."""

from __future__ import annotations

import resource
import time
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from activities.documents.errors import UploadRefused
from activities.documents.exhibits import MOST_BYTES, apart, check_upload
from activities.documents.exhibits.checking import judge
from tests.activities.documents.exhibits import uploads


@pytest.mark.parametrize("maker", [uploads.jpeg, uploads.heic, uploads.pdf, uploads.docx])
def test_the_answer_is_the_same(maker: Callable[[], bytes]) -> None:
    sent = maker()

    assert check_upload(sent) == judge(sent)


def test_a_refusal_says_the_same() -> None:
    sent = uploads.jpeg()[:900]
    with pytest.raises(UploadRefused) as here:
        judge(sent)

    with pytest.raises(UploadRefused) as there:
        check_upload(sent)

    assert str(there.value) == str(here.value)
    assert there.value.code == "broken"
    assert there.value.remedy == here.value.remedy


def test_a_file_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(UploadRefused, match="larger than 25 MB"):
        check_upload(b"%PDF-" + bytes(MOST_BYTES))


def test_it_ends_when_its_time_is_over() -> None:
    begun = time.monotonic()

    with pytest.raises(UploadRefused) as caught:
        check_upload(uploads.jpeg(), timeout_s=0.01)

    assert caught.value.code == "too_large_inside"
    assert time.monotonic() - begun < 5


def test_it_gets_none_of_this_programs_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_SMS_TOKEN", "secret")

    environment = apart._environment(60)

    assert not any("secret" in value for value in environment.values())


def test_an_installation_that_lacks_a_library_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "_PROGRAM", "activities.documents.exhibits.not_installed")

    with pytest.raises(RuntimeError, match="cannot be checked"):
        check_upload(uploads.jpeg())


def mountain_of_objects() -> bytes:
    """A PDF whose list of objects unpacks to four gigabytes before anyone can look."""
    piece = zlib.compressobj(9)
    block = piece.compress(bytes(10_000_000)) + piece.flush(zlib.Z_FULL_FLUSH)
    zeros = block + block[2:] * 400 + zlib.compress(b"", 9)[2:]
    sent = uploads.pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    at = sent.index(b"/Type /ObjStm")
    start = sent.index(b"stream\n", at) + len(b"stream\n")
    head = sent[sent.rindex(b"obj", 0, at) - 8 : start]
    length = head.split(b"/Length ")[1].split()[0]
    end = start + int(length)
    longer = head.replace(b"/Length " + length, b"/Length " + str(len(zeros)).encode())
    begin = start - len(head)
    return sent[:begin] + longer + zeros + sent[end:]


def test_a_file_that_asks_for_all_memory_ends_by_itself() -> None:
    sent = mountain_of_objects()
    assert len(sent) < MOST_BYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()

    with pytest.raises(UploadRefused):
        check_upload(sent)

    assert time.monotonic() - begun < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert check_upload(uploads.jpeg()).pages == 1
