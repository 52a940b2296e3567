"""Denise, the mother of Marcus: a text, the page that it opens, and what she does there."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from playwright.sync_api import Browser
from sqlmodel import col, select

from domain.tracks import Custody
from domain.vocabulary import Channel, HearingKind
from records.casework import NewCase, open_case
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.database import HubSession
from records.hearings import Setting, schedule_hearing
from records.tables import HumanTask
from tests.browser.home import Home, path_in
from tests.browser.screens import Kind, in_each_browser, screen
from tests.houses import AGREED, ROSA, ZONE

PLACE = "155 NW 3rd St, Miami"


@in_each_browser
def test_a_text_leads_to_the_date_and_her_answer_to_a_person(
    home: Home, browser: Browser, kind: Kind
) -> None:
    phone = f"+1305555013{kind.number}"
    case_id = _enrolled(home, phone)
    text = home.text_to(phone)
    assert "Marcus" in text
    assert "/f/" in text, text
    path = path_in(text)
    assert path.startswith("/f/")
    with screen(browser, home.site, kind.size, script=kind.script) as denise:
        denise.open(path)
        assert denise.heading() == "Court date for Marcus"
        denise.says("2:30 PM", PLACE)
        denise.press("Yes, but I need a ride or other help")
        denise.page.wait_for_url("**done=ride")
        denise.says("You told us:")
        home.wait(lambda: home.read(lambda session: _tasks(session, case_id)), "a task for a ride")

        with denise.page.expect_download() as waiting:
            denise.page.get_by_role("link", name="Add it to my calendar").click()
        event = str(Calendar.from_ical(waiting.value.path().read_bytes()).to_ical())
        assert PLACE.partition(",")[0] in event
        assert "T143000" in event

        denise.follow("Español")
        assert denise.page.locator("html").get_attribute("lang") == "es"
        assert "Marcus" in denise.heading()
        denise.says("2:30 p.m.")


def _enrolled(home: Home, phone: str) -> str:
    """His case, with a date that his mother is told of at once; the case's id."""
    now = datetime.now(UTC)
    day = datetime.combine(now.date(), datetime.min.time())
    way = NewContact(Channel.SMS, phone, AGREED)
    with home.records.writing(home.hub_id) as session:
        case = open_case(session, NewCase("Marcus", "Price", custody=Custody.RELEASED), ROSA, now)
        setting = Setting(day + timedelta(days=12, hours=14.5), ZONE, "", PLACE)
        schedule_hearing(session, case.id, HearingKind.ARRAIGNMENT, setting, ROSA, now)
        mother = NewSupporter("Denise", "Price", "mother", "en", (way,))
        enroll_supporter(session, case.id, mother, ROSA, now)
    return case.id


def _tasks(session: HubSession, case_id: str) -> list[str]:
    wanted = select(HumanTask.id).where(
        HumanTask.case_id == case_id, col(HumanTask.kind) == "ride_wanted"
    )
    return list(session.exec(wanted).all())
