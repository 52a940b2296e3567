"""The short words outside of messages: every language says everything."""

from pathlib import Path

import pytest

from domain.notices import Notices
from domain.placeholders import BadTemplate
from domain.replies import ReplyKind, read_reply

FOLDER = Path(__file__).parents[2] / "templates" / "notices"


def test_english_spanish_and_creole_say_the_same_things() -> None:
    notices = Notices.load(FOLDER)
    assert set(notices.everything) >= {"en", "es", "ht"}
    assert notices.say("ht", "calendar.title", hub="Hub") == "Dat tribinal, Hub"
    assert notices.language("es-MX") == "es"
    assert notices.language("vi", "ht") == "ht"
    assert notices.language("vi", "ru") == "en"


def test_every_word_for_stopping_is_one_that_is_understood() -> None:
    notices = Notices.load(FOLDER)
    for language, word in (("en", "STOP"), ("es", "ALTO"), ("ht", "SISPANN")):
        assert word in notices.say(language, "unsubscribe.unknown")
        assert read_reply(word).kind is ReplyKind.STOP


@pytest.mark.parametrize("change", ['\n[calendar2]\nx = "y"\n', '\nextra = "y"\n'])
def test_a_language_that_says_something_else_is_refused(tmp_path: Path, change: str) -> None:
    source = (FOLDER / "en.toml").read_text()
    (tmp_path / "en.toml").write_text(source + change)
    with pytest.raises(BadTemplate):
        Notices.load(tmp_path)


def test_a_language_that_lacks_a_text_or_asks_for_an_unknown_value_is_refused(
    tmp_path: Path,
) -> None:
    source = (FOLDER / "en.toml").read_text()
    (tmp_path / "en.toml").write_text(source.replace("button =", "buton ="))
    with pytest.raises(BadTemplate, match="button"):
        Notices.load(tmp_path)
    (tmp_path / "en.toml").write_text(source.replace("{hub}", "{charge}", 1))
    with pytest.raises(BadTemplate, match="charge"):
        Notices.load(tmp_path)
