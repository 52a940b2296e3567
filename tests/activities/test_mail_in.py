"""Mail that comes in changes the records: bounces, deliveries, STOP, and words for an advocate."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from activities.house import House
from activities.mail_in import WITHOUT_WORDS, MailFate, take_in_mail
from domain.replies import ReplyKind
from domain.vocabulary import Channel, MessageState
from records.case_facts import load_case
from records.casework import Source
from records.circle import NewContact, add_contact
from records.hubs import make_hub
from records.tables import Case, ContactPoint, HumanTask, Message, OutboxRow, Person, Reply
from tests.houses import FixedClock, a_case, a_hearing, a_mother, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
DENISE = "denise@example.org"
SAMPLES = Path(__file__).parents[1] / "domain" / "mail"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "var", FixedClock(NOW))
    yield made
    made.records.close()


@pytest.fixture
def case(house: House) -> Case:
    made = a_case(house.records, NOW, phone="")
    a_mother(house.records, made, NOW, email=DENISE)
    return made


def sent(house: House, case: Case, *, state: MessageState = MessageState.SENT) -> str:
    """An e-mail to Denise that the mail server took; its id."""
    hearing = a_hearing(house.records, case, "2026-12-22 09:00", NOW)
    with house.records.writing(hub_of(house.records)) as session:
        contact = session.exec(
            select(ContactPoint).where(ContactPoint.channel == Channel.EMAIL)
        ).one()
        message = Message(
            claim=f"claim-{hearing.id}",
            case_id=case.id,
            person_id=contact.person_id,
            contact_id=contact.id,
            subject_id=hearing.id,
            subject_revision=1,
            step="enrolled",
            audience="family",
            language="en",
            channel=Channel.EMAIL,
            transport="email",
            template="en/enrolled/family/email",
            template_version="1",
            state=state,
            claimed_at=NOW,
        )
        session.add(message)
        session.flush()
        if state is not MessageState.CLAIMED:
            message.provider_id = f"<{message.id}@example.org>"
        session.add(message)
        return message.id


def report(name: str, message_id: str) -> bytes:
    """A mail system's report about one of our mails."""
    return (SAMPLES / f"{name}.eml").read_bytes().replace(b"OUR-ID", message_id.encode())


def answer(body: str, *, sender: str = DENISE, number: int = 1, **headers: str) -> bytes:
    """What somebody writes back."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, "hub@example.org"
    mail["Subject"], mail["Message-ID"] = "Re: Hello", f"<answer-{number}@example.org>"
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def take_in(house: House, raw: bytes) -> MailFate:
    return take_in_mail(house.records, raw, NOW + timedelta(minutes=5))


def message_state(house: House, message_id: str) -> tuple[str, str]:
    with house.records.reading(hub_of(house.records)) as session:
        message = session.get_one(Message, message_id)
        return message.state, message.error_code


def contact(house: House, channel: Channel = Channel.EMAIL) -> ContactPoint:
    with house.records.reading(hub_of(house.records)) as session:
        return session.exec(select(ContactPoint).where(ContactPoint.channel == channel)).one()


def tasks(house: House) -> list[str]:
    with house.records.reading(hub_of(house.records)) as session:
        return [task.kind for task in session.exec(select(HumanTask)).all()]


def news(house: House) -> int:
    with house.records.reading(hub_of(house.records)) as session:
        return len(session.exec(select(OutboxRow)).all())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("postfix-unknown", "5.1.1"),
        ("exim-unrouteable", "5.2.1"),
        ("exim-old-plain", "5.0.0"),
        ("office365-not-found", "5.1.10"),
        ("gmail-unknown", "5.1.1"),
    ],
)
def test_a_mailbox_that_is_gone_is_marked_and_the_ladder_goes_on(
    house: House, case: Case, name: str, code: str
) -> None:
    message_id = sent(house, case)
    told = news(house)
    assert take_in(house, report(name, message_id)) is MailFate.REPORT_TAKEN
    assert message_state(house, message_id) == (MessageState.UNDELIVERED, code)
    assert contact(house).unreachable_code == code
    assert contact(house, Channel.SMS).unreachable_at is None
    assert news(house) > told, "the workflow hears of it"
    with house.records.reading(hub_of(house.records)) as session:
        facts = load_case(session, case.id)
    assert facts is not None
    ways = [way.channel for person in facts.people for way in person.contacts]
    assert ways == [Channel.SMS]


def test_the_same_report_twice_changes_nothing_more(house: House, case: Case) -> None:
    raw = report("postfix-unknown", sent(house, case))
    take_in(house, raw)
    told = news(house)
    assert take_in(house, raw) is MailFate.REPORT_TAKEN
    assert news(house) == told


@pytest.mark.parametrize("name", ["exchange-mailbox-full", "postfix-expired"])
def test_what_may_arrive_another_time_marks_no_mailbox(house: House, case: Case, name: str) -> None:
    message_id = sent(house, case)
    take_in(house, report(name, message_id))
    assert message_state(house, message_id)[0] == MessageState.UNDELIVERED
    assert contact(house).unreachable_at is None


def test_a_mail_system_that_blocks_us_is_a_task_for_the_house(house: House, case: Case) -> None:
    message_id = sent(house, case)
    take_in(house, report("office365-policy", message_id))
    assert message_state(house, message_id) == (MessageState.UNDELIVERED, "5.7.23")
    assert contact(house).unreachable_at is None
    assert tasks(house) == ["carrier_filtering"]


def test_a_delay_changes_nothing(house: House, case: Case) -> None:
    message_id = sent(house, case)
    assert take_in(house, report("postfix-delayed", message_id)) is MailFate.NOTHING_OF_OURS
    assert message_state(house, message_id) == (MessageState.SENT, "")


def test_a_delivery_is_noted_and_no_later_failure_takes_it_back(house: House, case: Case) -> None:
    message_id = sent(house, case)
    take_in(house, report("postfix-delivered", message_id))
    assert message_state(house, message_id) == (MessageState.DELIVERED, "")
    take_in(house, report("postfix-unknown", message_id))
    assert message_state(house, message_id) == (MessageState.DELIVERED, "")
    assert contact(house).unreachable_at is None


def test_a_report_that_overtakes_our_own_note_finds_its_mail(house: House, case: Case) -> None:
    message_id = sent(house, case, state=MessageState.CLAIMED)
    take_in(house, report("postfix-unknown", message_id))
    assert message_state(house, message_id)[0] == MessageState.UNDELIVERED


def test_a_report_about_a_mail_that_is_not_ours_changes_nothing(house: House, case: Case) -> None:
    message_id = sent(house, case)
    for other in ("0" * 32, "x", message_id[:-1]):
        assert take_in(house, report("postfix-unknown", other)) is MailFate.NOTHING_OF_OURS
    assert message_state(house, message_id)[0] == MessageState.SENT


@pytest.mark.parametrize("word", ["STOP", "Alto.", "sispann"])
def test_stop_by_mail_ends_mail_and_nothing_else(house: House, case: Case, word: str) -> None:
    quoted = f"{word}\n\nOn Tue, Dec 1, 2026 at 10:02 AM Hub <hub@example.org> wrote:\n> Hello\n"
    assert take_in(house, answer(quoted)) is MailFate.WORDS_TAKEN
    assert contact(house).opted_out_at is not None
    assert contact(house, Channel.SMS).opted_out_at is None


def test_half_a_letter_is_no_reason_to_miss_a_stop(house: House, case: Case) -> None:
    raw = answer("STOP +2AA-")
    named = raw.replace(b"utf-8", b"utf-7").replace(b"us-ascii", b"utf-7")
    assert b"utf-7" in named
    take_in(house, named)
    assert contact(house).opted_out_at is not None


def test_a_stop_in_the_subject_alone_is_heard(house: House, case: Case) -> None:
    raw = answer("").replace(b"Subject: Re: Hello", b"Subject: STOP")
    assert take_in(house, raw) is MailFate.WORDS_TAKEN
    assert contact(house).opted_out_at is not None


def test_words_come_before_an_advocate_once(house: House, case: Case) -> None:
    raw = answer("What time does court end?\n\nSent from my iPhone\n", sender="DENISE@Example.org")
    assert take_in(house, raw) is MailFate.WORDS_TAKEN
    take_in(house, raw)
    with house.records.reading(hub_of(house.records)) as session:
        reply = session.exec(select(Reply)).one()
        task = session.exec(select(HumanTask)).one()
    assert (reply.body, reply.channel) == ("What time does court end?", Channel.EMAIL)
    assert reply.provider_id == "<answer-1@example.org>"
    assert (task.kind, task.case_id, task.subject_id) == ("reply_waiting", case.id, reply.id)


@pytest.mark.parametrize("word", ["START", "YES", "RIDE"])
def test_a_mail_in_anybodys_name_can_do_no_more_than_ask_a_person(
    house: House, case: Case, word: str
) -> None:
    take_in(house, answer("STOP"))
    assert take_in(house, answer(word, number=2)) is MailFate.WORDS_TAKEN
    assert contact(house).opted_out_at is not None
    with house.records.reading(hub_of(house.records)) as session:
        found = select(Reply).where(Reply.provider_id == "<answer-2@example.org>")
        reply = session.exec(found).one()
    assert (reply.body, reply.read_as) == (word, ReplyKind.FOR_A_PERSON)
    assert tasks(house) == ["reply_waiting"]


def test_a_picture_without_words_asks_an_advocate(house: House, case: Case) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = DENISE, "Re: Hello", "<a@example.org>"
    mail.set_content("")
    mail.add_attachment(b"jpeg", maintype="image", subtype="jpeg", filename="letter.jpg")
    take_in(house, mail.as_bytes())
    with house.records.reading(hub_of(house.records)) as session:
        assert session.exec(select(Reply)).one().body == WITHOUT_WORDS
    assert tasks(house) == ["reply_waiting"]


def test_holiday_replies_and_strangers_change_nothing(house: House, case: Case) -> None:
    away = answer("I am away. STOP", Auto_Submitted="auto-replied")
    assert take_in(house, away) is MailFate.NOTHING_OF_OURS
    stranger = answer("STOP", sender="stranger@example.org")
    assert take_in(house, stranger) is MailFate.NOTHING_OF_OURS
    assert contact(house).opted_out_at is None
    with house.records.reading(hub_of(house.records)) as session:
        assert session.exec(select(Reply)).all() == []


def test_what_is_no_mail_is_said_to_be_none(house: House) -> None:
    assert take_in(house, b"\x00\x01STOP") is MailFate.UNREADABLE


def test_every_hub_that_knows_the_mailbox_hears_of_it_and_no_other(
    house: House, case: Case
) -> None:
    home = hub_of(house.records)
    knows, knows_not = (
        make_hub(house.records, name=slug, slug=slug).id for slug in ("overtown", "little-haiti")
    )
    with house.records.writing(knows) as session:
        person = Person(first_name="Denise")
        session.add(person)
        session.flush()
        new = NewContact(Channel.EMAIL, DENISE, "Yes, write to me.")
        add_contact(session, person.id, new, Source("rosa"), NOW)
    assert take_in(house, answer("Hello?")) is MailFate.WORDS_TAKEN
    for hub_id, heard in ((home, 1), (knows, 1), (knows_not, 0)):
        with house.records.reading(hub_id) as session:
            assert len(session.exec(select(Reply)).all()) == heard
