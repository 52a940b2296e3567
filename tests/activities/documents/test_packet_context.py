"""From a packet's values to its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.documents import (
    Approval,
    CourtRoom,
    EnclosedLetter,
    Helper,
    PacketIncomplete,
    Person,
    Passage,
    SupportStep,
    full_release_packet,
    packet_context,
    sparse_release_packet,
)
from activities.documents.packet_context import clock_time, long_date


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(9, 0), "9:00 a.m."),
        (time(8, 5), "8:05 a.m."),
        (time(0, 30), "12:30 a.m."),
        (time(12, 0), "12:00 noon"),
        (time(12, 30), "12:30 p.m."),
        (time(13, 30), "1:30 p.m."),
        (time(23, 59), "11:59 p.m."),
    ],
)
def test_times_read_as_a_court_writes_them(at: time, words: str) -> None:
    assert clock_time(at) == words


@given(st.dates(date(1900, 1, 1)))
def test_dates_do_not_depend_on_the_machine(day: date) -> None:
    month, rest = long_date(day).split(" ", 1)

    assert rest == f"{day.day}, {day.year}"
    assert len(month) >= 3


def test_the_weekday_is_said() -> None:
    hearing = packet_context(full_release_packet())["hearing"]

    assert hearing == {
        "kind": "bail review",
        "date": "Thursday, November 19, 2026",
        "time": "9:00 a.m.",
    }


def test_a_full_and_a_sparse_packet_have_the_same_placeholders() -> None:
    full = packet_context(full_release_packet())
    sparse = packet_context(sparse_release_packet())

    assert full.keys() == sparse.keys()
    for key, value in full.items():
        if isinstance(value, dict):
            assert value.keys() == sparse[key].keys()
        assert value, f"the full example leaves {key} empty" if key != "approval" else ""


def test_what_is_blank_is_missing() -> None:
    packet = replace(
        sparse_release_packet(),
        ties=[Passage("  ")],
        helpers=[Helper(" ", "mother", "drives")],
        conditions=["", " \n"],
        plan=[SupportStep("")],
        letters=[EnclosedLetter("")],
        transport="  ",
        docket_numbers=[" "],
    )

    assert packet_context(packet) == packet_context(sparse_release_packet())


def test_every_missing_requirement_is_named_at_once() -> None:
    packet = replace(sparse_release_packet(), person=Person(" "), court=CourtRoom(""), ask="")

    with pytest.raises(PacketIncomplete) as caught:
        packet_context(packet)

    assert caught.value.missing == (
        "the person's name",
        "the court",
        "what the court is asked to consider",
    )


def test_only_an_approval_with_a_name_ends_the_draft() -> None:
    packet = full_release_packet()

    assert packet_context(packet)["draft"]
    assert packet_context(replace(packet, approval=Approval(" ", date(2026, 11, 17))))["draft"]
    assert not packet_context(
        replace(packet, approval=Approval("Elena Torres", date(2026, 11, 17)))
    )["draft"]


def test_pages_are_counted_in_words() -> None:
    letters = [EnclosedLetter("A"), EnclosedLetter("B", pages=1), EnclosedLetter("C", pages=3)]

    context = packet_context(replace(sparse_release_packet(), letters=letters))

    assert [letter["pages"] for letter in context["letters"]] == ["", "1 page", "3 pages"]
