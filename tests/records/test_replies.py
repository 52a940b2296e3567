"""Texts from outside: kept, understood where plain, asked of a person where not."""

from pathlib import Path

import pytest
from sqlmodel import select

from domain.replies import ReplyKind
from records.case_facts import load_case
from records.database import Records
from records.replies import receive_text
from records.tables import Case, HumanTask, Reply
from tests.houses import FixedClock, a_case, a_mother, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")
DENISE = "(305) 555-0111"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return make_house(tmp_path, FixedClock(NOW)).records


def reachable(records: Records, case: Case, person_id: str) -> bool:
    with records.reading(hub_of(records)) as session:
        facts = load_case(session, case.id)
    assert facts is not None
    return any(person.id == person_id and person.contacts for person in facts.people)


def test_stop_ends_messages_at_once_and_start_brings_them_back(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    assert receive_text(records, DENISE, "Stop", "SM1", NOW) == [ReplyKind.STOP]
    assert not reachable(records, case, denise)
    assert receive_text(records, DENISE, "start", "SM2", NOW) == [ReplyKind.START]
    assert reachable(records, case, denise)


def test_a_question_opens_one_task_however_often_it_is_reported(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    receive_text(records, DENISE, "When does court end?", "SM1", NOW)
    assert receive_text(records, DENISE, "When does court end?", "SM1", NOW) == []
    with records.reading(hub_of(records)) as session:
        task = session.exec(select(HumanTask).where(HumanTask.kind == "reply_waiting")).one()
        assert (task.case_id, task.person_id) == (case.id, denise)
        assert session.exec(select(Reply)).one().body == "When does court end?"
    assert reachable(records, case, denise)


def test_a_phone_that_two_cases_share_is_left_to_a_person(records: Records) -> None:
    for _ in range(2):
        a_mother(records, a_case(records, NOW, phone=""), NOW)
    receive_text(records, DENISE, "I need a ride", "SM1", NOW)
    with records.reading(hub_of(records)) as session:
        task = session.exec(select(HumanTask)).one()
        assert (task.kind, task.case_id) == ("ride_wanted", None)


def test_an_unknown_number_changes_nothing(records: Records) -> None:
    a_case(records, NOW)
    assert receive_text(records, "+13055550199", "STOP", "SM1", NOW) == []
    assert receive_text(records, "12", "STOP", "SM2", NOW) == []
