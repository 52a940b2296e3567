"""Someone and the cases in which they stand, as the API tells them."""

from typing import Self

from pydantic import Field

from api.fields import Id, Out
from records.correspondents import Correspondent


class StandingOut(Out):
    """Where someone stands in one case."""

    case_id: Id
    relation: str = Field(description="To the participant; empty for the participant.")
    participant: str
    open: bool


class CorrespondentOut(Out):
    """Someone with their cases."""

    person_id: Id
    first_name: str
    last_name: str
    language: str
    standings: list[StandingOut]

    @classmethod
    def told(cls, who: Correspondent) -> Self:
        """The same as the API tells it."""
        return cls(
            person_id=who.person_id,
            first_name=who.first_name,
            last_name=who.last_name,
            language=who.language,
            standings=[StandingOut.of(standing) for standing in who.standings],
        )
