"""Conversations over the API: what came back, what is answered, whose number it is."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select

from records.answering import MOST_WORDS
from records.replies import receive_text
from records.tables import Answer, ContactPoint, HumanTask, Reply
from tests.api.programs import NOW, OTHER, Installation, Program, a_case, a_hearing
from tests.houses import AGREED, a_message

_numbers, _texts = count(120), count(1)
HOSTILE = [
    "<script>alert(1)</script><b>Marcus</b>",
    "x" * 1600,
    "متى المحكمة؟ \u202eeltit",
    "' OR 1=1; -- \" & <&amp;",
]


def a_phone() -> str:
    """A number that no other test of this file uses."""
    return f"+1305555{next(_numbers):04}"


def a_mother(program: Program, case: dict[str, Any], phone: str, **more: Any) -> dict[str, Any]:
    """Denise, in the circle."""
    contact = {"channel": "sms", "address": phone, "consent_words": AGREED, **more}
    return program.made(
        f"/cases/{case['id']}/supporters",
        {"first_name": "Denise", "relationship": "mother", "contacts": [contact]},
    )


def text_in(api: Installation, phone: str, body: str) -> str:
    """Somebody texts; the id of the reply."""
    receive_text(api.house.records, phone, body, f"SM{next(_texts)}", NOW)
    with api.house.records.reading("") as session:
        newest = select(col(Reply.id)).order_by(col(Reply.id).desc())
        return session.exec(newest).first() or ""


def test_a_conversation_says_who_it_is_and_what_waits(api: Installation, rosa: Program) -> None:
    case, phone = a_case(rosa), a_phone()
    denise = a_mother(rosa, case, phone)
    reply = text_in(api, phone, "Where do I park?")
    listed = rosa.read("/conversations", waiting="true")["items"]
    one = next(item for item in listed if item["id"] == reply)
    assert (one["words"], one["address"], one["wants"]) == (
        "Where do I park?",
        phone,
        ["reply_waiting"],
    )
    [who] = one["people"]
    assert (who["person_id"], who["first_name"]) == (denise["person_id"], "Denise")
    assert who["standings"] == [
        {
            "case_id": case["id"],
            "relation": "mother",
            "participant": "Marcus Johnson",
            "open": True,
        }
    ]
    story = rosa.read(f"/conversations/{reply}")
    assert [turn["words"] for turn in story["turns"] if turn["from_them"]] == ["Where do I park?"]
    assert story["earlier"] is None


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_somebody_writes_comes_out_as_it_went_in(
    api: Installation, rosa: Program, words: str
) -> None:
    reply = text_in(api, a_phone(), words)
    assert rosa.read(f"/conversations/{reply}")["words"] == words


def test_an_answer_is_written_once_however_often_it_is_sent(
    api: Installation, rosa: Program
) -> None:
    phone = a_phone()
    a_mother(rosa, a_case(rosa), phone)
    reply = text_in(api, phone, "Where do I park?")
    path, said = f"/conversations/{reply}/answers", {"words": "  Behind the court.\n "}
    first, again = rosa.post(path, said, key=reply), rosa.post(path, said, key=reply)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["words"] == "Behind the court."
    with api.reading() as session:
        assert session.exec(
            select(Answer.body).where(Answer.step == "answer", Answer.reply_id == reply)
        ).all() == ["Behind the court."]
        task = session.exec(select(HumanTask).where(HumanTask.subject_id == reply)).one()
        assert task.closed_at == NOW
    turns = rosa.read(f"/conversations/{reply}")["turns"]
    assert [(turn["kind"], turn["words"]) for turn in turns] == [
        ("reply", "Where do I park?"),
        ("answer", "Behind the court."),
    ]
    assert rosa.read(f"/conversations/{reply}")["waiting"] is False


def test_where_no_answer_may_go_it_is_said_what_to_do(api: Installation, rosa: Program) -> None:
    phone = a_phone()
    a_mother(rosa, a_case(rosa), phone)
    reply = text_in(api, phone, "Where do I park?")
    text_in(api, phone, "STOP")
    answer = rosa.post(f"/conversations/{reply}/answers", {"words": "Hello."})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:homeward:problem:cannot-answer"
    assert "Call, or ask them in person" in answer.json()["detail"]
    assert rosa.read(f"/conversations/{reply}")["waiting"] is True, "nobody answered"
    unknown = text_in(api, a_phone(), "Hello?")
    refused = rosa.post(f"/conversations/{unknown}/answers", {"words": "Hello."})
    assert (refused.status_code, "Say first whose it is" in refused.text) == (409, True)


@pytest.mark.parametrize("words", ["", " \n ", "x" * (MOST_WORDS + 1), "a\x00b"])
def test_an_answer_says_something_and_fits(api: Installation, rosa: Program, words: str) -> None:
    reply = text_in(api, a_phone(), "Hello?")
    assert rosa.post(f"/conversations/{reply}/answers", {"words": words}).status_code == 422


def test_what_needs_no_answer_is_done_and_doing_it_twice_changes_nothing(
    api: Installation, rosa: Program
) -> None:
    phone = a_phone()
    a_mother(rosa, a_case(rosa), phone)
    reply = text_in(api, phone, "Thank you so much")
    assert rosa.made(f"/conversations/{reply}/done", {}) == {"closed": 1}
    assert rosa.made(f"/conversations/{reply}/done", {}) == {"closed": 0}
    assert rosa.read(f"/conversations/{reply}")["waiting"] is False


def test_an_unknown_number_gets_its_owner_with_their_agreement(
    api: Installation, rosa: Program
) -> None:
    case, phone = a_case(rosa), a_phone()
    person = rosa.made(f"/cases/{case['id']}/supporters", {"first_name": "May"})["person_id"]
    reply = text_in(api, phone, "Hi, it is Aunt May")
    said = {"person_id": person, "consent_words": "Yes, text me.", "how": "by phone"}
    made = rosa.made(f"/conversations/{reply}/person", said)
    assert (made["address"], made["person_id"]) == (phone, person)
    story = rosa.read(f"/conversations/{reply}")
    assert story["turns"][0]["person_id"] == person
    assert story["wants"] == ["reply_waiting"]
    [consent] = rosa.read(f"/people/{person}/consents")["items"]
    assert (consent["words"], consent["how"], consent["withdrawn_how"]) == (
        "Yes, text me.",
        "by phone",
        "",
    )
    other = rosa.made(f"/cases/{case['id']}/supporters", {"first_name": "Lee"})["person_id"]
    taken = rosa.post(f"/conversations/{reply}/person", {**said, "person_id": other})
    assert taken.status_code == 409
    assert "Somebody else has this number" in taken.json()["detail"]


def test_how_somebody_stopped_is_told_with_their_words(api: Installation, rosa: Program) -> None:
    phone = a_phone()
    denise = a_mother(rosa, a_case(rosa), phone, how="in person")
    text_in(api, phone, "STOP")
    [contact] = rosa.read(f"/people/{denise['person_id']}/contacts")["items"]
    assert contact["opted_out_how"] == "sms"
    [consent] = rosa.read(f"/people/{denise['person_id']}/consents")["items"]
    assert (consent["how"], consent["withdrawn_how"], consent["withdrawn_words"]) == (
        "in person",
        "sms",
        "STOP",
    )


def test_counsel_and_administrators_do_not_read_the_inbox(api: Installation) -> None:
    reply = text_in(api, a_phone(), "Hello?")
    for role in ("counsel", "hub_admin"):
        program = api.program(role)
        assert program.get("/conversations").status_code == 403
        assert program.get(f"/conversations/{reply}").status_code == 403
        assert program.post(f"/conversations/{reply}/answers", {"words": "x"}).status_code == 403


def test_another_hub_s_conversations_do_not_exist(api: Installation) -> None:
    phone = a_phone()
    reply = text_in(api, phone, "Hello?")
    stranger = api.program("advocate", OTHER)
    assert stranger.get(f"/conversations/{reply}").status_code == 404
    assert stranger.post(f"/conversations/{reply}/done", {}).status_code == 404
    assert phone not in stranger.get("/conversations").text


def test_a_long_conversation_goes_on_where_the_part_before_ended(
    api: Installation, rosa: Program
) -> None:
    phone = a_phone()
    for number in range(5):
        reply = text_in(api, phone, f"word {number}")
    seen: list[str] = []
    path = f"/conversations/{reply}?limit=2"
    while path:
        story = rosa.read(path)
        seen = [turn["words"] for turn in story["turns"]] + seen
        path = story["earlier"]
    assert seen == [f"word {number}" for number in range(5)]


def test_who_said_what_about_coming(api: Installation, rosa: Program) -> None:
    case, phone = a_case(rosa), a_phone()
    denise = a_mother(rosa, case, phone)
    hearing = a_hearing(rosa, case)
    reply = text_in(api, phone, "YES")
    told = rosa.read(f"/hearings/{hearing['id']}/answers")
    assert told == {
        "hearing_id": hearing["id"],
        "hearing_revision": 1,
        "items": [
            {
                "person_id": denise["person_id"],
                "first_name": "Denise",
                "last_name": "",
                "said": "coming",
                "said_at": "2026-12-02T15:00:00Z",
                "reply_id": reply,
            }
        ],
    }
    moved = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
    rosa.made(f"/hearings/{hearing['id']}/move", moved)
    assert rosa.read(f"/hearings/{hearing['id']}/answers")["items"] == []


def test_whom_nothing_reaches_is_told_with_the_reason(api: Installation, rosa: Program) -> None:
    case, phone = a_case(rosa), a_phone()
    denise = a_mother(rosa, case, phone)
    with api.writing() as session:
        contact = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == denise["person_id"])
        ).one()
        contact.unreachable_at, contact.unreachable_code = NOW - timedelta(days=1), "30006"
        session.add(contact)
    listed = rosa.read("/unreachable", nobody_left="true", limit=200)["items"]
    one = next(item for item in listed if item["who"]["person_id"] == denise["person_id"])
    assert one["reachable"] is False
    assert one["closed"][0]["words"] == "the number is a landline"
    assert one["who"]["standings"][0]["participant"] == "Marcus Johnson"


def test_the_team_is_named_once_for_each_phone(api: Installation) -> None:
    admin = api.program("hub_admin")
    made = admin.made("/team", {"channel": "sms", "address": "305-555-0188", "label": "Rosa"})
    again = admin.made("/team", {"channel": "sms", "address": "+1 305 555 0188", "label": "Li"})
    assert (again["id"], again["label"], again["address"]) == (made["id"], "Li", "+13055550188")
    assert [c["id"] for c in admin.read("/team")["items"]].count(made["id"]) == 1
    assert admin.call("DELETE", f"/team/{made['id']}").status_code == 204
    assert admin.call("DELETE", f"/team/{made['id']}").status_code == 404
    assert admin.post("/team", {"channel": "sms", "address": "12"}).status_code == 422


def test_a_hub_says_how_it_sends(api: Installation) -> None:
    admin = api.program("hub_admin")
    before = admin.read("/hub")
    changes = {"text_name": " LC Defense ", "trial": True, "daily_cap": 40}
    told = admin.call("PATCH", "/hub", json=changes).json()
    assert (told["text_name"], told["trial"], told["daily_cap"]) == ("LC Defense", True, 40)
    for wrong in ({"text_name": "x" * 41}, {"daily_cap": -1}, {"trial": "yes"}):
        assert admin.call("PATCH", "/hub", json=wrong).status_code == 422
    back = {name: before[name] for name in changes}
    assert admin.call("PATCH", "/hub", json=back).json() == before


def test_what_became_of_a_message_is_told_in_words(api: Installation, rosa: Program) -> None:
    case, phone = a_case(rosa), a_phone()
    denise = a_mother(rosa, case, phone)
    with api.writing() as session:
        contact = session.exec(
            select(ContactPoint).where(ContactPoint.person_id == denise["person_id"])
        ).one()
        message = a_message(session, contact, "court", NOW, case_id=case["id"], state="failed")
        message.error_code = "30006"
        session.add(message)
        message_id = message.id
    told = rosa.read(f"/messages/{message_id}")
    assert told["status_words"] == "could not be sent: the number is a landline"
