"""The page that a text message opens: read at once, done by one press, and nothing given away."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlmodel import col, select

from api.throttle import Throttle
from domain.tracks import Custody, Track
from domain.vocabulary import Channel, HearingKind
from records.access import feed_of
from records.attributing import belongs_to
from records.casework import NewCase, NotFound, get_case, move_track, open_case
from records.charges import ChargeWords, add_charge
from records.circle import (
    NewContact,
    NewSupporter,
    add_contact,
    end_supporter,
    enroll_supporter,
    mark_unreachable,
)
from records.counsel import NewCounsel, set_counsel
from records.family_answers import MOST_A_DAY
from records.family_links import family_link
from records.hearing_answers import answers_for
from records.hearings import Setting, move_hearing, schedule_hearing, vacate_hearing
from records.plans import NewStep, start_plan
from records.private_links import path_of
from records.replies import receive_text
from records.roster import NewRide, offer_ride, take_seat
from records.tables import (
    Answer,
    Case,
    ContactPoint,
    Court,
    Defendant,
    FeedToken,
    Hearing,
    HumanTask,
    Person,
    PrivateLink,
    Reply,
    Supporter,
)
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_mother, utc, wall

DAY = timedelta(days=1)
LANGUAGES = ("en", "es", "ht")
BUTTONS = {
    "coming": ("coming", []),
    "ride": ("ride", ["ride_wanted"]),
    "cannot": ("cannot", ["cannot_come"]),
}
"""What is pressed: what is kept, and which tasks a person gets."""


class Family:
    """Marcus and his mother Denise, a hearing on Tuesday, and the page of each."""

    def __init__(self, office: Office, *, language: str = "en", custody: str = "released") -> None:
        self.office, self.records = office, office.house.records
        self.case = a_case(self.records, NOW, language=language, custody=custody, docket="F26-11")
        self.mother = a_mother(self.records, self.case, NOW, language=language)
        self.hearing = a_hearing(self.records, self.case, "2026-12-08 09:00", NOW)
        with self.records.reading(office.hub_id) as session:
            self.son = session.get_one(Defendant, self.case.defendant_id).person_id
        self.hers, self.his = self.path(self.mother), self.path(self.son)
        self.phone: Browser = office.browser()

    def path(self, person_id: str) -> str:
        with self.records.writing(self.office.hub_id) as session:
            return path_of(family_link(session, person_id, self.case.id, NOW))

    def press(self, path: str, how: str, words: str = "", language: str = "en") -> None:
        fields = {"said": how, "words": words, "hearing": self.hearing.id, "lang": language}
        answer = self.phone.post(f"{path}/answer", fields)
        assert answer.status_code == 303, said(answer)
        assert answer.headers["location"] == f"{path}?lang={language}&done={how}"

    def answers(self) -> dict[str, str]:
        with self.records.reading(self.office.hub_id) as session:
            return answers_for(session, session.get_one(Hearing, self.hearing.id))

    def tasks(self) -> list[str]:
        with self.records.reading(self.office.hub_id) as session:
            return [task.kind for task in session.exec(select(HumanTask)).all()]

    def replies(self) -> list[Reply]:
        with self.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(Reply).order_by(col(Reply.id))).all())


@pytest.fixture
def family(office: Office) -> Family:
    return Family(office)


@pytest.mark.parametrize(
    ("language", "title", "day", "clock"),
    [
        ("en", "Court date for Marcus", "Tuesday, December 8", "9:00 AM"),
        ("es", "Cita en la corte de Marcus", "El martes 8 de diciembre", "9:00 a.m."),
        ("ht", "Dat tribinal Marcus", "Madi 8 desanm", "9:00 nan maten"),
    ],
)
def test_the_next_date_is_read_at_once_in_their_language(
    office: Office, language: str, title: str, day: str, clock: str
) -> None:
    family = Family(office, language=language)
    page = family.phone.get(family.hers)
    assert f'<html lang="{language}">' in page.text
    words = said(page)
    for shown in (title, day, clock, "3A", "1351 NW 12th St, Miami", "305"):
        assert shown in words, shown
    assert 'datetime="2026-12-08 09:00' in page.text
    assert "destination=1351+NW+12th+St%2C+Miami" in page.text
    assert words.index(day) < words.index("1351 NW") < words.index("(305) 555-0100", 60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_on_it_is_said_in_one_language(office: Office, language: str) -> None:
    family = Family(office)
    other = {"en": "Will you be there", "es": "Va a estar allí", "ht": "w ap la"}
    words = family.phone.words(f"{family.hers}?lang={language}")
    assert [code for code, text in other.items() if text in words] == [language]


def test_the_participants_own_page_does_not_name_them(family: Family) -> None:
    words = family.phone.words(family.his)
    assert "Your court date" in words
    assert "Marcus" not in words
    assert "Your court papers and an ID" in words


def test_it_says_how_to_get_there_as_the_court_says(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        way = "Bus 77 stops at the door.\nThe line is slow before nine."
        court = Court(name="Drug Court", zone=ZONE, address="155 NW 3rd St", directions=way)
        session.add(court)
        session.flush()
        hearing = session.get_one(Hearing, family.hearing.id)
        hearing.court_id, hearing.place = court.id, ""
    words = family.phone.words(family.hers)
    for shown in ("155 NW 3rd St", "How to get there", "Bus 77 stops at the door."):
        assert shown in words
    assert "Drug" not in words, "the name of a court says what it is about"


def test_a_place_that_is_not_known_yet_is_asked_for_by_phone(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        session.get_one(Hearing, family.hearing.id).place = ""
    page = family.phone.get(family.hers)
    assert "We do not know the place yet. Call us before you go." in said(page)
    assert "maps" not in page.text


def test_tomorrow_today_and_a_little_late_it_still_is_the_next(family: Family) -> None:
    for moment, shown in (
        ("2026-12-07 20:00", "Tomorrow, Tuesday, December 8"),
        ("2026-12-08 13:00", "Today, Tuesday, December 8"),
        ("2026-12-08 15:30", "Today, Tuesday, December 8"),
    ):
        family.office.clock.at = utc(moment)
        assert shown in family.phone.words(family.hers)
    family.office.clock.at = utc("2026-12-08 16:30")
    assert "There is no court date now." in family.phone.words(family.hers)


def test_a_date_that_moved_is_the_new_one_and_is_asked_about_anew(family: Family) -> None:
    family.press(family.hers, "coming")
    assert "You told us:" in family.phone.words(family.hers)
    with family.records.writing(family.office.hub_id) as session:
        moved = Setting(wall("2026-12-11 13:30"), ZONE, "4-1", "1351 NW 12th St, Miami")
        move_hearing(session, family.hearing.id, moved, ROSA, NOW)
    words = family.phone.words(family.hers)
    assert "Friday, December 11 1:30 PM" in words
    assert "December 8" not in words
    assert "You told us:" not in words


def test_later_dates_stand_below_and_a_vacated_one_nowhere(family: Family) -> None:
    later = a_hearing(family.records, family.case, "2027-01-12 10:00", NOW)
    off = a_hearing(family.records, family.case, "2027-01-20 10:00", NOW)
    with family.records.writing(family.office.hub_id) as session:
        vacate_hearing(session, off.id, ROSA, NOW)
    page = family.phone.get(family.hers)
    assert "Later dates Tuesday, January 12, 10:00 AM" in said(page)
    assert "January 20" not in page.text
    assert f"{family.hers}/{later.id}.ics" in page.text
    assert family.phone.get(f"{family.hers}/{off.id}.ics").status_code == 404


@pytest.mark.parametrize("how", BUTTONS)
def test_a_button_does_what_the_same_answer_by_text_does(family: Family, how: str) -> None:
    kept, tasks = BUTTONS[how]
    for _ in range(3):
        family.press(family.hers, how)
    assert family.answers() == {family.mother: kept}
    assert family.tasks() == tasks
    [reply] = family.replies()
    by_text = {"coming": "YES", "ride": "RIDE", "cannot": "NO"}[how]
    receive_text(family.records, "+13055550110", by_text, "SM1", NOW)
    [_, text] = family.replies()
    assert (reply.read_as, reply.case_id, reply.hearing_id) == (
        text.read_as,
        text.case_id,
        text.hearing_id,
    )
    assert family.answers() == {family.mother: kept, family.son: kept}
    assert family.tasks() == tasks * 2


@pytest.mark.parametrize("how", BUTTONS)
def test_they_are_thanked_and_see_what_they_said(family: Family, how: str) -> None:
    family.press(family.his, how, "My <b>bus</b> stops at six.")
    page = family.phone.get(f"{family.his}?done={how}")
    assert "Thank you" in said(page)
    assert "My &lt;b&gt;bus&lt;/b&gt; stops at six." in page.text
    assert ("If no one calls" in said(page)) == (how != "coming")


def test_what_they_write_is_read_by_the_team_in_their_conversation(family: Family) -> None:
    family.press(family.his, "cannot", "I work that day.")
    family.press(family.his, "cannot", "I work that day.")
    family.press(family.his, "coming", "Got it off.")
    assert [reply.body for reply in family.replies()] == [
        "I can’t come: I work that day.",
        "Yes, I will be there: Got it off.",
    ]
    rosa = family.office.staff()
    inbox = rosa.get("/inbox")
    assert "Yes, I will be there: Got it off." in inbox.text
    thread = rosa.words(f"/inbox/{family.replies()[0].id}")
    assert "on their own page" in thread
    assert "I work that day." in thread
    assert "wrote: cannot come" in rosa.words(f"/cases/{family.case.id}")


def test_an_answer_joins_the_conversation_of_a_phone_that_does_not_work(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        [phone] = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == family.mother)
        ).all()
        mark_unreachable(session, phone, "30006", ROSA, NOW)
    family.press(family.hers, "ride")
    [reply] = family.replies()
    assert (reply.contact_id, reply.contact_index) == (phone.id, phone.address_index)
    assert "We have no phone or e-mail of yours." in family.phone.words(family.hers)


def test_who_has_neither_phone_nor_mailbox_is_heard_all_the_same(family: Family) -> None:
    aunt = a_mother(family.records, family.case, NOW, phone="")
    family.press(family.path(aunt), "ride")
    assert family.answers() == {aunt: "ride"}
    [reply] = family.replies()
    rosa = family.office.staff()
    assert "Yes, but I need a ride" in rosa.get("/inbox").text
    assert "Yes, but I need a ride" in rosa.words(f"/inbox/{reply.id}")
    assert "Denise" in rosa.words("/")
    with family.records.writing(family.office.hub_id) as session, pytest.raises(NotFound):
        belongs_to(session, reply, aunt, AGREED, "in person", ROSA, NOW)


def test_more_answers_than_a_person_gives_in_a_day_are_not_kept(family: Family) -> None:
    for number in range(MOST_A_DAY):
        family.press(family.hers, "coming" if number % 2 else "cannot")
    fields = {"said": "cannot", "hearing": family.hearing.id}
    answer = family.phone.post(f"{family.hers}/answer", fields)
    assert answer.headers["location"].endswith("done=many")
    assert "We did not note that" in family.phone.words(answer.headers["location"])
    assert len(family.replies()) == MOST_A_DAY
    family.press(family.his, "cannot")
    family.office.clock.at = NOW + DAY
    family.press(family.hers, "cannot")


def test_nobody_answers_about_a_hearing_that_is_not_on_their_page(family: Family) -> None:
    other = a_case(family.records, NOW, phone="+13055550112")
    theirs = a_hearing(family.records, other, "2026-12-09 09:00", NOW)
    for fields in (
        {"said": "coming", "hearing": theirs.id},
        {"said": "coming"},
        {"said": "fly", "hearing": family.hearing.id},
    ):
        assert family.phone.post(f"{family.hers}/answer", fields).status_code == 404
    assert family.phone.get(f"{family.hers}/{theirs.id}.ics").status_code == 404
    assert family.replies() == []


def test_one_date_goes_into_a_calendar(family: Family) -> None:
    page = family.phone.get(family.hers).text
    [address] = re.findall(r'href="(/f/[^"]+\.ics[^"]*)"', page)
    answer = family.phone.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "Court date: Marcus"
    assert event["uid"] == f"hearing-{family.hearing.id}"
    assert "Johnson" not in answer.text
    own = family.phone.get(f"{family.his}/{family.hearing.id}.ics?lang=es")
    [event] = Calendar.from_ical(own.content).walk("VEVENT")
    assert event["summary"] == "Cita en la corte"


def test_subscribing_makes_one_calendar_however_often_it_is_asked_for(family: Family) -> None:
    assert "webcal:" not in family.phone.get(family.hers).text
    for _ in range(2):
        family.phone.post(f"{family.hers}/calendar")
    page = family.phone.get(family.hers).text
    [address] = re.findall(r'href="webcal://[^/]+(/calendar/[\w-]{30,}\.ics)"', page)
    with family.records.reading(family.office.hub_id) as session:
        [kept] = session.exec(select(FeedToken)).all()
    feed = feed_of(family.records, address.removeprefix("/calendar/").removesuffix(".ics"))
    assert feed is not None
    assert (feed.id, feed.person_id) == (kept.id, family.mother)


def test_the_participant_sees_this_weeks_steps_and_family_none(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        steps = (
            NewStep("employment", "Meet the job coach", due_on=NOW.date() + 2 * DAY),
            NewStep("substance_use_treatment", "Rehab intake", due_on=NOW.date() + DAY),
            NewStep("housing", "See the room", due_on=NOW.date() + 12 * DAY),
        )
        start_plan(session, family.case.id, steps, ROSA, NOW)
    words = family.phone.words(family.his)
    assert "Meet the job coach" in words
    assert "An appointment" in words
    for hidden in ("Rehab", "See the room"):
        assert hidden not in words
    assert "job coach" not in family.phone.words(family.hers)
    assert family.phone.post(f"{family.hers}/steps").status_code == 404
    there = family.phone.post(f"{family.his}/steps").headers["location"]
    assert there.startswith("/steps/")
    assert "I can’t make it" in family.phone.words(there), "the button was this one"


def test_in_custody_nothing_tells_of_it_and_nothing_is_asked_of_the_participant(
    family: Family,
) -> None:
    with family.records.writing(family.office.hub_id) as session:
        steps = [NewStep("employment", "Meet the job coach", due_on=NOW.date())]
        start_plan(session, family.case.id, steps, ROSA, NOW)
    before = family.phone.words(family.hers)
    with family.records.writing(family.office.hub_id) as session:
        case = get_case(session, family.case.id)
        move_track(session, case, Track.CUSTODY, "detained", ROSA, NOW)
    assert family.phone.words(family.hers) == before
    own = family.phone.words(family.his)
    assert "December 8" in own
    for hidden in ("job coach", "Will you be there", "custody", "jail", "detained"):
        assert hidden not in own
    fields = {"said": "coming", "hearing": family.hearing.id}
    assert family.phone.post(f"{family.his}/answer", fields).status_code == 404
    assert family.phone.post(f"{family.his}/steps").status_code == 404


def test_another_language_is_for_this_page_until_they_say_so(family: Family) -> None:
    page = family.phone.get(f"{family.hers}?lang=ht")
    assert "Voye mesaj mwen yo an kreyòl" in said(page)
    assert language_of(family) == "en"
    answer = family.phone.post(f"{family.hers}/language", {"lang": "ht"})
    assert answer.headers["location"] == f"{family.hers}?lang=ht&done=language"
    assert language_of(family) == "ht"
    words = family.phone.words(family.hers)
    assert "Dat tribinal Marcus" in words
    assert "Voye mesaj mwen yo" not in words
    family.phone.post(f"{family.hers}/language", {"lang": "xx"})
    assert language_of(family) == "ht"


def language_of(family: Family) -> str:
    """In which language his mother is written to."""
    with family.records.reading(family.office.hub_id) as session:
        return session.get_one(Person, family.mother).language


def test_it_shows_how_they_are_reached_and_stops_all_of_it(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        for channel, address in ((Channel.VOICE, "+13055550111"), (Channel.EMAIL, "d@example.org")):
            add_contact(session, family.mother, NewContact(channel, address, AGREED), ROSA, NOW)
    page = family.phone.get(family.hers)
    for shown in ("Texts to …0111", "Calls to …0111", "E-mail to d…@example.org"):
        assert shown in said(page)
    assert "3055550111" not in page.text
    for _ in range(2):
        assert family.phone.post(f"{family.hers}/stop").status_code == 303
    with family.records.reading(family.office.hub_id) as session:
        ways = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == family.mother)
        ).all()
        other = session.exec(select(ContactPoint).where(ContactPoint.person_id == family.son)).one()
    assert [way.opted_out_at for way in ways] == [NOW] * 3
    assert other.opted_out_at is None
    words = family.phone.words(f"{family.hers}?done=stop")
    assert "You get no more messages from us." in words
    assert words.count("(stopped)") == 3
    assert "Stop all messages" not in words


def test_it_says_whom_to_call(family: Family) -> None:
    with family.records.writing(family.office.hub_id) as session:
        contacts = (
            NewContact(Channel.EMAIL, "ana@example.org", "A work address."),
            NewContact(Channel.VOICE, "+13055550177", "An office phone."),
        )
        set_counsel(
            session, family.case.id, NewCounsel("Ana", "Ruiz", contacts=contacts), ROSA, NOW
        )
    page = family.phone.get(family.his)
    assert "Your lawyer: 305-555-0177" in said(page)
    assert 'href="tel:+13055550177"' in page.text
    assert "Call us: (305) 555-0100" in said(page)
    for hidden in ("ana@example.org", "Ruiz"):
        assert hidden not in page.text


def test_no_page_it_leads_to_learns_its_address_and_nobody_keeps_it(family: Family) -> None:
    answers = [
        family.phone.get(family.hers),
        family.phone.get(f"{family.hers}/{family.hearing.id}.ics"),
        family.phone.post(f"{family.hers}/stop"),
        family.phone.post(f"{family.hers}/stop", headers={"Sec-Fetch-Site": "cross-site"}),
        family.phone.get("/f/never"),
        family.phone.get(f"{family.hers}/none.ics"),
    ]
    for answer in answers:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert 'rel="noreferrer"' in answers[0].text


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, OWN, {"Origin": "http://testserver"}])
def test_an_old_phone_that_says_not_where_a_form_comes_from_is_heard(
    family: Family, headers: dict[str, str]
) -> None:
    fields = {"said": "coming", "hearing": family.hearing.id}
    answer = family.phone.post(f"{family.hers}/answer", fields, headers=headers)
    assert answer.status_code == 303
    assert family.answers() == {family.mother: "coming"}


def test_a_broken_address_is_answered_calmly(family: Family) -> None:
    for address in (f"{family.hers}%00", f"{family.hers}?lang=%00", "/f/%C3%A9%22%3E%3Cb%3E"):
        page = family.phone.get(address)
        assert page.status_code in (404, 410)
        assert "<b>" not in page.text


def test_reading_is_not_noted_and_a_deed_is(family: Family) -> None:
    def opened() -> list[object]:
        with family.records.reading(family.office.hub_id) as session:
            links = session.exec(select(PrivateLink)).all()
            return [link.opened_at for link in links if path_of(link) == family.hers]

    family.phone.get(family.hers)
    assert opened() == [None]
    family.press(family.hers, "coming")
    assert opened() == [NOW]


# The end of a link.


def ended(family: Family) -> dict[str, str]:
    """Paths that do not open, by why."""
    other = a_case(family.records, NOW, phone="+13055550112")
    aunt = a_mother(family.records, family.case, NOW, phone="+13055550118")
    with family.records.writing(family.office.hub_id) as session:
        old = family_link(session, family.mother, family.case.id, NOW)
        old.expires_at = NOW - DAY
        revoked = family_link(session, family.son, family.case.id, NOW)
        revoked.revoked_at = NOW
        theirs = session.get_one(Defendant, other.defendant_id).person_id
        closed = family_link(session, theirs, other.id, NOW)
        session.get_one(Case, other.id).stage = "closed"
        left = family_link(session, aunt, family.case.id, NOW)
        row = session.exec(select(Supporter).where(Supporter.person_id == aunt)).one()
        end_supporter(session, row.id, ROSA, NOW)
    return {
        "never made": "/f/AAAAAAAAAAAAAAAAAAAAAA",
        "expired": path_of(old),
        "ended": path_of(revoked),
        "of a closed case": path_of(closed),
        "of who left": path_of(left),
    }


@pytest.mark.parametrize("spoken", ["en-US", "es-MX", "ht"])
def test_a_link_that_does_not_open_tells_nobody_whether_it_ever_did(
    family: Family, spoken: str
) -> None:
    paths = ended(family)
    told: dict[str, list[tuple[int, str, dict[str, str]]]] = {}
    for why, path in paths.items():
        browser = family.office.browser()
        browser.http.headers["Accept-Language"] = spoken
        app = family.office.app
        app.state.pages = replace(app.state.pages, links=Throttle())
        answers = [
            browser.get(path),
            browser.post(f"{path}/new", {"lang": spoken[:2]}),
            browser.get(f"{path}?lang=es&done=asked"),
            browser.post(f"{path}/answer", {"said": "coming", "words": "Wait for me."}),
            browser.get(f"{path}/{family.hearing.id}.ics"),
            browser.post(f"{path}/stop"),
        ]
        told[why] = [
            (
                answer.status_code,
                answer.text.replace(path, "/f/x"),
                {name: value.replace(path, "/f/x") for name, value in answer.headers.items()},
            )
            for answer in answers
        ]
    assert all(one == told["never made"] for one in told.values())
    assert [status for status, *_ in told["expired"]] == [410, 303, 410, 410, 410, 410]
    assert "Wait for me." in str(told["expired"][3])
    for secret in ("Marcus", "Denise", "Johnson", "0111"):
        assert secret not in str(told)


def test_a_new_link_goes_to_the_phone_they_have_and_to_no_typed_address(family: Family) -> None:
    paths = ended(family)
    stranger = family.office.browser()
    typed = {"phone": "+13055550199", "address": "thief@example.org", "lang": "en"}
    for path in paths.values():
        for _ in range(3):
            answer = stranger.post(f"{path}/new", typed)
            assert answer.headers["location"] == f"{path}?lang=en&done=asked"
    with family.records.reading(family.office.hub_id) as session:
        [asked] = session.exec(select(Answer)).all()
        contact = session.get_one(ContactPoint, asked.contact_id)
    assert (asked.step, asked.person_id) == ("page_link", family.mother)
    assert contact.address == "+13055550111"
    words = stranger.get(f"{paths['expired']}?done=asked")
    assert "If this was your link, a new one is on its way" in said(words)


def test_the_new_link_opens_and_the_old_one_never_again(family: Family) -> None:
    path = ended(family)["expired"]
    family.phone.post(f"{path}/new")
    with family.records.writing(family.office.hub_id) as session:
        new = path_of(family_link(session, family.mother, family.case.id, NOW))
    assert family.phone.get(new).status_code == 200
    assert family.phone.get(path).status_code == 410


def test_a_link_that_opens_needs_no_new_one(family: Family) -> None:
    answer = family.phone.post(f"{family.hers}/new")
    assert answer.status_code == 303
    with family.records.reading(family.office.hub_id) as session:
        assert session.exec(select(Answer)).all() == []


def test_where_there_are_several_hubs_the_page_of_an_ended_link_names_none(
    family: Family,
) -> None:
    assert "Liberty City Defense" in family.phone.get("/f/never").text
    family.office.other_hub()
    words = family.phone.get("/f/never").text
    assert "Liberty City Defense" not in words
    assert "Overtown" not in words


# What is never shown.

MARK = st.from_regex(r"Zq[a-z]{8}", fullmatch=True)
"""A word that stands nowhere else."""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    marks=st.lists(MARK, min_size=9, max_size=9, unique=True),
    custody=st.sampled_from(["released", "detained"]),
    kind=st.sampled_from(list(HearingKind)),
    care=st.sampled_from(["substance_use_treatment", "mental_health_care", "drug_screen"]),
    said_before=st.sampled_from(["", "coming", "cannot"]),
)
def test_no_page_shows_a_charge_a_docket_number_a_last_name_or_treatment(
    office: Office, marks: list[str], custody: str, kind: HearingKind, care: str, said_before: str
) -> None:
    first, last, her_last, statute, charge, docket, court, step, note = marks
    with office.house.records.writing(office.hub_id) as session:
        new = NewCase(
            first,
            last,
            docket_name=f"{last}, X",
            docket_number=docket,
            jurisdiction=court,
            custody=Custody(custody),
            custody_place=note,
        )
        case = open_case(session, new, ROSA, NOW)
        person = session.get_one(Defendant, case.defendant_id).person_id
        supporter = enroll_supporter(
            session, case.id, NewSupporter("Denise", her_last, "mother"), ROSA, NOW
        )
        add_charge(session, case.id, ChargeWords(statute, charge, "felony", "PENDING"), ROSA, NOW)
        setting = Setting(wall("2026-12-08 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")
        hearing = schedule_hearing(session, case.id, kind, setting, ROSA, NOW)
        named = Court(name=f"{court} Treatment Court", zone=ZONE, address="1 Main St")
        session.add(named)
        session.flush()
        hearing.court_id = named.id
        start_plan(session, case.id, [NewStep(care, step, due_on=NOW.date())], ROSA, NOW)
        paths = [
            path_of(family_link(session, one, case.id, NOW))
            for one in (person, supporter.person_id)
        ]
    phone = office.browser()
    if said_before:
        phone.post(f"{paths[1]}/answer", {"said": said_before, "hearing": hearing.id})
    phone.post(f"{paths[1]}/calendar")
    for path in paths:
        for address in (
            *(f"{path}?lang={language}" for language in LANGUAGES),
            f"{path}/{hearing.id}.ics",
        ):
            page = phone.get(address)
            assert page.status_code == 200
            for mark in (last, her_last, statute, charge, docket, court, step, note):
                assert mark.lower() not in page.text.lower(), address
            assert not KIND_WORDS.search(said(page)), address


KIND_WORDS = re.compile(
    r"arraign|sentenc|plea|trial|violation|bail|felony|charge|treatment|custody|detain|jail|"
    r"prison|lectura de cargos|sentencia|juicio|fianza|detenid|jijman|kosyon|akizasyon",
    re.IGNORECASE,
)
"""What a hearing is for, and where its person is, in three languages."""


# What it weighs.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_page_and_its_style_weigh_at_most_14_kilobytes(
    office: Office, language: str
) -> None:
    family = Family(office, language=language)
    with family.records.writing(office.hub_id) as session:
        steps = [
            NewStep("employment", f"Meet the job coach at the library {n}", due_on=NOW.date())
            for n in range(4)
        ]
        start_plan(session, family.case.id, steps, ROSA, NOW)
    for month in range(1, 6):
        a_hearing(family.records, family.case, f"2027-0{month}-12 10:00", NOW)
    family.phone.post(f"{family.his}/calendar")
    family.press(family.his, "cannot", "I work, and the bus stops at six.", language)
    page = family.phone.get(f"{family.his}?lang={language}&done=cannot")
    [style] = re.findall(r'href="(/plain\.css[^"]*)"', page.text)
    loaded = re.findall(r'(?:src|href)="([^"]+)"[^>]*>', page.text.partition("</head>")[0])
    assert loaded == ["data:,", style], "nothing else is loaded"
    assert "<script" not in page.text
    assert "<img" not in page.text
    weight = len(page.content) + len(family.phone.get(style).content)
    assert weight <= 14_000, weight


@pytest.mark.parametrize("language", LANGUAGES)
def test_their_own_ride_stands_on_their_page_and_nobody_elses(
    office: Office, language: str
) -> None:
    family = Family(office, language=language)
    with family.records.writing(office.hub_id) as session:
        hearing = session.get_one(Hearing, family.hearing.id)
        new = NewRide("Lee", 3, wall("2026-12-08 08:15"), "NW 7th Ave", "+13055550188")
        ride = offer_ride(session, hearing, new, ROSA, NOW)
        take_seat(session, hearing, ride.id, family.mother, ROSA, NOW)
    hers, his = family.phone.words(family.hers), family.phone.words(family.his)
    assert "Lee" in hers
    assert "8:15" in hers
    assert "NW 7th Ave" in hers
    assert "555-0188" in hers
    assert "Lee" not in his
    with family.records.writing(office.hub_id) as session:
        setting = Setting(wall("2026-12-09 13:30"), ZONE, "3A")
        move_hearing(session, family.hearing.id, setting, ROSA, NOW)
    assert "Lee" not in family.phone.words(family.hers)
