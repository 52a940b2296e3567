"""Telling the example's stories: all of them, in the order in which they happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from activities.channels import OutboxChannel
from activities.example import court_dates, papers, support
from activities.example.living import Life, Moment, Progress, SetClock
from activities.example.people import CAST, Days, Scene, the_hub
from activities.house import House
from activities.metering import DailyMeter
from activities.traffic import Line, Pace
from domain.vocabulary import Channel
from records.database import Records


async def tell_example(
    house: House, records: Records, profile: Path, now: datetime, told: Progress
) -> str:
    """Live the weeks before `now` (UTC) of an example hub.

    Args:
        house: lends its words, its documents and its LibreOffice; nothing else of it is touched.
        records: empty ones that nobody else works on.
        profile: an empty folder for LibreOffice, whose own one belongs to the builder of packets.
        told: how many deeds of how many are done.

    Returns:
        The hub's id in `records`.
    """
    clock, hub = SetClock(now), the_hub()
    with records.everywhere() as session:
        session.add(hub)
    scene = Scene(Days(now))
    clock.at = scene.days.ago(max(who.arrested for who in CAST.values()) + 2, 9)
    own = replace(
        house,
        records=records,
        clock=clock,
        # No carrier comes near an example, even before it is said that this is one.
        carriers={channel: OutboxChannel() for channel in Channel},
        soffice_profile=profile,
        meter=DailyMeter(),
        line=Line(),
        pace=Pace({}),
    )
    await Life(own, hub.id, clock).live(_all(scene, own), now, told)
    return hub.id


def _all(scene: Scene, house: House) -> Iterator[Moment]:
    yield from court_dates.moments(scene)
    yield from papers.moments(scene, house.store)
    yield from support.moments(scene)
