"""`homeward audit`: whole or not, with a status that a watch can use."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from cli.main import build_app
from engine.building import open_the_records
from engine.settings import Settings
from records.audit import note_deed
from records.hubs import make_hub
from tests.houses import hub_of, utc

NOW = utc("2026-12-02 15:00")


@pytest.fixture(autouse=True)
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with three deeds in its first hub, and none in the second."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    records = open_the_records(Settings())
    hub = hub_of(records)
    make_hub(records, name="Overtown", slug="overtown")
    for number in range(3):
        with records.writing(hub) as session:
            note_deed(session, "0" * 32, "read a case", NOW, "case", f"{number:032x}")
    records.close()
    return tmp_path


def homeward(*words: str) -> Result:
    """Run `homeward audit` with these words."""
    return CliRunner().invoke(build_app("audit"), ["audit", *words])


def tampered(statement: str) -> None:
    """Somebody changes the database."""
    records = open_the_records(Settings())
    with records.engine.begin() as connection:
        connection.execute(text(statement))
    records.close()


def test_a_whole_trail_ends_with_status_0_and_tells_its_head() -> None:
    answer = homeward("verify")
    assert answer.exit_code == 0, answer.output
    assert "hub: 3 rows, whole." in answer.stdout
    assert "overtown: 0 rows, whole. Head: none" in answer.stdout
    head = json.loads(homeward("head", "--json").stdout)
    assert head["number"] == 3
    assert head["head"] in answer.stdout.replace("\n", "")
    assert homeward("verify", "--hub", "hub", "--expect", head["head"]).exit_code == 0


def test_one_that_is_not_whole_ends_with_status_1_and_says_where() -> None:
    tampered("DELETE FROM audit_event WHERE number = 2")
    answer = homeward("verify")
    assert answer.exit_code == 1
    assert "not whole after row 1" in answer.output
    assert "Row 2 is missing." in answer.output
    told = [json.loads(line) for line in homeward("verify", "--json").stdout.splitlines()]
    assert {one["hub"]: one["whole"] for one in told} == {"hub": False, "overtown": True}


def test_a_head_from_elsewhere_is_looked_for() -> None:
    assert homeward("verify", "--expect", "0" * 64).exit_code == 1
    answer = homeward("verify", "--hub", "hub", "--expect", "f" * 64)
    assert answer.exit_code == 1
    assert "No row bears the seal" in answer.output


def test_a_copy_names_nobody_and_has_every_seal() -> None:
    lines = homeward("export", "--hub", "hub").stdout.splitlines()
    assert lines[0].startswith("number,happened_at,actor,action")
    assert len(lines) == 4
    told = homeward("export", "--hub", "hub", "--json").stdout.splitlines()
    rows = [json.loads(row) for row in told]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert all(len(row["seal"]) == 64 for row in rows)
