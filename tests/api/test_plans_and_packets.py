"""Support plans and packets over the API."""

import asyncio
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlmodel import select

from activities.agendas import read_agenda
from activities.documents.errors import ConverterMissing
from activities.packet_building import PacketBuilding
from domain.agenda import Act, Doing, Subject, SubjectRef
from records.tables import AuditEvent, PacketVersion
from tests.api.programs import Installation, Program, a_case, a_hearing

STEPS = [
    {"kind": "housing", "title": "Move in with Aunt Rose", "due_on": "2026-12-20"},
    {"kind": "employment", "title": "Start at the bakery"},
]
CONTENT = {
    "ask": "We ask for release to his mother's home.",
    "ties": ["Marcus has lived in Liberty City all his life."],
    "judge": "Hon. A. Example",
    "letters": ["Pastor Lee"],
}


def test_a_step_goes_from_promise_to_verified(rosa: Program) -> None:
    case = a_case(rosa)
    plan = rosa.made(f"/cases/{case['id']}/plans", {"goals": "A home and work.", "steps": STEPS})
    step = plan["steps"][0]
    assert (step["due_on"], step["state"]) == ("2026-12-20", "active")
    assert rosa.post(f"/steps/{step['id']}/verify").status_code == 409
    shown = rosa.made(f"/steps/{step['id']}/evidence", {"kind": "letter", "note": "From Rose"})
    assert shown["state"] == "evidenced"
    assert shown["evidence"][0]["note"] == "From Rose"
    done = rosa.made(f"/steps/{step['id']}/verify")
    assert done["state"] == "verified"
    assert done["evidence"][0]["verified_by"] == "a advocate's program"
    excused = rosa.made(
        f"/steps/{plan['steps'][1]['id']}/excuse", {"what_got_in_the_way": "It closed."}
    )
    assert excused["state"] == "excused"


def test_an_ended_plan_takes_no_more_steps(rosa: Program) -> None:
    case = a_case(rosa)
    plan = rosa.made(f"/cases/{case['id']}/plans", {"steps": STEPS})
    step = plan["steps"][0]["id"]
    ended = rosa.made(f"/plans/{plan['id']}/discharge", {"outcome": "discharged_successful"})
    assert ended["state"] == "discharged_successful"
    for path, body in (
        (f"/plans/{plan['id']}/steps", STEPS[1]),
        (f"/plans/{plan['id']}/discharge", {"outcome": "discharged_other"}),
        (f"/steps/{step}/evidence", {"kind": "letter"}),
        (f"/steps/{step}/excuse", {"what_got_in_the_way": "x"}),
    ):
        assert rosa.post(path, body).status_code == 409, path
    assert rosa.read(f"/cases/{case['id']}/plans")["items"] == [ended]


def built(api: Installation, packet_id: str) -> None:
    """Build the packet's next version, as its workflow does."""
    subject = SubjectRef(Subject.PACKET, packet_id, api.hub_id())
    with api.reading() as session:
        agenda = read_agenda(session, subject, api.clock.at)
    item = next(item for item in agenda.items if item.act is Act.BUILD_PACKET)
    asyncio.run(PacketBuilding(api.house).build_packet(Doing(subject, item)))


def test_a_packet_is_asked_for_changed_and_downloaded(
    api: Installation, rosa: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.packet_building.convert_to_pdf", _no_pdf)
    case = a_case(rosa)
    hearing = a_hearing(rosa, case)
    asked = {"hearing_id": hearing["id"], "content": CONTENT}
    packet = rosa.made(f"/cases/{case['id']}/packets", asked)
    assert packet["content"]["letters"] == ["Pastor Lee"]
    built(api, packet["id"])
    content = {**CONTENT, "ask": "We ask for release on recognizance."}
    changed = rosa.call("PUT", f"/packets/{packet['id']}/content", json=content).json()
    assert changed["revision"] == packet["revision"] + 1
    built(api, packet["id"])
    versions = rosa.read(f"/packets/{packet['id']}/versions")["items"]
    assert [version["number"] for version in versions] == [1, 2]
    answer = api.program("counsel").get(f"/packets/{packet['id']}/versions/2/docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="packet-version-2.docx"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    document = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    assert "recognizance" in document
    no_pdf = rosa.get(f"/packets/{packet['id']}/versions/2/pdf")
    assert no_pdf.status_code == 404
    assert "LibreOffice" in no_pdf.json()["detail"]
    assert rosa.get(f"/packets/{packet['id']}/versions/3/docx").status_code == 404
    with api.reading() as session:
        version = session.exec(
            select(PacketVersion).where(PacketVersion.packet_id == packet["id"])
        ).all()[-1]
        events = session.exec(select(AuditEvent)).all()
    downloads = [event for event in events if event.action == "downloaded docx"]
    assert [event.subject_id for event in downloads] == [version.id]


async def _no_pdf(*_: object, **__: object) -> bytes:
    raise ConverterMissing("soffice")


def test_a_file_that_is_gone_is_told_as_gone(api: Installation, rosa: Program) -> None:
    case = a_case(rosa)
    packet = rosa.made(f"/cases/{case['id']}/packets", {})
    store = api.app.state.documents()
    stored = store.put(b"here and gone")
    with api.writing() as session:
        session.add(
            PacketVersion(
                packet_id=packet["id"],
                number=1,
                inputs_hash="0",
                template="release",
                template_version="1",
                docx_key=stored.key,
                built_at=api.clock.at,
            )
        )
    assert rosa.get(f"/packets/{packet['id']}/versions/1/docx").content == b"here and gone"
    store.delete(stored.key)
    answer = rosa.get(f"/packets/{packet['id']}/versions/1/docx")
    assert answer.status_code == 404
    assert "backup" in answer.json()["detail"]
    assert stored.key not in answer.text


def test_a_packet_needs_a_kind_that_there_is_and_a_hearing_of_its_own_case(rosa: Program) -> None:
    case, another = a_case(rosa), a_case(rosa)
    hearing = a_hearing(rosa, another)
    path = f"/cases/{case['id']}/packets"
    assert "release" in rosa.post(path, {"kind": "clemency"}).json()["detail"]
    assert rosa.post(path, {"hearing_id": hearing["id"]}).status_code == 404
    assert rosa.read(path)["items"] == []
