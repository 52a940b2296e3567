"""What the planners look at: plain values read from the records in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from domain.court_time import QuietHours
from domain.vocabulary import (
    Appearance,
    Audience,
    Channel,
    HearingKind,
    HearingStatus,
    LetterState,
    MessageState,
    PacketState,
    PlanState,
    StepOwner,
    StepState,
)


@dataclass(frozen=True, slots=True)
class HubPolicy:
    """How a hub wants its reminders.

    Attributes:
        zone: IANA zone of the hub and, unless known otherwise, of its people.
        reminder_days: days before a hearing on which to remind, largest first.
        reminder_at: wall time of those reminders.
        morning_at: wall time of the reminder on the day itself; None for none.
        quiet: hours in which nothing leaves.
        step_notice_days: days before a plan step's due date on which to remind.
        step_grace_days: days after it before a step without evidence counts as missed.
        step_rung_days: days from asking a person what got in the way to asking their advocate,
            from there to the supervising advocate, and from there to telling counsel.
        packet_lead_days: days before the hearing at which a packet must be ready.
        ask_outcome_hours: hours after a hearing before an advocate is asked what happened.
    """

    zone: str
    quiet: QuietHours
    reminder_days: tuple[int, ...] = (7, 3, 1)
    reminder_at: time = time(10, 0)
    morning_at: time | None = None
    step_notice_days: int = 2
    step_grace_days: int = 2
    step_rung_days: tuple[int, int, int] = (2, 3, 3)
    packet_lead_days: int = 2
    ask_outcome_hours: int = 3
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """When and where a hearing is, at one of its revisions.

    Attributes:
        local: naive wall time of the court.
        zone: IANA zone of the court.
        instant: the same in UTC.
        place_key: changes when room or address change; compared, never shown.
    """

    local: datetime
    zone: str
    instant: datetime
    place_key: str = ""


@dataclass(frozen=True, slots=True)
class HearingFacts:
    """A hearing as planners see it.

    Attributes:
        revision: grows with every change of time, place or status.
        when: at the present revision.
        announced_at: when the present revision was recorded (UTC).
        history: earlier revisions, by number.
        outcome_at: when a person recorded the outcome (UTC).
    """

    id: str
    revision: int
    kind: HearingKind
    status: HearingStatus
    when: When
    announced_at: datetime
    history: Mapping[int, When] = field(default_factory=dict)
    appearance: Appearance | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A phone or mailbox that may be used now: consented, verified as theirs, not opted out."""

    id: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Someone in the circle who may know about hearings.

    Attributes:
        enrolled_at: since when they are to be told (UTC).
        contacts: usable ones, in the order in which to try them.
    """

    id: str
    audience: Audience
    enrolled_at: datetime
    contacts: tuple[ContactFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageFact:
    """A message that was claimed for someone, and its fate.

    Attributes:
        claimed_at: UTC.
        contact_id: the way it went; "" where that was not kept.
        settled_at: when its fate became known (UTC).
        temporary: it did not arrive, but the same way may work another time.
    """

    key: str
    person_id: str
    subject_id: str
    revision: int
    step: str
    channel: str
    state: MessageState
    claimed_at: datetime
    contact_id: str = ""
    settled_at: datetime | None = None
    temporary: bool = False

    def went_by(self, contact: ContactFacts) -> bool:
        """Whether it went, or may have gone, to this phone or mailbox."""
        if self.contact_id:
            return self.contact_id == contact.id
        return self.channel == contact.channel


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Something that is to be said back to someone.

    Attributes:
        contact_id: where they wrote from, whatever they want there from now on.
        step: `ack_…`, `answer` for an advocate's own words, `consent_request` or `page_link` for a
            link.
        written_at, until: when it was called for, and until when it helps (UTC); the same for what
            was taken back.
        asked_at: when the person themself last wrote (UTC); None if they never did.
        barred: it may not be said there any more: they stopped it, it is somebody else's number,
            or they are no longer told of this case.
    """

    id: str
    person_id: str
    contact_id: str
    channel: Channel
    step: str
    written_at: datetime
    until: datetime
    asked_at: datetime | None = None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Something to do once in a support plan: a single step, or one occurrence of a series.

    Attributes:
        due: local date of the hub.
        announced_at: since when this date is known (UTC).
        owner: who is to do it.
        mandated: a court ordered it; what was chosen never climbs above the advocate.
        occurrence: one of several: what fell into custody is not asked for afterwards.
        to_mentors: the person's mentors may be told of it.
        missed_at, answered_at, escalated_at: when it was missed, when somebody said what got in
            the way, and when the supervising advocate was asked (UTC).
    """

    id: str
    revision: int
    state: StepState
    due: date | None
    announced_at: datetime
    owner: StepOwner = StepOwner.PERSON
    mandated: bool = False
    occurrence: bool = False
    to_mentors: bool = True
    missed_at: datetime | None = None
    answered_at: datetime | None = None
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A time in custody (UTC); `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanHearing:
    """A scheduled hearing of a plan's case (UTC)."""

    id: str
    kind: HearingKind
    at: datetime
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case, whole, as its planner sees it.

    Attributes:
        answers: what is to be said back to people who wrote.
        elsewhere: when each person was last told anything about something else (UTC).
    """

    id: str
    hub_id: str
    revision: int
    stage: str
    policy: HubPolicy
    detained: bool
    released_at: datetime | None
    hearings: tuple[HearingFacts, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    task_keys: frozenset[str] = frozenset()
    answers: tuple[AnswerFacts, ...] = ()
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PacketLeads:
    """How many days before the hearing a hub wants each part of a packet: letters asked for, the
    draft ready, counsel reading it, and all of it in counsel's hands."""

    letters: int = 21
    draft: int = 14
    counsel: int = 7
    ready: int = 2


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report that waits for counsel: asked when, and for a hearing when (UTC)."""

    id: str
    asked_at: datetime
    hearing_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One support plan, whole, as its planner sees it.

    Attributes:
        paused: the person is held; nothing is asked of them.
        steps: what is to be done once; a series is here as its occurrences.
        released_at: when they last came out (UTC).
        mentors: supporters whom the person chose as mentors.
        held: times in custody, first to last.
        mandated: a court ordered the plan.
        began_at: since when it runs (UTC).
        ends_on: its last day (local date of the hub).
        stage, stage_since: where the case stands in court, and since when (UTC).
        hearings: those that are scheduled.
        leads: the hub's lead times before a hearing.
        reports: those that wait for counsel.
        counsel: who reads them; None where nobody can be written to, or nothing waits.
    """

    id: str
    hub_id: str
    revision: int
    state: PlanState
    policy: HubPolicy
    paused: bool
    person: PersonFacts | None
    steps: tuple[StepFacts, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    task_keys: frozenset[str] = frozenset()
    released_at: datetime | None = None
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)
    mentors: tuple[PersonFacts, ...] = ()
    held: tuple[Held, ...] = ()
    mandated: bool = False
    began_at: datetime | None = None
    ends_on: date | None = None
    stage: str = ""
    stage_since: datetime | None = None
    hearings: tuple[PlanHearing, ...] = ()
    leads: PacketLeads = PacketLeads()
    reports: tuple[ReportFacts, ...] = ()
    counsel: PersonFacts | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter of support, as planners see it.

    Attributes:
        writer: with the contacts that may be used; None when nobody is named.
        asked_at: UTC.
        asks: how often they were asked: once, and again with each new link.
    """

    id: str
    state: LetterState
    asked_at: datetime
    writer: PersonFacts | None = None
    asks: int = 1


@dataclass(frozen=True, slots=True)
class InviteFacts:
    """Someone who was asked to tell about the person, by a private link made at `asked_at`."""

    id: str
    person: PersonFacts
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """One packet, whole, as its planner sees it.

    Attributes:
        state_since: since when it is in its state (UTC).
        changed_at: when anything about it was last changed (UTC).
        cancelled: nothing is built, asked or reminded of until it is taken up again.
        case_over: the case is closed.
        inputs_hash: over everything that the packet is made from, now; with the approval.
        content_hash: the same without the approval.
        built_hash: the inputs that the newest version was made from; "" when none was built.
        approved_hash: the content that counsel approved; "" while there is no live approval.
        gaps: a section is empty, or nothing is said at all.
        participant, counsel: who reads it; None where nobody is known.
        changes_asked: how often a reader asked for changes.
        voided: how many approvals were voided.
        problems: the newest version has something that the court's filing desk would refuse.
        consent_ends: when the next consent for the court runs out (UTC); what it covers is then
            taken out of the packet.
    """

    id: str
    hub_id: str
    revision: int
    state: PacketState
    policy: HubPolicy
    requested_at: datetime
    hearing_at: datetime | None
    inputs_hash: str
    built_hash: str = ""
    content_hash: str = ""
    approved_hash: str = ""
    task_keys: frozenset[str] = frozenset()
    leads: PacketLeads = PacketLeads()
    state_since: datetime | None = None
    changed_at: datetime | None = None
    cancelled: bool = False
    case_over: bool = False
    gaps: bool = False
    wants_letters: bool = True
    letters: tuple[LetterFacts, ...] = ()
    invites: tuple[InviteFacts, ...] = ()
    participant: PersonFacts | None = None
    counsel: PersonFacts | None = None
    changes_asked: int = 0
    voided: int = 0
    problems: bool = False
    consent_ends: datetime | None = None
    messages: tuple[MessageFact, ...] = ()
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)
