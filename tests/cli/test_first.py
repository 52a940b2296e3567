"""`homeward hub set-up-address` and `homeward hub first`: ways in without a printed password."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli.first import way_in
from cli.main import build_app
from engine.addresses import set_up_url
from engine.building import open_the_records
from engine.settings import Settings
from records.access import who_knows
from records.first_run import AddressOver, address_of, find_owner
from records.tables import Hub, StaffMember
from tests.admins import an_example

WORDS = "river stone lamp nine"
WHO = ("--name", "Rosa Quill", "--sign-in", "rosa")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation."""
    monkeypatch.setenv("HOMEWARD_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("HOMEWARD_FIRST_PASSWORD", raising=False)
    return tmp_path


def hub(*words: str, typed: str = "") -> Result:
    """Run `homeward hub` with these words."""
    return CliRunner().invoke(build_app("hub"), ["hub", *words], input=typed)


def token_of(address: str) -> str:
    """What stands behind the last slash."""
    return address.rpartition("/")[2]


def test_the_first_start_says_where_to_set_up_and_later_ones_who_signs_in() -> None:
    records, now = open_the_records(Settings()), datetime.now(UTC)
    said = way_in(records, Settings(), now)
    first = said.split()[-1]
    assert first.startswith("http://127.0.0.1:8000/set-up/")
    assert "password" not in said
    address_of(records, token_of(first), now)
    again = way_in(records, Settings(), now).split()[-1]
    with pytest.raises(AddressOver):
        address_of(records, token_of(first), now)
    address_of(records, token_of(again), now)
    an_example(records)
    assert "/set-up/" in way_in(records, Settings(), now)
    assert hub("first", *WHO, "--password-file", "-", typed=WORDS).exit_code == 0
    assert way_in(records, Settings(), now).startswith("Sign in as: rosa ")
    records.close()


def test_a_new_address_ends_the_one_before_and_none_is_made_for_an_owner() -> None:
    made = [json.loads(hub("set-up-address", "--json").stdout)["address"] for _ in range(2)]
    records, now = open_the_records(Settings()), datetime.now(UTC)
    with pytest.raises(AddressOver):
        address_of(records, token_of(made[0]), now)
    address_of(records, token_of(made[1]), now)
    assert hub("first", *WHO, "--password-file", "-", typed=WORDS).exit_code == 0
    refused = hub("set-up-address")
    assert refused.exit_code == 1
    assert "/set-up/" not in refused.output
    assert "has an administrator already" in refused.output
    records.close()


@pytest.mark.parametrize(
    ("changed", "begin"),
    [
        ({}, "http://127.0.0.1:8000/set-up/x"),
        ({"host": "0.0.0.0", "port": 8010}, "http://127.0.0.1:8010/set-up/x"),
        ({"host": "::"}, "http://127.0.0.1:8000/set-up/x"),
        ({"public_url": "https://hub.example.org/"}, "https://hub.example.org/set-up/x"),
    ],
)
def test_the_address_is_one_that_can_be_opened(changed: dict[str, object], begin: str) -> None:
    assert set_up_url(Settings(**changed), "x") == begin  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["file", "standard input", "environment"])
def test_the_first_administrator_is_made_without_a_browser(
    data: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    words, typed = [*WHO], ""
    if way == "file":
        (data / "word").write_text(f"{WORDS}\n", encoding="utf-8")
        words += ["--password-file", str(data / "word")]
    elif way == "standard input":
        words, typed = [*words, "--password-file", "-"], f"{WORDS}\n"
    else:
        monkeypatch.setenv("HOMEWARD_FIRST_PASSWORD", WORDS)
    about = ["--hub-name", "Liberty City Defense", "--phone", "305 555 0100"]
    done = hub("first", *words, *about, "--zone", "America/Chicago", "--json", typed=typed)
    assert done.exit_code == 0, done.output
    assert WORDS not in done.output
    records = open_the_records(Settings())
    member = who_knows(records, "rosa", WORDS)
    assert member is not None
    assert member.id == json.loads(done.stdout)["id"]
    with records.reading(member.hub_id) as session:
        row = session.exec(select(Hub)).one()
    assert (row.name, row.phone, row.zone) == (
        *("Liberty City Defense", "+13055550100", "America/Chicago"),
    )
    records.close()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--name", " ", "--sign-in", "rosa"), "--name"),
        (("--name", "Rosa", "--sign-in", "Rosa Quill"), "small letters"),
        ((*WHO, "--language", "tlh"), "en or es"),
        ((*WHO, "--phone", "12"), "--phone"),
        ((*WHO, "--zone", "Mars/Olympus"), "not a time zone"),
    ],
)
def test_what_makes_no_sense_makes_nobody(words: tuple[str, ...], why: str) -> None:
    refused = hub("first", *words, "--password-file", "-", typed=WORDS)
    assert refused.exit_code == 1
    assert why in refused.output
    records = open_the_records(Settings())
    assert find_owner(records) is None
    records.close()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "fewer than 12"),
        ("x" * 201, "more than 200"),
        ("password2026!", "anybody would try"),
        ("", "fewer than 12"),
    ],
)
def test_the_password_is_held_to_the_same_rules(password: str, why: str) -> None:
    refused = hub("first", *WHO, "--password-file", "-", typed=password)
    assert refused.exit_code == 1
    assert why in refused.output
    assert not password or password not in refused.output


def test_without_a_terminal_a_password_is_not_asked_for() -> None:
    refused = hub("first", *WHO)
    assert refused.exit_code == 1
    assert "HOMEWARD_FIRST_PASSWORD" in refused.output
    assert hub("first", *WHO, "--password", WORDS).exit_code == 2
    assert hub("first", *WHO, "--password-file", "not-there").exit_code == 1


def test_there_is_one_first_administrator_and_no_name_twice() -> None:
    records = open_the_records(Settings())
    an_example(records)
    example = ("--name", "Ines", "--sign-in", "example-admin")
    taken = hub("first", *example, "--password-file", "-", typed=WORDS)
    assert taken.exit_code == 1
    assert "under this name already" in taken.output
    assert hub("first", *WHO, "--password-file", "-", typed=WORDS).exit_code == 0
    second = hub("first", "--name", "Sol", "--sign-in", "sol", "--password-file", "-", typed=WORDS)
    assert second.exit_code == 1
    assert "has an administrator already" in second.output
    with records.reading(records.sole_hub()) as session:
        assert [one.sign_in for one in session.exec(select(StaffMember)).all()] == ["rosa"]
    records.close()
