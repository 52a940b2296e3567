"""Letters: what the answers make, how drafts are kept, and the steps of a letter's life."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letters import (
    CONTACT,
    MOST_ANSWER,
    PROMPTS,
    Attached,
    Draft,
    LetterStep,
    LetterWithdrawn,
    NothingWritten,
    TextTooLong,
    after,
    compose,
    dump_draft,
    load_draft,
    tidy,
    tidy_draft,
)
from domain.vocabulary import LetterState

ANSWERS = {
    "who": "I am the pastor of Mt. Zion Church.",
    "know": "I have known Marcus for twelve years.\r\n\r\n\r\nHe was nine.",
    "story": "In 2024 he carried groceries for Sister Ruth every week.",
    "will": "I will drive him to court.",
    CONTACT: "305-555-0142",
}
FILE = Attached("k" * 64, "letter.jpg", "image/jpeg", "a" * 64, 1000, "p" * 64, 1)

texts = st.text(max_size=200)
answers = st.dictionaries(st.sampled_from([*PROMPTS, CONTACT]), texts)


def test_the_answers_make_a_letter_in_the_order_in_which_a_judge_reads() -> None:
    assert compose(dict(reversed(ANSWERS.items()))) == (
        "I am the pastor of Mt. Zion Church.\n\n"
        "I have known Marcus for twelve years.\n\nHe was nine.\n\n"
        "In 2024 he carried groceries for Sister Ruth every week.\n\n"
        "I will drive him to court."
    )
    assert compose({"story": " \n ", "contact": "305-555-0142"}) == ""


@given(answers)
def test_a_letter_holds_every_word_that_was_answered_and_no_other(said: dict[str, str]) -> None:
    words = [word for name in PROMPTS for word in tidy(said.get(name, "")).split()]
    assert compose(said).split() == words


@given(st.text())
def test_a_tidied_text_is_tidy_and_hides_nothing(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert "\n\n\n" not in tidied
    assert not set(tidied) & set("\x00\x1b\u202e\u2066\u2028\ufeff\r")


@given(answers, texts, st.booleans())
def test_a_draft_is_read_back_as_it_was_kept(
    said: dict[str, str], whole: str, uploaded: bool
) -> None:
    draft = tidy_draft(Draft(said, whole, FILE if uploaded else None))
    assert load_draft(dump_draft(draft)) == draft
    assert tidy_draft(draft) == draft
    json.loads(dump_draft(draft))


def test_a_letter_written_whole_stands_in_place_of_the_answers() -> None:
    assert Draft(ANSWERS, "Dear Judge, he is kind.").body == "Dear Judge, he is kind."
    assert Draft().empty
    assert Draft({CONTACT: "305-555-0142"}).empty, "a phone number is no letter"
    assert not Draft(document=FILE).empty


def test_a_text_that_is_too_long_says_which() -> None:
    with pytest.raises(TextTooLong, match="10,000") as refused:
        tidy_draft(Draft({"story": "a" * (MOST_ANSWER + 1)}))
    assert refused.value.name == "story"
    with pytest.raises(TextTooLong):
        tidy_draft(Draft(whole="a" * 10_001))


@pytest.mark.parametrize(
    ("state", "step", "then"),
    [
        ("asked", "open", "opened"),
        ("started", "open", "started"),
        ("asked", "save", "started"),
        ("opened", "save", "started"),
        ("declined", "save", "started"),
        ("sent", "save", "sent"),
        ("started", "send", "sent"),
        ("sent", "decline", "declined"),
        ("asked", "decline", "declined"),
        ("declined", "resume", "started"),
        ("sent", "resume", "sent"),
        ("sent", "withdraw", "withdrawn"),
        ("withdrawn", "withdraw", "withdrawn"),
    ],
)
def test_each_step_of_a_letters_life(state: str, step: str, then: str) -> None:
    assert after(LetterState(state), LetterStep(step), written=True) == then


def test_who_declined_unwritten_begins_where_they_were() -> None:
    opened = after(LetterState.DECLINED, LetterStep.RESUME, written=False)
    assert opened is LetterState.OPENED


@given(
    st.sampled_from(LetterState), st.lists(st.tuples(st.sampled_from(LetterStep), st.booleans()))
)
def test_no_way_leads_out_of_withdrawn_or_sends_nothing(
    state: LetterState, way: list[tuple[LetterStep, bool]]
) -> None:
    for step, written in way:
        try:
            then = after(state, step, written=written)
        except LetterWithdrawn:
            assert state is LetterState.WITHDRAWN
            assert step is not LetterStep.WITHDRAW
            continue
        except NothingWritten:
            assert step is LetterStep.SEND
            assert not written
            continue
        if then is LetterState.SENT and state is not LetterState.SENT:
            assert step is LetterStep.SEND
            assert written
        if state is LetterState.WITHDRAWN:
            assert then is LetterState.WITHDRAWN
        state = then
