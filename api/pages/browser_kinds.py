"""What kind of browser somebody uses, in plain words, from what it says of itself.

Only the kind is kept, never the whole text: that would tell one phone from another.
"""

import re
from typing import Final

from api.pages.own_words import own

BROWSERS: Final = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
DEVICES: Final = {
    "iphone": "an iPhone",
    "ipad": "an iPad",
    "android": "an Android phone or tablet",
    "chromebook": "a Chromebook",
    "windows": "a Windows computer",
    "mac": "a Mac",
    "linux": "a Linux computer",
}
_BROWSER_SIGNS: Final = (
    ("edge", r"Edg(?:e|A|iOS)?/"),
    ("opera", r"OPR/|Opera"),
    ("samsung", r"SamsungBrowser/"),
    ("firefox", r"Firefox/|FxiOS/"),
    ("chrome", r"Chrome/|CriOS/|Chromium/"),
    ("safari", r"Safari/"),
)
_DEVICE_SIGNS: Final = (
    ("iphone", r"iPhone"),
    ("ipad", r"iPad"),
    ("android", r"Android"),
    ("chromebook", r"CrOS"),
    ("windows", r"Windows"),
    ("mac", r"Macintosh|Mac OS X"),
    ("linux", r"Linux|X11"),
)
_MOST: Final = 400


def kind_of(user_agent: str) -> str:
    """The kind of a browser, such as "firefox windows"; what is unknown is "-"."""
    text = user_agent[:_MOST]
    return f"{_first(_BROWSER_SIGNS, text)} {_first(_DEVICE_SIGNS, text)}"


@own
def kind_words(kind: str) -> str:
    """A kind for people to read: "Firefox on a Windows computer"."""
    browser, _, device = kind.partition(" ")
    name, place = BROWSERS.get(browser, ""), DEVICES.get(device, "")
    if name and place:
        return f"{name} on {place}"
    return name or (f"A browser on {place}" if place else "A browser")


def _first(signs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, sign in signs if re.search(sign, text)), "-")
