"""People and roles on pages: invited, come, changed, handed over, removed."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.vocabulary import Role
from records.casework import NewCase, open_case
from records.invitations import INVITATION_LASTS
from records.tables import Case, Hub, StaffInvitation, StaffMember
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case

PASSWORD = "four quiet herons walking"
INVITED = {"name": "Beatriz", "sign_in": "Bea", "role": "advocate", "language": "en"}


@pytest.fixture
def ada(office: Office) -> Browser:
    """The administrator, in a hub where others work too."""
    office.staff(Role.ADVOCATE, name="rosa")
    return office.staff(Role.HUB_ADMIN, name="ada")


def invited(ada: Browser, **more: str) -> str:
    """The path of an invitation's link."""
    answer = ada.post("/staff/new", {**INVITED, **more})
    assert answer.status_code == 200, said(answer)
    found = re.search(r'value="[^"]*(/join/[\w-]+)"', answer.text)
    assert found
    return found[1]


def comes(office: Office, link: str, password: str = PASSWORD) -> Browser:
    """Somebody in a browser of their own, signed in by their link."""
    bea = office.browser()
    answer = bea.post(link, {"new_password": password, "new_password_again": password})
    assert answer.status_code == 303, said(answer)
    assert answer.headers["location"] == "/"
    return bea


def is_in(browser: Browser) -> bool:
    """Whether this browser opens the hub's cases."""
    return browser.get("/cases").status_code == 200


def followed(browser: Browser, path: str, fields: dict[str, str]) -> str:
    """What the page says to which a form leads."""
    answer = browser.post(path, fields)
    assert answer.status_code == 303, said(answer)
    return browser.words(answer.headers["location"])


def asks_for_second_factors(office: Office, *, wanted: bool) -> None:
    with office.house.records.writing(office.hub_id) as session:
        hub = session.get_one(Hub, office.hub_id)
        hub.second_factor_required = wanted
        session.add(hub)


def id_of(office: Office, sign_in: str) -> str:
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(
            select(StaffMember.id).where(col(StaffMember.sign_in).startswith(sign_in))
        ).one()


def sign_in(office: Office, name: str, password: str) -> Browser:
    browser = office.browser()
    browser.post("/sign-in", {"name": name, "password": password})
    return browser


def test_somebody_is_invited_comes_and_signs_in_ever_after(office: Office, ada: Browser) -> None:
    link = invited(ada)
    assert "invited; the link holds until" in ada.words("/staff")
    assert "Open the first case" in comes(office, link).words("/cases")
    assert "Open the first case" in sign_in(office, "bea", PASSWORD).words("/cases")
    assert "invited" not in ada.words(f"/staff/{id_of(office, 'bea')}")
    assert [deed for deed in office.audit() if "read" not in deed] == [
        "invited somebody",
        "came",
        "signed in",
        "signed in",
    ]


def test_whoever_comes_reads_the_language_they_were_invited_in(
    office: Office, ada: Browser
) -> None:
    page = comes(office, invited(ada, language="es")).get("/cases").text
    assert '<html lang="es">' in page
    assert "Casos" in page


def test_until_they_come_nobody_signs_in_as_them(office: Office, ada: Browser) -> None:
    invited(ada)
    for password in ("", "bea", PASSWORD):
        assert not is_in(sign_in(office, "bea", password))


def test_looking_at_an_invitation_uses_nothing_up(office: Office, ada: Browser) -> None:
    link = invited(ada)
    scanner = office.browser()
    for _ in range(3):
        answer = scanner.get(link)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert "Beatriz" in scanner.words(link)
    comes(office, link)


def test_an_invitation_works_once_for_a_week_and_not_after_another_one(
    office: Office, ada: Browser
) -> None:
    link = invited(ada)
    again = ada.post(f"/staff/{id_of(office, 'bea')}/link", {})
    newer = re.search(r"/join/[\w-]+", again.text)
    assert newer
    over = office.browser().get(link)
    unknown = office.browser().get("/join/" + "A" * 22)
    assert over.status_code == unknown.status_code == 404
    assert over.text == unknown.text
    office.clock.at += INVITATION_LASTS
    assert office.browser().get(newer[0]).text == unknown.text
    office.clock.at -= timedelta(seconds=1)
    comes(office, newer[0])
    used = office.browser().post(
        newer[0], {"new_password": "somebody elses choice", "new_password_again": "x"}
    )
    assert used.status_code == 404
    assert not is_in(sign_in(office, "bea", "somebody elses choice"))


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("short", "short", "at least 12 characters"),
        ("bea bea bea bea", "bea bea bea bea", "Do not build it from your name"),
        (PASSWORD, PASSWORD + "x", "not the same"),
        ("", "", "at least 12 characters"),
    ],
)
def test_a_password_that_will_not_do_costs_no_invitation(
    office: Office, ada: Browser, password: str, again: str, why: str
) -> None:
    link = invited(ada)
    bea = office.browser()
    answer = bea.post(link, {"new_password": password, "new_password_again": again})
    assert answer.status_code == 422
    assert why in said(answer)
    assert not password or f'value="{password}"' not in answer.text
    comes(office, link)


def test_guessing_links_is_slowed_down(office: Office, ada: Browser) -> None:
    link = invited(ada)
    guesser = office.browser()
    answers = [guesser.get(f"/join/guess-{number}").status_code for number in range(25)]
    assert answers[0] == 404
    assert answers[-1] == 429
    office.clock.at += timedelta(minutes=2)
    assert office.browser().get(link).status_code in {200, 429}


def test_a_hub_that_asks_for_second_factors_asks_whoever_comes(
    office: Office, ada: Browser
) -> None:
    link = invited(ada)
    asks_for_second_factors(office, wanted=True)
    try:
        bea = comes(office, link)
        owes = bea.get("/cases")
        assert owes.status_code == 303
        assert owes.headers["location"] == "/me/second-factor"
        assert bea.get("/me/second-factor").status_code == 200
    finally:
        asks_for_second_factors(office, wanted=False)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "", "Enter their name"),
        ("sign_in", "no spaces here", "small letters"),
        ("sign_in", "BEATRIZ-OLD", "under this name already"),
        ("role", "king", "Choose what they will do"),
        ("language", "xx", "Choose a language"),
    ],
)
def test_an_invitation_with_a_mistake_comes_back_with_what_was_typed(
    office: Office, ada: Browser, field: str, value: str, why: str
) -> None:
    with office.house.records.writing(office.hub_id) as session:
        session.add(StaffMember(name="B", sign_in="beatriz-old", role=Role.ADVOCATE))
    answer = ada.post("/staff/new", {**INVITED, field: value})
    assert answer.status_code == 422
    assert why in said(answer)
    assert field == "name" or 'value="Beatriz"' in answer.text
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(StaffInvitation)).all() == []


def test_whoever_is_removed_is_out_in_the_middle_of_their_work(
    office: Office, ada: Browser
) -> None:
    bea = comes(office, invited(ada))
    assert is_in(bea)
    staff_id = id_of(office, "bea")
    assert "Every browser they are signed in with" in ada.words(f"/staff/{staff_id}/remove")
    assert is_in(bea)
    assert "They work here no more" in followed(ada, f"/staff/{staff_id}/remove", {})
    assert not is_in(bea)
    assert not is_in(sign_in(office, "bea", PASSWORD))
    assert "Beatriz" not in ada.words("/staff")
    assert ada.get(f"/staff/{staff_id}").status_code == 404
    assert office.audit()[-1] == "removed somebody"


def test_cases_are_handed_over_before_somebody_leaves(office: Office, ada: Browser) -> None:
    comes(office, invited(ada))
    rosa, bea = id_of(office, "rosa"), id_of(office, "bea")
    with office.house.records.writing(office.hub_id) as session:
        for last in ("Johnson", "Reyes"):
            open_case(session, NewCase("Marcus", last, advocate_id=rosa), ROSA, NOW)
    assert "2 open cases are theirs" in ada.words(f"/staff/{rosa}/remove")
    refused = ada.post(f"/staff/{rosa}/remove", {})
    assert refused.status_code == 422
    assert "Hand them over first" in said(refused)
    page = ada.words(f"/staff/{rosa}/cases")
    assert "2 open cases go" in page
    assert "Johnson" not in page
    assert ada.post(f"/staff/{rosa}/cases", {"to": rosa}).status_code == 422
    assert "Handed over" in followed(ada, f"/staff/{rosa}/cases", {"to": bea})
    assert "They work here no more" in followed(ada, f"/staff/{rosa}/remove", {})
    supervisor = office.staff(Role.SUPERVISOR, name="ines")
    assert "Johnson" in supervisor.words(f"/staff/{bea}/cases")
    assert "Johnson" in supervisor.words(f"/cases?whose={bea}")
    with office.house.records.reading(office.hub_id) as session:
        case = session.exec(select(Case)).first()
    assert case
    assert "The case is Beatriz’s from now on" in supervisor.words(f"/cases/{case.id}")


def test_the_last_administrator_cannot_leave_or_step_down(office: Office, ada: Browser) -> None:
    me = id_of(office, "ada")
    for path, sent in ((f"/staff/{me}/remove", {}), (f"/staff/{me}/role", {"role": "advocate"})):
        answer = ada.post(path, sent)
        assert answer.status_code == 422
        assert "Nobody else runs this hub" in said(answer)
    assert ada.get("/staff").status_code == 200


def test_another_role_holds_at_once(office: Office, ada: Browser) -> None:
    bea = comes(office, invited(ada))
    staff_id = id_of(office, "bea")
    assert bea.get("/conflicts").status_code == 403
    ada.post(f"/staff/{staff_id}/role", {"role": "supervisor"})
    assert not is_in(bea)
    assert sign_in(office, "bea", PASSWORD).get("/conflicts").status_code == 200


def test_an_administrator_who_worked_alone_does_until_somebody_came(office: Office) -> None:
    """An invitation alone takes the cases from nobody."""
    ada = office.staff(Role.HUB_ADMIN, name="ada")
    assert ada.get("/cases").status_code == 200
    link = invited(ada)
    assert ada.get("/cases").status_code == 200
    comes(office, link)
    assert ada.get("/cases").status_code == 403


def test_a_case_is_given_to_somebody_on_its_page(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    assert "Nobody’s case yet" in rosa.words(f"/cases/{case.id}")
    me = id_of(office, "rosa")
    assert "Nobody yet" in rosa.words(f"/cases/{case.id}/advocate")
    page = followed(rosa, f"/cases/{case.id}/advocate", {"to": me})
    assert "Advocate: Rosa" in page
    assert "Marcus" in rosa.words("/cases?whose=mine")
    assert "Marcus" not in rosa.words("/cases?whose=nobody")
    assert "No case here" in rosa.words("/cases?whose=nobody")
    assert rosa.post(f"/cases/{case.id}/advocate", {"to": "0" * 32}).status_code == 422
    rosa.post(f"/cases/{case.id}/advocate", {"to": "nobody"})
    assert "Marcus" in rosa.words("/cases?whose=nobody")
    assert office.audit().count("gave a case to somebody") == 2


def test_whoever_was_removed_is_not_taken_for_somebody_new(office: Office, ada: Browser) -> None:
    comes(office, invited(ada))
    ada.post(f"/staff/{id_of(office, 'bea')}/remove", {})
    refused = ada.post("/staff/new", INVITED)
    assert refused.status_code == 422
    assert "was removed. If it is the same person" in said(refused)
    assert "It is the same person, who comes back" in said(refused)
    assert is_in(comes(office, invited(ada, back="yes")))
    assert "Beatriz" in ada.words("/staff")
