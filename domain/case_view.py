"""What every planner of a case looks at: the facts, what was said so far, and the moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.agenda import AgendaItem
from domain.facts import CaseFacts, HearingFacts, HubPolicy, PersonFacts, When
from domain.ledger import Ledger
from domain.mailing import Wish, plan_message
from domain.vocabulary import Audience


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case at one moment (`now` is UTC)."""

    facts: CaseFacts
    policy: HubPolicy
    ledger: Ledger
    now: datetime

    def message(self, wish: Wish) -> Iterator[AgendaItem]:
        """The item that serves a wish now."""
        return plan_message(wish, self.ledger, self.policy, self.now)

    def listening(self) -> list[PersonFacts]:
        """Everyone who is told of hearings now: not a defendant who is held."""
        return [
            person
            for person in self.facts.people
            if not (self.facts.detained and person.audience is Audience.DEFENDANT)
        ]

    def here_from(self, person: PersonFacts) -> datetime:
        """From when on this person is told of anything."""
        if person.audience is Audience.DEFENDANT and self.facts.released_at is not None:
            return max(person.enrolled_at, self.facts.released_at)
        return person.enrolled_at


def knows(hearing: HearingFacts, revision: int | None) -> bool:
    """Whether what was said at a revision still holds."""
    if revision is None or revision == hearing.revision:
        return revision is not None
    old = hearing.history.get(revision)
    return old is not None and _same(old, hearing.when)


def _same(a: When, b: When) -> bool:
    return (a.local, a.zone, a.place_key) == (b.local, b.zone, b.place_key)
