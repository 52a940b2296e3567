"""CaseWorkflow: follows one case from arrest until it is closed."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.following import AgendaLoop, Follow, Following


@workflow.defn(name="CaseWorkflow")
class CaseWorkflow(Following):
    """One per case, id `case-<id>`.

    Guarantee: reminders, notices and tasks of the case happen when the records call for them,
    through restarts, for years, until the case is closed.
    """

    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._loop = AgendaLoop(follow)

    @workflow.run
    async def run(self, follow: Follow) -> None:
        """Follow the case until it ends."""
        await self._loop.follow()
