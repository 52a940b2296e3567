"""Defendants, supporters and counsel, how to reach them, and what they agreed to."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class Person(HubOwned, table=True):
    """A human being: names, language, pronouns. Roles refer to it."""

    first_name: str = sealed("person.first_name")
    last_name: str = sealed("person.last_name")
    language: str = "en"
    pronouns: str = ""
    safe_contact: str = sealed("person.safe_contact")
    merged_into_id: str | None = maybe_ref("person.id")


class Defendant(HubOwned, table=True):
    """The person whose case it is; `docket_name` is how the court writes it."""

    person_id: str = ref("person.id")
    docket_name: str = sealed("defendant.docket_name")
    birth_date: str = sealed("defendant.birth_date")


class Supporter(HubOwned, table=True):
    """Family or friend in a case's circle, and what the defendant agreed they may know.

    `enrolled_at` is the moment from which they are told about hearings; `may_know_hearings`
    is the defendant's agreement. A `mentor` also hears of the steps of the defendant's plan,
    as the defendant chose.
    """

    case_id: str = ref("case.id")
    person_id: str = ref("person.id")
    relationship: str = ""
    may_know_hearings: bool = True
    mentor: bool = False
    enrolled_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()

    __table_args__ = (UniqueConstraint("case_id", "person_id"),)


class Counsel(HubOwned, table=True):
    """Appointed, retained or conflict counsel. `staff_id` is the account with which they sign in,
    where they have one."""

    person_id: str = ref("person.id")
    staff_id: str | None = Field(default=None, foreign_key="staff_member.id", unique=True)
    kind: str = "appointed"
    office: str = ""
    bar_number: str = ""


class CounselNote(HubOwned, table=True):
    """What counsel wrote down about a client, in counsel's own space. `shared_at` is when they
    let the hub's team read it; until then nobody else does."""

    __tablename__ = "counsel_note"
    case_id: str = ref("case.id")
    counsel_id: str = ref("counsel.id")
    body: str = sealed("counsel_note.body")
    written_at: datetime = instant()
    shared_at: datetime | None = maybe_instant()


class ContactPoint(HubOwned, table=True):
    """One way to reach a person by one channel, and whether it may be used.

    A phone (E.164) that gets texts and one that is called are two ways, even with one number:
    a landline takes no texts, and whoever wants no more calls may want texts. `address_index`
    finds an address without decrypting; `unreachable_code` is what the provider said, or
    "wrong-number" when somebody else answered.
    """

    __tablename__ = "contact_point"
    person_id: str = ref("person.id")
    channel: str
    address: str = sealed("contact_point.address")
    address_index: str = Field(index=True)
    rank: int = 0
    verified_at: datetime | None = maybe_instant()
    unreachable_at: datetime | None = maybe_instant()
    unreachable_code: str = ""
    opted_out_at: datetime | None = maybe_instant()
    opted_out_how: str = ""

    __table_args__ = (UniqueConstraint("person_id", "channel", "address_index"),)


class Consent(HubOwned, table=True):
    """That someone may be contacted by a channel, or that something may be shared.

    Who gave it, when, how (in person, by phone, on paper, by text …), for which channel, in
    which words; a withdrawal ends it, and says how and in which words it was made. What a consent
    to share covers is the row of `ConsentTerms` with the same id.
    """

    person_id: str = ref("person.id")
    contact_id: str | None = maybe_ref("contact_point.id")
    purpose: str
    channel: str = ""
    words: str = sealed("consent.words")
    given_by: str = sealed("consent.given_by")
    given_at: datetime = instant()
    expires_at: datetime | None = maybe_instant()
    withdrawn_at: datetime | None = maybe_instant()
    how: str = ""
    withdrawn_how: str = ""
    withdrawn_words: str = sealed("consent.withdrawn_words")
