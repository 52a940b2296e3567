"""The outbox: every message, word for word, and honestly labelled."""

import pytest

from tests.api.pages.office import NOW, Browser, Office
from tests.houses import a_case, a_hearing, a_mother


def test_an_empty_outbox_says_when_it_fills(rosa: Browser) -> None:
    assert "No message was written yet" in rosa.words("/outbox")


def test_it_says_to_whom_what_in_which_language_and_what_became_of_it(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW, language="es")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    answer = rosa.get("/outbox")
    page = rosa.words("/outbox")
    assert "Nothing leaves this machine" in page
    assert "To Denise, mother of Marcus Johnson kept here, not sent" in page
    assert "Welcome and date · text · Spanish Wed 2 Dec 2026, 10:00" in page
    assert "To Marcus Johnson kept here, not sent" in page
    assert 'class="letter" lang="es"' in answer.text


@pytest.mark.parametrize("page", ["0", "x", "99", "-1", "9" * 30, "²"])
def test_any_page_number_leads_to_a_page_that_is_there(
    office: Office, rosa: Browser, page: str
) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    assert "Hi Marcus" in rosa.words(f"/outbox?page={page}")


def test_e_mail_is_shown_with_its_subject(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW, phone="", email="denise@example.org")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    page = rosa.words("/outbox")
    assert "Welcome and date · e-mail · English" in page
    assert "from Liberty City Defense" in page
