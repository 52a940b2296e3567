"""Court calendars over the API: compared, applied, refused."""

import httpx

from tests.api.programs import Installation, Program, a_case


def calendar(*days: str, docket: str = "3AN-26-00{n}CR") -> bytes:
    """An iCalendar file with one hearing for each day, cases numbered from 1."""
    events = [
        "BEGIN:VEVENT\r\n"
        f"UID:{number}@court.example.org\r\n"
        f"DTSTAMP:20261101T000000Z\r\nDTSTART:{day.replace('-', '')}T090000\r\n"
        f"X-CASE-NUMBER:{docket.format(n=number)}\r\nSUMMARY:Arraignment\r\n"
        "LOCATION:Courtroom 3\\, Example Courthouse\r\nEND:VEVENT\r\n"
        for number, day in enumerate(days, 1)
    ]
    body = "".join(events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{body}END:VCALENDAR\r\n".encode()


DAYS = ("2026-12-15", "2026-12-16", "2026-12-17", "2026-12-18")


def send(program: Program, data: bytes, *, key: str = "", **fields: str) -> httpx.Response:
    """Upload a calendar."""
    said = {"format": "icalendar", "zone": "America/New_York", "feed": "example", **fields}
    headers = {"Idempotency-Key": key} if key else {}
    files = {"file": ("calendar.ics", data, "text/calendar")}
    return program.call("POST", "/imports", data=said, files=files, headers=headers)


def test_a_calendar_is_first_compared_then_applied_and_then_changes_nothing(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa, docket_number="3AN-26-001CR")
    seen = send(rosa, calendar(*DAYS)).json()
    assert (seen["rows"], seen["new"], seen["applied"]) == (4, 4, False)
    assert seen["first_day"] == "2026-12-15"
    assert rosa.read("/hearings", case_id=case["id"])["items"] == []
    applied = send(rosa, calendar(*DAYS), apply="true").json()
    assert (applied["new"], applied["applied"]) == (4, True)
    assert applied["followed"]["scheduled"] == 1
    hearing = rosa.read("/hearings", case_id=case["id"])["items"][0]
    assert hearing["local_time"] == "2026-12-15T09:00"
    assert hearing["source"] == "import"
    again = send(rosa, calendar(*DAYS), apply="true").json()
    assert (again["new"], again["unchanged"]) == (0, 4)
    past = rosa.read("/imports")["items"]
    assert [one["counts"]["new"] for one in past] == [0, 4]
    assert {one["feed"] for one in past} == {"example"}


def test_a_calendar_that_lost_more_than_half_is_refused_until_a_person_accepts_it(
    rosa: Program,
) -> None:
    send(rosa, calendar(*DAYS), apply="true", feed="shrinking")
    refused = send(rosa, calendar(DAYS[0]), apply="true", feed="shrinking")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:homeward:problem:calendar-lost-too-much"
    accepted = send(
        rosa, calendar(DAYS[0]), apply="true", feed="shrinking", accept_loss="true"
    ).json()
    assert accepted["vanished"] == 3


def test_a_file_that_is_something_else_is_refused_and_not_repeated(rosa: Program) -> None:
    for data, fields in (
        (b"", {}),
        (b"Denise Johnson,F26-1234\n1,2\n", {"format": "idaho"}),
        (b"%PDF-1.7 Denise", {}),
        (calendar(*DAYS)[:-20], {}),
        (calendar(*DAYS), {"format": "../../etc/passwd"}),
        (calendar(*DAYS), {"format": "no-such-court"}),
        (calendar(*DAYS), {"zone": "Mars/Olympus"}),
    ):
        answer = send(rosa, data, apply="true", **fields)
        assert answer.status_code == 422, fields
        for typed in ("Denise", "F26-1234", "passwd", "Olympus"):
            assert typed not in answer.text
    assert rosa.call("POST", "/imports", data={"format": "idaho"}).status_code == 422


def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(rosa: Program) -> None:
    data = calendar(*DAYS).replace(b"X-CASE-NUMBER:3AN-26-002CR\r\n", b"")
    seen = send(rosa, data, feed="gaps").json()
    assert (seen["new"], seen["set_aside"]) == (3, 1)
    assert seen["rows_set_aside"][0]["row"] == 2
    assert seen["rows_set_aside"][0]["code"] == "no_case_number"


def test_an_upload_that_is_sent_again_gets_its_first_answer(rosa: Program) -> None:
    first = send(rosa, calendar(*DAYS), apply="true", feed="twice", key="upload")
    again = send(rosa, calendar(*DAYS), apply="true", feed="twice", key="upload")
    assert first.json() == again.json()
    assert again.json()["new"] == 4
    other = send(rosa, calendar(*DAYS[:3]), apply="true", feed="twice", key="upload")
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-key-reused")


def test_an_import_is_read_and_undone(rosa: Program) -> None:
    case = a_case(rosa, docket_number="4FA-26-001CR")
    data = calendar(*DAYS, docket="4FA-26-00{n}CR")
    made = send(rosa, data, apply="true", feed="undone").json()["import_id"]
    seen = rosa.read(f"/imports/{made}")
    assert (seen["why_not"], seen["undone_at"]) == ("", None)
    (back,) = seen["put_back"]
    assert (back["case_id"], back["cancelled"]) == (case["id"], True)
    stale = rosa.post(f"/imports/{made}/undo", {"digest": "0" * 64})
    assert stale.status_code == 409
    undone = rosa.post(f"/imports/{made}/undo", {"digest": seen["digest"]}).json()
    assert undone["undone_at"] is not None
    (hearing,) = rosa.read("/hearings", case_id=case["id"])["items"]
    assert hearing["status"] == "vacated"
    assert rosa.post(f"/imports/{made}/undo", {}).status_code == 200
    assert send(rosa, data, feed="undone").json()["new"] == 4


def test_an_import_that_a_newer_one_rests_on_is_refused(rosa: Program) -> None:
    first = send(rosa, calendar(*DAYS), apply="true", feed="twice").json()["import_id"]
    send(rosa, calendar(*DAYS), apply="true", feed="twice")
    refused = rosa.post(f"/imports/{first}/undo", {})
    assert refused.status_code == 409
    assert "Undo that one first" in refused.json()["detail"]
