"""Published court calendars: reading them, and what a new one changes.

A mapping (a TOML file, see `mapping`) says how a court writes its calendar. `read_rows` turns a
file into listings and rows set aside, `gather` puts them together, `difference` compares them
with the last import::

    mapping = load_mapping("idaho")
    with path.open("rb") as file:
        calendar = gather(read_rows(file, mapping))
    result = difference(known, calendar, now=now)

Charges are never read in, and no error or reason repeats what a row says.
"""

from domain.listings.changes import Change, Difference, Known, Moved, Unchanged
from domain.listings.difference import difference
from domain.listings.errors import (
    CalendarRefused,
    CutShort,
    EmptyFile,
    FeedLostTooMuch,
    HeaderOnly,
    ListingsError,
    MappingError,
    MissingColumn,
    MissingJoinFile,
    NotThisFormat,
    RepeatedColumn,
    WrongEncoding,
)
from domain.listings.gathering import Calendar, Conflict, gather
from domain.listings.joins import read_join
from domain.listings.listing import Listing, Reason, Row, SetAside
from domain.listings.mapping import CourtMapping
from domain.listings.mapping_file import built_in_mappings, load_mapping, mapping_from
from domain.listings.reading import read_rows

__all__ = [
    "Calendar",
    "CalendarRefused",
    "Change",
    "Conflict",
    "CourtMapping",
    "CutShort",
    "Difference",
    "EmptyFile",
    "FeedLostTooMuch",
    "HeaderOnly",
    "Known",
    "Listing",
    "ListingsError",
    "MappingError",
    "MissingColumn",
    "MissingJoinFile",
    "Moved",
    "NotThisFormat",
    "Reason",
    "RepeatedColumn",
    "Row",
    "SetAside",
    "Unchanged",
    "WrongEncoding",
    "built_in_mappings",
    "difference",
    "gather",
    "load_mapping",
    "mapping_from",
    "read_join",
    "read_rows",
]
