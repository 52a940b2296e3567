"""Support plans over the API."""

from tests.api.programs import Program, a_case

STEPS = [
    {"kind": "housing", "title": "Move in with Aunt Rose", "due_on": "2026-12-20"},
    {"kind": "employment", "title": "Start at the bakery"},
]


def test_a_step_goes_from_promise_to_verified(rosa: Program) -> None:
    case = a_case(rosa)
    plan = rosa.made(f"/cases/{case['id']}/plans", {"goals": "A home and work.", "steps": STEPS})
    step = plan["steps"][0]
    assert (step["due_on"], step["state"]) == ("2026-12-20", "active")
    assert rosa.post(f"/steps/{step['id']}/verify").status_code == 409
    shown = rosa.made(f"/steps/{step['id']}/evidence", {"kind": "letter", "note": "From Rose"})
    assert shown["state"] == "evidenced"
    assert shown["evidence"][0]["note"] == "From Rose"
    done = rosa.made(f"/steps/{step['id']}/verify")
    assert done["state"] == "verified"
    assert done["evidence"][0]["verified_by"] == "a advocate's program"
    excused = rosa.made(
        f"/steps/{plan['steps'][1]['id']}/excuse", {"what_got_in_the_way": "It closed."}
    )
    assert excused["state"] == "excused"


def test_an_ended_plan_takes_no_more_steps(rosa: Program) -> None:
    case = a_case(rosa)
    plan = rosa.made(f"/cases/{case['id']}/plans", {"steps": STEPS})
    step = plan["steps"][0]["id"]
    ended = rosa.made(f"/plans/{plan['id']}/discharge", {"outcome": "discharged_successful"})
    assert ended["state"] == "discharged_successful"
    for path, body in (
        (f"/plans/{plan['id']}/steps", STEPS[1]),
        (f"/plans/{plan['id']}/discharge", {"outcome": "discharged_other"}),
        (f"/steps/{step}/evidence", {"kind": "letter"}),
        (f"/steps/{step}/excuse", {"what_got_in_the_way": "x"}),
    ):
        assert rosa.post(path, body).status_code == 409, path
    assert rosa.read(f"/cases/{case['id']}/plans")["items"] == [ended]
