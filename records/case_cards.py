"""What a case's messages say, sealed until it is asked for.

Plain values of one reading: names, addresses and an advocate's words are opened only when a
message is really written.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from records.crypto import keys

_FIRST_NAME = "person.first_name"
_ADDRESS = "contact_point.address"
_WORDS = "answer.body"


@dataclass(frozen=True, slots=True)
class HubCard:
    """What a message says about its sender, and what the sender allows.

    Attributes:
        text_name: what texts call the hub; "" for its name.
        trial: only the hub's own team gets messages.
        daily_cap: messages in a local day; 0 for any number.
    """

    name: str
    phone: str
    default_language: str
    zone: str
    text_name: str = ""
    trial: bool = False
    daily_cap: int = 0


@dataclass(frozen=True, slots=True)
class HearingCard:
    """When and where a hearing is, in the court's own words and on its own clock."""

    local_time: datetime
    room: str
    place: str
    kind: str


@dataclass(frozen=True)
class PersonCard:
    """Someone's name and language; the name is opened only when it is asked for."""

    sealed_name: str
    language: str

    @cached_property
    def first_name(self) -> str:
        """The first name, decrypted."""
        return _opened(self.sealed_name, _FIRST_NAME)


@dataclass(frozen=True)
class ContactCard:
    """Where someone is reached; opened only when it is asked for."""

    id: str
    sealed_address: str

    @cached_property
    def address(self) -> str:
        """The phone (E.164) or e-mail address, decrypted."""
        return _opened(self.sealed_address, _ADDRESS)


@dataclass(frozen=True)
class AnswerCard:
    """What an answer says: an advocate's words, opened only when asked for, or about what.

    Attributes:
        hearing_id: the hearing that an acknowledgement repeats; "" for none.
        choices: the cases among which a shared number is asked to choose.
        consent_id: the consent to which a link leads; "" for none.
    """

    sealed_words: str
    hearing_id: str
    choices: tuple[str, ...]
    consent_id: str = ""

    @cached_property
    def words(self) -> str:
        """The advocate's words, decrypted."""
        return _opened(self.sealed_words, _WORDS)


def _opened(value: str, place: str) -> str:
    return keys().open_text(value, place) if value else ""
