"""SupportPlanWorkflow: takes an alternative to incarceration through its steps."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.following import AgendaLoop, Follow, Following


@workflow.defn(name="SupportPlanWorkflow")
class SupportPlanWorkflow(Following):
    """One per support plan, id `plan-<id>`.

    Guarantee: the person and their mentor are reminded before each step; of a missed one the
    person is asked first, and then nobody but the hub's own people hears; through restarts and
    custody, for years, until discharge.
    """

    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._loop = AgendaLoop(follow)

    @workflow.run
    async def run(self, follow: Follow) -> None:
        """Follow the plan until discharge."""
        await self._loop.follow()
