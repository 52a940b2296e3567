"""Starting and waking workflows: the one place that knows which class follows what."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy

from domain.agenda import Subject, SubjectRef
from workflows.agency import AgencyWorkflow
from workflows.agenda import Follow
from workflows.case import CaseWorkflow
from workflows.names import CASE_STAGE, CHANGED_SIGNAL, HUB_ID, TASK_QUEUE
from workflows.packet import PacketWorkflow
from workflows.referral import ReferralWorkflow
from workflows.support_plan import SupportPlanWorkflow

WORKFLOWS: dict[Subject, Callable[..., Awaitable[None]]] = {
    Subject.CASE: CaseWorkflow.run,
    Subject.PACKET: PacketWorkflow.run,
    Subject.PLAN: SupportPlanWorkflow.run,
    Subject.AGENCY: AgencyWorkflow.run,
    Subject.REFERRAL: ReferralWorkflow.run,
}


async def wake(client: Client, subject: SubjectRef, revision: int) -> None:
    """Tell a subject's workflow of a revision; start it when it does not run.

    Signal-with-start: whether the workflow runs, ended, or was lost with Temporal's whole
    database, afterwards it runs and knows. Saying it twice changes nothing.
    """
    await client.start_workflow(
        WORKFLOWS[subject.kind],
        Follow(subject, revision),
        id=subject.workflow_id,
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal=CHANGED_SIGNAL,
        start_signal_args=[revision],
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(HUB_ID, subject.hub_id),
                SearchAttributePair(CASE_STAGE, "new"),
            ]
        ),
        static_summary=f"follows {subject.kind} {subject.id}",
        rpc_timeout=timedelta(seconds=10),
    )
