"""Made-up court calendars, imported into test records, and what came of them."""

import io
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from domain.listings import CourtMapping, load_mapping
from records.calendar_import import Preview, apply
from records.casework import NewCase, open_case
from records.database import Records
from records.tables import CalendarEntry, Case, Hearing, HumanTask, OutboxRow
from tests.houses import ROSA, utc

NOW = utc("2027-02-20 12:00")
ALASKA = load_mapping("alaska-criminal")
IDAHO = load_mapping("idaho")
A, B = "Courtroom A, Juneau Courthouse", "Courtroom B, Juneau Courthouse"
ANCHORAGE = "America/Anchorage"


def alaska(*rows: str) -> bytes:
    """A calendar as Alaska publishes it."""
    header = '"event_dt","last_name","first_name","courtroom","start_tm","case_no","event"'
    return "\n".join((header, *rows, "")).encode()


def setting(
    day: str,
    time: str = "9:00 am",
    *,
    case: str = "1JU-27-1CR",
    place: str = A,
    event: str = "Motion Hearing",
    name: str = "LANTERN",
) -> str:
    """One row of it; `day` as 03/01/2027."""
    return f'{day},"{name}","MARA","{place}",{time},"{case}","{event}"'


def idaho(*rows: str) -> bytes:
    """A calendar as Idaho publishes it, in which counties share case numbers."""
    header = "CaseNumber,CaseStyle ,HearingType,HearingDate,HearingTime,Court,County"
    return "\n".join((header, *rows, "")).encode()


def in_county(county: str, day: str = "3/1/2027", *, case: str = "CR-1") -> str:
    """One row of it."""
    return f'{case},"State of Idaho vs. A, B",Arraignment,{day},9:00 AM,{county} Court,{county}'


def bring_in(
    records: Records,
    hub: str,
    content: bytes,
    *,
    mapping: CourtMapping = ALASKA,
    feed: str = "",
    now: datetime = NOW,
    **more: Any,
) -> Preview:
    """Import a file and apply it."""
    name = feed or mapping.name
    return apply(records, hub, name, mapping, io.BytesIO(content), {}, now=now, **more)


def follow_case(
    records: Records,
    hub: str,
    docket: str = "1JU-27-1CR",
    *,
    jurisdiction: str = "",
    now: datetime = NOW,
) -> Case:
    """A case that the hub follows."""
    with records.writing(hub) as session:
        new = NewCase("Mara", "Lantern", docket_number=docket, jurisdiction=jurisdiction)
        return open_case(session, new, ROSA, now)


def hearings_of(records: Records, hub: str, case: Case) -> list[Hearing]:
    """The hearings of a case, earliest first."""
    with records.reading(hub) as session:
        statement = select(Hearing).where(Hearing.case_id == case.id)
        return list(session.exec(statement.order_by(col(Hearing.starts_at), col(Hearing.id))))


def tasks(records: Records, hub: str) -> list[tuple[str, bool]]:
    """What people were asked: kind, and whether it is open."""
    with records.reading(hub) as session:
        rows = session.exec(select(HumanTask).order_by(col(HumanTask.id))).all()
    return [(task.kind, task.closed_at is None) for task in rows]


def news(records: Records, case: Case) -> int:
    """How many changes of a case the outbox holds."""
    with records.reading("") as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.subject_id == case.id)).all()
    return len(rows)


def entries_in(records: Records, hub: str) -> list[CalendarEntry]:
    """The light rows of a hub."""
    with records.reading(hub) as session:
        statement = select(CalendarEntry).order_by(
            col(CalendarEntry.local_time), col(CalendarEntry.id)
        )
        return list(session.exec(statement))


def everything(records: Records) -> dict[str, list[str]]:
    """Every row of every table, but for the list of imports and when a feed was last looked at."""
    from sqlmodel import SQLModel

    content = {}
    with records.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            columns = [column.name for column in table.columns if column.name != "imported_at"]
            if table.name == "calendar_import":
                continue
            names = ", ".join(f'"{name}"' for name in columns)
            rows = connection.execute(text(f'SELECT {names} FROM "{table.name}"')).all()
            content[table.name] = sorted(str(tuple(row)) for row in rows)
    return content
