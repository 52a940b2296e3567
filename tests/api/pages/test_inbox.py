"""The inbox: who wrote back, the conversation, and the answer."""

import re
import time
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import Channel, Role
from records.addresses import address_index
from records.answering import MOST_WORDS
from records.circle import NewContact, add_contact, mark_unreachable
from records.hub_changes import change_hub
from records.replies import receive_text
from records.reply_tasks import ask_a_person
from records.tables import (
    Answer,
    Case,
    Consent,
    ContactPoint,
    Hearing,
    HumanTask,
    Message,
    Person,
    Reply,
    StaffSession,
    Supporter,
)
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_message, a_mother, utc

DENISE = "+13055550111"
STRANGER = "+13055550177"
OWN_SCRIPT = re.compile(r'<script src="/live\.js\?v=[0-9a-f]+" defer>')
HOSTILE = [
    "<script>alert(1)</script><b>hi</b>",
    '"><img src=x onerror=alert(1)>',
    "x" * 1600,
    "متى المحكمة؟ هل يمكنني إحضار ابني",
    "line one\nline two\u202etxet neddih",
    "{{ 7 * 7 }} {% raw %}",
]


def text_in(office: Office, body: str, sender: str = DENISE, *, minutes: int = 0) -> str:
    """Somebody texts; the id of the reply."""
    at = office.clock.at + timedelta(minutes=minutes)
    receive_text(office.house.records, sender, body, f"SM{sender}{hash(body)}{minutes}", at)
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(col(Reply.id)).order_by(col(Reply.id).desc())).first() or ""


def a_family(office: Office) -> tuple[Case, str]:
    """Marcus, who has no phone, and his mother Denise; the case and her person id."""
    case = a_case(office.house.records, NOW, phone="")
    return case, a_mother(office.house.records, case, NOW)


def test_an_empty_inbox_says_what_it_means(rosa: Browser) -> None:
    page = rosa.words("/inbox")
    assert "Nobody has written back yet" in page
    assert "STOP, YES and the like are done at once" in page


def test_a_line_says_who_whose_circle_the_last_words_and_how_long_ago(
    office: Office, rosa: Browser
) -> None:
    a_family(office)
    text_in(office, "Where do I park?")
    office.clock.at += timedelta(minutes=12)
    page = rosa.words("/inbox")
    assert "1 conversation waits for one of us" in page
    assert (
        "Denise Johnson mother of Marcus Johnson Where do I park? 12 minutes ago · waits for an "
        "answer" in page
    )
    assert "Inbox 1 waiting" in rosa.words("/")
    assert office.audit() == ["read the inbox"]


def test_what_waits_comes_before_what_was_answered_later(office: Office, rosa: Browser) -> None:
    a_family(office)
    text_in(office, "Who is this about?", STRANGER)
    reply = text_in(office, "Thank you")
    rosa.post(f"/inbox/{reply}/done")
    page = rosa.words("/inbox")
    assert page.index("305-555-0177") < page.index("Denise Johnson")
    assert "We do not know whose number this is" in page


def test_a_conversation_shows_everything_with_what_became_of_it(
    office: Office, rosa: Browser
) -> None:
    case, denise = a_family(office)
    with office.house.records.writing(office.hub_id) as session:
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        message = a_message(
            session, contact, "Hola Denise", NOW, case_id=case.id, state="undelivered"
        )
        message.error_code, message.language = "30003", "es"
        session.add(message)
    reply = text_in(office, "Which room is it?", minutes=5)
    page = rosa.words(f"/inbox/{reply}")
    assert "Denise Johnson mother of Marcus Johnson · speaks English" in page
    assert "Reminder, 3 days before · Wed 2 Dec 2026, 10:00 Hola Denise" in page
    assert "not delivered: the phone was switched off or out of reach" in page
    assert "They wrote · Wed 2 Dec 2026, 10:05 Which room is it?" in page
    assert 'lang="es">Hola Denise' in rosa.get(f"/inbox/{reply}").text
    assert "Call 305-555-0111" in page
    assert office.audit().count("read a conversation") == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_somebody_writes_is_shown_as_text(
    office: Office, rosa: Browser, words: str
) -> None:
    a_family(office)
    reply = text_in(office, words)
    for address in ("/inbox", f"/inbox/{reply}", "/"):
        page = rosa.get(address).text
        scripts = re.findall(r"<script[^>]*>", page)
        assert all(OWN_SCRIPT.fullmatch(script) for script in scripts), scripts
        assert "<img" not in page
        assert "<b>hi" not in page
    bubble = re.search(
        r'class="bubble" dir="auto">(.*?)</p>', rosa.get(f"/inbox/{reply}").text, re.S
    )
    assert bubble is not None
    assert unescape(bubble[1]) == words


def test_an_answer_is_written_once_and_ends_the_waiting(office: Office, rosa: Browser) -> None:
    case, denise = a_family(office)
    reply = text_in(office, "Which room is it?")
    page = rosa.words(f"/inbox/{reply}")
    assert "Begins with “Liberty City Defense:”" in page
    assert "About 138 characters fit into the first part" in page
    fields = {"words": "Room 3A.\r\nWe meet at 8:30.", "once": "opened once"}
    for _ in range(2):
        answer = rosa.post(f"/inbox/{reply}/answer", fields)
        assert answer.headers["location"] == f"/inbox/{reply}?done=answered#answer"
    with office.house.records.reading(office.hub_id) as session:
        row = session.exec(select(Answer).where(Answer.step == "answer")).one()
        assert (row.body, row.case_id, row.person_id) == (
            "Room 3A.\nWe meet at 8:30.",
            case.id,
            denise,
        )
        [task] = session.exec(select(HumanTask).where(HumanTask.kind == "reply_waiting")).all()
        assert task.closed_at == NOW
    page = rosa.words(f"/inbox/{reply}?done=answered")
    assert "Your answer is written" in page
    assert "answered · Wed 2 Dec 2026, 10:00 Room 3A. We meet at 8:30. waits to leave" in page
    assert "Nobody is waiting for an answer" in rosa.words("/inbox")
    assert "An answer was written" in rosa.words(f"/cases/{case.id}")


def test_an_empty_or_endless_answer_is_sent_back_with_what_was_typed(
    office: Office, rosa: Browser
) -> None:
    a_family(office)
    reply = text_in(office, "Which room is it?")
    empty = rosa.post(f"/inbox/{reply}/answer", {"words": "  "})
    assert empty.status_code == 422
    assert "Write your answer first" in said(empty)
    long = rosa.post(f"/inbox/{reply}/answer", {"words": "y" * (MOST_WORDS + 1)})
    assert long.status_code == 422
    assert "y" * (MOST_WORDS + 1) in long.text
    assert "1 conversation waits" in rosa.words("/inbox")


def test_in_quiet_hours_it_is_said_when_an_answer_leaves(office: Office, rosa: Browser) -> None:
    a_family(office)
    office.clock.at = utc("2026-12-03 03:30")
    reply = text_in(office, "Which room is it?")
    office.clock.at += timedelta(minutes=35)
    page = rosa.words(f"/inbox/{reply}")
    assert "It is 23:05 where they are. They wrote 35 minutes ago, so your answer leaves" in page
    office.clock.at += timedelta(minutes=40)
    page = rosa.words(f"/inbox/{reply}")
    assert "It is 23:45 where they are, and people sleep" in page
    assert "Your answer leaves Thu 3 Dec 2026 at 8:00" in page


def test_where_nothing_may_be_sent_the_page_says_what_to_do(office: Office, rosa: Browser) -> None:
    _, denise = a_family(office)
    reply = text_in(office, "Which room is it?")
    text_in(office, "STOP")
    page = rosa.words(f"/inbox/{reply}")
    assert "No answer can be sent They asked for no more messages there. Call" in page
    assert 'name="words"' not in rosa.get(f"/inbox/{reply}").text
    refused = rosa.post(f"/inbox/{reply}/answer", {"words": "Room 3A."})
    assert refused.status_code == 422
    assert "They asked for no more messages there" in said(refused)
    text_in(office, "START")
    with office.house.records.writing(office.hub_id) as session:
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        mark_unreachable(session, contact, "30005", ROSA, NOW)
    assert "Nothing arrives there. Find another way" in rosa.words(f"/inbox/{reply}")


def test_no_answer_needed_ends_the_waiting_and_may_be_said_twice(
    office: Office, rosa: Browser
) -> None:
    a_family(office)
    reply = text_in(office, "God bless you")
    assert "No answer needed" in rosa.words(f"/inbox/{reply}")
    for _ in range(2):
        done = rosa.post(f"/inbox/{reply}/done")
        assert done.headers["location"] == f"/inbox/{reply}?done=seen"
    page = rosa.words(f"/inbox/{reply}?done=seen")
    assert "Done: no answer is needed." in page
    assert "No answer needed" not in page


def test_somebody_who_reads_that_they_want_no_more_messages_ends_them_there(
    office: Office, rosa: Browser
) -> None:
    _, denise = a_family(office)
    reply = text_in(office, "how do I get off of this thing")
    assert "They want no more messages here" in rosa.words(f"/inbox/{reply}")
    for _ in range(2):
        done = rosa.post(f"/inbox/{reply}/stop")
        assert done.headers["location"] == f"/inbox/{reply}?done=stopped"
    page = rosa.words(f"/inbox/{reply}?done=stopped")
    assert "Done: no more messages go there." in page
    assert "They want no more messages here" not in page
    with office.house.records.reading(office.hub_id) as session:
        phone = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        consent = session.exec(select(Consent).where(Consent.person_id == denise)).one()
    assert phone.opted_out_at is not None
    assert consent.withdrawn_words == "how do I get off of this thing"


def test_what_they_said_about_coming_stands_above_the_words(office: Office, rosa: Browser) -> None:
    case, _ = a_family(office)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    text_in(office, "YES")
    reply = text_in(office, "RIDE")
    page = rosa.words(f"/inbox/{reply}")
    about = "needs a ride · Denise Johnson Tue 8 Dec 2026, 9:00 · Marcus Johnson"
    assert about in page
    assert "needs a ride for Tue 8 Dec 2026" in rosa.words(f"/cases/{case.id}")
    assert "Still open asks for a ride" in page
    with office.house.records.reading(office.hub_id) as session:
        task = session.exec(select(HumanTask).where(HumanTask.kind == "ride_wanted")).one()
    done = rosa.post(f"/tasks/{task.id}/done", {"back": "inbox"})
    assert done.headers["location"].startswith("/inbox/")
    assert "Still open" not in rosa.words(f"/inbox/{reply}")


def test_an_unknown_number_is_found_its_owner_and_keeps_what_it_wrote(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW, phone="")
    reply = text_in(office, "It is me, Denise", STRANGER)
    page = rosa.words(f"/inbox/{reply}")
    assert "305-555-0177" in page
    assert "Say whose it is, and you can answer" in page
    address = f"/inbox/{reply}/person"
    assert "Whose number is 305-555-0177?" in rosa.words(address)
    assert rosa.post(address, {"name": " "}).status_code == 422
    assert "Nobody by that name" in said(rosa.post(address, {"name": "zoe"}))
    found = rosa.post(address, {"name": "DENISE"})
    assert "Denise Johnson mother of Marcus Johnson It is Denise’s number" in said(found)
    link = re.search(rf'href="({address}/\w+)"', found.text)
    assert link is not None
    assert "Ask them first" in rosa.words(link[1])
    unasked = rosa.post(link[1], {"how": "by phone"})
    assert unasked.status_code == 422
    for _ in range(2):
        kept = rosa.post(link[1], {"agreed": "yes", "how": "by phone"})
        assert kept.headers["location"] == f"/inbox/{reply}?done=known"
    page = rosa.words(f"/inbox/{reply}?done=known")
    assert "Denise Johnson mother of Marcus Johnson" in page
    assert "Your words" in page
    with office.house.records.reading(office.hub_id) as session:
        consent = session.exec(select(Consent).order_by(col(Consent.id).desc())).first()
        assert consent is not None
        assert consent.how == "by phone"
        assert session.exec(select(Reply)).one().person_id == consent.person_id


def test_somebody_new_who_is_added_with_the_number_has_what_it_wrote(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    reply = text_in(office, "It is Aunt May", STRANGER)
    may = {"first_name": "May", "relationship": "aunt", "language": "en", "may_know": "yes"}
    may |= {"phone": "305-555-0177", "agreed": "yes", "how": "on paper"}
    assert rosa.post(f"/cases/{case.id}/supporters/new", may).status_code == 303
    assert "May aunt of Marcus Johnson" in rosa.words(f"/inbox/{reply}")
    with office.house.records.reading(office.hub_id) as session:
        tasks = session.exec(select(HumanTask).where(col(HumanTask.closed_at).is_(None))).all()
        assert [(task.kind, task.case_id) for task in tasks] == [("reply_waiting", case.id)]


def test_a_shared_number_shows_everybody_it_may_be(office: Office, rosa: Browser) -> None:
    records = office.house.records
    one, two = a_case(records, NOW, phone=DENISE), a_case(records, NOW, phone="")
    a_mother(records, two, NOW)
    reply = text_in(office, "Which day?")
    page = rosa.words(f"/inbox/{reply}")
    assert "Marcus Johnson or Denise Johnson" in page
    assert "They share this number: ask who writes" in page
    text = rosa.get(f"/inbox/{reply}").text
    assert f"/cases/{one.id}" in text
    assert f"/cases/{two.id}" in text
    assert "shared number" in rosa.words("/inbox")


def test_calls_and_mail_say_which_way_they_came(office: Office, rosa: Browser) -> None:
    _, denise = a_family(office)
    with office.house.records.writing(office.hub_id) as session:
        mailbox = NewContact(Channel.EMAIL, "denise@example.org", "Yes.")
        add_contact(session, denise, mailbox, ROSA, NOW)
    receive_text(
        office.house.records, "denise@example.org", "Hello", "m1", NOW, channel=Channel.EMAIL
    )
    with office.house.records.reading(office.hub_id) as session:
        reply = session.exec(select(col(Reply.id))).one()
    page = rosa.words(f"/inbox/{reply}")
    assert "Hello by e-mail" in page
    assert "Write to denise@example.org" in page
    assert "first part of the text" not in page


def test_in_trial_it_is_said_that_an_answer_is_kept_back(office: Office, rosa: Browser) -> None:
    a_family(office)
    reply = text_in(office, "Which room is it?")
    with office.house.records.writing(office.hub_id) as session:
        change_hub(session, {"trial": True, "text_name": "Líberty"}, NOW)
    page = rosa.words(f"/inbox/{reply}")
    assert "Trial: only your team gets messages." in page
    assert "the answer is kept back, and nobody gets it" in page
    assert "Begins with “Líberty:”. About 61 characters" in page
    with office.house.records.writing(office.hub_id) as session:
        change_hub(session, {"trial": False, "text_name": ""}, NOW)
    assert "Trial:" not in rosa.words("/")


def test_whoever_cannot_come_is_urgent_on_today_with_the_answer_beside_it(
    office: Office, rosa: Browser
) -> None:
    case, _ = a_family(office)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    other = a_case(office.house.records, NOW, phone="")
    reply = text_in(office, "START")
    with office.house.records.writing(office.hub_id) as session:
        row = session.get_one(Reply, reply)
        at = session.get_one(Hearing, hearing.id)
        kinds = (ReplyKind.CANNOT_COME,)
        ask_a_person(session, row, kinds, at, [session.get_one(Case, case.id)], NOW, known=True)
    text_in(office, "hello, who is this", STRANGER)
    answer = rosa.get("/")
    page = rosa.words("/")
    assert "Now Marcus Johnson Denise cannot come to the arraignment" in page
    assert answer.text.index('class="task red"') < answer.text.index('class="task amber"')
    assert f'href="/inbox/{reply}#answer">Answer' in answer.text
    assert "Call Denise Johnson 305-555-0111" in page
    assert "Somebody wrote from a number that nobody here knows" in page
    assert "Whose number is it?" in page
    assert other.id
    office.clock.at = utc("2026-12-08 20:00")
    assert 'class="task red"' not in rosa.get("/").text


def test_only_this_hub_s_caseworkers_read_it(office: Office) -> None:
    a_family(office)
    reply = text_in(office, "Where do I park?")
    stranger = office.staff(hub_id=office.other_hub())
    office.staff()
    base = f"/inbox/{reply}"
    for address in (base, f"{base}/person", f"{base}/person/{'0' * 32}"):
        assert stranger.get(address).status_code == 404, address
        for role in (Role.COUNSEL, Role.HUB_ADMIN):
            assert office.staff(role).get(address).status_code == 403, address
    for address in (f"{base}/answer", f"{base}/done", f"{base}/person/{'0' * 32}"):
        fields = {"words": "Hello.", "agreed": "yes"}
        assert stranger.post(address, fields).status_code == 404, address
        assert office.staff(Role.COUNSEL).post(address, fields).status_code == 403, address
    for page in ("/inbox", "/unreachable"):
        assert "Denise" not in said(stranger.get(page))
        assert office.staff(Role.COUNSEL).get(page).status_code == 403


def test_no_other_site_answers_for_us_and_an_ended_session_sends_nothing(
    office: Office, rosa: Browser
) -> None:
    a_family(office)
    reply = text_in(office, "Where do I park?")
    address, fields = f"/inbox/{reply}/answer", {"words": "Room 3A."}
    assert rosa.post(address, fields, {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert rosa.post(address, fields, {"X-Nothing": "1"}).status_code == 403
    with office.house.records.writing(office.hub_id) as session:
        for browser in session.exec(select(StaffSession)).all():
            browser.expires_at = NOW
            session.add(browser)
    office.clock.at += timedelta(minutes=1)
    ended = rosa.post(address, fields, OWN)
    assert ended.status_code == 401
    assert "most browsers still have what you typed" in said(ended)
    assert rosa.get(f"/inbox/{reply}").status_code == 303
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(Answer).where(Answer.step == "answer")).all() == []


def test_a_long_conversation_shows_its_end_and_the_rest_on_demand(
    office: Office, rosa: Browser
) -> None:
    _, denise = a_family(office)
    reply = text_in(office, "the first words")
    with office.house.records.writing(office.hub_id) as session:
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        for number in range(70):
            a_message(session, contact, f"message {number}", NOW + timedelta(minutes=number))
    page = rosa.words(f"/inbox/{reply}")
    assert "the first words" not in page
    assert "message 69" in page
    assert "Show everything that came before" in page
    assert "the first words" in rosa.words(f"/inbox/{reply}?past=all")


def test_two_thousand_conversations_are_listed_about_as_fast_as_sixty(
    office: Office, rosa: Browser
) -> None:
    """Compared within one run: the machine that runs this may be slow, and busy."""
    case = a_case(office.house.records, NOW)
    _fill(office, case, range(60))
    few = min(_listing(rosa, page) for page in (1, 1, 1, 1, 1))
    _fill(office, case, range(60, 2_000))
    assert "700 conversations wait" in rosa.words("/inbox")
    for page in (1, 40):
        many = min(_listing(rosa, page) for _ in range(5))
        assert many <= 4 * few, (few, many)


def _listing(browser: Browser, page: int) -> float:
    """Seconds that one full page of the list took."""
    began = time.perf_counter()
    answer = browser.get(f"/inbox?page={page}")
    took = time.perf_counter() - began
    assert answer.text.count('class="from"') == 50
    return took


def _fill(office: Office, case: Case, numbers: range) -> None:
    """So many people with a phone, three replies and a message each; the first 700 wait."""
    with office.house.records.writing(office.hub_id) as session:
        people = [Person(first_name=f"Ann{n}", last_name="Lee") for n in numbers]
        session.add_all(people)
        session.flush()
        index = {n: address_index(f"phone {n}") for n in numbers}
        contacts = [
            ContactPoint(person_id=one.id, channel="sms", address=DENISE, address_index=index[n])
            for n, one in zip(numbers, people, strict=True)
        ]
        session.add_all(contacts)
        session.add_all(
            Supporter(case_id=case.id, person_id=one.id, relationship="aunt", enrolled_at=NOW)
            for one in people
        )
        session.flush()
        for contact in contacts:
            session.add(_plain_message(case, contact))
        replies = [
            Reply(contact_index=index[n], address=DENISE, body="Where?", received_at=NOW)
            for n in [*numbers] * 3
        ]
        session.add_all(replies)
        session.flush()
        session.add_all(
            HumanTask(
                claim=f"task|{reply.id}",
                kind="reply_waiting",
                subject_id=reply.id,
                opened_at=NOW,
            )
            for n, reply in zip(numbers, replies, strict=False)
            if n < 700
        )


def _plain_message(case: Case, contact: ContactPoint) -> Message:
    return Message(
        claim=f"one|{contact.id}",
        case_id=case.id,
        person_id=contact.person_id,
        contact_id=contact.id,
        step="before_3",
        audience="family",
        language="en",
        channel="sms",
        transport="twilio",
        template="en/x",
        template_version="1",
        body="court",
        state="delivered",
        claimed_at=NOW,
    )
