"""Exhibits one by one: names that every computer takes, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.documents.binding import exhibits_zip
from activities.documents.binding.exhibit_zip import safe_name


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_files_are_there_in_order_under_their_names() -> None:
    packed = exhibits_zip([("Exhibit B - Pay stub.pdf", b"2"), ("Exhibit A - Niños.jpg", b"1")])

    assert list(unpacked(packed).items()) == [
        ("Exhibit B - Pay stub.pdf", b"2"),
        ("Exhibit A - Niños.jpg", b"1"),
    ]


def test_the_same_files_give_the_same_bytes() -> None:
    items = [("a.pdf", b"a" * 1000), ("b.jpg", b"b")]

    assert exhibits_zip(items) == exhibits_zip(list(items))


def test_no_files_give_an_empty_zip() -> None:
    assert unpacked(exhibits_zip([])) == {}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Exhibit A - Pay stubs 10/2026.pdf", "Exhibit A - Pay stubs 10-2026.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\a.pdf", "C-Windows-a.pdf"),
        ("/etc/passwd", "etc-passwd"),
        ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1"),
        ("Con Edison bill.pdf", "_Con Edison bill.pdf"),
        ('a<b>c:"d"|e?f*.pdf', "a b c- d -e f.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("a\x00b\nc.pdf", "a b c.pdf"),
        ("  .hidden. ", "hidden"),
        ("...", "file"),
        ("", "file"),
        (".pdf", "pdf"),
        ("lone \ud800 half.pdf", "lone half.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("Dr. Greene's letter", "Dr. Greene's letter"),
    ],
)
def test_a_name_becomes_one_that_every_computer_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_before_its_ending() -> None:
    assert safe_name("ü" * 500 + ".pdf") == "ü" * 90 + ".pdf"


def test_two_of_one_name_are_numbered_whatever_their_capitals() -> None:
    packed = exhibits_zip([("a.pdf", b"1"), ("A.PDF", b"2"), ("a (2).pdf", b"3"), ("a.pdf", b"4")])

    assert list(unpacked(packed)) == ["a.pdf", "A (2).PDF", "a (2) (2).pdf", "a (3).pdf"]


@given(st.lists(st.tuples(st.text(max_size=300), st.binary(max_size=8)), max_size=12))
def test_any_names_give_as_many_files_as_came_in(items: list[tuple[str, bytes]]) -> None:
    packed = exhibits_zip(items)

    files = unpacked(packed)
    assert list(files.values()) == [content for _, content in items]
    assert len({name.casefold() for name in files}) == len(items)
    for name in files:
        assert name == name.strip(" ")
        assert not set(name) & set('<>:"/\\|?*\x00')
        assert 0 < len(name.encode()) < 230
