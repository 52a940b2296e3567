"""What a reader has answered, part by part, before they send it: kept with their link.

Nobody has to read a life in one sitting on a phone. An answer holds for the text that was read: of
a part that says something else by then it is no answer any more.
"""

import json
from dataclasses import asdict, dataclass

from records.casework import NotFound
from records.database import HubSession
from records.tables import PrivateLink

RIGHT, CHANGE, UNTOLD = "right", "change", "untold"
CHOICES = (RIGHT, CHANGE, UNTOLD)
"""This is right; something must change; I do not want this told."""
MORE = "more"
"""In the place of a part: what they wrote beside all of their answers."""


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """An answer to one part: `choice` of `CHOICES`, the reader's words, and the digest of the text
    that it is about."""

    choice: str
    words: str
    digest: str


def answers_at(link: PrivateLink) -> dict[str, PartAnswer]:
    """What was answered so far, by part."""
    return {key: PartAnswer(**said) for key, said in json.loads(link.said or "{}").items()}


def keep_answer(session: HubSession, link_id: str, part: str, answer: PartAnswer) -> None:
    """Keep one answer; another one to the same part takes its place.

    Raises:
        NotFound: no such link in this hub.
    """
    link = _link(session, link_id)
    answers = {**answers_at(link), part: answer}
    link.said = json.dumps({key: asdict(one) for key, one in answers.items()}, ensure_ascii=False)
    session.add(link)


def clear_answers(session: HubSession, link_id: str) -> None:
    """They were sent.

    Raises:
        NotFound: no such link in this hub.
    """
    link = _link(session, link_id)
    link.said = ""
    session.add(link)


def _link(session: HubSession, link_id: str) -> PrivateLink:
    link = session.get(PrivateLink, link_id)
    if link is None:
        raise NotFound("link")
    session.lock(link)
    return link
