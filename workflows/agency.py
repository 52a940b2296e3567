"""AgencyWorkflow: tells one shelter or agency, once a week, what it may know."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.following import AgendaLoop, Follow, Following


@workflow.defn(name="AgencyWorkflow")
class AgencyWorkflow(Following):
    """One per agency, id `agency-<id>`.

    Guarantee: one digest leaves in each week in which there is something to tell, none in the
    others, and a person is told of whatever no digest tells in time; through restarts, for
    years, until the agency ends.
    """

    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._loop = AgendaLoop(follow)

    @workflow.run
    async def run(self, follow: Follow) -> None:
        """Follow the agency until it ends."""
        await self._loop.follow()
