"""Imported calendars on pages: what each changed, and only one's own hub's."""

import io
import re
from datetime import timedelta

import pytest
from httpx import Response
from sqlmodel import select

from domain.tracks import Custody
from records.calendar_import import apply
from records.casework import NewCase, open_case
from records.hearings import Setting, move_hearing
from records.tables import AuditEvent, CalendarImport, Hearing, Message
from tests.api.pages.office import OWN, Browser, Office, said
from tests.houses import ROSA, wall
from tests.records.calendars.made_up import ALASKA, NOW, alaska, setting


def bring_in(office: Office, hub_id: str, *days: int) -> None:
    rows = [setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in days]
    source = io.BytesIO(alaska(*rows))
    records = office.house.records
    apply(
        records,
        hub_id,
        "Juneau list",
        ALASKA,
        source,
        {},
        now=NOW + timedelta(hours=len(days)),
        applied_by="Ana",
    )


def test_an_import_says_what_it_changed_and_who_did_it(office: Office, rosa: Browser) -> None:
    assert "No calendar was imported yet" in rosa.words("/imports")
    bring_in(office, office.hub_id, 1, 2, 3)
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    page = rosa.words("/imports")
    assert "Juneau list" in page
    assert "by Ana" in page
    assert page.index("1 new · 0 moved · 0 no longer listed · 3 unchanged") < page.index("3 new")


def test_another_hubs_imports_are_not_shown(office: Office, rosa: Browser) -> None:
    bring_in(office, office.other_hub(), 1, 2)
    assert "No calendar was imported yet" in rosa.words("/imports")
    assert "Juneau list" not in rosa.words("/imports")


def upload(browser: Browser, content: bytes, name: str = "calendar.csv", **fields: str) -> Response:
    """Hand a calendar in, as the form does."""
    files = [("file", (name, content, "text/csv"))]
    answer: Response = browser.http.post(
        "/imports/new", files=files, data={"once": "o1", **fields}, headers=OWN
    )
    return answer


def handed_in(browser: Browser, content: bytes, once: str = "o1", **fields: str) -> str:
    """The address of its review."""
    answer = upload(browser, content, once=once, **fields)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"]


def digest(browser: Browser, address: str) -> str:
    """What stands for all that a page shows."""
    found = re.search(r'name="digest" value="(\w+)"', browser.get(address).text)
    assert found
    return found[1]


def mara(office: Office, docket: str = "1JU-27-1CR") -> str:
    """A case with a mother who is told."""
    with office.house.records.writing(office.hub_id) as session:
        new = NewCase("Mara", "Lantern", docket_number=docket, custody=Custody.RELEASED)
        case = open_case(session, new, ROSA, office.clock.at)
        return case.id


LISTED = alaska(*(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (1, 2, 3, 4)))


def test_a_calendar_is_handed_in_looked_at_applied_and_undone(
    office: Office, rosa: Browser
) -> None:
    case_id = mara(office)
    address = handed_in(rosa, LISTED)
    page = rosa.words(address)
    assert "1 court date changes" in page
    assert "Mara Lantern" in page
    assert "Motion hearing is set for Mon 1 Mar 2027, 9:00" in page
    assert "New on the calendar: 3" in page
    assert "A court calendar waits to be looked at" in rosa.words("/")
    assert "No court date" in rosa.words(f"/cases/{case_id}")
    applied = rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    assert applied.headers["location"] == f"{address}/applied?done=applied"
    assert rosa.get(address).headers["location"] == f"{address}/applied"
    assert "Motion hearing: Mon 1 Mar 2027, 9:00 · new" in rosa.words(f"{address}/applied")
    undo = rosa.words(f"{address}/undo")
    assert "of Mon 1 Mar 2027, 9:00" in undo
    assert "is cancelled" in undo
    done = rosa.post(f"{address}/undo", {"digest": digest(rosa, f"{address}/undo")})
    assert done.headers["location"] == f"{address}/applied?done=undone"
    assert "It was undone already" in rosa.words(f"{address}/applied")
    assert "undone" in rosa.words("/imports")
    case = rosa.words(f"/cases/{case_id}")
    assert "an imported calendar was undone, so it is as before" in case


MOTHER = "+13055550140"


def told_case(office: Office, rosa: Browser, docket: str = "1JU-27-1CR") -> str:
    """A case with a mother who may know of court dates."""
    case_id = mara(office, docket)
    fields = {
        "first_name": "Denise",
        "last_name": "Lantern",
        "relationship": "mother",
        "language": "en",
        "phone": MOTHER,
        "agreed": "yes",
        "how": "in person",
        "may_know": "yes",
    }
    answer = rosa.post(f"/cases/{case_id}/supporters/new", fields)
    assert answer.status_code == 303, said(answer)
    return case_id


def test_the_review_says_who_will_be_told_what_and_nothing_is_written_yet(
    office: Office, rosa: Browser
) -> None:
    case_id = told_case(office, rosa)
    page = rosa.words(handed_in(rosa, LISTED))
    assert "1 message to 1 person" in page
    assert "Denise Lantern, mother" in page
    assert "Monday, March 1" in page
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Hearing).where(Hearing.case_id == case_id)).all() == []
        assert session.exec(select(Message)).all() == []


def test_what_changed_meanwhile_refuses_it_and_shows_how_it_is_now(
    office: Office, rosa: Browser
) -> None:
    case_id = mara(office)
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    later = alaska(
        setting("03/09/2027", "1:30 pm"),
        *(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (2, 3, 4)),
    )
    address = handed_in(rosa, later, feed="Juneau list")
    seen = digest(rosa, address)
    with office.house.records.writing(office.hub_id) as session:
        (hearing,) = session.exec(select(Hearing).where(Hearing.case_id == case_id)).all()
        moved = Setting(wall("2027-03-02 10:00"), hearing.zone, hearing.room, hearing.place)
        move_hearing(session, hearing.id, moved, ROSA, office.clock.at)
    assert "changed since this was compared" in rosa.words(address)
    refused = rosa.post(f"{address}/apply", {"digest": seen})
    assert refused.status_code == 409
    assert "Nothing was applied" in said(refused)
    assert "Until now: Tue 2 Mar 2027, 10:00" in said(refused)
    assert rosa.post(f"{address}/apply", {"digest": digest(rosa, address)}).status_code == 303
    assert "Tue 9 Mar 2027, 13:30" in rosa.words(f"/cases/{case_id}")


def test_a_row_is_left_out_by_its_button(office: Office, rosa: Browser) -> None:
    case_id = mara(office)
    address = handed_in(rosa, LISTED)
    key = re.search(r'name="leave" value="(\w+)"', rosa.get(address).text)
    assert key
    assert rosa.post(f"{address}/rows", {"leave": key[1], "page": "1"}).status_code == 303
    page = rosa.words(address)
    assert "No court date changes" in page
    assert "Take it in again" in page
    assert rosa.post(f"{address}/rows", {"leave": "nothing"}).status_code == 404
    rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    assert "Mon 1 Mar 2027" not in rosa.words(f"/cases/{case_id}")


def test_what_vanished_is_never_shown_as_cancelled(office: Office, rosa: Browser) -> None:
    mara(office, "1JU-27-3CR")
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    rest = alaska(*(setting(f"03/0{day}/2027", case=f"1JU-27-{day}CR") for day in (1, 2, 4)))
    page = rosa.words(handed_in(rosa, rest, feed="Juneau list"))
    assert "It stays scheduled and everybody still comes" in page
    assert "cancelled" not in page
    assert "No message leaves" in page


def test_a_calendar_that_lost_half_is_applied_only_when_somebody_says_so(
    office: Office, rosa: Browser
) -> None:
    bring_in(office, office.hub_id, 1, 2, 3, 4)
    address = handed_in(rosa, alaska(setting("03/01/2027")), feed="Juneau list")
    assert "3 of 4 hearings" in rosa.words(address)
    fields = {"digest": digest(rosa, address)}
    refused = rosa.post(f"{address}/apply", fields)
    assert refused.status_code == 422
    assert "seen how much is missing" in said(refused)
    assert rosa.post(f"{address}/apply", {**fields, "accept": "yes"}).status_code == 303


def test_thrown_away_it_leaves_nothing(office: Office, rosa: Browser) -> None:
    address = handed_in(rosa, LISTED)
    assert rosa.post(f"{address}/throw-away").headers["location"] == "/imports?done=thrown"
    assert rosa.get(address).status_code == 404
    assert "waits" not in rosa.words("/imports")
    assert "A court calendar waits" not in rosa.words("/")


def test_the_same_form_sent_twice_is_one_review(office: Office, rosa: Browser) -> None:
    assert handed_in(rosa, LISTED) == handed_in(rosa, LISTED)
    assert "1 calendar waits" in rosa.words("/imports")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04" + b"\0" * 5000, "zipped file"),
        (b"\x1f\x8b" + b"\0" * 5000, "compressed file"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"<html><script>alert(1)</script></html>", "web page"),
        (LISTED.decode().encode("utf-16"), "UTF-16"),
        (LISTED.replace(b"LANTERN", b"L\xe4NTERN"), "not utf-8"),
        (LISTED.replace(b"event_dt", b"day"), "Missing in the header"),
        (b"", "empty"),
        (LISTED.splitlines()[0] + b"\n", "lists no hearing"),
        (b"a" * 1_500_000, "million characters"),
    ],
)
def test_another_file_is_refused_in_a_sentence_and_nothing_is_kept(
    rosa: Browser, content: bytes, why: str
) -> None:
    answer = upload(rosa, content, format="alaska-criminal")
    assert answer.status_code == 422
    assert why in said(answer)
    assert "waits" not in rosa.words("/imports")


def test_a_file_that_says_nothing_of_its_court_is_asked_about(rosa: Browser) -> None:
    answer = upload(rosa, b"who,when\nA,B\n")
    assert answer.status_code == 422
    assert "Say whose calendar it is" in said(answer)
    assert "Choose the calendar" in said(rosa.post("/imports/new"))


def test_a_calendar_too_large_to_keep_is_refused(
    rosa: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.import_upload_pages.MOST_FILE_BYTES", 100)
    answer = upload(rosa, LISTED)
    assert answer.status_code == 422
    assert "larger than" in said(answer)


def test_what_a_file_says_is_shown_as_text(office: Office, rosa: Browser) -> None:
    evil = "<script>alert(1)</script>"
    rows = [setting("03/02/2027", case="1JU-27-7CR", name=evil), setting("31/31/2027", name=evil)]
    address = handed_in(rosa, alaska(*rows, *(setting("03/01/2027", name="=1+1"),)))
    text = rosa.get(address).text
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "=1+1" in text


def test_a_huge_cell_is_cut_where_it_is_shown(rosa: Browser) -> None:
    row = setting("31/31/2027", name="X" * 200_000)
    text = rosa.get(handed_in(rosa, alaska(row, setting("03/01/2027")))).text
    assert len(text) < 30_000
    assert "X…" in text


def test_rows_that_could_not_be_read_are_asked_about_after_it_is_applied(
    office: Office, rosa: Browser
) -> None:
    mara(office, "1JU-27-99CR")
    address = handed_in(rosa, alaska(setting("31/31/2027"), setting("03/01/2027")))
    rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    assert "Some rows of a court calendar could not be read" in rosa.words("/")
    page = rosa.words(f"{address}/applied")
    assert "1 row could not be read" in page
    assert "31/31/2027" in page


def test_what_somebody_changed_since_is_listed_and_left_alone(
    office: Office, rosa: Browser
) -> None:
    case_id = mara(office)
    address = handed_in(rosa, LISTED)
    rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    seen = digest(rosa, f"{address}/undo")
    with office.house.records.writing(office.hub_id) as session:
        (hearing,) = session.exec(select(Hearing).where(Hearing.case_id == case_id)).all()
        moved = Setting(wall("2027-03-02 10:00"), hearing.zone)
        move_hearing(session, hearing.id, moved, ROSA, office.clock.at)
    refused = rosa.post(f"{address}/undo", {"digest": seen})
    assert refused.status_code == 409
    page = said(refused)
    assert "Nothing was undone" in page
    assert "Stays, because somebody changed it after the import" in page
    rosa.post(f"{address}/undo", {"digest": digest(rosa, f"{address}/undo")})
    assert "Tue 2 Mar 2027, 10:00" in rosa.words(f"/cases/{case_id}")


def test_an_older_import_is_undone_after_the_newer_one(office: Office, rosa: Browser) -> None:
    first = handed_in(rosa, LISTED)
    rosa.post(f"{first}/apply", {"digest": digest(rosa, first)})
    second = handed_in(rosa, LISTED, once="o2")
    rosa.post(f"{second}/apply", {"digest": digest(rosa, second)})
    assert "Undo that one first" in rosa.words(f"{first}/undo")
    assert rosa.post(f"{first}/undo", {"digest": ""}).status_code == 409


def test_the_trail_says_who_handed_in_applied_and_undid_it(office: Office, rosa: Browser) -> None:
    address = handed_in(rosa, LISTED)
    rosa.post(f"{address}/apply", {"digest": digest(rosa, address)})
    rosa.post(f"{address}/undo", {"digest": digest(rosa, f"{address}/undo")})
    import_id = address.removeprefix("/imports/")
    with office.house.records.reading(office.hub_id) as session:
        deeds = session.exec(select(AuditEvent).where(AuditEvent.subject_id == import_id)).all()
        made = session.get_one(CalendarImport, import_id)
    actions = [one.action for one in deeds]
    for deed in ("handed in", "applied", "undid the import of"):
        assert any(action.startswith(deed) for action in actions), (deed, actions)
    assert {one.actor for one in deeds} == {made.applied_by_id}
