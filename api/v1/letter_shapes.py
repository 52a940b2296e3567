"""Letters of support as the API takes and tells them."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from api.fields import Changes, Day, Id, In, Instant, Language, Line, Name, Out
from api.v1.contact_shapes import ContactIn
from domain.letter_cautions import cautions
from domain.letters import (
    MOST_ANSWER,
    MOST_CONTACT,
    MOST_TRANSLATION,
    MOST_WHOLE,
    MOST_WORDS,
    Draft,
)
from domain.vocabulary import LetterState
from records.database import HubSession
from records.letter_writing import has_unsent_changes, translation_now
from records.letters import Writer, writers_of
from records.tables import Letter

_NO_NUL = r"^[^\x00]*$"

Answer = Annotated[str, StringConstraints(max_length=MOST_ANSWER, pattern=_NO_NUL)]
Whole = Annotated[str, StringConstraints(max_length=MOST_WHOLE, pattern=_NO_NUL)]
Reached = Annotated[str, StringConstraints(max_length=MOST_CONTACT, pattern=_NO_NUL)]
Translation = Annotated[str, StringConstraints(max_length=MOST_TRANSLATION, pattern=_NO_NUL)]
Why = Annotated[str, StringConstraints(max_length=MOST_WORDS, pattern=_NO_NUL)]
Revision = Annotated[int, Field(ge=1, le=1_000_000_000)]


class WriterIn(In):
    """Somebody to ask for a letter: new, or known in this case already."""

    first_name: Line = Field("", description="Of somebody new.")
    last_name: Line = ""
    relationship: Name = Field(description="To the defendant, as the judge reads it: pastor.")
    language: Language = "en"
    contacts: Annotated[list[ContactIn], Field(max_length=10)] = []
    person_id: Id | None = Field(
        None, description="Of the circle, or of somebody who was asked in this case before."
    )

    def writer(self) -> Writer:
        """The same for the records."""
        return Writer(
            self.first_name,
            self.last_name,
            self.relationship,
            self.language,
            tuple(contact.contact() for contact in self.contacts),
            self.person_id or "",
        )


class WordsIn(In):
    """What a writer said, to be written down: answers to the five prompts, or the letter whole."""

    who: Answer = Field("", description="Who they are.")
    know: Answer = Field("", description="How long and how they know the defendant.")
    story: Answer = ""
    will: Answer = Field("", description="What they will do.")
    contact: Reached = Field("", description="How they can be reached.")
    whole: Whole = Field("", description="The letter in one piece, in place of the answers.")
    language: Language | None = None
    seen_revision: Revision | None = Field(
        None, description="Of the draft that was read; without it, this one is saved over any."
    )

    def draft(self) -> Draft:
        """The same for the records."""
        answers = {name: getattr(self, name) for name in ("who", "know", "story", "will")}
        return Draft({**answers, "contact": self.contact}, self.whole)


class SignatureIn(In):
    """A writer signed on the telephone: the letter was read back to them, and they agreed."""

    signed_as: Name
    taken_down_by: Name = Field(description="Who wrote it down; the letter says so.")
    read_back: StrictBool = Field(description="It was read back to the writer, who agreed.")
    seen_revision: Revision | None = None


class TranslationIn(In):
    """A translation beside the original; an empty one takes it away."""

    translation: Translation
    translated_by: Line = ""


class PositionIn(In):
    """Where a letter stands among those of its packet, from 0."""

    position: Annotated[int, Field(ge=0, le=1000)]


class DeclineIn(In):
    """The writer would rather not."""

    words: Why = Field("", description="In their words, if they gave any.")


class LetterChanges(Changes):
    """What to correct."""

    relationship: Name = ""
    language: Language = "en"


class CautionOut(Out):
    """Something in the words to look at again: found by a list of phrases, and maybe nothing."""

    code: str = Field(description="guilt, against, facts, number, long or short.")
    found: list[str]


class LetterOut(Out):
    """A letter of support. Its words are told once it is in; before that they are the writer's."""

    id: Id
    packet_id: Id
    writer_id: Id | None
    first_name: str
    last_name: str
    relationship: str
    language: str
    state: str
    position: int
    revision: int = Field(description="Of the draft.")
    asked_at: Instant
    opened_at: Instant | None
    saved_at: Instant | None
    sent_at: Instant | None
    declined_at: Instant | None
    withdrawn_at: Instant | None
    decline_words: str
    signed_as: str
    signed_on: Day | None
    taken_down_by: str
    body: str
    contact: str
    document_name: str
    media_type: str
    sha256: str
    size: int
    pages: int
    translation: str
    translated_by: str
    translation_holds: bool = Field(description="It is of the letter as it was signed last.")
    unsent_changes: bool = Field(description="The writer changed it since, and did not sign.")
    cautions: list[CautionOut]


class LinkOut(Out):
    """A writer's private address. Whoever has it can write in their name."""

    url: str


_WORDS = ("body", "contact", "translation", "signed_as", "taken_down_by", "document_name")


def letter_out(session: HubSession, letter: Letter) -> LetterOut:
    """A letter as the API tells it."""
    writer = writers_of(session, [letter]).get(letter.id)
    is_in = letter.state == LetterState.SENT
    told = {name: getattr(letter, name, None) for name in LetterOut.model_fields}
    if not is_in:
        told |= dict.fromkeys(_WORDS, "")
    told |= {
        "first_name": writer.first_name if writer else "",
        "last_name": writer.last_name if writer else "",
        "translation_holds": bool(translation_now(letter)),
        "unsent_changes": has_unsent_changes(letter),
        "cautions": [CautionOut.of(one) for one in cautions(letter.body)] if is_in else [],
    }
    return LetterOut.model_validate(told)
