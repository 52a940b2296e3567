"""A whole state's calendar: 50,000 rows in a few seconds, and memory that does not grow."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from domain.listings import Known, Listing, difference, gather, load_mapping, read_rows
from tests.domain.listings.factories import MONDAY, NOW, listing

ROWS = 50_000
MAPPING = load_mapping("alaska-criminal")
HEADER = b'"event_dt","last_name","first_name","courtroom","start_tm","case_no","event"\n'


class Made:
    """A calendar that is made while it is read."""

    def __init__(self, rows: int) -> None:
        self._lines = self._written(rows)

    def read(self, size: int, /) -> bytes:
        """The next lines, at most `size` bytes."""
        block = b""
        while len(block) < size - 200:
            line = next(self._lines, b"")
            if not line:
                break
            block += line
        return block

    @staticmethod
    def _written(rows: int) -> Iterator[bytes]:
        yield HEADER
        for row in range(rows):
            yield (
                f'{row % 12 + 1:02d}/{row % 28 + 1:02d}/2027,"NAME{row}","FIRST",'
                f'"Courtroom {row % 9}, Juneau Courthouse",{row % 4 + 8:2d}:{row % 60:02d} am,'
                f'"1JU-27-{row:05d}CR","Motion Hearing"\n'
            ).encode()


def at_minute(minute: int) -> Listing:
    """A hearing of the one case, so many minutes after Monday morning."""
    return listing(at=MONDAY + timedelta(minutes=minute), zone="America/Phoenix")


def test_fifty_thousand_rows_are_read_and_compared_in_seconds() -> None:
    begin = time.process_time()
    calendar = gather(read_rows(Made(ROWS), MAPPING))
    before = [
        Known(str(place), replace(one, local=one.local + timedelta(days=place % 3)))
        for place, one in enumerate(calendar.listings)
    ]
    result = difference(before, calendar, now=NOW)
    assert len(calendar.listings) == ROWS
    assert len(result.moved) + len(result.unchanged) == ROWS
    assert time.process_time() - begin < 20, "seconds of processor time; 4 on a small machine"


def test_reading_keeps_no_row() -> None:
    tracemalloc.start()
    try:
        read = sum(isinstance(row, Listing) for row in read_rows(Made(8_000), MAPPING))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == 8_000
    assert peak < 3_000_000


def test_one_case_with_all_the_rows_is_compared_without_trying_every_pair() -> None:
    many = 10_000
    calendar = gather(at_minute(place * 7) for place in range(many))
    before = [
        Known(str(place), one)
        for place, one in enumerate(
            gather(at_minute(place * 7 + 3) for place in range(many)).listings
        )
    ]
    begin = time.process_time()
    result = difference(before, calendar, now=NOW)
    assert len(result.moved) == many
    assert time.process_time() - begin < 5
