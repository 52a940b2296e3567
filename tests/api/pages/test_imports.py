"""Imported calendars on pages: what each changed, and only one's own hub's."""

import io
import re
from datetime import timedelta

from httpx import Response

from domain.tracks import Custody
from records.calendar_import import apply
from records.casework import NewCase, open_case
from tests.api.pages.office import OWN, Browser, Office, said
from tests.houses import ROSA
from tests.records.calendars.made_up import ALASKA, NOW, alaska, setting


def bring_in(office: Office, hub_id: str, *days: int) -> None:
    rows = [setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in days]
    source = io.BytesIO(alaska(*rows))
    records = office.house.records
    apply(
        records,
        hub_id,
        "Juneau list",
        ALASKA,
        source,
        {},
        now=NOW + timedelta(hours=len(days)),
        applied_by="Ana",
    )


def test_an_import_says_what_it_changed_and_who_did_it(office: Office, rosa: Browser) -> None:
    assert "No calendar was imported yet" in rosa.words("/imports")
    bring_in(office, office.hub_id, 1, 2, 3)
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    page = rosa.words("/imports")
    assert "Juneau list" in page
    assert "by Ana" in page
    assert page.index("1 new · 0 moved · 0 no longer listed · 3 unchanged") < page.index("3 new")


def test_another_hubs_imports_are_not_shown(office: Office, rosa: Browser) -> None:
    bring_in(office, office.other_hub(), 1, 2)
    assert "No calendar was imported yet" in rosa.words("/imports")
    assert "Juneau list" not in rosa.words("/imports")


def upload(browser: Browser, content: bytes, name: str = "calendar.csv", **fields: str) -> Response:
    """Hand a calendar in, as the form does."""
    files = [("file", (name, content, "text/csv"))]
    answer: Response = browser.http.post(
        "/imports/new", files=files, data={"once": "o1", **fields}, headers=OWN
    )
    return answer


def handed_in(browser: Browser, content: bytes, once: str = "o1", **fields: str) -> str:
    """The address of its review."""
    answer = upload(browser, content, once=once, **fields)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"]


def digest(browser: Browser, address: str) -> str:
    """What stands for all that a page shows."""
    found = re.search(r'name="digest" value="(\w+)"', browser.get(address).text)
    assert found
    return found[1]


def mara(office: Office, docket: str = "1JU-27-1CR") -> str:
    """A case with a mother who is told."""
    with office.house.records.writing(office.hub_id) as session:
        new = NewCase("Mara", "Lantern", docket_number=docket, custody=Custody.RELEASED)
        case = open_case(session, new, ROSA, office.clock.at)
        return case.id


LISTED = alaska(*(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (1, 2, 3, 4)))


def test_a_calendar_is_handed_in_looked_at_applied_and_undone(
    office: Office, rosa: Browser
) -> None:
    case_id = mara(office)
    address = handed_in(rosa, LISTED)
    page = rosa.words(address)
    assert "1 court date of 1 person you stand beside" in page
    assert "Mara Lantern" in page
    assert "Motion hearing is set for Mon 1 Mar 2027, 9:00" in page
    assert "New on the calendar: 3" in page
    assert "A court calendar waits to be looked at" in rosa.words("/")
    assert "No court date" in rosa.words(f"/cases/{case_id}")
    applied = rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    assert applied.headers["location"] == f"{address}/applied?done=applied"
    assert rosa.get(address).headers["location"] == f"{address}/applied"
    assert "Motion hearing: Mon 1 Mar 2027, 9:00 · new" in rosa.words(f"{address}/applied")
    undo = rosa.words(f"{address}/undo")
    assert "of Mon 1 Mar 2027, 9:00" in undo
    assert "is cancelled" in undo
    done = rosa.post(f"{address}/undo", {"digest": digest(rosa, f"{address}/undo")})
    assert done.headers["location"] == f"{address}/applied?done=undone"
    assert "It was undone already" in rosa.words(f"{address}/applied")
    assert "undone" in rosa.words("/imports")
