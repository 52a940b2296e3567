"""Private calendar feeds over HTTP, judged by a second parser."""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar
from sqlmodel import select

from domain.vocabulary import Role
from records.tables import Case, StaffMember
from tests.api.programs import Installation, Program, a_case, a_hearing


def path_of(feed: dict[str, Any]) -> str:
    """The path of a feed's address."""
    return "/calendar/" + str(feed["address"]).rpartition("/")[2]


def events_in(data: bytes) -> dict[str, Any]:
    """The events of a calendar by UID."""
    calendar = Calendar.from_ical(data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_family_sees_its_hearings_and_neither_charge_nor_docket_number(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa, docket_number="F26-001234")
    hearing = a_hearing(rosa, case)
    api.program("counsel").made(
        f"/cases/{case['id']}/charges", {"statute": "812.014", "words": "Grand theft"}
    )
    feed = rosa.made(f"/cases/{case['id']}/feeds")
    answer = api.http.get(path_of(feed))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"].startswith("private")
    event = events_in(answer.content)[f"hearing-{hearing['id']}"]
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 12, 15, 14, 0, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert int(event["SEQUENCE"]) == 1
    for word in (b"F26", b"001234", b"812.014", b"theft"):
        assert word not in answer.content


def test_a_moved_hearing_keeps_its_uid_and_a_vacated_one_stays_as_cancelled(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa)
    moved, gone = a_hearing(rosa, case), a_hearing(rosa, case, local_time="2026-12-22T09:00")
    feed = rosa.made(f"/cases/{case['id']}/feeds")
    before = api.http.get(path_of(feed))
    setting = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
    rosa.made(f"/hearings/{moved['id']}/move", setting)
    rosa.made(f"/hearings/{gone['id']}/vacate")
    after = api.http.get(path_of(feed))
    assert after.headers["etag"] != before.headers["etag"]
    events = events_in(after.content)
    assert set(events) == set(events_in(before.content))
    assert int(events[f"hearing-{moved['id']}"]["SEQUENCE"]) == 2
    assert events[f"hearing-{moved['id']}"]["DTSTART"].dt.hour == 13
    assert str(events[f"hearing-{gone['id']}"]["STATUS"]) == "CANCELLED"


def test_a_calendar_that_did_not_change_is_not_sent_again(api: Installation, rosa: Program) -> None:
    case = a_case(rosa)
    a_hearing(rosa, case)
    path = path_of(rosa.made(f"/cases/{case['id']}/feeds"))
    tag = api.http.get(path).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.http.get(path, headers={"If-None-Match": known})
        assert again.status_code == 304, known
        assert again.content == b""
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"].startswith("private")
    assert api.http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_revoked_address_and_one_that_never_was_are_the_same(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa)
    feed = rosa.made(f"/cases/{case['id']}/feeds")
    assert api.http.get(path_of(feed)).status_code == 200
    assert rosa.call("DELETE", f"/feeds/{feed['id']}").status_code == 204
    revoked, never = api.http.get(path_of(feed)), api.http.get("/calendar/never.ics")
    assert revoked.status_code == never.status_code == 404
    assert revoked.json() == never.json()
    listed = {item["id"]: item for item in rosa.read("/feeds")["items"]}
    assert listed[feed["id"]]["revoked_at"] is not None
    assert str(feed["address"]).rpartition("/")[2] not in str(listed)


def test_an_advocate_sees_the_open_cases_that_are_theirs(api: Installation, rosa: Program) -> None:
    with api.writing() as session:
        staff = StaffMember(name="Rosa", sign_in="rosa-feed", role=Role.ADVOCATE)
        session.add(staff)
        session.flush()
        staff_id = staff.id
    mine = a_hearing(rosa, a_case(rosa, advocate_id=staff_id))
    ended = a_case(rosa, advocate_id=staff_id)
    a_hearing(rosa, ended)
    a_hearing(rosa, a_case(rosa))
    api.program("supervisor").made(
        f"/cases/{ended['id']}/moves", {"track": "court", "to": "closed", "override_reason": "x"}
    )
    path = path_of(rosa.made(f"/staff/{staff_id}/feeds"))
    assert set(events_in(api.http.get(path).content)) == {f"hearing-{mine['id']}"}
    with api.writing() as session:
        session.get_one(StaffMember, staff_id).active = False
    assert api.http.get(path).status_code == 404
    assert rosa.post(f"/staff/{staff_id}/feeds").status_code == 404


def test_a_feed_of_a_hub_shows_that_hub_alone(api: Installation) -> None:
    other = api.program("advocate", "other")
    case = a_case(other)
    hearing = a_hearing(other, case)
    path = path_of(other.made(f"/cases/{case['id']}/feeds"))
    assert set(events_in(api.http.get(path).content)) == {f"hearing-{hearing['id']}"}
    with api.reading("other") as session:
        assert session.exec(select(Case).where(Case.id == case["id"])).one()


def test_a_persons_address_shows_their_dates_until_it_is_revoked(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa)
    hearing = a_hearing(rosa, case)
    said = {"first_name": "Denise", "relationship": "mother", "language": "es"}
    supporter = rosa.made(f"/cases/{case['id']}/supporters", said)
    feed = rosa.made(f"/people/{supporter['person_id']}/feeds")
    assert (feed["person_id"], feed["case_id"]) == (supporter["person_id"], None)
    told = events_in(api.http.get(path_of(feed)).content)
    assert told[f"hearing-{hearing['id']}"]["SUMMARY"] == "Cita en la corte: Marcus"
    tag = api.http.get(path_of(feed)).headers["etag"]
    assert api.http.get(path_of(feed), headers={"If-None-Match": tag}).status_code == 304
    rosa.made(f"/supporters/{supporter['id']}/end")
    left = api.http.get(path_of(feed))
    assert left.status_code == 200
    assert events_in(left.content) == {}
    assert left.headers["etag"] != tag
    assert rosa.call("DELETE", f"/feeds/{feed['id']}").status_code == 204
    assert api.http.get(path_of(feed)).status_code == 404


def test_nobody_of_another_hub_gets_an_address(api: Installation, rosa: Program) -> None:
    theirs = a_case(api.program("advocate", "other"))
    assert rosa.post(f"/people/{'0' * 32}/feeds").status_code == 404
    said = {"first_name": "Denise"}
    stranger = api.program("advocate", "other").made(f"/cases/{theirs['id']}/supporters", said)
    assert rosa.post(f"/people/{stranger['person_id']}/feeds").status_code == 404
