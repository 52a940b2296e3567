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
    Hearing,
    Helper,
    PacketIncomplete,
    Passage,
    Person,
    Photograph,
    PhotographUnreadable,
    SupportStep,
    complete_packet,
    full_packet,
    full_release_packet,
    packet_context,
    sparse_packet,
    sparse_release_packet,
)
from activities.documents.packet_context import clock_time, hearing_words, long_date
from domain.vocabulary import PacketKind


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
        "title": "Bail review",
        "date": "Thursday, November 19, 2026",
        "time": "9:00 a.m.",
    }


@pytest.mark.parametrize("kind", PacketKind)
def test_all_packets_of_a_kind_have_the_same_placeholders(kind: PacketKind) -> None:
    complete, full, sparse = (
        packet_context(packet(kind)) for packet in (complete_packet, full_packet, sparse_packet)
    )

    assert complete.keys() == full.keys() == sparse.keys()
    for key, value in complete.items():
        if isinstance(value, dict):
            assert value.keys() == full[key].keys() == sparse[key].keys()
        assert value or value is False, f"the complete example leaves {key} empty"


def test_what_is_blank_is_missing() -> None:
    packet = replace(
        sparse_release_packet(),
        sections={"ties": [Passage("  ")]},
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


def test_a_quote_loses_the_marks_around_it_and_no_others() -> None:
    for text, printed in (
        ("“He came back.”", "He came back."),
        ('"He came back."', "He came back."),
        ("« Il est là. »", "Il est là."),
        ("“Yes,” he said, “always.”", "“Yes,” he said, “always.”"),
        ('"', '"'),
    ):
        packet = replace(sparse_packet("sentencing"), sections={"who": [Passage(text, quote=True)]})
        assert packet_context(packet)["sections"]["who"][0]["text"] == printed


def test_a_photograph_that_cannot_be_read_is_named_by_its_place() -> None:
    photographs = [full_packet("biography").photographs[0], Photograph(b"GIF89a", "x")]

    with pytest.raises(PhotographUnreadable, match="Photograph 2 "):
        packet_context(replace(sparse_packet("biography"), photographs=photographs))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("status", "Status hearing"),
        ("probation violation", "Probation violation hearing"),
        ("sentencing", "Sentencing"),
        ("other", "Hearing"),
        ("DUI review", "DUI review"),
    ],
)
def test_a_calendars_short_word_is_made_whole(kind: str, words: str) -> None:
    hearing = Hearing(kind, date(2026, 11, 19))

    assert hearing_words(hearing) == f"{words}, Thursday, November 19, 2026"
    packet = replace(sparse_release_packet(), hearing=hearing)
    assert packet_context(packet)["hearing"]["title"] == words
