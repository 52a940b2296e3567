"""What calls say: short, for the ear, discreet, and with a number that can be written down."""

import re
from dataclasses import replace
from datetime import datetime, time
from itertools import product

import pytest

from domain.message_facts import HearingWords, UnknownWords
from domain.message_samples import LONG_SAMPLES, SAMPLE
from domain.message_steps import SPOKEN
from domain.placeholders import BadTemplate
from domain.vocabulary import HearingKind
from domain.voice_words import digits
from tests.domain.said import CATALOG, LANGUAGES, READERS, reader_of, said, sources

TOLD = [reader for reader in READERS if reader.step in SPOKEN]
MOST_WORDS = 75
VOICES = {language: CATALOG.everything[language].voice for language in LANGUAGES}


def spoken(language: str, step: str, variant: str = "", **facts: object) -> str:
    """What a call says."""
    changed = replace(SAMPLE, **facts)  # type: ignore[arg-type]
    return said(language, reader_of(step, variant), "voice", changed).text


def test_a_call_is_short_even_with_long_names() -> None:
    for language, reader, facts in product(LANGUAGES, TOLD, LONG_SAMPLES.values()):
        text = said(language, reader, "voice", facts).text
        assert len(text.split()) <= MOST_WORDS, text


def test_a_call_holds_nothing_that_cannot_be_said() -> None:
    for language, reader, facts in product(LANGUAGES, TOLD, (SAMPLE, *LONG_SAMPLES.values())):
        text = said(language, reader, "voice", facts).text
        assert not re.search(r"[^\w\s.,?!:'’¿¡]|_|http|(?<!\d):|:(?!\d\d)", text), text
        assert not re.search(r"\b(St|Ave|Blvd|NW|SW|NE|SE|a\.m|p\.m|Dept)\b", text), text


def test_a_call_says_who_calls_that_it_is_not_the_court_and_the_number_twice() -> None:
    not_the_court = {
        "en": "We are not the court.",
        "es": "No somos la corte.",
        "ht": "Nou pa tribinal la.",
    }
    for language, reader in product(LANGUAGES, TOLD):
        text = said(language, reader, "voice").text
        assert "Liberty City Hub" in text.partition(".")[0]
        assert not_the_court[language] in text
        assert text.count("3 0 5, 5 5 5, 0 1 2 3.") == 2


def test_a_call_tells_neither_the_kind_of_a_hearing_nor_what_could_follow() -> None:
    for language, reader in product(LANGUAGES, TOLD):
        heard = set()
        for kind in HearingKind:
            hearing = HearingWords(datetime(2026, 12, 8, 9), "3A", "12 Oak St", kind)
            text = said(language, reader, "voice", replace(SAMPLE, hearing=hearing)).text
            heard.add(text)
            assert not re.search("arrest|arete", text), text
        assert len(heard) == 1


def test_a_call_in_english() -> None:
    assert spoken("en", "before_7") == (
        "Hi Denise, this is Liberty City Hub. We are not the court. "
        "Court is Tuesday, December 8, at 9 AM. Where? Room 3A, 1351 Northwest 12th Street. "
        "Please ask for time off work now. "
        "To reach us or stop these calls, call 3 0 5, 5 5 5, 0 1 2 3. Again, 3 0 5, 5 5 5, 0 1 2 3."
    )


def test_a_call_about_a_new_date_says_it_in_every_language() -> None:
    new = {"en": "December 8, at 9 AM", "es": "8 de diciembre, a las 9 de la mañana"}
    new["ht"] = "8 desanm, a nevè nan maten"
    for language, words in new.items():
        for variant in ("defendant", "family", "family_detained"):
            assert words in spoken(language, "changed", variant)
    assert "from Tuesday, December 1, at 1:30 PM, to Tuesday" in spoken("en", "changed")


@pytest.mark.parametrize(
    ("at", "english", "spanish", "creole"),
    [
        (time(9), "at 9 AM", "a las 9 de la mañana", "a nevè nan maten"),
        (time(12), "at 12 noon", "a las 12 del mediodía", "a midi"),
        (time(12, 30), "at 12:30 PM", "a las 12 y 30 de la tarde", "a douzè 30 nan apremidi"),
        (time(13), "at 1 PM", "a la una de la tarde", "a inè nan apremidi"),
        (time(13, 5), "at 1:05 PM", "a la una y 5 de la tarde", "a inè 5 nan apremidi"),
        (time(19, 45), "at 7:45 PM", "a las 7 y 45 de la noche", "a setè 45 nan aswè"),
    ],
)
def test_times_are_said_as_people_say_them(
    at: time, english: str, spanish: str, creole: str
) -> None:
    for language, words in (("en", english), ("es", spanish), ("ht", creole)):
        voice = VOICES[language]
        assert voice is not None
        assert voice.at(at) == words


def test_the_first_of_a_month_has_its_own_name() -> None:
    hearing = HearingWords(datetime(2026, 12, 1, 9), "3A", "12 Oak St")
    assert "martes primero de diciembre" in spoken("es", "before_3", hearing=hearing)
    assert "madi premye desanm" in spoken("ht", "before_3", hearing=hearing)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("1351 NW 12th St", "1351 Northwest 12th Street"),
        ("15555 Biscayne Blvd.", "15555 Biscayne Boulevard"),
        ("100 N Main St E", "100 North Main Street East"),
        ("200 St. Paul Ave", "200 Saint Paul Avenue"),
        ("1 Dr Martin Luther King Jr Blvd", "1 Doctor Martin Luther King Junior Boulevard"),
        ("175 NW 1st Ave Room 3", "175 Northwest 1st Avenue Room 3"),
        ("Richard E. Gerstein Justice Building", "Richard E Gerstein Justice Building"),
        ("Courtroom E", "Courtroom E"),
        ("Courtroom 4-1", "Courtroom 4 1"),
        ("Rm #12", "Room 12"),
        ("Hope & Justice Hub", "Hope and Justice Hub"),
        ("St. Thomas Hub (North)", "Saint Thomas Hub, North"),
        ("María O'Neil", "María O'Neil"),
        ("Jean-Baptiste", "Jean Baptiste"),
        ("", ""),
    ],
)
def test_names_and_addresses_are_said_in_full(written: str, heard: str) -> None:
    voice = VOICES["en"]
    assert voice is not None
    assert voice.said(written) == heard


def test_a_number_is_said_digit_by_digit() -> None:
    assert digits("305-555-0123") == "3 0 5, 5 5 5, 0 1 2 3"
    assert digits("(305) 555-0100") == "3 0 5, 5 5 5, 0 1 0 0"
    assert digits("+50925550123") == "5 0 9 2 5 5 5 0 1 2 3"


def test_an_unknown_place_is_asked_for_by_phone() -> None:
    hearing = HearingWords(datetime(2026, 12, 8, 9))
    assert "Where? Call us to ask." in spoken("en", "before_3", hearing=hearing)


def test_an_acknowledgement_is_never_called() -> None:
    with pytest.raises(UnknownWords):
        said("en", reader_of("ack_stop"), "voice")


def test_nothing_that_is_only_of_use_in_writing_gets_into_a_call() -> None:
    for placeholder in ("{page}", "{kind}", "{counsel}", "{stop}"):
        files = sources("en")
        files["morning.toml"] = files["morning.toml"].replace("{place}. Leave", placeholder)
        changed = files["morning.toml"].replace('voice = "', f'voice = "{placeholder} ', 1)
        with pytest.raises(BadTemplate, match="voice: unknown placeholder"):
            CATALOG.from_sources({"en": {**files, "morning.toml": changed}})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('clock = "{hour} {period}"\nclock_m', "clock_m"),
        ('hours = ["12", ', "hours = ["),
        ('and = "and"', ""),
        ("[voice]\n", '[voice]\nvolume = "loud"\n'),
        (
            'periods = [[0, "AM"], [12, "PM"]]\nclock = "{hour} {p',
            'periods = 3\nclock = "{hour} {p',
        ),
    ],
)
def test_a_voice_with_a_hole_in_its_table_is_refused(old: str, new: str) -> None:
    files = sources("en")
    assert old in files["language.toml"]
    files["language.toml"] = files["language.toml"].replace(old, new, 1)
    with pytest.raises(BadTemplate, match=r"en/language\.toml \[voice\]"):
        CATALOG.from_sources({"en": files})
