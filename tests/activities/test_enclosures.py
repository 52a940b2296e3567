"""E-mail about a hearing as it arrives: words, invitation, the way to stop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from temporalio.exceptions import ApplicationError

from activities.agendas import read_agenda
from activities.calendar_events import person_calendar
from activities.channels.loopback_behaviour import Drop
from activities.channels.loopback_smtp import LoopbackMailServer
from activities.house import House
from activities.invitations import invites
from activities.notifying import Notifying
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import Appearance, Channel
from records.circle import NewContact, add_contact
from records.hearings import Setting, move_hearing, record_outcome, vacate_hearing
from records.tables import Case, Defendant, Hearing
from records.unsubscribing import find_way_out
from tests.houses import (
    AGREED,
    ROSA,
    ZONE,
    FixedClock,
    a_case,
    a_hearing,
    a_mother,
    hub_of,
    make_house,
    utc,
    wall,
)

NOW = utc("2026-12-01 15:00")
DENISE = "denise@example.org"
MARCUS = "marcus@example.org"
PUBLIC = "https://hub.example.org"
SENDER = "Liberty City Defense <hub@example.org>"
AS_IT_CAME = SMTP.clone(refold_source="none")


@dataclass
class Post:
    """One case whose people are reached by e-mail, and the mail server that keeps it."""

    house: House
    clock: FixedClock
    server: LoopbackMailServer
    case: Case
    mother: str

    @property
    def hub_id(self) -> str:
        """The hub."""
        return hub_of(self.house.records)

    def mails(self, to: str = DENISE) -> list[EmailMessage]:
        """What arrived for somebody, opened as their mail program opens it."""
        return [
            message_from_bytes(one.message.as_bytes(policy=AS_IT_CAME), policy=default)
            for one in self.server.messages
            if one.recipients == (to,)
        ]

    def hearing(self, local: str = "2026-12-22 09:00") -> Hearing:
        """A date in court."""
        return a_hearing(self.house.records, self.case, local, self.clock.at)

    async def send_due(self) -> None:
        """Send whatever is due now."""
        subject = SubjectRef(Subject.CASE, self.case.id, self.hub_id)
        for _ in range(10):
            with self.house.records.reading(self.hub_id) as session:
                items = read_agenda(session, subject, self.clock.at).items
            due = [i for i in items if i.act is Act.SEND_MESSAGE and i.due <= self.clock.at]
            if not due:
                return
            for item in due:
                await Notifying(self.house).send_message(Doing(subject, item))


@asynccontextmanager
async def a_post(
    folder: Path, *, language: str = "en", public_url: str = PUBLIC
) -> AsyncIterator[Post]:
    clock = FixedClock(NOW)
    async with LoopbackMailServer() as server:
        house = make_house(
            folder,
            clock,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_sender=SENDER,
            smtp_starttls="never",
            public_url=public_url,
        )
        case = a_case(house.records, NOW, phone="")
        mother = a_mother(house.records, case, NOW, phone="", email=DENISE, language=language)
        try:
            yield Post(house, clock, server, case, mother)
        finally:
            house.records.close()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with a_post(tmp_path / "var") as made:
        yield made


def part(mail: EmailMessage, kind: str) -> bytes:
    """The one part of a kind."""
    (found,) = [one for one in mail.walk() if one.get_content_type() == kind]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def invited(mail: EmailMessage) -> tuple[str, Any]:
    """The method and the event of a mail's invitation."""
    calendar: Any = Calendar.from_ical(part(mail, "text/calendar"))
    (event,) = calendar.walk("VEVENT")
    assert not event.errors
    return str(calendar["METHOD"]), event


async def test_a_whole_email_as_a_person_opens_it(post: Post, tmp_path: Path) -> None:
    post.hearing()
    await post.send_due()
    file = tmp_path / "reminder.eml"
    file.write_bytes(post.server.messages[0].message.as_bytes(policy=AS_IT_CAME))
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert [one.get_content_type() for one in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert mail["From"] == SENDER
    assert mail["To"] == DENISE
    assert mail["Content-Language"] == "en"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["List-Unsubscribe"]).startswith(f"<{PUBLIC}/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Marcus" in part(mail, "text/plain").decode()
    assert part(mail, "application/ics") == part(mail, "text/calendar")
    (calendar,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    (ics,) = [one for one in mail.walk() if one.get_content_type() == "application/ics"]
    assert ics.get_filename() == "invitation.ics"
    wire = file.read_bytes()
    assert wire.isascii()
    assert wire.count(b"List-Unsubscribe: <https://") == 1, "whole, on one line"
    assert b"Johnson" not in part(mail, "text/calendar")


async def test_a_date_its_change_and_its_end_are_one_event_that_the_feed_knows(
    post: Post,
) -> None:
    hearing = post.hearing()
    await post.send_due()
    post.clock.at += timedelta(days=1)
    with post.house.records.writing(post.hub_id) as session:
        setting = Setting(wall("2026-12-23 13:30"), ZONE, "4B", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, setting, ROSA, post.clock.at)
    await post.send_due()
    post.clock.at += timedelta(days=1)
    with post.house.records.writing(post.hub_id) as session:
        vacate_hearing(session, hearing.id, ROSA, post.clock.at)
    await post.send_due()
    told = [invited(mail) for mail in post.mails()]
    assert [method for method, _ in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {event["UID"] for _, event in told} == {f"hearing-{hearing.id}"}
    assert [event["SEQUENCE"] for _, event in told] == [1, 2, 3]
    new_york = ZoneInfo(ZONE)
    assert [event["DTSTART"].dt for _, event in told] == [
        datetime(2026, 12, 22, 9, tzinfo=new_york),
        *[datetime(2026, 12, 23, 13, 30, tzinfo=new_york)] * 2,
    ]
    for _, event in told:
        assert event["ORGANIZER"] == "mailto:hub@example.org"
        assert event["ATTENDEE"] == f"mailto:{DENISE}"
        assert event["SUMMARY"] == "Court date: Marcus"
    with post.house.records.reading(post.hub_id) as session:
        feed: Any = Calendar.from_ical(person_calendar(session, post.mother, post.house.catalog))
    (in_feed,) = feed.walk("VEVENT")
    last = told[-1][1]
    for name in ("UID", "SEQUENCE", "STATUS", "DTSTART", "DTSTAMP", "SUMMARY", "LOCATION"):
        assert in_feed[name] == last[name], name


async def test_each_reader_gets_an_invitation_of_their_own(post: Post) -> None:
    with post.house.records.writing(post.hub_id) as session:
        person = session.get_one(Defendant, post.case.defendant_id).person_id
        add_contact(session, person, NewContact(Channel.EMAIL, MARCUS, AGREED), ROSA, NOW)
    post.hearing()
    await post.send_due()
    (_, hers), (_, his) = invited(post.mails()[0]), invited(post.mails(MARCUS)[0])
    assert hers["UID"] == his["UID"]
    assert (hers["ATTENDEE"], his["ATTENDEE"]) == (f"mailto:{DENISE}", f"mailto:{MARCUS}")
    assert (hers["SUMMARY"], his["SUMMARY"]) == ("Court date: Marcus", "Court date")


async def test_an_invitation_is_in_the_readers_language(tmp_path: Path) -> None:
    async with a_post(tmp_path / "var", language="es") as post:
        post.hearing()
        await post.send_due()
        _, event = invited(post.mails()[0])
        assert event["SUMMARY"] == "Cita en la corte: Marcus"
        assert event["LOCATION"] == "Sala 3A, 1351 NW 12th St, Miami"


async def test_a_mail_that_is_sent_again_carries_the_same_invitation(post: Post) -> None:
    post.hearing()
    post.server.drop(Drop.AFTER)
    with pytest.raises(ApplicationError):
        await post.send_due()
    post.server.drop(Drop.NEVER)
    post.clock.at += timedelta(minutes=3)
    await post.send_due()
    first, again = post.mails()
    assert first["Message-ID"] == again["Message-ID"]
    assert part(first, "text/calendar") == part(again, "text/calendar")


async def test_the_way_out_ends_this_mailbox_and_no_other(post: Post) -> None:
    post.hearing()
    await post.send_due()
    token = str(post.mails()[0]["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    found = find_way_out(post.house.records, token)
    assert found is not None
    assert (found.hub_name, found.ended) == ("Liberty City Defense", False)


@pytest.mark.parametrize("public_url", ["", "http://127.0.0.1:8000"])
async def test_pages_that_nobody_outside_can_reach_leave_a_mail_with_stop(
    tmp_path: Path, public_url: str
) -> None:
    async with a_post(tmp_path / "var", public_url=public_url) as post:
        post.hearing()
        await post.send_due()
        (mail,) = post.mails()
        assert mail["List-Unsubscribe"] == "<mailto:hub@example.org?subject=STOP>"
        assert "List-Unsubscribe-Post" not in mail


async def test_a_missed_date_invites_to_nothing(post: Post) -> None:
    hearing = post.hearing("2026-12-02 09:00")
    await post.send_due()
    post.clock.at = utc("2026-12-02 20:00")
    with post.house.records.writing(post.hub_id) as session:
        record_outcome(session, hearing.id, Appearance.FAILED_TO_APPEAR, ROSA, post.clock.at)
    post.clock.at = utc("2026-12-03 16:00")
    before = len(post.mails())
    await post.send_due()
    (mail,) = post.mails()[before:]
    kinds = {one.get_content_type() for one in mail.walk()}
    assert not kinds & {"text/calendar", "application/ics"}
    assert str(mail["List-Unsubscribe"]).startswith(f"<{PUBLIC}/u/")


@pytest.mark.parametrize(
    ("step", "yes"),
    [
        ("enrolled", True),
        ("before_7", True),
        ("before_14", True),
        ("morning", True),
        ("changed", True),
        ("cancelled", True),
        ("post_miss", False),
        ("plan_step", False),
        ("plan_step_missed", False),
        ("ack_stop", False),
        ("answer", False),
        ("digest", False),
        ("before_", False),
    ],
)
def test_only_messages_about_a_date_invite(step: str, yes: bool) -> None:
    assert invites(step) is yes
