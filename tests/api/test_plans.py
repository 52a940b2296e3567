"""Support plans over the API."""

from domain.progress_figures import Figure
from tests.api.programs import Installation, Program, a_case

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


def test_what_repeats_is_done_occurrence_by_occurrence(rosa: Program) -> None:
    case = a_case(rosa)
    step = {"kind": "healing_circle", "title": "Circle", "recurrence": "weekly on Tue"}
    refused = rosa.post(f"/cases/{case['id']}/plans", {"steps": [step]})
    assert refused.status_code == 422
    assert "until when" in refused.json()["detail"]
    body = {"steps": [step], "starts_on": "2026-12-02", "ends_on": "2026-12-31"}
    plan = rosa.made(f"/cases/{case['id']}/plans", body)
    [series] = plan["steps"]
    assert series["recurrence"] == "FREQ=WEEKLY;BYDAY=TU"
    found = rosa.read(f"/steps/{series['id']}/occurrences")["items"]
    days = ["2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29"]
    assert sorted(one["due_on"] for one in found) == days
    assert rosa.post(f"/steps/{series['id']}/evidence", {"kind": "letter"}).status_code == 409
    first, second = sorted(found, key=lambda one: int(one["number"]))[:2]
    assert rosa.made(f"/steps/{first['id']}/evidence", {"kind": "letter"})["state"] == "evidenced"
    answered = rosa.made(f"/steps/{second['id']}/answer", {"what_got_in_the_way": "No bus."})
    assert (answered["state"], answered["what_got_in_the_way"]) == ("active", "No bus.")
    new = {"recurrence": "weekly on Fri", "first": "2026-12-09"}
    changed = rosa.made(f"/steps/{series['id']}/recurrence", new)
    assert changed["recurrence"] == "FREQ=WEEKLY;BYDAY=FR"
    assert rosa.made(f"/steps/{series['id']}/cancel")["state"] == "cancelled"


def test_a_proposed_plan_begins_and_is_carried_over(rosa: Program) -> None:
    case = a_case(rosa)
    body = {"steps": STEPS, "proposed": True, "mandated": True}
    plan = rosa.made(f"/cases/{case['id']}/plans", body)
    assert (plan["state"], plan["steps"][0]["state"]) == ("pending", "proposed")
    assert rosa.post(f"/plans/{plan['id']}/carry-over").status_code == 409
    assert rosa.made(f"/plans/{plan['id']}/begin")["state"] == "in_progress"
    assert rosa.post(f"/plans/{plan['id']}/begin").status_code == 409
    over = rosa.made(f"/plans/{plan['id']}/carry-over")
    assert (over["mandated"], over["carried_over_at"] is not None) == (False, True)
    other = rosa.made(f"/cases/{case['id']}/plans", body)
    denied = rosa.made(
        f"/plans/{other['id']}/discharge", {"outcome": "denied", "because": "Not this time."}
    )
    assert (denied["state"], denied["ended_because"]) == ("denied", "Not this time.")


def test_an_unknown_kind_is_refused_with_those_that_there_are(
    rosa: Program, api: Installation
) -> None:
    case, supervisor = a_case(rosa), api.program("supervisor")
    step = {"kind": "own_drums", "title": "Drums"}
    refused = rosa.post(f"/cases/{case['id']}/plans", {"steps": [step]})
    assert refused.status_code == 422
    assert "housing" in refused.json()["detail"]
    kind = supervisor.made("/step-kinds", {"label": "Drums"})
    assert kind["key"] == "own_drums"
    assert supervisor.post("/step-kinds", {"label": "drums"}).status_code == 409
    rosa.made(f"/cases/{case['id']}/plans", {"steps": [step]})


def test_a_template_is_previewed_before_a_plan_starts_from_it(
    rosa: Program, api: Installation
) -> None:
    case, supervisor = a_case(rosa), api.program("supervisor")
    asked = {"template": "pretrial-90-days", "starts_on": "2026-12-07"}
    shown = rosa.call("GET", f"/cases/{case['id']}/plan-preview", params=asked).json()
    assert shown["ends_on"] == "2027-03-06"
    waiting = [step["waits_for"] for step in shown["steps"] if step["waits_for"]]
    assert waiting == ["a status hearing", "the next court date"]
    assert rosa.read(f"/cases/{case['id']}/plans")["items"] == []
    plan = rosa.made(f"/cases/{case['id']}/plans/from-template", asked)
    assert len(plan["steps"]) == len(shown["steps"])
    sheet = {"name": "Ours", "csv": "step,kind,due\nA room,Housing,soon\n"}
    refused = supervisor.post("/plan-template-imports", sheet)
    assert "Step 1" in refused.json()["detail"]
    sheet["csv"] = "step,kind,due\nA room,Housing,start+3d\n"
    own = supervisor.made("/plan-template-imports", sheet)
    assert rosa.read("/plan-templates")["items"][0] == own


def test_a_plan_over_time_is_told_day_by_day_and_to_counsel_without_treatment(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa)
    steps = [
        {"kind": "substance_use_treatment", "title": "Group", "due_on": "2026-12-20"},
        {"kind": "housing", "title": "Find a room"},
        {"kind": "housing", "title": "Sign the lease", "due_on": "2026-12-03"},
    ]
    plan = rosa.made(f"/cases/{case['id']}/plans", {"steps": steps, "ends_on": "2027-03-01"})
    told = rosa.read(f"/plans/{plan['id']}/progress")
    assert told["whole"] == {"first": "2026-12-02", "last": "2027-03-01"}
    assert [(row["title"], row["times"][0]["day"]) for row in told["rows"]] == [
        ("Sign the lease", "2026-12-03"),
        ("Group", "2026-12-20"),
    ]
    assert told["counts"] == {"now": 1, "to_come": 1}
    seen = api.program("counsel").read(f"/plans/{plan['id']}/progress")
    assert [row["title"] for row in seen["rows"]] == ["Sign the lease", None]
    bare = rosa.made(f"/cases/{case['id']}/plans", {"steps": [steps[1]]})
    assert rosa.read(f"/plans/{bare['id']}/progress")["whole"] is None


def test_a_hubs_progress_is_told_in_numbers_with_what_each_counts(
    api: Installation, rosa: Program
) -> None:
    rosa.made(f"/cases/{a_case(rosa)['id']}/plans", {"steps": STEPS})
    told = api.program("supervisor").read("/progress")
    assert len(told["months"]) == 12
    assert told["running"] >= 1
    assert "before they counted as missed" in told["counted"]["steps_in_time"]
    assert told["loops"] is None
    assert set(told["counted"]) == set(Figure)
    table = api.program("hub_admin").get("/progress/table")
    assert table.text.startswith("figure,month,group,count,of,percent,note,what is counted")
    assert rosa.get("/progress").status_code == 403
