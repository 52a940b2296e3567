"""The tracks of a case: every stage can be reached, and a wrong move says which are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tracks import (
    ALTERNATIVE_MOVES,
    COURT_MOVES,
    CUSTODY_MOVES,
    ENDED_STAGES,
    AlternativeState,
    CourtStage,
    Custody,
    MoveRefused,
    Track,
    UnknownStage,
    allowed_moves,
    check_move,
)

TABLES: list[tuple[Track, type[StrEnum], Mapping[Any, Sequence[StrEnum]], StrEnum]] = [
    (Track.COURT, CourtStage, COURT_MOVES, CourtStage.ARRESTED),
    (Track.CUSTODY, Custody, CUSTODY_MOVES, Custody.DETAINED),
    (Track.ALTERNATIVE, AlternativeState, ALTERNATIVE_MOVES, AlternativeState.NONE),
]
each_track = pytest.mark.parametrize(("track", "stages", "table", "start"), TABLES)


def reached_from(start: StrEnum, table: Mapping[Any, Sequence[StrEnum]]) -> set[StrEnum]:
    """Every stage that can follow, sooner or later."""
    seen, waiting = {start}, [start]
    while waiting:
        new = set(table[waiting.pop()]) - seen
        seen |= new
        waiting += new
    return seen


@each_track
def test_the_table_names_every_stage_and_no_other(
    track: Track, stages: type[StrEnum], table: Mapping[Any, Sequence[StrEnum]], start: StrEnum
) -> None:
    assert set(table) == set(stages)
    for moves in table.values():
        assert set(moves) <= set(stages)
        assert len(set(moves)) == len(moves)


@each_track
def test_every_stage_can_be_reached_from_the_first(
    track: Track, stages: type[StrEnum], table: Mapping[Any, Sequence[StrEnum]], start: StrEnum
) -> None:
    assert reached_from(start, table) == set(stages)


@each_track
def test_every_pair_is_either_allowed_or_refused_with_what_is(
    track: Track, stages: type[StrEnum], table: Mapping[Any, Sequence[StrEnum]], start: StrEnum
) -> None:
    for origin in stages:
        assert allowed_moves(track, origin) == tuple(str(stage) for stage in table[origin])
        for wanted in stages:
            if wanted in table[origin]:
                check_move(track, origin, wanted)
                continue
            with pytest.raises(MoveRefused) as refused:
                check_move(track, origin, wanted)
            assert refused.value.allowed == allowed_moves(track, origin)
            assert all(str(stage) in str(refused.value) for stage in table[origin])


def test_every_open_stage_of_a_case_leads_to_its_end() -> None:
    for stage in CourtStage:
        assert reached_from(stage, COURT_MOVES) & ENDED_STAGES


def test_after_the_end_comes_nothing_and_the_refusal_says_so() -> None:
    with pytest.raises(MoveRefused, match="nothing: it is an end"):
        check_move(Track.COURT, "sealed", "pretrial")


def test_a_supervisor_overrides_with_a_reason_and_not_without() -> None:
    check_move(Track.COURT, "closed", "pretrial", override_reason="reopened on appeal")
    for reason in ("", "   "):
        with pytest.raises(MoveRefused, match="override this with a reason"):
            check_move(Track.COURT, "closed", "pretrial", override_reason=reason)


@given(st.sampled_from(list(Track)), st.text(max_size=20), st.text(max_size=10))
def test_a_word_that_is_no_stage_is_refused_even_with_a_reason(
    track: Track, word: str, reason: str
) -> None:
    stages = next(stages for known, stages, _, _ in TABLES if known is track)
    if word in list(stages):
        return
    start = str(next(iter(stages)))
    for origin, wanted in ((start, word), (word, start)):
        with pytest.raises(UnknownStage) as unknown:
            check_move(track, origin, wanted, override_reason=reason)
        assert all(str(stage) in str(unknown.value) for stage in stages)
