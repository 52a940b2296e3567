"""Every kind of message can be read before anybody gets one."""

import pytest

from domain.message_steps import VARIANTS
from domain.vocabulary import Role
from tests.api.pages.office import Browser, Office, said


def test_every_kind_is_listed_once(rosa: Browser) -> None:
    page = rosa.get("/messages").text
    for step in VARIANTS:
        assert page.count(f'href="/messages/{step}"') == 1, step


@pytest.mark.parametrize("step", VARIANTS)
def test_each_is_shown_in_every_language_with_what_a_text_costs(rosa: Browser, step: str) -> None:
    page = rosa.get(f"/messages/{step}").text
    for code in ("en", "es", "ht"):
        assert f'lang="{code}"' in page
    assert "part" in said(rosa.get(f"/messages/{step}"))


def test_it_bears_the_hubs_own_name_and_phone(rosa: Browser) -> None:
    words = rosa.words("/messages/before_3")
    assert "Liberty City Defense: Hi Denise" in words
    assert "305-555-0100" in words.replace("(305) ", "305-")
    assert "To family, while they are in custody" in words


def test_mail_has_its_subject_and_a_call_is_read_out(rosa: Browser) -> None:
    assert 'class="subject"' in rosa.get("/messages/before_3?way=email").text
    assert "3 0 5, 5 5 5, 0 1 0 0" in rosa.words("/messages/before_3?way=voice")
    assert "parts" not in rosa.words("/messages/before_3?way=voice")


def test_no_such_kind_is_not_there(rosa: Browser) -> None:
    assert rosa.get("/messages/before_99").status_code == 404
    assert rosa.get("/messages/before_3?way=pigeon").status_code == 200


def test_an_administrator_reads_them_too(office: Office) -> None:
    admin = office.staff(Role.HUB_ADMIN)
    office.staff()
    assert "What messages say" in admin.words("/messages")
