"""Whose phone or mailbox an address is, and in which cases those people stand."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from records.database import HubSession
from records.tables import Case, ContactPoint, Defendant, Person, Supporter


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone stands in one case.

    Attributes:
        relation: to the participant, e.g. "mother"; "" for the participant.
        first_name, last_name: the participant's.
        open: the case is followed, and they have not left its circle.
    """

    case_id: str
    relation: str
    first_name: str
    last_name: str
    open: bool

    @property
    def participant(self) -> str:
        """Both names of the participant."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Someone with a certain phone or mailbox.

    Attributes:
        standings: in open cases; in past ones only where there is no open one.
    """

    person_id: str
    first_name: str
    last_name: str
    language: str
    standings: tuple[Standing, ...]

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first_name} {self.last_name}".strip()


def correspondents_at(
    session: HubSession, indexes: Collection[str]
) -> dict[str, tuple[Correspondent, ...]]:
    """Address index → everyone with that phone or mailbox, in a fixed number of queries."""
    rows = session.exec(
        select(col(ContactPoint.address_index), col(ContactPoint.person_id))
        .where(col(ContactPoint.address_index).in_(indexes))
        .order_by(col(ContactPoint.id))
    ).all()
    people = correspondents(session, {person for _, person in rows})
    found: dict[str, dict[str, Correspondent]] = {}
    for index, person in rows:
        found.setdefault(index, {})[person] = people[person]
    return {index: tuple(those.values()) for index, those in found.items()}


def correspondents(session: HubSession, person_ids: Collection[str]) -> dict[str, Correspondent]:
    """Person id → who it is and where they stand, in a fixed number of queries."""
    people = session.exec(
        select(
            col(Person.id), col(Person.first_name), col(Person.last_name), col(Person.language)
        ).where(col(Person.id).in_(person_ids))
    ).all()
    standings = standings_of(session, person_ids)
    return {
        person: Correspondent(person, first, last, language, standings.get(person, ()))
        for person, first, last, language in people
    }


def standings_of(
    session: HubSession, person_ids: Collection[str]
) -> dict[str, tuple[Standing, ...]]:
    """Person id → the cases in which they stand, their own first."""
    found: dict[str, list[Standing]] = {}
    for person, standing in (*_own(session, person_ids), *_beside(session, person_ids)):
        found.setdefault(person, []).append(standing)
    return {
        person: tuple([one for one in those if one.open] or those)
        for person, those in found.items()
    }


def _own(session: HubSession, person_ids: Collection[str]) -> list[tuple[str, Standing]]:
    rows = session.exec(
        select(col(Case.id), col(Case.stage), Person)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Defendant.person_id).in_(person_ids))
        .order_by(col(Case.id))
    ).all()
    return [
        (
            person.id,
            Standing(case_id, "", person.first_name, person.last_name, stage not in ENDED_STAGES),
        )
        for case_id, stage, person in rows
    ]


def _beside(session: HubSession, person_ids: Collection[str]) -> list[tuple[str, Standing]]:
    rows = session.exec(
        select(Supporter, col(Case.stage), col(Person.first_name), col(Person.last_name))
        .join(Case, col(Case.id) == Supporter.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Supporter.person_id).in_(person_ids))
        .order_by(col(Case.id))
    ).all()
    return [
        (
            supporter.person_id,
            Standing(
                supporter.case_id,
                supporter.relationship,
                first,
                last,
                stage not in ENDED_STAGES and supporter.ended_at is None,
            ),
        )
        for supporter, stage, first, last in rows
    ]
