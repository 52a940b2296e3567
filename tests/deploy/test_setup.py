"""`scripts/setup.sh` on made-up bare machines: what it chooses, installs, says and leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.bare_machine import Machine, bare_machine

OFFICE = "libreoffice-writer-nogui"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare_machine(tmp_path)


def installs(machine: Machine) -> list[str]:
    return [call for call in machine.calls if "pip" in call]


def test_the_newest_python_that_really_works_is_taken(machine: Machine) -> None:
    machine.python("python3.14", works=False)
    machine.python("python3.13", ensurepip=False)
    machine.python("python3.12")
    machine.python("python3")

    assert machine.setup().returncode == 0
    assert machine.calls[0] == "python3.12 -m venv --clear .venv"


def test_a_named_python_goes_before_the_newest(machine: Machine) -> None:
    machine.python("python3.14")
    machine.python("my-python")

    machine.setup(HOMEWARD_PYTHON="my-python")

    assert machine.calls[0].startswith("my-python ")


def test_packages_are_installed_by_hash_and_the_project_without_any(machine: Machine) -> None:
    machine.python("python3")

    machine.setup()

    locked, project = installs(machine)
    assert locked.endswith("--require-hashes -r requirements.lock")
    assert project.endswith("--no-deps --no-build-isolation -e .")


def test_a_second_start_installs_nothing(machine: Machine) -> None:
    machine.python("python3")
    machine.setup()
    before = machine.calls

    result = machine.setup()

    assert (result.returncode, result.stderr, machine.calls) == (0, "", before)


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.lock"])
def test_a_changed_file_is_installed_anew_into_the_same_environment(
    machine: Machine, changed: str
) -> None:
    machine.python("python3")
    machine.setup()
    with (machine.project / changed).open("a", encoding="utf-8") as file:
        file.write("\n")

    machine.setup()

    assert len(installs(machine)) == 4
    assert len([call for call in machine.calls if "venv" in call]) == 1


def test_a_project_that_was_moved_gets_a_new_environment(machine: Machine) -> None:
    machine.python("python3")
    machine.setup()
    moved = machine.project.rename(machine.project.with_name("moved"))

    Machine(moved, machine.commands).setup()

    assert len([call for call in machine.calls if "-m venv" in call]) == 2


def test_an_interrupted_installation_is_done_again(machine: Machine) -> None:
    machine.python("python3")
    machine.setup()
    (machine.project / ".venv" / ".homeward-run").unlink()

    machine.setup()

    assert len(installs(machine)) == 4


def test_the_tests_packages_come_from_their_own_lock(machine: Machine) -> None:
    machine.python("python3")

    machine.setup("dev")

    assert installs(machine)[0].endswith("-r requirements-dev.lock")


def test_root_gets_the_missing_part_of_debians_python(machine: Machine) -> None:
    machine.python("python3", ensurepip=False)
    machine.user(0)
    machine.apt()

    assert machine.setup().returncode == 0
    assert [call.split()[-1] for call in machine.calls[:2]] == ["update", "python3-venv"]


def test_without_root_one_line_says_what_to_type_for_python(machine: Machine) -> None:
    machine.python("python3", ensurepip=False)
    machine.apt()

    result = machine.setup()

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "Type: sudo apt-get install python3-venv" in result.stderr


@pytest.mark.parametrize("too_old", [True, False])
def test_without_a_recent_python_one_line_says_so(machine: Machine, too_old: bool) -> None:
    if too_old:
        machine.python("python3", old=True)

    result = machine.setup()

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "no Python 3.11 or newer" in result.stderr


def test_root_gets_libreoffice(machine: Machine) -> None:
    machine.python("python3")
    (machine.commands / "soffice").unlink()
    machine.user(0)
    machine.apt()

    assert machine.setup().returncode == 0
    assert machine.calls[-1].endswith(f"--no-install-recommends install {OFFICE}")


def test_sudo_without_a_password_will_do(machine: Machine) -> None:
    machine.python("python3")
    (machine.commands / "soffice").unlink()
    machine.apt()
    machine.command("sudo", '#!/bin/sh\nshift\n[ "$1" = true ] || "$@"\n')

    machine.setup()

    assert machine.calls[-1].endswith(OFFICE)


def test_without_libreoffice_one_line_says_what_to_type_and_what_goes_without(
    machine: Machine,
) -> None:
    machine.python("python3")
    machine.setup()
    (machine.commands / "soffice").unlink()

    result = machine.setup()

    assert result.returncode == 0
    assert result.stderr.count("\n") == 1
    assert f"Type: sudo apt-get install --no-install-recommends {OFFICE}" in result.stderr
    assert "DOCX only, not as PDF" in result.stderr


def test_a_failed_installation_is_not_tried_at_every_start(machine: Machine) -> None:
    machine.python("python3")
    (machine.commands / "soffice").unlink()
    machine.user(0)
    machine.apt(works=False)
    first = machine.setup()
    before = machine.calls

    second = machine.setup()

    assert (first.returncode, second.returncode) == (0, 0)
    assert "missing: " in second.stderr
    assert machine.calls == before


def test_nobody_but_root_is_given_a_database_server(machine: Machine) -> None:
    machine.python("python3")
    (machine.commands / "shellcheck").unlink()
    machine.apt()
    machine.command("sudo", '#!/bin/sh\nshift\n[ "$1" = true ] || "$@"\n')

    result = machine.setup("dev")

    assert result.returncode == 0
    assert "missing: shellcheck" in result.stderr
    assert not any("apt-get" in call for call in machine.calls)
