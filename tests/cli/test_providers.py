"""`homeward providers`: a directory is shown, applied, searched and listed."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import build_app
from tests.records.directories import TABLES, without


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of its own."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HOMEWARD_DATABASE_URL", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The county's export as a folder of CSV files."""
    made = tmp_path / "export"
    made.mkdir()
    for name, said in TABLES.items():
        (made / f"{name}.csv").write_text(said)
    return made


def homeward(*words: object) -> Result:
    """Run `homeward providers` with these words."""
    return CliRunner().invoke(build_app("providers"), ["providers", *map(str, words)])


def told(*words: object) -> list[dict[str, Any]]:
    """What it says in JSON; it must have worked."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_it_is_shown_applied_and_then_there_is_nothing_new(folder: Path) -> None:
    shown = homeward("import", folder)
    assert "Nothing was changed; add --apply" in shown.stdout
    assert told("list") == []
    [applied] = told("import", folder, "--apply", "--source", "county")
    assert (applied["applied"], applied["counts"]["services"]["new"]) == (True, 5)
    assert "The records are so already." in homeward("import", folder, "--source", "county").stdout
    assert len(told("list")) == 3


def test_what_changed_and_what_cannot_be_used_is_listed(folder: Path) -> None:
    homeward("import", folder, "--apply")
    broken = without("services", "s3") + "s9,o9,Stray,,active,\n"
    (folder / "services.csv").write_text(broken)
    shown = homeward("import", folder).stdout
    assert "ended service" in shown
    assert "Pantry" in shown
    assert "its organization_id is not in the directory" in shown


def test_a_zip_with_the_files_of_a_mac_is_read(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"county/{file.name}")
            archive.writestr(f"__MACOSX/county/._{file.name}", b"\x00\x05\x16\x07")
    assert told("import", path)[0]["counts"]["services"]["new"] == 5


def test_search_by_words_need_language_and_distance(folder: Path) -> None:
    homeward("import", folder, "--apply")
    assert [one["service"] for one in told("search", "PÁNTRY")] == ["Pantry"]
    near = told("search", "--near", "33136", "--miles", "10")
    assert [(one["service"], one["km"]) for one in near] == [
        ("Health card desk", 0.0),
        ("Outpatient counseling", 0.0),
        ("Pantry", 7.74),
        ("Phone line", None),
    ]
    assert told("search", "--need", "food", "--language", "ht") == []
    said = homeward("search", "--near", "33136", "pantry").stdout
    assert "miles)" in said
    assert "Nothing was found" in homeward("search", "xyz").stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "nowhere"), "There is no file or folder"),
        (("search", "--need", "love"), "There is no such need; there are housing"),
        (("search", "--near", "Atlantis"), "The directory has no place there"),
        (("import", ".", "--source", " "), "Give the directory a name"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(words: tuple[str, ...], why: str) -> None:
    answer = homeward(*words)
    assert answer.exit_code == 1
    assert why in answer.stderr


def test_a_damaged_zip_and_a_folder_without_tables_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "There is no HSDS in here" in homeward("import", empty).stderr
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("services.csv", "id,name\n" * 100)
    broken.write_bytes(broken.read_bytes().replace(b"id,name\n" * 3, b"xx,name\n" * 3, 1))
    assert "is damaged" in homeward("import", broken).stderr
