"""How a court's published calendar is laid out: a TOML file per court, so that a new court is
a new file and no new code.

A mapping file says::

    name = "example-county"             # as in --mapping example-county
    title = "Example County, criminal calendar"
    format = "delimited"                # or "icalendar"
    zone = "America/Chicago"            # IANA name of the court's zone
    encoding = "utf-8"                  # utf-8, cp1252, iso-8859-1, utf-16
    delimiter = ","
    quote = '"'                         # "" when cells are never quoted

    [columns]                           # field = header, compared after trimming
    docket_number = "CASE_NO"           # or { columns = ["YEAR", "NUMBER"], joined = "-" }
    jurisdiction = "COUNTY"             # what makes the number unique, when it is not alone
    date = "HEARING_DT"                 # date and time, or one column `datetime`
    time = "HEARING_TM"
    place = "ROOM"                      # split by [place]; or the columns court and courtroom
    kind = "EVENT"
    last_name = "LAST"                  # or `person`, one column, with [person] pattern
    first_name = "FIRST"

    [formats]                           # tried in order; see wall_time.py
    date = ["%m/%d/%Y"]
    time = ["%I:%M %p"]

    [kinds]
    default = "other"
    [kinds.words]
    "Calendar Call" = "pretrial"        # "Motion*" and "*plea*" work too

Optional: `[fixed]` (court, courtroom, jurisdiction when the file does not print them), `[zones]`
(another zone for some counties or courts), `[join.<field>]` (a second file that explains codes),
`[icalendar]`. There is no field for a charge: Homeward does not read charges in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from domain.listings.kinds import KindWords
from domain.listings.wall_time import WallFormat

Encoding = Literal["utf-8", "cp1252", "iso-8859-1", "utf-16"]

FIELDS: Final = (
    "docket_number", "jurisdiction", "date", "time", "datetime", "place", "court", "courtroom",
    "kind", "person", "last_name", "first_name",
)  # fmt: skip
"""What a column may be read as."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from.

    Attributes:
        headers: one header, or several whose cells are put together.
        joined: what stands between the cells of several columns.
    """

    headers: tuple[str, ...]
    joined: str = " "


@dataclass(frozen=True, slots=True)
class Join:
    """A second file that explains the codes in one column.

    Attributes:
        file: its usual name; `{stem}` stands for the calendar's file name without its ending.
        key: header of the codes there.
        value: header of the words there.
        valid_header: header that says whether a code is in use, "" when there is none.
        valid_values: what it says for a code in use.
    """

    file: str
    key: str
    value: str
    valid_header: str = ""
    valid_values: tuple[str, ...] = ()

    def file_for(self, stem: str) -> str:
        """The file to look for beside the calendar `stem`.csv."""
        return self.file.replace("{stem}", stem)


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones of those counties or courts that do not keep the time of the rest.

    Attributes:
        by: the field that decides.
        names: the field's value (compared without case) to an IANA name.
    """

    by: Literal["jurisdiction", "court"] = "jurisdiction"
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRules:
    """How an iCalendar event says which case it is.

    Attributes:
        docket_property: property that holds the case number alone, "" for none.
        docket_in: property that holds it among other words, searched when the first is absent.
        docket_pattern: what a case number looks like there (its group `docket`, or all of it).
        jurisdiction_property: property with the county, "" for none.
        kind_properties: CATEGORIES, SUMMARY or an X- property, asked in this order.
        zones: names that this feed uses for zones (TZID) to IANA names.
    """

    docket_property: str
    docket_in: str
    docket_pattern: re.Pattern[str]
    jurisdiction_property: str
    kind_properties: tuple[str, ...]
    zones: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CourtMapping:
    """One court's layout, checked. See the module for its meaning; `load_mapping` makes it.

    Attributes:
        zone: IANA name. Empty only for iCalendar, where the file may name its own zone.
        place: patterns with the groups `court` and `courtroom`; the first that fits splits the
            column `place`, a text that fits none is the court.
        person: pattern with `name`, or `last` and `first`; a text that it does not fit names
            nobody. None keeps the text as it is.
        events: set for iCalendar only.
    """

    name: str
    title: str
    format: Literal["delimited", "icalendar"]
    zone: str
    kinds: KindWords
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    columns: Mapping[str, Column] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[WallFormat, ...] = ()
    times: tuple[WallFormat, ...] = ()
    datetimes: tuple[WallFormat, ...] = ()
    place: tuple[re.Pattern[str], ...] = ()
    person: re.Pattern[str] | None = None
    zones: Zones = field(default_factory=Zones)
    joins: Mapping[str, Join] = field(default_factory=dict)
    events: EventRules | None = None

    def zone_for(self, jurisdiction: str, court: str) -> str:
        """The IANA zone of a court; the mapping's own zone unless an exception names it."""
        decides = jurisdiction if self.zones.by == "jurisdiction" else court
        return self.zones.names.get(decides.casefold(), self.zone)

    def split_place(self, text: str) -> tuple[str, str]:
        """Court and courtroom from one text that holds both."""
        for pattern in self.place:
            found = pattern.fullmatch(text)
            if found:
                groups = found.groupdict()
                return (groups.get("court") or "").strip(), (groups.get("courtroom") or "").strip()
        return text, ""

    def split_person(self, text: str) -> tuple[str, str, str]:
        """Name as published, last and first name from one text ("" where it does not say)."""
        if self.person is None or not text:
            return text, "", ""
        found = self.person.fullmatch(text)
        if not found:
            return "", "", ""
        groups = {key: (value or "").strip() for key, value in found.groupdict().items()}
        last, first = groups.get("last", ""), groups.get("first", "")
        return groups.get("name") or full_name(last, first), last, first


def full_name(last: str, first: str) -> str:
    """ "LAST, First", or the one of them that is known."""
    return f"{last}, {first}" if last and first else last or first
