"""Chapter three: a missed date and the way back, the last steps, and the end of the case."""

from datetime import datetime

from cli.demonstration.courtdays import REVIEW, live_the_plan
from cli.demonstration.story import Story, after, day_and_hour
from domain.tracks import AlternativeState, CourtStage, Track
from domain.vocabulary import Appearance, HearingKind, PlanState
from records.casework import get_case, move_track
from records.database import HubSession
from records.plans import discharge_plan
from records.tables import Disposition

RESET, PROGRESS, FINAL = "new date", "progress review", "last hearing"


async def the_missed_date(story: Story) -> None:
    """She is not there. A person asks why, a person confirms it, and the way back is shown."""
    cast, days, world = story.cast, story.days, story.world
    await live_the_plan(story, days.review_set)
    await world.act(
        days.review_set,
        f"The court sets a new date, a review: {day_and_hour(days.review)}.",
        lambda session, now: story.set_hearing(
            session, REVIEW, HearingKind.REVIEW, days.review, now, days.review_set
        ),
    )
    await live_the_plan(story, days.review)

    def missed(session: HubSession, now: datetime) -> None:
        story.held(session, REVIEW, Appearance.FAILED_TO_APPEAR, now)
        story.chronicle.misses(REVIEW, after(days.review))

    await world.act(
        after(days.review),
        f"{story.her} was not there. {cast.advocate} reaches her: {cast.child} had a fever, and "
        f"she sat in the emergency room. {cast.lawyer} tells the judge. No warrant.",
        missed,
    )
    await world.act(
        days.reset_set,
        f"{story.her} calls back. {cast.lawyer} has a new date for her: "
        f"{day_and_hour(days.reset)}.",
        lambda session, now: story.set_hearing(
            session, RESET, HearingKind.STATUS, days.reset, now, days.reset_set
        ),
    )


async def the_way_back(story: Story) -> None:
    """She comes; the case goes to diversion; progress is reviewed."""
    days, world = story.days, story.world
    await live_the_plan(story, after(days.reset))

    def back(session: HubSession, now: datetime) -> None:
        story.held(session, RESET, Appearance.APPEARED, now, CourtStage.DIVERSION)
        story.set_hearing(
            session, PROGRESS, HearingKind.STATUS, days.progress, now, after(days.reset)
        )

    await world.act(
        after(days.reset),
        f"{story.her} was there. The case goes to diversion. Next: progress review, "
        f"{day_and_hour(days.progress)}.",
        back,
    )
    await live_the_plan(story, after(days.progress))

    def reviewed(session: HubSession, now: datetime) -> None:
        story.held(session, PROGRESS, Appearance.APPEARED, now)
        story.set_hearing(session, FINAL, HearingKind.STATUS, days.final, now, after(days.progress))

    await world.act(
        after(days.progress),
        f"The judge is pleased with the plan so far. Last hearing: {day_and_hour(days.final)}.",
        reviewed,
    )


async def the_end(story: Story) -> None:
    """The plan is done, the case is dismissed and closed."""
    days, world = story.days, story.world
    await live_the_plan(story, days.plan_done)

    def done(session: HubSession, now: datetime) -> None:
        discharge_plan(session, story.plan_id, PlanState.DISCHARGED_SUCCESSFUL, story.advocate, now)
        case = get_case(session, story.case_id)
        move_track(
            session, case, Track.ALTERNATIVE, AlternativeState.COMPLETED, story.advocate, now
        )

    await world.act(
        days.plan_done, "The last step of the plan is done: the plan is completed.", done
    )

    def dismissed(session: HubSession, now: datetime) -> None:
        story.held(session, FINAL, Appearance.APPEARED, now, CourtStage.DISMISSED)
        session.add(
            Disposition(case_id=story.case_id, outcome="dismissed", disposed_on=days.final.date())
        )

    await world.act(
        after(days.final), f"All charges are dismissed. {story.her} goes home free.", dismissed
    )

    def closed(session: HubSession, now: datetime) -> None:
        case = get_case(session, story.case_id)
        move_track(session, case, Track.COURT, CourtStage.CLOSED, story.advocate, now)

    await world.act(
        days.closed, f"{story.cast.advocate} closes the case. Nothing more will be sent.", closed
    )
    await world.until(days.end)
    await world.relay()


async def chapter(story: Story) -> None:
    """The whole third chapter."""
    await the_missed_date(story)
    await the_way_back(story)
    await the_end(story)
