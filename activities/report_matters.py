"""What counsel is written to about a report: their private page, and until when it is wanted."""

from datetime import datetime

from activities.plan_reporting import ASKED, get_report, report_link
from domain.agenda import AgendaItem
from domain.court_time import wall_time
from records.database import HubSession
from records.hubs import the_hub
from records.matters import Matter, participant_of
from records.plans import get_plan
from records.private_links import path_of


def report_matter(session: HubSession, item: AgendaItem, now: datetime) -> Matter | None:
    """What the message about a report says; None when nothing waits for counsel any more.

    The private link is made here where there is none, in the transaction that claims the message.
    """
    row = get_report(session, item.subject_id)
    if row.state != ASKED or row.ended_at is not None:
        return None
    hub = the_hub(session)
    name = participant_of(session, get_plan(session, row.plan_id).case_id)
    due = wall_time(item.until, hub.zone).date() if row.hearing_id else None
    link = path_of(report_link(session, row, now))
    return Matter(hub, name, detained=False, link=link, due=due)
