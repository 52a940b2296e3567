"""Ending e-mail from a link: looking changes nothing, one click ends it, and only there."""

import re
from collections.abc import Mapping

import pytest
from httpx import Response
from sqlmodel import col, select

from api.pages.desk import plain_sheet
from api.pages.guard import POLICY
from domain.vocabulary import Channel
from records.crypto import install, keys
from records.tables import AuditEvent, Consent, ContactPoint, OutboxRow
from records.unsubscribing import find_way_out, unsubscribe_token
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case, a_mother

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
DENISE = "denise@example.org"


def denises(office: Office, *, language: str = "en") -> str:
    """Denise is reached by text and by e-mail; the address that ends the e-mail."""
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW, email=DENISE, language=language)
    return f"/u/{unsubscribe_token(contact(office).id)}"


def contact(office: Office, channel: Channel = Channel.EMAIL) -> ContactPoint:
    """The newest contact of a channel."""
    with office.house.records.reading(office.hub_id) as session:
        found = select(ContactPoint).where(ContactPoint.channel == channel)
        return session.exec(found.order_by(col(ContactPoint.id).desc())).all()[0]


def click(browser: Browser, address: str, headers: Mapping[str, str] | None = None) -> Response:
    """What a mail program sends: no cookie, no origin."""
    return browser.post(address, ONE_CLICK, headers or {})


def changes(office: Office) -> list[int]:
    """How many rows there are of whatever could have changed."""
    with office.house.records.reading(office.hub_id) as session:
        return [
            len(session.exec(select(table)).all()) for table in (AuditEvent, OutboxRow, Consent)
        ]


def test_looking_asks_and_changes_nothing(office: Office) -> None:
    address = denises(office)
    before = changes(office)
    for _ in range(3):
        page = office.browser().get(address)
    assert page.status_code == 200
    assert "Stop these e-mails?" in said(page)
    assert "Liberty City Defense" in said(page)
    assert "(305) 555-0100" in said(page)
    assert contact(office).opted_out_at is None
    assert changes(office) == before
    assert "set-cookie" not in page.headers


def test_one_click_ends_that_mailbox_alone_and_a_second_says_the_same(office: Office) -> None:
    address, browser = denises(office), office.browser()
    answer = click(browser, address)
    assert answer.status_code == 200
    assert "The e-mails have stopped" in said(answer)
    assert contact(office).opted_out_at == NOW
    assert contact(office, Channel.SMS).opted_out_at is None
    after = changes(office)
    again = click(browser, address)
    assert (again.status_code, said(again)) == (200, said(answer))
    assert changes(office) == after
    assert "The e-mails have stopped" in said(browser.get(address))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://mail.example.org"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_the_click_may_come_from_anywhere(office: Office, headers: Mapping[str, str]) -> None:
    address = denises(office)
    assert click(office.browser(), address, headers).status_code == 200
    assert contact(office).opted_out_at == NOW


def test_the_consent_ends_with_it_and_the_case_hears_of_it(office: Office) -> None:
    address = denises(office)
    told = changes(office)[1]
    click(office.browser(), address)
    with office.house.records.reading(office.hub_id) as session:
        found = session.exec(select(Consent).where(Consent.contact_id == contact(office).id))
        assert [consent.withdrawn_at for consent in found.all()] == [NOW]
    assert changes(office)[1] > told


@pytest.mark.parametrize(
    ("language", "asks", "ended"),
    [
        ("en", "Stop these e-mails?", "The e-mails have stopped"),
        ("es", "¿Parar estos correos?", "Los correos pararon"),
        ("ht", "Sispann imèl sa yo?", "Imèl yo sispann"),
    ],
)
def test_the_page_speaks_the_persons_language(
    office: Office, language: str, asks: str, ended: str
) -> None:
    address, browser = denises(office, language=language), office.browser()
    page = browser.get(address)
    assert asks in said(page)
    assert f'<html lang="{language}">' in page.text
    assert ended in said(click(browser, address))


def test_a_link_that_is_not_ours_is_told_calmly_and_changes_nothing(office: Office) -> None:
    token = denises(office).removeprefix("/u/")
    phone = unsubscribe_token(contact(office, Channel.SMS).id)
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    strangers = ["x", "é", "%00", "A" * 48, token[:-4], f"{token}AAAA", changed, phone]
    browser = office.browser()
    for one in strangers:
        for answer in (browser.get(f"/u/{one}"), click(browser, f"/u/{one}")):
            assert answer.status_code == 404, one
            assert "This link does not work" in said(answer)
    assert contact(office).opted_out_at is None
    assert contact(office, Channel.SMS).opted_out_at is None


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "Este enlace no funciona"),
        ("ht", "Lyen sa a pa mache"),
        ("vi, ht;q=0.5", "Lyen sa a pa mache"),
        ("en-US,es;q=0.5", "This link does not work"),
        ("vi", "This link does not work"),
        ("", "This link does not work"),
    ],
)
def test_a_strange_link_is_told_in_the_browsers_language(
    office: Office, wishes: str, words: str
) -> None:
    answer = office.browser().http.get("/u/nothing", headers={"Accept-Language": wishes})
    assert words in said(answer)


def test_links_in_old_mail_go_on_working_after_a_new_key(office: Office) -> None:
    address = denises(office)
    before = keys()
    install(before.rotated())
    try:
        assert find_way_out(office.house.records, address.removeprefix("/u/")) is not None
    finally:
        install(before)


def test_it_is_small_plain_and_safe(office: Office) -> None:
    page = office.browser().get(denises(office, language="es"))
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert DENISE not in page.text
    assert "Denise" not in page.text
    (sheet,) = re.findall(r'href="(/plain\.css[^"]*)"', page.text)
    style = office.browser().get(sheet)
    assert style.status_code == 200
    assert style.headers["content-type"].startswith("text/css")
    assert len(page.content) + len(style.content) <= 14 * 1024
    assert style.content == plain_sheet()


def test_whoever_waits_for_the_records_holds_nobody_up(office: Office) -> None:
    assert office.post_while_held(denises(office)).status_code == 200
    assert contact(office).opted_out_at is not None
