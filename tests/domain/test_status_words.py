"""What became of a message is said in plain words, whatever code it came with."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels import twilio_codes
from domain.status_words import FATES, status_words, why
from domain.vocabulary import Channel, MessageState

_BARE = re.compile(r"\d{3}|[a-z]-[a-z]+-|_")


@pytest.mark.parametrize("code", sorted(twilio_codes._KINDS))
def test_every_code_that_is_acted_on_has_words(code: str) -> None:
    said = why(code, Channel.SMS)
    assert said
    assert said != code
    assert code not in said or code.isalpha(), "busy is a word, 30006 is none"
    assert not _BARE.search(said)


@pytest.mark.parametrize("code", ["no-carrier", "fate-unknown", "wrong-number", "unsubscribed"])
@pytest.mark.parametrize("channel", Channel)
def test_every_code_of_our_own_has_words(code: str, channel: Channel) -> None:
    assert code not in why(code, channel)


def test_every_state_has_words() -> None:
    assert {str(state) for state in MessageState} == FATES.keys()


@pytest.mark.parametrize(
    ("state", "transport", "code", "channel", "words"),
    [
        ("delivered", "twilio", "", "sms", "delivered"),
        ("sent", "twilio", "", "sms", "sent, no receipt yet"),
        ("failed", "twilio", "30006", "sms", "could not be sent: the number is a landline"),
        ("failed", "twilio", "21610", "sms", "could not be sent: they asked for no more texts"),
        ("failed", "outbox", "no-carrier", "email", "could not be sent: no mail server is set up"),
        ("undelivered", "voice", "busy", "voice", "not delivered: the line was busy"),
        ("undelivered", "voice", "no-answer", "voice", "not delivered: nobody picked up"),
        ("sent", "voice", "voicemail", "voice", "left on a voicemail"),
        ("sent", "trial", "", "sms", "kept back: trial"),
        ("sent", "outbox", "", "sms", "kept here, not sent"),
        ("delivered", "outbox", "", "sms", "kept here, not sent"),
        ("failed", "sms", "99999", "sms", "could not be sent: the provider says 99999"),
        ("withdrawn", "sms", "30006", "sms", "withdrawn before it left"),
    ],
)
def test_words_of_a_fate(state: str, transport: str, code: str, channel: str, words: str) -> None:
    assert status_words(state, transport, code, channel) == words


def test_a_second_try_is_told_with_its_time() -> None:
    said = status_words("undelivered", "twilio", "30003", "sms", again="14:40")
    off = "the phone was switched off or out of reach"
    assert said == f"not delivered: {off}; tried again at 14:40"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("550 5.1.1", "there is no such e-mail address"),
        ("5.1.1", "there is no such e-mail address"),
        ("552 5.2.2", "the mailbox is full"),
        ("550 5.7.1", "their mail server refused it"),
        ("550", "there is no such e-mail address"),
        ("451 4.7.1", "their mail server could not take it for now"),
        ("4.4.1", "their mail server could not take it for now"),
        ("535", "the provider refuses our account: see the task on Today"),
        ("599", "the provider says 599"),
        ("5.9.9", "the provider says 5.9.9"),
    ],
)
def test_mail_servers_are_understood_by_their_own_codes(code: str, words: str) -> None:
    assert why(code, Channel.EMAIL) == words


def test_a_phone_network_s_code_is_no_mail_server_s() -> None:
    assert why("30006", Channel.EMAIL) == "the number is a landline"
    assert why("550", Channel.SMS) == "the provider says 550"


@given(st.sampled_from(MessageState), st.text(max_size=12), st.text(max_size=20))
def test_whatever_a_provider_says_there_is_one_line_about_it(
    state: MessageState, transport: str, code: str
) -> None:
    assert status_words(state, transport, code, "email").strip()
