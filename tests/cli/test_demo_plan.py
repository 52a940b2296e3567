"""`homeward demo --story plan`: a year of a plan, judged by what it leaves."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from activities.documents.pdf_facts import preflight
from cli.demonstration.plan_year.cast import year_cast
from tests.activities.documents.words import all_text
from tests.cli.test_demo import begin

PATIENCE = 180.0


@dataclass(frozen=True)
class Lived:
    """The year, lived once."""

    out: Path
    status: int
    messages: list[dict[str, Any]]
    summary: dict[str, Any]

    def words(self, name: str) -> str:
        """What a Word file says."""
        return all_text((self.out / f"{name}.docx").read_bytes())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("year")
    out = folder / "out"
    process = begin("--story", "plan", "--out", str(out), "--seed", "11", folder=folder / "home")
    printed, errors = process.communicate(timeout=PATIENCE)
    assert (out / "summary.json").exists(), errors or printed
    lines = (out / "messages.jsonl").read_text().splitlines()
    summary = json.loads((out / "summary.json").read_text())
    return Lived(out, process.returncode, [json.loads(line) for line in lines], summary)


@pytest.mark.timeout(PATIENCE + 30)
def test_all_that_it_promises_holds(lived: Lived) -> None:
    assert lived.summary["problems"] == []
    assert lived.status == 0
    assert len(lived.summary["checks"]) >= 15


def test_each_step_is_asked_about_once_to_each_and_one_was_missed(lived: Lived) -> None:
    steps = Counter(message["step"] for message in lived.messages)
    texts = Counter(message["text"] for message in lived.messages if message["step"] == "plan_step")
    assert max(texts.values()) == 1
    assert (steps["plan_step_missed"], steps["referral_request"], steps["referral_nudge"]) == (
        2,
        2,
        1,
    )
    assert steps["report_review"] == 4
    assert steps["ack_step_why"] == steps["ack_step_noted"] == 1


def test_nothing_is_asked_of_her_in_july_after_she_was_taken_in(lived: Lived) -> None:
    year = datetime.fromisoformat(lived.summary["began"]).year
    inside = [
        message["step"]
        for message in lived.messages
        if f"{year}-07-20" <= message["at"] <= f"{year}-08-01"
    ]
    assert inside == []


def test_what_was_missed_stands_in_counsels_memo_alone(lived: Lived) -> None:
    assert "Missed" in lived.words("memo-for-counsel")
    for name in ("letter-may", "summary-november", "certificate"):
        assert "issed" not in lived.words(name), name
    assert "has completed the support plan" in lived.words("certificate")
    assert "Check in with the advocate, every 2 weeks: kept" in lived.words("letter-may")
    assert "on the 1st" in lived.words("letter-may")


def test_the_certificate_of_a_year_is_one_page_with_its_line_to_sign(lived: Lived) -> None:
    if not (lived.out / "certificate.pdf").exists():
        pytest.skip("LibreOffice is not here")
    facts = preflight((lived.out / "certificate.pdf").read_bytes())
    assert facts.pages == 1


def test_another_number_is_another_story_and_the_same_is_the_same() -> None:
    one, same, other = (year_cast(Random(number), 2027) for number in (1, 1, 2))
    assert one == same
    assert one != other
