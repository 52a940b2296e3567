"""Short answers: plain ones are understood, everything else is left to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replies import ReplyKind, read_reply


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", ReplyKind.STOP),
        (" stop. ", ReplyKind.STOP),
        ("Alto!", ReplyKind.STOP),
        ("Opt-out", ReplyKind.STOP),
        ("KANPE", ReplyKind.STOP),
        ("Unstop", ReplyKind.START),
        ("Sí", ReplyKind.CONFIRMED),
        ("yes 👍", ReplyKind.CONFIRMED),
        ("1", ReplyKind.CONFIRMED),
        ("Ride", ReplyKind.RIDE),
        ("2", ReplyKind.RIDE),
        ("What time does court end?", ReplyKind.FOR_A_PERSON),
        ("can I cancel my lawyer?", ReplyKind.FOR_A_PERSON),
        ("is this the last stop on the bus", ReplyKind.FOR_A_PERSON),
        ("yes but I have no ride", ReplyKind.FOR_A_PERSON),
        ("", ReplyKind.FOR_A_PERSON),
        ("👍", ReplyKind.FOR_A_PERSON),
    ],
)
def test_a_reply_is_read_as_its_writer_meant_it(text: str, kind: ReplyKind) -> None:
    assert read_reply(text).kind is kind


@given(st.text(max_size=200))
def test_a_sentence_with_more_words_than_a_command_never_opts_anyone_out(text: str) -> None:
    assert read_reply(f"{text} about my brother").kind is ReplyKind.FOR_A_PERSON
