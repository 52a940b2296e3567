"""Writers are written to: asked once, asked anew with a new link, and told no court date."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.house import House
from activities.notifying import Notifying
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.letters import Draft
from domain.vocabulary import Channel
from records.circle import NewContact
from records.letter_writing import decline_letter, save_letter, send_letter
from records.letters import Writer, ask_for_letter, letter_link, renew_link
from records.packets import PacketContent, request_packet
from records.private_links import path_of
from records.tables import Letter, Message
from tests.houses import ROSA, FixedClock, a_case, a_hearing, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")
SITE = "https://hub.example.org"


class Asked:
    """Marcus's pastor is asked for a letter; his case has a date in court."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOW)
        self.house: House = make_house(folder, self.clock, public_url=SITE)
        self.hub = hub_of(self.house.records)
        case = a_case(self.house.records, NOW)
        a_hearing(self.house.records, case, "2026-12-29 09:00", NOW)
        phone = NewContact(Channel.SMS, "+13055550142", "Yes, send me the link.")
        with self.house.records.writing(self.hub) as session:
            packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
            writer = Writer("Lee", "Brown", "pastor", "ht", (phone,))
            letter = ask_for_letter(session, packet.id, writer, ROSA, NOW)
        self.letter_id, self.writer_id = letter.id, letter.writer_id
        self.subjects = [
            SubjectRef(Subject.PACKET, packet.id, self.hub),
            SubjectRef(Subject.CASE, case.id, self.hub),
        ]

    def live(self, until: datetime) -> None:
        """Send whatever is due, hour by hour, as the workflows would."""
        notifying = Notifying(self.house)
        while self.clock.at <= until:
            for subject in self.subjects:
                with self.house.records.reading(self.hub) as session:
                    items = read_agenda(session, subject, self.clock.at).items
                for item in items:
                    if item.act is Act.SEND_MESSAGE and item.due <= self.clock.at:
                        asyncio.run(notifying.send_message(Doing(subject, item)))
            self.clock.at += timedelta(hours=1)

    def told(self) -> list[Message]:
        """What the writer got, in order."""
        with self.house.records.reading(self.hub) as session:
            return list(
                session.exec(
                    select(Message)
                    .where(Message.person_id == self.writer_id)
                    .order_by(col(Message.claimed_at))
                ).all()
            )

    def path(self) -> str:
        """Their link as it is now."""
        with self.house.records.writing(self.hub) as session:
            letter = session.get_one(Letter, self.letter_id)
            return path_of(letter_link(session, letter, self.clock.at))


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def links(messages: list[Message]) -> list[str]:
    return [found for one in messages for found in re.findall(r"/letter/[\w-]+", one.body)]


def test_a_writer_gets_their_link_and_no_court_date(asked: Asked) -> None:
    asked.live(utc("2026-12-29 12:00"))
    told = asked.told()
    assert {one.step for one in told} == {"letter_request", "letter_nudge"}
    assert [one.step for one in told].count("letter_request") == 1
    assert all(f"{SITE}{asked.path()}" in one.body for one in told)
    for message in told:
        assert message.language == "ht"
        assert "29 desanm" not in message.body
        assert not re.search("tribinal|jij|ka a", message.body)


def test_a_new_link_is_sent_once_more_and_is_the_one_that_opens(asked: Asked) -> None:
    asked.live(NOW + timedelta(hours=3))
    first = asked.path()
    assert links(asked.told()) == [first]
    with asked.house.records.writing(asked.hub) as session:
        renew_link(session, asked.letter_id, ROSA, asked.clock.at)
    asked.live(asked.clock.at + timedelta(hours=3))
    assert asked.path() != first
    assert links(asked.told()) == [first, asked.path()]


def test_whoever_sent_or_declined_is_not_asked_again(asked: Asked) -> None:
    asked.live(NOW + timedelta(hours=3))
    with asked.house.records.writing(asked.hub) as session:
        save_letter(session, asked.letter_id, Draft({"story": "Li chante."}), ROSA, NOW)
        send_letter(session, asked.letter_id, "Lee Brown", ROSA, NOW)
    asked.live(utc("2026-12-20 12:00"))
    assert len(asked.told()) == 1
    with asked.house.records.writing(asked.hub) as session:
        decline_letter(session, asked.letter_id, "", ROSA, NOW)
    asked.live(utc("2026-12-28 12:00"))
    assert len(asked.told()) == 1
