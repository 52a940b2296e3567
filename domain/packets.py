"""The packet planner: build when the inputs changed, ask people in time, tell a person when a part
is missing. Nothing here sends anything to a court, a prosecutor or probation.

The lead times count back from the hearing, and move with it. When less time is left than they
want, they shrink in proportion: the letters are asked for now, and the rest shares what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.agenda import Act, Agenda, AgendaItem, next_agenda
from domain.court_time import wall_time
from domain.facts import InviteFacts, LetterFacts, PacketFacts, PacketLeads, PersonFacts
from domain.ledger import Ledger
from domain.mailing import TASK_USEFUL, Wish, open_task, plan_message, plan_settling, spaced
from domain.vocabulary import LEFT, LetterState, PacketState

ENDED_PACKETS = frozenset({PacketState.FILED, PacketState.SUPERSEDED})
READY = frozenset({PacketState.APPROVED, PacketState.DELIVERED}) | ENDED_PACKETS
DRAFTED = frozenset({PacketState.PARTICIPANT_REVIEW, PacketState.COUNSEL_REVIEW}) | READY
WRITING = frozenset({LetterState.ASKED, LetterState.OPENED, LetterState.STARTED})
"""A letter that was asked for and is not in yet."""
OPEN_ENDED = timedelta(days=60)
"""How long a request helps when there is no hearing yet."""
QUIET = timedelta(seconds=3)
"""While answers, letters and exhibits come in, a new version waits until nothing has changed for
this long: ten files added one after the other are not ten versions."""
NUDGES = (0.4, 0.8)
"""A writer is nudged twice: at these parts of the time until the letters are due."""
PATIENCE = timedelta(days=2)
"""A reader who has said nothing for this long is called by a person; sooner when time is short."""
POLITE = timedelta(hours=12)
"""A writer is not nudged sooner than this after they were asked, or nudged before."""
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""From here turns are counted, in seconds: the records' whole numbers hold 68 years of them."""
NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Milestones:
    """When each part of a packet is wanted (UTC).

    Attributes:
        letters: letters are asked for.
        draft: letters are in, and a draft is ready to be read.
        counsel: counsel has it.
        ready: approved and delivered.
        hearing: itself.
        shrunk: less time is left than the hub wants; all of it shares what there is.
    """

    letters: datetime
    draft: datetime
    counsel: datetime
    ready: datetime
    hearing: datetime
    shrunk: bool


def milestones(requested_at: datetime, hearing_at: datetime, leads: PacketLeads) -> Milestones:
    """The lead times of one packet, counted back from its hearing.

    Args:
        requested_at: when the packet was asked for (UTC).
        hearing_at: instant of the hearing (UTC).
        leads: what the hub wants.
    """
    wanted = max(leads.letters, leads.draft, leads.counsel, leads.ready, 1) * timedelta(days=1)
    left = max(hearing_at - requested_at, timedelta(0))
    part = min(1.0, left / wanted)

    def before(days: int) -> datetime:
        return hearing_at - timedelta(days=days) * part

    return Milestones(
        letters=before(leads.letters),
        draft=before(leads.draft),
        counsel=before(leads.counsel),
        ready=before(leads.ready),
        hearing=hearing_at,
        shrunk=part < 1,
    )


def wanted_by(moment: datetime, zone: str, since: datetime) -> date:
    """The day by which people are asked for something that is due at a moment (UTC).

    What is due before noon cannot be done on that day by people who work in it: the day before
    is named, unless they are asked no sooner than on that day.

    Args:
        zone: theirs.
        since: when they were asked (UTC).
    """
    local = wall_time(moment, zone)
    day = local.date() if local.time() >= NOON else local.date() - timedelta(days=1)
    return max(day, wall_time(since, zone).date())


def plan_packet(facts: PacketFacts, now: datetime) -> Agenda:
    """The agenda of one packet at `now` (UTC)."""
    ledger = Ledger(facts.messages, facts.task_keys, facts.elsewhere)
    over = facts.state in ENDED_PACKETS or facts.case_over
    items: list[AgendaItem] = []
    if not over and not facts.cancelled:
        times = (
            milestones(facts.requested_at, facts.hearing_at, facts.leads)
            if facts.hearing_at
            else None
        )
        items += _building(facts, now)
        items += _advancing(facts, times, now)
        items += spaced(_telling(facts, times, ledger, now), ledger, facts.policy, now)
        items += _asking(facts, times, ledger, now)
    items += plan_settling(ledger.claimed)
    ended = over and all(item.until <= now for item in items)
    return next_agenda(items, now, revision=facts.revision, stage=facts.state, ended=ended)


def _building(facts: PacketFacts, now: datetime) -> Iterator[AgendaItem]:
    """A version for each state of the inputs; while it is collected, for each that lasts."""
    if facts.consent_ends is not None:
        # What is planned then, from what the records say then, is another agenda.
        yield _build(
            facts, f"look|{facts.id}|{facts.consent_ends:%Y%m%d%H%M%S}", facts.consent_ends
        )
    if facts.inputs_hash == facts.built_hash:
        return
    due = now
    if facts.state is PacketState.COLLECTING and facts.built_hash and facts.changed_at:
        due = max(now, facts.changed_at + QUIET)
    yield _build(facts, f"build|{facts.id}|{facts.inputs_hash}", due)


def _build(facts: PacketFacts, key: str, due: datetime) -> AgendaItem:
    return AgendaItem(
        act=Act.BUILD_PACKET,
        key=key,
        due=due,
        until=due + TASK_USEFUL,
        subject_id=facts.id,
        revision=facts.revision,
    )


def _advancing(facts: PacketFacts, times: Milestones | None, now: datetime) -> Iterator[AgendaItem]:
    """What moves by itself: drafting begins in time, an approval of something else is void, and
    what was approved and built is delivered."""
    if facts.approved_hash and facts.approved_hash != facts.content_hash:
        yield _advance(facts, "void", facts.content_hash, now)
    elif facts.state is PacketState.COLLECTING and times is not None:
        yield _advance(facts, "draft", "", max(times.draft, facts.requested_at))
    elif (
        facts.state is PacketState.APPROVED
        and facts.approved_hash
        and facts.inputs_hash == facts.built_hash
    ):
        yield _advance(facts, "deliver", facts.inputs_hash, now)


def _advance(facts: PacketFacts, step: str, about: str, due: datetime) -> AgendaItem:
    return AgendaItem(
        act=Act.ADVANCE_PACKET,
        key=f"{step}|{facts.id}|{about}",
        due=due,
        until=due + TASK_USEFUL,
        subject_id=facts.id,
        revision=facts.revision,
        step=step,
    )


def _telling(
    facts: PacketFacts, times: Milestones | None, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    """Letters asked for and nudged, people invited to tell, and each reader in their turn."""
    for letter in facts.letters:
        yield from _to_writer(facts, letter, times, ledger, now)
    for invite in facts.invites:
        yield from _to_teller(facts, invite, ledger, now)
    since = facts.state_since or facts.requested_at
    if facts.state is PacketState.PARTICIPANT_REVIEW and facts.participant:
        yield from _to_reader(facts, facts.participant, "packet_review", since, ledger, now)
    if facts.counsel is None:
        return
    if facts.state is PacketState.COUNSEL_REVIEW:
        step = "counsel_again" if facts.voided else "counsel_review"
        yield from _to_reader(facts, facts.counsel, step, since, ledger, now)
    if facts.state is PacketState.DELIVERED:
        yield from _to_reader(facts, facts.counsel, "packet_ready", since, ledger, now)


def _to_reader(
    facts: PacketFacts,
    person: PersonFacts,
    step: str,
    since: datetime,
    ledger: Ledger,
    now: datetime,
) -> Iterator[AgendaItem]:
    """One message for each time that a packet comes to a reader."""
    until = _useful_until(facts, since)
    if step == "counsel_again" and facts.hearing_at:
        # Nobody is asked by itself to approve what is for a hearing that has begun.
        until = facts.hearing_at
    yield from plan_message(
        Wish(person, facts.id, _turn(since), step, due=since, until=until),
        ledger,
        facts.policy,
        now,
    )


def _turn(since: datetime) -> int:
    """Tells one coming of a packet to its reader from another one."""
    return int((since - _EPOCH).total_seconds())


def _useful_until(facts: PacketFacts, asked_at: datetime) -> datetime:
    """Until when a request of this moment (UTC) helps: the hearing, where that was to come. What a
    person asks for afterwards, they ask for all the same."""
    if facts.hearing_at is not None and facts.hearing_at > asked_at:
        return facts.hearing_at
    return asked_at + OPEN_ENDED


def _to_teller(
    facts: PacketFacts, invite: InviteFacts, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    until = _useful_until(facts, invite.asked_at)
    wish = Wish(invite.person, invite.id, 0, "interview_request", due=invite.asked_at, until=until)
    yield from plan_message(wish, ledger, facts.policy, now)


def _to_writer(
    facts: PacketFacts,
    letter: LetterFacts,
    times: Milestones | None,
    ledger: Ledger,
    now: datetime,
) -> Iterator[AgendaItem]:
    if letter.writer is None or letter.state not in WRITING:
        return
    until = _useful_until(facts, letter.asked_at)
    turn = letter.asks - 1
    asked = Wish(letter.writer, letter.id, turn, "letter_request", due=letter.asked_at, until=until)
    yield from plan_message(asked, ledger, facts.policy, now)
    if times is None:
        return
    due, opens = letters_due(letter.asked_at, times), facts.policy.quiet.next_open
    about = ledger.about(letter.writer.id, letter.id)
    requests = [m.claimed_at for m in about if m.step == "letter_request" and m.state in LEFT]
    said = max([opens(letter.asked_at), *requests])
    for number, part in enumerate(NUDGES, start=1):
        following = NUDGES[number] if number < len(NUDGES) else 1.0
        moment = letter.asked_at + (due - letter.asked_at) * part
        if moment - said < POLITE:
            continue
        said, later = opens(moment), letter.asked_at + (due - letter.asked_at) * following
        wish = Wish(letter.writer, letter.id, number, "letter_nudge", due=moment, until=later)
        yield from plan_message(wish, ledger, facts.policy, now)


def letters_due(asked_at: datetime, times: Milestones) -> datetime:
    """Until when a letter is wanted (UTC): the draft's moment, or for one that was asked for
    later, halfway to the moment at which all is to be ready, or else to the hearing."""
    last = times.ready if asked_at < times.ready else times.hearing
    return max(times.draft, asked_at + (last - asked_at) / 2)


def _asking(
    facts: PacketFacts, times: Milestones | None, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    """Tasks for the hub's people: what is missing, and who keeps it waiting."""
    yield from _at_once(facts, ledger, now)
    yield from _waiting(facts, times, ledger, now)
    if times is None or facts.hearing_at is None:
        return
    hearing_at = facts.hearing_at
    # A hearing that moves asks anew for what is still missing then.
    hearing_day = (hearing_at - _EPOCH).days

    def task(kind: str, due: datetime, subject: str = "", person: str = "") -> Iterator[AgendaItem]:
        yield from open_task(
            ledger,
            kind,
            subject or facts.id,
            hearing_day,
            due=due,
            until=hearing_at,
            person_id=person,
        )

    drafted = facts.state in DRAFTED
    if facts.wants_letters and not facts.letters and not drafted:
        yield from task("letters_to_ask", times.letters)
    for letter in facts.letters:
        if letter.state in WRITING and facts.state not in READY:
            writer = letter.writer.id if letter.writer else ""
            due = letters_due(letter.asked_at, times)
            yield from task("letter_missing", due, letter.id, writer)
    if facts.gaps and not drafted:
        yield from task("packet_gaps", times.draft)
    if not drafted:
        yield from task("packet_to_read", times.draft + (times.counsel - times.draft) / 2)
    if facts.state not in READY:
        yield from task("packet_not_ready", times.ready)


def _waiting(
    facts: PacketFacts, times: Milestones | None, ledger: Ledger, now: datetime
) -> Iterator[AgendaItem]:
    """A reader who says nothing is called by a person; one who cannot be written to, at once."""
    since = facts.state_since or facts.requested_at
    until = _useful_until(facts, since)
    hearing_day = (facts.hearing_at - _EPOCH).days if facts.hearing_at else 0
    due = since + PATIENCE
    if facts.state is PacketState.PARTICIPANT_REVIEW:
        kind, reader = "participant_waits", facts.participant
        if reader is None or not reader.contacts:
            due = since
        elif times is not None:
            due = min(due, times.counsel)
    elif facts.state is PacketState.COUNSEL_REVIEW:
        kind = "counsel_waits"
        if times is not None:
            late = times.counsel + (times.ready - times.counsel) / 2
            due = max(min(due, late), since)
    else:
        return
    yield from open_task(ledger, kind, facts.id, hearing_day, due=due, until=until)


def _at_once(facts: PacketFacts, ledger: Ledger, now: datetime) -> Iterator[AgendaItem]:
    """What somebody has to know now, whenever the hearing is."""

    def task(kind: str, number: int, subject: str = "", person: str = "") -> Iterator[AgendaItem]:
        yield from open_task(
            ledger,
            kind,
            subject or facts.id,
            number,
            due=now,
            until=now + TASK_USEFUL,
            person_id=person,
        )

    for letter in facts.letters:
        if letter.state is LetterState.DECLINED:
            yield from task(
                "letter_declined", 0, letter.id, letter.writer.id if letter.writer else ""
            )
    if facts.state is PacketState.DRAFTING and facts.changes_asked:
        yield from task("packet_changes", facts.changes_asked)
    if facts.voided:
        yield from task("approval_voided", facts.voided)
    if facts.problems:
        yield from task("filing_problem", 0)
    if facts.counsel is None and not _counsel_knows(facts):
        yield from task("no_counsel", _turn(facts.state_since or facts.requested_at))


_TO_COUNSEL = {
    PacketState.COUNSEL_REVIEW: ("counsel_review", "counsel_again"),
    PacketState.DELIVERED: ("packet_ready",),
}


def _counsel_knows(facts: PacketFacts) -> bool:
    """Whether counsel need not be told that it is their turn, or was."""
    turn = _turn(facts.state_since or facts.requested_at)
    steps = _TO_COUNSEL.get(facts.state)
    return steps is None or any(
        message.step in steps and message.revision == turn and message.state in LEFT
        for message in facts.messages
    )
