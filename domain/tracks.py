"""The tracks of a case and the moves that each allows.

Court and custody run side by side (domain words: arraignment, disposition, failure to
appear). A stage changes only by a recorded event; a move that the table does not know is
refused with those that it does, and a supervising advocate may override with a reason.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Track(StrEnum):
    """Which side of the case an event belongs to."""

    COURT = "court"
    CUSTODY = "custody"
    ALTERNATIVE = "alternative"


class CourtStage(StrEnum):
    """Where a case stands in court, from arrest to the end."""

    ARRESTED = "arrested"
    FIRST_APPEARANCE = "first_appearance"
    PROBABLE_CAUSE = "probable_cause"
    PRELIMINARY_HEARING = "preliminary_hearing"
    GRAND_JURY = "grand_jury"
    NOT_FILED = "not_filed"
    CHARGED = "charged"
    ARRAIGNED = "arraigned"
    PRETRIAL = "pretrial"
    MOTIONS = "motions"
    BAIL_REVIEW = "bail_review"
    PLEA = "plea"
    TRIAL = "trial"
    DIVERSION = "diversion"
    DISMISSED = "dismissed"
    ACQUITTED = "acquitted"
    PRESENTENCE = "presentence"
    SENTENCED = "sentenced"
    SUPERVISION = "supervision"
    VIOLATION = "violation"
    RESENTENCING = "resentencing"
    PAROLE = "parole"
    CLOSED = "closed"
    SEALED = "sealed"


class Custody(StrEnum):
    """Where the defendant is."""

    DETAINED = "detained"
    RELEASED = "released"
    WARRANT = "warrant"


class AlternativeState(StrEnum):
    """A deferred alternative to a conviction or a sentence."""

    NONE = "none"
    PLEA = "plea"
    MANDATE = "mandate"
    COMPLETED = "completed"
    FAILED = "failed"


_S = CourtStage
_PRETRIAL_ENDS = (_S.PLEA, _S.TRIAL, _S.DIVERSION, _S.DISMISSED)

COURT_MOVES: MappingProxyType[CourtStage, tuple[CourtStage, ...]] = MappingProxyType(
    {
        _S.ARRESTED: (_S.FIRST_APPEARANCE, _S.ARRAIGNED, _S.NOT_FILED, _S.CHARGED),
        _S.FIRST_APPEARANCE: (
            _S.PROBABLE_CAUSE,
            _S.PRELIMINARY_HEARING,
            _S.GRAND_JURY,
            _S.CHARGED,
            _S.NOT_FILED,
            _S.BAIL_REVIEW,
            _S.ARRAIGNED,
            _S.DIVERSION,
            _S.DISMISSED,
        ),
        _S.PROBABLE_CAUSE: (_S.CHARGED, _S.NOT_FILED, _S.PRELIMINARY_HEARING, _S.GRAND_JURY),
        _S.PRELIMINARY_HEARING: (_S.CHARGED, _S.NOT_FILED, _S.GRAND_JURY, _S.DISMISSED),
        _S.GRAND_JURY: (_S.CHARGED, _S.NOT_FILED),
        _S.NOT_FILED: (_S.CLOSED, _S.CHARGED),
        _S.CHARGED: (_S.ARRAIGNED, _S.PRETRIAL, *_PRETRIAL_ENDS),
        _S.ARRAIGNED: (_S.PRETRIAL, _S.MOTIONS, _S.BAIL_REVIEW, *_PRETRIAL_ENDS),
        _S.PRETRIAL: (_S.MOTIONS, _S.BAIL_REVIEW, *_PRETRIAL_ENDS),
        _S.MOTIONS: (_S.PRETRIAL, _S.BAIL_REVIEW, *_PRETRIAL_ENDS),
        _S.BAIL_REVIEW: (_S.PRETRIAL, _S.MOTIONS, _S.CHARGED, _S.ARRAIGNED, *_PRETRIAL_ENDS),
        _S.PLEA: (_S.PRESENTENCE, _S.SENTENCED, _S.DIVERSION, _S.PRETRIAL),
        _S.TRIAL: (_S.ACQUITTED, _S.PRESENTENCE, _S.SENTENCED, _S.DISMISSED, _S.PRETRIAL),
        _S.DIVERSION: (_S.DISMISSED, _S.PRETRIAL, _S.PLEA, _S.SENTENCED, _S.CLOSED),
        _S.DISMISSED: (_S.CLOSED,),
        _S.ACQUITTED: (_S.CLOSED,),
        _S.PRESENTENCE: (_S.SENTENCED,),
        _S.SENTENCED: (_S.SUPERVISION, _S.RESENTENCING, _S.PAROLE, _S.CLOSED),
        _S.SUPERVISION: (_S.VIOLATION, _S.CLOSED),
        _S.VIOLATION: (_S.SUPERVISION, _S.RESENTENCING, _S.SENTENCED, _S.CLOSED),
        _S.RESENTENCING: (_S.SENTENCED, _S.SUPERVISION, _S.CLOSED),
        _S.PAROLE: (_S.SUPERVISION, _S.SENTENCED, _S.CLOSED),
        _S.CLOSED: (_S.SEALED,),
        _S.SEALED: (),
    }
)

CUSTODY_MOVES: MappingProxyType[Custody, tuple[Custody, ...]] = MappingProxyType(
    {
        Custody.DETAINED: (Custody.RELEASED,),
        Custody.RELEASED: (Custody.DETAINED, Custody.WARRANT),
        Custody.WARRANT: (Custody.DETAINED, Custody.RELEASED),
    }
)

ALTERNATIVE_MOVES: MappingProxyType[AlternativeState, tuple[AlternativeState, ...]] = (
    MappingProxyType(
        {
            AlternativeState.NONE: (AlternativeState.PLEA, AlternativeState.MANDATE),
            AlternativeState.PLEA: (AlternativeState.MANDATE, AlternativeState.FAILED),
            AlternativeState.MANDATE: (AlternativeState.COMPLETED, AlternativeState.FAILED),
            AlternativeState.COMPLETED: (),
            AlternativeState.FAILED: (AlternativeState.MANDATE,),
        }
    )
)

ENDED_STAGES: frozenset[CourtStage] = frozenset({_S.CLOSED, _S.SEALED})
"""Stages in which nothing is due any more: the workflow of the case ends."""


class MoveRefused(ValueError):
    """A move that the table does not know; names those that it does."""

    def __init__(self, track: Track, origin: str, wanted: str, allowed: tuple[str, ...]) -> None:
        self.track, self.origin, self.wanted, self.allowed = track, origin, wanted, allowed
        after = ", ".join(allowed) if allowed else "nothing: it is an end"
        super().__init__(
            f"The {track} track cannot go from {origin} to {wanted}. After {origin} comes: {after}."
            " A supervising advocate may override this with a reason."
        )


class UnknownStage(ValueError):
    """A word that is no stage of the track; names those that are."""

    def __init__(self, track: Track, wanted: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{wanted!r} is no stage of the {track} track; use {', '.join(known)}.")


_TABLES: dict[Track, tuple[type[StrEnum], MappingProxyType[StrEnum, tuple[StrEnum, ...]]]] = {
    Track.COURT: (CourtStage, COURT_MOVES),
    Track.CUSTODY: (Custody, CUSTODY_MOVES),
    Track.ALTERNATIVE: (AlternativeState, ALTERNATIVE_MOVES),
}


def allowed_moves(track: Track, origin: str) -> tuple[str, ...]:
    """The stages that may follow `origin` on `track`.

    Raises:
        UnknownStage: `origin` is no stage of the track.
    """
    kind, table = _TABLES[track]
    return tuple(str(stage) for stage in table[_parse(track, kind, origin)])


def check_move(track: Track, origin: str, wanted: str, *, override_reason: str = "") -> None:
    """Accept a move on a track, or refuse it with the moves that are possible.

    Args:
        track: the side of the case.
        origin: the present stage.
        wanted: the stage asked for.
        override_reason: a supervising advocate's reason; when given, any known stage goes.

    Raises:
        MoveRefused: the table does not know the move and no reason was given.
        UnknownStage: either word is no stage of the track.
    """
    kind, _ = _TABLES[track]
    _parse(track, kind, wanted)
    allowed = allowed_moves(track, origin)
    if wanted not in allowed and not override_reason.strip():
        raise MoveRefused(track, origin, wanted, allowed)


def _parse(track: Track, kind: type[StrEnum], word: str) -> StrEnum:
    try:
        return kind(word)
    except ValueError:
        raise UnknownStage(track, word, tuple(str(stage) for stage in kind)) from None
