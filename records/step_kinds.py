"""A hub's own kinds of plan steps, beside those that every hub knows."""

import re
from datetime import datetime

from sqlmodel import col, select

from domain.step_kinds import STEP_KINDS
from records.casework import NotFound
from records.database import HubSession
from records.tables import HubStepKind

OWN = "own_"
"""How the keys of a hub's own kinds begin, so that they never meet Homeward's."""


class UnknownKind(ValueError):
    """There is no such kind of step; names those that there are."""

    def __init__(self, known: list[str]) -> None:
        super().__init__(f"There is no such kind of step. There are: {', '.join(known)}.")


class KindExists(ValueError):
    """The hub has such a kind already."""

    def __init__(self) -> None:
        super().__init__("Your hub has a kind of this name already. Choose another name.")


def own_kinds(session: HubSession, *, ended_too: bool = False) -> list[HubStepKind]:
    """The hub's own kinds, by name."""
    statement = select(HubStepKind).order_by(col(HubStepKind.label), col(HubStepKind.id))
    if not ended_too:
        statement = statement.where(col(HubStepKind.ended_at).is_(None))
    return list(session.exec(statement).all())


def kinds_of(session: HubSession, *, ended_too: bool = False) -> dict[str, str]:
    """Every kind that a step of this hub can have, in plain words: Homeward's, then its own."""
    own = {kind.key: kind.label for kind in own_kinds(session, ended_too=ended_too)}
    return {**{str(key): words for key, words in STEP_KINDS.items()}, **own}


def check_kind(session: HubSession, kind: str) -> str:
    """The kind, when there is such a one.

    Raises:
        UnknownKind: there is not.
    """
    if kind not in STEP_KINDS:
        known = kinds_of(session)
        if kind not in known:
            raise UnknownKind(list(known))
    return kind


def is_own_treatment(session: HubSession, kind: str) -> bool:
    """Whether one of the hub's own kinds is health care."""
    if not kind.startswith(OWN):
        return False
    row = _by_key(session, kind)
    return row is not None and row.treatment


def add_kind(session: HubSession, label: str, *, treatment: bool = False) -> HubStepKind:
    """Add a kind; one that was ended under the same name is taken up again.

    Args:
        session: of the hub.
        label: its name in plain words.
        treatment: steps of this kind are health care, and need a consent to be shared.

    Raises:
        KindExists: there is one of this name.
    """
    key = OWN + (re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:60] or "kind")
    row = _by_key(session, key)
    if row is not None and row.ended_at is None:
        raise KindExists
    if row is None:
        row = HubStepKind(key=key, label=label)
    # Steps of an ended kind keep what they were: a kind never stops being health care.
    row.label, row.treatment, row.ended_at = label, row.treatment or treatment, None
    session.add(row)
    session.flush()
    return row


def end_kind(session: HubSession, kind_id: str, now: datetime) -> HubStepKind:
    """No new step is of this kind; those that are stay so.

    Raises:
        NotFound: no such kind of this hub's own.
    """
    row = session.get(HubStepKind, kind_id)
    if row is None:
        raise NotFound("kind of step")
    if row.ended_at is None:
        row.ended_at = now
        session.add(row)
    return row


def _by_key(session: HubSession, key: str) -> HubStepKind | None:
    return session.exec(select(HubStepKind).where(HubStepKind.key == key)).first()
