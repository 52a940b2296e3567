"""Every page that somebody opens is noted, and supervisors read the notes."""

import csv
import io

import pytest
from sqlmodel import col, select

from domain.vocabulary import Role
from records.audit import verify
from records.tables import AuditEvent
from tests.api.pages.office import Browser, Office, said
from tests.houses import a_case, a_hearing


def trail(office: Office) -> list[AuditEvent]:
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all()
        assert verify(session, office.hub_id).ok
    return list(rows)


def test_a_page_that_notes_nothing_itself_is_noted_by_its_address(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, office.clock.at)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", office.clock.at)
    rosa.get(f"/cases/{case.id}/hearings/{hearing.id}/move")
    rosa.post("/courts/new", {"name": ""})
    rosa.get(f"/cases/{'0' * 32}/log")
    [row] = trail(office)
    assert (row.action, row.subject_kind, row.subject_id) == ("opened", "case", case.id)
    assert row.detail == {"page": "/cases/{case_id}/hearings/{hearing_id}/move"}


def test_a_form_that_changed_something_is_noted_once(office: Office, rosa: Browser) -> None:
    court = {"name": "Main Court", "zone": "America/Chicago", "filing_limit_mb": "25"}
    rosa.post("/courts/new", court)
    assert [row.action for row in trail(office)] == ["added a court"]


def test_what_cannot_be_noted_is_not_shown(
    office: Office, rosa: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(office.house.records, office.clock.at)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("api.noting.note_deed", broken)
    answer = rosa.get(f"/cases/{case.id}/packets/new")
    assert answer.status_code == 500
    assert "Marcus" not in answer.text


def test_a_supervisor_reads_who_read_a_case(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, office.clock.at)
    other = a_case(office.house.records, office.clock.at, phone="+13055550112")
    keeper = office.staff(Role.SUPERVISOR, name="gloria")
    for one in (case, other):
        rosa.get(f"/cases/{one.id}")
    page = keeper.get(f"/audit?case={case.id}")
    words = said(page)
    assert "Rosa read a case" in words
    assert "Marcus Johnson" in words
    assert "One line" in words
    assert f'href="/audit?case={case.id}"' in keeper.get(f"/cases/{case.id}").text
    assert "/audit" not in rosa.get(f"/cases/{case.id}").text
    assert "Gloria read the audit trail" in keeper.words("/audit")


def test_it_is_narrowed_by_person_and_day_and_cut_into_pages(office: Office, rosa: Browser) -> None:
    keeper = office.staff(Role.SUPERVISOR, name="gloria")
    for _ in range(120):
        rosa.get("/calendar")
    who = trail(office)[0].actor
    first = keeper.get(f"/audit?who={who}")
    assert "120 lines" in said(first)
    assert f'href="/audit?page=2&amp;who={who}"' in first.text
    assert "Page 2 of 2" in keeper.words(f"/audit?page=2&who={who}")
    assert "0 lines" in keeper.words(f"/audit?who={who}&since=2026-12-03")
    assert "120 lines" in keeper.words(f"/audit?who={who}&since=2026-12-02&until=2026-12-02")
    assert "0 lines" in keeper.words(f"/audit?who={who}&until=2026-12-01")
    assert keeper.get("/audit?since=yesterday&page=x").status_code == 200


def test_an_administrator_sees_deeds_and_nobody_whom_they_are_about(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, office.clock.at)
    rosa.get(f"/cases/{case.id}")
    page = office.staff(Role.HUB_ADMIN).get("/audit")
    assert "Rosa read a case" in said(page)
    assert "Marcus" not in page.text
    assert f"/cases/{case.id}" not in page.text


def test_the_table_holds_ids_and_seals_alone(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, office.clock.at)
    rosa.get(f"/cases/{case.id}")
    taken = office.staff(Role.SUPERVISOR).get("/audit/audit.csv")
    [row] = csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert (row["number"], row["deed"], row["id"]) == ("1", "read a case", case.id)
    assert len(row["seal"]) == 64
    assert "Marcus" not in taken.text
    assert "Rosa" not in taken.text
    assert trail(office)[-1].action == "took the audit trail"


def test_advocates_and_counsel_do_not_read_it(office: Office, rosa: Browser) -> None:
    assert rosa.get("/audit").status_code == 403
    assert office.staff(Role.COUNSEL).get("/audit/audit.csv").status_code == 403
