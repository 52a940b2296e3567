"""The bare engine: one timer and one empty activity. What Temporal itself costs."""

from datetime import timedelta

from temporalio import activity, workflow

TIMES: list[float] = []


@activity.defn(name="nothing")
async def nothing() -> None:
    """Do nothing, and note when."""
    import time

    TIMES.append(time.time())


@workflow.defn(name="BareWorkflow")
class BareWorkflow:
    """Wait until a moment, then do nothing once."""

    @workflow.run
    async def run(self, due: float) -> None:
        """Wait until `due` (seconds since 1970, UTC) and do nothing."""
        await workflow.sleep(max(due - workflow.time(), 0.0))
        await workflow.execute_activity("nothing", start_to_close_timeout=timedelta(seconds=30))
