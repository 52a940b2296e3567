"""Chapter one: from the night of the arrest to the evening of the release."""

from datetime import datetime

from cli.demonstration.court_days import holidays
from cli.demonstration.packet import the_packet
from cli.demonstration.story import AGREED, BAIL, Story, after, day_and_hour
from domain.court_time import instant_of
from domain.tracks import CourtStage, Custody, Track
from domain.vocabulary import Appearance, Channel, HearingKind, Role
from records.casework import (
    NewCase,
    add_docket,
    get_case,
    move_track,
    open_case,
)
from records.circle import NewContact, add_contact
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Court, CourtClosure, Defendant, StaffMember

FIRST, ARRAIGNMENT = "first appearance", "arraignment"
_OFFICE = "Office of the Public Defender"


def furnish(story: Story, session: HubSession) -> str:
    """The hub as it stands before anything happens: its people, its court, closed days."""
    cast = story.cast
    hub = the_hub(session)
    hub.name, hub.phone, hub.zone = cast.hub, cast.hub_phone, cast.zone
    session.add(hub)
    for day in sorted(holidays(story.days.arrest.year)):
        session.add(CourtClosure(closed_on=day, why="holiday"))
    court = Court(name=cast.court, zone=cast.zone, address=cast.address)
    advocate = StaffMember(name=cast.advocate, sign_in=cast.advocate.lower(), role=Role.ADVOCATE)
    session.add(court)
    session.add(advocate)
    session.flush()
    story.court_id = court.id
    return advocate.id


async def the_night(story: Story, advocate_id: str) -> None:
    """Arrest, the mother's call, and the first people in the circle."""
    cast, days, world = story.cast, story.days, story.world
    her, mother, aunt = cast.defendant, cast.mother, cast.aunt
    await world.tell(days.arrest, f"{her.name} is arrested and taken to the county jail.")

    def opened(session: HubSession, now: datetime) -> None:
        case = open_case(
            session,
            NewCase(
                her.first_name,
                her.last_name,
                arrested_at=instant_of(days.arrest, cast.zone),
                custody_place="county jail",
                custody=Custody.DETAINED,
                advocate_id=advocate_id,
                pronouns="she/her",
            ),
            story.advocate,
            now,
        )
        story.case_id = case.id
        story.defendant_id = session.get_one(Defendant, case.defendant_id).person_id
        story.people[story.defendant_id] = her.role
        story.enroll(session, mother, days.opened, now)
        story.set_hearing(
            session, FIRST, HearingKind.FIRST_APPEARANCE, days.first_appearance, now, days.opened
        )

    await world.act(
        days.opened,
        f"Her mother, {mother.name}, calls the hub. {cast.advocate} opens the case. First "
        f"appearance: {day_and_hour(days.first_appearance)}. It is late, so {mother.first_name} "
        "gets her text in the morning.",
        opened,
    )
    await world.act(
        days.aunt_joins,
        f"Her aunt, {aunt.name}, wants to help. She prefers e-mail, in Spanish.",
        lambda session, now: story.enroll(session, aunt, days.aunt_joins, now),
    )


async def first_court_day(story: Story) -> None:
    """First appearance: bail is out of reach; counsel is appointed; the review is set."""
    cast, days = story.cast, story.days
    at = after(days.first_appearance)
    who = cast.counsel
    mail = NewContact(Channel.EMAIL, who.email, "Work address.", how="in person")
    counsel = NewCounsel(who.first_name, who.last_name, office=_OFFICE, contacts=(mail,))

    def outcome(session: HubSession, now: datetime) -> None:
        story.held(session, FIRST, Appearance.APPEARED, now, CourtStage.FIRST_APPEARANCE)
        case = get_case(session, story.case_id)
        add_docket(session, case, cast.docket, story.court_id)
        known = set_counsel(session, case.id, counsel, story.advocate, now)
        story.people[known.person_id] = cast.counsel.role
        story.set_hearing(session, BAIL, HearingKind.BAIL_REVIEW, days.bail_review, now, at)

    await story.world.act(
        at,
        f"First appearance is over: bail is more than the family has. {cast.lawyer} of the "
        f"public defender is appointed. Bail review: {day_and_hour(days.bail_review)}.",
        outcome,
    )


async def the_visit(story: Story) -> None:
    """The advocate visits her in jail."""
    await story.world.act(
        story.days.phone_noted,
        f"{story.cast.advocate} visits {story.her} in jail. {story.her} agrees to texts and gives "
        "her number. While she is held, nothing is sent to it.",
        lambda session, now: _phone(story, session, now),
    )


async def the_release(story: Story) -> None:
    """Bail review, the way home, and her own phone the day after."""
    days, world = story.days, story.world
    await world.act(
        after(days.bail_review),
        "Bail review is over. Her mother, her aunt and the hub were in the courtroom. The judge "
        "read the packet and lets her go home without bail.",
        lambda session, now: story.held(
            session, BAIL, Appearance.APPEARED, now, CourtStage.BAIL_REVIEW
        ),
    )

    def released(session: HubSession, now: datetime) -> None:
        case = get_case(session, story.case_id)
        move_track(session, case, Track.CUSTODY, Custody.RELEASED, story.advocate, now)
        move_track(session, case, Track.COURT, CourtStage.CHARGED, story.advocate, now)
        story.chronicle.joins(story.cast.defendant.role, days.released)
        story.set_hearing(
            session,
            ARRAIGNMENT,
            HearingKind.ARRAIGNMENT,
            days.arraignment,
            now,
            days.released,
        )

    await world.act(
        days.released,
        f"{story.her} walks out of the jail. From now on she is told herself. On the paper in her "
        f"hand: arraignment, {day_and_hour(days.arraignment)}.",
        released,
    )

    await world.act(
        days.phone_given,
        f"{story.her} comes to the hub and is enrolled with her phone: “Yes, keep texting me.”",
        lambda session, now: _phone(story, session, now),
    )


def _phone(story: Story, session: HubSession, now: datetime) -> None:
    """Her number and her word; the same number again is the same."""
    contact = NewContact(Channel.SMS, story.cast.defendant.phone, AGREED)
    add_contact(session, story.defendant_id, contact, story.advocate, now)
    story.close(session, "no_contact", "She gave her number.", now)


async def chapter(story: Story) -> None:
    """The whole first chapter."""
    world = story.world
    with world.house.records.writing(world.hub_id) as session:
        advocate_id = furnish(story, session)
    await the_night(story, advocate_id)
    await first_court_day(story)
    await the_visit(story)
    await the_packet(story)
    await the_release(story)
