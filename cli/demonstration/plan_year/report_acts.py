"""The papers of the year: made of what was checked; counsel reads and approves them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from activities.plan_reporting import (
    approve_report,
    ask_counsel,
    get_report,
    make_report,
)
from cli.demonstration.plan_year.days import DAY
from cli.demonstration.plan_year.year import MISSED, Year, live_until
from domain.plan_reports import ReportKind
from records.casework import Source
from records.database import HubSession
from records.plans import get_step

WORDS = {
    ReportKind.LETTER: "a progress letter",
    ReportKind.SUMMARY: "a summary for the hearing",
    ReportKind.CERTIFICATE: "a certificate",
    ReportKind.MEMO: "a memo for counsel's eyes only",
}


async def before_a_hearing(year: Year, about: str, hearing: datetime, kind: ReportKind) -> None:
    """Asked for two weeks ahead by the plan's own workflow; counsel reads and approves it."""
    made_at = datetime.combine((hearing - 11 * DAY).date(), time(11, 0))
    await live_until(year, made_at)
    await _made(year, about, made_at, kind, year.hearings[about])
    await _approved(year, about, made_at + timedelta(hours=26))


async def the_memo(year: Year) -> None:
    """What was missed, told to counsel alone."""
    due = year.world.read(lambda session: get_step(session, year.check_ins[MISSED]).due_on)
    assert due is not None
    at = datetime.combine(due + 11 * DAY, time(16, 0))
    await live_until(year, at)
    await _made(year, "memo", at, ReportKind.MEMO, None)


async def the_certificate(year: Year) -> None:
    """The plan is completed; counsel approves the paper that says so."""
    at = year.days.done + timedelta(hours=1)
    await _made(year, "certificate", at, ReportKind.CERTIFICATE, None)
    await _approved(year, "certificate", at + timedelta(hours=4))


async def _made(
    year: Year, about: str, at: datetime, kind: ReportKind, hearing_id: str | None
) -> None:
    world = year.world

    def made(session: HubSession, now: datetime) -> None:
        store = world.house.store
        row = make_report(session, store, year.plan_id, kind, hearing_id, year.advocate, now)
        ask_counsel(session, row.id, year.advocate, now)
        year.reports[about] = row.id

    said = f"{year.cast.advocate} makes {WORDS[kind]}, of what was checked, and asks counsel."
    await world.act(at, said, made)


async def _approved(year: Year, about: str, at: datetime) -> None:
    world = year.world

    def approved(session: HubSession, now: datetime) -> None:
        row = get_report(session, year.reports[about])
        counsel = Source("report:counsel", "link")
        name = year.cast.lawyer
        approve_report(session, world.house.store, row.id, row.content_hash, name, counsel, now)

    said = f"{year.cast.lawyer} reads it on the private page, and approves just what is read."
    await world.act(at, said, approved)
