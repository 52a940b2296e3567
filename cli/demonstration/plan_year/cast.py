"""Who is in the year: the people of the story, and two places that she is referred to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random

from cli.demonstration.cast import Cast, Someone, cast_of

SILENT, COACH = "Second Street Job Center", "Harbor Works"
"""The provider that never answers, and the one that does."""


@dataclass(frozen=True, slots=True)
class YearCast(Cast):
    """The same people; her brother is her mentor. The providers are written to like people."""

    @property
    def everyone(self) -> tuple[Someone, ...]:
        """Everybody who is written to."""
        return (*self.people, self.counsel, *self.providers)

    @property
    def providers(self) -> tuple[Someone, ...]:
        """The two places, by their mailboxes."""
        return tuple(
            Someone("provider", name, "", "en", "", f"{name.split()[0].lower()}@example.org")
            for name in (SILENT, COACH)
        )


def year_cast(random: Random, year: int) -> YearCast:
    """Draw everybody.

    Args:
        random: the story's own generator.
        year: of the plan.
    """
    drawn = cast_of(random, year)
    return YearCast(**{one.name: getattr(drawn, one.name) for one in fields(Cast)})
