"""Reconcile: the records are the truth; whatever Temporal lacks is made anew from them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.agenda import Subject, SubjectRef
from domain.court_time import CourtTimeError, instant_of
from domain.packets import ENDED_PACKETS
from domain.plan_steps import ENDED_PLANS
from domain.referrals import ENDS_WITH_A_TASK, OPEN
from domain.tracks import ENDED_STAGES
from domain.vocabulary import HearingStatus, MessageState
from engine.starting import wake
from records.casework import Source, get_case, record_event, touch
from records.database import HubSession, Records
from records.tables import (
    Agency,
    Case,
    Hearing,
    HumanTask,
    Message,
    Packet,
    Referral,
    SupportPlan,
)
from workflows.reconciling import RECONCILE_ACTIVITY

Progress = Callable[[int, int], None]
PAGE = 500


@dataclass(slots=True)
class Reconciled:
    """What was found and mended.

    Attributes:
        followed: open cases, packets, plans, referrals and agencies in the records.
        missing: of those, how many had no running workflow.
        woken: workflows started or told of the newest revision.
        instants: hearings whose UTC instant was derived anew, because a zone's rules changed.
        failed: subjects that Temporal did not take; the next run tries them again.
    """

    followed: int = 0
    missing: int = 0
    woken: int = 0
    instants: int = 0
    failed: list[str] = field(default_factory=list)


async def reconcile(
    records: Records, client: Client, *, wake_all: bool = False, progress: Progress | None = None
) -> Reconciled:
    """Compare and repair. Sends nothing itself, and running it twice changes nothing.

    Args:
        records: the truth.
        client: Temporal.
        wake_all: also signal workflows that run; a cheap way to have all of them plan again.
        progress: told (done, all).
    """
    result = Reconciled()
    now = datetime.now(UTC)
    result.instants = await records.run(lambda: derive_instants(records, now))
    subjects = await records.run(lambda: open_subjects(records))
    result.followed = len(subjects)
    for done, (subject, revision) in enumerate(subjects, start=1):
        await _repair(client, subject, revision, result, wake_all=wake_all)
        if progress and (done % 20 == 0 or done == len(subjects)):
            progress(done, len(subjects))
    return result


async def _repair(
    client: Client, subject: SubjectRef, revision: int, result: Reconciled, *, wake_all: bool
) -> None:
    try:
        running = await is_running(client, subject)
        if not running:
            result.missing += 1
        if not running or wake_all:
            await wake(client, subject, revision)
            result.woken += 1
    except RPCError:
        result.failed.append(subject.workflow_id)


async def is_running(client: Client, subject: SubjectRef) -> bool:
    """Whether the subject's workflow runs."""
    try:
        description = await client.get_workflow_handle(subject.workflow_id).describe(
            rpc_timeout=timedelta(seconds=10)
        )
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return description.status == WorkflowExecutionStatus.RUNNING


def open_subjects(records: Records) -> list[tuple[SubjectRef, int]]:
    """Everything that a workflow must follow, with its revision."""
    with records.reading("") as session:
        return [
            *_subjects(session, Subject.CASE, Case, col(Case.stage).not_in(ENDED_STAGES)),
            *_subjects(session, Subject.PACKET, Packet, _is_followed()),
            *_subjects(
                session, Subject.PLAN, SupportPlan, col(SupportPlan.state).not_in(ENDED_PLANS)
            ),
            *_subjects(session, Subject.REFERRAL, Referral, _is_owed()),
            *_subjects(session, Subject.AGENCY, Agency, col(Agency.ended_at).is_(None)),
        ]


def _is_followed() -> Any:
    """Packets with a workflow: cancelled ones too, which may be taken up again; those of a case
    that is over have ended with it, and wake when it is opened again."""
    open_cases = select(col(Case.id)).where(col(Case.stage).not_in(ENDED_STAGES))
    return col(Packet.state).not_in(ENDED_PACKETS) & col(Packet.case_id).in_(open_cases)


def _is_owed() -> Any:
    """Referrals whose loop is open; those that a provider turned down or that failed before
    anybody was told so or offered them to another; and those of which a message is in doubt,
    however they ended."""
    again = aliased(Referral)
    offered = select(col(again.id)).where(col(again.replaces_id) == Referral.id)
    in_doubt = select(col(Message.id)).where(
        Message.referral_id == Referral.id, Message.state == MessageState.CLAIMED
    )
    told = select(col(HumanTask.id)).where(
        HumanTask.referral_id == Referral.id, col(HumanTask.kind).in_(ENDS_WITH_A_TASK.values())
    )
    ended = col(Referral.state).in_(sorted(ENDS_WITH_A_TASK))
    untold = ended & ~told.exists() & ~offered.exists()
    return col(Referral.state).in_(sorted(OPEN)) | untold | in_doubt.exists()


def _subjects(
    session: HubSession,
    kind: Subject,
    table: type[Case] | type[Packet] | type[SupportPlan] | type[Referral] | type[Agency],
    is_open: object,
) -> list[tuple[SubjectRef, int]]:
    rows = session.exec(
        select(col(table.id), col(table.hub_id), col(table.revision)).where(is_open)  # type: ignore[arg-type]
    ).all()
    return [(SubjectRef(kind, row_id, hub_id), revision) for row_id, hub_id, revision in rows]


def derive_instants(records: Records, now: datetime) -> int:
    """Derive the instants of coming hearings anew from wall time and zone.

    A government that changes its clock rules changes the instant, never what the paper says.

    Returns:
        How many were mended; their cases plan again.
    """
    with records.reading("") as session:
        rows = session.exec(
            select(  # type: ignore[call-overload]
                col(Hearing.id),
                col(Hearing.hub_id),
                col(Hearing.local_time),
                col(Hearing.zone),
                col(Hearing.starts_at),
            ).where(
                Hearing.status == HearingStatus.SCHEDULED,
                col(Hearing.starts_at) > now - timedelta(days=1),
            )
        ).all()
    wrong = [(row[0], row[1]) for row in rows if _derived(row[2], row[3], row[4]) != row[4]]
    for hearing_id, hub_id in wrong:
        with records.writing(hub_id) as session:
            hearing = session.get_one(Hearing, hearing_id)
            hearing.starts_at = instant_of(hearing.local_time, hearing.zone)
            session.add(hearing)
            case = get_case(session, hearing.case_id)
            source = Source("homeward", "zone rules")
            record_event(
                session, case, "court", "instant_derived", source, now, subject_id=hearing.id
            )
            touch(session, case, now)
    return len(wrong)


def _derived(local: datetime, zone: str, known: datetime) -> datetime:
    """The instant by today's rules; what is known where they skip that time or drop the zone."""
    try:
        return instant_of(local, zone)
    except CourtTimeError:
        return known


class Reconciling:
    """The activity behind the schedule."""

    def __init__(self, records: Records, client: Client) -> None:
        self._records, self._client = records, client

    @activity.defn(name=RECONCILE_ACTIVITY)
    async def reconcile(self) -> int:
        """Compare and repair; the number of workflows woken. Safe to repeat."""
        result = await reconcile(
            self._records, self._client, progress=lambda done, _: activity.heartbeat(done)
        )
        return result.woken
