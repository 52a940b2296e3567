"""Names that workflows, worker and operators share; changing one breaks running workflows."""

from temporalio.common import SearchAttributeKey

TASK_QUEUE = "homeward"
PACKET_QUEUE = "homeward-packets"
PLAN_ACTIVITY = "plan"
CHANGED_SIGNAL = "records_changed"

HUB_ID = SearchAttributeKey.for_keyword("HubId")
CASE_STAGE = SearchAttributeKey.for_keyword("CaseStage")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")
SEARCH_ATTRIBUTES = (HUB_ID, CASE_STAGE, NEXT_DUE)
