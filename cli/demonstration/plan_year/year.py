"""What people do in the year of a plan, from the first Monday to the certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from cli.demonstration.court_days import holidays
from cli.demonstration.plan_year.cast import COACH, SILENT, YearCast
from cli.demonstration.plan_year.days import DAY, Days
from cli.demonstration.story import AGREED
from cli.demonstration.world import World
from domain.consents import (
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Terms,
)
from domain.court_time import instant_of, wall_time
from domain.referrals import Setter
from domain.reply_kinds import ReplyKind
from domain.tracks import Custody, Track
from domain.vocabulary import Appearance, Channel, HearingKind, PlanState, ReferralState, Role
from records.casework import NewCase, Source, get_case, move_track, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.consent_drafts import completed
from records.consents import record_consent
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession
from records.directory import NewProvider, add_provider
from records.hearings import Setting, record_outcome, schedule_hearing
from records.hubs import the_hub
from records.own_steps import say_of_step
from records.plan_templates import HOMEWARDS, start_from_template
from records.plans import (
    NewStep,
    add_evidence,
    add_step,
    discharge_plan,
    excuse_step,
    get_step,
    steps_of,
    verify_step,
)
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    note_visit,
    reoffer,
    send_referral,
)
from records.replies import receive_text
from records.tables import CourtClosure, Defendant, HumanTask, Message, PlanStep, StaffMember
from records.tasks import close_task

MISSED, ANSWERED = 5, 9
"""Which check-ins of the series are missed, and answered with what got in the way."""
IN_THE_WAY = "My shift was changed."
CARE = "Counseling, first visit"
"""The title of a step of care; no message may say it."""
TEN = time(10, 0)
_NOON = time(12, 0)
_COACH = Source("referral:desk", "link")
_MEETING_IN = 6 * DAY


@dataclass(slots=True)
class Year:
    """The year in the making. Ids are filled in as things come to be.

    Attributes:
        referrals: the provider's name → its referral.
        reports: what a report is for → its id.
        said: how she said that a step was done → how often.
    """

    world: World
    cast: YearCast
    days: Days
    case_id: str = ""
    plan_id: str = ""
    person_id: str = ""
    mentor_id: str = ""
    coach_step: str = ""
    hearings: dict[str, str] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    referrals: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    check_ins: Sequence[str] = ()
    said: dict[str, int] = field(default_factory=lambda: {"text": 0, "page": 0})

    @property
    def her(self) -> str:
        """The first name."""
        return self.cast.defendant.first_name

    @property
    def advocate(self) -> Source:
        """The hub's advocate, who records most things."""
        return Source(self.cast.advocate.lower(), "staff")

    def close(self, session: HubSession, kinds: Sequence[str], outcome: str, now: datetime) -> None:
        """The advocate has done the open tasks of these kinds."""
        rows = session.exec(
            select(HumanTask).where(
                col(HumanTask.kind).in_(kinds), col(HumanTask.closed_at).is_(None)
            )
        ).all()
        for task in rows:
            close_task(session, task.id, self.cast.advocate, outcome, now)


async def the_start(year: Year) -> None:
    """The case as it stands, its people, and the plan that the judge orders."""
    cast, days, world = year.cast, year.days, year.world
    her, mentor, counsel = cast.defendant, cast.brother, cast.counsel

    def opened(session: HubSession, now: datetime) -> None:
        advocate = _furnish(year, session)
        case = open_case(
            session,
            NewCase(her.first_name, her.last_name, custody=Custody.RELEASED, advocate_id=advocate),
            year.advocate,
            now,
        )
        year.case_id = case.id
        year.person_id = session.get_one(Defendant, case.defendant_id).person_id
        phone = NewContact(Channel.SMS, her.phone, AGREED)
        add_contact(session, year.person_id, phone, year.advocate, now)
        ways = (NewContact(Channel.SMS, mentor.phone, AGREED),)
        new = NewSupporter(
            mentor.first_name, mentor.last_name, "brother", mentor.language, ways, mentor=True
        )
        year.mentor_id = enroll_supporter(session, case.id, new, year.advocate, now).person_id
        mail = NewContact(Channel.EMAIL, counsel.email, "Work address.", how="in person")
        named = NewCounsel(counsel.first_name, counsel.last_name, contacts=(mail,))
        set_counsel(session, case.id, named, year.advocate, now)
        for about, at in (("May", days.first_status), ("November", days.second_status)):
            setting = Setting(at, cast.zone, cast.room, cast.address)
            row = schedule_hearing(
                session, case.id, HearingKind.STATUS, setting, year.advocate, now
            )
            year.hearings[about] = row.id

    await world.act(
        days.opened,
        f"The judge puts the case off for a year: if {her.name} keeps her plan, it is dropped. "
        f"{cast.advocate} of {cast.hub} follows it. Status hearings in May and November.",
        opened,
    )

    def started(session: HubSession, now: datetime) -> None:
        template = HOMEWARDS["diversion-one-year"]
        plan = start_from_template(
            session,
            year.case_id,
            template,
            days.start,
            year.advocate,
            now,
            goals=f"Keep my work. Be home for {cast.child}.",
        )
        year.plan_id = plan.id
        coach = NewStep("employment", "Meet a job coach", days.start + 60 * DAY)
        year.coach_step = add_step(session, plan.id, coach, year.advocate, now).id
        care = NewStep("mental_health_care", CARE, days.start + 45 * DAY)
        add_step(session, plan.id, care, year.advocate, now)
        every = steps_of(session, plan.id)
        year.check_ins = [
            one.id for one in every if one.title == "Check in with the advocate" and one.due_on
        ]

    await world.act(
        days.opened + timedelta(hours=1),
        f"The plan begins, from the template “{HOMEWARDS['diversion-one-year'].name}”, with a job "
        f"coach and care beside it. {mentor.first_name}, her brother, is her mentor.",
        started,
    )


def _furnish(year: Year, session: HubSession) -> str:
    """The hub as it stands before anything happens; the advocate's id."""
    cast = year.cast
    hub = the_hub(session)
    hub.name, hub.phone, hub.zone = cast.hub, cast.hub_phone, cast.zone
    session.add(hub)
    for number in (year.days.start.year, year.days.start.year + 1):
        for day in sorted(holidays(number)):
            session.add(CourtClosure(closed_on=day, why="holiday"))
    advocate = StaffMember(name=cast.advocate, sign_in=cast.advocate.lower(), role=Role.ADVOCATE)
    session.add(advocate)
    session.flush()
    for one in cast.providers:
        row = add_provider(session, NewProvider(one.first_name, email=one.email))
        year.providers[one.first_name] = row.id
    return advocate.id


async def the_silent_provider(year: Year) -> None:
    """A referral that nobody answers."""

    def asked(session: HubSession, now: datetime) -> None:
        new = NewReferral(
            year.providers[SILENT],
            "employment",
            step_id=year.coach_step,
            agreed_words="Yes, you can tell them my name.",
            agreed_how="in person",
            introduced_by=year.cast.advocate,
        )
        row = draft_referral(session, year.case_id, new, year.advocate, now)
        send_referral(session, row.id, year.advocate, now)
        year.referrals[SILENT] = row.id

    await year.world.act(
        year.days.asked,
        f"{year.cast.advocate} refers {year.her} to {SILENT}. She agreed to it.",
        asked,
    )


async def the_other_provider(year: Year) -> None:
    """Nobody answered: the same is offered to another, who says yes."""
    days, world = year.days, year.world

    def again(session: HubSession, now: datetime) -> None:
        row = reoffer(
            session, year.referrals[SILENT], year.providers[COACH], None, year.advocate, now
        )
        year.referrals[COACH] = row.id

    await world.act(
        days.offered_again,
        f"{SILENT} was asked, and reminded, and never answered. {year.cast.advocate} offers it to "
        f"{COACH}.",
        again,
    )
    meeting = instant_of(_meeting(days), year.cast.zone)

    def yes(session: HubSession, now: datetime) -> None:
        answer = Answer(meeting_at=meeting, words="Ask for Dee at the desk.")
        move_referral(
            session,
            year.referrals[COACH],
            ReferralState.ACCEPTED,
            Setter.PROVIDER,
            answer,
            _COACH,
            now,
        )

    await world.act(
        days.offered_again + timedelta(hours=5),
        f"{COACH} opens the private page and says yes, with a first meeting.",
        yes,
    )


def _meeting(days: Days) -> datetime:
    return datetime.combine((days.offered_again + _MEETING_IN).date(), time(11, 0))


async def the_meeting(year: Year) -> None:
    """They meet; the provider says so; the loop is closed later on."""
    met = _meeting(year.days)

    def came(session: HubSession, now: datetime) -> None:
        note_visit(session, year.referrals[COACH], met.date(), _COACH, now, came=True)
        verify_step(session, year.coach_step, year.advocate, now)
        year.close(session, ("hand_off",), "We went together.", now)

    await live_until(year, met)
    await year.world.act(
        met + timedelta(hours=2),
        f"{year.cast.advocate} goes along. {COACH} says on its page that {year.her} came.",
        came,
    )


async def the_loop_is_closed(year: Year) -> None:
    """The provider says how it ended."""

    def finished(session: HubSession, now: datetime) -> None:
        move_referral(
            session,
            year.referrals[COACH],
            ReferralState.COMPLETED,
            Setter.PROVIDER,
            Answer(words="She has a second shift now."),
            _COACH,
            now,
        )

    await live_until(year, _meeting(year.days) + 40 * DAY)
    await year.world.act(
        _meeting(year.days) + 40 * DAY, f"{COACH} says: finished. The loop is closed.", finished
    )


async def the_consent(year: Year) -> None:
    """She lets the court know of her care, in writing, for this case alone."""

    def signed(session: HubSession, now: datetime) -> None:
        bare = Terms(
            "",
            "",
            frozenset({ShareKind.MENTAL_HEALTH}),
            Recipient(RecipientKind.COURT),
            SharePurpose.COURT,
            event=ExpiryEvent.CASE_END,
        )
        terms = completed(session, year.person_id, bare, ours=True)
        given = Signature(Medium.PAPER, year.cast.defendant.name, _today(year, now))
        record_consent(session, year.person_id, terms, given, year.advocate, now)

    await year.world.act(
        datetime.combine(year.days.start + 50 * DAY, time(16, 0)),
        f"{year.her} signs a consent: counsel, and through counsel the court, may know that she "
        "keeps her appointments of care. Until now no report may say it.",
        signed,
    )


def _today(year: Year, now: datetime) -> date:
    return wall_time(now, year.cast.zone).date()


async def live_until(year: Year, moment: datetime) -> None:
    """Keep every step whose day comes before a moment, each in its own way."""
    while True:
        step = year.world.read(lambda session: _next_due(session, year, moment))
        if step is None:
            return
        await _keep(year, step)


def _next_due(session: HubSession, year: Year, moment: datetime) -> PlanStep | None:
    skipped = {year.check_ins[MISSED], year.check_ins[ANSWERED], year.coach_step}
    rows = session.exec(
        select(PlanStep)
        .where(
            PlanStep.plan_id == year.plan_id,
            PlanStep.recurrence == "",
            PlanStep.state == "active",
            col(PlanStep.due_on).is_not(None),
        )
        .order_by(col(PlanStep.due_on), col(PlanStep.title), col(PlanStep.id))
    ).all()
    for row in rows:
        assert row.due_on is not None
        at = datetime.combine(row.due_on, _NOON)
        held = year.days.held <= at + timedelta(hours=12) and at <= year.days.free
        if at < moment and row.id not in skipped and not held:
            return row
    return None


async def _keep(year: Year, step: PlanStep) -> None:
    assert step.due_on is not None
    at = datetime.combine(step.due_on, _NOON)
    if step.id in year.check_ins and year.check_ins.index(step.id) % 2 == 0:
        await _says_so(year, step, at)
        return

    def shown(session: HubSession, now: datetime) -> None:
        add_evidence(session, step.id, "attendance_letter", "", year.advocate, now, verified=True)
        year.close(session, ("step_due",), "Done.", now)

    title = "Her appointment of care" if step.title == CARE else step.title
    await year.world.act(at, f"Done, and seen by {year.cast.advocate}: {title}.", shown)


async def _says_so(year: Year, step: PlanStep, at: datetime) -> None:
    """She says herself that she was there; the advocate checks it on the same day."""
    world = year.world
    await world.until(at)
    by_text = world.read(lambda session: _asked_last(session, year) == step.id)
    if by_text:
        await _texts(year, at, "1", f"SM{step.id}")
    else:
        await _presses(year, at, step.id)
    await world.act(
        at + timedelta(hours=3),
        f"{year.cast.advocate} was there, and checks it: {step.title}.",
        lambda session, now: verify_step(session, step.id, year.advocate, now),
    )


async def _presses(year: Year, at: datetime, step_id: str) -> None:
    world = year.world

    def pressed(session: HubSession, now: datetime) -> None:
        link = Source(f"steps:{year.person_id}", "link")
        say_of_step(session, year.person_id, step_id, ReplyKind.STEP_WENT, "", link, now)

    year.said["page"] += 1
    await world.act(at, f"{year.her} presses “I went” on her own page.", pressed)


def _asked_last(session: HubSession, year: Year) -> str:
    row = session.exec(
        select(Message)
        .where(Message.person_id == year.person_id, ~col(Message.step).startswith("ack_"))
        .order_by(col(Message.claimed_at).desc(), col(Message.id).desc())
    ).first()
    return row.subject_id if row is not None and row.step == "plan_step" else ""


async def the_missed_one(year: Year) -> None:
    """Nobody hears from her; the hub alone is told, rung by rung; then it is made good."""
    step_id = year.check_ins[MISSED]
    due = year.world.read(lambda session: get_step(session, step_id).due_on)
    assert due is not None
    back = datetime.combine(due + 12 * DAY, time(15, 0))
    await live_until(year, back)

    def cured(session: HubSession, now: datetime) -> None:
        row = get_step(session, step_id)
        add_evidence(session, row.id, "call", "", year.advocate, now, verified=True)
        verify_step(session, row.id, year.advocate, now)

    await year.world.act(
        back,
        f"{year.cast.advocate} reaches {year.her}: her phone was cut off. They talk for an hour, "
        "and the missed check-in is made good. Nobody outside the hub and counsel heard of it.",
        cured,
    )


async def the_answer(year: Year) -> None:
    """She could not come, and says what got in the way; the step is excused."""
    step_id, world = year.check_ins[ANSWERED], year.world
    due = world.read(lambda session: get_step(session, step_id).due_on)
    assert due is not None
    at = datetime.combine(due, time(18, 0))
    await live_until(year, at)
    for number, body in enumerate(("2", IN_THE_WAY)):
        await _texts(year, at + timedelta(minutes=20 * number), body, f"SManswer{number}")

    def excused(session: HubSession, now: datetime) -> None:
        row = get_step(session, step_id)
        excuse_step(session, row.id, row.what_got_in_the_way, year.advocate, now)
        year.close(session, ("step_could_not", "step_call", "reply_waiting"), "We talked.", now)

    await world.act(
        datetime.combine(due + DAY, time(10, 0)),
        f"{year.cast.advocate} calls, finds another hour with her, and excuses this one.",
        excused,
    )


async def _texts(year: Year, at: datetime, body: str, sid: str) -> None:
    world = year.world

    def sent(now: datetime) -> None:
        receive_text(world.house.records, year.cast.defendant.phone, body, sid, now)

    year.said["text"] += 1
    await world.do(at, f"{year.her} texts: “{body}”", sent)
    await world.follow()


async def custody(year: Year) -> None:
    """She is taken in on another matter; the plan rests, and goes on when she is out."""
    days, world = year.days, year.world
    await live_until(year, days.held)

    def held(session: HubSession, now: datetime) -> None:
        case = get_case(session, year.case_id)
        move_track(session, case, Track.CUSTODY, Custody.DETAINED, year.advocate, now)

    def free(session: HubSession, now: datetime) -> None:
        case = get_case(session, year.case_id)
        move_track(session, case, Track.CUSTODY, Custody.RELEASED, year.advocate, now)

    await world.act(
        days.held,
        f"{year.her} is taken in on an old warrant. The plan rests: nothing is asked of her.",
        held,
    )
    await world.act(
        days.free,
        f"{year.her} is out again. The plan goes on; what fell into those days is excused.",
        free,
    )

    def talked(session: HubSession, now: datetime) -> None:
        year.close(session, ("plan_paused", "plan_goes_on"), "We talked.", now)

    await world.act(
        days.free + timedelta(hours=20), f"{year.cast.advocate} and {year.her} talk.", talked
    )


async def the_hearing(year: Year, about: str, hearing: datetime) -> None:
    """She is at a status hearing, with the paper in counsel's hand."""
    at = hearing + timedelta(hours=3)
    await live_until(year, at)

    def heard(session: HubSession, now: datetime) -> None:
        record_outcome(session, year.hearings[about], Appearance.APPEARED, year.advocate, now)
        year.close(session, ("ask_outcome",), "She was there.", now)

    await year.world.act(
        at, f"Status hearing: {year.her} is there, and counsel hands up the paper.", heard
    )


async def the_end(year: Year) -> None:
    """Every step is done: the plan is completed."""
    days, world = year.days, year.world
    await live_until(year, days.done)

    def completed_(session: HubSession, now: datetime) -> None:
        because = "Every step was kept, made good or excused."
        discharge_plan(
            session,
            year.plan_id,
            PlanState.DISCHARGED_SUCCESSFUL,
            year.advocate,
            now,
            because=because,
        )
        kinds = ("plan_at_its_end", "step_due", "step_missed", "step_escalated")
        year.close(session, kinds, "The plan is completed.", now)

    await world.act(days.done, "The year is over: the plan is completed.", completed_)
