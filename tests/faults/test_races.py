"""Two workers, one message: whoever comes second, or wakes too late, sends nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.exceptions import ApplicationError

from activities import notifying
from activities.channels import Ambiguous, Channel, ChannelKind, Outgoing, Receipt
from activities.channels.base import Fate
from domain.agenda import AgendaItem, Subject
from domain.vocabulary import Audience, MessageState
from domain.vocabulary import Channel as Way
from records.messages import find_message, settle
from records.outbox import announce, passed_on, pending
from records.tables import Message, OutboxRow
from tests.faults.desk import Desk, open_desk
from tests.postgres import Postgres

pytestmark = pytest.mark.faults

_databases = count(1)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def shared(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """The desk on each database; on PostgreSQL two tries really run at the same moment."""
    url = ""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        name = f"races_{next(_databases)}"
        server.run(f"CREATE DATABASE {name}")
        url = server.url(name)
    async with open_desk(tmp_path / "var", database_url=url) as opened:
        yield opened


class Held:
    """A carrier that holds what it is given until it is let go: a worker that got stuck."""

    kind = ChannelKind.SMS

    def __init__(self, inner: Channel, *, before_sending: bool = True) -> None:
        self._inner = inner
        self._before = before_sending
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def send(self, out: Outgoing) -> Receipt:
        """Sends before or after it was held."""
        receipt = None if self._before else await self._inner.send(out)
        self.reached.set()
        await self.go_on.wait()
        return receipt or await self._inner.send(out)

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """As usual."""
        return await self._inner.find(to, text, since, message_id)

    async def check(self) -> None:
        """As usual."""

    async def aclose(self) -> None:
        """As usual."""


class SlowList(Held):
    """A provider whose list answers only when it is let go."""

    async def send(self, out: Outgoing) -> Receipt:
        """As usual."""
        return await self._inner.send(out)

    async def find(
        self, to: str, text: str, since: datetime, message_id: str = ""
    ) -> Receipt | None:
        """Held, and then as usual."""
        self.reached.set()
        await self.go_on.wait()
        return await self._inner.find(to, text, since, message_id)


async def _outcomes(desk: Desk, item: AgendaItem, times: int) -> list[str]:
    """Several tries at the same moment: "sent" or the reason to try again."""
    answers = await asyncio.gather(*(desk.send(item) for _ in range(times)), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            assert isinstance(answer, ApplicationError), repr(answer)
            assert answer.type == "TryAgain"
    return ["later" if isinstance(answer, BaseException) else "sent" for answer in answers]


async def test_many_tries_at_the_same_moment_send_one_text(shared: Desk) -> None:
    item = shared.due()
    outcomes = await _outcomes(shared, item, 8)
    assert "sent" in outcomes
    assert len(shared.provider.accepted()) == 1
    shared.later(seconds=25)
    assert set(await _outcomes(shared, item, 8)) == {"sent"}
    assert shared.books().faults() == []


async def test_many_that_settle_the_same_doubt_send_at_most_once_more(shared: Desk) -> None:
    shared.provider.behave(drop="before", times=1)
    item = shared.due()
    await shared.fails(item)
    shared.later(seconds=3)
    await _outcomes(shared, item, 8)
    shared.later(seconds=25)
    await _outcomes(shared, item, 8)
    assert shared.tries(item) == ["ambiguous", "accepted"]
    assert len(shared.provider.accepted()) == 1
    assert shared.books().faults() == []


async def test_one_that_asks_slowly_leaves_the_doubt_to_the_one_that_was_faster(
    desk: Desk,
) -> None:
    desk.provider.behave(drop="before", times=1)
    item = desk.due()
    await desk.fails(item)
    desk.later(seconds=3)
    slow = SlowList(desk.house.carriers[Way.SMS])
    settling = asyncio.create_task(desk.send(item, house=desk.with_carrier(slow)))
    await slow.reached.wait()
    stuck = Held(desk.house.carriers[Way.SMS])
    sending = asyncio.create_task(desk.send(item, house=desk.with_carrier(stuck)))
    await stuck.reached.wait()
    slow.go_on.set()
    with pytest.raises(ApplicationError, match="Another worker"):
        await settling
    stuck.go_on.set()
    await sending
    assert desk.tries(item) == ["ambiguous", "accepted"]
    assert desk.books().faults() == []


async def test_a_worker_that_slept_after_its_claim_sends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP, a closed laptop, a machine that swaps: between its claim and its send."""
    item = desk.due()
    uptimes = iter([1000.0, 1031.0])
    monkeypatch.setattr(notifying, "_uptime", lambda: next(uptimes))
    await desk.fails(item)
    assert desk.tries(item) == ["unavailable"]
    assert desk.provider.accepted() == []
    monkeypatch.undo()
    await desk.send(item)
    assert desk.books().faults() == []


async def test_a_worker_that_wakes_late_does_not_undo_what_another_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.due()
    asleep, wake = asyncio.Event(), asyncio.Event()
    real_run = desk.house.records.run

    async def run_then_sleep(work: Callable[[], object]) -> object:
        done = await real_run(work)
        if isinstance(done, notifying._Ready):  # it has claimed, and has not sent yet
            asleep.set()
            await wake.wait()
        return done

    uptime = [1000.0]
    monkeypatch.setattr(notifying, "_uptime", lambda: uptime[0])
    with monkeypatch.context() as sleeping:
        sleeping.setattr(desk.house.records, "run", run_then_sleep)
        first = asyncio.create_task(desk.send(item))
        await asleep.wait()
    desk.later(seconds=31)
    await desk.send(item)
    assert desk.message(item).state == MessageState.QUEUED
    uptime[0] += 40.0
    wake.set()
    with pytest.raises(ApplicationError):
        await first
    assert desk.message(item).state == MessageState.QUEUED
    assert desk.tries(item) == ["unavailable", "accepted"]
    await desk.send(item)
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


async def test_an_answer_that_comes_after_another_worker_asked_changes_nothing(
    desk: Desk,
) -> None:
    item = desk.due()
    slow = Held(desk.house.carriers[Way.SMS], before_sending=False)
    first = asyncio.create_task(desk.send(item, house=desk.with_carrier(slow)))
    await slow.reached.wait()
    desk.later(seconds=31)
    await desk.send(item)
    assert desk.tries(item) == ["found"]
    slow.go_on.set()
    await first
    assert len(desk.provider.accepted()) == 1
    assert desk.books().faults() == []


async def test_a_claim_taken_in_the_same_moment_ends_in_a_clean_second_try(shared: Desk) -> None:
    """The row is there, but was not when the records were read: the database says no."""
    item = shared.due()
    with shared.house.records.writing(shared.subject.hub_id) as session:
        session.add(_a_claim_that_the_case_does_not_show(shared, item))
    with pytest.raises(ApplicationError) as again:
        await shared.send(item)
    assert again.value.type == "TryAgain"
    assert item.key not in str(again.value)
    assert again.value.__cause__ is not None
    assert again.value.__cause__.__cause__ is None, "the driver's words go no further"
    assert shared.provider.accepted() == []


def _a_claim_that_the_case_does_not_show(desk: Desk, item: AgendaItem) -> Message:
    return Message(
        claim=item.key,
        person_id=desk.mother,
        step=item.step,
        audience=Audience.FAMILY,
        language="en",
        channel=Way.SMS,
        transport="sms",
        template="enrolled",
        template_version="faults",
        claimed_at=desk.clock.at,
    )


async def test_a_provider_that_has_it_outweighs_our_belief_that_nothing_left(desk: Desk) -> None:
    item = desk.due()
    desk.provider.behave(http_status=503, times=1)
    await desk.fails(item)
    assert desk.message(item).state == MessageState.WITHDRAWN
    with desk.house.records.writing(desk.subject.hub_id) as session:
        message = find_message(session, item.key)
        assert message is not None
        assert settle(session, message, MessageState.SENT, desk.clock.at, provider_id="SM1")
        assert not settle(session, message, MessageState.WITHDRAWN, desk.clock.at)
        assert settle(session, message, MessageState.DELIVERED, desk.clock.at)
        assert not settle(session, message, MessageState.FAILED, desk.clock.at)
    assert desk.message(item).state == MessageState.DELIVERED


async def test_a_report_that_is_faster_than_silence_stands(desk: Desk) -> None:
    """The answer is lost, but the delivery report arrived before the silence was noticed."""
    item = desk.due()

    class ReportedFirst(Held):
        async def send(self, out: Outgoing) -> Receipt:
            await self._inner.send(out)
            with desk.house.records.writing(desk.subject.hub_id) as session:
                message = find_message(session, item.key)
                assert message is not None
                sid = desk.provider.accepted()[0].sid
                settle(session, message, MessageState(Fate.SENT), desk.clock.at, provider_id=sid)
            raise Ambiguous("the answer was lost")

    reported = desk.with_carrier(ReportedFirst(desk.house.carriers[Way.SMS]))
    await desk.fails(item, house=reported)
    desk.later(seconds=3)
    await desk.send(item)
    assert "ambiguous" not in desk.tries(item)
    assert desk.books().faults() == []


async def test_news_written_before_but_seen_after_is_not_forgotten(desk: Desk) -> None:
    """A server numbers rows when they are written, and shows them when they are committed."""
    records, subject = desk.house.records, desk.subject
    passed_on(records, pending(records))
    with records.writing(subject.hub_id) as session:
        announce(session, Subject.CASE, subject.id, 7, desk.clock.at)
    seen = pending(records)
    with records.writing(subject.hub_id) as session:
        session.add(
            OutboxRow(
                seq=seen[0].last_seq - 1,
                hub_id=subject.hub_id,
                subject_kind=Subject.CASE,
                subject_id=subject.id,
                revision=8,
                written_at=desk.clock.at,
            )
        )
    passed_on(records, seen)
    assert [news.revision for news in pending(records)] == [8]
    passed_on(records, pending(records))
    assert pending(records) == []


def test_a_machine_that_sleeps_counts_its_sleep() -> None:
    assert abs(notifying._uptime() - notifying._uptime()) < timedelta(seconds=1).total_seconds()
