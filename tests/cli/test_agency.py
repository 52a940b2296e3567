"""`homeward agency`: take a shelter in, share a case, see what it would be told."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import build_app
from domain.court_time import wall_time
from tests.houses import ZONE, FixedClock, a_case, a_hearing, make_house

CONSENT = ("--consent", "Yes, tell the shelter.", "--how", "in person")


@pytest.fixture(autouse=True)
def case_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installation with one case: a date in three days."""
    now = datetime.now(UTC)
    house = make_house(tmp_path, FixedClock(now))
    case = a_case(house.records, now)
    day = wall_time(now, ZONE).date() + timedelta(days=3)
    a_hearing(house.records, case, f"{day} 09:00", now)
    house.records.close()
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    return case.id


def homeward(*words: str) -> Result:
    """Run `homeward agency` with these words."""
    return CliRunner().invoke(build_app("agency"), ["agency", *words])


def told(*words: str) -> dict[str, Any]:
    """What it says in JSON; it must have worked."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    said: dict[str, Any] = json.loads(answer.stdout)
    return said


def a_shelter() -> str:
    """A shelter that was taken in; its id."""
    words = ("Riverside Shelter", "Gloria", "--email", "desk@example.org", "--on", "thursday")
    made: str = told("add", *words)["id"]
    return made


def test_a_shelter_is_taken_in_told_and_told_no_more(case_id: str) -> None:
    shelter = a_shelter()
    assert told("list") == {
        "id": shelter,
        "name": "Riverside Shelter",
        "weekday": 3,
        "at": "09:00",
        "shared": 0,
    }
    assert "nothing to tell" in homeward("preview", shelter).stdout
    told("share", shelter, case_id, *CONSENT)
    assert told("list")["shared"] == 1
    shown = told("preview", shelter)
    assert (shown["dates"], "Marcus" in shown["text"], shown["segments"] > 0) == (1, True, True)
    assert "9:00" in homeward("preview", shelter).stdout
    told("unshare", shelter, case_id, "--how", "by phone")
    assert told("preview", shelter)["text"] is None
    told("end", shelter)
    assert "No agency yet" in homeward("list").stdout


def test_what_the_rules_refuse_is_one_clear_line(case_id: str) -> None:
    shelter = a_shelter()
    for words, why in (
        (
            ("share", shelter, case_id, "--consent", " ", "--how", "in person"),
            "words in which the person agreed are missing",
        ),
        (("share", shelter, "0" * 32, *CONSENT), "no such case"),
        (("preview", "0" * 32), "no such agency"),
        (("unshare", shelter, case_id), "not shared"),
        (("add", "Reentry", "Ana", "--at", "9 o'clock"), "like 09:00"),
        (("add", "Reentry", "Ana", "--phone", "12"), ""),
    ):
        answer = homeward(*words)
        assert (answer.exit_code, why in answer.output) == (1, True), (words, answer.output)
        assert "Traceback" not in answer.output
    told("end", shelter)
    assert homeward("share", shelter, case_id, *CONSENT).exit_code == 1
