"""The records of a delimited file: cells by row, in which one broken row spoils no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final

from domain.listings.errors import EmptyFile
from domain.listings.mapping import CourtMapping

MOST_LINES: Final = 200
"""Lines of one record. More mean an open quote; the bound keeps reading linear."""


class Records:
    """Cells of a delimited file, row by row.

    A quote that is never closed would swallow the rows after it, and a swallowed row would look
    like a cancelled hearing. So a record that spans several lines and does not come out right
    gives up its first line only; the others are read again.
    """

    __slots__ = ("_lines", "_reader", "_row", "width")

    def __init__(self, lines: Iterator[str], mapping: CourtMapping) -> None:
        self._lines = _Lines(lines)
        self._reader = csv.reader(
            self._lines,
            delimiter=mapping.delimiter,
            quotechar=mapping.quote or None,
            quoting=csv.QUOTE_MINIMAL if mapping.quote else csv.QUOTE_NONE,
            skipinitialspace=True,
            strict=True,
        )
        self._row = 0
        self.width = 0

    @property
    def text(self) -> str:
        """The line or lines of the row that came last, as they stand in the file."""
        return "".join(self._lines.taken)

    def header(self) -> list[str]:
        """The trimmed cells of the first row that is not blank; sets the width of all rows.

        Raises:
            EmptyFile: there is no such row.
        """
        for _, cells in self:
            names = [cell.strip() for cell in cells or ()]
            self.width = len(names)
            return names
        raise EmptyFile

    def __iter__(self) -> Iterator[tuple[int, list[str] | None]]:
        """Row number (as a spreadsheet counts) and cells; None for a row with broken quoting.

        Blank rows are counted and passed over. A row with too few or too many cells comes as
        it is.
        """
        while True:
            self._lines.taken.clear()
            try:
                cells: list[str] | None = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
            self._row += 1
            if len(self._lines.taken) > 1 and (cells is None or self._misfits(cells)):
                self._lines.give_back_all_but_first()
                cells = None
            if cells is None or any(cell and not cell.isspace() for cell in cells):
                yield self._row, cells

    def _misfits(self, cells: list[str]) -> bool:
        return self.width > 0 and len(cells) != self.width


class _Lines:
    """Lines that can be given back."""

    __slots__ = ("_again", "_source", "taken")

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise csv.Error
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
