"""What is said back to whoever wrote: at once by rule, or in an advocate's own words."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message_facts import MissingFact, TooLong
from domain.message_samples import SAMPLE
from domain.vocabulary import Audience
from domain.words import HearingWords
from tests.domain.said import CATALOG, LANGUAGES, reader_of, said, text_of

ACKS = [
    "ack_stop",
    "ack_start",
    "ack_help",
    "ack_confirmed",
    "ack_cannot",
    "ack_ride",
    "ack_wrong_number",
    "ack_received",
    "ack_which",
]


@pytest.mark.parametrize("step", ACKS)
def test_an_acknowledgement_is_the_same_to_everyone_in_custody_or_not(step: str) -> None:
    texts = {
        CATALOG.render(
            step=step,
            audience=audience,
            detained=detained,
            language="en",
            channel="sms",
            facts=SAMPLE,
        ).text
        for audience in Audience
        for detained in (True, False)
    }
    assert len(texts) == 1


def test_the_confirmation_of_a_stop_says_how_to_start_again_and_is_one_text() -> None:
    for language in LANGUAGES:
        rendered = said(language, reader_of("ack_stop"))
        assert "START" in rendered.text
        assert "Denise" not in rendered.text
        assert rendered.segments.segments == 1


def test_help_says_who_we_are_not() -> None:
    words = {"en": "not the court", "es": "No somos la corte", "ht": "Nou pa tribinal la"}
    for language in LANGUAGES:
        assert words[language] in text_of(language, "ack_help")


def test_a_yes_is_thanked_with_the_date_once_more() -> None:
    day = {"en": "Tuesday, December 8, at 9:00 AM", "es": "martes 8 de diciembre, a las 9:00 a.m."}
    day["ht"] = "madi 8 desanm, a 9:00 nan maten"
    for language in LANGUAGES:
        text = text_of(language, "ack_confirmed")
        assert day[language] in text
        assert "1351 NW 12th St" in text


def test_a_no_promises_a_call_today_and_gives_the_number_in_case_it_does_not_come() -> None:
    today = {"en": "today", "es": "hoy", "ht": "jodi a"}
    for language in LANGUAGES:
        text = text_of(language, "ack_cannot")
        assert today[language] in text
        assert text.index(today[language]) < text.index("305-555-0123")


def test_a_wrong_number_learns_nothing_about_anybody() -> None:
    for language in LANGUAGES:
        for channel in ("sms", "email"):
            text = text_of(language, "ack_wrong_number", channel=channel)
            told = re.search(r"Denise|Marcus|court|corte|tribinal|Gerstein|\b8\b", text)
            assert told is None, text


def test_a_shared_number_is_asked_by_letters_in_their_order() -> None:
    facts = replace(SAMPLE, choices=("Marcus", "André", "Ana"))
    assert "A for Marcus, B for André, C for Ana" in text_of("en", "ack_which", facts)
    assert "A para Marcus, B para André, C para Ana" in text_of("es", "ack_which", facts)
    assert "A pou Marcus, B pou André, C pou Ana" in text_of("ht", "ack_which", facts)
    with pytest.raises(MissingFact, match="choices"):
        text_of("en", "ack_which", replace(SAMPLE, choices=()))


def test_a_choice_is_never_left_nameless_to_save_a_segment() -> None:
    names = ("María de los Ángeles", "José Ramón", "Óscar Julián", "Sebastián")
    for language in LANGUAGES:
        text = text_of(language, "ack_which", replace(SAMPLE, choices=names))
        assert all(name in text for name in names)


def test_an_advocates_words_go_out_as_they_were_written() -> None:
    words = "Hi  Denise...\n\nbring {this}: 50% off, señora\t❤️ .. ok? "
    facts = replace(SAMPLE, words=words)
    for language in LANGUAGES:
        assert text_of(language, "answer", facts) == f"Liberty City Hub: {words}"
        assert words in text_of(language, "answer", facts, "email")


@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip())))
def test_no_words_of_an_advocate_are_altered(words: str) -> None:
    facts = replace(SAMPLE, words=words)
    assert text_of("ht", "answer", facts) == f"Liberty City Hub: {words}"
    assert words in text_of("es", "answer", facts, "email")


def test_long_words_cost_what_they_cost_and_too_long_ones_are_refused() -> None:
    facts = replace(SAMPLE, words="a" * (1600 - len("Liberty City Hub: ")))
    rendered = said("en", reader_of("answer"), "sms", facts)
    assert rendered.segments.segments == 11
    assert len(rendered.text) == 1600
    with pytest.raises(TooLong, match="take out 7 characters"):
        text_of("en", "answer", replace(facts, words=facts.words + "a" * 7))
    assert "a" * 1600 in text_of("en", "answer", replace(facts, words="a" * 1600), "email")


def test_there_is_no_answer_without_words() -> None:
    with pytest.raises(MissingFact, match="words"):
        text_of("en", "answer", replace(SAMPLE, words=" \n"))


def test_a_writer_is_asked_without_a_word_of_a_case() -> None:
    for language in LANGUAGES:
        text = text_of(language, "letter_request")
        assert "Marcus" in text
        assert SAMPLE.link in text
        assert not re.search(r"court|corte|tribinal|case|caso|judge|juez|jij|hearing", text), text
        email = text_of(language, "letter_request", channel="email")
        assert SAMPLE.link in email
        assert not re.search(r"court|corte|tribinal|judge|juez|\bjij", email), email


def test_a_letter_says_by_when_and_without_a_date_says_none() -> None:
    assert "about them, by Friday, December 11. Here is how" in text_of("en", "letter_request")
    open_end = text_of("en", "letter_request", replace(SAMPLE, due=None))
    assert "about them. Here is how" in open_end


def test_somebody_is_named_in_a_letter_or_is_someone_they_know() -> None:
    facts = replace(SAMPLE, participant_first_name="")
    assert "someone you know asked" in text_of("en", "letter_request", facts)


def test_a_letter_cannot_be_asked_for_without_the_page_to_write_it_on() -> None:
    with pytest.raises(MissingFact, match="link"):
        CATALOG.render(
            step="letter_request",
            audience="writer",
            detained=False,
            language="en",
            channel="sms",
            facts=replace(SAMPLE, link=""),
        )


def test_an_answer_needs_no_hearing() -> None:
    facts = replace(SAMPLE, hearing=None, old_hearing=None, due=None, first_name="")
    for step in ACKS:
        if step != "ack_confirmed":
            assert text_of("en", step, facts)
    hearing = HearingWords(datetime(2026, 12, 8, 9), "3A", "12 Oak St")
    assert text_of("en", "ack_confirmed", replace(facts, hearing=hearing))
