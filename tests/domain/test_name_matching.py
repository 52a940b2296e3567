"""Names are found however they were typed: order, accents, halves, sounds and slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.folding import words_of
from domain.name_matching import (
    BEGINS,
    HOLDS,
    NEAR,
    SAME,
    SOUNDS,
    is_close,
    name_score,
    sound,
    word_score,
    words_of_name,
)


@pytest.mark.parametrize(
    ("typed", "word", "fit"),
    [
        ("ana", "ana", SAME),
        ("rodr", "rodriguez", BEGINS),
        ("guez", "rodriguez", HOLDS),
        ("rodrigues", "rodriguez", SOUNDS),
        ("jimenez", "gimenez", SOUNDS),
        ("yiminez", "jimenez", NEAR),
        ("stephen", "stefen", SOUNDS),
        ("katherine", "catherine", SOUNDS),
        ("jonson", "johnson", SOUNDS),
        ("valdez", "baldes", SOUNDS),
        ("wilson", "ouilson", SOUNDS),
        ("jonhson", "johnson", SOUNDS),
        ("marcsu", "marcus", NEAR),
        ("an", "anatole", BEGINS),
    ],
)
def test_a_word_fits_as_well_as_it_does(typed: str, word: str, fit: int) -> None:
    assert word_score(typed, word) == fit


@pytest.mark.parametrize(
    ("typed", "word"), [("ana", "eve"), ("lee", "leo x"), ("mark", "maria"), ("xy", "yx")]
)
def test_what_is_another_name_does_not_fit(typed: str, word: str) -> None:
    assert word_score(typed, word) is None


def test_every_word_takes_one_of_its_own() -> None:
    name = words_of_name("Ana María", "Rodríguez")
    assert name_score(words_of("rodriguez ana"), name) == 0
    assert name_score(words_of("maria ana rod"), name) == BEGINS
    assert name_score(words_of("ana ana"), name) is None
    assert name_score(words_of("ana ruiz"), name) is None
    assert name_score([], name) is None


def test_what_only_sounds_alike_gives_way_to_what_was_typed() -> None:
    assert is_close([0, 3], 0)
    assert not is_close([0, 3], 3)
    assert is_close([3, 4], 4)


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12)
NAMES = st.lists(st.text("abcdeñíou", min_size=1, max_size=9), min_size=1, max_size=4)


@given(NAMES, st.randoms(use_true_random=False))
def test_a_name_is_found_by_all_its_words_in_any_order(name: list[str], dice: object) -> None:
    words = list(words_of_name(*name))
    shuffled = words[:]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    if shuffled:
        assert name_score(shuffled, words) == 0


@given(LETTERS, st.integers(0, 11))
def test_one_letter_left_out_is_forgiven(word: str, at: int) -> None:
    short = word[: at % len(word)] + word[at % len(word) + 1 :]
    if len(short) >= 4:
        assert word_score(short, word) is not None


@given(LETTERS)
def test_how_a_name_sounds_does_not_depend_on_doubled_letters(word: str) -> None:
    doubled = "".join(letter * 2 if letter in "bdfmnprst" else letter for letter in word)
    assert sound(doubled) == sound(word)
