"""What holds for every case, however its hearings, people and messages fare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.agenda import Act, AgendaItem
from domain.facts import CaseFacts, HearingFacts, HubPolicy
from domain.mailing import at_once
from domain.reminders import case_items, plan_case
from domain.vocabulary import LEFT, Appearance, Audience, HearingStatus, MessageState
from tests.domain.lives import (
    DENISE,
    EMAIL,
    GLORIA,
    MARCUS,
    SMS,
    VOICE,
    Change,
    World,
    a_case,
    a_person,
    a_policy,
    a_time,
    closes,
    detains,
    hearing_in,
    holds,
    joins,
    moves,
    reachable,
    releases,
    schedules,
    vacates,
    wall,
)

HOUR = timedelta(hours=1)
ZONES = ("America/New_York", "America/Boise", "Australia/Lord_Howe", "Africa/Casablanca")
FATES = (
    (MessageState.SENT, False),
    (MessageState.DELIVERED, False),
    (MessageState.SENT, False),
    (MessageState.QUEUED, False),
    (MessageState.FAILED, False),
    (MessageState.UNDELIVERED, False),
    (MessageState.UNDELIVERED, True),
)
CHANNELS = st.sampled_from([(SMS,), (SMS, VOICE, EMAIL), (SMS, EMAIL), (VOICE,), (EMAIL,), ()])


@dataclass(frozen=True)
class Story:
    """How a case begins, and everything that happens in it afterwards."""

    facts: CaseFacts
    start: datetime
    changes: tuple[tuple[datetime, Change], ...]
    fates: tuple[tuple[MessageState, bool], ...]
    down: tuple[datetime, datetime] | None

    def world(self) -> World:
        """A world in which it can happen. A message's fate hangs on its key alone."""

        def fate(item: AgendaItem) -> tuple[MessageState, bool]:
            return self.fates[sum(item.key.encode()) % len(self.fates)]

        return World(
            self.facts,
            self.start,
            fate=lambda item: fate(item)[0],
            for_now=lambda item: fate(item)[1],
            down=self.down,
        )

    def live(self, world: World) -> World:
        """Everything happens."""
        return world.live(self.start + timedelta(days=60), *self.changes)


POLICIES = st.builds(
    a_policy,
    st.sampled_from(ZONES),
    st.sampled_from([(time(21), time(8)), (time(20), time(9, 30)), (time(12), time(14))]),
    reminder_days=st.sampled_from([(7, 3, 1), (14, 7, 2), (1,), ()]),
    reminder_at=st.sampled_from([time(10), time(8, 30), time(18)]),
    morning_at=st.sampled_from([None, time(7), time(8)]),
)
TIMES = st.builds(
    "{:%Y-%m-%d} {:02d}:{:02d}".format,
    st.dates(datetime(2026, 10, 15).date(), datetime(2026, 12, 10).date()),
    st.integers(8, 16),
    st.sampled_from([0, 30]),
)


def changes_in(policy: HubPolicy) -> st.SearchStrategy[Change]:
    """Anything that may happen in a case, hearing `h1` or `h2`."""
    zone = policy.zone
    settings_ = st.builds(a_time, TIMES, st.just(zone), st.sampled_from(["3A", "5B"]))
    hearing = st.sampled_from(["h1", "h1", "h2"])
    people = st.sampled_from([MARCUS, DENISE])
    return st.one_of(
        st.builds(moves, settings_, hearing),
        st.builds(vacates, hearing),
        st.builds(holds, st.sampled_from(list(Appearance)), hearing),
        st.builds(reachable, people, st.sampled_from([SMS, EMAIL])),
        st.builds(lambda channels: joins(a_person(GLORIA, START, *channels)), CHANNELS),
        st.sampled_from([detains, releases, releases, closes]),
    )


START = wall("2026-10-14 12:00")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A case with two hearings and its troubles."""
    policy = draw(POLICIES)
    start = START + draw(st.integers(0, 20 * 24 * 60)) * timedelta(minutes=1)
    facts = a_case(
        a_person(MARCUS, start, *draw(CHANNELS)),
        a_person(DENISE, start, *draw(CHANNELS)),
        policy=policy,
        detained=draw(st.booleans()),
    )
    for name in ("h1", "h2"):
        facts = schedules(draw(TIMES), name=name, zone=policy.zone)(facts, start)
    minutes = st.integers(0, 50 * 24 * 60)
    moments = draw(st.lists(st.tuples(minutes, changes_in(policy)), max_size=6))
    changes = tuple((start + at * timedelta(minutes=1), change) for at, change in moments)
    down_at = start + draw(st.integers(0, 40 * 24)) * HOUR
    down = (down_at, down_at + draw(st.integers(1, 60)) * HOUR) if draw(st.booleans()) else None
    fates = tuple(draw(st.lists(st.sampled_from(FATES), min_size=1, max_size=5)))
    return Story(facts, start, _one_joining(changes), fates, down)


def _one_joining(
    changes: tuple[tuple[datetime, Change], ...],
) -> tuple[tuple[datetime, Change], ...]:
    """Nobody joins the same circle twice."""

    def once(change: Change) -> Change:
        def guarded(facts: CaseFacts, now: datetime) -> CaseFacts:
            after = change(facts, now)
            names = [person.id for person in after.people]
            return after if len(set(names)) == len(names) else facts

        return guarded

    return tuple((at, once(change)) for at, change in changes)


many = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def messages_in(facts: CaseFacts, now: datetime) -> list[AgendaItem]:
    """The messages that are planned; what is merely settled counts as done."""
    claimed = {m.key for m in facts.messages if m.state is MessageState.CLAIMED}
    return [
        item
        for item in case_items(facts, now)
        if item.act is Act.SEND_MESSAGE and item.key not in claimed
    ]


def check_every_item(facts: CaseFacts, now: datetime) -> None:
    """What must hold for each thing that is planned at any moment."""
    for item in case_items(facts, now):
        assert item.until > item.due, item
    wanted: Counter[tuple[object, ...]] = Counter()
    for item in messages_in(facts, now):
        wanted[item.person_id, item.subject_id, item.revision, item.step] += 1
        assert not facts.policy.quiet.contains(item.due), item
        _check_addressee(facts, item)
        if item.subject_id:
            _check_hearing(hearing_in(facts, item.subject_id), item, now)
    assert max(wanted.values(), default=1) == 1


def _check_addressee(facts: CaseFacts, item: AgendaItem) -> None:
    person = next(person for person in facts.people if person.id == item.person_id)
    assert not (facts.detained and person.audience is Audience.DEFENDANT), item
    assert item.channel in {contact.channel for contact in person.contacts}
    before = next((m for m in facts.messages if m.key == item.key), None)
    assert before is None or before.state is MessageState.WITHDRAWN, item


def _check_hearing(hearing: HearingFacts, item: AgendaItem, now: datetime) -> None:
    assert item.revision == hearing.revision, "never a word about an old date"
    if item.step == "post_miss":
        assert hearing.status is HearingStatus.HELD
        assert hearing.appearance is Appearance.FAILED_TO_APPEAR
        return
    assert hearing.status is not HearingStatus.HELD, item
    assert item.until <= hearing.when.instant, item
    assert (item.step == "cancelled") is (hearing.status is HearingStatus.VACATED)


def check_agenda(facts: CaseFacts, now: datetime) -> None:
    """The agenda holds exactly what the planners planned for its moment."""
    agenda = plan_case(facts, now)
    items = [item for item in case_items(facts, now) if item.until > now]
    if agenda.ended:
        assert facts.stage == "closed"
        assert items == []
        return
    assert agenda.due == min((item.due for item in items), default=None)
    if agenda.due is not None:
        moment = max(agenda.due, now)
        assert set(agenda.items) == {item for item in items if item.due <= moment}
        assert agenda.then == min((i.due for i in items if i.due > moment), default=None)


@given(stories())
@many
def test_nothing_wrong_is_planned_at_any_moment_of_any_case(story: Story) -> None:
    world = story.world()

    def check(facts: CaseFacts, now: datetime) -> None:
        check_every_item(facts, now)
        check_agenda(facts, now)

    world.check = check
    story.live(world)


@given(stories())
@many
def test_nobody_is_told_or_asked_the_same_twice_nor_told_twice_within_an_hour(story: Story) -> None:
    world = story.live(story.world())
    told: dict[tuple[str, str], list[tuple[datetime, AgendaItem]]] = {}
    state = {message.key: message.state for message in world.facts.messages}
    for at, item in world.log:
        if item.act is Act.SEND_MESSAGE and state[item.key] in LEFT:
            told.setdefault((item.person_id, item.subject_id), []).append((at, item))
    for messages in told.values():
        once = Counter((item.revision, item.step) for _, item in messages)
        assert max(once.values()) == 1
        for (first, _), (second, item) in pairwise(messages):
            changed = item.step in ("changed", "cancelled", "post_miss")
            assert changed or second - first >= HOUR, messages
    tasks = Counter(item.key for _, item in world.log if item.act is Act.OPEN_TASK)
    assert max(tasks.values(), default=1) == 1


@given(stories())
@many
def test_reminders_to_one_person_are_an_hour_apart_whatever_they_are_about(story: Story) -> None:
    """Unless one could not wait: it would have been useless or asleep by then."""
    world = replace(story, down=None).world()
    story.live(world)
    said: dict[str, list[tuple[datetime, AgendaItem]]] = {}
    state = {message.key: message.state for message in world.facts.messages}
    for at, item in world.log:
        if item.act is Act.SEND_MESSAGE:
            for before, _ in said.get(item.person_id, [])[-1:]:
                waits = not at_once(item.step) and at - before < HOUR
                later = story.facts.policy.quiet.next_open(before + HOUR)
                assert not waits or later >= item.until, (before, at, item)
            if state[item.key] in LEFT:
                said.setdefault(item.person_id, []).append((at, item))


@given(stories())
@many
def test_a_way_that_failed_for_now_is_tried_twice_more_and_never_after_it_failed_for_good(
    story: Story,
) -> None:
    world = story.live(story.world())
    tries: dict[tuple[object, ...], list[AgendaItem]] = {}
    fate = {message.key: message for message in world.facts.messages}
    for _, item in world.log:
        if item.act is Act.SEND_MESSAGE:
            wish = (item.person_id, item.subject_id, item.revision, item.step, item.contact_id)
            tries.setdefault(wish, []).append(item)
    for items in tries.values():
        assert len(items) <= 3, items
        assert all(fate[item.key].temporary for item in items[:-1]), items


@given(stories())
@many
def test_looking_more_often_finds_nothing_that_the_agenda_did_not_wake_for(
    story: Story,
) -> None:
    story = replace(story, down=None)
    woken = story.live(story.world())
    watched = story.world()
    idle: list[tuple[datetime, Change]] = [
        (story.start + tick * timedelta(hours=7, minutes=13), lambda facts, now: facts)
        for tick in range(190)
    ]
    watched.live(story.start + timedelta(days=60), *story.changes, *idle)
    assert watched.log == woken.log


@given(stories())
@many
def test_with_a_provider_that_works_everybody_in_reach_knows_every_date(story: Story) -> None:
    world = replace(story, down=None, fates=((MessageState.SENT, False),)).world()

    def everybody_knows(facts: CaseFacts, now: datetime) -> None:
        agenda = plan_case(facts, now)
        at_rest = not any(item.due <= now for item in agenda.items)
        if not at_rest or facts.stage == "closed" or facts.policy.quiet.contains(now):
            return
        for hearing in facts.hearings:
            if hearing.status is HearingStatus.SCHEDULED and now < hearing.when.instant:
                for person in facts.people:
                    held = facts.detained and person.audience is Audience.DEFENDANT
                    assert held or not person.contacts or _was_told(facts, person.id, hearing)

    world.check = everybody_knows
    story.live(world)


def _was_told(facts: CaseFacts, person: str, hearing: HearingFacts) -> bool:
    settings_ = {**hearing.history, hearing.revision: hearing.when}
    return any(
        (m.person_id, m.subject_id) == (person, hearing.id)
        and settings_[m.revision] == hearing.when
        for m in facts.messages
    )
