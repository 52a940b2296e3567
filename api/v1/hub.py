"""The hub: how it works, and who works in it."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool

from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Changes, Clock, Id, Language, Line, Name, Out, Zone
from api.v1.paging import Listed, PartAsked, listed
from records import hub_changes
from records.hub_changes import MOST_TEXT_NAME
from records.hubs import the_hub
from records.listing_queries import staff_page

router = guarded_router("hub")

Days = Annotated[int, Field(ge=0, le=60, strict=True)]
ReminderDays = Annotated[
    list[Annotated[int, Field(ge=1, le=90, strict=True)]], Field(max_length=10)
]

RungDays = Annotated[
    list[Annotated[int, Field(ge=1, le=60, strict=True)]], Field(min_length=3, max_length=3)
]


TextName = Annotated[
    str, Field(max_length=MOST_TEXT_NAME, pattern=r"^[^\x00-\x1f\x7f]*$"), AfterValidator(str.strip)
]


class HubOut(Out):
    """How a hub works. Times of day are on the wall of its zone."""

    id: Id
    name: str
    slug: str
    zone: str
    default_language: str
    phone: str
    participant_word: str
    quiet_from: Clock
    quiet_to: Clock
    reminder_days: list[int]
    reminder_at: Clock
    morning_at: Clock | None
    step_notice_days: int
    step_grace_days: int
    step_rung_days: list[int] = Field(
        description="After a missed step: days from asking the person to asking their advocate, "
        "from there to the supervising advocate, and from there to telling counsel."
    )
    referral_days: int = Field(description="Working days that a provider has to answer.")
    contact_days: int = Field(
        description="By so many days after a contact the next one is due; 0 for no pace."
    )
    packet_letters_days: int = Field(description="Days before a hearing: letters are asked for.")
    packet_draft_days: int = Field(description="… the draft is ready to be read.")
    packet_counsel_days: int = Field(description="… counsel has it.")
    packet_lead_days: int = Field(description="… it is approved and in counsel's hands.")
    ask_outcome_hours: int
    text_name: str = Field(description="What texts call it; empty for its full name.")
    trial: bool = Field(description="Only the hub's own team gets messages.")
    daily_cap: int = Field(description="Messages in a local day; 0 for no limit.")


class HubChanges(Changes):
    """What to change in a hub."""

    name: Name = ""
    zone: Zone = ""
    default_language: Language = ""
    phone: Line = ""
    participant_word: Name = ""
    quiet_from: Clock = Field(time(21), description="From when on nothing leaves.")
    quiet_to: Clock = Field(time(8), description="From when on messages may leave again.")
    reminder_days: ReminderDays = Field([], description="Days before a hearing.")
    reminder_at: Clock = Field(time(10), description="When on those days.")
    morning_at: Clock | None = Field(None, description="When on the day itself; null for never.")
    step_notice_days: Days = 0
    step_grace_days: Days = 0
    step_rung_days: RungDays = Field([2, 3, 3], description="The three pauses after a missed step.")
    referral_days: Days = 0
    contact_days: Days = 0
    packet_letters_days: Days = 0
    packet_draft_days: Days = 0
    packet_counsel_days: Days = 0
    packet_lead_days: Days = 0
    ask_outcome_hours: Annotated[int, Field(ge=0, le=168, strict=True)] = 0
    text_name: TextName = Field("", description="What texts call it; empty for its full name.")
    trial: StrictBool = Field(False, description="Only the hub's own team gets messages.")
    daily_cap: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = Field(
        5000, description="Messages in a local day; 0 for no limit."
    )


class StaffOut(Out):
    """Someone who works in the hub."""

    id: Id
    name: str
    role: str
    language: str
    active: bool


@router.get("/hub", summary="How the hub works")
def read_hub(desk: AtDesk) -> HubOut:
    """The hub of the token, with its reminder policy."""
    with desk.reading() as session:
        return HubOut.of(the_hub(session))


@router.patch("/hub", summary="Change how the hub works")
def change_hub(desk: AtDesk, changes: HubChanges) -> HubOut:
    """Change settings. Where reminders depend on them, every open case is planned again."""
    said = changes.said()
    if "reminder_days" in said:
        said["reminder_days"] = sorted(set(said["reminder_days"]), reverse=True)
    with desk.writing() as session:
        hub = hub_changes.change_hub(session, said, desk.now)
        desk.audit(session, "changed the hub", "hub", hub.id)
        return HubOut.of(hub)


@router.get("/staff", summary="Who works in the hub")
def list_staff(desk: AtDesk, asked: PartAsked) -> Listed[StaffOut]:
    """Advocates, supervisors and administrators."""
    with desk.reading() as session:
        return listed(asked, staff_page(session, asked.window), StaffOut.of)
