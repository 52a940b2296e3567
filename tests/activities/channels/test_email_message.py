"""The e-mail itself: readable as text and as HTML, stable, and closed to injected headers."""

from __future__ import annotations

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from activities.channels import Outgoing, RefusalKind, Refused
from activities.channels.email_message import build_email, mailbox
from tests.activities.channels.conftest import NOON

HUB = Address("Hub", "hub", "example.org")
INVITATION = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "PRODID:-//Homeward//EN",
        "VERSION:2.0",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:hearing-1@example.org",
        "DTSTAMP:20260304T170000Z",
        "DTSTART:20260311T130000Z",
        "SUMMARY:Court – sala 4",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
).encode()


def built(to: str = "ana@example.org", text: str = "Hello", **more: Any) -> EmailMessage:
    """A message as the recipient's program parses it from the wire."""
    values = {"message_id": "m-1", "subject": "Court on Wednesday"} | more
    raw = build_email(Outgoing(to=to, text=text, **values), HUB, NOON).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return message_from_bytes(raw, policy=default)


class Shown(HTMLParser):
    """What a reader sees, and the tags that make it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def part(message: EmailMessage, kind: str) -> str:
    (found,) = [p for p in message.walk() if p.get_content_type() == kind]
    content = found.get_content()
    return content.decode() if isinstance(content, bytes) else str(content)


def test_it_has_a_text_and_an_html_form_in_its_language() -> None:
    message = built(text="Señora Núñez:\n\nvenga el miércoles\na las 9.", language="es")
    lines = part(message, "text/plain").splitlines()
    assert lines == ["Señora Núñez:", "", "venga el miércoles", "a las 9."]
    shown = Shown(part(message, "text/html"))
    assert ("html", {"lang": "es"}) in shown.tags
    assert [tag for tag, _ in shown.tags].count("p") == 2
    assert "venga el miércoles" in shown.words
    assert message["Content-Language"] == "es"


def test_headers_say_who_when_and_that_a_program_wrote() -> None:
    message = built()
    assert message["From"] == "Hub <hub@example.org>"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == "<m-1@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message


@given(st.text(min_size=1))
def test_the_message_id_is_stable_and_safe_whatever_the_id(message_id: str) -> None:
    first, again = built(message_id=message_id), built(message_id=message_id)
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_one_click_stops_the_mail_over_https_only() -> None:
    secure = built(unsubscribe_url="https://hub.example.org/stop/abc")
    assert secure["List-Unsubscribe"] == "<https://hub.example.org/stop/abc>"
    assert secure["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = built(unsubscribe_url="http://127.0.0.1:8000/stop/abc")
    assert plain["List-Unsubscribe"] == "<http://127.0.0.1:8000/stop/abc>"
    assert "List-Unsubscribe-Post" not in plain


def test_long_addresses_in_headers_stay_whole_on_the_wire() -> None:
    url = f"https://court-help.a-long-name-of-a-hub.example.org/u/{'Ab3-' * 12}"
    hub = Address("Hub", "hub", "mail.court-help.a-long-name-of-a-hub.example.org")
    out = Outgoing("0" * 32, "ana@example.org", "Hello", unsubscribe_url=url)
    lines = build_email(out, hub, NOON).as_bytes().decode().split("\r\n")
    assert f"List-Unsubscribe: <{url}>" in lines
    assert f"Message-ID: <{'0' * 32}@{hub.domain}>" in lines


def test_the_invitation_is_offered_once_to_the_program_and_once_as_a_file() -> None:
    message = built(invitation=INVITATION)
    (offered,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert offered.get_param("method") == "REQUEST"
    for payload in (offered.get_payload(decode=True), part(message, "application/ics").encode()):
        assert isinstance(payload, bytes)
        assert payload == INVITATION
        (event,) = Calendar.from_ical(payload.decode()).walk("VEVENT")
        assert event["SUMMARY"] == "Court – sala 4"


def test_a_cancellation_says_so() -> None:
    message = built(invitation=INVITATION.replace(b"REQUEST", b"CANCEL"))
    assert 'method="CANCEL"' in message.as_string()


@pytest.mark.parametrize(
    "invitation", [b"", INVITATION.replace(b"METHOD:REQUEST", b"METHOD:X"), b"METHOD:REQUEST\xff"]
)
def test_an_invitation_that_is_none_is_refused(invitation: bytes) -> None:
    with pytest.raises(Refused) as refused:
        built(invitation=invitation)
    assert refused.value.kind is RefusalKind.BAD_REQUEST


@pytest.mark.parametrize("field", ["subject", "language", "unsubscribe_url"])
@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\0"])
def test_a_line_break_in_a_header_is_refused(field: str, breaker: str) -> None:
    with pytest.raises(Refused) as refused:
        built(**{field: f"Court{breaker}Bcc: all@example.org"})
    assert refused.value.kind is RefusalKind.BAD_REQUEST


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@",
        "ana@",
        "@example.org",
        "ana@example.org\nBcc: all@example.org",
        "ana@example.org, all@example.org",
        "ana@example.org>, <all@example.org",
        "josé@example.org",
        "ana lia@example.org",
        "<ana@example.org> SIZE=1",
    ],
)
def test_what_is_not_one_mailbox_is_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        built(to=address)
    assert refused.value.kind is RefusalKind.PERMANENT


@pytest.mark.parametrize("written", ["Hub <hub@example.org>", '"Hub" <hub@example.org>'])
def test_a_sender_may_have_a_name(written: str) -> None:
    assert mailbox(written) == HUB
    assert mailbox("hub@example.org").addr_spec == "hub@example.org"


@given(st.text(max_size=40) | st.from_regex(r"[a-z.<> ]{1,6}@[a-z.<>, ]{1,9}", fullmatch=True))
def test_no_address_brings_another_recipient_or_header(address: str) -> None:
    try:
        found = mailbox(address)
    except Refused:
        return
    assert found.addr_spec.count("@") == 1
    assert found.addr_spec.isprintable()
    assert " " not in found.addr_spec


@given(st.text(max_size=200))
def test_no_words_become_markup(text: str) -> None:
    shown = Shown(part(built(text=text), "text/html"))
    assert {tag for tag, _ in shown.tags} <= {
        *("html", "head", "meta", "title", "body", "p", "br", "a")
    }


def test_a_link_can_be_followed_without_its_full_stop() -> None:
    text = 'Map: https://example.org/map?a=1&b=2. <script>alert("1")</script>'
    shown = Shown(part(built(text=text), "text/html"))
    (link,) = [attributes for tag, attributes in shown.tags if tag == "a"]
    assert link == {"href": "https://example.org/map?a=1&b=2"}
    assert '<script>alert("1")</script>' in shown.words
