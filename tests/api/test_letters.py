"""Letters of support over the API."""

import io

import pikepdf
import pytest
from PIL import Image
from sqlmodel import select

from records.tables import AuditEvent, Consent, Supporter
from tests.api.programs import Installation, Program, a_case, deeds
from tests.api.scenes import a_photograph

LEE = {
    "first_name": "Lee",
    "last_name": "Brown",
    "relationship": "pastor",
    "contacts": [
        {
            "channel": "sms",
            "address": "(305) 555-0142",
            "consent_words": "Yes, send me the link.",
            "how": "by phone",
        }
    ],
}
WORDS = {"who": "I am his pastor.", "story": "He sings.", "contact": "305-555-0142"}
SIGNED = {"signed_as": "Lee Brown", "taken_down_by": "Rosa Diaz", "read_back": True}


@pytest.fixture
def packet(rosa: Program) -> str:
    return str(rosa.made(f"/cases/{a_case(rosa)['id']}/packets", {})["id"])


def asked(rosa: Program, packet: str, **more: object) -> str:
    return str(rosa.made(f"/packets/{packet}/letters", {**LEE, **more})["id"])


def put(rosa: Program, letter: str, what: str, body: object) -> dict[str, object]:
    answer = rosa.call("PUT", f"/letters/{letter}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def test_a_letter_is_asked_for_written_down_and_read_by_counsel(
    api: Installation, rosa: Program, packet: str
) -> None:
    letter = asked(rosa, packet)
    with api.reading() as session:
        assert session.exec(select(Supporter)).all() == [], "a writer joins no circle"
        writer = rosa.read(f"/letters/{letter}")["writer_id"]
        consent = session.exec(select(Consent).where(Consent.person_id == writer)).one()
        assert (consent.words, consent.how) == ("Yes, send me the link.", "by phone")
    saved = put(rosa, letter, "words", {**WORDS, "seen_revision": 1})
    assert (saved["state"], saved["revision"], saved["body"]) == ("started", 2, "")
    sent = rosa.made(f"/letters/{letter}/signature", {**SIGNED, "seen_revision": 2})
    assert sent["state"] == "sent"
    told = api.program("counsel").read(f"/letters/{letter}")
    assert told["body"] == "I am his pastor.\n\nHe sings."
    assert (told["signed_as"], told["taken_down_by"]) == ("Lee Brown", "Rosa Diaz")
    assert [one["code"] for one in told["cautions"]] == ["short"]
    with api.reading() as session:
        read = session.exec(
            select(AuditEvent).where(
                AuditEvent.action == "read a letter", AuditEvent.subject_id == letter
            )
        ).all()
    assert len(read) == 1
    listed = api.program("counsel").read(f"/packets/{packet}/letters")["items"]
    assert [one["id"] for one in listed] == [letter]


def test_what_a_writer_has_not_sent_is_theirs(rosa: Program, packet: str) -> None:
    letter = asked(rosa, packet)
    put(rosa, letter, "words", WORDS)
    assert "sings" not in rosa.get(f"/letters/{letter}").text
    rosa.made(f"/letters/{letter}/signature", SIGNED)
    assert "sings" in rosa.get(f"/letters/{letter}").text
    declined = rosa.made(f"/letters/{letter}/decline", {"words": "I am moving away."})
    assert (declined["state"], declined["body"]) == ("declined", "")
    assert declined["decline_words"] == "I am moving away."
    assert rosa.made(f"/letters/{letter}/resume")["state"] == "started"


def test_two_who_write_at_once_are_told(rosa: Program, packet: str) -> None:
    letter = asked(rosa, packet)
    put(rosa, letter, "words", {**WORDS, "seen_revision": 1})
    path = f"/letters/{letter}/words"
    answer = rosa.call("PUT", path, json={"story": "Other.", "seen_revision": 1})
    assert answer.status_code == 409
    assert "sings" not in answer.text
    unread = rosa.post(f"/letters/{letter}/signature", {**SIGNED, "seen_revision": 1})
    assert unread.status_code == 409


def test_nothing_is_signed_that_was_not_written_and_read_back(rosa: Program, packet: str) -> None:
    letter = asked(rosa, packet)
    assert rosa.post(f"/letters/{letter}/signature", SIGNED).status_code == 409
    put(rosa, letter, "words", {"whole": "Dear Judge, he is kind."})
    refused = rosa.post(f"/letters/{letter}/signature", {**SIGNED, "read_back": False})
    assert refused.status_code == 422
    signed = rosa.made(f"/letters/{letter}/signature", SIGNED)
    assert signed["body"] == "Dear Judge, he is kind."


def test_photographs_of_a_letter_become_one_document(
    api: Installation, rosa: Program, packet: str
) -> None:
    letter = asked(rosa, packet)
    path = f"/letters/{letter}/file"
    pages = [("file", ("page.jpg", a_photograph())), ("file", ("page 2.jpg", a_photograph()))]
    answer = rosa.call("POST", path, data={"signed_as": "Lee Brown", "language": "ht"}, files=pages)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["pages"], told["document_name"]) == ("sent", 2, "page.jpg + 1")
    assert (told["media_type"], told["language"]) == ("application/pdf", "ht")
    taken = api.program("counsel").get(path)
    with pikepdf.open(io.BytesIO(taken.content)) as document:
        assert len(document.pages) == 2
    assert taken.headers["content-disposition"] == 'attachment; filename="letter"'
    assert "Lee" not in str(taken.headers)


def test_a_file_that_is_no_letter_is_refused_with_the_reason(rosa: Program, packet: str) -> None:
    letter = asked(rosa, packet)
    files = {"file": ("letter.pdf", b"MZ not a pdf")}
    answer = rosa.call(
        "POST", f"/letters/{letter}/file", data={"signed_as": "Lee Brown"}, files=files
    )
    assert answer.status_code == 422
    assert "This file cannot be used" in answer.json()["detail"]
    assert rosa.read(f"/letters/{letter}")["state"] == "asked"
    assert rosa.get(f"/letters/{letter}/file").status_code == 404


def test_a_translation_holds_until_the_letter_says_something_else(
    rosa: Program, packet: str
) -> None:
    letter = asked(rosa, packet, language="es")
    put(rosa, letter, "words", {"who": "Soy su pastor."})
    early = rosa.call(
        "PUT", f"/letters/{letter}/translation", json={"translation": "I", "translated_by": "Ana"}
    )
    assert early.status_code == 409
    rosa.made(f"/letters/{letter}/signature", SIGNED)
    said = {"translation": "I am his pastor.", "translated_by": "Ana Ruiz"}
    assert put(rosa, letter, "translation", said)["translation_holds"] is True
    put(rosa, letter, "words", {"who": "Soy su tía."})
    told = rosa.made(f"/letters/{letter}/signature", SIGNED)
    assert (told["translation_holds"], told["translation"]) == (False, "I am his pastor.")
    nobody = {"translation": "I am his aunt.", "translated_by": " "}
    path = f"/letters/{letter}/translation"
    assert rosa.call("PUT", path, json=nobody).status_code == 422


def test_a_link_is_shown_on_request_alone_and_ends_with_the_letter(
    api: Installation, rosa: Program, packet: str
) -> None:
    letter = asked(rosa, packet)
    assert "/letter/" not in rosa.get(f"/letters/{letter}").text
    first = rosa.made(f"/letters/{letter}/link")["url"]
    assert first.startswith("http://127.0.0.1:8000/letter/")
    assert rosa.made(f"/letters/{letter}/link")["url"] == first
    rosa.made(f"/letters/{letter}/link/renew")
    assert rosa.made(f"/letters/{letter}/link")["url"] != first
    rosa.made(f"/letters/{letter}/withdraw")
    assert rosa.post(f"/letters/{letter}/link").status_code == 409
    assert rosa.call("PUT", f"/letters/{letter}/words", json=WORDS).status_code == 409
    with api.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.subject_id == letter)).all()
    assert deeds(events) == ["showed a private link"] * 3


def test_letters_are_put_in_order_and_corrected(rosa: Program, packet: str) -> None:
    ids = [asked(rosa, packet, first_name=name, contacts=[]) for name in ("Ana", "Bo", "Cy")]
    assert put(rosa, ids[2], "position", {"position": 0})["position"] == 0
    listed = rosa.read(f"/packets/{packet}/letters")["items"]
    order = [one["id"] for one in sorted(listed, key=lambda one: one["position"])]
    assert order == [ids[2], ids[0], ids[1]]
    path = f"/letters/{ids[0]}"
    changed = rosa.call("PATCH", path, json={"relationship": "employer"}).json()
    assert (changed["relationship"], changed["language"]) == ("employer", "en")


def test_a_letter_is_not_written_by_whose_case_it_is(rosa: Program) -> None:
    case = a_case(rosa)
    packet = rosa.made(f"/cases/{case['id']}/packets", {})["id"]
    path = f"/packets/{packet}/letters"
    own = {"relationship": "himself", "person_id": case["person_id"]}
    assert rosa.post(path, own).status_code == 422
    assert rosa.post(path, {"relationship": "pastor"}).status_code == 422
    assert rosa.post(path, {"relationship": "x", "person_id": "0" * 32}).status_code == 404
    bad = {**LEE, "contacts": [{**LEE["contacts"][0], "address": "12"}]}  # type: ignore[dict-item]
    assert rosa.post(path, bad).status_code == 422
    assert rosa.read(path)["items"] == []


def test_a_picture_needs_no_name_that_tells_what_it_is(rosa: Program, packet: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 500), "white").save(out, "PNG")
    letter = asked(rosa, packet)
    files = {"file": ("C:\\Users\\Lee\\my letter.xyz", out.getvalue())}
    answer = rosa.call("POST", f"/letters/{letter}/file", data={"signed_as": "Lee"}, files=files)
    assert (answer.json()["document_name"], answer.json()["pages"]) == ("my letter.xyz", 1)


def test_whoever_reads_the_letters_of_a_packet_is_written_down(
    api: Installation, rosa: Program, packet: str
) -> None:
    asked(rosa, packet)
    api.program("counsel").read(f"/packets/{packet}/letters")
    with api.reading() as session:
        rows = session.exec(select(AuditEvent).where(AuditEvent.subject_id == packet)).all()
    assert deeds(rows) == ["read the letters of a packet"]


def test_a_name_cannot_be_turned_round(rosa: Program, packet: str) -> None:
    letter = asked(rosa, packet, relationship="pas\u202etor\u2066")
    assert rosa.read(f"/letters/{letter}")["relationship"] == "pastor"
