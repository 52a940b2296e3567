"""What kinds of plan steps are called on the staff's pages: Homeward's own words, and the hub's."""

from api.pages.own_words import Words
from records.database import HubSession
from records.step_kinds import OWN, kinds_of


def said_kinds(session: HubSession, *, ended_too: bool = False) -> dict[str, str]:
    """Every kind that a step of this hub can have, as `kinds_of` has them.

    What Homeward calls its kinds is said in the reader's language; what a hub called its own
    stays as the hub wrote it.
    """
    every = kinds_of(session, ended_too=ended_too)
    return {key: name if key.startswith(OWN) else Words(name) for key, name in every.items()}
