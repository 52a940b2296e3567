"""What kind of browser somebody uses, and nothing that tells one from another."""

import pytest

from api.pages.browser_kinds import kind_of, kind_words

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on a Windows computer"),
        (f"{WINDOWS}) {WEBKIT} Chrome/140.0.0.0 Safari/537.36", "Chrome on a Windows computer"),
        (f"{WINDOWS}) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on a Windows computer"),
        (f"{MAC}) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari on a Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1",
            "Chrome on an iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36",
            "Chrome on an Android phone or tablet",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Safari/5",
            "Samsung Internet on an Android phone or tablet",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64) {WEBKIT} Chrome/140.0 Safari/537",
            "Chrome on a Chromebook",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on a Linux computer"),
        ("something on Windows", "A browser on a Windows computer"),
        ("curl/8", "A browser"),
        ("", "A browser"),
        ("x" * 100_000 + "Firefox/1", "A browser"),
    ],
)
def test_a_browser_in_plain_words(agent: str, words: str) -> None:
    assert kind_words(kind_of(agent)) == words


def test_a_session_from_before_kinds_were_kept_is_a_browser() -> None:
    assert kind_words("") == "A browser"
