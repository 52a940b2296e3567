"""`homeward messages`: what is missing, what is dear, and what each recipient would see."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cli.messages
from cli.main import build_app
from engine.building import WORDS, open_the_records
from engine.settings import Settings
from records.tables import Hub
from tests.houses import a_case, a_hearing, a_mother


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    return tmp_path


def homeward(*words: str) -> Result:
    """Run `homeward messages` with these words."""
    return CliRunner().invoke(build_app("messages"), ["messages", *words])


def told(*words: str) -> list[dict[str, Any]]:
    """What it says in JSON, line by line."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_the_words_are_complete() -> None:
    answer = homeward("check")
    assert answer.exit_code == 0
    assert "Complete: en, es, ht." in answer.stdout
    assert "missing" not in answer.stdout


def test_a_missing_text_is_named_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tmp_path / "words"
    for file in WORDS.glob("*/*.toml"):
        copy = words / file.parent.name / file.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text("utf-8"), "utf-8")
    gap = words / "ht" / "morning.toml"
    gap.write_text(gap.read_text("utf-8").replace("voice = ", "# voice = ", 1), "utf-8")
    monkeypatch.setattr(cli.messages, "WORDS", words)
    answer = homeward("check")
    assert answer.exit_code == 1
    assert "missing: ht/morning.toml [defendant] voice" in answer.stdout
    assert "Complete: en, es." in answer.stdout


def test_a_hub_can_try_its_own_name() -> None:
    plain = told("check", "--name", "Liberty City Hub")
    dear = told("check", "--name", "Círculo de Sanación y Apoyo para las Familias de Miami")
    assert plain == []
    assert len(dear) > 50
    assert all(one["segments"] > 2 and "í" in one["offending"] for one in dear)


def test_without_a_step_there_is_a_table_of_all_with_what_they_cost() -> None:
    answer = homeward("preview", "--language", "ht")
    assert answer.exit_code == 0
    assert "ht/before_7/defendant" in answer.stdout
    assert "segments of GSM-7" in answer.stdout
    assert "en/" not in answer.stdout


def test_a_step_is_shown_as_its_recipient_would_see_it() -> None:
    answer = homeward("preview", "--step", "before_1", "--language", "en", "--channel", "sms")
    assert answer.exit_code == 0
    shown = [line for line in answer.stdout.splitlines() if line.startswith("│")]
    assert max(map(len, shown)) <= 46
    text = " ".join(" ".join(line.strip("│ ").split()) for line in shown)
    assert "Liberty City Hub: Hi Denise, court is tomorrow, Tuesday, December 8" in text
    assert "en/before_1/defendant/sms, version " in answer.stdout
    assert "2 segments of GSM-7" in answer.stdout


def test_previews_can_be_narrowed_and_read_by_programs() -> None:
    found = told("preview", "--audience", "family", "--detained", "--channel", "voice")
    assert {one["template"].split("/")[2] for one in found} == {
        "family_detained",
        "family_detained_no_date",
        "family_detained_place",
    }
    assert {one["language"] for one in found} == {"en", "es", "ht"}
    assert {one["channel"] for one in found} == {"voice"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--step", "lunch"), "There is no step lunch"),
        (("--language", "fr"), "There are words in en, es, ht"),
        (("--step", "ack_stop", "--channel", "voice"), "There is no such message"),
        (("--case", "0" * 32), "Give both --case and --person"),
        (("--case", "0" * 32, "--person", "0" * 32), "case"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_line(words: tuple[str, ...], why: str) -> None:
    answer = homeward("preview", *words)
    assert answer.exit_code == 1
    assert why in answer.output
    assert "Traceback" not in answer.output


def test_a_case_shows_what_somebody_in_its_circle_gets_next() -> None:
    records = open_the_records(Settings())
    now = datetime.now(UTC)
    case = a_case(records, now)
    mother = a_mother(records, case, now, language="es")
    day = (now + timedelta(days=30)).date()
    a_hearing(records, case, f"{day} 09:00", now)
    with records.everywhere() as session:
        hub = session.get_one(Hub, records.sole_hub())
        hub.phone = "+13055550100"
        session.add(hub)
    case_id = case.id
    records.close()
    (shown,) = told("preview", "--case", case_id, "--person", mother)
    assert shown["step"] == "enrolled"
    assert "Hola Denise" in shown["text"]
    (reminder,) = told("preview", "--case", case_id, "--person", mother, "--step", "before_3")
    assert reminder["template"].startswith("es/before_3/family/")
