"""Sending: claim first, send, record the fate. An ambiguous claim is settled by asking."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.agendas import (
    GONE,
    Doing,
    Telling,
    agenda_from,
    load_facts,
    wanted_now,
)
from activities.channels import (
    Ambiguous,
    CannotAsk,
    ChannelKind,
    Outgoing,
    Receipt,
    RefusalKind,
    Refused,
    Unavailable,
)
from activities.digesting import draft_digest
from activities.drafting import Draft, draft_item, load_telling, with_message
from activities.enclosures import enclose
from activities.fates import note_receipt, note_refusal, tell_house
from activities.house import House
from activities.reports import status_address
from activities.turns import LONGEST_PAUSE, Turns, again, wait_calmly
from domain.agenda import Act, Agenda, AgendaItem
from domain.digests import AgencyFacts
from domain.vocabulary import Channel, MessageState
from domain.words import WordsError
from records.case_facts import CaseSheet
from records.database import HubSession
from records.disclosures import note_digest
from records.hubs import the_hub
from records.messages import (
    AMBIGUOUS,
    EXAMPLE,
    NOT_SENT,
    STARTED,
    TRIAL,
    ClaimRefused,
    attempts_of,
    claim_message,
    find_message,
    finish_attempt,
    message_by_provider_id,
    settle,
    start_attempt,
)
from records.tables import ContactPoint, Hub, Message
from records.team import in_team

SEND_WITHIN = timedelta(seconds=20)
"""A send that began this long ago has ended, one way or the other."""
CLAIM_STALE_SECONDS = 4.0
"""A process that slept this long after its claim does not send any more: it asks first."""
MOST_DOUBTS = 2
"""After this many sends whose fate stayed unknown the channel counts as failed."""
TELL_AFTER = timedelta(minutes=30)
"""A message this late for want of a provider opens a task for the hub's people."""
ASK_BACK = timedelta(days=1)
"""How far before the claim the provider's list is read: its clock may be hours from ours."""
DAILY_CAP = "daily_cap"
WORDS_MISSING = "words_missing"
NO_CARRIER = "no-carrier"
"""The code of a message whose channel has no provider, while another channel has one."""
_KNOWS_REPEATS = frozenset({ChannelKind.EMAIL})
"""Channels that cannot be asked, but where a repeat carries the mark of the first."""


class NeverLeaves(ApplicationError):
    """A message of an example hub was about to be handed to a carrier."""

    def __init__(self) -> None:
        super().__init__("Nothing of an example leaves.", type="NeverLeaves", non_retryable=True)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The clocks, read together: the house's (UTC), and how long this machine is up (seconds)."""

    now: datetime
    uptime: float


@dataclass(frozen=True, slots=True)
class _Ready:
    """A claimed message on its way out: as which try, and the uptime before it was claimed."""

    message_id: str
    out: Outgoing
    number: int
    started: float


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A claim whose fate nobody knows: the provider is asked before anything else."""

    message_id: str
    to: str
    text: str
    since: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class _Waits:
    """Nothing was claimed, and a person has to look before anything can be.

    Attributes:
        why: for operators; no personal data.
    """

    why: str


class Notifying:
    """The activity that sends messages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._records = house.records
        self._turns = Turns(house)
        self._examples: dict[str, bool] = {}

    @activity.defn(name=Act.SEND_MESSAGE)
    async def send_message(self, doing: Doing) -> Agenda:
        """Send one message.

        Guarantee: sent only while the records still call for it, under a unique claim; sent at
        most twice, and the second time only after the provider denied having the first (a mail
        server cannot be asked: there the repeat carries the same Message-ID).
        """
        example = await self._is_example(doing.subject.hub_id)
        clocks = await self._read_clocks()
        # What never leaves waits for no provider, and takes nobody's place in the line.
        held = None if example else await self._turns.wait(doing, clocks.now)
        if held is not None:
            return held
        try:
            step = await self._records.run(lambda: self._claim(doing, clocks))
        except ClaimRefused as error:
            again("The claim was taken in this very moment.", cause=error)
        if isinstance(step, _Waits):
            wait_calmly(step.why, LONGEST_PAUSE.total_seconds())
        if isinstance(step, _Doubt):
            step = await self._settle_doubt(doing, step, ask=not example)
        if isinstance(step, Agenda):
            return step
        return await self._carry(doing, step)

    async def _read_clocks(self) -> _Reading:
        uptime = _uptime()
        return _Reading(await self._house.clock.now(), uptime)

    async def _is_example(self, hub_id: str) -> bool:
        """Whether a hub is an example; that never changes, and is asked once for each."""
        if hub_id not in self._examples:

            def read() -> bool | None:
                with self._records.reading(hub_id) as session:
                    hub = session.get(Hub, hub_id)
                    return hub.example if hub is not None else None

            found = await self._records.run(read)
            if found is None:
                return False
            self._examples[hub_id] = found
        return self._examples[hub_id]

    def _claim(self, doing: Doing, clocks: _Reading) -> Agenda | _Ready | _Doubt | _Waits:
        now = clocks.now
        with self._records.writing(doing.subject.hub_id) as session:
            sheet, facts = load_telling(session, doing, now)
            if facts is None:
                return GONE
            known = next((m for m in facts.messages if m.key == doing.item.key), None)
            if known is not None and known.state is MessageState.CLAIMED:
                return self._doubt(session, doing, now)
            agenda = agenda_from(facts, now)
            item = wanted_now(agenda, doing.item.key, now)
            if item is None:
                return agenda
            try:
                draft = self._draft(session, doing, item, sheet, facts, now)
            except WordsError as error:
                tell_house(session, WORDS_MISSING, item.channel, now)
                return _Waits(f"The words cannot be filled: {type(error).__name__}.")
            return self._claim_item(session, doing, draft, facts, clocks, again=known is not None)

    def _draft(
        self,
        session: HubSession,
        doing: Doing,
        item: AgendaItem,
        sheet: CaseSheet | None,
        facts: Telling,
        now: datetime,
    ) -> Draft:
        site = self._house.public_url
        return draft_item(session, self._house.catalog, doing, item, sheet, facts, now, site=site)

    def _claim_item(
        self,
        session: HubSession,
        doing: Doing,
        draft: Draft,
        facts: Telling,
        clocks: _Reading,
        *,
        again: bool,
    ) -> Agenda | _Ready | _Waits:
        transport = self._transport(session, draft)
        leaves = transport not in NOT_SENT
        if leaves and not self._house.meter.allows(session, draft.hub, clocks.now):
            tell_house(session, DAILY_CAP, draft.item.channel, clocks.now)
            return _Waits("The hub's daily cap is reached: a person has to look.")
        message = claim_message(
            session,
            draft.item,
            doing.subject,
            draft.to,
            draft.words,
            transport,
            clocks.now,
            again=again,
            left_at_once=transport in (TRIAL, EXAMPLE) or self._keeps_all,
        )
        if draft.digest is not None and (leaves or self._keeps_all):
            told = draft.digest
            note_digest(session, told.agency_id, told.due, told.lines, clocks.now)
        if message.state == MessageState.SENT:
            return agenda_from(with_message(facts, message), clocks.now)
        if not leaves:
            settle(session, message, MessageState.FAILED, clocks.now, code=NO_CARRIER)
            return agenda_from(with_message(facts, message), clocks.now)
        start_attempt(session, message, clocks.now)
        return self._ready(session, message, draft.to.address, clocks)

    def _transport(self, session: HubSession, draft: Draft) -> str:
        """What carries a message: the channel's provider, or nothing while a hub is in trial, and
        never anything for an example, whoever is in its team."""
        if the_hub(session).example:
            return EXAMPLE
        if draft.hub.trial and not in_team(session, draft.item.channel, draft.to.address):
            return TRIAL
        return self._house.carriers[Channel(draft.item.channel)].kind

    @property
    def _keeps_all(self) -> bool:
        """Whether nothing ever leaves this machine. Where texts do leave and no mail server is
        known, a letter in the outbox has reached nobody, and the ladder must go on."""
        carriers = self._house.carriers.values()
        return all(carrier.kind is ChannelKind.OUTBOX for carrier in carriers)

    def _doubt(self, session: HubSession, doing: Doing, now: datetime) -> _Doubt:
        message = _message(session, doing.item.key)
        tries = attempts_of(session, message.id)
        if tries and tries[-1].outcome == STARTED:
            left = tries[-1].tried_at + SEND_WITHIN - now
            if left > timedelta(0):
                again("Another try may still be under way.", left.total_seconds())
        contact = session.get(ContactPoint, message.contact_id)
        address = contact.address if contact else ""
        since = message.claimed_at - ASK_BACK
        return _Doubt(message.id, address, message.body, since, message.attempts)

    async def _settle_doubt(self, doing: Doing, doubt: _Doubt, *, ask: bool) -> Agenda | _Ready:
        """Ask the provider, and only when it denies having the message send again. Of an example
        nobody is even asked."""
        carrier = self._house.carriers[Channel(doing.item.channel)]
        receipt: Receipt | None = None
        may_repeat = True
        try:
            if ask:
                receipt = await carrier.find(doubt.to, doubt.text, doubt.since, doubt.message_id)
        except CannotAsk:
            may_repeat = carrier.kind in _KNOWS_REPEATS
        except (Unavailable, Refused) as error:
            await self._note_silence(doing, error)
            again(f"The provider cannot be asked now: {type(error).__name__}.", cause=error)
        clocks = await self._read_clocks()
        return await self._records.run(
            lambda: self._decide(doing, doubt, receipt, clocks, may_repeat=may_repeat)
        )

    def _decide(
        self,
        doing: Doing,
        doubt: _Doubt,
        receipt: Receipt | None,
        clocks: _Reading,
        *,
        may_repeat: bool,
    ) -> Agenda | _Ready:
        now = clocks.now
        with self._records.writing(doing.subject.hub_id) as session:
            message = _message(session, doing.item.key)
            if message.state != MessageState.CLAIMED:
                return agenda_from(load_facts(session, doing.subject, now), now)
            if message.attempts != doubt.tries:
                again("Another worker settles this claim.")
            if receipt is not None and _is_ours(session, message, receipt):
                note_receipt(session, message, receipt, "found", now)
            elif not (
                self._still_wanted(session, doing, message, now)
                and self._may_leave(session, message, doubt.to)
            ):
                finish_attempt(session, message, "denied")
                settle(session, message, MessageState.WITHDRAWN, now)
            elif not may_repeat or _doubts(session, message) >= MOST_DOUBTS:
                settle(session, message, MessageState.FAILED, now, code="fate-unknown")
            else:
                start_attempt(session, message, now)
                return self._ready(session, message, doubt.to, clocks)
            session.flush()
            return agenda_from(load_facts(session, doing.subject, now), now)

    def _ready(self, session: HubSession, message: Message, to: str, clocks: _Reading) -> _Ready:
        """A claimed message as it is handed to a carrier: the one door through which all leave.

        Raises:
            NeverLeaves: of an example. The records have none that comes so far; should one, it
                ends here.
        """
        if the_hub(session).example:
            raise NeverLeaves
        out = Outgoing(
            message_id=message.id,
            to=to,
            text=message.body,
            subject=message.subject_line,
            language=message.language,
        )
        out = enclose(session, self._house, message, out)
        return _Ready(message.id, out, message.attempts, clocks.uptime)

    def _may_leave(self, session: HubSession, message: Message, to: str) -> bool:
        """Whether a hub writes to this address: in trial to its team, an example to nobody."""
        hub = the_hub(session)
        if hub.example:
            return False
        return not hub.trial or in_team(session, message.channel, to)

    def _still_wanted(
        self, session: HubSession, doing: Doing, message: Message, now: datetime
    ) -> bool:
        """Whether the records would call for this message if it had never been claimed, and a
        digest for the same words: a consent may have been taken back since."""
        facts = load_facts(session, doing.subject, now)
        if facts is None:
            return False
        without = replace(
            facts, messages=tuple(m for m in facts.messages if m.key != doing.item.key)
        )
        item = wanted_now(agenda_from(without, now), doing.item.key, now)
        if item is None or item.contact_id != (message.contact_id or ""):
            # The key names no phone: it may be wanted at another one, and no more at this.
            return False
        if not isinstance(facts, AgencyFacts):
            return True
        draft = draft_digest(session, self._house.catalog, facts, item, now)
        return draft is not None and draft.words.text == message.body

    async def _carry(self, doing: Doing, ready: _Ready) -> Agenda:
        carrier = self._house.carriers[Channel(doing.item.channel)]
        try:
            if _uptime() - ready.started > CLAIM_STALE_SECONDS:
                raise Unavailable("this process slept after its claim")
            report_to = status_address(self._house, carrier.kind, ready.message_id)
            receipt = await carrier.send(replace(ready.out, status_callback=report_to))
        except Unavailable as error:
            await self._note_unavailable(doing, ready)
            pause = await self._turns.nothing_accepted(doing, error)
            again("The provider accepted nothing.", pause, cause=error)
        except Ambiguous as error:
            await self._records.run(lambda: self._note_ambiguous(doing, ready))
            again("The provider did not answer.", 3.0, cause=error)
        except Refused as error:
            return await self._note_refusal(doing, ready, error)
        agenda = await self._note_accepted(doing, ready, receipt)
        await self._turns.answered(doing)
        return agenda

    async def _note_accepted(self, doing: Doing, ready: _Ready, receipt: Receipt) -> Agenda:
        now = await self._house.clock.now()

        def work() -> Agenda:
            with self._records.writing(doing.subject.hub_id) as session:
                message = _message(session, doing.item.key)
                note_receipt(session, message, receipt, "accepted", now, number=ready.number)
                session.flush()
                return agenda_from(load_facts(session, doing.subject, now), now)

        return await self._records.run(work)

    async def _note_refusal(self, doing: Doing, ready: _Ready, no: Refused) -> Agenda:
        now = await self._house.clock.now()

        def work() -> Agenda:
            with self._records.writing(doing.subject.hub_id) as session:
                message = _message(session, doing.item.key)
                note_refusal(session, message, no, now, number=ready.number)
                session.flush()
                return agenda_from(load_facts(session, doing.subject, now), now)

        agenda = await self._records.run(work)
        await self._turns.answered(doing)
        if no.kind is RefusalKind.UNAUTHORIZED:
            again("The provider refuses our account.", 120.0)
        return agenda

    async def _note_unavailable(self, doing: Doing, ready: _Ready) -> None:
        """Nothing left: the claim is given back, unless another worker has taken it over."""
        now = await self._house.clock.now()

        def work() -> None:
            with self._records.writing(doing.subject.hub_id) as session:
                message = _message(session, doing.item.key)
                finish_attempt(session, message, "unavailable", number=ready.number)
                if message.attempts == ready.number:
                    settle(session, message, MessageState.WITHDRAWN, now)
                _tell_of_outage(session, doing, now)

        await self._records.run(work)

    async def _note_silence(self, doing: Doing, error: Unavailable | Refused) -> None:
        """The provider does not say what became of a claim: a person hears of it in time."""
        now = await self._house.clock.now()

        def work() -> None:
            with self._records.writing(doing.subject.hub_id) as session:
                if isinstance(error, Refused):
                    tell_house(session, "channel_account_refused", doing.item.channel, now)
                else:
                    _tell_of_outage(session, doing, now)

        await self._records.run(work)

    def _note_ambiguous(self, doing: Doing, ready: _Ready) -> None:
        with self._records.writing(doing.subject.hub_id) as session:
            message = _message(session, doing.item.key)
            if message.state == MessageState.CLAIMED:  # else a report was faster than silence
                finish_attempt(session, message, AMBIGUOUS, number=ready.number)


def _uptime() -> float:
    """Seconds since this machine started, its sleep included: a closed laptop is late, too."""
    counting_sleep = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counting_sleep is None else time.clock_gettime(counting_sleep)


def _tell_of_outage(session: HubSession, doing: Doing, now: datetime) -> None:
    if now - doing.item.due > TELL_AFTER:
        tell_house(session, "channel_down", doing.item.channel, now)


def _message(session: HubSession, claim: str) -> Message:
    message = find_message(session, claim, hold=True)
    if message is None:
        raise ApplicationError("The claim is gone.", type="Changed")
    return message


def _doubts(session: HubSession, message: Message) -> int:
    return sum(
        attempt.outcome in (STARTED, AMBIGUOUS) for attempt in attempts_of(session, message.id)
    )


def _is_ours(session: HubSession, message: Message, receipt: Receipt) -> bool:
    """A receipt that another message already holds is not this one's."""
    other = message_by_provider_id(session, receipt.provider_id)
    return other is None or other.id == message.id
