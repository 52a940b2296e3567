"""The directory over the API: added, searched, changed, ended, and chosen for a step."""

from typing import Any

import pytest

from tests.api.programs import OTHER, Installation, Program, a_case

CLINIC = {"name": "Riverside Clinic", "phone": "305-555-0101", "email": "desk@example.org"}
COUNSELING = {
    "name": "Outpatient counseling",
    "eligibility_description": "Adults",
    "languages": ["ht", "en"],
    "phone": "305-555-0102",
    "places": [
        {"address_1": "1 Example St", "city": "Miami", "postal_code": "33136",
         "latitude": 25.7867, "longitude": -80.2050}
    ],
    "hours": [{"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}],
}  # fmt: skip


@pytest.fixture
def clinic(api: Installation, rosa: Program, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A clinic with one service, named for the test that made it."""
    name = f"Clinic {request.node.name}"
    made = rosa.made("/providers", {**CLINIC, "name": name})
    rosa.made(f"/providers/{made['id']}/services", COUNSELING)
    return rosa.read(f"/providers/{made['id']}")


def found(program: Program, provider: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """What a search finds of one provider."""
    items = program.read("/services", limit=100, **query)["items"]
    return [item for item in items if item["provider_id"] == provider["id"]]


def test_a_provider_is_told_with_all_that_it_does(rosa: Program, clinic: dict[str, Any]) -> None:
    [service] = clinic["offered"]
    assert service["needs"] == ["mental_health_care"]
    assert service["languages"] == ["en", "ht"]
    assert clinic["phone"] == "305-555-0101"
    assert service["phones"] == ["305-555-0102"]
    assert service["hours"][0]["opens_at"] == "09:00"
    assert service["places"][0]["postal_code"] == "33136"
    assert clinic["services"] == "Outpatient counseling"
    assert rosa.read(f"/services/{service['id']}") == service
    assert clinic["id"] in [one["id"] for one in rosa.read("/providers", limit=200)["items"]]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"need": "mental_health_care"}, True),
        ({"need": "housing"}, False),
        ({"q": "COUNSÉL"}, True),
        ({"q": "plumber"}, False),
        ({"language": "ht"}, True),
        ({"language": "es"}, False),
        ({"area": "miami"}, True),
        ({"area": "hialeah"}, False),
        ({"latitude": 25.78, "longitude": -80.2, "within_km": 2}, True),
        ({"latitude": 25.78, "longitude": -81.2, "within_km": 2}, False),
        ({"open_at": "2026-12-02T09:00"}, True),
        ({"open_at": "2026-12-05T09:00"}, False),
    ],
)
def test_search(rosa: Program, clinic: dict[str, Any], query: dict[str, Any], fits: bool) -> None:
    assert bool(found(rosa, clinic, **query)) is fits


def test_near_says_how_far(rosa: Program, clinic: dict[str, Any]) -> None:
    [item] = found(rosa, clinic, latitude=25.7867, longitude=-80.2150)
    assert item["km"] == pytest.approx(1.0, abs=0.01)
    assert item["place"]["city"] == "Miami"


def test_parts_follow_each_other(rosa: Program, clinic: dict[str, Any]) -> None:
    for name in ("Class B", "Class A"):
        rosa.made(f"/providers/{clinic['id']}/services", {"name": name})
    first = rosa.read("/services", q="class clinic parts", limit=1)
    assert (first["total"], first["next_offset"]) == (2, 1)
    second = rosa.read("/services", q="class clinic parts", limit=1, offset=1)
    assert [one["items"][0]["name"] for one in (first, second)] == ["Class A", "Class B"]
    assert second["next_offset"] is None


def test_changes_are_found_and_what_is_left_out_stays(
    rosa: Program, clinic: dict[str, Any]
) -> None:
    path = f"/services/{clinic['offered'][0]['id']}"
    changed = rosa.call("PATCH", path, json={"languages": ["es"], "needs": ["family_support"]})
    assert changed.json()["languages"] == ["es"]
    assert changed.json()["places"] == clinic["offered"][0]["places"]
    assert found(rosa, clinic, language="es", need="family_support")
    renamed = rosa.call("PATCH", f"/providers/{clinic['id']}", json={"name": "Clínica del Sol"})
    assert renamed.json()["email"] == "desk@example.org"
    assert found(rosa, clinic, q="clinica sol")


def test_what_has_ended_is_not_found_and_takes_no_change(
    rosa: Program, clinic: dict[str, Any]
) -> None:
    ended = rosa.made(f"/providers/{clinic['id']}/end")
    assert ended["ended_at"] == "2026-12-02T15:00:00Z"
    assert found(rosa, clinic) == []
    assert clinic["id"] not in rosa.get("/providers", limit=200).text
    assert clinic["id"] in rosa.get("/providers", limit=200, ended=True).text
    refused = rosa.call("PATCH", f"/providers/{clinic['id']}", json={"phone": "1"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:homeward:problem:ended")


def test_the_same_name_twice_is_refused_with_the_one_that_is_there(
    rosa: Program, clinic: dict[str, Any]
) -> None:
    refused = rosa.post("/providers", {"name": clinic["name"]})
    assert refused.status_code == 409
    assert clinic["id"] in refused.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": [{"latitude": 25.78}]},
        {"places": [{"latitude": 125.0, "longitude": 0}]},
        {"hours": [{"byday": "XX"}]},
        {"hours": [{"opens_at": "9 am"}]},
        {"languages": ["Spanish"]},
        {"needs": ["Mental health"]},
        {"name": " "},
    ],
)
def test_what_cannot_be_right_is_refused(
    rosa: Program, clinic: dict[str, Any], wrong: dict[str, Any]
) -> None:
    path = f"/providers/{clinic['id']}/services"
    assert rosa.post(path, {**COUNSELING, **wrong}).status_code == 422
    assert rosa.get("/services", latitude=25.78).status_code == 422


def test_a_provider_is_chosen_for_a_step_and_taken_back(
    api: Installation, rosa: Program, clinic: dict[str, Any]
) -> None:
    case = a_case(rosa)
    step = {"kind": "mental_health_care", "title": "Intake", "provider_id": clinic["id"]}
    plan = rosa.made(f"/cases/{case['id']}/plans", {"steps": [step]})
    [made] = plan["steps"]
    assert made["provider_id"] == clinic["id"]
    told = api.program("counsel").read(f"/plans/{plan['id']}")["steps"][0]
    assert (told["withheld"], told["provider_id"]) == (True, None)
    path = f"/steps/{made['id']}/provider"
    back = rosa.call("PUT", path, json={"provider_id": None}).json()
    assert back["provider_id"] is None
    rosa.made(f"/providers/{clinic['id']}/end")
    assert rosa.call("PUT", path, json={"provider_id": clinic["id"]}).status_code == 409
    assert rosa.post(f"/plans/{plan['id']}/steps", step).status_code == 409


def test_a_provider_of_another_hub_cannot_be_chosen(
    api: Installation, clinic: dict[str, Any]
) -> None:
    stranger = api.program("advocate", OTHER)
    case = a_case(stranger)
    step = {"kind": "housing", "title": "A room", "provider_id": clinic["id"]}
    assert stranger.post(f"/cases/{case['id']}/plans", {"steps": [step]}).status_code == 404
    assert stranger.read("/services")["items"] == []
