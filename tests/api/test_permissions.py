"""Who may call what: every operation, every role, the own hub and another one."""

from collections.abc import Iterator

import pytest

from api.door import GuardedRoute
from api.permissions import ALLOWED
from domain.vocabulary import Role
from tests.api.programs import OTHER, Installation, Program, a_case
from tests.api.scenes import CALLS, Call, everything

NOT_ABOUT_CASES = {
    "list_deeds",
    "read_hub",
    "read_contact_figures",
    "read_hub_progress",
    "download_hub_progress",
    "read_hub_outcomes",
    "download_hub_outcomes",
    "change_hub",
    "list_staff",
    "list_courts",
    "read_court",
    "add_court",
    "change_court",
    "list_closures",
    "add_closure",
    "remove_closure",
    "list_messages",
    "preview_message",
    "list_team_contacts",
    "add_team_contact",
    "remove_team_contact",
    "list_tokens",
    "make_token",
    "revoke_token",
    "list_packet_kinds",
    "download_template_in_use",
    "use_homewards_template",
    "list_packet_templates",
    "add_packet_template",
    "download_packet_template",
    "preview_packet_template",
    "use_packet_template",
    "list_step_kinds",
    "add_step_kind",
    "end_step_kind",
    "list_plan_templates",
    "read_plan_template",
    "add_plan_template",
    "import_plan_template",
    "change_plan_template",
    "end_plan_template",
}
"""All that a hub admin may do; messages are told without their person and words."""


@pytest.fixture(scope="module")
def ours(api: Installation) -> dict[str, str]:
    """One of everything in the first hub."""
    return everything(api)


def operations(api: Installation) -> Iterator[tuple[str, str, str]]:
    """Operation, method and path of everything below /api/v1."""
    for path, item in api.app.openapi()["paths"].items():
        for method, said in item.items():
            if path.startswith("/api/v1/"):
                yield said["operationId"], method.upper(), path


def test_every_operation_is_in_the_table_and_nothing_else_is(api: Installation) -> None:
    found = [name for name, _, _ in operations(api)]
    assert len(found) == len(set(found))
    assert set(found) == set(ALLOWED)
    assert set(found) == set(CALLS)


def test_a_route_without_an_entry_cannot_even_be_built() -> None:
    def not_in_the_table() -> None:
        """Nothing."""

    with pytest.raises(KeyError):
        GuardedRoute("/x", not_in_the_table)


def sent(program: Program, call: Call, ids: dict[str, str]) -> int:
    """The status of a call with these ids."""
    path, more = call.about(ids)
    return program.call(call.method, path, **more).status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_may_call_what_the_table_says_and_nothing_else(
    api: Installation, role: Role
) -> None:
    ids = everything(api)
    program = api.program(role)
    for name, call in CALLS.items():
        status = sent(program, call, ids)
        if role in ALLOWED[name]:
            # 409: it has ended, or is there already; 422: the calendar of the sample is empty.
            expected = (200, 201, 204, 409) + ((422,) if name == "import_calendar" else ())
            assert status in expected, (name, status)
        else:
            assert status == 403, (name, status)


@pytest.mark.parametrize("role", Role)
def test_ids_of_another_hub_do_not_exist(
    api: Installation, ours: dict[str, str], role: Role
) -> None:
    stranger = api.program(role, OTHER)
    for name, call in CALLS.items():
        if "{" not in call.path:
            continue
        status = sent(stranger, call, ours)
        assert status == (404 if role in ALLOWED[name] else 403), (name, status)


@pytest.mark.parametrize("role", Role)
def test_lists_show_the_own_hub_alone(api: Installation, ours: dict[str, str], role: Role) -> None:
    stranger = api.program(role, OTHER)
    for name, call in CALLS.items():
        if call.method == "GET" and "{" not in call.path and role in ALLOWED[name]:
            answer = stranger.call("GET", call.path)
            for kind, known in ours.items():
                assert known not in answer.text, (name, kind)
    found = stranger.post("/case-searches", {"docket_number": "F26-001234"})
    if role in ALLOWED["find_cases"]:
        assert found.json()["items"] == []


def test_rows_of_another_hub_cannot_be_pointed_at(api: Installation, ours: dict[str, str]) -> None:
    stranger = api.program("advocate", OTHER)
    theirs = a_case(stranger)["id"]
    setting = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
    for path, body in (
        ("/cases", {"first_name": "A", "last_name": "B", "advocate_id": ours["staff"]}),
        (f"/cases/{theirs}/hearings", {**setting, "court_id": ours["court"]}),
        (f"/cases/{theirs}/dockets", {"number": "1", "court_id": ours["court"]}),
        (f"/cases/{theirs}/packets", {"hearing_id": ours["hearing"]}),
    ):
        assert stranger.post(path, body).status_code == 404, path
    supervisor = api.program("supervisor", OTHER)
    closure = {"closed_on": "2026-12-25", "court_id": ours["court"]}
    assert supervisor.post("/closures", closure).status_code == 404


def test_a_hub_admin_reads_nothing_about_a_case(api: Installation, ours: dict[str, str]) -> None:
    may = {name for name, roles in ALLOWED.items() if Role.HUB_ADMIN in roles}
    assert may == NOT_ABOUT_CASES
    admin = api.program("hub_admin")
    told = admin.get("/messages")
    for known in ("Denise", "Marcus", ours["case"], ours["person"]):
        assert known not in told.text
    assert any(item["state"] == "sent" for item in told.json()["items"])
    assert admin.get("/messages", case_id=ours["case"]).status_code == 403


def test_words_of_messages_are_for_the_team_alone(api: Installation, ours: dict[str, str]) -> None:
    for role in Role:
        item = api.program(role).read("/messages")["items"][-1]
        if role in (Role.ADVOCATE, Role.SUPERVISOR):
            assert item["body"].startswith("Hi Denise")
        else:
            assert item["body"] is None
            assert item["person_id"] is None


def test_only_a_supervisor_overrides_the_table_of_moves(api: Installation) -> None:
    case = a_case(api.program("advocate"))
    move = {"track": "court", "to": "trial", "override_reason": "The court skipped a step."}
    path = f"/cases/{case['id']}/moves"
    assert api.program("advocate").post(path, move).status_code == 403
    assert api.program("supervisor").made(path, move)["stage"] == "trial"


def test_counsel_reads_no_treatment_detail(api: Installation) -> None:
    team = api.program("advocate")
    case = a_case(team)
    step = {"kind": "substance_use_treatment", "title": "Intake at the clinic"}
    plan = team.made(f"/cases/{case['id']}/plans", {"steps": [step]})
    step_id = plan["steps"][0]["id"]
    team.made(f"/steps/{step_id}/evidence", {"kind": "letter", "note": "from the clinic"})
    read = api.program("counsel").get(f"/plans/{plan['id']}")
    assert "clinic" not in read.text
    assert "substance" not in read.text
    assert read.json()["steps"][0]["withheld"] is True
    assert "clinic" in team.get(f"/plans/{plan['id']}").text
