"""Whether a message may be tried now: the provider is there, and it is this message's turn."""

import asyncio
from datetime import datetime, timedelta
from typing import NoReturn

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.agendas import Doing, read_agenda
from activities.channels import ChannelKind, Unavailable
from activities.house import House
from domain.agenda import Agenda
from domain.vocabulary import Channel
from records.waking import forget_away, note_away, wake_subjects

LONGEST_PAUSE = timedelta(minutes=15)
"""However long a provider asks to be left alone: while a try waits, nothing else is looked at."""
SHORT_TURN = 2.0
"""Seconds for which a try waits for its turn in place; a longer wait is Temporal's."""


class Turns:
    """Asks the house's line and pace before each try, and tells them what came of it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._records = house.records

    async def wait(self, doing: Doing, now: datetime) -> Agenda | None:
        """Return None when it is this message's turn (`now` is UTC).

        Returns:
            An agenda with the message put off, while its provider is away.

        Raises:
            ApplicationError: it is its turn later; Temporal tries again then.
        """
        channel, line = Channel(doing.item.channel), self._house.line
        if self._house.carriers[channel].kind is ChannelKind.OUTBOX:
            return None
        if line.is_away(channel):
            if not line.looks(channel, doing.item, doing.subject, now):
                agenda = await self._records.run(lambda: self._planned(doing, now))
                return line.hold(agenda, now)
            pause = line.seconds_to_look(channel, now)
            if pause:
                wait_calmly("The provider is away.", pause)
        turn = self._house.pace.wait(channel, doing.item.key, now)
        if turn > SHORT_TURN:
            wait_calmly("The provider takes so many a second.", turn)
        if turn:
            await asyncio.sleep(turn)
        return None

    def _planned(self, doing: Doing, now: datetime) -> Agenda:
        with self._records.reading(doing.subject.hub_id) as session:
            return read_agenda(session, doing.subject, now)

    async def nothing_accepted(self, doing: Doing, error: Unavailable) -> float | None:
        """A try that came to nothing; the seconds to wait, where that is known."""
        channel, line = Channel(doing.item.channel), self._house.line
        if error.busy:
            await self.answered(doing)
            return error.retry_after
        now = await self._house.clock.now()
        if line.silent(channel, now):
            await self._records.run(lambda: note_away(self._records, channel, now))
        return line.seconds_to_look(channel, now) if line.is_away(channel) else error.retry_after

    async def answered(self, doing: Doing) -> None:
        """The provider said something: whoever waited for that is woken."""
        channel, line = Channel(doing.item.channel), self._house.line
        was_away, waiting = line.is_away(channel), line.answered(channel)
        if was_away:
            now = await self._house.clock.now()
            await self._records.run(lambda: wake_subjects(self._records, waiting, now))
            await self._records.run(lambda: forget_away(self._records, channel))


async def keep_looking(house: House) -> None:
    """Where a provider is away and the message that looked for it is gone, wake another one."""
    now = await house.clock.now()
    chosen = house.line.without_looker(now)
    if chosen:
        await house.records.run(lambda: wake_subjects(house.records, chosen, now))


def again(
    why: str, seconds: float | None = None, *, cause: BaseException | None = None
) -> NoReturn:
    """Ask Temporal to try this activity again: after `seconds` where that is known, else after
    a pause that grows with every try."""
    delay = min(timedelta(seconds=seconds), LONGEST_PAUSE) if seconds is not None else None
    raise ApplicationError(why, type="TryAgain", next_retry_delay=delay) from cause


def wait_calmly(why: str, seconds: float) -> NoReturn:
    """As `again`, for a wait that is no trouble: nobody is warned of it in a log."""
    delay = min(timedelta(seconds=seconds), LONGEST_PAUSE)
    benign = ApplicationErrorCategory.BENIGN
    raise ApplicationError(why, type="Waits", next_retry_delay=delay, category=benign)
