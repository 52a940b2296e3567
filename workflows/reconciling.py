"""ReconcileWorkflow: compares records and workflows on a schedule, and repairs."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

RECONCILE_ACTIVITY = "reconcile"


@workflow.defn(name="ReconcileWorkflow")
class ReconcileWorkflow:
    """Started by a Temporal Schedule.

    Guarantee: after it ran, every open case, plan, packet and agency has its workflow, at the
    newest revision; nothing is sent by it.
    """

    @workflow.run
    async def run(self) -> int:
        """Repair; the number of workflows that had to be woken."""
        woken: int = await workflow.execute_activity(
            RECONCILE_ACTIVITY,
            result_type=int,
            start_to_close_timeout=timedelta(minutes=30),
            heartbeat_timeout=timedelta(minutes=2),
            retry_policy=RetryPolicy(maximum_attempts=3),
            summary="compare records and workflows",
        )
        return woken
