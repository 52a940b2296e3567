"""What a call says: the words of the message and nothing else, whatever stands in them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels import Outgoing, RefusalKind, Refused
from activities.channels.voice_script import MOST_SCRIPT, answer_script, call_script
from activities.channels.voice_words import FOLDER, KEYS, voice_words
from tests.activities.channels.conftest import FAMILY, WORDS

KEYS_URL = "https://hub.example.org/webhooks/voice/keys?message=m-1&x=2"
LANGUAGES = ("en", "es", "ht")


def script(text: str = WORDS, language: str = "en", keys_url: str = "") -> Element:
    return fromstring(call_script(Outgoing("m-1", FAMILY, text, language=language), keys_url))


def said(part: Element) -> list[str]:
    return [say.text or "" for say in part.iter("Say")]


def test_the_words_are_said_twice_with_a_pause_between() -> None:
    response = script()
    assert [part.tag for part in response] == ["Pause", "Say", "Pause", "Say", "Say"]
    assert said(response) == [WORDS, WORDS, "Goodbye."]


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en", "en-US"), ("es", "es-US"), ("es-PR", "es-US"), ("ht", "fr-FR"), ("xx", "en-US")],
)
def test_a_voice_that_the_provider_has_speaks(language: str, voice: str) -> None:
    spoken = {say.get("language") for say in script(language=language).iter("Say")}
    assert spoken == {voice}


def test_a_french_voice_that_reads_creole_says_first_that_it_is_one() -> None:
    first, *rest = said(script("Lendi a 9 è.", "ht"))
    assert "vwa franse" in first
    assert rest[:2] == ["Lendi a 9 è."] * 2
    assert said(script())[0] == WORDS


def test_without_an_address_for_keys_none_are_offered() -> None:
    assert script().find("Gather") is None
    assert not any("Press" in words for words in said(script()))


def test_one_key_may_be_pressed_at_any_word_and_is_told_to_us() -> None:
    gather = script(keys_url=KEYS_URL).find("Gather")
    assert gather is not None
    assert (gather.get("numDigits"), gather.get("method")) == ("1", "POST")
    assert gather.get("action") == KEYS_URL
    assert said(gather)[:2] == [WORDS, WORDS]


def test_every_language_of_the_messages_can_be_spoken() -> None:
    folders = {path.name for path in (FOLDER.parent / "messages").iterdir() if path.is_dir()}
    assert folders <= {path.stem for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_offered_by_its_digit_and_thanked_for(language: str) -> None:
    words = voice_words(language)
    assert re.findall(r"\d", words.offer) == list(KEYS)
    assert words.thanks.keys() == KEYS.keys()
    for key in KEYS:
        answer = fromstring(answer_script(language, key))
        assert [part.tag for part in answer] == ["Say", "Hangup"]
        assert said(answer) == [words.thanks[key]]


@pytest.mark.parametrize("key", ["", "4", "#", "12", "<"])
def test_a_key_that_means_nothing_is_answered_with_that(key: str) -> None:
    assert said(fromstring(answer_script("en", key))) == [voice_words("en").other]


@given(st.text(), st.sampled_from(LANGUAGES))
def test_no_words_become_instructions(text: str, language: str) -> None:
    try:
        response = script(text, language, KEYS_URL)
    except Refused:
        return
    assert {part.tag for part in response.iter()} == {"Response", "Pause", "Gather", "Say"}
    heard = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    assert heard.replace("\r\n", "\n").replace("\r", "\n") in said(response)


@pytest.mark.parametrize("text", ['</Say><Dial>+13055550199</Dial><Say a="', "a & b < c > d ]]>"])
def test_markup_in_the_words_is_read_aloud(text: str) -> None:
    assert said(script(text))[0] == text


def test_control_characters_are_dropped_and_the_rest_is_said() -> None:
    assert said(script("Court\x00 is\x1b \x0bMonday\ud800\ufffe"))[0] == "Court is Monday"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01"])
def test_a_call_with_nothing_to_say_is_not_made(text: str) -> None:
    with pytest.raises(Refused) as refused:
        script(text)
    assert refused.value.kind is RefusalKind.BAD_REQUEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_text_is_said_twice_and_a_longer_one_once(language: str) -> None:
    longest, longer = "a" * 1530, "&" * 600
    for text, times in ((longest, 2), (longer, 1)):
        out = Outgoing("m-1", FAMILY, text, language=language)
        written = call_script(out, KEYS_URL)
        assert len(written) <= MOST_SCRIPT
        assert said(fromstring(written)).count(text) == times


def test_words_that_fit_no_call_are_refused_and_not_cut() -> None:
    with pytest.raises(Refused) as refused:
        script("a" * MOST_SCRIPT)
    assert (refused.value.code, refused.value.kind) == ("too-long", RefusalKind.BAD_REQUEST)
