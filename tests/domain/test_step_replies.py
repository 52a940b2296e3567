"""What people write back about a step: three digits, plain words, and no guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replies import ReplyKind, read_reply
from domain.step_replies import MOST_WORDS, StepAsked, StepReply, read_step_reply

BEFORE = StepAsked("plan_step", to_come=True)
ON_THE_DAY = StepAsked("plan_step")
MISSED = StepAsked("plan_step_missed")
OLDER = StepAsked("plan_step", newest=False)
WENT, COULD_NOT, CALL = ReplyKind.STEP_WENT, ReplyKind.STEP_COULD_NOT, ReplyKind.STEP_CALL
WHY, PLANNED = ReplyKind.STEP_WHY, ReplyKind.STEP_PLANNED


def said(text: str, asked: StepAsked) -> StepReply | None:
    return read_step_reply(text, read_reply(text), asked)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", WENT),
        (" 1. ", WENT),
        ("1 I went", WENT),
        ("I went!", WENT),
        ("fui", WENT),
        ("Sí, fui", WENT),
        ("Mwen te ale", WENT),
        ("2", COULD_NOT),
        ("2 I couldn't", COULD_NOT),
        ("I couldn’t", COULD_NOT),
        ("No pude ir", COULD_NOT),
        ("m pa t kapab", COULD_NOT),
        ("3", CALL),
        ("3 please", CALL),
        ("Call me", CALL),
        ("Llámeme", CALL),
        ("rele m", CALL),
    ],
)
def test_a_digit_or_plain_words_answer(text: str, kind: ReplyKind) -> None:
    for asked in (ON_THE_DAY, MISSED):
        assert said(text, asked) == StepReply(kind)


def test_what_stands_behind_a_two_is_what_got_in_the_way() -> None:
    assert said("2 the bus never came", MISSED) == StepReply(COULD_NOT, "the bus never came")
    assert said("2. M te malad", ON_THE_DAY) == StepReply(COULD_NOT, "M te malad")


@pytest.mark.parametrize("text", ["1 question", "10", "12/4", "1:30", "1.5", "2pm", "30 minutes"])
def test_a_number_that_is_no_answer_goes_to_a_person(text: str) -> None:
    assert said(text, ON_THE_DAY) is None


def test_before_the_day_they_can_only_mean_to_go() -> None:
    for text in ("1", "yes", "ok", "wi", "I went"):
        assert said(text, BEFORE) == StepReply(PLANNED), text
    assert said("2 my shift was changed", BEFORE) == StepReply(COULD_NOT, "my shift was changed")
    assert said("yes", MISSED) is None


def test_the_answer_to_what_got_in_the_way_is_kept_and_a_question_is_not() -> None:
    assert said("My son had a fever", MISSED) == StepReply(WHY, "My son had a fever")
    asked = StepAsked("plan_step", asked_why=True)
    assert said("Pa gen woulib", asked) == StepReply(WHY, "Pa gen woulib")
    assert said("Where is it?", MISSED) is None
    assert said("My son had a fever", ON_THE_DAY) is None


def test_a_reply_is_about_what_was_said_last() -> None:
    for digit in "123":
        assert said(digit, OLDER) is None
    assert said("I went", OLDER) is None
    assert said("My son had a fever", StepAsked("plan_step_missed", newest=False)) is None


@pytest.mark.parametrize("text", ["STOP", "stop 1", "HELP", "wrong number", "ALTO", "SISPANN", "A"])
@pytest.mark.parametrize("asked", [BEFORE, ON_THE_DAY, MISSED, OLDER])
def test_what_concerns_the_messages_themselves_comes_first(text: str, asked: StepAsked) -> None:
    assert said(text, asked) is None


@given(
    st.text(max_size=700),
    st.sampled_from([BEFORE, ON_THE_DAY, MISSED, OLDER]),
)
def test_whatever_is_written_is_read_without_a_fault(text: str, asked: StepAsked) -> None:
    found = said(text, asked)
    if found is None:
        return
    assert len(found.words) <= MOST_WORDS
    assert not (asked.to_come and found.kind is WENT)
    assert not (found.words and found.kind not in (COULD_NOT, WHY))
