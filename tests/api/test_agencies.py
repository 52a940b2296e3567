"""Agencies over the API: what each may know, and what its digest would say now."""

from typing import Any

from tests.api.programs import Installation, Program, a_case, a_hearing

SHELTER = {
    "name": "Riverside Shelter",
    "kind": "shelter",
    "first_name": "Gloria",
    "last_name": "Reyes",
    "contacts": [
        {"channel": "email", "address": "desk@example.org", "consent_words": "Yes, write to us."}
    ],
    "weekday": 3,
    "at": "10:30",
}
CONSENT = {"consent_words": "Yes, tell the shelter when I have court.", "how": "in person"}
PLACE = {"local_time": "2026-12-08T09:00", "place": "1351 NW 12th St, Miami"}


def shared(rosa: Program, agency: dict[str, Any], **more: Any) -> tuple[Any, Any]:
    """A released person's case with a date next week, shared; case and share."""
    case = a_case(rosa, custody="released")
    a_hearing(rosa, case, **PLACE)
    body = {**CONSENT, "case_id": case["id"], **more}
    return case, rosa.made(f"/agencies/{agency['id']}/shares", body)


def test_an_agency_is_taken_in_changed_and_ended(rosa: Program) -> None:
    made = rosa.made("/agencies", SHELTER)
    assert (made["weekday"], made["at"], made["ended_at"]) == (3, "10:30", None)
    contacts = rosa.read(f"/people/{made['person_id']}/contacts")["items"]
    assert [contact["address"] for contact in contacts] == ["desk@example.org"]
    path = f"/agencies/{made['id']}"
    changed = rosa.call("PATCH", path, json={"weekday": 0, "first_name": "Ana"}).json()
    assert changed == {**made, "weekday": 0, "first_name": "Ana"}
    ended = rosa.made(f"{path}/end")
    assert ended["ended_at"] == "2026-12-02T15:00:00Z"
    refused = rosa.call("PATCH", path, json={"weekday": 1})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:homeward:problem:ended")
    assert made["id"] in [item["id"] for item in rosa.read("/agencies", limit=200)["items"]]


def test_hours_and_weekdays_that_do_not_exist_are_refused(rosa: Program) -> None:
    for wrong in ({"weekday": 7}, {"weekday": -1}, {"at": "25:00"}, {"name": " "}, {"slug": "x"}):
        assert rosa.post("/agencies", {**SHELTER, **wrong}).status_code == 422, wrong


def test_what_its_digest_says_is_what_was_agreed_and_no_more(rosa: Program) -> None:
    agency = rosa.made("/agencies", SHELTER)
    digest = f"/agencies/{agency['id']}/digest"
    empty = rosa.read(digest)
    assert (empty["leaves_at"], empty["text"], empty["dates"]) == (None, None, [])
    case, share = shared(rosa, agency)
    shared(rosa, agency, what="date")
    told = rosa.read(digest)
    assert told["leaves_at"] == "2026-12-03T15:30:00Z"
    assert told["channel"] == "email"
    assert [(date["room"], date["address"]) for date in told["dates"]] == [
        ("3A", "1351 NW 12th St, Miami"),
        ("", ""),
    ]
    assert told["dates"][0]["case_id"] == case["id"]
    assert told["text"].count("Marcus") == 2
    assert told["text"].count("1351 NW 12th St") == 1
    assert told["segments"] > 0
    assert "Johnson" not in told["text"], "a first name is enough"
    ended = rosa.made(
        f"/agencies/{agency['id']}/shares/{share['id']}/end",
        {"how": "by text", "words": "stop telling them"},
    )
    assert ended["ended_at"] is not None
    assert [date["room"] for date in rosa.read(digest)["dates"]] == [""]
    shares = rosa.read(f"/agencies/{agency['id']}/shares")["items"]
    assert [one["ended_at"] is None for one in shares] == [False, True]


def test_a_share_needs_a_consent_that_holds(rosa: Program) -> None:
    agency = rosa.made("/agencies", SHELTER)
    case = a_case(rosa, custody="released")
    path = f"/agencies/{agency['id']}/shares"
    for wrong in (
        {"consent_words": ""},
        {"how": " "},
        {"expires_at": "2026-12-02T15:00:00Z"},
        {"what": "everything"},
    ):
        answer = rosa.post(path, {**CONSENT, "case_id": case["id"], **wrong})
        assert answer.status_code == 422, wrong
    assert rosa.read(path)["items"] == []


def test_a_share_is_reached_through_its_own_agency_alone(rosa: Program) -> None:
    one, other = rosa.made("/agencies", SHELTER), rosa.made("/agencies", SHELTER)
    _, share = shared(rosa, one)
    wrong = rosa.post(f"/agencies/{other['id']}/shares/{share['id']}/end", {})
    assert wrong.status_code == 404


def test_the_consent_is_the_defendants_and_agencies_are_for_the_team_alone(
    api: Installation, rosa: Program
) -> None:
    agency = rosa.made("/agencies", SHELTER)
    _, share = shared(rosa, agency)
    consents = rosa.read(f"/people/{agency['person_id']}/consents")["items"]
    assert [consent["purpose"] for consent in consents] == ["reminders"]
    assert share["consent_id"] not in [consent["id"] for consent in consents]
    for role in ("counsel", "hub_admin"):
        assert api.program(role).get("/agencies").status_code == 403
