"""The value types of a published court calendar: one hearing as the court lists it.

Charges are not among the fields on purpose: a calendar file may print them, Homeward does not
read them in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.vocabulary import HearingKind

CaseKey = tuple[str, str]
"""Docket number and jurisdiction, made comparable."""

Slot = tuple[str, str, datetime, str, str, str]
"""Case, wall time, zone, court and courtroom: what makes two rows the same hearing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One hearing of one case, as a court publishes it.

    Attributes:
        docket_number: the court's number of the case (or ticket), spacing tidied.
        jurisdiction: county or court code that makes the number unique; "" where it is unique.
        local: naive wall time at the court, to the minute. It exists in `zone`.
        zone: IANA name of the court's zone.
        court, courtroom: as published; either may be "".
        kind: in Homeward's words.
        kind_as_published: in the court's words; "" when the court gives none.
        person_name: as published, "LAST, First" when the court gives two columns; may be "".
        last_name, first_name: where the court tells them apart, else "".
        source_uid: UID of an iCalendar event, else "".
        row_number: row of the file as a spreadsheet counts (the header is row 1); for
            iCalendar the number of the event. 0 when the listing comes from the records.
    """

    docket_number: str = field(repr=False)
    jurisdiction: str
    local: datetime
    zone: str
    court: str
    courtroom: str
    kind: HearingKind
    kind_as_published: str = ""
    person_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    source_uid: str = field(default="", repr=False)
    row_number: int = 0

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError("Listing.local is the time on the court's wall: give it naive.")

    @property
    def case(self) -> CaseKey:
        """The case, however the court capitalises it."""
        return case_key(self.docket_number, self.jurisdiction)

    @property
    def slot(self) -> Slot:
        """The hearing: two listings with one slot are one hearing."""
        docket, jurisdiction = self.case
        return (
            docket,
            jurisdiction,
            self.local,
            self.zone,
            self.court.casefold(),
            self.courtroom.casefold(),
        )


class Reason(StrEnum):
    """Why a row could not be used."""

    WRONG_CELL_COUNT = "wrong_cell_count"
    BROKEN_QUOTING = "broken_quoting"
    NO_CASE_NUMBER = "no_case_number"
    BAD_DATE = "bad_date"
    BAD_TIME = "bad_time"
    NO_TIME = "no_time"
    NO_SUCH_TIME = "no_such_time"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_LOCATION = "unknown_location"
    UNKNOWN_CODE = "unknown_code"
    TOO_LONG = "too_long"
    REPEATS = "repeats"
    BROKEN_EVENT = "broken_event"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that could not be used, with the reason in plain words; the other rows go on.

    Attributes:
        row_number: as in `Listing.row_number`.
        reason: a sentence for people; it never repeats what the row says.
        code: the same for programs.
        docket_number, jurisdiction: of which case the row is, when that much could be read. For
            the comparison only (a case whose row is unreadable has not lost its hearing); they
            are kept out of `repr` and belong in no log.
    """

    row_number: int
    reason: str
    code: Reason
    docket_number: str = field(default="", repr=False)
    jurisdiction: str = field(default="", repr=False)

    @property
    def case(self) -> CaseKey | None:
        """The case of the row, or None when its number could not be read."""
        if not self.docket_number:
            return None
        return case_key(self.docket_number, self.jurisdiction)


Row = Listing | SetAside
"""What reading yields for each row of a calendar."""


def case_key(docket_number: str, jurisdiction: str) -> CaseKey:
    """The comparable form of a case's number and jurisdiction."""
    return docket_number.casefold(), jurisdiction.casefold()
