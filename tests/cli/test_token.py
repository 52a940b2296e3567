"""`homeward token`: a secret is shown once, works, and ends when it is revoked."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli.main import build_app
from domain.vocabulary import Role
from engine.building import open_the_records
from engine.settings import Settings
from records.access import caller_of_token, who_knows
from records.hubs import make_hub
from records.second_factors import make_recovery_codes
from records.tables import ApiToken, AuditEvent, Passkey, RecoveryCode, StaffMember
from tests.admins import an_administrator


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path))
    return tmp_path


def homeward(*words: str) -> Result:
    """Run `homeward token` with these words."""
    return CliRunner().invoke(build_app("token"), ["token", *words])


def told(*words: str) -> dict[str, Any]:
    """What it says in JSON; it must have worked."""
    answer = homeward(*words, "--json")
    assert answer.exit_code == 0, answer.output
    said: dict[str, Any] = json.loads(answer.stdout)
    return said


def test_a_token_is_made_works_and_is_refused_once_it_is_revoked() -> None:
    made = told("intake form", "--role", "advocate", "--days", "2")
    records = open_the_records(Settings())
    now = datetime.now(UTC)
    caller = caller_of_token(records, made["secret"], now)
    assert caller is not None
    assert (caller.role, caller.name) == (Role.ADVOCATE, "intake form")
    assert caller_of_token(records, made["secret"], now + timedelta(days=3)) is None
    assert told("--revoke", made["id"])["revoked_at"] is not None
    assert caller_of_token(records, made["secret"], now) is None
    records.close()


def test_a_list_shows_no_secret() -> None:
    made = told("page", "--role", "counsel")
    listed = homeward("--list", "--json")
    assert json.loads(listed.stdout) == {key: made[key] for key in made if key != "secret"}
    for answer in (listed, homeward("--list")):
        assert answer.exit_code == 0
        assert made["id"] in answer.stdout.replace("\n", "")
        assert made["secret"] not in answer.stdout
    records = open_the_records(Settings())
    with records.reading("") as session:
        kept = session.exec(select(ApiToken)).one()
    assert made["secret"] not in kept.token_hash
    records.close()


def test_with_several_hubs_one_is_named() -> None:
    records = open_the_records(Settings())
    other = make_hub(records, name="Overtown Families", slug="overtown")
    records.close()
    unnamed = homeward("page", "--role", "counsel")
    assert unnamed.exit_code == 1
    made = told("page", "--role", "counsel", "--hub", "overtown")
    records = open_the_records(Settings())
    caller = caller_of_token(records, made["secret"], datetime.now(UTC))
    assert caller is not None
    assert caller.hub_id == other.id
    records.close()


def test_a_forgotten_password_is_replaced() -> None:
    records = open_the_records(Settings())
    an_administrator(records)
    password = told("--reset", "admin")["password"]
    assert who_knows(records, "admin", password) is not None
    records.close()
    assert homeward("--reset", "nobody").exit_code == 1


def test_a_lost_second_factor_is_removed_when_asked_and_kept_otherwise() -> None:
    records = open_the_records(Settings())
    an_administrator(records)
    hub_id = records.sole_hub()
    with records.writing(hub_id) as session:
        admin = session.exec(select(StaffMember)).one()
        session.add(Passkey(staff_id=admin.id, credential_hash="x", name="Rosa's phone"))
        make_recovery_codes(session, admin.id)
    kept = homeward("--reset", "admin")
    assert "still asked for" in kept.output
    assert told("--reset", "admin")["second_factor"] is True
    removed = homeward("--reset", "admin", "--second-factor")
    assert "codes, passkeys and recovery codes are removed" in removed.output
    with records.reading(hub_id) as session:
        assert session.exec(select(Passkey)).all() == []
        assert session.exec(select(RecoveryCode)).all() == []
        actions = [row.action for row in session.exec(select(AuditEvent)).all()]
    assert actions == ["reset a password"] * 3 + ["removed second factors"]
    records.close()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ((), 1),
        (("page",), 1),
        (("page", "--role", "king"), 2),
        (("page", "--role", "counsel", "--list"), 1),
        (("page", "--role", "counsel", "--days", "0"), 2),
        (("two\nlines", "--role", "counsel"), 1),
        (("--revoke", "0" * 32), 1),
        (("--list", "--second-factor"), 1),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], status: int) -> None:
    assert homeward(*words).exit_code == status
