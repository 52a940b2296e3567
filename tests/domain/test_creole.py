"""Haitian Creole: its own days, months and times of day, and words that people can answer with."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from domain.message_facts import HearingWords
from domain.message_samples import SAMPLE
from domain.replies import ReplyKind, read_reply
from domain.segments import is_gsm
from tests.domain.said import CATALOG, READERS, reader_of, said, text_of

DATES = CATALOG.everything["ht"].dates
WEEKDAYS = ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch")
MONTHS = (
    *("janvye", "fevriye", "mas", "avril", "me", "jen"),
    *("jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
)
FOREIGN = re.compile(
    r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may"
    r"|june|july|august|september|october|november|december|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|dimanche|janvier|février|fevrier|mars|mai|juin|juillet|août|aout|septembre|octobre"
    r"|novembre|décembre|decembre|lunes|martes|enero|diciembre|[ap]m|a\.m\.|p\.m\.)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("day", [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, 3)])
def test_days_and_months_are_creole(day: date) -> None:
    number = "1ye" if day.day == 1 else str(day.day)
    said_day = DATES.named(day)
    assert said_day == f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"
    for short in (said_day, DATES.named(day, short=True)):
        assert is_gsm(short)
        assert not FOREIGN.search(short)


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        *((hour, f"{hour or 12}:05 nan maten") for hour in range(12)),
        *((hour, f"{hour % 12 or 12}:05 nan apremidi") for hour in range(12, 18)),
        *((hour, f"{hour % 12}:05 nan aswè") for hour in range(18, 24)),
    ],
)
def test_each_hour_has_its_part_of_the_day(hour: int, words: str) -> None:
    assert DATES.clock(time(hour, 5)) == words
    assert DATES.at(time(hour, 5)) == f"a {words}"


def test_noon_is_noon() -> None:
    assert DATES.at(time(12)) == "a midi"


@pytest.mark.parametrize("month", range(1, 13))
def test_no_message_says_a_foreign_day_or_month(month: int) -> None:
    hearing = HearingWords(datetime(2026, month, 3 + month, 13, 30), "3A", "12 Oak St")
    facts = replace(SAMPLE, hearing=hearing, old_hearing=hearing, due=date(2026, month, 20))
    for reader in READERS:
        for channel in ("sms", "email"):
            if reader.step in ("answer", "digest"):
                continue
            text = said("ht", reader, channel, facts).text
            assert not FOREIGN.search(text), text


def test_the_words_to_answer_with_have_no_accent_and_are_understood() -> None:
    offered = {
        word for reader in READERS for word in re.findall(r"\b[A-Z]{2,}\b", said("ht", reader).text)
    }
    replies = {"WI": ReplyKind.CONFIRMED, "SISPANN": ReplyKind.STOP, "START": ReplyKind.START}
    assert offered >= {*replies, "WOULIB"}
    assert all(word.isascii() for word in offered)
    for word, kind in replies.items():
        assert read_reply(word).kind is kind


def test_a_reminder_reads_as_it_is_said_in_miami() -> None:
    text = text_of("ht", "before_3", replace(SAMPLE, link=""))
    assert text == (
        "Liberty City Hub: Alo Denise, ou gen tribinal madi 8 desanm, a 9:00 nan maten. "
        "Kote: sal 3A, Richard E. Gerstein Justice Building, 1351 NW 12th St, Miami. "
        "Si w gen timoun, kiyès k ap gade yo? Reponn WI si w ap la. Bezwen èd? "
        "Rele 305-555-0123. Reponn SISPANN pou sispann mesaj yo."
    )


def test_an_unnamed_relative_begins_a_sentence_with_a_capital() -> None:
    facts = replace(SAMPLE, participant_first_name="")
    text = said("ht", reader_of("before_7", "family"), "email", facts).text
    assert "\nMoun pa w la gen tribinal madi" in text
    assert "Mande moun pa w la ki sa ki manke" in text
