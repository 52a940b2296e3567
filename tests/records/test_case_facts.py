"""One case, whole: what its planner sees is what the records say, and of one hub alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import bindparam
from sqlmodel import col, select

from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.facts import CaseFacts
from domain.reminders import plan_case
from domain.vocabulary import Appearance, Audience, Channel, MessageState
from records.case_facts import load_case, load_sheet
from records.circle import NewContact, add_contact
from records.database import Records
from records.hearings import Setting, move_hearing, record_outcome
from records.matters import Recipient, matter_on, recipient_on
from records.messages import Composed, claim_message
from records.plan_facts import load_plan
from records.plans import NewStep, start_plan
from records.prepared import AlreadyThere, NotScoped, Prepared, PreparedInsert
from records.tables import CourtClosure, DatabaseMeta, Hub, Person, Site
from records.tasks import open_task
from tests.houses import AGREED, ROSA, ZONE, a_case, a_hearing, a_mother, utc, wall
from tests.records.conftest import TwoHubs

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=1)
WORDS = Composed("Court is Monday.", "", "enrolled", "v1", 1, "en", "family")


def facts_of(records: Records, hub: str, case_id: str) -> CaseFacts:
    """The facts of a case."""
    with records.reading(hub) as session:
        facts = load_case(session, case_id)
    assert facts is not None
    return facts


def test_a_case_with_everything_in_it(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    mother = a_mother(records, case, NOW, email="denise@example.org")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with records.writing(hub) as session:
        setting = Setting(wall("2026-06-05 13:30"), ZONE, "5B", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, setting, ROSA, LATER)
    facts = facts_of(records, hub, case.id)
    assert (facts.id, facts.hub_id, facts.stage, facts.detained) == (
        case.id,
        hub,
        "arrested",
        False,
    )
    assert (facts.policy.zone, facts.policy.reminder_days) == (ZONE, (7, 3, 1))
    assert [person.audience for person in facts.people] == [Audience.DEFENDANT, Audience.FAMILY]
    found = next(person for person in facts.people if person.id == mother)
    assert [contact.channel for contact in found.contacts] == [Channel.SMS, Channel.EMAIL]
    [seen] = facts.hearings
    assert (seen.revision, seen.announced_at) == (2, LATER)
    assert seen.when.instant == utc("2026-06-05 17:30")
    assert seen.history[1].instant == utc("2026-06-01 13:00")
    assert seen.when.place_key != seen.history[1].place_key


def test_what_was_said_and_asked_is_part_of_it(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with records.writing(hub) as session:
        plan = start_plan(session, case.id, (NewStep("housing", "A room"),), ROSA, NOW)
    owner = SubjectRef(Subject.CASE, case.id, hub)
    [message] = [
        item
        for item in plan_case(facts_of(records, hub, case.id), NOW).items
        if item.act is Act.SEND_MESSAGE
    ]
    task = AgendaItem(Act.OPEN_TASK, "task|x", NOW, LATER, mother, hearing.id, 1, "call_now")
    with records.writing(hub) as session:
        sheet = load_sheet(session, case.id)
        assert sheet is not None
        to = recipient_on(sheet, message)
        assert isinstance(to, Recipient)
        assert (to.first_name, to.address, to.language) == ("Denise", "+13055550111", "en")
        claim_message(session, message, owner, to, WORDS, "outbox", NOW, left_at_once=True)
        plan_owner = SubjectRef(Subject.PLAN, plan.id, hub)
        other = AgendaItem(Act.SEND_MESSAGE, "p|1", NOW, LATER, mother, "s", 1, "plan_step", "sms")
        claim_message(session, other, plan_owner, to, WORDS, "outbox", NOW, left_at_once=True)
        open_task(session, task, owner, NOW)
    facts = facts_of(records, hub, case.id)
    [fact] = facts.messages
    assert (fact.key, fact.state, fact.claimed_at) == (message.key, MessageState.SENT, NOW)
    assert facts.task_keys == {"task|x"}
    assert message not in plan_case(facts, NOW).items
    with records.reading(hub) as session:
        plan_facts = load_plan(session, plan.id)
        assert plan_facts is not None
        assert [fact.key for fact in plan_facts.messages] == ["p|1"]


def test_a_message_about_a_move_has_both_dates(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with records.writing(hub) as session:
        setting = Setting(wall("2026-06-05 13:30"), ZONE, "5B", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, setting, ROSA, LATER)
        sheet = load_sheet(session, case.id)
        assert sheet is not None
        item = AgendaItem(Act.SEND_MESSAGE, "k", NOW, LATER, "p", hearing.id, 2, "changed", "sms")
        matter = matter_on(session, sheet, item, told_revision=1)
    assert matter.hearing is not None
    assert matter.old is not None
    assert (matter.old.local_time, matter.hearing.local_time) == (
        wall("2026-06-01 09:00"),
        wall("2026-06-05 13:30"),
    )
    assert (matter.participant_first_name, matter.hub.phone) == ("Marcus", "(305) 555-0100")


def test_closure_days_count_once_there_was_a_miss(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    hearing = a_hearing(records, case, "2026-05-04 09:00", NOW)
    miss = utc("2026-05-04 20:00")
    with records.writing(hub) as session:
        session.add(CourtClosure(closed_on=date(2026, 5, 5)))
        record_outcome(session, hearing.id, Appearance.FAILED_TO_APPEAR, ROSA, miss)
    facts = facts_of(records, hub, case.id)
    assert facts.policy.closed_days == {date(2026, 5, 5)}
    due = [item.due for item in plan_case(facts, miss).items if item.step == "post_miss"]
    assert due == [utc("2026-05-06 14:00")]


def test_two_consents_for_one_phone_are_one_contact(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    mother = a_mother(records, case, NOW)
    with records.writing(hub) as session:
        again = NewContact(Channel.SMS, "305 555 0111", AGREED)
        add_contact(session, mother, again, ROSA, NOW)
    people = {person.id: person for person in facts_of(records, hub, case.id).people}
    assert len(people[mother].contacts) == 1


def test_a_case_of_another_hub_is_no_case(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    stranger = Hub(name="Another", slug="another")
    with records.everywhere() as session:
        session.add(stranger)
    with records.reading(stranger.id) as session:
        assert load_case(session, case.id) is None
        assert load_sheet(session, "nothing") is None


def test_a_prepared_statement_reads_one_hub_without_being_told(two_hubs: TwoHubs) -> None:
    everyone = Prepared(select(col(Person.hub_id)))
    joined = Prepared(select(col(Site.hub_id), col(Hub.id)).join(Hub, col(Hub.id) == Site.hub_id))
    within = Prepared(
        select(col(Site.id)).where(bindparam("owner").in_(select(col(Person.hub_id))))
    )
    for hub_id, stranger in (
        (two_hubs.mine, two_hubs.other),
        (two_hubs.other, two_hubs.mine),
    ):
        with two_hubs.records.reading(hub_id) as session:
            assert within.all(session, owner=stranger) == []
            assert within.all(session, owner=hub_id) != []
            assert {row[0] for row in everyone.all(session)} == {hub_id}
            assert set(joined.all(session)) == {(hub_id, hub_id)}


def test_a_table_without_a_hub_cannot_be_prepared() -> None:
    with pytest.raises(NotScoped, match="database_meta"):
        Prepared(select(DatabaseMeta.value))
    with pytest.raises(NotScoped):
        Prepared(select(select(col(Person.id)).where(Person.id == bindparam("x")).subquery()))


def test_a_prepared_insert_writes_for_its_own_hub_and_says_when_it_is_there(
    records: Records, hub: str
) -> None:
    put = PreparedInsert(Site)
    site = Site(name="North", hub_id="somebody else's")
    with records.writing(hub) as session:
        put.run(session, site)
    with records.reading(hub) as session:
        assert session.get_one(Site, site.id).name == "North"
    with pytest.raises(AlreadyThere), records.writing(hub) as session:
        put.run(session, site)
