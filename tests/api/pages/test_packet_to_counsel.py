"""The whole way with real files: asked for, built, approved by counsel, built again, taken."""

import asyncio
import io
import shutil
from zipfile import ZipFile

import pikepdf
import pytest

from activities.agendas import read_agenda
from activities.packet_advancing import PacketAdvancing
from activities.packet_building import PacketBuilding
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import PacketState
from records.packet_reviews import bound_hash, send_to_counsel
from tests.api.pages.office import NOW, Browser, Office
from tests.api.pages.packets import Scene, a_letter, a_packet, inside
from tests.houses import ROSA

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


def live(scene: Scene) -> None:
    """Build and move the packet, as its workflow does, until nothing is due."""
    house, subject = (
        scene.office.house,
        SubjectRef(Subject.PACKET, scene.packet_id, scene.office.hub_id),
    )
    for _ in range(6):
        with house.records.reading(scene.office.hub_id) as session:
            items = read_agenda(session, subject, scene.office.clock.at).items
        for item in items:
            if item.due > scene.office.clock.at:
                continue
            if item.act is Act.BUILD_PACKET:
                asyncio.run(PacketBuilding(house).build_packet(Doing(subject, item)))
            if item.act is Act.ADVANCE_PACKET:
                asyncio.run(PacketAdvancing(house).advance_packet(Doing(subject, item)))


def taken(browser: Browser, path: str, version_id: str, make: str) -> bytes:
    """A file, as counsel takes it."""
    answer = browser.post(f"{path}/take", {"take": f"version {version_id} {make}"})
    content: bytes = browser.get(answer.headers["location"]).content
    return content


def test_counsel_gets_a_draft_and_after_approval_the_same_without_the_mark(
    office: Office,
) -> None:
    scene = a_packet(office)
    a_letter(scene)
    live(scene)
    with office.house.records.writing(office.hub_id) as session:
        send_to_counsel(session, scene.packet_id, ROSA, NOW, unread_because="He is held.")
    path, draft = scene.counsel_path(), scene.newest()
    ana = inside(office, path)
    before = taken(ana, path, draft.id, "pdf")
    fields = {"version": draft.id, "seen": bound_hash(draft), "signed_as": "Ana Ruiz"}
    assert ana.post(f"{path}/approve", fields).status_code == 303
    live(scene)
    assert scene.packet().state == PacketState.DELIVERED
    final = scene.newest()
    assert (final.number, final.content_hash) == (draft.number + 1, draft.content_hash)
    assert "Approved and ready: version 2" in ana.words(path)
    after = taken(ana, path, final.id, "pdf")
    assert pages(before) == pages(after) == final.pages
    word = ZipFile(io.BytesIO(taken(ana, path, final.id, "docx"))).read("word/document.xml")
    assert b"Liberty City" in word
    assert len(scene.taken()) == 3


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
