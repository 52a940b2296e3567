"""What was already said and asked, indexed for the planners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.facts import MessageFact
from domain.vocabulary import LEFT, MessageState


def message_key(
    person_id: str, subject_id: str, revision: int, step: str, channel: str, number: int = 1
) -> str:
    """The unique claim of one message: person, subject, revision, step, channel, and which of
    several on that channel it is, once the first did not arrive."""
    key = f"{person_id}|{subject_id or '-'}|{revision}|{step}|{channel}"
    return key if number == 1 else f"{key}#{number}"


def task_key(kind: str, subject_id: str, revision: int = 0, person_id: str = "") -> str:
    """The unique claim of one task for a person."""
    return f"task|{kind}|{subject_id}|{revision}|{person_id}"


class Ledger:
    """Messages by person and subject, and the tasks that were ever opened."""

    def __init__(
        self,
        messages: Iterable[MessageFact],
        task_keys: frozenset[str],
        elsewhere: Mapping[str, datetime] | None = None,
    ) -> None:
        """Args:
        messages: of one case, plan or agency.
        task_keys: claims of its tasks.
        elsewhere: when each person was last told anything about something else (UTC).
        """
        self._task_keys = task_keys
        self.claimed: list[MessageFact] = []
        self._about: dict[tuple[str, str], list[MessageFact]] = {}
        self._tries: dict[tuple[str, str, int, str], list[MessageFact]] = {}
        self._last_said: dict[str, datetime] = dict(elsewhere or {})
        self._spoken_to: set[str] = set()
        for message in messages:
            self._enter(message)

    def _enter(self, message: MessageFact) -> None:
        person, state = message.person_id, message.state
        self._about.setdefault((person, message.subject_id), []).append(message)
        if state is not MessageState.WITHDRAWN:
            wish = (person, message.subject_id, message.revision, message.step)
            self._tries.setdefault(wish, []).append(message)
        if state in LEFT:
            self._spoken_to.add(person)
            said = self._last_said.get(person)
            if said is None or message.claimed_at > said:
                self._last_said[person] = message.claimed_at
        if state is MessageState.CLAIMED:
            self.claimed.append(message)

    def about(self, person_id: str, subject_id: str) -> Sequence[MessageFact]:
        """All messages to a person about a subject, whatever became of them."""
        return self._about.get((person_id, subject_id), ())

    def tries(
        self, person_id: str, subject_id: str, revision: int, step: str
    ) -> Sequence[MessageFact]:
        """Everything that was sent, or may have been, to tell a person this very thing."""
        return self._tries.get((person_id, subject_id, revision, step), ())

    def told_revision(self, person_id: str, subject_id: str) -> int | None:
        """The newest revision of the subject that the person was, or may have been, told."""
        told = [m.revision for m in self.about(person_id, subject_id) if m.state in LEFT]
        return max(told, default=None)

    def spoke_to(self, person_id: str) -> bool:
        """Whether anything at all went out to this person about this, or may have."""
        return person_id in self._spoken_to

    def last_said(self, person_id: str) -> datetime | None:
        """When this person was last told anything, about whatever it was (UTC)."""
        return self._last_said.get(person_id)

    def asked(self, key: str) -> bool:
        """Whether this task was ever opened."""
        return key in self._task_keys
