"""Every word of the records has a plain one, and every colour can be read."""

import re
from pathlib import Path

import pytest

import records.calendar_tasks
import templates
from api.pages import packet_words, wording
from api.pages.task_kinds import KINDS
from domain.vocabulary import (
    Appearance,
    HearingKind,
    LetterState,
    MessageState,
    PacketKind,
    PacketState,
    Reader,
    StepState,
    Verdict,
)

STYLE = (Path(templates.__file__).parent / "pages" / "style.css").read_text()
SOURCES = ("domain", "records", "activities")


def test_kinds_of_hearings_appearances_and_states_have_words() -> None:
    assert {str(kind) for kind in HearingKind} == wording.HEARING_KINDS.keys()
    assert {str(one) for one in Appearance} == wording.APPEARANCES.keys()
    assert {str(state) for state in StepState} == wording.STEP_STATES.keys()


def test_every_kind_state_and_verdict_of_packets_has_words() -> None:
    states = {state for state, _ in packet_words.TRACK} | {PacketState.SUPERSEDED}
    assert states == set(PacketState)
    assert set(packet_words.PURPOSES) == set(PacketKind)
    assert set(packet_words.LETTERS) == set(LetterState) - {LetterState.WITHDRAWN}
    assert packet_words.verdict(Reader.COUNSEL, Verdict.SENDS_BACK).word == "sent it back"
    assert packet_words.verdict(Reader.PARTICIPANT, Verdict.AGREES).word.endswith("this is right")
    assert packet_words.size(312_400) == "312 kB"
    assert packet_words.size(1_400_000) == "1.4 MB"
    assert packet_words.size(0) == ""
    assert packet_words.listed(["Home", "Family", "Work"]) == "Home, Family and Work"


@pytest.mark.parametrize("state", MessageState)
def test_a_message_that_never_left_is_never_called_sent(state: MessageState) -> None:
    said = wording.fate(state, "outbox").word
    assert not said.startswith(("sent", "delivered"))


def test_an_unknown_word_is_shown_as_it_is_written() -> None:
    assert wording.hearing_kind("drug_court") == "drug court"
    assert wording.fate("lost_at_sea", "sms").word == "lost at sea"
    assert wording.language("qu") == "qu"


def test_every_task_that_anything_opens_is_told_in_plain_words() -> None:
    root = Path(templates.__file__).parent.parent
    opened: set[str] = set()
    for folder in SOURCES:
        for file in (root / folder).rglob("*.py"):
            opened |= set(
                re.findall(
                    r'(?:plan_task|tell_house|open_house_task)\(\s*(?:session, )?"(\w+)"',
                    file.read_text(),
                )
            )
    assert {"not_reached", "call_now", "not_told", "channel_down"} <= opened
    opened |= {"ask_outcome", "nobody_reached", "no_contact", "step_missed", "packet_not_ready"}
    calendar = records.calendar_tasks
    opened |= {calendar.VANISHED, calendar.CONFLICT, calendar.WHICH_COURT}
    assert opened <= KINDS.keys()


def test_message_lines_say_what_to_whom_and_how() -> None:
    line = wording.message_line("before_3", "Denise", "sms")
    assert line == "Reminder to Denise by text, 3 days before"
    assert wording.message_line("changed", "Ana", "email") == "New date or place to Ana by e-mail"


def _colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_colour_can_be_read_on_every_ground(dark: bool) -> None:
    day, _, night = STYLE.partition("@media (prefers-color-scheme: dark)")
    colours = _colours(day) | (_colours(night.partition("@media")[0]) if dark else {})
    pairs = [
        (text, ground)
        for text in ("ink", "soft", "deep", "amber", "red", "good")
        for ground in ("paper", "sheet")
    ]
    pairs += [("on-deep", "deep"), ("ink", "amber-wash"), ("amber", "amber-wash")]
    pairs += [("ink", "red-wash"), ("red", "red-wash"), ("deep", "red-wash"), ("soft", "red-wash")]
    for text, ground in pairs:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for mark in ("field", "focus"):
        assert _contrast(colours[mark], colours["paper"]) >= 3, mark


def test_the_style_sheet_asks_nothing_of_anybody_else() -> None:
    assert "http" not in STYLE
    assert "@import" not in STYLE
    assert "url(" not in STYLE
