"""Exhibits over the API: judged by content, in order, added once, every download noted."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from pikepdf import Dictionary, Name, Pdf, String
from sqlmodel import select

from activities.documents.errors import StoreAway, StoreFull
from activities.documents.exhibits import MOST_BYTES
from activities.documents.store import FolderStore
from api.guards import MOST_DOCUMENT_BYTES
from domain.vocabulary import PacketState
from records.tables import AuditEvent, Packet
from tests.activities.documents.exhibits import uploads
from tests.api.programs import Installation, Program, a_case


@pytest.fixture
def packet(rosa: Program) -> str:
    """An empty packet's id."""
    return str(rosa.made(f"/cases/{a_case(rosa)['id']}/packets", {})["id"])


def send(
    program: Program, packet: str, content: bytes, *, key: str = "", **fields: Any
) -> httpx.Response:
    """Add a document."""
    name = fields.pop("name", "diploma.pdf")
    headers = {"Idempotency-Key": key} if key else {}
    return program.call(
        "POST",
        f"/packets/{packet}/exhibits",
        data=fields,
        files={"file": (name, content)},
        headers=headers,
    )


def added(program: Program, packet: str, *titles: str) -> list[dict[str, Any]]:
    """Exhibits of these titles."""
    answers = [
        send(program, packet, uploads.pdf(text=title), title=title, kind="record")
        for title in titles
    ]
    assert {answer.status_code for answer in answers} == {201}
    return [answer.json() for answer in answers]


def listed(program: Program, packet: str) -> list[tuple[str, str]]:
    """Letters and titles, in order."""
    items = program.read(f"/packets/{packet}/exhibits")["items"]
    return [(one["label"], one["title"]) for one in items]


def test_a_photograph_is_added_clean_and_read_by_counsel(
    api: Installation, rosa: Program, packet: str
) -> None:
    sent = uploads.jpeg(exif=uploads.camera_notes(6))

    made = send(rosa, packet, sent, name="IMG_2041.pdf", caption="At work", in_body="true").json()

    assert (made["label"], made["position"], made["title"]) == ("A", 0, "Photograph")
    assert (made["media_type"], made["kind"], made["pages"]) == ("image/jpeg", "photograph", 1)
    assert made["in_body"] is True
    assert "It was turned upright." in made["notes"]
    counsel = api.program("counsel")
    answer = counsel.get(f"/exhibits/{made['id']}/file")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'attachment; filename="exhibit.jpg"'
    assert answer.headers["cache-control"] == "no-store"
    assert b"Example Phones" not in answer.content
    assert len(answer.content) == made["size"]
    with api.reading() as session:
        noted = session.exec(select(AuditEvent).where(AuditEvent.subject_id == made["id"])).all()
    assert [event.action for event in noted] == ["downloaded exhibit"]


def test_what_is_not_said_is_taken_from_the_file(rosa: Program, packet: str) -> None:
    made = send(rosa, packet, uploads.pdf(pages=3), name="lease_2026.jpg").json()

    assert (made["title"], made["kind"], made["pages"]) == ("Lease 2026", "other", 3)
    assert made["file_name"] == "lease_2026.jpg"
    assert made["media_type"] == "application/pdf"


def with_script(document: Pdf) -> None:
    """A script that runs when the PDF is opened."""
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"Marcus Johnson", "none that a packet can hold"),
        (uploads.pdf()[:-30], "cut short"),
        (uploads.pdf(with_script), "it runs a script"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    rosa: Program, packet: str, content: bytes, said: str
) -> None:
    answer = send(rosa, packet, content, name="Marcus Johnson.pdf")

    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert "Marcus" not in answer.text
    assert listed(rosa, packet) == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(rosa: Program, packet: str) -> None:
    large = b"%PDF-" + bytes(MOST_BYTES)
    assert send(rosa, packet, large).status_code == 422

    answer = send(rosa, packet, large + bytes(MOST_DOCUMENT_BYTES - MOST_BYTES))

    assert answer.status_code == 413


def test_the_same_request_is_done_once(rosa: Program, packet: str) -> None:
    sent = uploads.pdf()
    first, second = (send(rosa, packet, sent, key="once") for _ in range(2))

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(listed(rosa, packet)) == 1
    other = send(rosa, packet, uploads.pdf(text="other"), key="once")
    assert other.json()["type"] == "urn:homeward:problem:idempotency-key-reused"


def test_the_same_document_is_enclosed_once(rosa: Program, packet: str) -> None:
    made = send(rosa, packet, uploads.pdf()).json()

    answer = send(rosa, packet, uploads.pdf())

    assert answer.status_code == 409
    assert made["id"] in answer.json()["detail"]


def test_exhibits_are_put_in_order(rosa: Program, packet: str) -> None:
    first, _, third = added(rosa, packet, "One", "Two", "Three")

    moved = rosa.call("PUT", f"/exhibits/{third['id']}/position", json={"position": 0})

    assert (moved.json()["label"], moved.json()["position"]) == ("A", 0)
    assert listed(rosa, packet) == [("A", "Three"), ("B", "One"), ("C", "Two")]
    rosa.call("PUT", f"/exhibits/{first['id']}/position", json={"position": 60})
    assert [title for _, title in listed(rosa, packet)] == ["Three", "Two", "One"]
    for wrong in (-1, 61, "1", 1.5, True):
        answer = rosa.call("PUT", f"/exhibits/{first['id']}/position", json={"position": wrong})
        assert answer.status_code == 422, wrong


def test_a_long_list_comes_in_parts_in_its_own_order(rosa: Program, packet: str) -> None:
    rows = added(rosa, packet, "One", "Two", "Three")
    rosa.call("PUT", f"/exhibits/{rows[2]['id']}/position", json={"position": 0})

    part = rosa.read(f"/packets/{packet}/exhibits", limit=2)
    rest = rosa.read(part["next"])

    assert [one["title"] for one in part["items"]] == ["Three", "One"]
    assert [one["title"] for one in rest["items"]] == ["Two"]
    assert rest["next"] is None


def test_what_is_taken_out_can_be_put_back(rosa: Program, packet: str) -> None:
    first, second = added(rosa, packet, "One", "Two")

    assert rosa.call("DELETE", f"/exhibits/{first['id']}").status_code == 204
    assert listed(rosa, packet) == [("A", "Two")]
    back = rosa.made(f"/exhibits/{first['id']}/restore")

    assert (back["label"], back["removed_at"]) == ("A", None)
    assert listed(rosa, packet) == [("A", "One"), ("B", "Two")]
    assert second["label"] == "B"


def test_only_a_photograph_is_shown_in_the_packet(rosa: Program, packet: str) -> None:
    (made,) = added(rosa, packet, "One")

    answer = rosa.call("PATCH", f"/exhibits/{made['id']}", json={"in_body": True})

    assert answer.status_code == 422
    assert "Only photographs" in answer.json()["detail"]
    changed = rosa.call("PATCH", f"/exhibits/{made['id']}", json={"title": "Lease"}).json()
    assert (changed["title"], changed["kind"]) == ("Lease", "record")
    for wrong in ({"title": " "}, {"kind": "gossip"}, {"size": 1}, {"caption": "x" * 501}):
        assert rosa.call("PATCH", f"/exhibits/{made['id']}", json=wrong).status_code == 422


def test_a_packet_that_was_filed_takes_nothing_more(
    api: Installation, rosa: Program, packet: str
) -> None:
    (made,) = added(rosa, packet, "One")
    with api.writing() as session:
        row = session.get_one(Packet, packet)
        row.state = PacketState.FILED
        session.add(row)

    answer = send(rosa, packet, uploads.pdf(text="late"))

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:homeward:problem:ended"
    assert rosa.call("DELETE", f"/exhibits/{made['id']}").status_code == 409
    assert listed(rosa, packet) == [("A", "One")]


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (StoreAway("does not answer. Try again in a moment."), 503, "store-away"),
        (StoreFull(1_000, 0), 507, "store-full"),
    ],
)
def test_a_store_that_takes_nothing_says_so_and_nothing_is_recorded(
    rosa: Program,
    packet: str,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    kind: str,
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(FolderStore, "put", fails)

    answer = send(rosa, packet, uploads.pdf())

    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:homeward:problem:{kind}"
    assert listed(rosa, packet) == []


def test_a_packet_of_another_hub_takes_nothing_and_stores_nothing(
    api: Installation, rosa: Program, packet: str
) -> None:
    stranger = api.program("advocate", "other")
    documents = Path(api.house.store._root)  # type: ignore[attr-defined]
    before = sorted(documents.rglob("*"))

    assert send(stranger, packet, uploads.pdf(text="elsewhere")).status_code == 404
    assert sorted(documents.rglob("*")) == before
