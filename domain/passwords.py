"""What makes a password too easy to guess.

Length is what counts (NIST SP 800-63B, 3.1.1.2): no rule asks for signs or capitals. Refused are
only short ones, one's own name, and what everybody tries first, in the usual disguises.
"""

import re
from typing import Final, Literal

FEWEST: Final = 12
"""Characters."""
MOST: Final = 200
Weakness = Literal["short", "long", "name", "common"]

_DISGUISES: Final = (
    str.maketrans("01345789@$!|", "oleastbgasil"),
    str.maketrans("01345789@$!|", "oieastbgasil"),
)
_COMMON: Final = frozenset(
    re.findall(
        r"[a-z]+",
        """
        abc abcabc abcd abcdef abcdefgh abcdefghijkl abcdefghijklm access admin
        administrator advocate america asdf asdfgh asdfghjkl asdfghjklzxcvbnm asdfqwer
        autumn bailiff baseball basketball batman changeit changeme charlie chocolate
        computer contrasena correcthorsebatterystaple courthouse default demo dragon
        facebook familia family florida flower football freedom fuckyou google guest
        hello helloworld hola homeward hubhub iloveyou internet jesus jordan justice
        letmein letmeinnow login lovely loveyou master miami michael monkey mustang
        mypassword newpassword ninja nothing passphrase passw passwd password
        passwordpassword pokemon princess qazwsx qazwsxedc qwer qwerasdf qwerty
        qwertyuiop qwertyuiopasdf root samsung secret secretpassword shadow soccer
        spring starwars summer sunshine superman support teamo temporary temppassword
        tequiero test testing thisismypassword troll trustno user username welcome
        welcomehome whatever winter yourpassword zaqwsx zxcvbn zxcvbnm
        """,
    )
)
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
)


def weakness_of(password: str, sign_in: str) -> Weakness | None:
    """Why a password will not do, or None.

    Args:
        password: as typed.
        sign_in: the name that its owner signs in with.
    """
    if len(password) < FEWEST:
        return "short"
    if len(password) > MOST:
        return "long"
    plain = password.casefold()
    if _is_mostly(plain, sign_in.casefold()):
        return "name"
    return "common" if _is_common(plain) else None


def _is_mostly(plain: str, name: str) -> bool:
    """Whether the name is there, and fewer than six letters and digits beside it."""
    rest = sum(sign.isalnum() for sign in plain.replace(name, ""))
    return len(name) > 2 and name in plain and rest < FEWEST // 2


def _is_common(plain: str) -> bool:
    if len(set(plain)) < 4 or any(plain in row or plain[::-1] in row for row in _ROWS):
        return True
    core = plain.strip("".join(sign for sign in set(plain) if not sign.isalpha()))
    texts = [plain, *(text.translate(one) for text in (plain, core) for one in _DISGUISES)]
    return any(_unit(_letters(text)) in _COMMON for text in texts)


def _letters(text: str) -> str:
    """Without what people add to a word: "password2026!" is "password"."""
    return "".join(sign for sign in text if sign.isalpha())


def _unit(text: str) -> str:
    """What a text repeats: "abc" of "abcabcabc"."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


__all__ = ["FEWEST", "MOST", "Weakness", "weakness_of"]
