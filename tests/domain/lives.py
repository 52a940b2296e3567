"""Made-up cases for the planners, and a small world in which their agendas are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from domain.agenda import Act, Agenda, AgendaItem
from domain.court_time import QuietHours, instant_of
from domain.facts import (
    CaseFacts,
    ContactFacts,
    HearingFacts,
    HubPolicy,
    MessageFact,
    PersonFacts,
    When,
)
from domain.ledger import message_key
from domain.reminders import plan_case
from domain.vocabulary import (
    Appearance,
    Audience,
    Channel,
    HearingKind,
    HearingStatus,
    MessageState,
)

ZONE = "America/New_York"
MARCUS, DENISE, GLORIA = "marcus", "denise", "gloria"
SMS, VOICE, EMAIL = Channel.SMS, Channel.VOICE, Channel.EMAIL

Change = Callable[[CaseFacts, datetime], CaseFacts]


def utc(text: str) -> datetime:
    """An instant from `2026-12-01 15:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str, zone: str = ZONE) -> datetime:
    """The instant at which a wall clock shows `2026-12-01 10:00`."""
    return instant_of(datetime.fromisoformat(text), zone)


def a_policy(
    zone: str = ZONE, quiet: tuple[time, time] = (time(21), time(8)), **more: object
) -> HubPolicy:
    """A hub's policy, default unless said otherwise."""
    return HubPolicy(zone=zone, quiet=QuietHours(*quiet, zone), **more)  # type: ignore[arg-type]


def a_time(text: str, zone: str = ZONE, place: str = "3A") -> When:
    """A setting of a hearing from its wall time."""
    local = datetime.fromisoformat(text)
    return When(local, zone, instant_of(local, zone), place)


def a_hearing(
    text: str, announced: datetime, *, name: str = "h1", zone: str = ZONE
) -> HearingFacts:
    """A scheduled arraignment."""
    return HearingFacts(
        id=name,
        revision=1,
        kind=HearingKind.ARRAIGNMENT,
        status=HearingStatus.SCHEDULED,
        when=a_time(text, zone),
        announced_at=announced,
    )


def a_person(
    name: str, enrolled: datetime, *channels: Channel, audience: Audience = Audience.FAMILY
) -> PersonFacts:
    """Someone with a contact for each channel; `marcus` is the defendant."""
    contacts = tuple(ContactFacts(f"{name}-{channel}", channel) for channel in channels)
    if name == MARCUS:
        audience = Audience.DEFENDANT
    return PersonFacts(name, audience, enrolled, contacts)


def a_case(
    *people: PersonFacts,
    hearings: Iterable[HearingFacts] = (),
    policy: HubPolicy | None = None,
    detained: bool = False,
) -> CaseFacts:
    """A case at its beginning."""
    return CaseFacts(
        id="c1",
        hub_id="hub",
        revision=1,
        stage="arrested",
        policy=policy or a_policy(),
        detained=detained,
        released_at=None,
        hearings=tuple(hearings),
        people=people,
    )


def hearing_in(facts: CaseFacts, name: str) -> HearingFacts:
    """A hearing by its id."""
    return next(hearing for hearing in facts.hearings if hearing.id == name)


def _with_hearing(facts: CaseFacts, new: HearingFacts) -> CaseFacts:
    others = tuple(hearing for hearing in facts.hearings if hearing.id != new.id)
    return replace(facts, hearings=(*others, new), revision=facts.revision + 1)


def schedules(text: str, *, name: str = "h1", zone: str = ZONE) -> Change:
    """A hearing is put on the calendar."""
    return lambda facts, now: _with_hearing(facts, a_hearing(text, now, name=name, zone=zone))


def moves(when: When, name: str = "h1") -> Change:
    """A hearing moves, as records.hearings does it: the same setting again changes nothing."""

    def change(facts: CaseFacts, now: datetime) -> CaseFacts:
        old = hearing_in(facts, name)
        if old.status is not HearingStatus.SCHEDULED or old.when == when:
            return facts
        new = replace(
            old,
            revision=old.revision + 1,
            when=when,
            announced_at=now,
            history={**old.history, old.revision: old.when},
        )
        return _with_hearing(facts, new)

    return change


def vacates(name: str = "h1") -> Change:
    """A hearing is taken off the calendar."""

    def change(facts: CaseFacts, now: datetime) -> CaseFacts:
        old = hearing_in(facts, name)
        if old.status is not HearingStatus.SCHEDULED:
            return facts
        new = replace(
            old,
            revision=old.revision + 1,
            status=HearingStatus.VACATED,
            announced_at=now,
            history={**old.history, old.revision: old.when},
        )
        return _with_hearing(facts, new)

    return change


def holds(appearance: Appearance, name: str = "h1") -> Change:
    """Somebody records what happened at a hearing."""

    def change(facts: CaseFacts, now: datetime) -> CaseFacts:
        old = hearing_in(facts, name)
        if old.status is HearingStatus.VACATED or now < old.when.instant:
            return facts
        new = replace(old, status=HearingStatus.HELD, appearance=appearance, outcome_at=now)
        return _with_hearing(facts, new)

    return change


def joins(person: PersonFacts) -> Change:
    """Somebody joins the circle now."""
    return lambda facts, now: replace(
        facts,
        people=(*facts.people, replace(person, enrolled_at=now)),
        revision=facts.revision + 1,
    )


def reachable(name: str, *channels: Channel) -> Change:
    """From now on somebody can be reached by these channels alone."""

    def change(facts: CaseFacts, now: datetime) -> CaseFacts:
        contacts = tuple(ContactFacts(f"{name}-{channel}", channel) for channel in channels)
        people = tuple(
            replace(person, contacts=contacts) if person.id == name else person
            for person in facts.people
        )
        return replace(facts, people=people, revision=facts.revision + 1)

    return change


def detains(facts: CaseFacts, now: datetime) -> CaseFacts:
    """The defendant is held."""
    return replace(facts, detained=True, revision=facts.revision + 1)


def releases(facts: CaseFacts, now: datetime) -> CaseFacts:
    """The defendant comes out."""
    if not facts.detained:
        return facts
    return replace(facts, detained=False, released_at=now, revision=facts.revision + 1)


def closes(facts: CaseFacts, now: datetime) -> CaseFacts:
    """The case is closed."""
    return replace(facts, stage="closed", revision=facts.revision + 1)


def said(
    person: str,
    step: str,
    at: datetime,
    *,
    subject: str = "h1",
    revision: int = 1,
    channel: Channel = SMS,
    state: MessageState = MessageState.SENT,
    number: int = 1,
    temporary: bool = False,
    contact: str = "",
) -> MessageFact:
    """A message of the past."""
    key = message_key(person, subject, revision, step, channel, number)
    contact = contact or f"{person}-{channel}"
    return MessageFact(
        key, person, subject, revision, step, channel, state, at, contact, at, temporary
    )


@dataclass
class World:
    """Carries out an agenda as a worker does: when it falls due, and only while still wanted.

    Attributes:
        fate: what becomes of a message at once; SENT unless the test says otherwise.
        for_now: whether what did not arrive may arrive another time.
        down: from when to when no provider answers.
        check: looked at before every moment.
    """

    facts: CaseFacts
    now: datetime
    fate: Callable[[AgendaItem], MessageState] = lambda item: MessageState.SENT
    for_now: Callable[[AgendaItem], bool] = lambda item: False
    down: tuple[datetime, datetime] | None = None
    check: Callable[[CaseFacts, datetime], None] = lambda facts, now: None
    log: list[tuple[datetime, AgendaItem]] = field(default_factory=list)
    looks: int = 0

    def live(self, until: datetime, *changes: tuple[datetime, Change]) -> World:
        """Let time pass up to `until`; changes happen at their moments."""
        waiting = sorted(changes, key=lambda change: change[0])
        while True:
            self.looks += 1
            assert self.looks < 5000, "the agenda never comes to rest"
            while waiting and waiting[0][0] <= self.now:
                self.facts = waiting.pop(0)[1](self.facts, self.now)
            self.check(self.facts, self.now)
            agenda = plan_case(self.facts, self.now)
            if self._carry_out(agenda):
                continue
            moments = [until, *(at for at, _ in waiting[:1])]
            moments += [self._woken_by(agenda)] if agenda.due else []
            ahead = [moment for moment in moments if moment > self.now]
            if self.now >= until or not ahead:
                return self
            self.now = min(ahead)

    def _woken_by(self, agenda: Agenda) -> datetime:
        assert agenda.due is not None
        if agenda.due > self.now:
            return agenda.due
        return self.now + timedelta(minutes=5)

    def _carry_out(self, agenda: Agenda) -> bool:
        did = False
        for item in agenda.items:
            if item.due <= self.now and self._can(item):
                if did and item not in plan_case(self.facts, self.now).items:
                    continue
                self._do(item)
                did = True
        return did

    def _can(self, item: AgendaItem) -> bool:
        provider_down = self.down is not None and self.down[0] <= self.now < self.down[1]
        return item.act is Act.OPEN_TASK or not provider_down

    def _do(self, item: AgendaItem) -> None:
        self.log.append((self.now, item))
        if item.act is Act.OPEN_TASK:
            self.facts = replace(self.facts, task_keys=self.facts.task_keys | {item.key})
            return
        fact = MessageFact(
            item.key,
            item.person_id,
            item.subject_id,
            item.revision,
            item.step,
            item.channel,
            self.fate(item),
            self.now,
            item.contact_id,
            self.now,
            self.for_now(item),
        )
        others = tuple(m for m in self.facts.messages if m.key != item.key)
        self.facts = replace(self.facts, messages=(*others, fact))

    def told(self, person: str, subject: str = "h1") -> list[str]:
        """The steps that a person was sent about a subject, in order."""
        return [item.step for _, item in self.sent(person, subject)]

    def sent(self, person: str, subject: str = "h1") -> list[tuple[datetime, AgendaItem]]:
        """What was sent to a person about a subject, and when."""
        return [
            (at, item)
            for at, item in self.log
            if item.act is Act.SEND_MESSAGE
            and (item.person_id, item.subject_id) == (person, subject)
        ]

    def tasks(self) -> list[str]:
        """The kinds of tasks that were opened, in order."""
        return [item.step for _, item in self.log if item.act is Act.OPEN_TASK]
