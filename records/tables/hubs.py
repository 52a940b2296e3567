"""Hubs and the people who work in them."""

from datetime import date, datetime, time

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, UniqueConstraint

from records.columns import IdType, UtcDateTime, new_id
from records.tables.base import (
    HubOwned,
    instant,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
    utc_now,
)


class Hub(SQLModel, table=True):
    """The organization: its zone, languages, phone, quiet hours and default lead times.

    `text_name` is what text messages call it, where the full name would cost segments.
    In `trial` only the hub's own team gets messages. `daily_cap` is the number of messages in a
    local day after which nothing leaves until a person has looked; 0 for none.
    With `second_factor_required` nobody opens a page by password alone.
    An `example` is made-up people to look at: nothing of it is ever handed to a carrier.
    `set_up_left` are the steps of the first run that nobody has answered yet.
    """

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=IdType)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    name: str
    slug: str = Field(unique=True)
    zone: str = "America/New_York"
    default_language: str = "en"
    phone: str = ""
    participant_word: str = "participant"
    quiet_from: time = time(21, 0)
    quiet_to: time = time(8, 0)
    reminder_days: list[int] = Field(default_factory=lambda: [7, 3, 1], sa_type=JSON)
    reminder_at: time = time(10, 0)
    morning_at: time | None = None
    step_notice_days: int = 2
    step_grace_days: int = 2
    step_rung_days: list[int] = Field(default_factory=lambda: [2, 3, 3], sa_type=JSON)
    referral_days: int = 3
    contact_days: int = 14
    packet_lead_days: int = 2
    packet_letters_days: int = 21
    packet_draft_days: int = 14
    packet_counsel_days: int = 7
    ask_outcome_hours: int = 3
    text_name: str = ""
    trial: bool = False
    daily_cap: int = 5000
    second_factor_required: bool = False
    example: bool = False
    set_up_left: list[str] = Field(default_factory=list, sa_type=JSON)


class TeamContact(HubOwned, table=True):
    """A phone or mailbox of the hub's own team: the only ones that get anything in trial."""

    __tablename__ = "team_contact"
    label: str = sealed("team_contact.label")
    channel: str
    address: str = sealed("team_contact.address")
    address_index: str = Field(index=True)

    __table_args__ = (UniqueConstraint("hub_id", "channel", "address_index"),)


class Site(HubOwned, table=True):
    """A place or precinct that a hub serves, with the date on which work there began."""

    name: str
    launched_on: date | None = None


class StaffMember(HubOwned, table=True):
    """An advocate, supervising advocate or hub admin."""

    __tablename__ = "staff_member"
    name: str = sealed("staff_member.name")
    sign_in: str = Field(unique=True)
    role: str
    password_hash: str = ""
    language: str = "en"
    active: bool = True


class StaffSession(HubOwned, table=True):
    """A browser that is signed in; only the hash of its token is kept.

    `browser` is its kind, such as "firefox windows". `proved_at` is when whoever sits before it
    last proved who they are.
    """

    __tablename__ = "staff_session"
    staff_id: str = ref("staff_member.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = instant()
    revoked_at: datetime | None = maybe_instant()
    browser: str = ""
    proved_at: datetime | None = maybe_instant()


class ApiToken(HubOwned, table=True):
    """A program's right to act in a hub with a role; only the hash is kept."""

    __tablename__ = "api_token"
    name: str
    role: str
    token_hash: str = Field(unique=True)
    expires_at: datetime | None = maybe_instant()
    revoked_at: datetime | None = maybe_instant()
    last_used_at: datetime | None = maybe_instant()


class FeedToken(HubOwned, table=True):
    """A private calendar address: for one case, one person or one advocate's caseload."""

    __tablename__ = "feed_token"
    token_hash: str = Field(unique=True)
    case_id: str | None = maybe_ref("case.id")
    staff_id: str | None = maybe_ref("staff_member.id")
    person_id: str | None = maybe_ref("person.id")
    revoked_at: datetime | None = maybe_instant()
