"""An office that every test finds empty, and an advocate who is signed in.

The office is opened once and emptied for each test: opening anew would cost more than the test.
"""

from collections.abc import Iterator

import pytest

from tests.api.pages.office import Browser, Office

PROVIDER = {
    "sms_url": "http://127.0.0.1:9",
    "sms_account": "AC0",
    "sms_token": "none",
    "sms_sender": "+13055550100",
}
"""A provider that nothing is ever sent to in these tests."""


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office itself."""
    office = Office.at(tmp_path_factory.mktemp("office"))
    yield office
    office.close()


@pytest.fixture(scope="session")
def opened_with_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Another whose texts would leave through a provider."""
    office = Office.at(tmp_path_factory.mktemp("provider"), **PROVIDER)
    yield office
    office.close()


@pytest.fixture
def office(opened: Office) -> Office:
    """An office without cases and without staff."""
    opened.empty()
    return opened


@pytest.fixture
def fresh_sms(opened_with_provider: Office) -> Office:
    """The same where texts leave through a provider."""
    opened_with_provider.empty()
    return opened_with_provider


@pytest.fixture
def rosa(office: Office) -> Browser:
    """Rosa, an advocate of the hub."""
    return office.staff()
