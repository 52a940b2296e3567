"""The list of cases and the page of one."""

from datetime import timedelta

from sqlmodel import select

from domain.tracks import Custody
from domain.vocabulary import HearingKind
from records.casework import NewCase, open_case
from records.circle import NewSupporter, enroll_supporter, opt_out
from records.tables import ContactPoint
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_mother, utc


def named(office: Office, first: str, last: str) -> str:
    with office.house.records.writing(office.hub_id) as session:
        new = NewCase(first, last, custody=Custody.RELEASED)
        return open_case(session, new, ROSA, office.clock.at).id


def looked_for(rosa: Browser, words: str) -> str:
    answer = rosa.post("/cases/find", {"q": words})
    assert answer.status_code == 200
    assert answer.request.url.query == b""
    return said(answer)


def test_people_are_found_by_any_part_of_their_name_accents_aside(
    office: Office, rosa: Browser
) -> None:
    named(office, "Ana María", "Rodríguez")
    named(office, "Anatole", "Williams")
    found = looked_for(rosa, "rodriguez ana")
    assert "Ana María Rodríguez" in found
    assert "Williams" not in found
    assert "1 person found" in looked_for(rosa, "rodrigues")
    assert "2 people found" in looked_for(rosa, "ANA")
    assert "Nobody by that name" in looked_for(rosa, "zzz")
    assert "Nobody by that name" in looked_for(rosa, "%")


def test_a_case_is_found_by_its_docket_by_a_phone_and_through_the_family(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, docket="F26-012345")
    a_mother(office.house.records, case, NOW, phone="+13055550133")
    named(office, "Somebody", "Else")
    for words in ("f26 012345", "305-555-0110", "(305) 555 0133", "denise"):
        found = looked_for(rosa, words)
        assert "1 person found" in found, words
        assert "Marcus Johnson" in found
    assert "through Denise Johnson, mother" in looked_for(rosa, "denise")
    assert "012345" not in looked_for(rosa, "marcus")


def test_the_list_goes_on_for_pages(office: Office, rosa: Browser) -> None:
    for number in range(61):
        named(office, "Ann", f"Number{number:02}")
    assert "Page 1 of 2" in rosa.words("/cases")
    assert "Page 2 of 2" in rosa.words("/cases?page=2")
    assert "the best of them" in looked_for(rosa, "ann")
    assert rosa.get("/cases?page=minus").status_code == 200
    assert rosa.get("/cases?page=0").status_code == 200
    assert "Page 2 of 2" in rosa.words("/cases?page=99")


def test_lists_and_titles_show_no_docket_number(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, docket="F26-012345")
    a_mother(office.house.records, case, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    for page in ("/", "/cases", "/outbox"):
        assert "012345" not in rosa.get(page).text
    page = rosa.get(f"/cases/{case.id}").text
    assert page.count("F26-012345") == 1
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title == "Case · Homeward"


def test_a_case_begins_with_the_name_and_the_next_date(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    a_hearing(office.house.records, case, "2026-12-20 14:00", NOW, kind=HearingKind.TRIAL)
    answer = rosa.get(f"/cases/{case.id}")
    assert '<h1 class="person">Marcus Johnson</h1>' in answer.text
    page = said(answer)
    assert "Next in court Tue 8 Dec 2026, 9:00 · in 6 days Arraignment · room 3A" in page
    assert "All court dates" in page
    assert "Sun 20 Dec 2026, 14:00 · in 18 days" in page


def test_a_case_says_what_will_happen_in_words(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    page = rosa.words(f"/cases/{case.id}")
    coming = page.partition("What will happen")[2].partition("What happened")[0]
    for line in (
        "Sat 5 Dec 2026 in 3 days 10:00 Reminder to Denise by text, 3 days before",
        "Mon 7 Dec 2026 in 5 days 10:00 Reminder to Denise by text, the day before",
        "Tue 8 Dec 2026 in 6 days 9:00 Arraignment",
        "12:00 One of us is asked what happened in court",
    ):
        assert line in coming


def test_a_case_says_what_happened_with_every_message_word_for_word(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW, language="es")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    answer = rosa.get(f"/cases/{case.id}")
    past = said(answer).partition("What happened")[2]
    assert "Welcome and date to Denise by text" in past
    assert "kept here, not sent" in past
    assert "Hola Denise" in past
    assert 'lang="es"' in answer.text
    assert "Arraignment set for Tue 8 Dec 2026, 9:00 · rosa" in past
    assert "Denise joined the circle" in past
    assert past.index("Denise joined") < past.index("Case opened")


def test_the_circle_shows_who_may_be_reached_and_why_not(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    mother = a_mother(office.house.records, case, NOW)
    with office.house.records.writing(office.hub_id) as session:
        new = NewSupporter("Samuel", "Lee", "pastor", may_know_hearings=False)
        enroll_supporter(session, case.id, new, ROSA, NOW)
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == mother)).one()
        opt_out(session, contact, ROSA, NOW)
    people = rosa.words(f"/cases/{case.id}").partition("People")[2]
    assert "Denise Johnson mother · English Text: 305-555-0111 asked for no more messages" in people
    assert "Samuel Lee pastor · English may not hear of court dates" in people
    assert "no way to write to them" in people


def test_work_that_is_not_done_is_said_to_be_late(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    assert "Is everything running?" not in rosa.words(f"/cases/{case.id}")
    office.clock.at += timedelta(minutes=6)
    assert "Is everything running?" in rosa.words(f"/cases/{case.id}")
    office.live()
    assert "Is everything running?" not in rosa.words(f"/cases/{case.id}")


def test_that_a_case_was_read_is_kept(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    rosa.get(f"/cases/{case.id}")
    rosa.get("/outbox")
    assert office.audit() == ["read a case", "read the outbox"]


def test_a_long_past_is_cut_and_can_be_shown_whole(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        for number in range(120):
            enroll_supporter(session, case.id, NewSupporter(f"N{number}", "", "friend"), ROSA, NOW)
    page = rosa.words(f"/cases/{case.id}")
    assert "Show everything" in page
    assert "Case opened" not in page
    whole = rosa.words(f"/cases/{case.id}?past=all")
    assert "Case opened" in whole
    assert "Show everything" not in whole


def test_a_hearing_that_is_going_on_asks_for_its_outcome(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.clock.at = utc("2026-12-08 14:30")
    page = rosa.words(f"/cases/{case.id}")
    assert "Tue 8 Dec 2026, 9:00 · today" in page
    assert "Record what happened" in page
