"""The weekly meeting's agenda: what went well, who is new, what is in court, who is forgotten."""

from datetime import timedelta

from domain.tracks import CourtStage, Custody, Track
from domain.vocabulary import Appearance, Role
from records.casework import NewCase, get_case, move_track, open_case
from records.hearings import record_outcome
from records.tables import HumanTask
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing

LONG_AGO = NOW - timedelta(days=60)


def part(page: str, heading: str) -> str:
    """What stands under one heading."""
    begin = page.index(heading)
    number = int(heading[0])
    end = page.find(f"{number + 1}. ", begin)
    return page[begin : end if end > 0 else None]


def named(office: Office, first: str, at: object = LONG_AGO, custody: str = "released") -> str:
    with office.house.records.writing(office.hub_id) as session:
        new = NewCase(first, "Cole", custody=Custody(custody))
        return open_case(session, new, ROSA, at).id  # type: ignore[arg-type]


def test_everybody_stands_where_they_belong(office: Office, rosa: Browser) -> None:
    records = office.house.records
    free, coming, quiet, new = (
        named(office, "Freed", custody="detained"),
        a_case(records, LONG_AGO).id,
        named(office, "Quiet"),
        named(office, "Newly", NOW - timedelta(days=2)),
    )
    home = named(office, "Home")
    a_hearing(records, a_case(records, LONG_AGO, phone=""), "2026-12-08 09:00", LONG_AGO)
    with records.writing(office.hub_id) as session:
        case = get_case(session, free)
        move_track(session, case, Track.CUSTODY, "released", ROSA, NOW - timedelta(days=1))
        over = get_case(session, home)
        move_track(
            session, over, Track.COURT, CourtStage.DISMISSED, ROSA, NOW, override_reason="It is."
        )
        session.add(HumanTask(claim="x", kind="not_reached", case_id=coming, opened_at=NOW))
    page = rosa.words("/meeting")
    assert "Freed Cole came home" in part(page, "1. What went well")
    assert "Home Cole the case was dismissed" in part(page, "1. What went well")
    assert "Newly Cole released" in part(page, "2. Who is new")
    assert "Marcus Johnson Tue 8 Dec 2026, 9:00" in part(page, "4. In court this week")
    assert "nobody told yet" in part(page, "4. In court this week")
    assert "Marcus Johnson" in part(page, "5. Who needs")
    forgotten = part(page, "6. Whom have we not looked at?")
    assert "Quiet Cole nothing written since" in forgotten
    assert "Newly" not in forgotten
    assert "Home Cole" not in forgotten
    assert new != quiet


def test_what_was_in_court_says_whether_they_were_there(office: Office, rosa: Browser) -> None:
    records = office.house.records
    case = a_case(records, LONG_AGO)
    hearing = a_hearing(records, case, "2026-11-30 09:00", LONG_AGO)
    with records.writing(office.hub_id) as session:
        record_outcome(session, hearing.id, Appearance.APPEARED, ROSA, NOW)
    assert "Marcus Johnson" in part(rosa.words("/meeting"), "3. What was in court")


def test_an_empty_hub_is_told_so_in_kind_words(rosa: Browser) -> None:
    page = rosa.words("/meeting")
    assert "Nobody is forgotten" in page
    assert "Nobody waits for anything." in page


def test_it_is_for_those_who_see_cases_and_reading_it_is_kept(office: Office) -> None:
    a_case(office.house.records, NOW)
    counsel = office.staff(Role.COUNSEL, name="okafor")
    answer = counsel.get("/meeting")
    assert answer.status_code == 403
    assert "Marcus" not in said(answer)
    office.staff(name="ines").get("/meeting")
    assert "read the meeting's agenda" in office.audit()
