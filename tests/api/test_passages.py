"""The sections of a packet over the API: questions, passages, two writers, somebody's own words."""

from typing import Any

import pytest

from domain.interview import QUESTIONS
from domain.packet_sections import OF_KIND
from records.casework import Source
from records.interview import invite
from records.telling import Telling, take_back, tell, teller_of
from tests.api.programs import NOW, Installation, Program, a_case

DENISE = {"first_name": "Denise", "last_name": "Johnson", "relationship": "mother"}


@pytest.fixture
def packet(rosa: Program) -> dict[str, Any]:
    """A biography of Marcus."""
    case = a_case(rosa)
    made: dict[str, Any] = rosa.made(f"/cases/{case['id']}/packets", {"kind": "biography"})
    return made


def at(packet: dict[str, Any], more: str = "") -> str:
    """Below a packet's address."""
    return f"/packets/{packet['id']}{more}"


def section(program: Program, packet: dict[str, Any], key: str = "who") -> list[dict[str, Any]]:
    """The passages of a section."""
    sections = program.read(at(packet, "/sections"))["sections"]
    found: list[dict[str, Any]] = next(one["passages"] for one in sections if one["key"] == key)
    return found


def told(api: Installation, rosa: Program, packet: dict[str, Any], words: str) -> str:
    """What Denise tells through her link; her person id."""
    supporter = rosa.made(f"/cases/{packet['case_id']}/supporters", DENISE)
    person = str(supporter["person_id"])
    with api.writing() as session:
        link = invite(session, packet["id"], person, Source("rosa"), NOW)
        source = Source(f"interview:{person}", "link")
        telling = Telling("who", "words", words)
        assert tell(session, teller_of(session, link), telling, source, NOW)
    return person


def test_the_questions_of_a_packet_in_a_language(rosa: Program, packet: dict[str, Any]) -> None:
    asked = rosa.read(at(packet, "/questions"))
    keys = [(one["section"], one["key"]) for one in asked["questions"]]
    assert keys == [(s, one.key) for s in OF_KIND["biography"] for one in QUESTIONS[s]]  # type: ignore[index]
    assert asked["questions"][0]["ask"].startswith("Which three words fit Marcus?")
    spanish = rosa.get(at(packet, "/questions"), language="es").json()
    assert spanish["language"] == "es"
    assert "describen a Marcus" in spanish["questions"][0]["ask"]
    assert rosa.get(at(packet, "/questions"), language="fr").json()["language"] == "en"


def test_a_paragraph_is_added_changed_and_taken_out(rosa: Program, packet: dict[str, Any]) -> None:
    new = {"question": "words", "text": "Patient.", "said_by": "Tia, sister", "quote": True}
    made = rosa.made(at(packet, "/sections/who/passages"), new)
    assert (made["question"], made["said_by"], made["revision"]) == ("words", "Tia, sister", 1)
    assert section(rosa, packet) == [made]
    change = {"revision": 1, "text": "Shy.", "confirmed_by": "Letter of Tia, Exhibit A"}
    path = at(packet, f"/passages/{made['id']}")
    changed = rosa.call("PUT", path, json=change).json()
    assert (changed["text"], changed["said_by"], changed["revision"]) == ("Shy.", "", 2)
    assert changed["question"] == "words"
    assert rosa.call("DELETE", path).status_code == 204
    assert section(rosa, packet) == []
    assert rosa.call("PUT", path, json={"revision": 3, "text": "x"}).status_code == 404


def test_two_programs_never_eat_each_others_words(
    api: Installation, rosa: Program, packet: dict[str, Any]
) -> None:
    made = rosa.made(at(packet, "/sections/who/passages"), {"question": "joy", "text": "Birds."})
    supervisor = api.program("supervisor")
    path = at(packet, f"/passages/{made['id']}")
    assert (
        supervisor.call("PUT", path, json={"revision": 1, "text": "He draws."}).status_code == 200
    )
    answer = rosa.call("PUT", path, json={"revision": 1, "text": "He paints."})
    assert answer.status_code == 409
    assert "He draws" not in answer.text
    [row] = section(rosa, packet)
    assert row["text"] == "He draws."
    again = {"revision": row["revision"], "text": "He draws and paints."}
    assert rosa.call("PUT", path, json=again).json()["text"] == "He draws and paints."
    same = {"question": "joy", "text": "Mine."}
    assert supervisor.post(at(packet, "/sections/who/passages"), same).status_code == 409


def test_words_in_another_language_wait_for_their_translation(
    rosa: Program, packet: dict[str, Any]
) -> None:
    new = {"question": "kind", "original": "Siempre viene.", "language": "es", "said_by": "Ana"}
    made = rosa.made(at(packet, "/sections/who/passages"), new)
    assert (made["text"], made["original"]) == ("", "Siempre viene.")
    assert made["said_by"] == "Ana (translated from Spanish)"
    change = {"revision": 1, "text": "He always comes.", "said_by": made["said_by"]}
    changed = rosa.call("PUT", at(packet, f"/passages/{made['id']}"), json=change).json()
    assert (changed["text"], changed["original"]) == ("He always comes.", "Siempre viene.")


def test_a_tellers_words_are_edited_beside_them_and_left_out_but_stay_theirs(
    api: Installation, rosa: Program, packet: dict[str, Any]
) -> None:
    person = told(api, rosa, packet, "Patient. He waits.")
    [row] = section(rosa, packet)
    assert row["teller_id"] == person
    path = at(packet, f"/passages/{row['id']}")
    forged = {"revision": 1, "text": "Patient.", "original": "Impatient."}
    assert rosa.call("PUT", path, json=forged).status_code == 422
    shorter = rosa.call("PUT", path, json={"revision": 1, "text": "Patient."}).json()
    assert (shorter["text"], shorter["original"]) == ("Patient.", "Patient. He waits.")
    assert rosa.call("DELETE", path).status_code == 204
    [row] = section(rosa, packet)
    assert row["left_out"] is True


def test_what_was_taken_back_is_read_by_nobody(
    api: Installation, rosa: Program, packet: dict[str, Any]
) -> None:
    person = told(api, rosa, packet, "Patient. He waits.")
    [row] = section(rosa, packet)
    with api.writing() as session:
        link = invite(session, packet["id"], person, Source("rosa"), NOW)
        teller = teller_of(session, link)
        take_back(session, teller, row["id"], Source(f"interview:{person}", "link"), NOW)
    assert section(rosa, packet) == []
    path = at(packet, f"/passages/{row['id']}")
    assert rosa.call("PUT", path, json={"revision": 9, "text": "x"}).status_code == 404
    assert rosa.call("DELETE", path).status_code == 404


def test_what_cannot_be_saved_says_why(rosa: Program, packet: dict[str, Any]) -> None:
    path = at(packet, "/sections/who/passages")
    assert rosa.post(path, {"text": " "}).status_code == 422
    assert rosa.post(path, {"text": "x", "question": "nothing"}).status_code == 404
    assert rosa.post(path, {"text": "x", "said_for": "y"}).status_code == 422
    elsewhere = rosa.post(at(packet, "/sections/insight/passages"), {"text": "x"})
    assert elsewhere.status_code == 422
    assert "it has who, timeline, family, background, goals" in elsewhere.text
    for number in range(50):
        rosa.made(path, {"text": f"Paragraph {number}."})
    full = rosa.post(path, {"text": "One more."})
    assert full.status_code == 422
    assert "join some of them" in full.text


def test_counsel_reads_the_sections_and_writes_none(
    api: Installation, rosa: Program, packet: dict[str, Any]
) -> None:
    made = rosa.made(at(packet, "/sections/who/passages"), {"text": "Patient."})
    counsel = api.program("counsel")
    assert section(counsel, packet) == [made]
    path = at(packet, f"/passages/{made['id']}")
    assert counsel.call("PUT", path, json={"revision": 1, "text": "x"}).status_code == 403
    assert counsel.call("DELETE", path).status_code == 403
