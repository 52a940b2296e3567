"""Today: what needs a person, worst first, and who was told of this week's hearings."""

from datetime import timedelta

from sqlmodel import select

from records.tables import Message
from records.tasks import open_house_task
from tests.api.pages.office import NOW, Browser, Office
from tests.houses import a_case, a_hearing, a_mother, utc


def test_an_empty_hub_is_told_how_to_begin(rosa: Browser) -> None:
    page = rosa.words("/")
    assert "Wednesday 2 December 2026" in page
    assert "No case yet" in page
    assert "Open the first case" in page


def test_a_quiet_day_says_so(office: Office, rosa: Browser) -> None:
    a_case(office.house.records, NOW)
    office.live()
    page = rosa.words("/")
    assert "Nobody is waiting for you" in page
    assert "No hearing in the next seven days" in page


def test_without_a_provider_nobody_is_called_told(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    assert "nobody told yet" in rosa.words("/")
    office.live()
    page = rosa.words("/")
    assert "Tue 8 Dec 2026, 9:00 in 6 days Marcus Johnson arraignment · room 3A" in page
    assert "written, not sent: Denise" in page
    assert "for 1 of them somebody was told" not in page
    assert "nobody is told unless you tell them" in page


def test_with_a_provider_whoever_was_told_stands_beside_the_date(fresh_sms: Office) -> None:
    office, rosa = fresh_sms, fresh_sms.staff()
    case = a_case(office.house.records, NOW, phone="")
    mother = a_mother(office.house.records, case, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    with office.house.records.writing(office.hub_id) as session:
        row = Message(
            claim="one",
            case_id=case.id,
            person_id=mother,
            subject_id=hearing.id,
            subject_revision=1,
            step="enrolled",
            audience="family",
            language="en",
            channel="sms",
            transport="sms",
            template="en/enrolled",
            template_version="1",
            state="delivered",
            claimed_at=NOW,
        )
        session.add(row)
    page = rosa.words("/")
    assert "1 hearing · for 1 of them somebody was told" in page
    assert "told: Denise" in page
    assert "nobody is told unless" not in page
    with office.house.records.writing(office.hub_id) as session:
        message = session.exec(select(Message)).one()
        message.state = "undelivered"
        session.add(message)
    assert "nobody told yet" in rosa.words("/")


def test_nobody_knows_of_a_hearing_today_comes_first_with_whom_to_call(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    quiet = a_case(records, NOW, phone="")
    case = a_case(records, NOW, phone="")
    a_mother(records, case, NOW)
    office.live()
    office.clock.at = utc("2026-12-03 02:00")
    a_hearing(records, case, "2026-12-03 07:30", office.clock.at)
    office.live()
    answer = rosa.get("/")
    page = rosa.words("/")
    assert answer.text.index('class="task amber"') < answer.text.index("no way to write to Marcus")
    assert "Denise must hear of the arraignment now" in page
    assert 'href="tel:+13055550111"' in answer.text
    assert "Call Denise Johnson 305-555-0111" in page
    office.live(utc("2026-12-03 10:00"))
    answer = rosa.get("/")
    assert answer.text.index('class="task red"') < answer.text.index('class="task amber"')
    assert f"/cases/{quiet.id}/people/" in answer.text
    office.live(utc("2026-12-03 20:00"))
    late = rosa.get("/").text
    assert 'class="task red"' not in late
    assert "It has begun since" in late


def test_what_troubles_the_house_is_said_without_a_case(office: Office, rosa: Browser) -> None:
    a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        claim = f"task|channel_down|{office.hub_id}|email|2026-12-02"
        open_house_task(session, "channel_down", claim, NOW)
        open_house_task(session, "moon_is_full", "moon", NOW)
    page = rosa.words("/")
    assert "Messages by e-mail cannot leave" in page
    assert "Something needs a person: moon is full" in page
    assert "2 things need you" in page


def test_a_hearing_in_eight_days_is_not_this_week(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-10 09:00", NOW)
    assert "Thu 10 Dec" not in rosa.words("/")
    office.clock.at += timedelta(days=1)
    assert "Thu 10 Dec 2026, 9:00" in rosa.words("/")


def test_what_is_over_stays_on_the_week_until_it_is_recorded(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_hearing(office.house.records, case, "2026-12-02 11:00", NOW)
    office.clock.at += timedelta(hours=5)
    assert "Wed 2 Dec 2026, 11:00 today" in rosa.words("/")
