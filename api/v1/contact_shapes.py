"""Phones and mailboxes as the API takes and tells them."""

from pydantic import Field

from api.fields import Id, In, Instant, Line, Name, Out
from domain.vocabulary import Channel
from records.circle import NewContact


class ContactIn(In):
    """A way to reach someone, and the words with which they agreed to it."""

    channel: Channel
    address: Name = Field(description="A phone number, or an e-mail address.")
    consent_words: Name = Field(description="What they said when they agreed.")
    given_by: Name = Field("self", description="Who agreed, when it was not the person.")
    how: Line = Field("", description="How they agreed: in person, by phone, on paper, by text …")

    def contact(self) -> NewContact:
        """The same for the records."""
        return NewContact(
            self.channel, self.address, self.consent_words, self.given_by, self.how.strip()
        )


class ContactOut(Out):
    """A way to reach someone, and whether it may be used."""

    id: Id
    person_id: Id
    channel: str
    address: str
    rank: int
    verified_at: Instant | None
    unreachable_at: Instant | None
    unreachable_code: str
    opted_out_at: Instant | None
    opted_out_how: str = Field(description="sms, voice or email where they said it themselves.")


class ConsentOut(Out):
    """That someone agreed to be reached, or that something may be shared."""

    id: Id
    person_id: Id
    contact_id: Id | None
    purpose: str
    channel: str
    words: str
    given_by: str
    given_at: Instant
    expires_at: Instant | None
    withdrawn_at: Instant | None
    how: str = Field(description="How they agreed.")
    withdrawn_how: str
    withdrawn_words: str = Field(description="What they said when they took it back.")
