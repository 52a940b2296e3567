"""`homeward import`, as a person types it and as a program reads it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.import_calendar import write_calendar
from cli.main import build_app
from engine.building import open_the_records
from engine.settings import Settings
from records.hubs import make_hub
from tests.houses import utc, wall
from tests.records.calendars.made_up import alaska, entries_in, follow_case, hearings_of, setting

SAMPLES = Path(__file__).parents[1] / "domain" / "listings" / "samples"
ALASKA = ("--format", "alaska-criminal")
EARLIER = utc("2026-01-01 00:00")
FOUR = alaska(*(setting(f"03/0{day}/2049", case=f"1JU-27-{day}CR") for day in (1, 2, 3, 4)))


@dataclass(frozen=True)
class Said:
    """What the command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object that it printed."""
        (line,) = self.out.splitlines()
        answer: dict[str, Any] = json.loads(line)
        return answer


Command = Callable[..., Said]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `homeward import …` on an installation of its own."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HOMEWARD_DATABASE_URL", raising=False)
    app = build_app("import")

    def run(*words: object) -> Said:
        done = CliRunner().invoke(app, ["import", *map(str, words)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return Said(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """Four hearings, far ahead."""
    path = tmp_path / "calendar.csv"
    path.write_bytes(FOUR)
    return path


def test_without_apply_it_only_shows_the_difference(command: Command, calendar: Path) -> None:
    shown = command(calendar, *ALASKA)
    assert (shown.status, shown.err) == (0, "")
    assert "alaska-criminal: 4 rows" in shown.out
    assert "Nothing was changed; add --apply" in shown.out
    assert command(calendar, *ALASKA, "--json").json["new"] == 4


def test_json_is_one_object_with_whole_numbers(command: Command, calendar: Path) -> None:
    answer = command(calendar, *ALASKA, "--apply", "--json").json
    numbers = ("rows", "new", "moved", "vanished", "unchanged", "conflicts", "set_aside")
    assert [answer[name] for name in numbers] == [4, 4, 0, 0, 0, 0, 0]
    assert all(type(answer[name]) is int for name in (*numbers, "duplicates", "past", "unclear"))
    assert (answer["applied"], answer["feed"]) == (True, "alaska-criminal")
    again = command(calendar, *ALASKA, "--apply", "--json").json
    assert [again[name] for name in numbers] == [4, 0, 0, 0, 4, 0, 0]


def test_an_edited_time_moves_the_hearing_of_a_followed_case(
    command: Command, calendar: Path
) -> None:
    command(calendar, *ALASKA, "--apply")
    records = open_the_records(Settings())
    hub = records.sole_hub()
    case = follow_case(records, hub, now=EARLIER)
    calendar.write_bytes(FOUR.replace(b"03/01/2049", b"03/05/2049"))
    answer = command(calendar, *ALASKA, "--apply", "--json").json
    assert (answer["moved"], answer["unchanged"], answer["followed"]["moved"]) == (1, 3, 1)
    (moved,) = answer["details"]["moved"]
    assert (moved["row"], moved["changed"]) == (2, ["time"])
    assert (moved["was"]["local"], moved["now"]["local"]) == (
        "2049-03-01T09:00",
        "2049-03-05T09:00",
    )
    (hearing,) = hearings_of(records, hub, case)
    assert (hearing.revision, hearing.local_time) == (2, wall("2049-03-05 09:00"))
    records.close()


def test_rows_in_question_are_shown_with_reasons_and_without_names(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "calendar.csv"
    path.write_bytes(
        alaska(
            setting("03/01/2049"),
            setting("03/01/2049", place="Courtroom B, Juneau Courthouse"),
            setting("03/42/2049", case="1JU-27-2CR"),
        )
    )
    shown = command(path, *ALASKA)
    assert "Conflicting" in shown.out
    assert "row 4" in shown.out
    answer = command(path, *ALASKA, "--json")
    assert "LANTERN" not in shown.out + answer.out
    (aside,) = answer.json["details"]["set_aside"]
    assert (aside["row"], aside["code"]) == (4, "bad_date")
    (conflict,) = answer.json["details"]["conflicts"]
    assert conflict["rows"] == [2, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (FOUR.replace(b'"case_no"', b'"number"'), "Missing in the header"),
        (FOUR.replace(b"LANTERN", b"LANT\xc9RN"), "not utf-8 text"),
        (b"%PDF-1.7 made up", "PDF"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(
    command: Command, calendar: Path, content: bytes, words: str
) -> None:
    command(calendar, *ALASKA, "--apply")
    calendar.write_bytes(content)
    refused = command(calendar, *ALASKA, "--apply")
    assert (refused.status, refused.out) == (1, "")
    assert words in refused.err
    assert refused.err.count("\n") == 1
    answer = command(calendar, *ALASKA, "--apply", "--json")
    assert answer.status == 1
    assert set(answer.json) == {"error", "applied"}
    assert answer.json["applied"] is False
    calendar.write_bytes(FOUR)
    assert command(calendar, *ALASKA, "--json").json["unchanged"] == 4


def test_a_feed_that_lost_most_is_refused_and_another_name_helps(
    command: Command, calendar: Path
) -> None:
    command(calendar, *ALASKA, "--apply")
    calendar.write_bytes(alaska(setting("03/01/2049")))
    refused = command(calendar, *ALASKA, "--apply")
    assert refused.status == 1
    assert "3 of 4" in refused.err
    assert "--feed NAME" in refused.err
    other = command(calendar, *ALASKA, "--apply", "--feed", "juneau", "--json").json
    assert (other["feed"], other["new"]) == ("juneau", 1)
    lost = command(calendar, *ALASKA, "--apply", "--accept-loss", "--json").json
    assert (lost["vanished"], lost["unchanged"]) == (3, 1)


@pytest.mark.parametrize(
    ("path", "words"),
    [("nowhere.csv", "There is no file"), (".", "is a folder")],
)
def test_a_path_that_is_no_file_is_said_so(
    command: Command, tmp_path: Path, path: str, words: str
) -> None:
    refused = command(tmp_path / path, *ALASKA)
    assert refused.status == 1
    assert words in refused.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "alaska-criminal"),
        (("--format", "atlantis"), "choose alaska-criminal"),
        ((*ALASKA, "--join", "location"), "FIELD=PATH"),
        ((*ALASKA, "--join", "court=x.csv"), "no second file"),
    ],
)
def test_a_wrong_call_says_how_to_call_it(
    command: Command, calendar: Path, more: tuple[str, ...], words: str
) -> None:
    refused = command(calendar, *more)
    assert refused.status == 2
    assert words in refused.err


def test_a_wrong_zone_or_mapping_is_refused(
    command: Command, calendar: Path, tmp_path: Path
) -> None:
    assert "not a time zone" in command(calendar, *ALASKA, "--zone", "Mars/Olympus").err
    broken = tmp_path / "court.toml"
    broken.write_text("name = ")
    refused = command(calendar, "--format", broken)
    assert refused.status == 1
    assert "court.toml" in refused.err
    assert command(calendar, "--format", tmp_path / "none.toml").status == 1


def test_a_mapping_file_of_ones_own_and_another_zone(
    command: Command, calendar: Path, tmp_path: Path
) -> None:
    built_in = Path(__file__).parents[2] / "templates" / "calendar" / "alaska-criminal.toml"
    own = tmp_path / "own.toml"
    own.write_text(built_in.read_text().replace('"alaska-criminal"', '"ketchikan"'))
    answer = command(calendar, "--format", own, "--zone", "America/Sitka", "--apply", "--json")
    assert answer.json["feed"] == "ketchikan"
    records = open_the_records(Settings())
    assert {entry.zone for entry in entries_in(records, records.sole_hub())} == {"America/Sitka"}
    records.close()


def test_icalendar_files_need_no_format(command: Command) -> None:
    answer = command(SAMPLES / "icalendar.ics", "--json").json
    assert answer["feed"] == "icalendar"
    assert answer["new"] > 0


def test_the_second_file_is_found_beside_the_calendar_or_named(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "week.csv"
    path.write_text(
        "ofndr_num,(expression),lname,crt_dt,crt_tm,crt_rm\n111,18J,MADEUP,5/8/2049,8:30,37\n"
    )
    places = "crt_loc_cd,crt_loc_desc,vld_flg\n18J,PEWTER CITY,Y\n"
    missing = command(path, "--format", "salt-lake")
    assert missing.status == 1
    assert "week-locations.csv" in missing.err
    other = tmp_path / "places.csv"
    other.write_text(places)
    named = ("--join", f"location={other}")
    assert command(path, "--format", "salt-lake", *named, "--json").json["new"] == 1
    other.write_text("crt_loc_cd\n")
    assert "places.csv" in command(path, "--format", "salt-lake", *named).err
    (tmp_path / "week-locations.csv").write_text(places)
    assert command(path, "--format", "salt-lake", "--json").json["new"] == 1


def test_with_several_hubs_one_must_be_named(command: Command, calendar: Path) -> None:
    records = open_the_records(Settings())
    make_hub(records, name="Second", slug="second")
    refused = command(calendar, *ALASKA, "--json")
    assert refused.status == 1
    assert "--hub" in refused.json["error"]
    assert command(calendar, *ALASKA, "--apply", "--hub", "second").status == 0
    assert len(entries_in(records, records.sole_hub("second"))) == 4
    assert entries_in(records, records.sole_hub("hub")) == []
    records.close()


def test_a_wrong_key_is_refused_also_in_json(command: Command, calendar: Path) -> None:
    command(calendar, *ALASKA, "--apply")
    Settings().keys_at.unlink()
    refused = command(calendar, *ALASKA, "--json")
    assert refused.status == 1
    assert "key file" in refused.json["error"]


def test_the_command_itself_needs_nothing_but_an_empty_folder(tmp_path: Path) -> None:
    path = tmp_path / "idaho.csv"
    write_calendar(path, 300, utc("2049-01-01 00:00").date())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cli.main",
            "import",
            path,
            "--format",
            "idaho",
            "--apply",
            "--json",
        ],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={"HOMEWARD_DATA": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["new"] == 300
    assert done.stderr == b""


def test_an_import_is_put_back_by_its_id(command: Command, calendar: Path) -> None:
    records = open_the_records(Settings())
    hub = records.sole_hub()
    case = follow_case(records, hub, now=EARLIER)
    made = command(calendar, *ALASKA, "--apply", "--json").json["import_id"]
    assert [one.status for one in hearings_of(records, hub, case)] == ["scheduled"]
    done = command("--undo", made)
    assert (done.status, done.err) == (0, "")
    assert "Court dates put back: 1." in done.out
    assert [one.status for one in hearings_of(records, hub, case)] == ["vacated"]
    assert entries_in(records, hub) == []
    assert command("--undo", made, "--json").json == {
        "undone": True,
        "again": True,
        "put_back": 0,
        "left_alone": 0,
    }
    records.close()


def test_undoing_what_cannot_be_undone_says_why(command: Command, calendar: Path) -> None:
    first = command(calendar, *ALASKA, "--apply", "--json").json["import_id"]
    command(calendar, *ALASKA, "--apply")
    refused = command("--undo", first)
    assert refused.status == 1
    assert "Undo that one first" in " ".join(refused.err.split())
    assert command("--undo", "nothing").status == 1
    assert command().status == 2


def test_applying_says_how_to_put_it_back(command: Command, calendar: Path) -> None:
    assert "homeward import --undo " in command(calendar, *ALASKA, "--apply").out
