"""A hub's own Word templates over the API: uploaded, refused with the reason, previewed, used."""

import shutil
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlmodel import select

from activities.documents import preflight
from activities.packet_inputs import gather
from records.packets import get_packet
from records.tables import AuditEvent, PacketTemplate
from tests.activities.documents.words import all_text, docx_of
from tests.api.programs import NOW, OTHER, Installation, Program, a_case

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OURS = docx_of("Our own look: {{ person.name }}", "{{ ask }}{% if draft %}DRAFT{% endif %}")


@pytest.fixture
def keeper(api: Installation) -> Program:
    """A supervisor's program, in a hub without templates of its own."""
    with api.writing() as session:
        for row in session.exec(select(PacketTemplate)).all():
            session.delete(row)
    return api.program("supervisor")


def uploaded(keeper: Program, content: bytes = OURS, kind: str = "release") -> dict[str, Any]:
    """What the upload of a template answers."""
    files = {"file": ("secret name.docx", content, DOCX)}
    answer = keeper.call("POST", "/packet-templates", data={"kind": kind}, files=files)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_every_kind_begins_with_homewards_own(keeper: Program) -> None:
    kinds = keeper.get("/packet-kinds").json()

    assert [kind["kind"] for kind in kinds][:2] == ["release", "diversion"]
    assert all(kind["own"] is None for kind in kinds)
    answer = keeper.get("/packet-kinds/sentencing/template")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="sentencing-template.docx"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "{{ person.name }}" in all_text(answer.content)


def test_a_template_is_uploaded_previewed_used_and_left_again(
    api: Installation, keeper: Program
) -> None:
    team = api.program("advocate")
    packet = team.made(f"/cases/{a_case(team)['id']}/packets", {"kind": "release"})
    new = uploaded(keeper)
    assert (new["number"], new["in_use"]) == (1, False)
    assert "Ties to the community" in new["notes"][1]
    preview = keeper.get(f"/packet-templates/{new['id']}/preview")
    assert "Our own look: Marcus Johnson" in all_text(preview.content)
    assert "secret" not in preview.headers["content-disposition"]
    assert keeper.get(f"/packet-templates/{new['id']}/file").content == OURS

    before = revision(api, packet["id"])
    used = keeper.made(f"/packet-templates/{new['id']}/use", {})
    assert used["in_use"] is True
    assert revision(api, packet["id"]) == before + 1
    with api.reading() as session:
        template = gather(session, get_packet(session, packet["id"]), NOW).template
    assert template.version.startswith("own-1-")
    assert keeper.get("/packet-kinds/release/template").content == OURS
    kind = keeper.get("/packet-kinds").json()[0]
    assert (kind["own"], kind["version"]) == (new["id"], template.version)

    assert keeper.call("DELETE", "/packet-kinds/release/template").status_code == 204
    assert revision(api, packet["id"]) == before + 2
    assert keeper.get("/packet-kinds").json()[0]["own"] is None
    [kept] = keeper.read("/packet-templates", kind="release")["items"]
    assert (kept["id"], kept["in_use"]) == (new["id"], False)
    assert keeper.read("/packet-templates", kind="progress")["items"] == []
    with api.reading() as session:
        actions = [event.action for event in session.exec(select(AuditEvent)).all()]
    for action in ("uploaded a template", "uses a template", "went back to Homeward's template"):
        assert action in actions


def revision(api: Installation, packet_id: str) -> int:
    with api.reading() as session:
        return get_packet(session, packet_id).revision


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7", "not a .docx"),
        (docx_of("{{ person.nmae }}"), "person.nmae"),
        (docx_of("{{ ask.__class__ }}"), "private name"),
        (docx_of("Marcus Johnson"), "has no {{ person.name }}"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason_and_not_kept(
    keeper: Program, content: bytes, why: str
) -> None:
    files = {"file": ("ours.docx", content, DOCX)}
    answer = keeper.call("POST", "/packet-templates", data={"kind": "release"}, files=files)

    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert keeper.read("/packet-templates")["items"] == []


def test_an_upload_that_is_sent_twice_is_one_version(keeper: Program) -> None:
    assert uploaded(keeper)["id"] == uploaded(keeper)["id"]
    assert len(keeper.read("/packet-templates")["items"]) == 1


def test_a_version_that_homeward_has_outgrown_cannot_be_used(
    api: Installation, keeper: Program
) -> None:
    stored = api.app.state.documents().put(docx_of("{{ person.name }}{{ no_longer_there }}"))
    new = uploaded(keeper)
    with api.writing() as session:
        row = session.get_one(PacketTemplate, new["id"])
        row.document_key = stored.key
        session.add(row)

    answer = keeper.post(f"/packet-templates/{new['id']}/use", {})

    assert answer.status_code == 422
    assert "no_longer_there" in answer.json()["detail"]
    assert keeper.get("/packet-kinds").json()[0]["own"] is None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_preview_is_a_pdf_where_libreoffice_is(keeper: Program) -> None:
    new = uploaded(keeper)

    answer = keeper.get(f"/packet-templates/{new['id']}/preview", form="pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert preflight(answer.content).pages == 1


def test_without_libreoffice_the_preview_says_what_to_install(
    keeper: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = uploaded(keeper)
    monkeypatch.setenv("HOMEWARD_SOFFICE", "/nowhere/soffice")

    answer = keeper.get(f"/packet-templates/{new['id']}/preview", form="pdf")

    assert answer.status_code == 404
    assert "apt-get install libreoffice-writer-nogui" in answer.json()["detail"]
    assert Document(BytesIO(keeper.get(f"/packet-templates/{new['id']}/preview").content))


def test_advocates_and_counsel_keep_no_templates(api: Installation, keeper: Program) -> None:
    new = uploaded(keeper)
    for role in ("advocate", "counsel"):
        assert api.program(role).get("/packet-templates").status_code == 403
        assert api.program(role).post(f"/packet-templates/{new['id']}/use", {}).status_code == 403
    stranger = api.program("supervisor", OTHER)
    assert stranger.get(f"/packet-templates/{new['id']}/file").status_code == 404
