"""A password is refused for being short, one's own name, or what everybody tries first."""

import pytest

from domain.passwords import FEWEST, MOST, Weakness, weakness_of


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"),
        ("elevenchars", "short"),
        ("x" * (MOST + 1), "long"),
        ("rosa-rosa-2026", "name"),
        ("ROSArosaROSA", "name"),
        ("2026!Rosa!2026", None),
        ("rosalinda sees the sea", None),
        ("passwordpassword", "common"),
        ("Password2026!", "common"),
        ("P@ssw0rd1234", "common"),
        ("L3tm31n!!!!!!", "common"),
        ("iloveyou iloveyou", "common"),
        ("aaaaaaaaaaaaaa", "common"),
        ("112211221122", "common"),
        ("123456789012", "common"),
        ("210987654321", "common"),
        ("qwertyuiopasdf", "common"),
        ("correct horse battery staple", "common"),
        ("river stone lamp nine", None),
        ("contraseña123", "short" if len("contraseña123") < FEWEST else None),
        ("tres tristes tigres", None),
    ],
)
def test_which_passwords_are_refused_and_why(password: str, why: Weakness | None) -> None:
    assert weakness_of(password, "rosa") == why


def test_a_name_of_two_letters_is_in_half_of_all_words() -> None:
    assert weakness_of("al fresco dinners", "al") is None
