"""Texts and e-mails lead to their reader's own page, where people can reach this site."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.notifying import Notifying
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import Appearance, Channel
from records.circle import NewContact, add_contact
from records.counsel import NewCounsel, set_counsel
from records.family_links import ask_for_a_new_link, family_link
from records.hearings import record_outcome
from records.private_links import path_of
from records.tables import Defendant, Hearing, Message, PrivateLink
from tests.houses import (
    AGREED,
    ROSA,
    FixedClock,
    a_case,
    a_hearing,
    a_mother,
    hub_of,
    make_house,
    utc,
)

NOW = utc("2026-11-30 15:00")
SITE = "https://hub.example.org"
PAGE = re.compile(re.escape(SITE) + r"(/f/[\w-]{20,})")


class Family:
    """Marcus, his mother with a phone and a mailbox, a hearing on Tuesday, and what they get."""

    def __init__(self, folder: Path, *, site: str = SITE, language: str = "en") -> None:
        self.clock = FixedClock(NOW)
        self.house = make_house(folder, self.clock, public_url=site)
        records = self.house.records
        self.hub = hub_of(records)
        self.case = a_case(records, NOW, language=language)
        self.mother = a_mother(records, self.case, NOW, language=language)
        a_hearing(records, self.case, "2026-12-08 09:00", NOW)

    def live(self, until: str) -> list[Message]:
        """All that was sent until then, first to last."""
        subject = SubjectRef(Subject.CASE, self.case.id, self.hub)
        notifying, end = Notifying(self.house), utc(until)
        while self.clock.at < end:
            with self.house.records.reading(self.hub) as session:
                items = read_agenda(session, subject, self.clock.at).items
            for item in items:
                if item.act is Act.SEND_MESSAGE and item.due <= self.clock.at:
                    asyncio.run(notifying.send_message(Doing(subject, item)))
            self.clock.at += timedelta(hours=1)
        with self.house.records.reading(self.hub) as session:
            return list(session.exec(select(Message).order_by(col(Message.claimed_at))).all())

    def paths(self) -> dict[str, str]:
        """Person id → the path of their page."""
        with self.house.records.reading(self.hub) as session:
            links = session.exec(select(PrivateLink)).all()
            return {str(link.person_id): path_of(link) for link in links}


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_texts_lead_to_their_readers_own_page_where_there_is_room(
    tmp_path: Path, language: str
) -> None:
    family = Family(tmp_path, language=language)
    sent = family.live("2026-12-08 16:00")
    paths = family.paths()
    assert len(paths) == 2
    assert {message.person_id for message in sent} == set(paths)
    for message in sent:
        assert message.language == language
        assert message.segments <= 2, message.body
        found = PAGE.search(message.body)
        if found is not None:
            assert found[1] == paths[str(message.person_id)]
        else:  # later ones rather keep whole sentences
            assert message.step != "enrolled", message.body
    for person_id in paths:
        theirs = [message for message in sent if message.person_id == person_id]
        assert any(PAGE.search(message.body) for message in theirs)


def test_an_email_leads_there_too(tmp_path: Path) -> None:
    family = Family(tmp_path)
    records = family.house.records
    other = a_mother(records, family.case, NOW, phone="", email="aunt@example.org")
    sent = [one for one in family.live("2026-12-01 12:00") if one.person_id == other]
    assert sent
    assert all(PAGE.search(one.body) for one in sent)


@pytest.mark.parametrize("site", ["", "http://127.0.0.1:8321", "http://localhost:8321"])
def test_where_no_phone_reaches_this_site_no_page_is_made(tmp_path: Path, site: str) -> None:
    family = Family(tmp_path, site=site)
    sent = family.live("2026-12-08 16:00")
    assert sent
    assert not any("/f/" in message.body for message in sent)
    assert family.paths() == {}


def test_a_new_link_is_sent_to_what_is_known_and_says_nothing_else(tmp_path: Path) -> None:
    family = Family(tmp_path)
    records = family.house.records
    with records.writing(family.hub) as session:
        contact = NewContact(Channel.EMAIL, "denise@example.org", AGREED)
        add_contact(session, family.mother, contact, ROSA, NOW)
        old = family_link(session, family.mother, family.case.id, NOW - timedelta(days=90))
        assert ask_for_a_new_link(session, old, NOW)
    family.live("2026-11-30 16:00")
    with records.reading(family.hub) as session:
        sent = session.exec(select(Message).where(Message.step == "page_link")).all()
    assert sorted(message.channel for message in sent) == ["email", "sms"]
    assert path_of(old) not in {one.body for one in sent}
    for message in sent:
        assert PAGE.search(message.body)
        assert path_of(old) not in message.body
        assert not re.search(r"Marcus|court|Johnson", message.body + message.subject_line)


def test_a_new_link_asked_for_at_night_waits_for_the_morning(tmp_path: Path) -> None:
    family = Family(tmp_path)
    family.clock.at = night = utc("2026-12-01 04:00")
    with family.house.records.writing(family.hub) as session:
        old = family_link(session, family.mother, family.case.id, NOW - timedelta(days=90))
        assert ask_for_a_new_link(session, old, night)
    assert not any(m.step == "page_link" for m in family.live("2026-12-01 12:30"))
    assert any(m.step == "page_link" for m in family.live("2026-12-01 14:30"))


def test_a_call_names_no_page(tmp_path: Path) -> None:
    family = Family(tmp_path)
    records = family.house.records
    quiet = a_case(records, NOW, phone="")
    with records.writing(family.hub) as session:
        person = session.get_one(Defendant, quiet.defendant_id).person_id
        add_contact(session, person, NewContact(Channel.VOICE, "+13055550130", AGREED), ROSA, NOW)
    a_hearing(records, quiet, "2026-12-08 09:00", NOW)
    family.case = quiet
    sent = [one for one in family.live("2026-12-01 16:00") if one.channel == "voice"]
    assert sent
    assert person not in family.paths()


def test_the_way_back_to_court_names_counsels_phone(tmp_path: Path) -> None:
    family = Family(tmp_path)
    ways = (NewContact(Channel.VOICE, "+13055550177", AGREED),)
    with family.house.records.writing(family.hub) as session:
        set_counsel(session, family.case.id, NewCounsel("Ana", "Ruiz", contacts=ways), ROSA, NOW)
        [hearing] = session.exec(select(Hearing)).all()
    family.live("2026-12-08 15:00")
    with family.house.records.writing(family.hub) as session:
        record_outcome(
            session, hearing.id, Appearance.FAILED_TO_APPEAR, ROSA, utc("2026-12-08 15:00")
        )
    sent = [one for one in family.live("2026-12-09 20:00") if one.step == "post_miss"]
    assert {one.person_id for one in sent} == set(family.paths())
    assert all("305-555-0177" in one.body for one in sent)
