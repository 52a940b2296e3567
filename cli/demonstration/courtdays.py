"""Chapter two: dates that are kept, one that moves, one that is off, and a plan that begins."""

from datetime import datetime

from activities.channels.loopback_behaviour import Drop
from cli.demonstration.almanac import Step
from cli.demonstration.arrest import ARRAIGNMENT
from cli.demonstration.court_calendar import publish, tell_counts
from cli.demonstration.story import Story, after, day_and_hour
from domain.tracks import AlternativeState, CourtStage, Track
from domain.vocabulary import Appearance, HearingKind
from records.casework import get_case, move_track
from records.database import HubSession
from records.hearings import vacate_hearing
from records.plans import NewStep, add_evidence, start_plan, steps_of, verify_step
from records.tables import PlanStep

PRETRIAL, STATUS, REVIEW = "pretrial", "status", "review"
LANDLINE = 30006
"""The provider's code for a number that cannot take texts."""


async def the_arraignment(story: Story) -> None:
    """Reminders to three people; on the way the provider's line drops once."""
    cast, days, world = story.cast, story.days, story.world
    await world.until(days.line_drops)
    world.texts.behave(cast.mother.phone, drop=Drop.AFTER, times=1)
    at = after(days.arraignment)

    def outcome(session: HubSession, now: datetime) -> None:
        story.held(
            session,
            ARRAIGNMENT,
            Appearance.APPEARED,
            now,
            CourtStage.ARRAIGNED,
            CourtStage.PRETRIAL,
        )
        story.set_hearing(session, PRETRIAL, HearingKind.PRETRIAL, days.pretrial_before, now, at)

    await world.act(
        at,
        f"{story.her} was there, and so was her family. Next: pretrial hearing, "
        f"{day_and_hour(days.pretrial_before)}.",
        outcome,
    )


async def the_plan(story: Story) -> None:
    """A support plan of five steps, and a brother who joins the circle."""
    cast, days, world = story.cast, story.days, story.world

    def started(session: HubSession, now: datetime) -> None:
        steps = tuple(
            NewStep(step.kind, step.title, step.due, evidence_wanted=step.evidence)
            for step in days.steps
        )
        goals = f"Keep my job. Be home for {cast.child}. Never go back in there."
        plan = start_plan(session, story.case_id, steps, story.advocate, now, goals=goals)
        story.plan_id = plan.id
        story.steps = {step.title: step.id for step in steps_of(session, plan.id)}
        story.steps_ahead = list(days.steps)
        case = get_case(session, story.case_id)
        move_track(session, case, Track.ALTERNATIVE, AlternativeState.MANDATE, story.advocate, now)
        for step in days.steps:
            story.chronicle.plans(step.title, step.due, days.plan_started, missed=step.missed)

    titles = "; ".join(f"{step.title} by {step.due:%B} {step.due.day}" for step in days.steps)
    await world.act(
        days.plan_started,
        f"The prosecutor will drop the case if {story.her} completes a plan. She and "
        f"{cast.advocate} write it: {titles}.",
        started,
    )
    brother = cast.brother
    world.texts.behave(brother.phone, refuse_code=LANDLINE, times=1)

    def joined(session: HubSession, now: datetime) -> None:
        story.enroll(session, brother, days.brother_joins, now)

    await live_the_plan(story, days.brother_joins)
    await world.act(
        days.brother_joins,
        f"Her brother, {brother.name}, is back in town and joins. He gives a phone number and an "
        "e-mail address.",
        joined,
    )


async def live_the_plan(story: Story, before: datetime) -> None:
    """Live through every step of the plan that is still to be done before a moment."""
    while story.steps_ahead and story.steps_ahead[0].shown < before:
        step = story.steps_ahead.pop(0)
        await (_late if step.missed else _in_time)(story, step)


async def _in_time(story: Story, step: Step) -> None:
    def shown(session: HubSession, now: datetime) -> None:
        add_evidence(
            session, story.steps[step.title], "document", step.evidence, story.advocate, now
        )
        verify_step(session, story.steps[step.title], story.advocate, now)

    await story.world.act(
        step.shown,
        f"Done: {step.title}. {story.cast.advocate} has seen the {step.evidence}.",
        shown,
    )


async def _late(story: Story, step: Step) -> None:
    """Nobody is blamed: what got in the way is asked, written down, and mended."""

    def shown(session: HubSession, now: datetime) -> None:
        row = session.get_one(PlanStep, story.steps[step.title])
        row.what_got_in_the_way = "The bus line was cut, and there was no ride."
        session.add(row)
        add_evidence(session, row.id, "document", step.evidence, story.advocate, now)
        verify_step(session, row.id, story.advocate, now)

    await story.world.act(
        step.shown,
        f"{story.cast.advocate} had called: the bus line was cut. With a ride it worked today: "
        f"{step.title}. The step is made up for; the court hears nothing of it.",
        shown,
    )


async def the_move(story: Story) -> None:
    """The court publishes its calendar, and the date in it is another."""
    days, world = story.days, story.world
    for at, listed in (
        (days.calendar_first, days.pretrial_before),
        (days.calendar_published, days.pretrial),
    ):
        await live_the_plan(story, at)
        if listed != days.pretrial_before:
            story.chronicle.moves(PRETRIAL, listed, at)
        await tell_counts(story, await publish(story, at, listed), listed)
        await world.follow()
    await live_the_plan(story, after(days.pretrial))
    at = after(days.pretrial)

    def outcome(session: HubSession, now: datetime) -> None:
        story.held(session, PRETRIAL, Appearance.APPEARED, now)
        story.set_hearing(session, STATUS, HearingKind.STATUS, days.status, now, at)

    await world.act(
        at,
        f"{story.her} was there, on the new date. Next: status hearing, "
        f"{day_and_hour(days.status)}.",
        outcome,
    )


async def the_date_that_is_off(story: Story) -> None:
    """A hearing is vacated after the first reminder for it went out."""
    days, world = story.days, story.world
    await live_the_plan(story, days.status_off)

    def off(session: HubSession, now: datetime) -> None:
        vacate_hearing(session, story.hearings[STATUS], story.advocate, now)
        story.chronicle.vacates(STATUS, days.status_off)

    await world.act(
        days.status_off, "The clerk calls: the judge is ill, the status hearing is off.", off
    )


async def chapter(story: Story) -> None:
    """The whole second chapter."""
    await the_arraignment(story)
    await the_plan(story)
    await the_move(story)
    await the_date_that_is_off(story)
