"""A referral's moves and what is due while its loop is open."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, Agenda
from domain.court_time import QuietHours, wall_time
from domain.facts import ContactFacts, HubPolicy, MessageFact, PersonFacts
from domain.referrals import (
    ASKS,
    MOVES,
    OPEN,
    WAITS,
    ReferralFacts,
    ReferralMoveRefused,
    Setter,
    check_move,
    plan_referral,
    working_days_after,
)
from domain.vocabulary import Audience, Channel, MessageState
from domain.vocabulary import ReferralState as S

ZONE = "America/New_York"
POLICY = HubPolicy(ZONE, QuietHours(time(21), time(8), ZONE))
TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)
DESK = PersonFacts("desk", Audience.PROVIDER, TUESDAY, (ContactFacts("mail", Channel.EMAIL),))
PERSON = PersonFacts("ana", Audience.DEFENDANT, TUESDAY, (ContactFacts("cell", Channel.SMS),))
HOUR = timedelta(hours=1)


def facts(state: S = S.REQUESTED, **more: object) -> ReferralFacts:
    values: dict[str, object] = {
        "requested_at": TUESDAY,
        "state_since": TUESDAY,
        "provider": DESK,
        "person": PERSON,
        **more,
    }
    return ReferralFacts("r1", "h1", 3, state, POLICY, **values)  # type: ignore[arg-type]


class Loop:
    """Lives one referral: every message arrives, every task is opened, nobody answers."""

    def __init__(self, start: ReferralFacts, now: datetime = TUESDAY) -> None:
        self.facts, self.now = start, now
        self.sent: list[tuple[str, str, datetime]] = []
        self.tasks: list[tuple[str, datetime]] = []

    def until(self, end: datetime) -> Agenda:
        for _ in range(200):
            agenda = plan_referral(self.facts, self.now)
            if agenda.due is None or agenda.due > end:
                return agenda
            self.now = max(self.now, agenda.due)
            self._do(plan_referral(self.facts, self.now))
        raise AssertionError("the loop does not come to rest")

    def _do(self, agenda: Agenda) -> None:
        for item in agenda.items:
            if item.act is Act.OPEN_TASK:
                keys = self.facts.task_keys | {item.key}
                self._take(task_keys=keys)
                self.tasks.append((item.step, self.now))
            elif item.act is Act.SEND_MESSAGE:
                said = MessageFact(
                    *(item.key, item.person_id, item.subject_id, item.revision, item.step),
                    *(item.channel, MessageState.DELIVERED, self.now, item.contact_id, self.now),
                )
                self._take(messages=(*self.facts.messages, said))
                self.sent.append((item.step, item.person_id, self.now))

    def _take(self, **more: object) -> None:
        self.facts = replace(self.facts, **more)  # type: ignore[arg-type]


def test_a_provider_who_never_answers_is_asked_twice_and_then_another_is_looked_for() -> None:
    loop = Loop(facts())
    loop.until(TUESDAY + timedelta(days=60))
    assert [(step, who) for step, who, _ in loop.sent] == [
        ("referral_request", "desk"),
        ("referral_nudge", "desk"),
    ]
    assert loop.sent[0][2] == TUESDAY
    # Three working days from Tuesday: Friday, nine in the morning; then Wednesday.
    assert wall_time(loop.sent[1][2], ZONE) == datetime(2026, 12, 4, 9)
    [(kind, at)] = loop.tasks
    assert (kind, wall_time(at, ZONE)) == ("referral_unanswered", datetime(2026, 12, 9, 9))


def test_who_cannot_be_written_to_is_called() -> None:
    loop = Loop(facts(provider=None))
    loop.until(TUESDAY + timedelta(days=60))
    assert loop.sent == []
    assert [kind for kind, _ in loop.tasks] == ["referral_call", "referral_unanswered"]


def test_before_the_first_meeting_the_person_is_reminded_and_after_it_both_are_asked() -> None:
    meeting = datetime(2026, 12, 10, 19, tzinfo=UTC)
    loop = Loop(facts(S.ACCEPTED, meeting_at=meeting, introduced=True))
    loop.until(meeting + timedelta(days=60))
    assert [(step, who) for step, who, _ in loop.sent] == [
        ("first_meeting", "ana"),
        ("referral_met", "desk"),
    ]
    assert wall_time(loop.sent[0][2], ZONE) == datetime(2026, 12, 9, 10)
    assert loop.sent[1][2] > meeting
    assert [kind for kind, _ in loop.tasks] == ["hand_off", "referral_met_unknown"]


def test_a_yes_without_a_date_and_a_meeting_that_failed_come_before_an_advocate() -> None:
    for state, more, kind in (
        (S.ACCEPTED, {}, "referral_no_date"),
        (S.ACCEPTED, {"met": False}, "referral_not_met"),
        (S.REJECTED, {}, "referral_declined"),
        (S.FAILED, {}, "referral_failed"),
        (S.ON_HOLD, {}, "referral_on_hold"),
    ):
        loop = Loop(facts(state, **more))
        agenda = loop.until(TUESDAY + timedelta(days=60))
        assert [kind for kind, _ in loop.tasks] == [kind], state
        assert loop.sent == []
        assert agenda.ended == (state not in OPEN)


def test_closed_days_and_weekends_are_no_working_days() -> None:
    closed = HubPolicy(
        ZONE, QuietHours(time(21), time(8), ZONE), closed_days=frozenset({date(2026, 12, 2)})
    )
    assert wall_time(working_days_after(TUESDAY, 3, closed), ZONE) == datetime(2026, 12, 7, 9)
    saturday = TUESDAY + timedelta(days=4)
    assert wall_time(working_days_after(saturday, 0, POLICY), ZONE) == datetime(2026, 12, 7, 9)


@given(st.sampled_from(S), st.sampled_from(S), st.sampled_from(Setter))
def test_only_the_moves_of_the_table_are_taken(origin: S, wanted: S, by: Setter) -> None:
    if by in MOVES[origin].get(wanted, frozenset()):
        check_move(origin, wanted, by)
        return
    with pytest.raises(ReferralMoveRefused) as refused:
        check_move(origin, wanted, by)
    possible = [to for to, who in MOVES[origin].items() if by in who]
    assert all(str(to) in str(refused.value) for to in possible)


def test_a_provider_sets_what_a_provider_knows_and_nothing_else() -> None:
    set_by_them = {to for moves in MOVES.values() for to, who in moves.items() if "provider" in who}
    assert set_by_them == {
        *(S.ACCEPTED, S.REJECTED, S.IN_PROGRESS, S.ON_HOLD, S.COMPLETED, S.FAILED)
    }
    for state, moves in MOVES.items():
        if state is not S.ENTERED_IN_ERROR:
            assert moves[S.ENTERED_IN_ERROR] == {Setter.SUPERVISOR}


@given(
    state=st.sampled_from(S),
    answer_days=st.integers(0, 20),
    meeting_in=st.none() | st.integers(-2000, 2000),
    met=st.none() | st.booleans(),
    writes=st.booleans(),
    free=st.booleans(),
    minutes=st.integers(0, 60 * 24 * 40),
)
def test_whatever_happens_each_thing_is_said_once_and_by_day(
    state: S,
    answer_days: int,
    meeting_in: int | None,
    met: bool | None,
    writes: bool,
    free: bool,
    minutes: int,
) -> None:
    start = TUESDAY + timedelta(minutes=minutes)
    meeting = None if meeting_in is None else start + meeting_in * HOUR
    loop = Loop(
        facts(
            state,
            answer_days=answer_days,
            requested_at=start,
            state_since=start,
            meeting_at=meeting,
            met=met,
            provider=DESK if writes else None,
            person=PERSON if free else None,
        ),
        start,
    )
    loop.until(start + timedelta(days=400))
    steps = [(step, who) for step, who, _ in loop.sent]
    kinds = [kind for kind, _ in loop.tasks]
    assert len(steps) == len(set(steps))
    assert len(kinds) == len(set(kinds))
    assert all((step in ASKS) == (who == "desk") for step, who in steps)
    assert all(8 <= wall_time(at, ZONE).hour < 21 for _, _, at in loop.sent)
    if state is S.REQUESTED:
        assert "referral_unanswered" in kinds
    if state is S.ACCEPTED:
        assert kinds, "nobody would ever look at it again"
    if meeting is not None:
        assert all(at < meeting for step, _, at in loop.sent if step == "first_meeting")


@pytest.mark.parametrize("state", sorted(WAITS))
def test_without_its_consent_nobody_is_written_to_and_the_team_is_asked_once(state: S) -> None:
    loop = Loop(facts(state, covered=False, meeting_at=TUESDAY + timedelta(days=3)))
    loop.until(TUESDAY + timedelta(days=60))
    assert loop.sent == []
    assert [kind for kind, _ in loop.tasks] == ["referral_uncovered"]


def test_the_team_hears_of_a_consent_that_ends_by_itself_on_its_day() -> None:
    end = TUESDAY + timedelta(hours=5)
    loop = Loop(facts(covered_until=end))
    loop.until(end)
    assert [kind for kind, _ in loop.tasks] == ["referral_uncovered"]
    assert loop.tasks[0][1] == end
