"""An office for each test, and an advocate who is signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.pages.office import Browser, Office


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office that was just opened: migrated once, copied for each test."""
    folder = tmp_path_factory.mktemp("fresh") / "var"
    Office.at(folder).close()
    return folder


@pytest.fixture
def office(fresh: Path, tmp_path: Path) -> Iterator[Office]:
    """An office without cases."""
    folder = tmp_path / "var"
    shutil.copytree(fresh, folder)
    office = Office.at(folder)
    yield office
    office.close()


@pytest.fixture(scope="module")
def quiet(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that a file's tests share, because they change nothing in it."""
    folder = tmp_path_factory.mktemp("quiet") / "var"
    shutil.copytree(fresh, folder)
    office = Office.at(folder)
    yield office
    office.close()


@pytest.fixture
def rosa(office: Office) -> Browser:
    """Rosa, an advocate of the hub."""
    return office.staff()


@pytest.fixture
def fresh_sms(fresh: Path, tmp_path: Path) -> Iterator[Office]:
    """An office whose texts would leave through a provider; nothing is sent in its tests."""
    folder = tmp_path / "sms"
    shutil.copytree(fresh, folder)
    office = Office.at(
        folder,
        sms_url="http://127.0.0.1:9",
        sms_account="AC0",
        sms_token="none",
        sms_sender="+13055550100",
    )
    yield office
    office.close()
