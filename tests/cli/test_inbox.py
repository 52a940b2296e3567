"""The inbox, the team and a trial on the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner, Result

from cli.main import build_app
from engine.building import open_the_records
from engine.settings import Settings
from records.circle import mark_unreachable
from records.database import Records
from records.replies import receive_text
from records.tables import Answer, Case, ContactPoint, Hub, HumanTask, OutboxRow
from tests.houses import ROSA, a_case, a_mother, hub_of

NOW = datetime.now(UTC)
DENISE = "+13055550111"


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    """An installation in which Denise stands by Marcus."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    opened = open_the_records(Settings())
    a_mother(opened, a_case(opened, NOW, phone=""), NOW)
    return opened


def homeward(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(build_app(words[0]), list(words))


def told(*words: str) -> list[dict[str, Any]]:
    """What a command says in JSON; it must have worked."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_what_waits_is_shown_and_an_answer_ends_the_waiting(records: Records) -> None:
    assert "Nobody waits for an answer" in homeward("inbox").stdout
    receive_text(records, DENISE, "Where do I park?", "SM1", NOW)
    shown = homeward("inbox").stdout
    [one] = told("inbox")
    assert "Denise Johnson, mother of Marcus Johnson  reply waiting" in shown
    assert f"reply {one['id']}" in shown
    assert (one["text"], one["waits_for"]) == ("Where do I park?", ["reply_waiting"])
    assert homeward("answer", one["id"], "  ").exit_code == 1
    assert homeward("answer", "0" * 32, "Hello").exit_code == 1
    written = homeward("answer", one["id"], "Behind the court.")
    assert written.exit_code == 0, written.output
    assert told("inbox") == []
    assert [row["id"] for row in told("inbox", "--all")] == [one["id"]]
    with records.reading(hub_of(records)) as session:
        answer = session.exec(select(Answer).where(Answer.step == "answer")).one()
        assert (answer.body, answer.written_by) == ("Behind the court.", "command line")
        assert session.exec(select(HumanTask)).one().closed_by == "command line"


def test_what_somebody_wrote_does_nothing_to_the_terminal(records: Records) -> None:
    words = "[bold]hi[/x] \x1b[2J\x1b]0;pwned\x07 \u202etxet"
    receive_text(records, DENISE, words, "SM1", NOW)
    shown = homeward("inbox").stdout
    assert "[bold]hi[/x]" in shown
    assert not set("\x1b\x07\u202e") & set(shown)
    assert told("inbox")[0]["text"] == words


def test_where_nothing_may_be_sent_it_says_what_to_do(records: Records) -> None:
    receive_text(records, DENISE, "Where do I park?", "SM1", NOW)
    [one] = told("inbox")
    receive_text(records, DENISE, "STOP", "SM2", NOW)
    refused = homeward("answer", one["id"], "Behind the court.")
    assert refused.exit_code == 1
    assert "They asked for no more messages there" in refused.output


def test_whom_nothing_reaches_is_shown_with_the_reason(records: Records) -> None:
    [marcus] = told("unreachable")
    assert (marcus["reachable"], marcus["closed"]) == (False, [])
    with records.writing(hub_of(records)) as session:
        contact = session.exec(select(ContactPoint)).one()
        mark_unreachable(session, contact, "30006", ROSA, NOW)
    reasons = [way["words"] for one in told("unreachable") for way in one["closed"]]
    assert reasons == ["the number is a landline"]
    shown = homeward("unreachable", "--nobody-left").stdout
    assert "landline" in shown


def test_a_trial_is_set_and_every_case_is_planned_again(records: Records) -> None:
    answer = homeward("hub", "set", "--trial", "--daily-cap", "40", "--text-name", " LCD ")
    assert answer.exit_code == 0, answer.output
    assert "nobody gets anything yet" in answer.stdout
    with records.reading("") as session:
        hub = session.exec(select(Hub)).one()
        assert (hub.trial, hub.daily_cap, hub.text_name) == (True, 40, "LCD")
        case = session.exec(select(Case)).one()
        news = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq).desc())).first()
        assert news is not None
        assert (news.subject_id, news.revision) == (case.id, case.revision)
    assert homeward("hub", "set", "--no-trial").exit_code == 0
    assert homeward("hub", "set", "--text-name", "x" * 41).exit_code == 1
    assert homeward("hub", "set", "--zone", "Mars/Olympus").exit_code == 1
    with records.reading("") as session:
        hub = session.exec(select(Hub)).one()
        assert (hub.trial, hub.daily_cap, hub.text_name) == (False, 40, "LCD")


def test_the_team_is_named_listed_and_removed(records: Records) -> None:
    assert homeward("hub", "team", "add", "305-555-0188", "--label", "Rosa").exit_code == 0
    assert homeward("hub", "team", "add", "rosa@example.org").exit_code == 0
    assert homeward("hub", "team", "add", "+1 305 555 0188", "--label", "Li").exit_code == 0
    phone, mailbox = told("hub", "team", "list")
    assert (phone["label"], phone["channel"], mailbox["channel"]) == ("Li", "sms", "email")
    assert "rosa@example.org" in homeward("hub", "team", "list").stdout
    assert homeward("hub", "team", "remove", phone["id"]).exit_code == 0
    assert homeward("hub", "team", "remove", phone["id"]).exit_code == 1
    assert homeward("hub", "team", "add", "12").exit_code == 1
    assert [row["id"] for row in told("hub", "team", "list")] == [mailbox["id"]]
