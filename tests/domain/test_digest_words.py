"""The weekly digest: all in an e-mail, as many as fit in a text, and how many more."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message_facts import ListedDate, MissingFact
from domain.message_samples import SAMPLE
from tests.domain.said import LANGUAGES, STOP, reader_of, said, text_of

AT = datetime(2026, 12, 8, 9)
NAMES = ("Marcus", "Ana", "Dre", "Jean", "Lee", "Mo", "Kim", "Rosa", "Paul", "Guerline")


def listed(*names: str, places: bool = False) -> tuple[ListedDate, ...]:
    """One date a day."""
    room, address = ("3A", "12 Oak St, Miami") if places else ("", "")
    return tuple(
        ListedDate(name, AT + timedelta(days=day), room, address) for day, name in enumerate(names)
    )


def texted(language: str, *names: str, places: bool = False) -> str:
    """The digest as a text."""
    return text_of(language, "digest", replace(SAMPLE, listed=listed(*names, places=places)))


def test_an_email_lists_all_in_order_of_time_with_only_what_is_known() -> None:
    dates = (*listed(*NAMES), ListedDate("Early", datetime(2026, 12, 7, 13), "4-1", "9 Elm St"))
    lines = text_of("en", "digest", replace(SAMPLE, listed=dates), "email").splitlines()
    shown = [line for line in lines if "December" in line]
    assert shown[0] == "Monday, December 7, at 1:00 PM: Early, room 4-1, 9 Elm St"
    assert shown[1] == "Tuesday, December 8, at 9:00 AM: Marcus"
    assert [line.rpartition(": ")[2] for line in shown[1:]] == list(NAMES)


def test_a_short_list_is_told_with_its_places() -> None:
    text = texted("en", "Marcus", "Ana", places=True)
    assert "Marcus Tue, Dec 8, 9:00 AM, room 3A, 12 Oak St; Ana Wed, Dec 9" in text
    assert "more" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_list_tells_as_many_as_fit_and_how_many_more(language: str) -> None:
    rendered = said(language, reader_of("digest"), "sms", replace(SAMPLE, listed=listed(*NAMES)))
    shown = [name for name in NAMES if f"{name} " in rendered.text]
    rest = {"en": r"And (\d+) more\.", "es": r"Otras citas: (\d+)\.", "ht": r"Lòt dat: (\d+)\."}
    found = re.search(rest[language], rendered.text)
    assert found is not None
    assert shown == list(NAMES[: len(shown)])
    assert len(shown) >= 5
    assert len(shown) + int(found[1]) == len(NAMES)
    assert rendered.segments.segments == 2
    assert "305-555-0123" in rendered.text
    assert STOP[language] in rendered.text


def test_one_accent_does_not_cost_the_others_their_place() -> None:
    names = ("Marcus", "Ángel", "Ana", "Dre", "Jean", "Lee")
    text = texted("en", *names)
    assert "Marcus" in text
    assert "Lee" in text
    assert "Angel" not in text
    assert "And 1 more." in text


def test_a_few_accents_are_kept_where_they_fit() -> None:
    assert "Ángel" in texted("en", "Ángel")


def test_a_list_of_which_nothing_fits_still_says_how_many() -> None:
    facts = replace(SAMPLE, hub_name="Corazón de la Pequeña Habana y del Norte de Miami")
    facts = replace(facts, listed=listed("María de los Ángeles Guadalupe", "José Ángel Sebastián"))
    for language in LANGUAGES:
        rendered = said(language, reader_of("digest"), "sms", facts)
        assert "2" in rendered.text
        assert rendered.template.endswith(("/short", "/shortest"))


def test_nothing_but_first_names_times_and_places_is_told() -> None:
    for language in LANGUAGES:
        email = text_of(language, "digest", channel="email")
        assert "Liberty City Hub" in email
        assert STOP[language] in email
        assert not re.search(r"arraign|3055550177|305-555-0177|example\.org", email)


def test_a_week_without_dates_has_no_digest() -> None:
    with pytest.raises(MissingFact, match="listed"):
        text_of("en", "digest", replace(SAMPLE, listed=()))


@given(
    st.lists(
        st.sampled_from(("Marcus", "José", "Marie-Thérèse", "Ángel", "Óscar")),
        min_size=1,
        max_size=40,
    )
)
def test_any_list_fits_two_segments_and_counts_right(names: list[str]) -> None:
    rendered = said("en", reader_of("digest"), "sms", replace(SAMPLE, listed=listed(*names)))
    assert rendered.segments.segments <= 2
    if rendered.template.endswith("/short"):
        rest = re.search(r"And (\d+) more", rendered.text)
        shown = len(re.findall(r"\d:\d\d [AP]M", rendered.text))
        assert shown + (int(rest[1]) if rest else 0) == len(names)
