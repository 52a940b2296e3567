"""What a person faced and received: counsel writes and confirms it, the team reads it."""

import re

import pytest
from sqlmodel import select

from domain.vocabulary import Role
from records.casework import get_case
from records.clients import connect
from records.counsel import NewCounsel, set_counsel
from records.tables import CaseEvent, ExposureSnapshot, Sentence, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case

FACED = {
    "faced_kind": "time",
    "faced_years": "5",
    "computed_by": "Lena, paralegal",
    "method": "One felony of the third degree, 775.082.",
}
GOT = {
    "state": "completed",
    "got_kind": "time",
    "got_days": "90",
    "decided_on": "2026-12-01",
    "words": "Time served.",
}


@pytest.fixture
def case_id(office: Office) -> str:
    """Marcus's case, which Ana defends."""
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        set_counsel(session, case.id, NewCounsel("Ana", "Ruiz"), ROSA, NOW)
    return case.id


@pytest.fixture
def ana(office: Office, case_id: str) -> Browser:
    """His counsel, signed in."""
    browser = office.staff(Role.COUNSEL, name="ana")
    with office.house.records.writing(office.hub_id) as session:
        member = session.exec(select(StaffMember)).all()[-1]
        connect(session, get_case(session, case_id).counsel_id or "", member.id)
    return browser


def snapshots(office: Office) -> list[ExposureSnapshot]:
    with office.house.records.reading(office.hub_id) as session:
        return list(session.exec(select(ExposureSnapshot)).all())


def test_counsel_writes_and_the_team_reads(
    office: Office, ana: Browser, rosa: Browser, case_id: str
) -> None:
    assert "is not written down yet" in ana.words(f"/clients/{case_id}")
    sent = ana.post(f"/clients/{case_id}/exposure", FACED)
    assert sent.headers["location"] == f"/clients/{case_id}/exposure?done=faced"
    assert ana.post(f"/clients/{case_id}/received", GOT).status_code == 303
    for page in (
        ana.words(f"/clients/{case_id}/exposure"),
        rosa.words(f"/cases/{case_id}/exposure"),
    ):
        assert "1,826 days (5.0 years)" in page
        assert "not confirmed by counsel" in page
        assert "One felony of the third degree, 775.082." in page
        assert "Computed by Lena, paralegal" in page
        assert "90 days Served · decided Tue 1 Dec 2026 Time served." in page
    for page in (ana.words(f"/clients/{case_id}"), rosa.words(f"/cases/{case_id}")):
        assert "Faced: 1,826 days (5.0 years) · not confirmed by counsel" in page
        assert "Received: 90 days · Tue 1 Dec 2026" in page
    assert "Counsel wrote down what could be imposed" in rosa.words(f"/cases/{case_id}")
    for deed in ("wrote what was faced", "wrote what was received", "read what was faced"):
        assert deed in office.audit()


def test_the_team_has_no_form_and_cannot_write(
    office: Office, ana: Browser, rosa: Browser, case_id: str
) -> None:
    page = rosa.get(f"/cases/{case_id}/exposure").text
    assert "<form" not in page.split("<main")[1]
    for browser in (rosa, office.staff(Role.SUPERVISOR), office.staff(Role.HUB_ADMIN)):
        assert browser.post(f"/clients/{case_id}/exposure", FACED).status_code == 403
        assert browser.post(f"/clients/{case_id}/received", GOT).status_code == 403
    assert office.staff(Role.HUB_ADMIN).get(f"/cases/{case_id}/exposure").status_code == 403
    assert snapshots(office) == []


def test_counsel_of_another_client_finds_nothing(
    office: Office, ana: Browser, case_id: str
) -> None:
    ana.post(f"/clients/{case_id}/exposure", FACED)
    [row] = snapshots(office)
    other = office.staff(Role.COUNSEL, name="otto")
    assert other.get(f"/clients/{case_id}/exposure").status_code == 404
    assert other.post(f"/clients/{case_id}/exposure", FACED).status_code == 404
    assert other.post(f"/clients/{case_id}/received", GOT).status_code == 404
    confirm = f"/clients/{case_id}/exposure/{row.id}/confirm"
    assert other.post(confirm).status_code == 404
    assert snapshots(office)[0].confirmed_by_counsel_at is None


def test_counsel_confirms_what_somebody_computed(
    office: Office, ana: Browser, rosa: Browser, case_id: str
) -> None:
    ana.post(f"/clients/{case_id}/exposure", FACED)
    page = ana.get(f"/clients/{case_id}/exposure").text
    [address] = re.findall(r'action="([^"]+/confirm)"', page)
    assert ana.post(address).headers["location"].endswith("?done=confirmed")
    words = rosa.words(f"/cases/{case_id}/exposure")
    assert "confirmed by counsel · Ana Ruiz, Wed 2 Dec" in words
    assert "not confirmed" not in words
    assert "/confirm" not in ana.get(f"/clients/{case_id}/exposure").text


def test_what_is_written_anew_counts_and_the_one_before_stays(
    office: Office, ana: Browser, case_id: str
) -> None:
    ana.post(f"/clients/{case_id}/exposure", FACED)
    [old] = snapshots(office)
    life = {**FACED, "faced_kind": "life", "confirmed": "yes"}
    ana.post(f"/clients/{case_id}/exposure", life)
    words = ana.words(f"/clients/{case_id}/exposure")
    faced, before = words.split("Written before")
    assert "came Life confirmed by counsel" in faced
    assert "1,826 days" in before
    assert "not confirmed by counsel" in before
    answer = ana.post(f"/clients/{case_id}/exposure/{old.id}/confirm")
    assert answer.status_code == 422
    assert "wrote something newer" in said(answer)
    with office.house.records.reading(office.hub_id) as session:
        assert session.get_one(ExposureSnapshot, old.id).exposure_days == 1826


def test_a_form_that_is_sent_twice_writes_once(office: Office, ana: Browser, case_id: str) -> None:
    for _ in range(2):
        once = {**FACED, "once": "a" * 22}
        assert ana.post(f"/clients/{case_id}/exposure", once).status_code == 303
        again = {**GOT, "once": "b" * 22}
        assert ana.post(f"/clients/{case_id}/received", again).status_code == 303
    assert len(snapshots(office)) == 1
    with office.house.records.reading(office.hub_id) as session:
        assert len(session.exec(select(Sentence)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"faced_kind": ""}, "Choose whether it is life."),
        ({"faced_years": ""}, "Enter years, months or days."),
        ({"faced_years": "five"}, "Use a whole number"),
        ({"faced_years": "-5"}, "Use a whole number"),
        ({"faced_years": "401"}, "Use at most 400 years."),
        ({"faced_years": "٥"}, "Use a whole number"),
        ({"computed_by": ""}, "Write who computed it."),
        ({"method": ""}, "Write how"),
    ],
)
def test_a_mistake_in_what_was_faced_is_told_and_nothing_is_lost(
    office: Office, ana: Browser, case_id: str, wrong: dict[str, str], why: str
) -> None:
    answer = ana.post(f"/clients/{case_id}/exposure", {**FACED, **wrong})
    assert answer.status_code == 422
    assert why in said(answer)
    assert snapshots(office) == []
    if "method" not in wrong:
        assert FACED["method"] in answer.text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"state": "x"}, "Choose where the sentence stands."),
        ({"got_days": ""}, "Enter years, months or days."),
        ({"decided_on": ""}, "Enter the day on which it was decided."),
        ({"decided_on": "2026-12-03"}, "This day is still to come."),
        ({"state": "none", "got_kind": "life"}, "nobody receives life"),
    ],
)
def test_a_mistake_in_what_was_received_is_told(
    office: Office, ana: Browser, case_id: str, wrong: dict[str, str], why: str
) -> None:
    answer = ana.post(f"/clients/{case_id}/received", {**GOT, **wrong})
    assert answer.status_code == 422
    assert why in said(answer)
    assert "Time served." in answer.text
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Sentence)).all() == []


def test_nothing_received_is_written_as_none(ana: Browser, rosa: Browser, case_id: str) -> None:
    dismissed = {**GOT, "state": "none", "got_days": "0", "words": ""}
    ana.post(f"/clients/{case_id}/received", dismissed)
    words = rosa.words(f"/cases/{case_id}/exposure")
    assert "No incarceration No sentence: dismissed, acquitted, diverted" in words


def test_the_history_tells_that_it_was_written_and_not_what(
    office: Office, ana: Browser, case_id: str
) -> None:
    ana.post(f"/clients/{case_id}/exposure", FACED)
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(CaseEvent).where(CaseEvent.kind == "exposure_written")).all()
        [event] = rows
        assert event.source == "counsel"
        assert not event.note
        assert "1826" not in str(event)


def test_it_is_said_in_spanish(office: Office, ana: Browser, case_id: str) -> None:
    ana.post(f"/clients/{case_id}/exposure", FACED)
    ana.post(f"/clients/{case_id}/received", GOT)
    ana.post("/me/language", {"language": "es"})
    words = ana.words(f"/clients/{case_id}/exposure")
    assert "1,826 días (5.0 años)" in words
    assert "no confirmado por la defensa" in words
    for english in ("Faced", "days", "Write", "Served", "Keep"):
        assert english not in words, english
