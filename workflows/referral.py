"""ReferralWorkflow: keeps a referral from being sent and forgotten."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.following import AgendaLoop, Follow, Following


@workflow.defn(name="ReferralWorkflow")
class ReferralWorkflow(Following):
    """One per referral, id `referral-<id>`.

    Guarantee: a provider is asked once and reminded once; silence becomes a task for an advocate
    in the hub's time, and so does a first meeting of which nobody says that it happened; through
    restarts, until the loop is closed.
    """

    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._loop = AgendaLoop(follow)

    @workflow.run
    async def run(self, follow: Follow) -> None:
        """Follow the referral until its loop is closed."""
        await self._loop.follow()
