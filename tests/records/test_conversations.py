"""The inbox: one conversation for each phone or mailbox, with everything that was said there."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.replies import ReplyKind
from domain.vocabulary import Channel
from records.answering import CannotAnswer, contact_to_answer, write_answer
from records.attributing import NumberTaken, adopt_replies, belongs_to
from records.casework import NotFound
from records.circle import NewContact, add_contact, cases_of, mark_unreachable, opt_out
from records.conversations import (
    Conversation,
    conversations_of,
    conversations_page,
    count_conversations,
    count_waiting,
    get_reply,
    newest_reply,
    open_about,
    waiting_first,
)
from records.database import HubSession, Records
from records.hearing_answers import answers_for, newest_answers
from records.hubs import make_hub
from records.listing_queries import Window
from records.replies import receive_text
from records.reply_tasks import answered, ask_a_person
from records.tables import (
    Answer,
    Case,
    Consent,
    ContactPoint,
    Hearing,
    HumanTask,
    Reply,
)
from records.threads import said_at, thread_of
from tests.houses import ROSA, a_case, a_hearing, a_message, a_mother, hub_of, utc

NOW = utc("2026-12-01 15:00")
DENISE = "+13055550111"
MARCUS = "+13055550110"
STRANGER = "+13055550177"
ALL = Window(200)


def text_in(records: Records, sender: str, body: str, *, minutes: int = 0) -> str:
    """Somebody texts; the reply's id."""
    at = NOW + timedelta(minutes=minutes)
    receive_text(records, sender, body, f"SM{sender[-4:]}{body}{minutes}"[:60], at)
    with records.reading("") as session:
        return session.exec(select(col(Reply.id)).order_by(col(Reply.id).desc())).first() or ""


def contact_of(session: HubSession, person_id: str) -> ContactPoint:
    return session.exec(select(ContactPoint).where(ContactPoint.person_id == person_id)).one()


def listed(records: Records, *, waiting: bool | None = None) -> list[Conversation]:
    with records.reading(hub_of(records)) as session:
        page = conversations_page(session, ALL, waiting=waiting)
        return conversations_of(session, page.rows)


def test_each_phone_has_one_conversation_and_its_newest_words_stand_for_it(
    records: Records,
) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    text_in(records, DENISE, "Where do I park?")
    text_in(records, MARCUS, "What do I wear?")
    text_in(records, DENISE, "And is there a lunch room?")
    denise, marcus = listed(records)
    assert (denise.last.body, marcus.last.body) == ("And is there a lunch room?", "What do I wear?")
    [who] = denise.people
    [standing] = who.standings
    assert (who.name, standing.relation, standing.participant) == (
        "Denise Johnson",
        "mother",
        "Marcus Johnson",
    )
    assert [one.relation for one in marcus.people[0].standings] == [""]
    assert denise.waiting
    assert denise.wants == ("reply_waiting",)


def test_what_waits_comes_first_and_an_answer_ends_the_waiting(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    text_in(records, DENISE, "Where do I park?")
    text_in(records, MARCUS, "START")
    with records.writing(hub_of(records)) as session:
        assert (count_waiting(session), count_conversations(session)) == (1, 2)
        first, second = waiting_first(session, slice(0, 10))
        assert (first.body, second.body) == ("Where do I park?", "START")
        assert [one.body for one in waiting_first(session, slice(1, 10))] == ["START"]
        assert len(open_about(session, first.contact_index)) == 1
        answered(session, first, "rosa", "answered", NOW)
        assert count_waiting(session) == 0
    assert [one.last.body for one in listed(records, waiting=False)] == [
        "START",
        "Where do I park?",
    ]
    assert listed(records, waiting=True) == []


def test_a_ride_waits_in_the_inbox_until_somebody_arranged_it(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    a_hearing(records, case, "2026-12-08 09:00", NOW)
    text_in(records, DENISE, "RIDE")
    [one] = listed(records, waiting=True)
    assert one.wants == ("ride_wanted",)
    with records.writing(hub_of(records)) as session:
        answered(session, get_reply(session, one.last.id), "rosa", "answered", NOW)
    assert listed(records, waiting=True) != []


def test_a_long_list_comes_in_parts_and_none_is_told_twice(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    numbers = [f"+130555501{n:02}" for n in (20, 21, 22, 23, 24)]
    for number in numbers:
        text_in(records, number, "who is this")
    with records.reading(hub_of(records)) as session:
        seen: list[str] = []
        after = ""
        while True:
            page = conversations_page(session, Window(2, after))
            seen += [reply.address for reply in page.rows]
            after = page.after
            if not after:
                break
    assert seen == numbers[::-1]


def test_a_thread_holds_everything_in_order_whatever_the_case(records: Records) -> None:
    one = a_case(records, NOW, phone="")
    denise = a_mother(records, one, NOW)
    two = a_case(records, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        contact = contact_of(session, denise)
        a_message(session, contact, "court on Tuesday", NOW, case_id=one.id)
        a_message(session, contact, "court on Friday", NOW + timedelta(hours=2), case_id=two.id)
    reply_id = text_in(records, DENISE, "Which room?", minutes=60)
    with records.writing(hub_of(records)) as session:
        answer = write_answer(session, contact, "Room 3A.", ROSA, NOW + timedelta(hours=3))
        said = thread_of(session, get_reply(session, reply_id), ALL)
        words = [turn.body for turn in said.turns]
        assert words == ["court on Tuesday", "Which room?", "court on Friday", "Room 3A."]
        assert [said_at(turn) for turn in said.turns] == sorted(map(said_at, said.turns))
        sent = a_message(
            session,
            contact,
            "Liberty City Defense: Room 3A.",
            NOW + timedelta(hours=3),
            subject_id=answer.id,
            step="answer",
        )
        said = thread_of(session, get_reply(session, reply_id), ALL)
        assert not [turn for turn in said.turns if isinstance(turn, Answer)]
        assert said.authors == {sent.id: "rosa"}


def test_a_thread_comes_in_parts_from_its_end(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    for number in range(5):
        reply_id = text_in(records, DENISE, f"word {number}", minutes=number)
    with records.reading(hub_of(records)) as session:
        reply = get_reply(session, reply_id)
        end = thread_of(session, reply, Window(2))
        assert [turn.body for turn in end.turns] == ["word 3", "word 4"]
        before = thread_of(session, reply, Window(3, end.after))
        assert [turn.body for turn in before.turns] == ["word 0", "word 1", "word 2"]
        assert before.after == ""


def test_a_phone_that_was_off_says_when_it_was_tried_again(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    reply_id = text_in(records, DENISE, "Hello?", minutes=90)
    with records.writing(hub_of(records)) as session:
        contact = contact_of(session, denise)
        key = f"{denise}|h|1|before_3|sms"
        more = {"subject_id": "h", "state": "undelivered", "temporary": True}
        first = a_message(session, contact, "one", NOW, claim=key, **more)  # type: ignore[arg-type]
        later = NOW + timedelta(minutes=30)
        second = a_message(session, contact, "two", later, claim=f"{key}#2", **more)  # type: ignore[arg-type]
        said = thread_of(session, get_reply(session, reply_id), ALL)
        assert said.again == {first.id: later}
        assert second.id not in said.again


def test_a_phone_that_two_people_share_shows_both_and_all_their_cases(records: Records) -> None:
    for _ in range(2):
        case = a_case(records, NOW, phone="")
        a_mother(records, case, NOW)
    reply_id = text_in(records, DENISE, "Which day?")
    [one] = listed(records)
    assert len(one.people) == 2
    assert len({standing.case_id for who in one.people for standing in who.standings}) == 2
    with records.writing(hub_of(records)) as session:
        reply = get_reply(session, reply_id)
        assert reply.person_id is None
        answer = write_answer(session, contact_to_answer(session, reply), "Tuesday.", ROSA, NOW)
        said = thread_of(session, reply, ALL)
        assert [turn.id for turn in said.turns] == [reply_id, answer.id]


def test_an_unknown_number_is_a_conversation_without_anybody(records: Records) -> None:
    reply_id = text_in(records, STRANGER, "Hi, it is Aunt May")
    [one] = listed(records, waiting=True)
    assert (one.known, one.wants) == (False, ("unknown_number",))
    with records.writing(hub_of(records)) as session:
        with pytest.raises(CannotAnswer, match="Say first whose it is"):
            contact_to_answer(session, get_reply(session, reply_id))
        said = thread_of(session, get_reply(session, reply_id), ALL)
        assert [turn.body for turn in said.turns] == ["Hi, it is Aunt May"]


def test_whose_number_it_is_makes_everything_from_it_theirs(records: Records) -> None:
    case = a_case(records, NOW)
    may = a_mother(records, case, NOW, phone="")
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    text_in(records, STRANGER, "Hi, it is Aunt May", minutes=1)
    text_in(records, STRANGER, "RIDE", minutes=2)
    reply_id = text_in(records, STRANGER, "YES", minutes=3)
    with records.writing(hub_of(records)) as session:
        reply = get_reply(session, reply_id)
        contact = belongs_to(session, reply, may, "Yes, write me.", "by phone", ROSA, NOW)
        again = belongs_to(session, reply, may, "Yes, write me.", "by phone", ROSA, NOW)
        assert again.id == contact.id
        rows = session.exec(select(Reply)).all()
        assert {(r.person_id, r.contact_id, r.case_id) for r in rows} == {
            (may, contact.id, case.id)
        }
        tasks = session.exec(select(HumanTask).where(col(HumanTask.closed_at).is_(None))).all()
        assert {(task.kind, task.case_id) for task in tasks} == {
            ("reply_waiting", case.id),
            ("ride_wanted", case.id),
        }
        assert answers_for(session, session.get_one(Hearing, hearing.id)) == {may: "coming"}
        consent = session.exec(select(Consent).where(Consent.contact_id == contact.id)).one()
        assert (consent.words, consent.how) == ("Yes, write me.", "by phone")


def test_a_word_about_an_earlier_date_is_not_taken_for_the_new_one(records: Records) -> None:
    case = a_case(records, NOW)
    may = a_mother(records, case, NOW, phone="")
    reply_id = text_in(records, STRANGER, "YES", minutes=1)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW + timedelta(hours=1))
    with records.writing(hub_of(records)) as session:
        belongs_to(session, get_reply(session, reply_id), may, "Yes.", "", ROSA, NOW)
        assert newest_answers(session, session.get_one(Hearing, hearing.id)) == {}
        [task] = open_about(session, get_reply(session, reply_id).contact_index)
        assert task.kind == "reply_waiting"


def test_a_number_that_somebody_has_is_not_given_to_another(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    reply_id = text_in(records, DENISE, "Hello?")
    with records.writing(hub_of(records)) as session:
        other = session.exec(select(ContactPoint).where(ContactPoint.address_index != "")).first()
        assert other is not None
        reply = get_reply(session, reply_id)
        with pytest.raises(NumberTaken):
            belongs_to(session, reply, "0" * 32, "Yes.", "", ROSA, NOW)
    stranger = text_in(records, STRANGER, "Hello?")
    with records.writing(hub_of(records)) as session, pytest.raises(NotFound):
        belongs_to(session, get_reply(session, stranger), "0" * 32, "Yes.", "", ROSA, NOW)


def test_what_somebody_has_looked_at_is_not_asked_again(records: Records) -> None:
    case = a_case(records, NOW)
    may = a_mother(records, case, NOW, phone="")
    reply_id = text_in(records, STRANGER, "Hi, it is Aunt May")
    with records.writing(hub_of(records)) as session:
        reply = get_reply(session, reply_id)
        answered(session, reply, "rosa", "Called her.", NOW)
        contact = add_contact(
            session, may, NewContact(Channel.SMS, STRANGER, "Yes.", how="in person"), ROSA, NOW
        )
        adopt_replies(session, contact, ROSA, NOW)
        assert open_about(session, reply.contact_index) == []
        assert reply.person_id == may


def test_an_answer_goes_to_a_text_or_mailbox_never_to_a_call(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW, phone="")
    with records.writing(hub_of(records)) as session:
        voice = NewContact(Channel.VOICE, DENISE, "Call me.")
        contact = add_contact(session, denise, voice, ROSA, NOW)
    receive_text(records, DENISE, "call me", "CA1-3", NOW, channel=Channel.VOICE)
    with records.writing(hub_of(records)) as session:
        reply = session.exec(select(Reply)).one()
        with pytest.raises(CannotAnswer, match="Call them"):
            contact_to_answer(session, reply)
        with pytest.raises(CannotAnswer, match="Call them"):
            write_answer(session, contact, "Room 3A.", ROSA, NOW)
        add_contact(session, denise, NewContact(Channel.SMS, DENISE, "Text me."), ROSA, NOW)
        assert contact_to_answer(session, reply).channel == Channel.SMS


@pytest.mark.parametrize("what", ["stopped", "unreachable"])
def test_where_they_want_or_get_nothing_no_answer_is_written(records: Records, what: str) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    reply_id = text_in(records, DENISE, "Hello?")
    with records.writing(hub_of(records)) as session:
        contact = contact_of(session, denise)
        if what == "stopped":
            opt_out(session, contact, ROSA, NOW)
        else:
            mark_unreachable(session, contact, "30005", ROSA, NOW)
        way = contact_to_answer(session, get_reply(session, reply_id))
        with pytest.raises(CannotAnswer):
            write_answer(session, way, "Room 3A.", ROSA, NOW)
        assert session.exec(select(Answer).where(Answer.step == "answer")).all() == []


def test_an_urgent_no_waits_in_the_inbox(records: Records) -> None:
    case = a_case(records, NOW)
    denise = a_mother(records, case, NOW)
    hearing = a_hearing(records, case, "2026-12-08 09:00", NOW)
    reply_id = text_in(records, DENISE, "START")
    with records.writing(hub_of(records)) as session:
        kinds = (ReplyKind.CANNOT_COME,)
        case = session.get_one(Case, case.id)
        reply = get_reply(session, reply_id)
        ask_a_person(session, reply, kinds, hearing, [case], NOW, known=True)
        assert [one.id for one in cases_of(session, denise)] == [case.id]
    assert [one.wants for one in listed(records, waiting=True)] == [("cannot_come",)]


def test_no_hub_sees_another_s_conversations(records: Records) -> None:
    case = a_case(records, NOW)
    a_mother(records, case, NOW)
    reply_id = text_in(records, DENISE, "Where do I park?")
    other = make_hub(records, name="Another hub", slug="another").id
    with records.reading(other) as session:
        assert conversations_page(session, ALL).rows == []
        assert waiting_first(session, slice(0, 10)) == []
        assert (count_waiting(session), count_conversations(session)) == (0, 0)
        with pytest.raises(NotFound):
            get_reply(session, reply_id)


def test_the_newest_of_a_conversation_is_found_from_any_of_it(records: Records) -> None:
    a_mother(records, a_case(records, NOW), NOW)
    first = text_in(records, DENISE, "one")
    last = text_in(records, DENISE, "two")
    with records.reading(hub_of(records)) as session:
        assert newest_reply(session, get_reply(session, first)).id == last
