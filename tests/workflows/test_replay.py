"""Histories that earlier programs wrote still replay: running cases survive an upgrade."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from engine.worker import ALL_WORKFLOWS
from tests.workflows.plain import PLAIN_CONVERTER

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(path.stem, path.read_text())
    assert len(history.events) > 20
    replayer = Replayer(
        workflows=ALL_WORKFLOWS,
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=PLAIN_CONVERTER,
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None


def test_every_following_workflow_has_a_recorded_history() -> None:
    assert {path.stem.split("-")[0] for path in HISTORIES} >= {
        "case",
        "plan",
        "packet",
        "agency",
        "referral",
    }
