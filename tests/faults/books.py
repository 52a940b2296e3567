"""Two books compared: what the records say was sent, and what the provider really accepted."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from activities.channels.loopback_sms import AcceptedText
from domain.vocabulary import MessageState
from records.database import Records
from records.tables import ContactPoint, HumanTask, Message

HAS_IT = frozenset(
    {MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED}
)
"""States that say: the provider has it."""


@dataclass(frozen=True, slots=True)
class Books:
    """What our records know of every text, and what the provider accepted.

    Attributes:
        ours: messages that were meant to go by text, by claim.
        to: the number of each of them, by claim.
        theirs: accepted texts, oldest first.
    """

    ours: dict[str, Message]
    to: dict[str, str]
    theirs: list[AcceptedText]

    def texts_of(self, key: str) -> list[AcceptedText]:
        """The accepted texts with the words of one message, to its number."""
        message = self.ours.get(key)
        if message is None:
            return []
        return [t for t in self.theirs if (t.to, t.body) == (self.to[key], message.body)]

    def state_of(self, key: str) -> str:
        """What our records say of a message; "" when there is none."""
        message = self.ours.get(key)
        return message.state if message else ""

    def faults(self) -> list[str]:
        """Where the two books differ; empty when every text is accounted for exactly once."""
        return [*self._repeated(), *self._unsettled(), *self._missing(), *self._unknown()]

    def _repeated(self) -> Iterator[str]:
        for (to, _), times in Counter((t.to, t.body) for t in self.theirs).items():
            if times > 1:
                yield f"the same words went to …{to[-4:]} {times} times"

    def _unsettled(self) -> Iterator[str]:
        for key, message in self.ours.items():
            if message.state == MessageState.CLAIMED:
                yield f"nobody knows what became of {key}"

    def _missing(self) -> Iterator[str]:
        sids: dict[str, int] = defaultdict(int)
        for text in self.theirs:
            sids[text.sid] += 1
        for key, message in self.ours.items():
            found = self.texts_of(key)
            if message.state in HAS_IT:
                if [text.sid for text in found] != [message.provider_id]:
                    yield f"{key} is {message.state}, and the provider has {len(found)} of it"
            elif found:
                yield f"{key} is {message.state}, and the provider has it"

    def _unknown(self) -> Iterator[str]:
        known = {(self.to[key], message.body) for key, message in self.ours.items()}
        for text in self.theirs:
            if (text.to, text.body) not in known:
                yield f"a text to …{text.to[-4:]} that our records do not know"


def compare(records: Records, theirs: Sequence[AcceptedText]) -> Books:
    """The books as they are now."""
    with records.reading(records.sole_hub()) as session:
        rows = session.exec(
            select(Message, ContactPoint)
            .join(ContactPoint, col(ContactPoint.id) == Message.contact_id)
            .where(Message.transport == "sms")
        ).all()
    return Books(
        ours={message.claim: message for message, _ in rows},
        to={message.claim: contact.address for message, contact in rows},
        theirs=list(theirs),
    )


def states(records: Records) -> dict[str, str]:
    """The state of every message that was meant to go by text, by claim."""
    with records.reading(records.sole_hub()) as session:
        rows = session.exec(
            select(col(Message.claim), col(Message.state)).where(Message.transport == "sms")
        ).all()
    return dict(rows)


def task_kinds(records: Records) -> Counter[str]:
    """How many tasks of each kind were ever opened for the hub's people."""
    with records.reading(records.sole_hub()) as session:
        return Counter(session.exec(select(col(HumanTask.kind))).all())
