"""What calendars list for one followed case.

An entry belongs to a case by its docket number and, where both say one, the jurisdiction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.court_time import CourtTimeError, instant_of
from records.database import HubSession
from records.tables import CalendarEntry, Case, Docket

_ENTRIES = select(  # type: ignore[call-overload]
    col(CalendarEntry.id),
    col(CalendarEntry.feed_id),
    col(CalendarEntry.docket_index),
    col(CalendarEntry.jurisdiction),
    col(CalendarEntry.kind),
    col(CalendarEntry.local_time),
    col(CalendarEntry.zone),
    col(CalendarEntry.court),
    col(CalendarEntry.courtroom),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry of a followed case. `instant` is UTC."""

    instant: datetime
    id: str
    feed_id: str
    docket_index: str
    jurisdiction: str
    kind: str
    local: datetime
    zone: str
    court: str
    courtroom: str

    @property
    def place(self) -> tuple[str, str]:
        """Court and courtroom."""
        return self.court, self.courtroom


def agreed_place(places: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Court and courtroom as far as all the places that are given agree on them."""
    court, courtroom = places[0]
    if any(other.casefold() != court.casefold() for other, _ in places):
        return "", ""
    if any(other.casefold() != courtroom.casefold() for _, other in places):
        return court, ""
    return court, courtroom


def entries_of(session: HubSession, case: Case) -> list[Entry]:
    """Everything that calendars list for a case; a time that its clock skips is left out.

    The numbers first and then the entries: of a join, SQLite would walk through all entries.
    """
    numbers = session.exec(select(Docket.number_index).where(Docket.case_id == case.id)).all()
    if not numbers:
        return []
    rows = session.exec(_ENTRIES.where(col(CalendarEntry.docket_index).in_(numbers))).all()
    entries = []
    for row in rows:
        if other_court(case, row.jurisdiction):
            continue
        try:
            instant = instant_of(row.local_time, row.zone)
        except CourtTimeError:
            continue
        entries.append(Entry(instant, *row))
    return sorted(entries, key=lambda entry: (entry.instant, entry.court, entry.courtroom))


def other_court(case: Case, jurisdiction: str) -> bool:
    """Whether a listing is of another court than a case: both say one, and they differ."""
    ours, theirs = case.jurisdiction.strip().casefold(), jurisdiction.strip().casefold()
    return bool(ours and theirs and ours != theirs)
