"""`homeward example`: loads once, shows its passwords once, and is removed whole."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from cli.main import build_app
from engine.building import open_the_records
from engine.settings import Settings
from records.access import who_knows
from records.tables import Case, Hearing


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty installation."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))


def example(word: str) -> str:
    """Run `homeward example`; it must work."""
    answer = CliRunner().invoke(build_app("example"), ["example", word])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_it_loads_once_and_its_people_can_sign_in() -> None:
    said = example("load")
    assert "already" in example("load")
    assert "is loaded" in example("status")
    line = next(line for line in said.splitlines() if "example-advocate" in line)
    records = open_the_records(Settings())
    hub = records.sole_hub("example")
    member = who_knows(records, "example-advocate", line.split()[-1])
    assert member is not None
    assert member.hub_id == hub
    with records.reading(hub) as session:
        assert len(session.exec(select(Case)).all()) == 8
        assert len(session.exec(select(Hearing)).all()) == 7
    with records.reading(records.sole_hub()) as session:
        assert session.exec(select(Case)).all() == []
    records.close()


def test_it_is_removed_and_can_be_loaded_anew() -> None:
    example("load")
    assert "removed" in example("remove")
    assert "No example" in example("status")
    assert "No example" in example("remove")
    assert "example-admin" in example("load")
