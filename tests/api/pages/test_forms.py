"""What people type, and what becomes of it."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.pages.forms import NEVER_KEPT, Form
from domain.vocabulary import Channel


def form(**values: str) -> Form:
    return Form(values)


@pytest.mark.parametrize("typed", ["2026-12-08", "12/8/2026", " 12/08/2026 "])
def test_a_date_is_read_as_a_date_field_or_a_person_writes_it(typed: str) -> None:
    assert form(date=typed).day("date") == date(2026, 12, 8)


@pytest.mark.parametrize("typed", ["8.12.2026", "2026-02-30", "13/13/2026", "soon", "12/8/26"])
def test_what_is_no_date_is_refused_without_repeating_it(typed: str) -> None:
    sent = form(date=typed)
    assert sent.day("date") is None
    assert typed not in sent.error("date")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:00", time(9)),
        ("9:00", time(9)),
        ("09:00:00", time(9)),
        ("9 am", time(9)),
        ("1:30 pm", time(13, 30)),
        ("1:30 P.M.", time(13, 30)),
        ("12:15 am", time(0, 15)),
        ("12 pm", time(12)),
    ],
)
def test_a_time_is_read_as_a_time_field_or_a_person_writes_it(typed: str, meant: time) -> None:
    assert form(at=typed).clock("at") == meant


@pytest.mark.parametrize("typed", ["9", "25:00", "13:00 pm", "0:30 am", "9:60", "noon"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    sent = form(at=typed)
    assert sent.clock("at") is None
    assert not sent.ok


@given(some.times())
def test_every_minute_comes_back_as_it_was_sent(at: time) -> None:
    assert form(at=f"{at:%H:%M}").clock("at") == at.replace(second=0, microsecond=0)


@given(some.text(max_size=300))
def test_a_line_is_one_line_without_invisible_controls(typed: str) -> None:
    line = form(name=typed).line("name")
    assert not set(line) & set("\x00\n\r\t\u202e\u2066")
    assert line == line.strip()


@given(some.text(max_size=60), some.text(max_size=60), some.text(max_size=60))
def test_nothing_that_is_typed_breaks_a_form(day: str, at: str, address: str) -> None:
    sent = form(day=day, at=at, phone=address, email=address)
    sent.day("day")
    sent.clock("at")
    sent.address("phone", Channel.SMS)
    sent.address("email", Channel.EMAIL)
    sent.lines("day")
    for why in sent.errors.values():
        assert why.endswith(".")


def test_secrets_are_never_shown_again() -> None:
    sent = form(password="open sesame", birth_date="1999-01-02", name="Denise")
    assert sent.kept("name") == "Denise"
    assert {sent.kept(name) for name in NEVER_KEPT} == {""}
    assert sent.secret("password") == "open sesame"


def test_a_choice_that_was_not_offered_counts_as_none() -> None:
    sent = form(custody="on the moon")
    assert sent.choice("custody", ["detained"], "Choose where they are.") == ""
    assert sent.error("custody") == "Choose where they are."


def test_the_first_reason_stands() -> None:
    sent = form()
    sent.refuse("date", "Enter the date.")
    sent.refuse("date", "Something else.")
    assert sent.error("date") == "Enter the date."


def test_lines_of_a_text_are_kept_apart_and_empty_ones_dropped() -> None:
    sent = form(ties="Born here.\r\n\r\n  Sings in the choir.  ")
    assert sent.lines("ties") == ("Born here.", "Sings in the choir.")
