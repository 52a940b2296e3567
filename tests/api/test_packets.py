"""Packets over the API: asked for, told in sections, read, approved by counsel alone, filed."""

import base64
from typing import Any

from sqlmodel import col, select

from activities.packet_inputs import dump_inputs, gather
from records.packet_reviews import mark_delivered, newest_version
from records.packets import get_packet
from records.tables import AuditEvent, PacketVersion
from tests.api.programs import NOW, Installation, Program, a_case, a_hearing, deeds
from tests.houses import ROSA

SECTIONS = {
    "ties": [
        {"text": "Born in Liberty City.", "said_by": "Denise Johnson, mother", "quote": True},
        {"text": "Sings in the choir."},
    ],
    "residence": [{"text": "His mother's home.", "confirmed_by": "Exhibit A"}],
}
CONTENT = {
    "ask": "We ask for release to his mother's home.",
    "judge": "Hon. A. Example",
    "conditions": ["Curfew at nine."],
    "sections": SECTIONS,
}


def a_packet(rosa: Program, **more: Any) -> dict[str, Any]:
    """A release packet for a case with a hearing."""
    case = a_case(rosa)
    hearing = a_hearing(rosa, case)
    asked = {"hearing_id": hearing["id"], "content": CONTENT, **more}
    return rosa.made(f"/cases/{case['id']}/packets", asked)


def built(api: Installation, packet_id: str, *, pdf: bool = True) -> dict[str, Any]:
    """The next version, with the hashes that its workflow would give it and small files."""
    store = api.app.state.documents()
    with api.writing() as session:
        packet = get_packet(session, packet_id)
        gathered, newest = gather(session, packet, NOW), newest_version(session, packet_id)
        number = newest.number + 1 if newest else 1
        docx = store.put(f"docx {number} of {packet_id}".encode())
        row = PacketVersion(
            packet_id=packet_id,
            number=number,
            inputs_hash=gathered.inputs_hash,
            content_hash=gathered.content_hash,
            approval_id=gathered.approval_id,
            template="release",
            template_version="1",
            docx_key=docx.key,
            docx_sha256=docx.sha256,
            docx_size=docx.size,
            inputs=dump_inputs(gathered.inputs()),
            pdf_problem="" if pdf else "LibreOffice is not installed.",
            built_at=NOW,
        )
        if pdf:
            made = store.put(f"pdf {number} of {packet_id}".encode())
            row.pdf_key, row.pdf_sha256, row.pdf_size = made.key, made.sha256, made.size
        session.add(row)
    versions: list[dict[str, Any]] = api.program("advocate").read(f"/packets/{packet_id}/versions")[
        "items"
    ]
    return versions[-1]


def approval_of(version: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Counsel's word on a version."""
    said = {"version_id": version["id"], "bound_hash": version["bound_hash"]}
    return {**said, "signed_as": "Ana Ruiz", **more}


def with_counsel(api: Installation, packet: dict[str, Any], rosa: Program) -> dict[str, Any]:
    """A version that counsel is asked to read."""
    version = built(api, packet["id"])
    rosa.made(f"/packets/{packet['id']}/counsel", {"unread_because": "Held."})
    return version


def test_sections_go_in_and_come_out_with_whose_words_they_are(rosa: Program) -> None:
    packet = a_packet(rosa)
    told = packet["content"]["sections"]
    assert [one["text"] for one in told["ties"]] == ["Born in Liberty City.", "Sings in the choir."]
    assert told["ties"][0]["said_by"] == "Denise Johnson, mother"
    assert told["ties"][0]["quote"] is True
    assert told["residence"][0]["confirmed_by"] == "Exhibit A"
    assert (packet["state"], packet["approved"]) == ("collecting", False)


def test_a_change_leaves_sections_that_it_does_not_speak_of(rosa: Program) -> None:
    packet = a_packet(rosa)
    path = f"/packets/{packet['id']}/content"
    changed = rosa.call("PUT", path, json={"ask": "Release on recognizance."}).json()
    assert changed["revision"] > packet["revision"]
    assert changed["content"]["sections"] == packet["content"]["sections"]
    emptied = rosa.call("PUT", path, json={"sections": {"residence": [{"text": "Home."}]}}).json()
    assert list(emptied["content"]["sections"]) == ["residence"]


def test_a_kind_takes_its_own_sections_alone(rosa: Program) -> None:
    case = a_case(rosa)
    path = f"/cases/{case['id']}/packets"
    wrong = {"kind": "progress", "content": {"sections": SECTIONS}}
    answer = rosa.post(path, wrong)
    assert answer.status_code == 422
    assert "progress, who, goals" in answer.json()["detail"]
    assert rosa.post(path, {"kind": "clemency"}).status_code == 422
    assert "clemency" not in rosa.post(path, {"kind": "clemency"}).text
    another = a_hearing(rosa, a_case(rosa))
    assert rosa.post(path, {"hearing_id": another["id"]}).status_code == 404
    assert rosa.read(path)["items"] == []


def test_the_way_of_a_packet_to_its_approval_and_filing(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    path, counsel = f"/packets/{packet['id']}", api.program("counsel")
    assert rosa.post(f"{path}/participant").status_code == 409, "there is nothing to read"
    first = built(api, packet["id"])
    assert rosa.made(f"{path}/draft")["state"] == "drafting"
    assert rosa.made(f"{path}/participant")["state"] == "participant_review"
    no = {"version_id": first["id"], "verdict": "changes", "words": "Not my street."}
    assert rosa.made(f"{path}/participant/answers", no)["state"] == "drafting"
    assert rosa.post(f"{path}/counsel", {}).status_code == 409, "unread, and nobody says why"
    yes = {"version_id": first["id"], "verdict": "agrees", "said_by": "Marcus Johnson"}
    assert rosa.made(f"{path}/participant/answers", yes)["state"] == "counsel_review"
    comment = {"version_id": first["id"], "verdict": "comments", "words": "Good.", "said_by": "Ana"}
    assert counsel.made(f"{path}/reviews", comment)["state"] == "counsel_review"
    approval = counsel.made(f"{path}/approvals", approval_of(first))
    assert approval["bound_hash"] == first["bound_hash"]
    assert counsel.read(path)["approved"] is True
    final = built(api, packet["id"])
    assert final["draft"] is False
    with api.writing() as session:
        mark_delivered(session, get_packet(session, packet["id"]), ROSA, NOW)
    assert counsel.post(f"{path}/filed", {"filed_on": "2026-12-31"}).status_code == 422
    filed = counsel.made(f"{path}/filed", {"filed_on": "2026-12-02"})
    assert (filed["state"], filed["filed_on"]) == ("filed", "2026-12-02")
    said = [(one["reader"], one["verdict"]) for one in rosa.read(f"{path}/reviews")["items"]]
    assert said == [
        ("participant", "changes"),
        ("participant", "agrees"),
        ("counsel", "comments"),
        ("counsel", "approves"),
    ]
    assert rosa.post(f"{path}/cancel").status_code == 409
    assert rosa.call("PUT", f"{path}/content", json={"ask": "x"}).status_code == 409


def test_an_advocate_cannot_approve(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    version = with_counsel(api, packet, rosa)
    for role in ("advocate", "supervisor", "hub_admin"):
        answer = api.program(role).post(f"/packets/{packet['id']}/approvals", approval_of(version))
        assert answer.status_code == 403
    review = {"version_id": version["id"], "verdict": "approves", "words": "Yes."}
    assert (
        api.program("counsel").post(f"/packets/{packet['id']}/reviews", review).status_code == 422
    )
    assert rosa.read(f"/packets/{packet['id']}")["state"] == "counsel_review"


def test_what_changed_after_it_was_read_is_not_approved(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    path, counsel = f"/packets/{packet['id']}", api.program("counsel")
    read = with_counsel(api, packet, rosa)
    assert (
        counsel.post(f"{path}/approvals", approval_of(read, bound_hash="0" * 64)).status_code == 409
    )
    rosa.call("PUT", f"{path}/content", json={"ask": "Something else."})
    assert counsel.post(f"{path}/approvals", approval_of(read)).status_code == 409
    newest = built(api, packet["id"])
    assert counsel.post(f"{path}/approvals", approval_of(read)).status_code == 409
    first = counsel.made(f"{path}/approvals", approval_of(newest))
    again = counsel.made(f"{path}/approvals", approval_of(newest))
    assert again["id"] == first["id"]
    rosa.call("PUT", f"{path}/content", json={"ask": "Another thing."})
    assert counsel.read(path)["approved"] is False, "before any workflow has voided it"
    assert counsel.read(f"/cases/{packet['case_id']}/packets")["items"][0]["approved"] is False


def test_counsel_sends_it_back(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    version = with_counsel(api, packet, rosa)
    path, counsel = f"/packets/{packet['id']}/reviews", api.program("counsel")
    back = {"version_id": version["id"], "verdict": "sends_back", "words": "Name the employer."}
    assert counsel.post(path, {**back, "words": "  "}).status_code == 422
    assert counsel.made(path, back)["state"] == "drafting"


def test_versions_of_another_packet_are_not_spoken_of(api: Installation, rosa: Program) -> None:
    packet, other = a_packet(rosa), a_packet(rosa)
    with_counsel(api, packet, rosa)
    theirs = with_counsel(api, other, rosa)
    path, counsel = f"/packets/{packet['id']}", api.program("counsel")
    assert counsel.post(f"{path}/approvals", approval_of(theirs)).status_code == 404
    comment = {"version_id": theirs["id"], "verdict": "comments", "words": "x"}
    assert counsel.post(f"{path}/reviews", comment).status_code == 404
    answer = {"version_id": theirs["id"], "verdict": "changes", "words": "x"}
    assert rosa.post(f"{path}/participant/answers", answer).status_code == 404


def test_a_packet_is_cancelled_taken_up_again_and_replaced(
    api: Installation, rosa: Program
) -> None:
    packet = a_packet(rosa)
    path = f"/packets/{packet['id']}"
    assert rosa.made(f"{path}/cancel")["cancelled_at"] is not None
    assert rosa.post(f"{path}/draft").status_code == 409
    assert rosa.made(f"{path}/resume")["cancelled_at"] is None
    new = rosa.made(f"{path}/replace", {"kind": "release"})
    assert new["replaces_id"] == packet["id"]
    assert [one["text"] for one in new["content"]["sections"]["residence"]] == [
        "His mother's home."
    ]
    assert rosa.read(path)["state"] == "superseded"
    assert rosa.post(f"{path}/replace", {"kind": "release"}).status_code == 409


def test_a_deed_with_a_key_is_done_once(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    path = f"/packets/{packet['id']}/replace"
    first = rosa.post(path, {"kind": "biography"}, key="once")
    again = rosa.post(path, {"kind": "biography"}, key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]


def test_files_are_downloaded_with_their_hash_and_that_is_noted(
    api: Installation, rosa: Program
) -> None:
    packet = a_packet(rosa)
    version = built(api, packet["id"])
    assert version["makes"] == ["docx", "pdf"]
    counsel = api.program("counsel")
    answer = counsel.get(f"/packets/{packet['id']}/versions/1/pdf")
    headers = answer.headers
    assert answer.content == f"pdf 1 of {packet['id']}".encode()
    assert headers["content-disposition"] == 'attachment; filename="release-packet-v1.pdf"'
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    digest = base64.b64encode(bytes.fromhex(version["pdf_sha256"])).decode()
    assert headers["repr-digest"] == f"sha-256=:{digest}:"
    nothing = rosa.get(f"/packets/{packet['id']}/versions/1/exhibits")
    assert nothing.status_code == 404
    assert "no exhibits" in nothing.json()["detail"]
    assert rosa.get(f"/packets/{packet['id']}/versions/3/docx").status_code == 404
    with api.reading() as session:
        rows = session.exec(select(AuditEvent).where(AuditEvent.subject_id == version["id"])).all()
    assert [row.action for row in rows] == ["downloaded pdf"]


def test_without_a_pdf_it_says_what_to_install(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    built(api, packet["id"], pdf=False)
    answer = rosa.get(f"/packets/{packet['id']}/versions/1/pdf")
    assert answer.status_code == 404
    assert "LibreOffice" in answer.json()["detail"]


def test_a_file_that_is_gone_is_told_as_gone(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    built(api, packet["id"])
    with api.reading() as session:
        version = newest_version(session, packet["id"])
    assert version is not None
    api.app.state.documents().delete(version.docx_key)
    answer = rosa.get(f"/packets/{packet['id']}/versions/1/docx")
    assert answer.status_code == 404
    assert "backup" in answer.json()["detail"]
    assert version.docx_key not in answer.text


def test_whoever_reads_a_packet_is_written_down(api: Installation, rosa: Program) -> None:
    packet = a_packet(rosa)
    for path in (
        f"/cases/{packet['case_id']}/packets",
        f"/packets/{packet['id']}",
        f"/packets/{packet['id']}/sections",
        f"/packets/{packet['id']}/reviews",
    ):
        rosa.read(path)
    ids = {packet["id"], packet["case_id"]}
    with api.reading() as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all()
    assert deeds(row for row in rows if row.subject_id in ids) == [
        "read the packets of a case",
        "read a packet",
        "read the sections of a packet",
        "read what was said of a packet",
    ]


def test_words_cannot_be_turned_round(rosa: Program) -> None:
    ask = {"ask": "We ask \u202efor\u202c release.", "judge": "Hon. \u2067A. Example"}
    told = a_packet(rosa, content=ask)["content"]
    assert (told["ask"], told["judge"]) == ("We ask for release.", "Hon. A. Example")
