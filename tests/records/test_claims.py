"""Two workers at once: exactly one may send, exactly one task is opened, no news is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.tracks import Track
from domain.vocabulary import MessageState
from records.casework import get_case, move_track, touch
from records.database import HubSession, Records
from records.hearings import Setting, move_hearing
from records.matters import Recipient, recipient_of
from records.messages import (
    ClaimRefused,
    Composed,
    claim_message,
    find_message,
    settle,
    start_attempt,
)
from records.outbox import pending
from records.plans import NewStep, add_evidence, get_step, miss_step, start_plan, steps_of
from records.tables import Case, Hearing, HearingRevision, HumanTask, Message
from records.tasks import open_house_task, open_task, open_tasks
from tests.houses import ROSA, ZONE, a_case, a_hearing, a_mother, utc, wall
from tests.records.conftest import TwoHubs

T = TypeVar("T")
NOW = utc("2026-05-01 14:00")
WORDS = Composed("Court is Monday.", "", "before_3", "v1", 1, "en", "family")


class Scene:
    """A mother, her son's hearing, and the reminder that is due."""

    def __init__(self, records: Records, hub: str) -> None:
        self.records, self.hub = records, hub
        self.case = a_case(records, NOW, phone="")
        self.mother = a_mother(records, self.case, NOW)
        self.hearing = a_hearing(records, self.case, "2026-06-01 09:00", NOW)
        self.owner = SubjectRef(Subject.CASE, self.case.id, hub)
        self.item = AgendaItem(
            Act.SEND_MESSAGE,
            f"{self.mother}|{self.hearing.id}|1|before_3|sms",
            NOW,
            NOW + timedelta(days=1),
            self.mother,
            self.hearing.id,
            1,
            "before_3",
            "sms",
        )

    def claim(self, session: HubSession, *, again: bool = False) -> Message:
        """Claim the reminder."""
        to = recipient_of(session, self.mother, "sms")
        assert isinstance(to, Recipient)
        return claim_message(session, self.item, self.owner, to, WORDS, "twilio", NOW, again=again)

    def messages(self) -> list[Message]:
        """All messages."""
        with self.records.reading(self.hub) as session:
            return list(session.exec(select(Message)).all())

    def at_once(self, *works: Callable[[HubSession], T]) -> list[T | Exception]:
        """Each work in its own transaction and thread; what it gave or how it failed."""
        together = Barrier(len(works))

        def run(work: Callable[[HubSession], T]) -> T | Exception:
            together.wait(timeout=10)
            try:
                with self.records.writing(self.hub) as session:
                    return work(session)
            except Exception as error:
                return error

        with ThreadPoolExecutor(len(works)) as threads:
            return list(threads.map(run, works))


@pytest.fixture
def scene(records: Records, hub: str) -> Scene:
    """The scene."""
    return Scene(records, hub)


def test_of_two_that_claim_at_once_exactly_one_wins(scene: Scene) -> None:
    answers = scene.at_once(*[lambda session: scene.claim(session)] * 4)
    assert sum(isinstance(answer, Message) for answer in answers) == 1
    assert sum(isinstance(answer, ClaimRefused) for answer in answers) == 3
    [message] = scene.messages()
    assert (message.state, message.attempts) == (MessageState.CLAIMED, 0)


def test_whoever_comes_later_loses_and_changes_nothing(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        start_attempt(session, scene.claim(session), NOW)
    with pytest.raises(ClaimRefused), scene.records.writing(scene.hub) as session:
        scene.claim(session)
    [message] = scene.messages()
    assert message.attempts == 1


def test_of_two_that_take_up_a_withdrawn_claim_exactly_one_wins(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        settle(session, scene.claim(session), MessageState.WITHDRAWN, NOW)

    def again(session: HubSession) -> Message:
        message = scene.claim(session, again=True)
        start_attempt(session, message, NOW)
        return message

    answers = scene.at_once(again, again, again)
    assert sum(isinstance(answer, Message) for answer in answers) == 1
    assert sum(isinstance(answer, ClaimRefused) for answer in answers) == 2
    [message] = scene.messages()
    assert (message.state, message.attempts) == (MessageState.CLAIMED, 1)


@pytest.mark.parametrize("state", [s for s in MessageState if s is not MessageState.WITHDRAWN])
def test_only_a_withdrawn_claim_may_be_taken_up_again(scene: Scene, state: MessageState) -> None:
    with scene.records.writing(scene.hub) as session:
        settle(session, scene.claim(session), state, NOW)
    with pytest.raises(ClaimRefused), scene.records.writing(scene.hub) as session:
        scene.claim(session, again=True)
    assert [message.state for message in scene.messages()] == [state]


def test_two_reports_at_once_never_turn_a_message_back(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        scene.claim(session)

    def report(state: MessageState) -> Callable[[HubSession], bool]:
        def work(session: HubSession) -> bool:
            message = find_message(session, scene.item.key)
            assert message is not None
            return settle(session, message, state, NOW)

        return work

    for _ in range(3):
        scene.at_once(report(MessageState.DELIVERED), report(MessageState.SENT))
        assert [message.state for message in scene.messages()] == [MessageState.DELIVERED]


def test_one_task_however_many_open_it(scene: Scene) -> None:
    task = AgendaItem(
        Act.OPEN_TASK,
        "task|call_now|h",
        NOW,
        NOW + timedelta(days=1),
        scene.mother,
        scene.hearing.id,
        1,
        "call_now",
    )

    def work(session: HubSession) -> str | None:
        opened = open_task(session, task, scene.owner, NOW)
        session.flush()
        other = open_house_task(session, "channel_down", "task|channel_down|1", NOW)
        return ",".join(sorted(row.kind for row in (opened, other) if row is not None))

    answers = scene.at_once(work, work, work)
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    assert sorted(",".join(map(str, answers)).strip(",").split(",")) == ["call_now", "channel_down"]
    with scene.records.reading(scene.hub) as session:
        assert [row.kind for row in open_tasks(session)] == ["call_now", "channel_down"]
        assert len(open_tasks(session, scene.case.id)) == 1


def test_every_change_of_a_case_has_a_revision_of_its_own(scene: Scene) -> None:
    with scene.records.reading(scene.hub) as session:
        before = get_case(session, scene.case.id).revision

    def work(session: HubSession) -> None:
        touch(session, get_case(session, scene.case.id), NOW)

    assert scene.at_once(*[work] * 5) == [None] * 5
    [news] = pending(scene.records)
    assert news.revision == before + 5


def test_of_two_moves_along_a_track_the_second_starts_where_the_first_ended(
    scene: Scene,
) -> None:
    def to(stage: str) -> Callable[[HubSession], str]:
        def work(session: HubSession) -> str:
            case = session.get_one(Case, scene.case.id)
            return move_track(session, case, Track.COURT, stage, ROSA, NOW).origin

        return work

    answers = scene.at_once(to("charged"), to("arraigned"))
    assert answers[0] == "arrested" or answers[1] == "arrested"
    assert answers != ["arrested", "arrested"]


def test_two_moves_of_a_hearing_at_once_are_two_revisions(scene: Scene) -> None:
    def to(local: str) -> Callable[[HubSession], int]:
        def work(session: HubSession) -> int:
            return move_hearing(
                session, scene.hearing.id, Setting(wall(local), ZONE), ROSA, NOW
            ).revision

        return work

    answers = scene.at_once(to("2026-06-02 09:00"), to("2026-06-03 09:00"))
    assert sorted(map(str, answers)) == ["2", "3"]
    with scene.records.reading(scene.hub) as session:
        assert session.exec(select(func.count(col(HearingRevision.id)))).one() == 2
        assert session.get_one(Hearing, scene.hearing.id).revision == 3


def test_evidence_that_comes_as_the_grace_ends_is_never_overwritten(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        plan = start_plan(session, scene.case.id, (NewStep("housing", "A room"),), ROSA, NOW)
    with scene.records.reading(scene.hub) as session:
        [step] = steps_of(session, plan.id)

    def miss(session: HubSession) -> None:
        miss_step(session, step.id, NOW)

    def bring(session: HubSession) -> None:
        add_evidence(session, step.id, "letter", "", ROSA, NOW)

    assert scene.at_once(miss, bring) == [None, None]
    with scene.records.reading(scene.hub) as session:
        assert get_step(session, step.id).state in ("evidenced", "cured")


ALL_STATES = list(MessageState)
ON_THE_WAY = {MessageState.QUEUED, MessageState.SENDING, MessageState.SENT}
ENDS = {MessageState.FAILED, MessageState.UNDELIVERED, MessageState.DELIVERED}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@given(st.lists(st.sampled_from(ALL_STATES), max_size=12), st.randoms())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_fate_never_goes_backwards(
    two_hubs: TwoHubs, reports: list[MessageState], chance: Any
) -> None:
    words: list[MessageState] = [state for state in reports if state is not MessageState.WITHDRAWN]
    mixed = list(words)
    chance.shuffle(mixed)
    with two_hubs.records.reading(two_hubs.mine) as session:
        passed = lived(session, reports)
        for before, after in pairwise(passed):
            assert not (before in ENDS and after not in ENDS), passed
            assert not (before in ON_THE_WAY and after is MessageState.CLAIMED), passed
            assert not (before in ON_THE_WAY and after is MessageState.WITHDRAWN), passed
            assert after is MessageState.DELIVERED or before is not MessageState.DELIVERED
        assert lived(session, words)[-1] == lived(session, mixed)[-1], "order makes no difference"
        session.rollback()


def lived(session: HubSession, reports: list[MessageState]) -> list[MessageState]:
    """The states that a message goes through when these reports come in this order."""
    message = session.exec(select(Message)).first()
    assert message is not None
    message.state = MessageState.CLAIMED
    passed = [MessageState.CLAIMED]
    for report in reports:
        changed = settle(session, message, report, NOW)
        assert changed is (message.state != passed[-1])
        passed.append(MessageState(message.state))
    return passed


def test_what_the_provider_has_cannot_be_withdrawn(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        message = scene.claim(session)
        settle(session, message, MessageState.SENT, NOW, provider_id="SM1")
        assert not settle(session, message, MessageState.WITHDRAWN, NOW)
        assert message.state == MessageState.SENT


def test_the_claim_pins_words_template_and_time(scene: Scene) -> None:
    with scene.records.writing(scene.hub) as session:
        scene.claim(session)
    [message] = scene.messages()
    assert (message.body, message.template, message.template_version) == (
        "Court is Monday.",
        "before_3",
        "v1",
    )
    assert isinstance(message.claimed_at, datetime)
    assert message.claimed_at == NOW
    with scene.records.reading(scene.hub) as session:
        assert session.exec(select(HumanTask)).all() == []
