"""Hearings over the API: wall time, zone and instant; moved, vacated, held."""

import pytest

from tests.api.programs import Installation, Program, a_case, a_hearing

NEW = {"local_time": "2026-12-16T13:30", "zone": "America/New_York", "room": "4B"}


def test_a_court_time_is_the_time_on_the_wall_with_its_zone_and_the_instant(rosa: Program) -> None:
    case = a_case(rosa)
    hearing = a_hearing(rosa, case, local_time="2026-07-15T09:00", zone="America/Anchorage")
    assert hearing["local_time"] == "2026-07-15T09:00"
    assert hearing["zone"] == "America/Anchorage"
    assert hearing["starts_at"] == "2026-07-15T17:00:00Z"


@pytest.mark.parametrize(
    "local_time",
    ["2026-12-15T09:00Z", "2026-12-15T09:00-05:00", "2026-12-15", "2026-12-15T9:00", "09:00"],
)
def test_a_court_time_carries_no_offset(rosa: Program, local_time: str) -> None:
    case = a_case(rosa)
    body = {"local_time": local_time, "zone": "America/New_York"}
    assert rosa.post(f"/cases/{case['id']}/hearings", body).status_code == 422


def test_a_time_that_the_clock_skips_is_refused_with_what_to_do(rosa: Program) -> None:
    case = a_case(rosa)
    body = {"local_time": "2027-03-14T02:30", "zone": "America/New_York"}
    answer = rosa.post(f"/cases/{case['id']}/hearings", body)
    assert answer.status_code == 422
    assert "Ask the court" in answer.json()["detail"]


def test_a_moved_hearing_is_the_next_revision(rosa: Program) -> None:
    hearing = a_hearing(rosa, a_case(rosa))
    moved = rosa.made(f"/hearings/{hearing['id']}/move", NEW)
    assert (moved["revision"], moved["local_time"], moved["room"]) == (2, "2026-12-16T13:30", "4B")
    same = rosa.made(f"/hearings/{hearing['id']}/move", NEW)
    assert same["revision"] == 2
    assert rosa.read(f"/hearings/{hearing['id']}") == same


def test_what_ended_takes_no_change(rosa: Program) -> None:
    case = a_case(rosa)
    gone, held = a_hearing(rosa, case), a_hearing(rosa, case, local_time="2026-12-15T10:00")
    assert rosa.made(f"/hearings/{gone['id']}/vacate")["status"] == "vacated"
    assert rosa.made(f"/hearings/{gone['id']}/vacate")["revision"] == 2
    outcome = {"appearance": "appeared", "note": "Released."}
    assert rosa.made(f"/hearings/{held['id']}/outcome", outcome)["status"] == "held"
    for path, body in (
        (f"/hearings/{gone['id']}/move", NEW),
        (f"/hearings/{gone['id']}/outcome", outcome),
        (f"/hearings/{held['id']}/vacate", None),
        (f"/hearings/{held['id']}/move", NEW),
    ):
        answer = rosa.post(path, body)
        assert answer.status_code == 409, path
        assert answer.json()["type"] == "urn:homeward:problem:ended"


def test_upcoming_hearings_come_in_the_order_of_the_day(api: Installation) -> None:
    program = api.program("advocate", "other")
    case = a_case(program)
    days = ["2027-01-20", "2026-12-24", "2027-03-01", "2026-12-24"]
    made = [a_hearing(program, case, local_time=f"{day}T09:00") for day in days]
    past = a_hearing(program, case, local_time="2026-11-01T09:00")
    program.made(f"/hearings/{made[0]['id']}/vacate")
    seen, path = [], "/hearings?limit=1"
    while path:
        part = program.read(path)
        seen += part["items"]
        path = part["next"]
    assert [hearing["local_time"][:10] for hearing in seen] == [
        "2026-12-24",
        "2026-12-24",
        "2027-03-01",
    ]
    assert len({hearing["id"] for hearing in seen}) == 3
    of_the_case = program.read("/hearings", case_id=case["id"])["items"]
    assert {hearing["id"] for hearing in of_the_case} == {past["id"], *(m["id"] for m in made)}
    span = {"since": "2026-12-24T00:00:00Z", "before": "2027-02-01T00:00:00Z"}
    assert len(program.read("/hearings", **span)["items"]) == 3
    assert len(program.read("/hearings", **span, status="vacated")["items"]) == 1


def test_counsel_may_schedule_and_the_source_says_so(api: Installation, rosa: Program) -> None:
    case = a_case(rosa)
    hearing = a_hearing(api.program("counsel"), case)
    assert hearing["source"] == "counsel"
    assert a_hearing(rosa, case)["source"] == "staff"
