"""A hub's outcomes for programs: numbers over a period, and what each of them counts."""

import pytest

from domain.exposure import SentenceState, Term
from domain.outcome_figures import DEFINED, SHARES, Measure
from records.exposure import NewExposure, NewReceived, write_exposure, write_received
from tests.api.programs import NOW, OTHER, Installation, a_case
from tests.houses import ROSA

TODAY = NOW.date()


def decided(api: Installation, count: int) -> None:
    """So many cases of people who faced ten years and received one."""
    team = api.program()
    for _ in range(count):
        case_id = a_case(team)["id"]
        with api.writing() as session:
            write_exposure(session, case_id, NewExposure(Term(3650), "A", "B"), ROSA, NOW)
            got = NewReceived(Term(365), SentenceState.SERVING, TODAY)
            write_received(session, case_id, got, ROSA, NOW)


def test_each_measure_is_told_with_what_it_counts(api: Installation) -> None:
    before = api.program("supervisor").read("/outcomes")["days"]
    decided(api, 6)
    told = api.program("supervisor").read("/outcomes")
    assert told["days"]["cases"] == ((before or {}).get("cases", 0)) + 6
    assert told["days"]["days"] == told["days"]["cases"] * (3650 - 365)
    assert told["days"]["confirmed"] == 0
    assert told["months"][-1]["days"] == told["days"]
    assert set(told["shares"]) == set(SHARES)
    assert told["counted"] == {measure.value: DEFINED[measure] for measure in Measure}
    assert "not claim" in told["no_claim"]
    assert told["last"] == TODAY.isoformat()
    table = api.program("hub_admin").get(f"/outcomes/table?first={TODAY}&last={TODAY}")
    assert table.text.startswith("measure,from,to,month,value,unit,of,percent,note,what is counted")
    assert f'outcomes-{TODAY}-{TODAY}.csv"' in table.headers["content-disposition"]
    assert "Marcus" not in table.text


def test_another_hubs_outcomes_are_another_hubs(api: Installation) -> None:
    decided(api, 6)
    assert api.program("supervisor", OTHER).read("/outcomes")["days"]["cases"] == 0


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (f"first={TODAY}", "Choose the last day."),
        ("first=2026-11-02&last=2026-11-01", "before the first one"),
        ("first=2020-01-01&last=2026-11-01", "at most 36 months"),
        ("first=2026-01-01&last=2027-01-31", "still to come"),
        ("first=1999-12-31&last=2000-01-31", "from 2000 on"),
    ],
)
def test_days_that_are_no_period_are_refused(api: Installation, asked: str, why: str) -> None:
    for path in ("/outcomes", "/outcomes/table"):
        answer = api.program("supervisor").get(f"{path}?{asked}")
        assert answer.status_code == 422
        assert why in answer.json()["detail"]


@pytest.mark.parametrize("role", ["advocate", "counsel"])
def test_others_read_none(api: Installation, role: str) -> None:
    assert api.program(role).get("/outcomes").status_code == 403
    assert api.program(role).get("/outcomes/table").status_code == 403
