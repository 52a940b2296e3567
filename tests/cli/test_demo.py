"""`homeward demo`, run as people run it: what it leaves, what it claims, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import psutil
import pytest
from icalendar import Calendar

from activities.documents.binding import DRAFT_MARK
from activities.documents.docx_package import unpack
from activities.documents.errors import ConverterMissing
from activities.documents.pdf_conversion import find_converter
from activities.documents.pdf_facts import preflight
from tests.activities.documents.binding.reading import squeezed, texts_of

ROOT = Path(__file__).resolve().parents[2]
SEED = "20"
PATIENCE = 150.0
FIELDS = {"at", "to_role", "language", "channel", "step", "text", "segments", "status"}


@dataclass(frozen=True)
class Lived:
    """A demo that was lived to its end."""

    out: Path
    status: int
    stdout: str
    stderr: str

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "messages.jsonl").read_text().splitlines()]

    @property
    def summary(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.out / "summary.json").read_text())
        return loaded


def begin(*words: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "TMPDIR": str(folder),
        # None of these may have a say: the demo keeps to itself.
        "HOMEWARD_DATA": str(folder / "data"),
        "HOMEWARD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "HOMEWARD_SMS_URL": "https://sms.example.org",
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", *words],
        cwd=ROOT,
        env={**os.environ, **settings, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], out: Path) -> Lived:
    try:
        stdout, stderr = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return Lived(out, process.returncode, stdout, stderr)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lived, Lived]:
    """The same story twice at the same time: once whole, once without LibreOffice, as JSON."""
    base = tmp_path_factory.mktemp("demo")
    whole_out, bare_out = base / "new" / "whole", base / "bare"
    bare_out.mkdir()
    (bare_out / "packet.pdf").write_bytes(b"of an earlier demo")
    (bare_out / "mine.txt").write_text("not the demo's")
    whole = begin("--out", str(whole_out), "--seed", SEED, folder=base / "tmp1")
    bare = begin(
        *("--out", str(bare_out), "--seed", SEED, "--json"),
        folder=base / "tmp2",
        HOMEWARD_SOFFICE=str(base / "no-such-office"),
    )
    return finish(whole, whole_out), finish(bare, bare_out)


@pytest.fixture
def whole(lives: tuple[Lived, Lived]) -> Lived:
    try:
        find_converter()
    except ConverterMissing:
        pytest.skip("LibreOffice is not installed")
    return lives[0]


@pytest.fixture
def bare(lives: tuple[Lived, Lived]) -> Lived:
    return lives[1]


def test_everything_that_it_shows_happened(whole: Lived) -> None:
    assert whole.summary["problems"] == []
    assert all(whole.summary["checks"].values())
    assert whole.status == 0, whole.stderr
    assert whole.summary["seconds_taken"] < PATIENCE
    assert 8.9 <= whole.summary["months_lived"] <= 9.5


def test_every_message_is_a_line_with_the_promised_fields(whole: Lived) -> None:
    assert len(whole.messages) == whole.summary["messages"] > 100
    for message in whole.messages:
        assert set(message) == FIELDS
        at = datetime.fromisoformat(message["at"])
        assert at.tzinfo is not None
        assert time(8) <= at.time() < time(21)
        assert message["segments"] <= 2
    assert whole.messages == sorted(whole.messages, key=lambda m: datetime.fromisoformat(m["at"]))


def test_the_story_holds_everything_that_the_engine_is_for(whole: Lived) -> None:
    counts = whole.summary
    assert set(counts["by_step"]) == {
        *("enrolled", "before_7", "before_3", "before_1"),
        *("changed", "cancelled", "post_miss", "plan_step", "plan_step_missed"),
        *("letter_request", "letter_nudge", "counsel_review", "packet_ready"),
    }
    assert set(counts["by_role"]) == {
        *("defendant", "mother", "aunt", "brother", "writer", "counsel"),
    }
    assert set(counts["by_language"]) == {"en", "es"}
    assert counts["by_status"]["failed"] == 1
    assert counts["tasks"]["step_missed"] == 1
    assert sum(counts["by_step"].values()) == sum(counts["by_channel"].values())
    assert counts["segments"] == sum(message["segments"] for message in whole.messages)


def test_reminders_go_out_at_ten_on_both_sides_of_the_clock_change(whole: Lived) -> None:
    reminders = [
        datetime.fromisoformat(message["at"])
        for message in whole.messages
        if message["step"].startswith(("before_", "post_miss")) or message["step"] == "plan_step"
    ]
    assert {at.time() for at in reminders} == {time(10)}
    assert len({at.utcoffset() for at in reminders}) == 2


def test_the_packet_opens_and_the_calendar_reads(whole: Lived) -> None:
    assert "word/document.xml" in unpack((whole.out / "packet.docx").read_bytes())
    facts = preflight((whole.out / "packet.pdf").read_bytes())
    assert facts.pages >= 6, "cover, contents, its own pages, a letter, a slip sheet, an exhibit"
    assert facts.has_text
    assert facts.tagged
    assert facts.letter_size
    events = Calendar.from_ical((whole.out / "calendar.ics").read_bytes()).walk("VEVENT")
    assert sum(event["STATUS"] == "CANCELLED" for event in events) == 1
    assert len(events) == 9
    assert any(
        event.decoded("SEQUENCE") == 2 and event["STATUS"] == "CONFIRMED" for event in events
    )


def test_the_packet_is_final_and_whole(whole: Lived) -> None:
    """Read by another reader than the demo's own."""
    pages = texts_of((whole.out / "packet.pdf").read_bytes())
    word = unpack((whole.out / "packet.docx").read_bytes())["word/document.xml"].decode()
    assert not any(squeezed(DRAFT_MARK) in page for page in pages)
    letter = next(n for n, page in enumerate(pages, start=1) if "/s/" in page)
    exhibit = next(n for n, page in enumerate(pages, start=1) if page.startswith("ExhibitA"))
    numbers = re.findall(r"\.{5,}(\d+)", pages[1])
    assert {str(letter), str(exhibit)} <= set(numbers)
    assert "her mother" in word
    assert ", counsel, March" in re.sub(r"<[^>]+>", "", word)


def test_the_packet_goes_from_hand_to_hand_in_order(whole: Lived) -> None:
    """Told in this order, and nobody but writer and counsel is written to about it."""
    flat = " ".join((whole.out / "timeline.txt").read_text().split())
    steps = (
        *("asks for a release packet", "Version 1", "(writer), a letter is asked for"),
        *("last pay stub", "Version 2", "a reminder of the letter", "and signs it", "Version 3"),
        *("drafting begins by itself", "reads version 3 to", "(counsel), a packet to read"),
        *("reads version 3, and approves it", "Version 4", "it is delivered"),
        *("(counsel), the approved packet", "files version 4", "Bail review is over"),
    )
    places = [flat.index(step) for step in steps]
    assert places == sorted(places)


def test_no_file_holds_what_opens_a_private_page(whole: Lived) -> None:
    for name in ("messages.jsonl", "timeline.txt", "summary.json"):
        words = (whole.out / name).read_text()
        assert not re.search(r"/(letter|tell|read|counsel)/[\w-]", words)
    steps = {"letter_request", "letter_nudge", "counsel_review", "packet_ready"}
    told = [message for message in whole.messages if message["step"] in steps]
    assert len(told) == 4
    assert all("https://hub.example.org/" in message["text"] for message in told)
    assert not re.search(r"hub\.example\.org/\w+/[\w-]", whole.stdout)


def test_the_timeline_is_printed_as_it_happens_and_kept_in_full(whole: Lived) -> None:
    kept = (whole.out / "timeline.txt").read_text()
    for words in ("is arrested", "walks out of the jail", "All charges are dismissed"):
        assert words in whole.stdout
        assert words in kept
    flat = " ".join(kept.replace("|", " ").split())
    for message in whole.messages:
        if message["status"] != "failed":
            assert " ".join(message["text"].split()) in flat


def test_the_same_seed_is_the_same_story(whole: Lived, bare: Lived) -> None:
    assert whole.messages == bare.messages
    varying = {"seconds_taken", "checks", "problems"}
    ours, theirs = whole.summary, bare.summary
    assert {k: v for k, v in ours.items() if k not in varying} == {
        k: v for k, v in theirs.items() if k not in varying
    }


def test_without_libreoffice_it_says_what_to_install_and_does_not_claim_a_pdf(bare: Lived) -> None:
    assert bare.status == 1
    assert not (bare.out / "packet.pdf").exists()
    assert (bare.out / "packet.docx").exists()
    false = [name for name, holds in bare.summary["checks"].items() if not holds]
    assert false == [
        "the_packet_is_a_pdf_with_pages",
        "each_page_of_the_draft_is_marked_and_none_of_the_final_version",
        "letter_and_exhibit_stand_where_the_contents_say",
    ]
    assert "libreoffice-writer" in " ".join(bare.summary["problems"])


def test_json_is_all_that_stands_on_standard_output(bare: Lived) -> None:
    assert json.loads(bare.stdout) == bare.summary
    assert "is arrested" in bare.stderr


def test_nothing_is_left_but_the_promised_files(whole: Lived, bare: Lived) -> None:
    names = {"messages.jsonl", "packet.docx", "packet.pdf", "calendar.ics", "timeline.txt"}
    assert {path.name for path in whole.out.iterdir()} == names | {"summary.json"}
    assert (bare.out / "mine.txt").read_text() == "not the demo's"
    for folder in (whole.out.parents[1] / "tmp1", bare.out.parent / "tmp2"):
        assert not list(folder.glob("homeward-demo-*"))
        assert not (folder / "data").exists()


def test_an_out_that_is_a_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "notes"
    out.write_text("mine")
    lived = finish(begin("--out", str(out), folder=tmp_path / "tmp"), out)
    assert lived.status == 1
    assert "is a file" in lived.stderr
    assert "Traceback" not in lived.stderr
    assert out.read_text() == "mine"


def test_a_demo_that_is_stopped_leaves_no_process_and_no_records(tmp_path: Path) -> None:
    process = begin("--out", str(tmp_path / "out"), folder=tmp_path / "tmp")
    assert process.stdout is not None
    try:
        next(line for line in process.stdout if "is arrested" in line)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert process.returncode == 1
    assert "Traceback" not in stderr
    assert family
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not list((tmp_path / "tmp").glob("homeward-demo-*"))
