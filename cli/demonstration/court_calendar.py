"""The court's own calendar: published as a file, imported twice, the second time with a move.

The file is one that a made-up court might publish: every hearing of the week's cases, most of
them of people whom nobody here follows. It is read through a mapping, as any court's is.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from cli.demonstration.court_days import on_or_after
from cli.demonstration.story import Story, day_and_hour
from cli.demonstration.telling import Tone
from domain.listings import CourtMapping, mapping_from
from records.calendar_import import Preview, apply

FEED = "county court"
OTHERS = 40
_COLUMNS = ("Case Number", "Date", "Time", "Hearing", "Location", "Courtroom")
_WORDS = ("Pretrial Hearing", "Status Conference", "Arraignment", "Motion Hearing")


@dataclass(frozen=True, slots=True)
class _Row:
    docket: str
    local: datetime
    hearing: str
    room: str


def mapping_for(zone: str) -> CourtMapping:
    """How this court writes its calendar.

    Raises:
        UnknownZone: `zone` is no IANA name.
    """
    return mapping_from(
        {
            "name": "county-court",
            "zone": zone,
            "columns": {
                "docket_number": "Case Number",
                "date": "Date",
                "time": "Time",
                "kind": "Hearing",
                "court": "Location",
                "courtroom": "Courtroom",
            },
            "formats": {"date": ["%m/%d/%Y"], "time": ["%I:%M %p"]},
            "kinds": {
                "default": "other",
                "words": {
                    "Pretrial*": "pretrial",
                    "Status*": "status",
                    "Arraignment*": "arraignment",
                    "Motion*": "motion",
                },
            },
        },
        "county-court.toml",
    )


async def publish(story: Story, at: datetime, listed: datetime) -> Preview:
    """The calendar is published and imported at `at`; it lists her pretrial hearing at `listed`."""
    world, cast = story.world, story.cast
    data = _file(story, listed)

    def imported(now: datetime) -> Preview:
        return apply(
            world.house.records,
            world.hub_id,
            FEED,
            mapping_for(cast.zone),
            io.BytesIO(data),
            {},
            now=now,
            applied_by=cast.advocate.lower(),
        )

    return await world.do(at, "The court publishes its calendar. The hub imports it.", imported)


async def tell_counts(story: Story, seen: Preview, listed: datetime) -> None:
    """What the import found, and what it means for her."""
    counts, followed = seen.counts, seen.followed
    moved = followed is not None and followed.moved > 0
    said = (
        f"{counts.rows} hearings are listed: {counts.new} new, {counts.moved} moved, "
        f"{counts.unchanged} unchanged. "
    )
    if moved:
        said += f"Hers has moved to {day_and_hour(listed)}; everyone is told at once."
    else:
        said += "Hers stands where it stood: nobody is written to."
    story.world.teller.tell(await story.world.now(), Tone.HOUSE, said)


def _file(story: Story, listed: datetime) -> bytes:
    """The file: the same strangers every time, and her."""
    random = Random(story.cast.docket)  # noqa: S311 - a story, not a secret
    first = story.days.calendar_published.date() + timedelta(days=3)
    rows = [_Row(story.cast.docket, listed, "Pretrial Hearing", story.cast.room)]
    for number in range(OTHERS):
        day = on_or_after(first + timedelta(days=random.randint(0, 30)))
        local = datetime.combine(day, time(random.choice((9, 10, 13, 14))))
        docket = f"{story.cast.docket[:6]}{90000 + number}"
        rows.append(_Row(docket, local, random.choice(_WORDS), f"{random.randint(2, 6)}A"))
    rows.sort(key=lambda row: (row.local, row.docket))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for row in rows:
        date, clock = f"{row.local:%m/%d/%Y}", f"{row.local:%I:%M %p}"
        place = story.cast.address
        writer.writerow((row.docket, date, clock, row.hearing, place, row.room))
    return text.getvalue().encode()
