"""Intake: from what is known at arrest to a followed case, in one short page."""

import re

from sqlmodel import select

from domain.court_time import wall_time
from records.outbox import pending
from records.tables import Arrest, Case, Consent, Docket, Hearing, Supporter
from tests.api.pages.office import Browser, Office, said
from tests.houses import ZONE, hub_of

FULL = {
    "first_name": "Marcus",
    "last_name": "Johnson",
    "language": "en",
    "custody": "released",
    "own_phone": "305-555-0110",
    "own_agreed": "yes",
    "arrest_date": "2026-12-01",
    "arrest_time": "22:40",
    "docket": "F26-012345",
    "kind": "arraignment",
    "date": "2026-12-08",
    "time": "09:00",
    "zone": ZONE,
    "room": "3A",
    "place": "1351 NW 12th St, Miami",
    "supporter_first_name": "Denise",
    "supporter_last_name": "Johnson",
    "supporter_relationship": "mother",
    "supporter_language": "es",
    "supporter_phone": "(305) 555-0111",
    "supporter_agreed": "yes",
}
LEAST = {"first_name": "Ana", "last_name": "Ruiz", "language": "es", "custody": "detained"}


def cases(office: Office) -> list[Case]:
    with office.house.records.reading(office.hub_id) as session:
        return list(session.exec(select(Case)).all())


def test_a_whole_sheet_opens_a_case_and_tells_its_workflow(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", FULL)
    assert answer.status_code == 303
    (case,) = cases(office)
    assert answer.headers["location"] == f"/cases/{case.id}?done=opened"
    assert [news.subject.id for news in pending(office.house.records)] == [case.id]
    with office.house.records.reading(office.hub_id) as session:
        arrest = session.exec(select(Arrest)).one()
        hearing = session.exec(select(Hearing)).one()
        docket = session.exec(select(Docket)).one()
        supporter = session.exec(select(Supporter)).one()
        consents = session.exec(select(Consent)).all()
    assert wall_time(arrest.arrested_at, ZONE).isoformat() == "2026-12-01T22:40:00"
    assert (hearing.kind, hearing.room, hearing.source) == ("arraignment", "3A", "staff")
    assert hearing.local_time.isoformat() == "2026-12-08T09:00:00"
    assert docket.number == "F26-012345"
    assert (supporter.relationship, supporter.may_know_hearings) == ("mother", True)
    assert len(consents) == 2
    assert all("agreed, when asked by the hub" in consent.words for consent in consents)
    assert case.advocate_id is not None


def test_everyone_who_agreed_is_written_to_in_their_own_language(
    office: Office, rosa: Browser
) -> None:
    rosa.post("/cases/new", FULL)
    office.live()
    outbox = rosa.words("/outbox")
    assert "To Denise, mother of Marcus Johnson" in outbox
    assert "Hola Denise" in outbox
    assert "Hi Marcus" in outbox
    assert "F26-012345" not in outbox
    assert "kept here, not sent" in outbox


def test_a_name_and_a_place_are_enough(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", LEAST)
    page = rosa.words(answer.headers["location"])
    assert "Ana Ruiz" in page
    assert "in custody" in page
    assert "No court date is known" in page


def test_mistakes_are_listed_and_nothing_typed_is_lost(office: Office, rosa: Browser) -> None:
    typed = FULL | {"last_name": "", "time": "25:00", "supporter_phone": "12"}
    answer = rosa.post("/cases/new", typed)
    assert answer.status_code == 422
    assert cases(office) == []
    page = answer.text
    assert "Error: Open a case" in page
    for field in ("last_name", "time", "supporter_phone"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page
    for name in ("first_name", "docket", "room", "supporter_first_name", "own_phone"):
        assert f'value="{typed[name]}"' in page
    assert re.search(r'id="own_agreed"[^>]* checked', page)
    assert re.search(r'value="arraignment" selected', page)


def test_nobody_is_written_to_without_having_agreed(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", {**FULL, "supporter_agreed": ""})
    assert answer.status_code == 422
    assert "once they have agreed" in said(answer)
    assert cases(office) == []


def test_the_same_form_sent_twice_opens_one_case(office: Office, rosa: Browser) -> None:
    once = re.search(r'name="once" value="([^"]+)"', rosa.get("/cases/new").text)
    assert once is not None
    sent = {**LEAST, "once": once[1]}
    first, second = rosa.post("/cases/new", sent), rosa.post("/cases/new", sent)
    assert first.headers["location"] == second.headers["location"]
    assert len(cases(office)) == 1
    other = office.staff(name="ana").post("/cases/new", sent)
    assert other.headers["location"] != first.headers["location"]


def test_a_court_date_that_has_passed_is_refused(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", FULL | {"date": "2026-12-01"})
    assert answer.status_code == 422
    assert "This moment has passed" in said(answer)


def test_an_hour_that_the_clocks_skip_is_refused(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", FULL | {"date": "2027-03-14", "time": "02:30"})
    assert answer.status_code == 422
    assert "does not exist" in said(answer)


def test_a_court_elsewhere_keeps_its_own_clock(office: Office, rosa: Browser) -> None:
    answer = rosa.post("/cases/new", FULL | {"zone": "America/Chicago"})
    page = rosa.words(answer.headers["location"])
    assert "Tue 8 Dec 2026, 9:00 · in 6 days" in page
    assert "on the court's clock: Central" in page


def test_an_arrest_without_an_hour_is_never_in_the_future(office: Office, rosa: Browser) -> None:
    rosa.post("/cases/new", LEAST | {"arrest_date": "2026-12-02"})
    with office.house.records.reading(hub_of(office.house.records)) as session:
        assert session.exec(select(Arrest)).one().arrested_at == office.clock.at
    ahead = rosa.post("/cases/new", LEAST | {"arrest_date": "2026-12-03"})
    assert "cannot lie ahead" in said(ahead)


def test_an_arrest_hour_needs_its_day(rosa: Browser) -> None:
    answer = rosa.post("/cases/new", LEAST | {"arrest_time": "22:00"})
    assert "Enter the date as well" in said(answer)
