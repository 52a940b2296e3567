"""After a missed step: who is told what, when, and who never is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.agenda import Act, AgendaItem
from domain.facts import (
    Held,
    HubPolicy,
    MessageFact,
    PersonFacts,
    PlanFacts,
    PlanHearing,
    StepFacts,
)
from domain.plan_course import WANTS_REPORT
from domain.plan_steps import plan_steps
from domain.tracks import CourtStage
from domain.vocabulary import (
    Audience,
    Channel,
    HearingKind,
    MessageState,
    PlanState,
    StepOwner,
    StepState,
)
from tests.domain.lives import MARCUS, SMS, ZONE, a_person, a_policy, wall

START = wall("2026-05-01 12:00")
DUE = date(2026, 5, 20)
MISSED = wall("2026-05-23 09:00")
MENTOR = "omar"
ASKED, TASK = "plan_step_missed", "step_missed"
DAY = timedelta(days=1)
FOR_THE_TEAM = {
    *("step_due", "step_missed", "step_escalated", "step_for_counsel"),
    *("not_reached", "call_now"),
    *("plan_case_over", "plan_after_disposition", "plan_paused", "plan_goes_on"),
    *("plan_at_its_end", "progress_report_due"),
}
"""Every task that a plan opens: all of them are for the hub's own people."""


def a_mentor(*channels: Channel) -> PersonFacts:
    """A credible messenger who stands by Marcus."""
    return a_person(MENTOR, START, *channels, audience=Audience.FAMILY)


def a_step(**more: object) -> StepFacts:
    """A step that a court ordered."""
    step = StepFacts("s1", 1, StepState.ACTIVE, DUE, START, mandated=True)
    return replace(step, **more)  # type: ignore[arg-type]


def a_plan(*steps: StepFacts, **more: object) -> PlanFacts:
    """Marcus's plan, with a mentor beside him."""
    facts = PlanFacts(
        id="plan",
        hub_id="hub",
        revision=1,
        state=PlanState.IN_PROGRESS,
        policy=a_policy(),
        paused=False,
        person=a_person(MARCUS, START, SMS),
        mentors=(a_mentor(SMS),),
        steps=steps or (a_step(),),
        began_at=START,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


@dataclass
class World:
    """Carries out a plan's agenda as the activities do, moment by moment.

    Attributes:
        deaf: people whom messages do not reach.
        answers: when somebody says what got in the way.
        moves: when something in the records changes.
    """

    facts: PlanFacts
    deaf: frozenset[str] = frozenset()
    moves: dict[datetime, dict[str, object]] = field(default_factory=dict)
    done: list[tuple[datetime, AgendaItem]] = field(default_factory=list)

    def live(self, now: datetime, until: datetime, most: int = 400) -> World:
        """From a moment to another."""
        for _ in range(most):
            self._change(now)
            agenda = plan_steps(self.facts, now)
            due = [item for item in agenda.items if item.due <= now]
            if due:
                self._do(due[0], now)
                continue
            moments = [m for m in (agenda.due, agenda.then, *self.moves) if m and m > now]
            if not moments or min(moments) > until:
                return self
            now = min(moments)
        raise AssertionError("the plan never comes to rest")

    def _change(self, now: datetime) -> None:
        for moment in sorted(moment for moment in self.moves if moment <= now):
            change = self.moves.pop(moment)
            step = change.pop("step", None)
            if isinstance(step, dict):
                self._step("s1", **step)
            self.facts = replace(self.facts, **change)  # type: ignore[arg-type]

    def _do(self, item: AgendaItem, now: datetime) -> None:
        self.done.append((now, item))
        match item.act:
            case Act.OPEN_TASK:
                keys = self.facts.task_keys | {item.key}
                self.facts = replace(self.facts, task_keys=keys)
            case Act.SEND_MESSAGE:
                deaf = item.person_id in self.deaf
                state = MessageState.UNDELIVERED if deaf else MessageState.DELIVERED
                message = MessageFact(
                    item.key,
                    item.person_id,
                    item.subject_id,
                    item.revision,
                    item.step,
                    item.channel,
                    state,
                    now,
                    item.contact_id,
                    now,
                )
                self.facts = replace(self.facts, messages=(*self.facts.messages, message))
            case Act.MISS_STEP:
                self._step(item.subject_id, state=StepState.MISSED, missed_at=now)
            case Act.ADVANCE_PLAN:
                self._advance(item, now)
            case _:
                raise AssertionError(item.act)

    def _advance(self, item: AgendaItem, now: datetime) -> None:
        match item.step:
            case "excuse":
                self._step(item.subject_id, state=StepState.EXCUSED)
            case "escalate":
                self._step(item.subject_id, state=StepState.ESCALATED, escalated_at=now)
            case "end":
                self.facts = replace(self.facts, state=PlanState.DISCHARGED_OTHER)
            case _:
                raise AssertionError(item.step)

    def _step(self, step_id: str, **more: object) -> None:
        steps = (
            replace(step, **more) if step.id == step_id else step  # type: ignore[arg-type]
            for step in self.facts.steps
        )
        self.facts = replace(self.facts, steps=tuple(steps))

    @property
    def told(self) -> list[tuple[str, str, datetime]]:
        """Whom, what and when; tasks and moves under their own names."""
        return [
            (i.person_id if i.act is Act.SEND_MESSAGE else "", i.step or i.act, at)
            for at, i in self.done
        ]

    def at(self, step: str, person: str = "") -> datetime | None:
        """When something was done; None when it was not."""
        return next((at for who, what, at in self.told if what == step and who == person), None)


def lived(facts: PlanFacts, **more: object) -> World:
    """The whole life of a plan."""
    return World(facts, **more).live(START, START + timedelta(days=300))  # type: ignore[arg-type]


def test_the_person_is_asked_then_the_mentor_then_it_climbs_to_a_task_about_counsel() -> None:
    assert lived(a_plan()).told == [
        (MARCUS, "plan_step", wall("2026-05-18 10:00")),
        (MENTOR, "plan_step", wall("2026-05-18 10:00")),
        ("", Act.MISS_STEP, MISSED),
        (MARCUS, ASKED, MISSED),
        (MENTOR, ASKED, wall("2026-05-23 10:00")),
        ("", TASK, MISSED + 2 * DAY),
        ("", "escalate", MISSED + 5 * DAY),
        ("", "step_escalated", MISSED + 5 * DAY),
        ("", "step_for_counsel", MISSED + 8 * DAY),
    ]


def test_the_hub_says_how_long_it_waits_on_each_rung() -> None:
    world = lived(a_plan(policy=a_policy(step_rung_days=(1, 5, 10))))
    assert world.at(TASK) == MISSED + DAY
    assert world.at("step_escalated") == MISSED + 6 * DAY
    assert world.at("step_for_counsel") == MISSED + 16 * DAY


def test_what_was_chosen_ends_with_the_advocate() -> None:
    world = lived(a_plan(a_step(mandated=False)))
    assert world.told[-1] == ("", TASK, MISSED + 2 * DAY)


def test_an_answer_brings_the_advocate_at_once_and_the_mentor_is_not_written_to() -> None:
    answered = MISSED + timedelta(minutes=20)
    world = lived(a_plan(), moves={answered: {"step": {"answered_at": answered}}})
    assert world.at(TASK) == answered
    assert world.at(ASKED, MENTOR) is None
    assert world.at("step_escalated") == answered + 3 * DAY


def test_whoever_cannot_be_asked_is_called_by_their_advocate_at_once() -> None:
    nobody = lived(a_plan(person=a_person(MARCUS, START)))
    assert nobody.at(TASK) == MISSED
    assert nobody.at(ASKED, MENTOR) is None
    deaf = lived(a_plan(), deaf=frozenset({MARCUS}))
    assert deaf.at(TASK) == deaf.at(ASKED, MARCUS) == MISSED
    assert deaf.at(ASKED, MENTOR) is None


@pytest.mark.parametrize("state", [StepState.CURED, StepState.EXCUSED])
def test_it_stops_as_soon_as_the_step_is_cured_or_excused(state: StepState) -> None:
    cured = MISSED + timedelta(hours=30)
    world = lived(a_plan(), moves={cured: {"step": {"state": state}}})
    assert world.told[-1] == (MENTOR, ASKED, wall("2026-05-23 10:00"))


def test_health_care_is_never_told_to_a_mentor() -> None:
    world = lived(a_plan(a_step(to_mentors=False)))
    assert MENTOR not in {who for who, _, _ in world.told}


def test_what_the_hub_or_a_provider_does_is_asked_of_the_team_not_of_the_person() -> None:
    for owner in (StepOwner.ADVOCATE, StepOwner.PROVIDER):
        world = lived(a_plan(a_step(owner=owner)))
        assert {who for who, _, _ in world.told} == {""}
        assert world.at("step_due") == wall("2026-05-18 10:00")
        assert world.at(TASK) == MISSED


def test_at_night_the_question_waits_and_so_does_everybody_else() -> None:
    late = a_step(state=StepState.MISSED, missed_at=wall("2026-05-23 22:00"))
    world = World(a_plan(late)).live(wall("2026-05-23 22:00"), START + timedelta(days=300))
    assert world.at(ASKED, MARCUS) == wall("2026-05-24 08:00")
    assert world.at(TASK) == wall("2026-05-26 08:00")


def test_custody_stops_the_ladder_and_says_so() -> None:
    held = MISSED + timedelta(hours=30)
    free = held + 20 * DAY
    world = lived(
        a_plan(),
        moves={
            held: {"paused": True, "held": (Held(held),)},
            free: {"paused": False, "held": (Held(held, free),), "released_at": free},
        },
    )
    between = [what for _, what, at in world.told if held <= at < free]
    assert between == ["plan_paused"]
    assert world.at("plan_goes_on") == free
    assert world.at(TASK) == free + 2 * DAY


def test_what_repeats_and_fell_into_custody_is_excused_and_never_asked_for() -> None:
    steps = tuple(
        a_step(id=f"s{number}", due=date(2026, 5, 1) + timedelta(weeks=number), occurrence=True)
        for number in range(1, 6)
    )
    held, free = wall("2026-05-10 15:00"), wall("2026-05-22 18:00")
    world = lived(
        a_plan(*steps),
        moves={
            held: {"paused": True, "held": (Held(held),)},
            free: {"paused": False, "held": (Held(held, free),), "released_at": free},
        },
    )
    excused = [item.subject_id for _, item in world.done if item.step == "excuse"]
    missed = [item.subject_id for _, item in world.done if item.act is Act.MISS_STEP]
    assert excused == ["s2", "s3"]
    assert sorted(missed) == ["s1", "s4", "s5"]


def test_a_hearing_that_wants_a_report_asks_for_it_as_early_as_a_draft() -> None:
    at = wall("2026-08-20 09:00")
    for kind in HearingKind:
        world = lived(a_plan(a_step(due=None), hearings=(PlanHearing("h1", kind, at, START),)))
        expected = at - 14 * DAY if kind in WANTS_REPORT else None
        assert world.at("progress_report_due") == expected, kind


def test_a_report_for_a_hearing_that_comes_soon_is_asked_for_at_once() -> None:
    hearing = PlanHearing("h1", HearingKind.STATUS, START + 3 * DAY, START + DAY)
    world = lived(a_plan(a_step(due=None), hearings=(hearing,)))
    assert world.at("progress_report_due") == START + DAY


def test_when_the_case_is_over_what_was_ordered_rests_and_ends_after_a_month() -> None:
    over = wall("2026-05-10 16:00")
    world = lived(a_plan(), moves={over: {"stage": CourtStage.DISMISSED, "stage_since": over}})
    assert world.told == [("", "plan_case_over", over), ("", "end", over + 30 * DAY)]


def test_a_plan_that_is_carried_over_goes_on_by_choice() -> None:
    over = wall("2026-05-10 16:00")
    world = lived(
        a_plan(),
        moves={
            over: {"stage": CourtStage.DISMISSED, "stage_since": over},
            over + DAY: {"step": {"mandated": False}},
        },
    )
    assert world.at("end") is None
    assert world.at("plan_step", MARCUS) == wall("2026-05-18 10:00")
    assert world.told[-1] == ("", TASK, MISSED + 2 * DAY)


def test_a_disposition_asks_the_team_to_compare_it_with_the_plan() -> None:
    decided = wall("2026-05-10 16:00")
    stage = {"stage": CourtStage.SUPERVISION, "stage_since": decided}
    world = lived(a_plan(a_step(due=None)), moves={decided: dict(stage)})
    assert world.told == [("", "plan_after_disposition", decided)]
    before = lived(a_plan(a_step(due=None), stage="supervision", stage_since=START - DAY))
    assert before.told == []


def test_the_team_is_reminded_of_a_plan_whose_last_day_is_over() -> None:
    world = lived(a_plan(a_step(due=None), ends_on=date(2026, 7, 30)))
    assert world.told == [("", "plan_at_its_end", wall("2026-07-31 09:00"))]


PEOPLE = st.builds(
    lambda channels: a_person(MARCUS, START, *channels), st.sets(st.sampled_from(Channel))
)
MENTORS = st.lists(
    st.builds(
        lambda n, channels: a_person(f"mentor{n}", START, *channels),
        st.integers(1, 2),
        st.sets(st.sampled_from(Channel), min_size=1),
    ),
    max_size=2,
    unique_by=lambda person: person.id,
)
MOMENTS = st.integers(0, 60 * 24).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def some_steps(draw: st.DrawFn) -> tuple[StepFacts, ...]:
    count = draw(st.integers(1, 3))
    return tuple(
        StepFacts(
            f"s{number}",
            1,
            StepState.ACTIVE,
            (START + timedelta(days=draw(st.integers(-3, 40)))).date(),
            START,
            draw(st.sampled_from(StepOwner)),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for number in range(1, count + 1)
    )


@st.composite
def some_moves(draw: st.DrawFn) -> dict[datetime, dict[str, object]]:
    moves: dict[datetime, dict[str, object]] = {}
    if draw(st.booleans()):
        held = draw(MOMENTS)
        free = held + timedelta(hours=draw(st.integers(1, 600)))
        moves[held] = {"paused": True, "held": (Held(held),)}
        moves[free] = {"paused": False, "held": (Held(held, free),), "released_at": free}
    if draw(st.booleans()):
        at = draw(MOMENTS) + timedelta(minutes=7)
        stage = draw(st.sampled_from(CourtStage))
        moves[at] = {"stage": stage, "stage_since": at}
    if draw(st.booleans()):
        at = draw(MOMENTS) + timedelta(minutes=13)
        moves[at] = {"step": {"answered_at": at}}
    return moves


@st.composite
def some_plans(draw: st.DrawFn) -> PlanFacts:
    policy: HubPolicy = a_policy(
        draw(st.sampled_from([ZONE, "America/Anchorage", "Australia/Lord_Howe"])),
        step_notice_days=draw(st.integers(0, 5)),
        step_grace_days=draw(st.integers(0, 5)),
        step_rung_days=tuple(draw(st.integers(1, 6)) for _ in range(3)),
    )
    hearings = tuple(
        PlanHearing(f"h{n}", draw(st.sampled_from(HearingKind)), draw(MOMENTS) + 5 * DAY, START)
        for n in range(draw(st.integers(0, 2)))
    )
    return a_plan(
        *draw(some_steps()),
        policy=policy,
        person=draw(st.one_of(st.none(), PEOPLE)),
        mentors=tuple(draw(MENTORS)),
        mandated=draw(st.booleans()),
        hearings=hearings,
    )


@settings(max_examples=150, deadline=None)
@given(some_plans(), some_moves(), st.sets(st.sampled_from([MARCUS, "mentor1"])))
def test_nothing_ever_leaves_the_circle_and_the_person_is_asked_before_anybody_else(
    facts: PlanFacts, moves: dict[datetime, dict[str, object]], deaf: Iterable[str]
) -> None:
    circle = {MARCUS} | {mentor.id for mentor in facts.mentors}
    world = World(facts, frozenset(deaf), dict(moves)).live(START, START + 200 * DAY, 2000)
    questions: dict[str, datetime] = {}
    for at, item in world.done:
        match item.act:
            case Act.SEND_MESSAGE:
                # The only people: the one whose plan it is, and mentors whom they chose.
                assert item.person_id in circle
                assert item.step in {"plan_step", ASKED}
                assert not facts.policy.quiet.contains(at)
                if item.person_id == MARCUS and item.step == ASKED:
                    questions.setdefault(item.subject_id, at)
            case Act.OPEN_TASK:
                assert item.step in FOR_THE_TEAM
            case act:
                assert act in {Act.MISS_STEP, Act.ADVANCE_PLAN}
        _in_order(world, facts, at, item, questions)
        assert not _held_at(world, at) or item.step in {
            *("plan_paused", "excuse", "progress_report_due"),
            *("plan_case_over", "plan_after_disposition", "end"),
        }


def _held_at(world: World, at: datetime) -> bool:
    return any(
        held.since <= at and (held.until is None or at < held.until) for held in world.facts.held
    )


def _in_order(
    world: World,
    facts: PlanFacts,
    at: datetime,
    item: AgendaItem,
    questions: dict[str, datetime],
) -> None:
    """Nobody hears of a missed step before the person was asked, where they could be."""
    step = next((step for step in facts.steps if step.id == item.subject_id), None)
    if step is None or item.step not in {
        ASKED,
        TASK,
        "escalate",
        "step_escalated",
        "step_for_counsel",
    }:
        return
    first, second, third = (timedelta(days=days) for days in facts.policy.step_rung_days)
    order = [TASK, "escalate", "step_escalated", "step_for_counsel"]
    opened = {
        what: when
        for when, i in world.done
        if i.subject_id == step.id and i.act is not Act.SEND_MESSAGE
        for what in [i.step]
    }
    if item.step == ASKED and item.person_id != MARCUS:
        assert step.to_mentors
        assert at >= questions[step.id] + timedelta(hours=1)
    if item.step in order[1:]:
        assert step.mandated
        earlier = order[order.index(item.step) - 1]
        pause = {"escalate": second, "step_for_counsel": third}.get(item.step, timedelta(0))
        assert at >= opened[earlier] + pause
    reached = MARCUS not in world.deaf and facts.person is not None and facts.person.contacts
    answered = next(s.answered_at for s in world.facts.steps if s.id == step.id)
    if item.step == TASK and reached and answered is None and step.owner is StepOwner.PERSON:
        assert step.id not in questions or at >= questions[step.id] + first
