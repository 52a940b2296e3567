"""Who sees cases, and that no hub sees another's."""

import pytest

from api.pages.session import may_see_cases
from domain.vocabulary import Role
from tests.api.pages.office import Browser, Office, said
from tests.houses import a_case, a_hearing, a_mother


@pytest.mark.parametrize(
    ("role", "alone", "sees"),
    [
        (Role.ADVOCATE, False, True),
        (Role.SUPERVISOR, False, True),
        (Role.HUB_ADMIN, True, True),
        (Role.HUB_ADMIN, False, False),
        (Role.COUNSEL, False, False),
        (Role.COUNSEL, True, False),
    ],
)
def test_who_may_see_cases(role: Role, alone: bool, sees: bool) -> None:
    assert may_see_cases(role, alone=alone) is sees


def test_a_lone_administrator_works_on_cases_until_the_first_advocate_comes(
    office: Office,
) -> None:
    admin = office.staff(Role.HUB_ADMIN, name="admin")
    case = a_case(office.house.records, office.clock.at)
    office.staff(Role.COUNSEL, name="ruiz")
    assert "Marcus Johnson" in admin.words(f"/cases/{case.id}")
    office.staff(Role.ADVOCATE)
    answer = admin.get(f"/cases/{case.id}")
    assert answer.status_code == 403
    assert "Marcus" not in answer.text
    assert admin.get("/").headers["location"] == "/hub"
    assert admin.get("/outbox").status_code == 403
    assert "advocates and supervisors" in admin.words("/hub")


def test_counsel_has_no_place_on_these_pages_yet(office: Office) -> None:
    counsel = office.staff(Role.COUNSEL)
    assert counsel.get("/cases").status_code == 403
    assert counsel.get("/hub").status_code == 403


def test_an_advocate_does_not_change_the_hub(rosa: Browser) -> None:
    assert rosa.get("/hub").status_code == 403
    assert rosa.post("/hub", {"name": "Mine"}).status_code == 403


def test_another_hubs_case_is_not_there(office: Office) -> None:
    case = a_case(office.house.records, office.clock.at)
    mother = a_mother(office.house.records, case, office.clock.at)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", office.clock.at)
    stranger = office.staff(hub_id=office.other_hub())
    base = f"/cases/{case.id}"
    for address in (
        base,
        f"{base}/hearings/new",
        f"{base}/hearings/{hearing.id}/move",
        f"{base}/hearings/{hearing.id}/cancel",
        f"{base}/hearings/{hearing.id}/outcome",
        f"{base}/supporters/new",
        f"{base}/people/{mother}/contact",
        f"{base}/tracks/custody",
        f"{base}/steps/new",
        f"{base}/packets/new",
    ):
        assert stranger.get(address).status_code == 404, address
    moved = stranger.post(f"{base}/tracks/custody", {"wanted": "detained"})
    assert moved.status_code == 404
    for page in ("/", "/cases", "/outbox"):
        assert "Marcus" not in said(stranger.get(page))


def test_a_hearing_is_reached_through_its_own_case_only(office: Office, rosa: Browser) -> None:
    one = a_case(office.house.records, office.clock.at)
    other = a_case(office.house.records, office.clock.at, phone="+13055550112")
    hearing = a_hearing(office.house.records, one, "2026-12-08 09:00", office.clock.at)
    assert rosa.get(f"/cases/{other.id}/hearings/{hearing.id}/move").status_code == 404


def test_a_hub_that_is_not_set_up_tells_an_advocate_whom_to_ask(office: Office) -> None:
    stranger = office.staff(hub_id=office.other_hub())
    assert stranger.get("/").status_code == 200
    bare = office.bare_hub()
    answer = office.staff(hub_id=bare).get("/cases")
    assert answer.status_code == 409
    assert "not set up yet" in said(answer)
