"""The hub over the API: its settings, courts, closed days and tokens."""

from sqlmodel import col, select

from records.tables import OutboxRow
from tests.api.programs import OTHER, Installation, Program, a_case


def news(api: Installation) -> list[tuple[str, int]]:
    """What the workflows of the first hub were told: case and revision."""
    with api.house.records.reading("") as session:
        rows = session.exec(
            select(OutboxRow).where(OutboxRow.hub_id == api.hub_id()).order_by(col(OutboxRow.seq))
        ).all()
    return [(row.subject_id, row.revision) for row in rows]


def test_changing_when_to_remind_plans_every_open_case_of_this_hub_again(
    api: Installation,
) -> None:
    admin, team = api.program("hub_admin"), api.program("advocate")
    mine, theirs = a_case(team), a_case(api.program("advocate", OTHER))
    plan = team.made(f"/cases/{mine['id']}/plans", {})
    changed = admin.call(
        "PATCH", "/hub", json={"reminder_days": [1, 14, 3, 3], "reminder_at": "09:30"}
    )
    assert changed.json()["reminder_days"] == [14, 3, 1]
    assert changed.json()["reminder_at"] == "09:30"
    assert news(api)[-2:] == [(mine["id"], 2), (plan["id"], 2)]
    assert team.read(f"/cases/{mine['id']}")["revision"] == 2
    other = api.program("advocate", OTHER).read(f"/cases/{theirs['id']}")
    assert other["revision"] == 1
    before = news(api)
    admin.call("PATCH", "/hub", json={"participant_word": "neighbour", "reminder_at": "09:30"})
    assert news(api) == before, "what planners do not look at, or did not change, is no news"


def test_what_is_left_out_stays_and_null_is_no_way_to_leave_out(api: Installation) -> None:
    admin = api.program("hub_admin")
    before = admin.read("/hub")
    changed = admin.call("PATCH", "/hub", json={"morning_at": "07:30"}).json()
    assert changed == {**before, "morning_at": "07:30"}
    assert admin.call("PATCH", "/hub", json={"morning_at": None}).json() == before
    assert admin.call("PATCH", "/hub", json={"name": None}).status_code == 422
    assert admin.call("PATCH", "/hub", json={"zone": "Mars/Olympus"}).status_code == 422
    assert admin.call("PATCH", "/hub", json={"slug": "mine"}).status_code == 422
    assert admin.read("/hub") == before


def test_a_court_is_written_down_once(rosa: Program) -> None:
    court = {"name": "Eleventh Circuit", "zone": "America/New_York", "jurisdiction": "Dade"}
    made = rosa.made("/courts", court)
    again = rosa.post("/courts", court)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:homeward:problem:conflict"
    corrected = rosa.call("PATCH", f"/courts/{made['id']}", json={"address": "1351 NW 12th St"})
    assert corrected.json() == {**made, "address": "1351 NW 12th St"}
    assert made["id"] in rosa.get("/courts").text


def test_a_court_says_how_large_a_filing_it_takes(rosa: Program) -> None:
    made = rosa.made("/courts", {"name": "Cook County", "zone": "America/Chicago"})
    assert (made["filing_limit_mb"], made["filing_refuses_links"]) == (25, False)
    changes = {"filing_limit_mb": 15, "filing_refuses_links": True}
    corrected = rosa.call("PATCH", f"/courts/{made['id']}", json=changes).json()
    assert corrected == {**made, **changes}
    for wrong in (0, -5, 1_001, "25", 2.5, True, None):
        answer = rosa.call("PATCH", f"/courts/{made['id']}", json={"filing_limit_mb": wrong})
        assert answer.status_code == 422, wrong
    assert rosa.read(f"/courts/{made['id']}") == corrected


def test_a_closed_day_is_noted_and_taken_back(api: Installation) -> None:
    supervisor = api.program("supervisor")
    made = supervisor.made("/closures", {"closed_on": "2027-07-05", "why": "Independence Day"})
    listed = supervisor.read("/closures", since="2027-01-01")["items"]
    assert [closure["closed_on"] for closure in listed] == ["2027-07-05"]
    assert supervisor.call("DELETE", f"/closures/{made['id']}").status_code == 204
    assert supervisor.call("DELETE", f"/closures/{made['id']}").status_code == 404
    assert supervisor.read("/closures", since="2027-01-01")["items"] == []


def test_a_token_is_shown_once_works_and_is_revoked(api: Installation) -> None:
    admin = api.program("hub_admin")
    made = admin.made("/tokens", {"name": "intake form", "role": "advocate", "days": 30})
    assert made["expires_at"] == "2027-01-01T15:00:00Z"
    program = Program(api.http, made["secret"])
    assert program.get("/cases").status_code == 200
    assert made["secret"] not in admin.get("/tokens").text
    assert admin.call("DELETE", f"/tokens/{made['id']}").status_code == 204
    assert program.get("/cases").status_code == 401
    listed = {item["id"]: item for item in admin.read("/tokens", limit=200)["items"]}
    assert listed[made["id"]]["revoked_at"] is not None


def test_the_audit_trail_is_read_by_programs_and_that_is_noted(api: Installation) -> None:
    case = a_case(api.program("advocate"))
    api.program("counsel").read(f"/cases/{case['id']}")
    keeper = api.program("supervisor")
    [row] = [
        one
        for one in keeper.read("/audit", subject_id=case["id"])["items"]
        if one["detail"] == {"page": "read_case"}
    ]
    assert row["action"] == "called"
    assert len(row["seal"]) == 64
    newest = keeper.read("/audit")["items"][0]
    assert newest["action"] == "read the audit trail"
    assert "Marcus" not in keeper.get("/audit").text
