"""Courts on pages: where they are, on whose clock, and when they are closed."""

from sqlmodel import select

from domain.vocabulary import Role
from records.tables import Court, CourtClosure
from tests.api.pages.office import Browser, Office, said

MAIN = {
    "name": "Main Court",
    "zone": "America/Chicago",
    "address": "1 Court St, Springfield",
    "filing_limit_mb": "15",
}


def courts(office: Office) -> list[Court]:
    with office.house.records.reading(office.hub_id) as session:
        return list(session.exec(select(Court)).all())


def closures(office: Office) -> list[CourtClosure]:
    with office.house.records.reading(office.hub_id) as session:
        return list(session.exec(select(CourtClosure)).all())


def test_a_court_is_added_and_corrected(office: Office, rosa: Browser) -> None:
    assert "No court is known yet" in rosa.words("/courts")
    assert rosa.post("/courts/new", MAIN).headers["location"] == "/courts?done=added"
    [court] = courts(office)
    assert (court.zone, court.filing_limit_mb) == ("America/Chicago", 15)
    assert "Central (Chicago, Houston)" in rosa.words("/courts")
    page = rosa.get(f"/courts/{court.id}").text
    assert 'value="1 Court St, Springfield"' in page
    changed = {**MAIN, "address": "2 Court St", "refuses": "yes"}
    rosa.post(f"/courts/{court.id}", changed)
    [court] = courts(office)
    assert (court.address, court.filing_refuses_links) == ("2 Court St", True)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(office: Office, rosa: Browser) -> None:
    wrong = {**MAIN, "name": "", "zone": "Mars/Olympus", "filing_limit_mb": "lots"}
    answer = rosa.post("/courts/new", wrong)
    assert answer.status_code == 422
    for why in ("Enter the name", "Choose on whose clock", "Enter a number of megabytes"):
        assert why in said(answer)
    assert "1 Court St, Springfield" in answer.text
    assert courts(office) == []


def test_two_courts_of_one_name_are_told_apart(office: Office, rosa: Browser) -> None:
    rosa.post("/courts/new", MAIN)
    again = rosa.post("/courts/new", MAIN)
    assert "there already" in said(again)
    assert rosa.post("/courts/new", {**MAIN, "jurisdiction": "Lake"}).status_code == 303
    first = next(one for one in courts(office) if not one.jurisdiction)
    both = rosa.post(f"/courts/{first.id}", {**MAIN, "jurisdiction": "Lake"})
    assert "there already" in said(both)


def test_a_supervisor_notes_the_days_on_which_courts_are_closed(office: Office) -> None:
    keeper = office.staff(Role.SUPERVISOR)
    keeper.post("/courts/new", MAIN)
    [court] = courts(office)
    day = {"closed_on": "2026-12-25", "why": "Christmas", "court": ""}
    assert keeper.post("/courts/closures/add", day).status_code == 303
    keeper.post("/courts/closures/add", {**day, "closed_on": "2026-12-24", "court": court.id})
    keeper.post("/courts/closures/add", {**day, "closed_on": "2026-11-26", "why": "gone by"})
    words = keeper.words("/courts")
    assert "Christmas every court" in words
    assert "Main Court Open after all" in words
    assert "gone by" not in words
    for row in closures(office):
        keeper.post(f"/courts/closures/{row.id}/remove")
    assert closures(office) == []
    wrong = keeper.post("/courts/closures/add", {"closed_on": "someday", "why": ""})
    assert wrong.status_code == 422
    assert "Say why" in said(wrong)


def test_an_advocate_reads_them_and_notes_none(office: Office, rosa: Browser) -> None:
    office.staff(Role.SUPERVISOR).post(
        "/courts/closures/add", {"closed_on": "2026-12-25", "why": "Christmas"}
    )
    page = rosa.get("/courts")
    assert "Christmas" in said(page)
    assert "/courts/closures" not in page.text
    assert rosa.post("/courts/closures/add", {"closed_on": "2026-12-26"}).status_code == 403


def test_whether_homeward_is_well_is_said_in_plain_words(office: Office, rosa: Browser) -> None:
    words = rosa.words("/system")
    assert "Something is away" in words
    assert "Reminders wait until it answers. Nothing is lost." in words
    assert "Records" in words
    assert "0 did not arrive" in words
    assert "No provider for texts is set up" in words
    assert office.staff(Role.COUNSEL).get("/system").status_code == 403
