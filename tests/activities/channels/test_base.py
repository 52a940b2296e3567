"""What all channels share: the order of fates, the clock, and keeping quiet about people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.channels import Fate, OutboxChannel, Outgoing, RefusalKind, Refused
from activities.channels.base import Channel, is_this_machine, read_clock, wall_clock

fates = st.sampled_from(Fate)


@given(st.lists(fates, min_size=1), st.randoms())
def test_receipts_in_any_order_and_number_end_at_the_same_fate(
    receipts: list[Fate], shuffler: Random
) -> None:
    def settle(reports: list[Fate]) -> Fate:
        known = Fate.QUEUED
        for report in reports:
            known = Fate.later(known, report)
        return known

    shuffled = [*receipts, shuffler.choice(receipts)]
    shuffler.shuffle(shuffled)
    assert settle(shuffled) is settle(receipts)


@given(fates, fates)
def test_a_final_fate_never_becomes_a_passing_one(known: Fate, reported: Fate) -> None:
    assert Fate.later(known, reported).final >= known.final


@pytest.mark.parametrize("final", [Fate.DELIVERED, Fate.UNDELIVERED, Fate.FAILED])
def test_sent_after_the_end_changes_nothing(final: Fate) -> None:
    steps = [Fate.QUEUED, Fate.SENDING, Fate.SENT, final]
    for earlier, later in pairwise(steps):
        assert Fate.later(later, earlier) is later
        assert Fate.later(earlier, later) is later


def test_a_message_in_a_log_shows_its_id_and_nothing_of_the_person() -> None:
    shown = repr(Outgoing("m-1", "+13055550123", "Ana, court is Monday", "Court", "es"))
    assert "m-1" in shown
    assert "3055550123" not in shown
    assert "Ana" not in shown


@pytest.mark.parametrize("kind", list(RefusalKind))
def test_every_refusal_says_what_to_do(kind: RefusalKind) -> None:
    assert len(str(Refused("1", kind)).split(": ")[1]) > 20


async def test_a_clock_may_be_asked_or_awaited() -> None:
    eastern = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=-5)))

    async def server_clock() -> datetime:
        return eastern

    assert await read_clock(server_clock) == await read_clock(lambda: eastern) == eastern
    assert (await read_clock(server_clock)).tzinfo is UTC
    assert (await read_clock(wall_clock)).tzinfo is UTC


async def test_a_clock_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        await read_clock(lambda: datetime(2026, 3, 4, 12))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "example.org", "10.0.0.1", "127.0.0.1.example.org"])
def test_everything_else_is_not(host: str) -> None:
    assert not is_this_machine(host)


async def test_the_outbox_keeps_everything_at_home() -> None:
    outbox: Channel = OutboxChannel()
    receipt = await outbox.send(Outgoing("m-7", "+13055550123", "Hello"))
    assert (receipt.provider_id, receipt.fate) == ("outbox-m-7", Fate.SENT)
    assert await outbox.find("+13055550123", "Hello", datetime.now(UTC)) is None
    await outbox.check()
    await outbox.aclose()
