"""A message before it is sent: with made-up names for every role, with real ones for the team."""

from typing import Any

import pytest

from domain.vocabulary import Role
from tests.api.programs import OTHER, Installation, Program, a_case, a_hearing
from tests.houses import AGREED


def preview(program: Program, **query: Any) -> dict[str, Any]:
    """What the preview answers."""
    return program.read("/messages/preview", **query)


@pytest.fixture
def circle(rosa: Program) -> tuple[str, str]:
    """A case with a court date, and Denise, who gets texts in Creole."""
    case = a_case(rosa, custody="released")
    a_hearing(rosa, case, place="1351 NW 12th St, Miami")
    denise = rosa.made(
        f"/cases/{case['id']}/supporters",
        {
            "first_name": "Denise",
            "relationship": "mother",
            "language": "ht",
            "contacts": [
                {"channel": "sms", "address": "+13055550123", "consent_words": AGREED},
            ],
        },
    )
    return case["id"], denise["person_id"]


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_made_up_messages(api: Installation, role: Role) -> None:
    told = preview(api.program(role), step="before_7", audience="family", language="es")
    assert told["template"] == "es/before_7/family/sms"
    assert told["text"].startswith("Liberty City Hub: Hola Denise, Marcus tiene corte")
    assert (told["segments"], told["encoding"], told["offending"]) == (2, "GSM-7", [])
    assert told["units"] == len(told["text"])
    assert len(told["version"]) == 12


def test_what_makes_a_text_dear_is_told(rosa: Program) -> None:
    told = preview(rosa, step="before_3", language="es", channel="email")
    assert told["subject"] == "Una fecha para recordar, de Liberty City Hub"
    assert told["encoding"] == "UCS-2"
    assert "í" in told["offending"]


def test_a_call_a_custody_and_a_step_for_anyone_can_be_seen(rosa: Program) -> None:
    call = preview(rosa, step="before_1", channel="voice", language="ht")
    assert call["template"] == "ht/before_1/defendant/voice"
    held = preview(rosa, step="changed", audience="family", detained=True, language="en")
    assert held["template"] == "en/changed/family_detained/sms"
    stop = preview(rosa, step="ack_stop", detained=True, language="en")
    assert stop["template"] == "en/ack_stop/anyone/sms"
    fortnight = preview(rosa, step="before_14", language="en")
    assert fortnight["template"].startswith("en/before_7/defendant/")


def test_a_language_without_words_is_answered_in_the_hubs_own(rosa: Program) -> None:
    assert preview(rosa, language="fr")["language"] == "en"
    assert preview(rosa)["template"].startswith("en/before_7/defendant/")


@pytest.mark.parametrize(
    "query",
    [
        {"step": "lunch"},
        {"step": "before_1", "detained": True},
        {"step": "ack_stop", "channel": "voice"},
        {"audience": "judge"},
        {"case_id": "0" * 32},
        {"person_id": "0" * 32},
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(rosa: Program, query: dict[str, Any]) -> None:
    answer = rosa.get("/messages/preview", **query)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_the_team_sees_what_somebody_gets_next(rosa: Program, circle: tuple[str, str]) -> None:
    case_id, person_id = circle
    told = preview(rosa, case_id=case_id, person_id=person_id)
    assert (told["step"], told["language"], told["channel"]) == ("enrolled", "ht", "sms")
    assert "Alo Denise, nou ede Marcus" in told["text"]
    assert "madi 15 desanm" in told["text"]
    assert "1351 NW 12th St" in told["text"]


def test_the_team_sees_any_step_for_somebody(rosa: Program, circle: tuple[str, str]) -> None:
    case_id, person_id = circle
    told = preview(rosa, case_id=case_id, person_id=person_id, step="before_1")
    assert told["template"].startswith("ht/before_1/family/")
    assert "demen" in told["text"]


def test_a_preview_writes_nothing(rosa: Program, circle: tuple[str, str]) -> None:
    case_id, person_id = circle
    before = rosa.get(f"/messages?case_id={case_id}").text
    preview(rosa, case_id=case_id, person_id=person_id)
    assert rosa.get(f"/messages?case_id={case_id}").text == before


def test_only_what_happened_can_be_told(rosa: Program, circle: tuple[str, str]) -> None:
    case_id, person_id = circle
    asked = {"case_id": case_id, "person_id": person_id}
    for step, why in (
        ("changed", "has not been moved"),
        ("plan_step", "no support plan"),
        ("ack_stop", "these steps can be shown"),
    ):
        answer = rosa.get("/messages/preview", **asked, step=step)
        assert answer.status_code == 422
        assert why in answer.json()["detail"]
    answer = rosa.get("/messages/preview", **asked, channel="email")
    assert "cannot be reached by email" in answer.json()["detail"]


def test_a_moved_date_shows_what_was_told_before(rosa: Program) -> None:
    case = a_case(rosa, custody="released")
    hearing = a_hearing(rosa, case)
    lee = rosa.made(
        f"/cases/{case['id']}/supporters",
        {
            "first_name": "Lee",
            "relationship": "friend",
            "contacts": [{"channel": "sms", "address": "+13055550124", "consent_words": AGREED}],
        },
    )
    setting = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
    rosa.made(f"/hearings/{hearing['id']}/move", setting)
    asked = {"case_id": case["id"], "person_id": lee["person_id"]}
    text = preview(rosa, **asked, step="changed")["text"]
    assert text.index("December 15") < text.index("December 16")


def test_a_step_of_a_plan_is_shown_with_its_title(rosa: Program, circle: tuple[str, str]) -> None:
    case_id, person_id = circle
    step = {"kind": "housing", "title": "Look at the room on Oak Street"}
    rosa.made(f"/cases/{case_id}/plans", {"steps": [step]})
    told = preview(rosa, case_id=case_id, person_id=person_id, step="plan_step")
    assert "Look at the room on Oak Street" in told["text"]


def test_nothing_is_shown_for_a_participant_in_custody(rosa: Program) -> None:
    case = a_case(rosa, custody="detained")
    a_hearing(rosa, case)
    answer = rosa.get("/messages/preview", case_id=case["id"], person_id=case["person_id"])
    assert answer.status_code == 422
    assert "custody" in answer.json()["detail"]


@pytest.mark.parametrize("role", [Role.COUNSEL, Role.HUB_ADMIN])
def test_real_messages_are_for_the_team_alone(
    api: Installation, circle: tuple[str, str], role: Role
) -> None:
    case_id, person_id = circle
    answer = api.program(role).get("/messages/preview", case_id=case_id, person_id=person_id)
    assert answer.status_code == 403
    assert "Denise" not in answer.text


def test_another_hubs_case_and_a_stranger_to_the_case_do_not_exist(
    api: Installation, rosa: Program, circle: tuple[str, str]
) -> None:
    case_id, person_id = circle
    stranger = api.program("advocate", OTHER)
    asked = {"case_id": case_id, "person_id": person_id}
    assert stranger.get("/messages/preview", **asked).status_code == 404
    other = a_case(rosa)
    mixed = {"case_id": other["id"], "person_id": person_id}
    assert rosa.get("/messages/preview", **mixed).status_code == 404


def test_who_may_not_know_of_court_dates_is_shown_none(rosa: Program) -> None:
    case = a_case(rosa, custody="released")
    a_hearing(rosa, case)
    boss = rosa.made(
        f"/cases/{case['id']}/supporters",
        {
            "first_name": "Kim",
            "relationship": "employer",
            "may_know_hearings": False,
            "contacts": [{"channel": "sms", "address": "+13055550125", "consent_words": AGREED}],
        },
    )
    answer = rosa.get("/messages/preview", case_id=case["id"], person_id=boss["person_id"])
    assert answer.status_code == 404
