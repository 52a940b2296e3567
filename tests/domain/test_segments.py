"""Counting SMS segments, judged by a slow and obvious second counter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.segments import GSM_BASIC, GSM_EXTENSION, count_segments, is_gsm

ANY_TEXT = st.text(st.characters(codec=None), max_size=500)
GSM_TEXT = st.text(st.sampled_from(GSM_BASIC + GSM_EXTENSION), max_size=500)
PAIRS = st.text(st.sampled_from("aí😀"), max_size=300)


def slow_parts(text: str) -> list[list[str]]:
    """Put character after character into parts; open a new part when one does not fit."""
    gsm = all(character in GSM_BASIC + GSM_EXTENSION for character in text)

    def cost(character: str) -> int:
        if gsm:
            return 2 if character in GSM_EXTENSION else 1
        return 2 if ord(character) > 0xFFFF else 1

    if sum(map(cost, text)) <= (160 if gsm else 70):
        return [list(text)] if text else []
    parts: list[list[str]] = [[]]
    for character in text:
        if sum(map(cost, parts[-1])) + cost(character) > (153 if gsm else 67):
            parts.append([])
        parts[-1].append(character)
    return parts


def test_the_alphabet_has_127_characters_and_10_escaped_ones() -> None:
    assert len(GSM_BASIC) == len(set(GSM_BASIC)) == 127
    assert len(GSM_EXTENSION) == len(set(GSM_EXTENSION)) == 10
    assert not set(GSM_BASIC) & set(GSM_EXTENSION)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("í" * 70, "UCS-2", 70, 1),
        ("í" * 71, "UCS-2", 71, 2),
        ("í" * 134, "UCS-2", 134, 2),
        ("í" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_the_limits_are_160_153_70_and_67(
    text: str, encoding: str, units: int, segments: int
) -> None:
    counted = count_segments(text)
    assert (counted.encoding, counted.units, counted.segments) == (encoding, units, segments)


def test_an_escaped_character_is_not_cut_in_two() -> None:
    assert count_segments("a" * 152 + "€" + "a" * 152).segments == 3
    assert count_segments("a" * 151 + "€" + "a" * 153).segments == 2


def test_a_surrogate_pair_is_not_cut_in_two() -> None:
    assert count_segments("í" * 66 + "😀" + "í" * 66).segments == 3
    assert count_segments("í" * 65 + "😀" + "í" * 67).segments == 2


def test_spanish_letters_inside_and_outside_of_the_alphabet() -> None:
    assert count_segments("ñ é è ì ò ù à ¿ ¡ ü Ñ É").encoding == "GSM-7"
    assert count_segments("áíóú í `ç").offending == ("á", "í", "ó", "ú", "`", "ç")


@given(st.one_of(ANY_TEXT, GSM_TEXT, PAIRS))
def test_the_count_agrees_with_the_slow_counter(text: str) -> None:
    assert count_segments(text).segments == len(slow_parts(text))


@given(ANY_TEXT)
def test_units_are_utf16_units_outside_of_gsm(text: str) -> None:
    counted = count_segments(text)
    if counted.encoding == "UCS-2":
        assert counted.units == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(ANY_TEXT)
def test_offending_characters_are_what_makes_it_ucs2(text: str) -> None:
    counted = count_segments(text)
    assert (counted.encoding == "UCS-2") == bool(counted.offending) == (not is_gsm(text))
    remaining = "".join(c for c in text if c not in counted.offending)
    assert count_segments(remaining).encoding == "GSM-7"


@given(ANY_TEXT, ANY_TEXT)
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert count_segments(text + more).segments >= count_segments(text).segments
