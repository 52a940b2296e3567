"""PacketWorkflow: takes a mitigation packet from the asking to counsel."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.following import AgendaLoop, Follow, Following


@workflow.defn(name="PacketWorkflow")
class PacketWorkflow(Following):
    """One per packet, id `packet-<id>`.

    Guarantee: a version is built, once, after every change of what the packet is made from, and
    a person is told when time runs out; until it is filed or superseded.
    """

    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._loop = AgendaLoop(follow)

    @workflow.run
    async def run(self, follow: Follow) -> None:
        """Follow the packet until it is filed."""
        await self._loop.follow()
