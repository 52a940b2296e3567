"""Finding cases by a name, a docket number or a phone.

Names are sealed in the records, each time with another result, so a database cannot compare them.
What was opened once is kept in this process under its sealed text: a name that changed is sealed
anew and opened anew, and nothing has to be thrown away at the right moment.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final

from sqlalchemy import ColumnElement, String, type_coerce
from sqlmodel import col, select

from domain.folding import words_of
from domain.name_matching import digits_of, is_close, name_score, words_of_name
from domain.tracks import ENDED_STAGES
from domain.vocabulary import Channel
from records.addresses import BadAddress, address_index, docket_index, normalise
from records.crypto import keys
from records.database import HubSession
from records.tables import Case, ContactPoint, Defendant, Docket, Person, Supporter

MOST_FOUND: Final = 60
MOST_WORDS: Final = 6
"""Words of what was typed that are looked for."""
FEWEST_DIGITS: Final = 7
"""Digits from which on something typed may be a phone."""
_MOST_KEPT: Final = 200_000
_FIRST, _LAST = "person.first_name", "person.last_name"


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that was found.

    Attributes:
        through: who of the circle fits, as "Denise Johnson, mother"; "" for the person themself.
        by: "name", "docket" or "phone".
        score: how well the name fits, 0 best.
    """

    case_id: str
    by: str
    through: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that was opened, and its words for comparing."""

    first: str
    last: str
    words: tuple[str, ...]


class _Opened:
    """Sealed names and what they hold, for this process alone."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], _Name] = {}
        self._lock = Lock()

    def name(self, first: str, last: str) -> _Name:
        """What two sealed texts hold; they are opened once."""
        known = self._known.get((first, last))
        return known or self._open(first, last)

    def _open(self, first: str, last: str) -> _Name:
        one, other = (
            keys().open_text(sealed, place) if sealed else ""
            for sealed, place in ((first, _FIRST), (last, _LAST))
        )
        name = _Name(one, other, words_of_name(one, other))
        with self._lock:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[first, last] = name
        return name


_opened = _Opened()


class _Scores(dict[tuple[str, ...], int | None]):
    """How well each name fits what is looked for; many people share a name, and a family does."""

    def __init__(self, looked_for: Sequence[str]) -> None:
        super().__init__()
        self._looked_for = looked_for

    def __missing__(self, name: tuple[str, ...]) -> int | None:
        score = self[name] = name_score(self._looked_for, name)
        return score


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A participant, or somebody of a circle, who was found by name."""

    person_id: str
    first: str
    last: str
    participant: bool
    score: int


def find_people(session: HubSession, typed: str, most: int) -> list[FoundPerson]:
    """Participants and people of their circles whose name fits, best first, at most so many.

    Args:
        session: of the hub.
        typed: a name or part of one, as for `find_cases`.
        most: how many.
    """
    words = words_of(typed)[:MOST_WORDS]
    own = set(session.exec(select(col(Defendant.person_id))).all())
    beside = set(session.exec(select(col(Supporter.person_id))).all())
    found = []
    score_of = _Scores(words)
    with _uncollected():
        for person_id, first, last in session.exec(select(col(Person.id), *_sealed_name())).all():
            if person_id in own or person_id in beside:
                name = _opened.name(first, last)
                score = score_of[name.words]
                if score is not None:
                    is_own = person_id in own
                    found.append(FoundPerson(person_id, name.first, name.last, is_own, score))
    scores = [one.score for one in found]
    close = [one for one in found if is_close(scores, one.score)]
    return sorted(close, key=lambda one: (one.score, one.person_id))[:most]


def _sealed_name() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Both names as they rest, unopened."""
    first, last = col(Person.first_name), col(Person.last_name)
    return type_coerce(first, String()), type_coerce(last, String())


def find_cases(session: HubSession, typed: str) -> list[FoundCase]:
    """Cases that fit, best first; open ones before closed ones, then the newest.

    Args:
        session: of the hub.
        typed: a name or part of one, in any order and roughly spelled; a docket number, however it
            is spaced; or a phone.
    """
    with _uncollected():
        found = {one.case_id: one for one in _by_name(session, typed)}
    for one in (*_by_phone(session, typed), *_by_docket(session, typed)):
        found[one.case_id] = one
    return _ordered(session, found.values())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Tens of thousands of short-lived rows would make the collector look through everything that
    the process holds, in the middle of a search; it does so afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _by_name(session: HubSession, typed: str) -> list[FoundCase]:
    words = words_of(typed)[:MOST_WORDS]
    if not words:
        return []
    first, last = _sealed_name()
    own = session.exec(
        select(col(Case.id), first, last)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
    ).all()
    beside = session.exec(
        select(col(Supporter.case_id), first, last, col(Supporter.relationship))
        .join(Person, col(Person.id) == Supporter.person_id)
        .where(col(Supporter.ended_at).is_(None))
    ).all()
    found: dict[str, FoundCase] = {}
    score_of = _Scores(words)
    for case_id, one, other in own:
        score = score_of[_opened.name(one, other).words]
        if score is not None:
            _keep(found, FoundCase(case_id, "name", "", score))
    for case_id, one, other, relation in beside:
        name = _opened.name(one, other)
        score = score_of[name.words]
        if score is not None:
            full = f"{name.first} {name.last}".strip()
            through = f"{full}, {relation}" if relation else full
            _keep(found, FoundCase(case_id, "name", through, score))
    scores = [one.score for one in found.values()]
    return [one for one in found.values() if is_close(scores, one.score)]


def _keep(found: dict[str, FoundCase], one: FoundCase) -> None:
    """The best way to a case; the person themself before somebody of their circle."""
    known = found.get(one.case_id)
    if known is None or one.score < known.score:
        found[one.case_id] = one


def _by_docket(session: HubSession, typed: str) -> list[FoundCase]:
    if not digits_of(typed):
        return []
    ids = session.exec(
        select(col(Docket.case_id)).where(Docket.number_index == docket_index(typed))
    ).all()
    return [FoundCase(case_id, "docket") for case_id in ids]


def _by_phone(session: HubSession, typed: str) -> list[FoundCase]:
    if len(digits_of(typed)) < FEWEST_DIGITS:
        return []
    try:
        index = address_index(normalise(Channel.SMS, typed))
    except BadAddress:
        return []
    people = select(col(ContactPoint.person_id)).where(ContactPoint.address_index == index)
    own = session.exec(
        select(col(Case.id))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(col(Defendant.person_id).in_(people))
    ).all()
    beside = session.exec(
        select(col(Supporter.case_id), col(Person.first_name), col(Supporter.relationship))
        .join(Person, col(Person.id) == Supporter.person_id)
        .where(col(Supporter.person_id).in_(people), col(Supporter.ended_at).is_(None))
    ).all()
    found = {
        case_id: FoundCase(case_id, "phone", f"{first}, {relation}")
        for case_id, first, relation in beside
    }
    found |= {case_id: FoundCase(case_id, "phone") for case_id in own}
    return list(found.values())


def _ordered(session: HubSession, found: Iterable[FoundCase]) -> list[FoundCase]:
    by_id = {one.case_id: one for one in found}
    rows = session.exec(
        select(col(Case.id), col(Case.stage), col(Case.enrolled_at)).where(
            col(Case.id).in_(list(by_id)[:5_000])
        )
    ).all()
    when = {case_id: (stage in ENDED_STAGES, at) for case_id, stage, at in rows}
    order = sorted(
        (one for one in by_id.values() if one.case_id in when),
        key=lambda one: (
            one.by == "name",
            one.score,
            when[one.case_id][0],
            -when[one.case_id][1].timestamp(),
            one.case_id,
        ),
    )
    return order[:MOST_FOUND]
