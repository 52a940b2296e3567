"""What was already said and asked, indexed for the planners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.facts import MessageFact
from domain.vocabulary import LEFT, MessageState


def message_key(person_id: str, subject_id: str, revision: int, step: str, channel: str) -> str:
    """The unique claim of one message: person, subject, revision, step and channel."""
    return f"{person_id}|{subject_id or '-'}|{revision}|{step}|{channel}"


def task_key(kind: str, subject_id: str, revision: int = 0, person_id: str = "") -> str:
    """The unique claim of one task for a person."""
    return f"task|{kind}|{subject_id}|{revision}|{person_id}"


class Ledger:
    """Messages by person and subject, and the tasks that were ever opened."""

    def __init__(self, messages: Iterable[MessageFact], task_keys: frozenset[str]) -> None:
        self._task_keys = task_keys
        self.claimed: list[MessageFact] = []
        self._about: dict[tuple[str, str], list[MessageFact]] = {}
        self._spoken_to: set[str] = set()
        for message in messages:
            self._about.setdefault((message.person_id, message.subject_id), []).append(message)
            if message.state in LEFT:
                self._spoken_to.add(message.person_id)
            if message.state is MessageState.CLAIMED:
                self.claimed.append(message)

    def about(self, person_id: str, subject_id: str) -> Sequence[MessageFact]:
        """All messages to a person about a subject, whatever became of them."""
        return self._about.get((person_id, subject_id), ())

    def told_revision(self, person_id: str, subject_id: str) -> int | None:
        """The newest revision of the subject that the person was, or may have been, told."""
        told = [m.revision for m in self.about(person_id, subject_id) if m.state in LEFT]
        return max(told, default=None)

    def spoke_to(self, person_id: str) -> bool:
        """Whether anything at all went out to this person, or may have."""
        return person_id in self._spoken_to

    def asked(self, key: str) -> bool:
        """Whether this task was ever opened."""
        return key in self._task_keys
