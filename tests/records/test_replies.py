"""What people write back: kept, done where plain, left to a person where not."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from domain.agenda import Act, AgendaItem
from domain.mailing import ACKNOWLEDGING
from domain.reminders import case_items
from domain.replies import ReplyKind
from domain.vocabulary import Channel
from records.answering import MOST_ACKS_A_DAY, CannotAnswer, write_answer
from records.case_facts import load_case
from records.circle import NewContact, add_contact, end_supporter
from records.database import Records
from records.hearing_answers import answers_for
from records.hearings import Setting, move_hearing
from records.matters import recipient_at
from records.replies import WRONG_NUMBER, receive_text, stop_at
from records.reply_tasks import answered
from records.tables import (
    Answer,
    Case,
    CaseEvent,
    Consent,
    ContactPoint,
    Defendant,
    Hearing,
    HumanTask,
    Reply,
    Supporter,
)
from tests.houses import (
    ROSA,
    ZONE,
    FixedClock,
    a_case,
    a_hearing,
    a_message,
    a_mother,
    hub_of,
    make_house,
    utc,
    wall,
)

NOW = utc("2026-12-01 15:00")
DENISE = "(305) 555-0111"
MARCUS = "+13055550110"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return make_house(tmp_path, FixedClock(NOW)).records


def reachable(records: Records, case: Case, person_id: str) -> bool:
    with records.reading(hub_of(records)) as session:
        facts = load_case(session, case.id)
    assert facts is not None
    return any(person.id == person_id and person.contacts for person in facts.people)


def defendant_of(records: Records, case: Case) -> str:
    with records.reading(hub_of(records)) as session:
        return session.get_one(Defendant, case.defendant_id).person_id


def tasks(records: Records) -> list[tuple[str, str | None]]:
    """Kind and case of every open task, in the order in which they were opened."""
    with records.reading(hub_of(records)) as session:
        rows = session.exec(
            select(HumanTask).where(col(HumanTask.closed_at).is_(None)).order_by(col(HumanTask.id))
        ).all()
    return [(row.kind, row.case_id) for row in rows]


def answers(records: Records) -> list[Answer]:
    with records.reading(hub_of(records)) as session:
        return list(session.exec(select(Answer).order_by(col(Answer.id))).all())


def replies(records: Records) -> list[Reply]:
    with records.reading(hub_of(records)) as session:
        return list(session.exec(select(Reply).order_by(col(Reply.id))).all())


def case_plan(records: Records, case: Case) -> tuple[AgendaItem, ...]:
    """Everything that is planned for a case now."""
    with records.reading(hub_of(records)) as session:
        facts = load_case(session, case.id)
    assert facts is not None
    return tuple(i for i in case_items(facts, NOW) if i.person_id != defendant_of(records, case))


def planned_answers(records: Records, case: Case) -> list[AgendaItem]:
    """What the case's workflow would say back now."""
    items = case_plan(records, case)
    return [item for item in items if item.step == "answer" or item.step.startswith(ACKNOWLEDGING)]


class _Texts:
    """Texts from one phone, each under an id of its own."""

    def __init__(self, records: Records, sender: str = DENISE) -> None:
        self.records, self.sender, self.count = records, sender, 0

    def say(self, body: str, *, later: timedelta = timedelta(0)) -> list[ReplyKind]:
        self.count += 1
        sid = f"SM{self.sender[-4:]}{self.count}"
        return receive_text(self.records, self.sender, body, sid, NOW + later)


def test_stop_ends_messages_at_once_and_start_brings_them_back(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    texts = _Texts(records)
    assert texts.say("Stop") == [ReplyKind.STOP]
    assert not reachable(records, case, denise)
    assert texts.say("start") == [ReplyKind.START]
    assert reachable(records, case, denise)
    assert [answer.step for answer in answers(records)] == ["ack_stop", "ack_start"]


def test_what_they_said_and_how_is_kept_with_the_consent(records: Records) -> None:
    denise = a_mother(records, a_case(records, NOW), NOW)
    texts = _Texts(records)
    texts.say("STOP")
    texts.say("Start")
    with records.reading(hub_of(records)) as session:
        ended, given = session.exec(
            select(Consent).where(Consent.person_id == denise).order_by(col(Consent.id))
        ).all()
    assert (ended.withdrawn_words, ended.withdrawn_how) == ("STOP", "sms")
    assert ended.withdrawn_at == NOW
    assert (given.words, given.how, given.withdrawn_at) == ("Start", "sms", None)


def test_the_one_confirmation_of_a_stop_goes_to_the_phone_that_stopped(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    texts = _Texts(records)
    texts.say("STOP")
    texts.say("STOP")
    texts.say("I said stop it. Why?")
    [item] = planned_answers(records, case)
    assert (item.act, item.step, item.channel) == (Act.SEND_MESSAGE, "ack_stop", Channel.SMS)
    assert item.due == NOW


def test_where_the_carrier_confirms_a_stop_nobody_confirms_it_twice(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    receive_text(records, DENISE, "STOP", "SM1", NOW, answered=True)
    assert not reachable(records, case, denise)
    assert answers(records) == []


def test_a_stop_by_text_leaves_calls_and_mail_that_were_agreed_to_separately(
    records: Records,
) -> None:
    denise = a_mother(records, a_case(records, NOW), NOW, email="denise@example.org")
    with records.writing(hub_of(records)) as session:
        add_contact(session, denise, NewContact(Channel.VOICE, DENISE, "Call me, too."), ROSA, NOW)
    _Texts(records).say("STOP")
    with records.reading(hub_of(records)) as session:
        contacts = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).all()
    assert {c.channel: c.opted_out_at is not None for c in contacts} == {
        "sms": True,
        "voice": False,
        "email": False,
    }


def test_a_key_that_stops_calls_leaves_texts(records: Records) -> None:
    denise = a_mother(records, a_case(records, NOW), NOW)
    with records.writing(hub_of(records)) as session:
        add_contact(session, denise, NewContact(Channel.VOICE, DENISE, "Call me, too."), ROSA, NOW)
    receive_text(records, DENISE, "STOP", "CA1-9", NOW, channel=Channel.VOICE)
    with records.reading(hub_of(records)) as session:
        contacts = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).all()
    assert {c.channel: c.opted_out_at is not None for c in contacts} == {
        "sms": False,
        "voice": True,
    }


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
    assert [answer.step for answer in answers(records)] == ["ack_received"]


def test_a_replayed_stop_after_a_start_changes_nothing(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    receive_text(records, DENISE, "STOP", "SM1", NOW)
    receive_text(records, DENISE, "START", "SM2", NOW)
    receive_text(records, DENISE, "STOP", "SM1", NOW)
    assert reachable(records, case, denise)


def test_that_somebody_will_read_it_is_said_once_a_day(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    texts = _Texts(records)
    texts.say("When does court end?")
    texts.say("And where do I park?", later=timedelta(hours=3))
    texts.say("Hello, anybody?", later=timedelta(hours=25))
    assert [answer.step for answer in answers(records)] == ["ack_received", "ack_received"]
    assert [kind for kind, _ in tasks(records)] == ["reply_waiting"]


def test_two_machines_that_answer_each_other_come_to_an_end(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    a_hearing(records, case, "2026-12-08 09:00", NOW)
    texts = _Texts(records)
    for minute in range(40):
        texts.say("YES", later=timedelta(minutes=minute))
    assert len(answers(records)) == MOST_ACKS_A_DAY


def test_a_yes_is_kept_for_the_coming_hearing_and_its_date_is_said_back(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    assert _Texts(records).say("Yes") == [ReplyKind.CONFIRMED]
    with records.reading(hub_of(records)) as session:
        assert answers_for(session, session.get_one(Hearing, hearing.id)) == {denise: "coming"}
    [ack] = answers(records)
    assert (ack.step, ack.hearing_id) == ("ack_confirmed", hearing.id)
    assert tasks(records) == []


def test_a_yes_to_an_earlier_date_does_not_count_for_the_new_one(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    _Texts(records).say("YES")
    with records.writing(hub_of(records)) as session:
        setting = Setting(wall("2026-12-10 09:00"), ZONE, "3A", "12 Oak St")
        moved = move_hearing(session, hearing.id, setting, ROSA, NOW)
        assert answers_for(session, moved) == {}


def test_a_yes_without_any_hearing_goes_to_a_person(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    _Texts(records).say("YES")
    assert tasks(records) == [("reply_waiting", case.id)]
    assert [answer.step for answer in answers(records)] == ["ack_received"]


def test_whoever_cannot_come_is_called_the_same_day(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    assert _Texts(records).say("no") == [ReplyKind.CANNOT_COME]
    with records.reading(hub_of(records)) as session:
        task = session.exec(select(HumanTask)).one()
        assert (task.kind, task.case_id, task.hearing_id) == ("cannot_come", case.id, hearing.id)
        assert task.by == NOW + timedelta(hours=4)
    assert [answer.step for answer in answers(records)] == ["ack_cannot"]


def test_a_wrong_number_is_used_no_more_and_a_person_looks_for_the_right_one(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    _Texts(records).say("Wrong number")
    assert not reachable(records, case, denise)
    with records.reading(hub_of(records)) as session:
        contact = session.exec(select(ContactPoint).where(ContactPoint.person_id == denise)).one()
        assert (contact.unreachable_at, contact.unreachable_code) == (NOW, WRONG_NUMBER)
    assert tasks(records) == [("verify_number", case.id)]
    assert [answer.step for answer in answers(records)] == ["ack_wrong_number"]


def test_help_is_answered_and_bothers_nobody(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    assert _Texts(records).say("HELP") == [ReplyKind.HELP]
    assert [answer.step for answer in answers(records)] == ["ack_help"]
    assert tasks(records) == []


def two_sons(records: Records) -> tuple[Case, Case]:
    """Denise stands by two cases, and both have a hearing; her phone is the same in both."""
    cases = []
    for day in (8, 9):
        case = a_case(records, NOW, phone="")
        a_mother(records, case, NOW)
        a_hearing(records, case, f"2026-12-0{day} 09:00", NOW)
        cases.append(case)
    return min(cases, key=lambda c: c.id), max(cases, key=lambda c: c.id)


def test_a_phone_that_two_cases_share_is_asked_which_and_nobody_guesses(records: Records) -> None:
    first, second = two_sons(records)
    texts = _Texts(records)
    texts.say("I need a ride")
    assert tasks(records) == [("ride_wanted", None)]
    [question] = answers(records)
    assert (question.step, question.choices) == ("ack_which", [first.id, second.id])
    texts.say("B", later=timedelta(minutes=5))
    assert tasks(records) == [("ride_wanted", second.id)]
    assert [answer.step for answer in answers(records)] == ["ack_which", "ack_ride"]
    assert replies(records)[0].case_id == second.id


def test_nobody_is_greeted_by_name_on_a_phone_that_several_have(records: Records) -> None:
    two_sons(records)
    _Texts(records).say("HELP")
    [answer] = answers(records)
    with records.reading(hub_of(records)) as session:
        to = recipient_at(session, answer.person_id, answer.contact_id)
    assert to is not None
    assert (to.first_name, to.address) == ("", "+13055550111")


def test_a_letter_that_was_not_offered_is_for_a_person(records: Records) -> None:
    two_sons(records)
    texts = _Texts(records)
    texts.say("YES")
    assert texts.say("D", later=timedelta(minutes=5)) == [ReplyKind.FOR_A_PERSON]
    assert ("reply_waiting", None) in tasks(records)


def test_a_letter_out_of_nowhere_is_for_a_person(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    assert _Texts(records).say("A") == [ReplyKind.FOR_A_PERSON]


def test_stop_from_a_shared_phone_stops_that_phone_for_everyone_there(records: Records) -> None:
    two_sons(records)
    _Texts(records).say("STOP")
    with records.reading(hub_of(records)) as session:
        contacts = session.exec(select(ContactPoint)).all()
    assert len(contacts) == 2
    assert all(contact.opted_out_at == NOW for contact in contacts)


def test_a_number_that_nobody_knows_is_kept_for_a_person_and_changes_nothing(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    assert receive_text(records, "+13055550199", "Who is this?", "SM1", NOW)
    assert receive_text(records, "12", "STOP", "SM2", NOW) == []
    [reply] = replies(records)
    assert (reply.address, reply.person_id) == ("+13055550199", None)
    assert tasks(records) == [("unknown_number", None)]
    assert answers(records) == []
    assert reachable(records, case, defendant_of(records, case))


def test_whoever_left_the_circle_is_not_talked_to_about_it(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    with records.writing(hub_of(records)) as session:
        end_supporter(session, session.exec(select(Supporter)).one().id, ROSA, NOW)
    _Texts(records).say("YES")
    with records.reading(hub_of(records)) as session:
        assert answers_for(session, session.get_one(Hearing, hearing.id)) == {}


def denise_phone(records: Records) -> ContactPoint:
    with records.reading(hub_of(records)) as session:
        index = replies(records)[0].contact_index
        return session.exec(select(ContactPoint).where(ContactPoint.address_index == index)).one()


def test_an_advocate_answers_and_what_waited_is_done(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    _Texts(records).say("Where do I park?")
    later = NOW + timedelta(minutes=20)
    with records.writing(hub_of(records)) as session:
        phone = denise_phone(records)
        write_answer(session, phone, "Behind the building, it is free.", ROSA, later)
        read = session.exec(select(Reply)).one()
        assert answered(session, read, "rosa", "answered", later) == 1
    assert tasks(records) == []
    assert replies(records)[0].seen_at == later
    item = planned_answers(records, case)[-1]
    assert (item.step, item.due) == ("answer", later)
    with records.reading(hub_of(records)) as session:
        kinds = session.exec(select(col(CaseEvent.kind))).all()
    assert "answered" in kinds


def test_a_yes_to_an_advocates_question_confirms_no_hearing(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    texts = _Texts(records)
    texts.say("Can somebody call me?")
    with records.writing(hub_of(records)) as session:
        write_answer(session, denise_phone(records), "Do you use a wheelchair?", ROSA, NOW)
    assert texts.say("Yes", later=timedelta(minutes=3)) == [ReplyKind.FOR_A_PERSON]
    with records.reading(hub_of(records)) as session:
        assert answers_for(session, session.get_one(Hearing, hearing.id)) == {}


def answer_to(records: Records, words: str, at: datetime = NOW) -> None:
    """Rosa answers Denise's phone."""
    with records.writing(hub_of(records)) as session:
        write_answer(session, denise_phone(records), words, ROSA, at)


def test_an_answer_that_waits_is_not_sent_after_a_stop_but_becomes_a_task(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    texts = _Texts(records)
    texts.say("Where do I park?")
    answer_to(records, "Behind the building.")
    texts.say("STOP")
    planned = case_plan(records, case)
    assert {item.step for item in planned if item.act is Act.SEND_MESSAGE} == {"ack_stop"}
    assert "answer_unsaid" in {item.step for item in planned if item.act is Act.OPEN_TASK}


def test_a_stranger_hears_an_apology_and_nothing_that_was_meant_for_the_family(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    texts = _Texts(records)
    texts.say("Where do I park?")
    answer_to(records, "Marcus is in room 3A.")
    texts.say("Wrong number")
    sent = {i.step for i in case_plan(records, case) if i.act is Act.SEND_MESSAGE}
    assert sent == {"ack_wrong_number"}


def test_whoever_leaves_the_circle_gets_no_answer_about_it_any_more(records: Records) -> None:
    case = a_case(records, NOW, phone="")
    a_mother(records, case, NOW)
    a_hearing(records, case, "2026-12-08 09:00", NOW)
    texts = _Texts(records)
    texts.say("Where do I park?")
    answer_to(records, "Behind the building.")
    with records.writing(hub_of(records)) as session:
        end_supporter(session, session.exec(select(Supporter)).one().id, ROSA, NOW)
        with pytest.raises(CannotAnswer, match="not told of this case"):
            write_answer(session, denise_phone(records), "And room 3A.", ROSA, NOW)
    sent = {i.step for i in case_plan(records, case) if i.act is Act.SEND_MESSAGE}
    assert sent == {"ack_received"}


def test_a_stop_is_confirmed_before_anybody_asks_which_case_was_meant(records: Records) -> None:
    two_sons(records)
    _Texts(records).say("I can't come. Stop texting me")
    assert [answer.step for answer in answers(records)] == ["ack_stop"]
    assert ("cannot_come", None) in tasks(records)


def test_a_person_ends_texts_and_calls_to_a_phone_alike(records: Records) -> None:
    denise = a_mother(records, a_case(records, NOW), NOW)
    with records.writing(hub_of(records)) as session:
        add_contact(session, denise, NewContact(Channel.VOICE, DENISE, "Call me."), ROSA, NOW)
    _Texts(records).say("leave me alone with all of this")
    receive_text(records, DENISE, "call me", "CA-3", NOW, channel=Channel.VOICE)
    with records.writing(hub_of(records)) as session:
        newest = session.exec(select(Reply).order_by(col(Reply.id).desc())).first()
        assert newest is not None
        assert stop_at(session, newest, ROSA, NOW) == 2
        assert stop_at(session, newest, ROSA, NOW) == 0


def test_what_came_in_behind_the_last_one_read_still_waits(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    texts = _Texts(records)
    texts.say("thanks for everything!!")
    read = replies(records)[0]
    texts.say("he was arrested again, please call me now", later=timedelta(minutes=1))
    with records.writing(hub_of(records)) as session:
        shown = session.get_one(Reply, read.id)
        answered(session, shown, "rosa", "Read.", NOW + timedelta(minutes=2))
    assert tasks(records) == [("reply_waiting", case.id)]
    assert [reply.seen_at is not None for reply in replies(records)] == [True, False]


def test_a_yes_that_nobody_can_ask_about_goes_to_a_person(records: Records) -> None:
    first, second = two_sons(records)
    for case in (first, second):
        with records.writing(hub_of(records)) as session:
            mother = session.exec(
                select(col(Supporter.person_id)).where(Supporter.case_id == case.id)
            ).one()
            add_contact(session, mother, NewContact(Channel.VOICE, DENISE, "Call."), ROSA, NOW)
    receive_text(records, DENISE, "YES", "CA-1", NOW, channel=Channel.VOICE, answered=True)
    assert tasks(records) == [("reply_waiting", None)]


def test_a_key_pressed_in_a_call_is_about_the_hearing_of_that_call(records: Records) -> None:
    first, second = two_sons(records)
    with records.writing(hub_of(records)) as session:
        mother = session.exec(
            select(col(Supporter.person_id)).where(Supporter.case_id == second.id)
        ).one()
        voice = add_contact(session, mother, NewContact(Channel.VOICE, DENISE, "Call."), ROSA, NOW)
        hearing = session.exec(select(Hearing).where(Hearing.case_id == second.id)).one()
        call = a_message(session, voice, "…", NOW, case_id=second.id, subject_id=hearing.id)
    receive_text(
        records, DENISE, "YES", "CA-1", NOW, channel=Channel.VOICE, answered=True, about=call.id
    )
    with records.reading(hub_of(records)) as session:
        assert set(answers_for(session, hearing).values()) == {"coming"}
    assert tasks(records) == []
    assert first.id != second.id


def test_a_start_from_a_number_that_was_wrong_promises_nothing_and_goes_to_a_person(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    texts = _Texts(records)
    texts.say("Wrong number")
    texts.say("START")
    assert [answer.step for answer in answers(records)] == ["ack_wrong_number"]
    assert {kind for kind, _ in tasks(records)} == {"verify_number", "reply_waiting"}
    assert not reachable(records, case, denise)


@pytest.mark.parametrize("later", [timedelta(days=3), timedelta(days=13)])
def test_a_letter_chooses_nothing_long_after_the_question(
    records: Records, later: timedelta
) -> None:
    two_sons(records)
    texts = _Texts(records)
    texts.say("YES")
    assert texts.say("A", later=later) == [ReplyKind.FOR_A_PERSON]


def test_a_letter_after_a_stop_chooses_nothing(records: Records) -> None:
    two_sons(records)
    texts = _Texts(records)
    texts.say("YES")
    receive_text(records, DENISE, "STOP", "SMstop", NOW, answered=True)
    assert texts.say("A", later=timedelta(minutes=5)) == [ReplyKind.FOR_A_PERSON]


def test_half_a_letter_is_no_reason_to_miss_a_stop(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    assert _Texts(records).say("STOP \ud83d\x00") == [ReplyKind.STOP]
    assert not reachable(records, case, denise)


@pytest.mark.parametrize(("word", "hint"), [("STOP", "asked for no more"), ("Wrong number", "way")])
def test_nobody_is_answered_where_they_want_or_get_nothing(
    records: Records, word: str, hint: str
) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    _Texts(records).say(word)
    with (
        records.writing(hub_of(records)) as session,
        pytest.raises(CannotAnswer, match=hint),
    ):
        write_answer(session, denise_phone(records), "Hello", ROSA, NOW)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=200))
def test_whatever_they_write_is_kept_letter_for_letter(records: Records, body: str) -> None:
    with records.reading(hub_of(records)) as session:
        if not session.exec(select(Case)).all():
            a_mother(records, a_case(records, NOW), NOW)
    sid = f"SM{len(replies(records))}"
    body = body.replace("\x00", "").encode("utf-8", "ignore").decode()
    receive_text(records, DENISE, body, sid, NOW)
    assert next(r for r in replies(records) if r.provider_id == sid).body == body
