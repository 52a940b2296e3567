"""Gentle checks: what they find in three languages, what they leave alone; they only ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letter_cautions import FEW_WORDS, MANY_WORDS, cautions
from domain.letter_phrases import LISTS

ENOUGH = " ".join(["word"] * FEW_WORDS)


def codes(text: str) -> dict[str, tuple[str, ...]]:
    """What a text of sufficient length is asked about."""
    return {caution.code: caution.found for caution in cautions(f"{text} {ENOUGH}")}


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("I know he is innocent.", "guilt", "innocent"),
        ("He didn’t do it, your honor.", "guilt", "didn’t do it"),
        ("He would NEVER\n do this.", "guilt", "would NEVER do this"),
        ("Yo sé que es inocente.", "guilt", "inocente"),
        ("Él no lo hizo.", "guilt", "no lo hizo"),
        ("EL JAMAS HARIA ESO", "guilt", "JAMAS HARIA ESO"),
        ("Mwen konnen li inosan.", "guilt", "inosan"),
        ("Li pa t' fè sa.", "guilt", "Li pa t' fè sa"),
        ("Li pa te fe sa.", "guilt", "Li pa te fe sa"),
        ("She made it up.", "against", "made it up"),
        ("The alleged victim wants money.", "against", "The alleged victim"),
        ("Dirty cops stopped him.", "against", "Dirty cops"),
        ("La policía es corrupta.", "against", "corrupta"),
        ("Ella miente siempre.", "against", "Ella miente"),
        ("Polis yo kòwonpi.", "against", "kòwonpi"),
        ("The night of the party he had a gun.", "facts", "a gun"),
        ("When he was arrested I cried.", "facts", "was arrested"),
        ("Los cargos son graves.", "facts", "Los cargos"),
        ("Jou yo te arete l la mwen te kriye.", "facts", "Jou yo te arete l"),
        ("His number is 123-45-6789.", "number", "123-45-6789"),
    ],
)
def test_words_to_look_at_again_are_named_as_they_were_written(
    text: str, code: str, found: str
) -> None:
    assert found in codes(text)[code]


@pytest.mark.parametrize(
    "text",
    [
        "He has never lied to me and always tells the truth.",
        "That night he drove me to the hospital. I saw him carry my bags.",
        "My brother is a police officer. I have witnessed his growth.",
        "We planted a garden together. He fought in the fight against hunger.",
        "He stays away from bad company. In the case of a storm he helps.",
        "Call me at 305-555-0142. Su cargo en la iglesia es importante.",
        "En este caso me ayudó. Aquella noche llevó a mi hijo al doctor.",
        "Li pa janm bay manti. Mwen ka temwaye pou li. Li ka ede m.",
        "Li toujou la pou fanmi l, li travay di, li respekte tout moun.",
    ],
)
def test_a_kind_letter_is_left_alone(text: str) -> None:
    assert codes(text) == {}


def test_a_letter_may_be_too_short_or_too_long() -> None:
    assert [one.code for one in cautions("He is kind.")] == ["short"]
    assert [one.code for one in cautions("kind " * (MANY_WORDS + 1))] == ["long"]
    assert cautions("kind " * MANY_WORDS) == ()
    assert cautions(" \n ") == (), "an empty letter has nothing to look at"


def test_each_phrase_is_named_once_and_only_the_first_few() -> None:
    found = codes("Innocent. innocent! not guilty, falsely accused, false charges, he did it")[
        "guilt"
    ]
    assert found == ("Innocent", "not guilty", "falsely accused")


@pytest.mark.parametrize("code", LISTS)
def test_every_list_speaks_all_languages(code: str) -> None:
    assert set(LISTS[code]) == {"en", "es", "ht"}
    for said in LISTS[code].values():
        for phrase in said.replace("\n", ";").split(";"):
            if phrase.strip():
                assert codes(f"x {phrase.strip().replace('*', '')} y")[code]


@given(st.text())
def test_whatever_is_written_is_only_asked_about(text: str) -> None:
    for caution in cautions(text):
        assert caution.code in {*LISTS, "number", "long", "short"}
        for found in caution.found:
            assert found in " ".join(text.split())
