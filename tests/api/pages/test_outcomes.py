"""What happened in court, and where case and person stand: only ever what a person said."""

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.tables import Case, CaseEvent, Hearing, HumanTask
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case, a_hearing, utc

AFTER = utc("2026-12-08 19:00")


def held(office: Office) -> tuple[Case, Hearing]:
    """A case whose arraignment was this morning."""
    case = a_case(office.house.records, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live(AFTER)
    return case, hearing


def test_after_a_hearing_today_asks_and_takes_the_answer(office: Office, rosa: Browser) -> None:
    case, hearing = held(office)
    today = rosa.words("/")
    assert "What happened at the arraignment?" in today
    url = f"/cases/{case.id}/hearings/{hearing.id}/outcome"
    answer = rosa.post(url, {"appearance": "appeared", "back": "today"})
    assert answer.headers["location"] == "/?done=outcome"
    assert "Nobody is waiting for you" in rosa.words("/")
    page = rosa.words(f"/cases/{case.id}")
    assert "Arraignment held: was there · rosa" in page
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Hearing)).one().appearance == "appeared"


def test_a_note_is_kept_with_the_outcome(office: Office, rosa: Browser) -> None:
    case, hearing = held(office)
    url = f"/cases/{case.id}/hearings/{hearing.id}/outcome"
    assert "No facts of the alleged offense here" in rosa.words(url)
    answer = rosa.post(url, {"appearance": "excused", "note": "Doctor's visit.\r\nLetter follows."})
    assert answer.headers["location"] == f"/cases/{case.id}?done=outcome"
    assert "Doctor's visit. Letter follows." in rosa.words(f"/cases/{case.id}")


def test_nothing_is_recorded_without_an_answer_or_before_its_time(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    url = f"/cases/{case.id}/hearings/{hearing.id}/outcome"
    early = rosa.post(url, {"appearance": "failed_to_appear"})
    assert early.status_code == 422
    assert "has not begun" in said(early)
    office.clock.at = AFTER
    empty = rosa.post(url, {"note": "There with his mother."})
    assert empty.status_code == 422
    assert "There with his mother." in empty.text
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Hearing)).one().appearance is None


def test_a_task_is_marked_done_once_and_stays_done(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    office.live()
    with office.house.records.reading(office.hub_id) as session:
        task = session.exec(select(HumanTask)).one()
    assert "There is no way to write to Marcus" in rosa.words("/")
    done = rosa.post(f"/tasks/{task.id}/done", {"back": "case"})
    assert done.headers["location"] == f"/cases/{case.id}?done=task"
    assert rosa.post(f"/tasks/{task.id}/done").headers["location"] == "/?done=task"
    assert rosa.post("/tasks/nothing/done").status_code == 404
    with office.house.records.reading(office.hub_id) as session:
        closed = session.exec(select(HumanTask)).one()
    assert closed.closed_at == NOW
    assert closed.closed_by.startswith("rosa")


def test_a_release_is_recorded_and_messages_to_their_own_phone_begin(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, custody="detained")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    assert "No message was written yet" in rosa.words("/outbox")
    url = f"/cases/{case.id}/tracks/custody"
    assert "Where is Marcus now?" in rosa.words(url)
    assert rosa.post(url, {"wanted": "released"}).headers["location"].endswith("done=track")
    office.live()
    assert "Hi Marcus" in rosa.words("/outbox")
    assert "Custody: released" in rosa.words(f"/cases/{case.id}")


def test_an_unusual_step_needs_a_supervisor_and_a_reason(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    url = f"/cases/{case.id}/tracks/court"
    refused = rosa.post(url, {"wanted": "sentenced", "reason": "I say so."})
    assert refused.status_code == 422
    assert "ask a supervisor" in said(refused)
    assert "Something unusual" not in rosa.words(url)
    boss = office.staff(Role.SUPERVISOR, name="ines")
    assert boss.post(url, {"wanted": "sentenced"}).status_code == 422
    reason = "The case came from another county."
    assert boss.post(url, {"wanted": "sentenced", "reason": reason}).status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        event = session.exec(select(CaseEvent).where(CaseEvent.kind == "moved")).one()
    assert (event.origin, event.result, event.override_reason) == ("arrested", "sentenced", reason)
    assert "Arrested Sentenced" in rosa.words(f"/cases/{case.id}")


def test_a_usual_step_keeps_no_override_reason(office: Office) -> None:
    case = a_case(office.house.records, NOW)
    boss = office.staff(Role.SUPERVISOR, name="ines")
    boss.post(f"/cases/{case.id}/tracks/court", {"wanted": "arraigned", "reason": "why not"})
    with office.house.records.reading(office.hub_id) as session:
        event = session.exec(select(CaseEvent).where(CaseEvent.kind == "moved")).one()
    assert event.override_reason == ""


def test_a_closed_case_says_that_nothing_more_is_planned(office: Office) -> None:
    case = a_case(office.house.records, NOW)
    boss = office.staff(Role.SUPERVISOR, name="ines")
    url = f"/cases/{case.id}/tracks/court"
    boss.post(url, {"wanted": "closed", "reason": "Moved away."})
    page = boss.words(f"/cases/{case.id}")
    assert "This case is closed" in page
    assert "Add a step" not in page
    assert "closed" in boss.words("/cases")


@pytest.mark.parametrize("track", ["alternative", "moon", "court/x"])
def test_other_tracks_have_no_page(office: Office, rosa: Browser, track: str) -> None:
    case = a_case(office.house.records, NOW)
    assert rosa.get(f"/cases/{case.id}/tracks/{track}").status_code == 404
