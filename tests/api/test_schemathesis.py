"""Requests made up from the description: no answer is a failure, and each is as described.

Every operation gets the valid requests that its description knows, and those with much to get
wrong the invalid ones too. `HOMEWARD_THOROUGH=1` gives all of them both, and random ones on top
(some minutes).
"""

import copy
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from api.permissions import ALLOWED
from tests.api.programs import Installation
from tests.api.scenes import everything

MUCH_TO_GET_WRONG = {
    "add_contact",
    "change_hub",
    "list_cases",
    "list_hearings",
    "move_case",
    "open_case",
    "schedule_hearing",
}
THOROUGH = bool(os.environ.get("HOMEWARD_THOROUGH"))
EXAMPLES = 5

BEYOND_A_SCHEMA = {
    "add_closure": "years that no database keeps",
    "add_contact": "what is a phone number",
    "add_exhibit": "what is a document",
    "add_court": "which zones there are",
    "add_agency": "what is a phone number",
    "add_share": "what is a consent that holds",
    "add_packet_template": "what is a Word template",
    "add_plan_template": "which kinds, dates and rules there are",
    "add_sharing": "which elements a consent has",
    "add_step": "which kinds, years and rules there are",
    "change_plan_template": "which kinds, dates and rules there are",
    "change_recurrence": "what is a rule",
    "import_plan_template": "what is a sheet of steps",
    "move_step": "years that no database keeps",
    "preview_plan": "years that no database keeps",
    "start_plan_from_template": "years that no database keeps, and a length of one day or more",
    "add_team_contact": "what is a phone number",
    "ask_for_letter": "what is a phone number",
    "change_exhibit": "what is a photograph",
    "change_court": "which zones there are",
    "change_hub": "which zones there are",
    "change_identity": "years that no database keeps",
    "enroll_supporter": "what is a phone number",
    "import_calendar": "what is a court's calendar",
    "list_closures": "years that no database keeps",
    "list_hearings": "years that no database keeps",
    "list_messages": "years that no database keeps",
    "move_case": "which stages belong to which track",
    "move_hearing": "which zones and wall times there are",
    "name_counsel": "what is a phone number",
    "open_case": "years that no database keeps",
    "preview_message": "what is said to whom by which channel",
    "change_packet": "which sections a kind has",
    "mark_packet_filed": "which days are past",
    "request_packet": "which sections a kind has",
    "schedule_hearing": "which zones and wall times there are",
    "translate_letter": "that a translator has a name",
    "upload_letter": "what is a letter",
    "sign_letter": "that it was read back",
    "add_service": "that a place has both degrees or neither",
    "change_service": "that a place has both degrees or neither",
    "search_directory": "that a place has both degrees or neither, and years",
    "sign_sharing": "what a signature is",
    "start_plan": "years that no database keeps",
    "approve_report": "that a name is no blank",
    "send_report_back": "that words are no blanks",
    "draft_referral": "which kinds of needs there are",
    "move_referral": "which hours the hub's clock shows",
    "set_meeting": "which hours the hub's clock shows",
    "strike_contact": "what is no reason",
    "note_contact": "which moments lie in the year that is over",
    "note_visit": "years that no database keeps",
    "read_hub_outcomes": "which days are over, and how long a period may be",
    "download_hub_outcomes": "which days are over, and how long a period may be",
    "declare_conflict": "that nobody is in conflict with themselves",
}
"""Operations that refuse (422) what their schema alone would let pass, and what decides."""


@dataclass
class Seen:
    """What came of a run."""

    requests: int = 0
    statuses: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    failures: dict[str, str] = field(default_factory=dict)

    def note(self, event: Any) -> None:
        """Look at one event of the run."""
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.failures[str(getattr(event, "label", "run"))] = repr(event)
        if not isinstance(event, events.ScenarioFinished):
            return
        recorder = event.recorder
        for made in recorder.interactions.values():
            self.requests += 1
            if made.response is not None:
                self.statuses[recorder.label].add(made.response.status_code)
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.status == Status.FAILURE:
                    made = recorder.interactions[case_id]
                    self.failures[f"{recorder.label} {check.name}"] = (
                        f"{made.request.method} {made.request.uri} {made.request.encoded_body} "
                        f"{check.failure_info}"
                    )


@pytest.fixture(scope="module")
def asked(api: Installation) -> dict[str, Any]:
    """The description, without the one header that makes requests depend on each other."""
    said = copy.deepcopy(api.app.openapi())
    for item in said["paths"].values():
        for operation in item.values():
            operation["parameters"] = [
                parameter
                for parameter in operation.get("parameters", ())
                if parameter["name"].lower() != "idempotency-key"
            ]
    return said


def config(api: Installation, ids: dict[str, str]) -> dict[str, Any]:
    """How to make requests up: real ids, and for each operation a token that may call it."""
    return {
        "seed": 20261202,
        "continue-on-failure": True,
        "suppress-health-check": ["all"],
        "cache": {"enabled": False},
        "parameters": {f"path.{name}_id": known for name, known in ids.items()}
        | {"path.number": 1},
        "phases": {
            "examples": {"enabled": False},
            "stateful": {"enabled": False},
            "coverage": {"unexpected-methods": ["DELETE", "OPTIONS"]},
            "fuzzing": {"enabled": THOROUGH},
        },
        "generation": {
            "max-examples": EXAMPLES,
            "database": "none",
            "with-security-parameters": False,
        },
        "operations": [_operation(api, name) for name in ALLOWED]
        + [
            {
                "include-path": "/readyz",
                "phases": {"coverage": {"generation": {"mode": "positive"}}},
                "checks": {"not_a_server_error": {"expected-statuses": [200, 503]}},
            }
        ],
    }


def _operation(api: Installation, name: str) -> dict[str, Any]:
    role = sorted(ALLOWED[name])[0]
    wrong = THOROUGH or name in MUCH_TO_GET_WRONG
    expected = ["2xx", 403, 404, 409] + ([422] if name in BEYOND_A_SCHEMA else [])
    return {
        "include-operation-id": name,
        "headers": {"Authorization": f"Bearer {api.program(role).secret}"},
        "phases": {"coverage": {"generation": {"mode": "all" if wrong else "positive"}}},
        "checks": {"positive_data_acceptance": {"expected-statuses": expected}},
    }


@pytest.mark.timeout(900 if THOROUGH else 180)
def test_no_made_up_request_leads_to_a_failure_or_to_an_answer_that_is_not_described(
    api: Installation, asked: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = everything(api)
    # Hundreds of wrong tokens come from one client here, and each is to be looked at.
    monkeypatch.setattr("api.throttle.MOST_FAILURES", 10**9)
    settings = SchemathesisConfig.from_dict(config(api, ids), base_dir=str(tmp_path))
    schema = schemathesis.openapi.from_dict(asked, config=settings)
    schema.app = api.app
    seen = Seen()
    for event in from_schema(schema).execute():
        seen.note(event)
    assert seen.failures == {}
    statuses = set().union(*seen.statuses.values())
    assert {200, 201, 204, 401, 404, 409, 422} <= statuses
    assert not {status for status in statuses if status >= 500} - {503}
    done = [label for label, found in seen.statuses.items() if min(found) < 300]
    assert len(done) > 50, "most operations did what they were asked at least once"
    assert len(seen.statuses) == sum(len(item) for item in asked["paths"].values())
    assert seen.requests > 800
