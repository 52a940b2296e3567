"""Messages about a plan's steps: the person's own page in them, and never what care it is."""

import asyncio
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.notifying import Notifying
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import Channel
from records.circle import NewContact, NewSupporter, enroll_supporter
from records.plan_moves import name_mentor
from records.plans import NewStep, start_plan
from records.tables import Message
from tests.houses import AGREED, ROSA, FixedClock, a_case, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")
SITE = "https://hub.example.org"
CARE = (
    "substance_use_treatment",
    "drug_screen",
    "mental_health_care",
    "trauma_individual",
    "trauma_group",
    "art_therapy",
)


def told(
    folder: Path, step: NewStep, *, language: str = "en", site: str = SITE
) -> dict[str, list[Message]]:
    """What Marcus and his mentor get of one step until it was missed; by first name."""
    clock = FixedClock(NOW)
    house = make_house(folder, clock, public_url=site)
    hub = hub_of(house.records)
    case = a_case(house.records, NOW, language=language)
    with house.records.writing(hub) as session:
        new = NewSupporter(
            "Lee", "Mills", "mentor", "en", (NewContact(Channel.SMS, "+13055550142", AGREED),)
        )
        lee = enroll_supporter(session, case.id, new, ROSA, NOW)
        name_mentor(session, lee.id, True, ROSA, NOW)
        plan = start_plan(session, case.id, [step], ROSA, NOW)
    subject, notifying = SubjectRef(Subject.PLAN, plan.id, hub), Notifying(house)
    while clock.at < utc("2026-12-14 12:00"):
        with house.records.reading(hub) as session:
            items = read_agenda(session, subject, clock.at).items
        for item in items:
            if item.act is Act.SEND_MESSAGE and item.due <= clock.at:
                asyncio.run(notifying.send_message(Doing(subject, item)))
        clock.at += timedelta(hours=2)
    found: dict[str, list[Message]] = {"Marcus": [], "Lee": []}
    with house.records.reading(hub) as session:
        for message in session.exec(select(Message).order_by(col(Message.claimed_at))).all():
            found["Lee" if message.person_id == lee.person_id else "Marcus"].append(message)
    return found


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_the_text_leads_to_their_own_page_and_the_mentors_does_not(
    tmp_path: Path, language: str
) -> None:
    got = told(tmp_path, NewStep("housing", "A room", due_on=date(2026, 12, 8)), language=language)
    [before] = got["Marcus"]
    assert re.search(rf"{SITE}/steps/[\w-]{{20,}}", before.body)
    assert before.language == language
    assert got["Lee"]
    assert not any("/steps/" in one.body for one in got["Lee"])


def test_without_an_address_that_people_can_reach_none_is_named(tmp_path: Path) -> None:
    got = told(tmp_path, NewStep("housing", "A room", due_on=date(2026, 12, 8)), site="")
    assert got["Marcus"]
    assert not any("/steps/" in one.body for one in got["Marcus"])


@pytest.mark.parametrize("kind", CARE)
def test_a_message_says_an_appointment_whatever_the_title_of_care_is(
    tmp_path: Path, kind: str
) -> None:
    got = told(tmp_path, NewStep(kind, "Detox at Grove House", due_on=date(2026, 12, 8)))
    assert got["Lee"] == [], "mentors hear nothing of care"
    assert got["Marcus"]
    for one in got["Marcus"]:
        assert "an appointment" in one.body
        assert not re.search("detox|grove|treat|drug|health|trauma|therap", one.body, re.IGNORECASE)
