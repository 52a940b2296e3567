"""What can stop a court calendar from being read or applied.

::

    ListingsError
    ├── MappingError        the mapping file itself is wrong
    ├── CalendarRefused     the calendar file is not what the mapping describes
    │   ├── EmptyFile
    │   ├── HeaderOnly
    │   ├── WrongEncoding
    │   ├── NotThisFormat
    │   ├── MissingColumn
    │   ├── RepeatedColumn
    │   ├── MissingJoinFile
    │   └── CutShort
    └── FeedLostTooMuch     the new calendar lacks more than half of the old one

No message repeats a cell of the calendar: headers, row numbers and column names only.
"""

from __future__ import annotations

from collections.abc import Sequence


class ListingsError(ValueError):
    """Any refusal of this package; its text says what to do."""


class MappingError(ListingsError):
    """A mapping file is wrong.

    Attributes:
        file: name of the mapping file.
        key: dotted key that is wrong, "" for the file as a whole.
    """

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")
        self.file = file
        self.key = key


class CalendarRefused(ListingsError):
    """The file as a whole cannot be read as this court's calendar; nothing of it may be applied."""


class EmptyFile(CalendarRefused):
    """The file holds nothing."""

    def __init__(self) -> None:
        super().__init__("The file is empty. Download it again, or ask the court for a new one.")


class HeaderOnly(CalendarRefused):
    """The file has the right form and not one hearing."""

    def __init__(self) -> None:
        super().__init__(
            "The file lists no hearing at all. If the court really has none, there is nothing to "
            "import; otherwise download it again."
        )


class WrongEncoding(CalendarRefused):
    """The bytes are not text in the encoding that the mapping names."""


class NotThisFormat(CalendarRefused):
    """The file is something else than the mapping describes."""


class MissingColumn(CalendarRefused):
    """A column that the mapping reads is not in the header.

    Attributes:
        columns: the headers that are missing.
        found: the headers that the file has.
    """

    def __init__(self, columns: Sequence[str], found: Sequence[str]) -> None:
        missing = ", ".join(f'"{name}"' for name in columns)
        there = ", ".join(f'"{name}"' for name in found)
        super().__init__(
            f"Missing in the header: {missing}. The file has: {there}. "
            "Use the mapping of this court, or correct the header names in the mapping."
        )
        self.columns = tuple(columns)
        self.found = tuple(found)


class RepeatedColumn(CalendarRefused):
    """A column that the mapping reads stands in the header more than once."""

    def __init__(self, column: str) -> None:
        super().__init__(
            f'The header names "{column}" more than once, so it is not clear which of them to '
            "read. Ask the court for a file in which each column has its own name."
        )
        self.column = column


class MissingJoinFile(CalendarRefused):
    """The calendar needs a second file that turns its codes into words."""

    def __init__(self, field: str, file: str) -> None:
        super().__init__(
            f"This calendar gives the {field} as a code. Add the file that explains the codes "
            f"(usually named {file})."
        )
        self.field = field
        self.file = file


class CutShort(CalendarRefused):
    """An iCalendar file ends before its own end mark: a part of it is missing."""

    def __init__(self) -> None:
        super().__init__(
            "The file ends before END:VCALENDAR, so a part of it is missing. Download it again."
        )


class FeedLostTooMuch(ListingsError):
    """The new file lacks more than half of the hearings that this feed listed before.

    Attributes:
        lost: how many are missing or cannot be read.
        listed: how many the feed listed before, without those whose day has passed.
    """

    def __init__(self, lost: int, listed: int) -> None:
        super().__init__(
            f"{lost} of {listed} hearings that this feed listed before are missing from the new "
            "file. Check that it is the whole calendar of the same court; if it is, accept the "
            "loss explicitly and import it again."
        )
        self.lost = lost
        self.listed = listed
