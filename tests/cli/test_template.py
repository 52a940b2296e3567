"""`homeward template`: check, keep, look at, use and leave a hub's own Word templates."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import build_app
from tests.activities.documents.words import all_text, docx_of

OURS = docx_of("Our own look: {{ person.name }}", "{{ ask }}{% if draft %}DRAFT{% endif %}")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation, and a Word file of the hub's own."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path / "data"))
    (tmp_path / "ours.docx").write_bytes(OURS)
    return tmp_path


def homeward(*words: object) -> Result:
    """Run `homeward template` with these words."""
    return CliRunner().invoke(build_app("template"), ["template", *map(str, words)])


def told(*words: object) -> list[dict[str, Any]]:
    """What it says in JSON, line by line."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def in_use(kind: str) -> int | None:
    """The number of the hub's own version in use."""
    found: int | None = next(one["in_use"] for one in told("list") if one["kind"] == kind)
    return found


def test_a_template_is_kept_used_and_left(data: Path) -> None:
    [kept] = told("upload", "release", data / "ours.docx", "--note", "Our letterhead")
    assert kept["number"] == 1
    assert "left out: Ties to the community" in kept["notes"][1]
    assert in_use("release") is None
    assert told("use", "release", 1)[0]["version"].startswith("own-1-")
    assert in_use("release") == 1
    told("use", "release", "homeward")
    assert in_use("release") is None
    assert [one["own"] for one in told("list")] == [[1], [], [], [], [], [], []]


def test_a_check_keeps_nothing_and_fails_with_the_reason(data: Path) -> None:
    assert homeward("check", "release", data / "ours.docx").exit_code == 0
    (data / "bad.docx").write_bytes(docx_of("{{ person.nmae }}"))
    answer = homeward("check", "release", data / "bad.docx")
    assert answer.exit_code == 1
    assert "person.nmae" in answer.output
    refused = homeward("check", "release", data / "bad.docx", "--json")
    assert json.loads(refused.stdout)["fit"] is False
    assert homeward("upload", "release", data / "bad.docx").exit_code == 1
    assert told("list")[0]["own"] == []


def test_a_preview_is_filled_and_a_download_is_not(data: Path) -> None:
    out = data / "out.docx"
    assert homeward("preview", "progress", out).exit_code == 0
    assert "Marcus Johnson" in all_text(out.read_bytes())
    assert homeward("preview", "release", out, "--file", data / "ours.docx").exit_code == 0
    assert "Our own look: Marcus Johnson" in all_text(out.read_bytes())
    assert homeward("download", "release", out).exit_code == 0
    assert "{{ person.name }}" in all_text(out.read_bytes())


def test_a_preview_as_pdf_needs_libreoffice(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_SOFFICE", "/nowhere/soffice")
    answer = homeward("preview", "release", data / "out.pdf")
    assert answer.exit_code == 1
    assert "apt-get install libreoffice-writer-nogui" in answer.output
    assert not (data / "out.pdf").exists()


def test_a_wrong_version_and_a_wrong_ending_are_told(data: Path) -> None:
    answer = homeward("use", "release", 7)
    assert answer.exit_code == 1
    assert "There is no version 7" in answer.output
    assert "ends in .docx or .pdf" in homeward("preview", "release", data / "out.odt").output
