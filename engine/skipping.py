"""The time-skipping server for demo, tests and measurements: its clock, its search attributes."""

from datetime import datetime

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from workflows.names import CASE_STAGE, HUB_ID, NEXT_DUE

_KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
_TYPES = {
    HUB_ID.name: _KEYWORD,
    CASE_STAGE.name: _KEYWORD,
    NEXT_DUE.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class SkippingClock:
    """The server's clock as the house's one clock; `env` is set once the server runs."""

    env: WorkflowEnvironment | None = None

    async def now(self) -> datetime:
        """The server's present (UTC)."""
        if self.env is None:
            raise RuntimeError("The time-skipping server has not been started.")
        return await self.env.get_current_time()


async def register_search_attributes(client: Client) -> None:
    """Make our search attributes known: the time-skipping server takes no start flags for them."""
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=_TYPES)
    )
