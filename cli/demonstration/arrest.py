"""Chapter one: from the night of the arrest to the evening of the release."""

from datetime import datetime

from cli.demonstration.court_days import holidays
from cli.demonstration.packet_words import with_letter, without_letter
from cli.demonstration.story import AGREED, Story, after, day_and_hour
from domain.court_time import instant_of
from domain.tracks import CourtStage, Custody, Track
from domain.vocabulary import Appearance, Channel, HearingKind, PacketState, Role
from records.casework import (
    NewCase,
    add_docket,
    get_case,
    move_track,
    open_case,
    record_event,
    touch_packet,
)
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.hubs import the_hub
from records.packets import (
    change_packet,
    close_packet_tasks,
    get_packet,
    request_packet,
)
from records.tables import Counsel, Court, CourtClosure, Defendant, Person, StaffMember

FIRST, BAIL, ARRAIGNMENT = "first appearance", "bail review", "arraignment"


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

    def outcome(session: HubSession, now: datetime) -> None:
        story.held(session, FIRST, Appearance.APPEARED, now, CourtStage.FIRST_APPEARANCE)
        case = get_case(session, story.case_id)
        add_docket(session, case, cast.docket, story.court_id)
        case.counsel_id = _counsel(story, session, now)
        session.add(case)
        story.set_hearing(session, BAIL, HearingKind.BAIL_REVIEW, days.bail_review, now, at)

    await story.world.act(
        at,
        f"First appearance is over: bail is more than the family has. {cast.lawyer} of the "
        f"public defender is appointed. Bail review: {day_and_hour(days.bail_review)}.",
        outcome,
    )


def _counsel(story: Story, session: HubSession, now: datetime) -> str:
    first, last = story.cast.lawyer.split(" ", 1)
    person = Person(first_name=first, last_name=last)
    session.add(person)
    session.flush()
    counsel = Counsel(person_id=person.id, kind="appointed", office="Office of the Public Defender")
    session.add(counsel)
    session.flush()
    address = NewContact(Channel.EMAIL, f"{last.lower()}@example.org", "Work address.")
    add_contact(session, person.id, address, story.advocate, now)
    return counsel.id


async def the_packet(story: Story) -> None:
    """A release packet: built when asked for, built again when a letter comes, filed in time."""
    cast, days, world = story.cast, story.days, story.world

    def asked(session: HubSession, now: datetime) -> None:
        story.packet_id = request_packet(
            session,
            story.case_id,
            "release",
            without_letter(cast, story.people),
            story.advocate,
            now,
            hearing_id=story.hearings[BAIL],
        ).id

    await world.act(
        days.phone_noted,
        f"{cast.advocate} visits {story.her} in jail. {story.her} agrees to texts and gives her "
        "number. While she is held, nothing is sent to it.",
        lambda session, now: _phone(story, session, now),
    )
    await world.act(
        days.packet_asked,
        f"{cast.advocate} writes a release packet for the judge.",
        asked,
    )
    await world.built(story.packet_id, 1)

    def changed(session: HubSession, now: datetime) -> None:
        content = with_letter(cast, story.people)
        change_packet(session, story.packet_id, content, story.advocate, now)

    await world.act(
        days.letter_came,
        f"A letter comes from {cast.job.at}: the job is kept for {story.her}. It goes in.",
        changed,
    )
    await world.built(story.packet_id, 2)
    await world.act(
        days.packet_filed,
        f"{cast.lawyer} goes through version 2 with {story.her} and files it in her own name.",
        lambda session, now: _filed(story, session, now),
    )


def _filed(story: Story, session: HubSession, now: datetime) -> None:
    packet = get_packet(session, story.packet_id)
    packet.state = PacketState.FILED
    case = get_case(session, story.case_id)
    record_event(session, case, "packet", "filed", story.advocate, now, subject_id=packet.id)
    close_packet_tasks(session, packet.id, story.cast.advocate, now)
    touch_packet(session, packet, now)


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
    await the_packet(story)
    await the_release(story)
