"""A packet is built when its inputs change, its people are asked in time, and a person learns who
keeps it waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, Agenda, AgendaItem
from domain.facts import (
    ContactFacts,
    InviteFacts,
    LetterFacts,
    MessageFact,
    PacketFacts,
    PacketLeads,
    PersonFacts,
)
from domain.packets import (
    ENDED_PACKETS,
    POLITE,
    QUIET,
    READY,
    letters_due,
    milestones,
    plan_packet,
    wanted_by,
)
from domain.vocabulary import Audience, Channel, LetterState, MessageState, PacketState
from tests.domain.lives import ZONE, a_policy, wall

ASKED = wall("2026-05-01 12:00")
HEARING = wall("2026-06-12 09:00")
"""Six weeks later: twice the longest lead time."""
LEADS = PacketLeads(letters=21, draft=14, counsel=7, ready=2)

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=ASKED.tzinfo)
)
LEAD_DAYS = st.builds(
    PacketLeads,
    letters=st.integers(0, 60),
    draft=st.integers(0, 60),
    counsel=st.integers(0, 60),
    ready=st.integers(0, 60),
)


def someone(name: str, *channels: Channel) -> PersonFacts:
    """A person with these ways to be written to."""
    ways = tuple(ContactFacts(f"{name}-{channel}", channel) for channel in channels)
    return PersonFacts(name, Audience.FAMILY, ASKED, ways)


PASTOR = someone("pastor", Channel.SMS)
COUNSEL = someone("counsel", Channel.EMAIL)
MARCUS = someone("marcus", Channel.SMS)


def a_packet(state: PacketState = PacketState.DRAFTING, **more: object) -> PacketFacts:
    """A packet for a hearing in six weeks, built and unchanged since."""
    facts = PacketFacts(
        id="p1",
        hub_id="hub",
        revision=1,
        state=state,
        policy=a_policy(),
        requested_at=ASKED,
        hearing_at=HEARING,
        inputs_hash="a",
        built_hash="a",
        content_hash="c",
        leads=LEADS,
        state_since=ASKED,
        wants_letters=False,
        counsel=COUNSEL,
        participant=MARCUS,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def a_letter(state: LetterState = LetterState.ASKED, **more: object) -> LetterFacts:
    """A letter that the pastor was asked for."""
    return replace(LetterFacts("l1", state, ASKED, PASTOR), **more)  # type: ignore[arg-type]


def everything(facts: PacketFacts, until: datetime = HEARING) -> list[AgendaItem]:
    """Every item that is planned until then, in order, as if each was done when it was due."""
    found: dict[str, AgendaItem] = {}
    now = facts.requested_at
    while now < until:
        agenda = plan_packet(facts, now)
        for item in agenda.items:
            if item.due <= now:
                found.setdefault(item.key, item)
        facts = _done(facts, agenda, now)
        waiting = plan_packet(facts, now)
        moments = [item.due for item in waiting.items if item.due > now]
        moments += [waiting.then] if waiting.then else []
        if not moments:
            break
        now = min(moments)
    return list(found.values())


def _done(facts: PacketFacts, agenda: Agenda, now: datetime) -> PacketFacts:
    """The same packet after what was due was done: messages sent, tasks opened."""
    for item in agenda.items:
        if item.due > now:
            continue
        if item.act is Act.OPEN_TASK:
            facts = replace(facts, task_keys=facts.task_keys | {item.key})
        elif item.act is Act.SEND_MESSAGE:
            sent = MessageFact(
                item.key,
                item.person_id,
                item.subject_id,
                item.revision,
                item.step,
                item.channel,
                MessageState.DELIVERED,
                now,
                item.contact_id,
                now,
            )
            facts = replace(facts, messages=(*facts.messages, sent))
        elif item.step == "draft":
            facts = replace(facts, state=PacketState.DRAFTING, state_since=now)
        elif item.step == "deliver":
            facts = replace(facts, state=PacketState.DELIVERED, state_since=now)
        elif item.act is Act.BUILD_PACKET:
            facts = replace(facts, built_hash=facts.inputs_hash)
        else:
            raise AssertionError(item)
    return facts


def when(items: list[AgendaItem], step: str) -> list[datetime]:
    """When a step is due."""
    return [item.due for item in items if item.step == step]


def days_before(days: float) -> datetime:
    """So many days before the hearing."""
    return HEARING - timedelta(days=days)


def test_what_changed_is_built_at_once_and_only_once() -> None:
    [item] = plan_packet(a_packet(built_hash=""), ASKED).items
    assert (item.act, item.due) == (Act.BUILD_PACKET, ASKED)
    changed = plan_packet(a_packet(inputs_hash="b"), ASKED).items[0]
    assert changed.key != item.key
    assert all(i.act is not Act.BUILD_PACKET for i in plan_packet(a_packet(), ASKED).items)


def test_while_it_is_collected_a_new_version_waits_until_nobody_types() -> None:
    typed = ASKED + timedelta(seconds=1)
    facts = a_packet(PacketState.COLLECTING, inputs_hash="b", changed_at=typed)
    [build] = [i for i in everything(facts) if i.act is Act.BUILD_PACKET]
    assert build.due == typed + QUIET
    first = plan_packet(replace(facts, built_hash=""), typed).items[0]
    assert (first.act, first.due) == (Act.BUILD_PACKET, typed)
    drafting = plan_packet(replace(facts, state=PacketState.DRAFTING), typed).items[0]
    assert (drafting.act, drafting.due) == (Act.BUILD_PACKET, typed)


def test_the_lead_times_count_back_from_the_hearing() -> None:
    times = milestones(ASKED, HEARING, LEADS)
    assert times.letters == days_before(21)
    assert times.draft == days_before(14)
    assert times.counsel == days_before(7)
    assert times.ready == days_before(2)
    assert not times.shrunk


def test_when_a_third_of_the_time_is_left_every_lead_time_is_a_third() -> None:
    times = milestones(days_before(7), HEARING, LEADS)
    assert times.shrunk
    assert times.letters == days_before(7)
    assert times.draft == days_before(14 / 3)
    assert times.counsel == days_before(7 / 3)
    assert times.ready == days_before(2 / 3)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=90)), LEAD_DAYS)
def test_lead_times_lie_between_the_asking_and_the_hearing_in_their_order(
    asked: datetime, left: timedelta, leads: PacketLeads
) -> None:
    hearing = asked + left
    times = milestones(asked, hearing, leads)
    a_moment = timedelta(microseconds=1)
    by_days = sorted(
        ((leads.letters, times.letters), (leads.draft, times.draft)),
        key=lambda pair: -pair[0],
    )
    assert by_days[0][1] <= by_days[1][1]
    for moment in (times.letters, times.draft, times.counsel, times.ready):
        assert asked - a_moment <= moment <= hearing


@given(INSTANTS, st.timedeltas(timedelta(days=60), timedelta(days=90)), LEAD_DAYS)
def test_a_hearing_that_moves_moves_every_lead_time_by_as_much(
    asked: datetime, left: timedelta, leads: PacketLeads
) -> None:
    by = timedelta(days=12, hours=4)
    before, after = (
        milestones(asked, asked + left, leads),
        milestones(asked, asked + left + by, leads),
    )
    for name in ("letters", "draft", "counsel", "ready"):
        assert getattr(after, name) - getattr(before, name) == by


def test_drafting_begins_two_weeks_before_without_anybody_clicking() -> None:
    items = everything(a_packet(PacketState.COLLECTING))
    assert when(items, "draft") == [days_before(14)]


def test_a_writer_is_asked_at_once_and_nudged_twice_before_the_draft() -> None:
    items = everything(a_packet(letters=(a_letter(),)))
    assert when(items, "letter_request") == [ASKED]
    due = letters_due(ASKED, milestones(ASKED, HEARING, LEADS))
    assert due == days_before(14)
    first, second = when(items, "letter_nudge")
    assert ASKED < first < second < due
    assert when(items, "letter_missing") == [due]


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.DECLINED])
def test_a_writer_who_has_answered_is_left_in_peace(state: LetterState) -> None:
    items = everything(a_packet(letters=(a_letter(state),)))
    assert not [item for item in items if item.act is Act.SEND_MESSAGE]
    assert len(when(items, "letter_declined")) == (state is LetterState.DECLINED)
    assert not when(items, "letter_missing")


def test_a_letter_that_is_asked_for_late_is_due_before_all_must_be_ready() -> None:
    times = milestones(ASKED, HEARING, LEADS)
    assert times.ready > letters_due(days_before(4), times) == days_before(3)


def test_a_letter_that_is_asked_for_at_the_last_moment_is_due_after_the_asking() -> None:
    times = milestones(ASKED, HEARING, LEADS)
    assert letters_due(days_before(1), times) == days_before(0.5)
    letter = a_letter(asked_at=days_before(1))
    agenda = plan_packet(a_packet(letters=(letter,)), days_before(1))
    assert "letter_missing" not in [item.step for item in agenda.items]


@given(st.timedeltas(timedelta(minutes=10), timedelta(days=40)))
def test_a_writer_is_told_politely_however_little_time_is_left(left: timedelta) -> None:
    asked = HEARING - left
    facts = a_packet(requested_at=asked, state_since=asked, letters=(a_letter(asked_at=asked),))
    items = [item for item in everything(facts) if item.person_id == PASTOR.id]
    said = sorted(item.due for item in items if item.step in ("letter_request", "letter_nudge"))
    assert all(after - before >= POLITE / 2 for before, after in pairwise(said))
    assert len(said) <= 3


def test_an_hour_before_the_hearing_a_writer_hears_of_it_once() -> None:
    asked = HEARING - timedelta(hours=1)
    facts = a_packet(requested_at=asked, state_since=asked, letters=(a_letter(asked_at=asked),))
    messages = [item.step for item in everything(facts) if item.act is Act.SEND_MESSAGE]
    assert messages == ["letter_request"]


def test_a_writer_whose_phone_is_known_late_is_asked_and_not_nudged_at_once() -> None:
    facts = a_packet(letters=(a_letter(writer=someone("pastor")),))
    late = ASKED + timedelta(days=13)
    known = replace(facts, letters=(a_letter(),))
    told = _done(known, plan_packet(known, late), late)
    items = [item for item in plan_packet(told, late + timedelta(hours=3)).items if item.channel]
    assert [item.step for item in told.messages] == ["letter_request"]
    assert not [item for item in items if item.due < late + POLITE]


def test_a_nudge_waits_an_hour_after_whatever_else_its_writer_was_told() -> None:
    letter = a_letter()
    facts = a_packet(letters=(letter,))
    due = when(everything(facts), "letter_nudge")[0]
    told = replace(facts, elsewhere={PASTOR.id: due - timedelta(minutes=10)})
    asked = _done(told, plan_packet(facts, ASKED), ASKED)
    [nudge] = [item for item in plan_packet(asked, due).items if item.step == "letter_nudge"]
    assert nudge.due == due + timedelta(minutes=50)


def test_a_writer_whom_nothing_reaches_is_a_persons_task() -> None:
    letter = a_letter(writer=someone("aunt"))
    assert not [i for i in everything(a_packet(letters=(letter,))) if i.act is Act.SEND_MESSAGE]
    assert when(everything(a_packet(letters=(letter,))), "letter_missing")


def test_someone_who_is_asked_to_tell_gets_one_message() -> None:
    invite = InviteFacts("i1", someone("mother", Channel.SMS), ASKED + timedelta(hours=1))
    items = everything(a_packet(invites=(invite,)))
    assert when(items, "interview_request") == [invite.asked_at]


@pytest.mark.parametrize(
    ("state", "step", "whom"),
    [
        (PacketState.PARTICIPANT_REVIEW, "packet_review", "marcus"),
        (PacketState.COUNSEL_REVIEW, "counsel_review", "counsel"),
        (PacketState.DELIVERED, "packet_ready", "counsel"),
    ],
)
def test_each_reader_is_told_once_when_it_is_their_turn(
    state: PacketState, step: str, whom: str
) -> None:
    items = everything(a_packet(state, approved_hash="c" if state in READY else ""))
    [message] = [item for item in items if item.act is Act.SEND_MESSAGE]
    assert (message.step, message.person_id) == (step, whom)


def test_a_reader_who_is_asked_a_second_time_is_told_a_second_time() -> None:
    first = plan_packet(a_packet(PacketState.COUNSEL_REVIEW), ASKED).items[0]
    later = ASKED + timedelta(days=3)
    again = plan_packet(a_packet(PacketState.COUNSEL_REVIEW, state_since=later), later).items[0]
    assert first.key != again.key
    assert again.step == "counsel_review"


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (PacketState.PARTICIPANT_REVIEW, "packet_review"),
        (PacketState.COUNSEL_REVIEW, "counsel_review"),
        (PacketState.DELIVERED, "packet_ready"),
    ],
)
def test_a_reader_who_is_asked_after_the_hearing_is_told_all_the_same(
    state: PacketState, step: str
) -> None:
    later = HEARING + timedelta(hours=3)
    facts = a_packet(state, state_since=later, approved_hash="c" if state in READY else "")
    assert [item.step for item in plan_packet(facts, later).items if item.channel] == [step]


def test_counsel_is_not_asked_by_itself_to_approve_anew_once_the_hearing_has_begun() -> None:
    later = HEARING + timedelta(hours=3)
    facts = a_packet(PacketState.COUNSEL_REVIEW, state_since=later, voided=1)
    steps = [item.step for item in plan_packet(facts, later).items]
    assert "counsel_again" not in steps
    assert "approval_voided" in steps


def test_turns_are_whole_numbers_that_the_records_can_hold() -> None:
    late = wall("2060-01-05 09:00")
    facts = a_packet(
        PacketState.COUNSEL_REVIEW, state_since=late, hearing_at=late + timedelta(days=9)
    )
    [item] = [item for item in plan_packet(facts, late).items if item.channel]
    assert 0 < item.revision < 2**31


@pytest.mark.parametrize("state", [PacketState.COUNSEL_REVIEW, PacketState.DELIVERED])
def test_where_counsel_cannot_be_written_to_a_person_is_told_at_once(state: PacketState) -> None:
    """Also of a packet that is ready: nobody else would tell counsel so."""
    facts = a_packet(state, counsel=None, approved_hash="c" if state in READY else "")
    assert when(list(plan_packet(facts, ASKED).items), "no_counsel") == [ASKED]


def test_counsel_who_was_told_and_lost_their_mailbox_since_is_nobodys_task() -> None:
    facts = a_packet(PacketState.DELIVERED, approved_hash="c")
    told = _done(facts, plan_packet(facts, ASKED), ASKED)
    assert not plan_packet(replace(told, counsel=None), ASKED).items


def test_what_changed_after_approval_voids_it_and_asks_counsel_again() -> None:
    approved = a_packet(PacketState.DELIVERED, approved_hash="c")
    assert not when(list(plan_packet(approved, ASKED).items), "void")
    changed = replace(approved, content_hash="d", inputs_hash="e")
    items = {item.step or item.act: item for item in plan_packet(changed, ASKED).items}
    assert items["void"].act is Act.ADVANCE_PACKET
    assert Act.BUILD_PACKET in items
    voided = replace(
        changed, state=PacketState.COUNSEL_REVIEW, approved_hash="", voided=1, built_hash="e"
    )
    steps = [item.step for item in plan_packet(voided, ASKED).items]
    assert "counsel_again" in steps
    assert "approval_voided" in steps


def test_an_approved_packet_is_delivered_once_its_final_version_is_built() -> None:
    waiting = a_packet(PacketState.APPROVED, approved_hash="c", inputs_hash="final")
    assert [i.act for i in plan_packet(waiting, ASKED).items] == [Act.BUILD_PACKET]
    built = replace(waiting, built_hash="final")
    assert when(list(plan_packet(built, ASKED).items), "deliver") == [ASKED]


def test_the_tasks_of_a_packet_that_nobody_touches() -> None:
    items = everything(a_packet(PacketState.COLLECTING, gaps=True, wants_letters=True))
    tasks = {item.step: item.due for item in items if item.act is Act.OPEN_TASK}
    assert tasks == {
        "letters_to_ask": days_before(21),
        "packet_gaps": days_before(14),
        "packet_to_read": days_before(10.5),
        "packet_not_ready": days_before(2),
    }


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (PacketState.PARTICIPANT_REVIEW, "participant_waits"),
        (PacketState.COUNSEL_REVIEW, "counsel_waits"),
    ],
)
def test_a_reader_who_is_silent_for_two_days_is_a_persons_task(
    state: PacketState, task: str
) -> None:
    assert when(everything(a_packet(state)), task) == [ASKED + timedelta(days=2)]


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (PacketState.PARTICIPANT_REVIEW, "participant_waits"),
        (PacketState.COUNSEL_REVIEW, "counsel_waits"),
    ],
)
def test_a_silent_reader_is_a_persons_task_without_a_hearing_too(
    state: PacketState, task: str
) -> None:
    facts = a_packet(state, hearing_at=None)
    assert when(everything(facts), task) == [ASKED + timedelta(days=2)]


@pytest.mark.parametrize("participant", [None, someone("marcus")])
def test_a_participant_who_cannot_be_written_to_is_read_to_at_once(
    participant: PersonFacts | None,
) -> None:
    """In jail, or without a phone."""
    facts = a_packet(PacketState.PARTICIPANT_REVIEW, participant=participant)
    assert when(list(plan_packet(facts, ASKED).items), "participant_waits") == [ASKED]


def test_nothing_is_delivered_without_an_approval() -> None:
    facts = a_packet(PacketState.APPROVED, approved_hash="")
    assert not when(list(plan_packet(facts, ASKED).items), "deliver")


def test_a_task_is_asked_anew_for_a_hearing_that_moved() -> None:
    facts = a_packet()
    [task] = [i for i in everything(facts) if i.step == "packet_not_ready"]
    moved = replace(facts, hearing_at=HEARING + timedelta(days=30), task_keys=frozenset({task.key}))
    [again] = [
        i for i in everything(moved, HEARING + timedelta(days=30)) if i.step == "packet_not_ready"
    ]
    assert again.key != task.key


@pytest.mark.parametrize("state", sorted(READY))
def test_a_packet_that_is_ready_worries_nobody(state: PacketState) -> None:
    facts = a_packet(state, gaps=True, wants_letters=True, approved_hash="c")
    assert not [i for i in everything(facts) if i.act is Act.OPEN_TASK]


def test_a_cancelled_packet_asks_nobody_for_anything_and_builds_nothing() -> None:
    facts = a_packet(
        PacketState.COUNSEL_REVIEW,
        cancelled=True,
        built_hash="",
        letters=(a_letter(),),
        gaps=True,
    )
    agenda = plan_packet(facts, ASKED)
    assert (agenda.items, agenda.then, agenda.ended) == ((), None, False)


@pytest.mark.parametrize("state", sorted(ENDED_PACKETS))
def test_a_packet_that_has_ended_ends_its_workflow(state: PacketState) -> None:
    agenda = plan_packet(a_packet(state, built_hash=""), ASKED)
    assert agenda.ended
    assert not agenda.items


def test_the_end_of_the_case_ends_its_packets() -> None:
    assert plan_packet(a_packet(case_over=True, built_hash=""), ASKED).ended


def test_without_a_hearing_a_packet_is_built_and_its_people_are_asked() -> None:
    facts = a_packet(hearing_at=None, built_hash="", letters=(a_letter(),))
    acts = {item.act for item in plan_packet(facts, ASKED).items}
    assert acts == {Act.BUILD_PACKET, Act.SEND_MESSAGE}


@given(INSTANTS, st.sampled_from(sorted(PacketState)), st.booleans(), st.booleans())
def test_nothing_is_planned_for_after_its_use(
    now: datetime, state: PacketState, built: bool, gaps: bool
) -> None:
    facts = a_packet(
        state,
        built_hash="a" if built else "",
        gaps=gaps,
        wants_letters=True,
        letters=(a_letter(LetterState.OPENED),),
        state_since=ASKED,
    )
    for item in plan_packet(facts, now).items:
        assert item.until > now
        if item.act is Act.SEND_MESSAGE:
            assert item.until <= HEARING


def test_nobody_is_asked_for_something_by_yesterday() -> None:
    morning, zone = wall("2026-06-11 10:00"), "America/New_York"
    assert wanted_by(morning, zone, ASKED).isoformat() == "2026-06-10"
    assert wanted_by(morning, zone, wall("2026-06-11 08:30")).isoformat() == "2026-06-11"
    assert wanted_by(wall("2026-06-11 16:00"), zone, ASKED).isoformat() == "2026-06-11"


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("2026-06-05 09:00", "2026-06-04"),
        ("2026-06-05 11:59", "2026-06-04"),
        ("2026-06-05 12:00", "2026-06-05"),
        ("2026-06-05 00:30", "2026-06-04"),
    ],
)
def test_people_are_told_a_day_on_which_they_can_still_do_it(due: str, day: str) -> None:
    assert wanted_by(wall(due), ZONE, ASKED).isoformat() == day
