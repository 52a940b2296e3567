"""Exhibits: in order, added once, removed and put back, and every change tells the packet."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from domain.vocabulary import PacketState
from records.casework import NotFound
from records.database import HubSession, Records
from records.exhibits import (
    MOST_BYTES,
    MOST_EXHIBITS,
    EnclosedAlready,
    ExhibitsTooLarge,
    NewExhibit,
    NotAPhotograph,
    TooManyExhibits,
    add_exhibit,
    change_exhibit,
    list_exhibits,
    move_exhibit,
    remove_exhibit,
    removed_exhibits,
    restore_exhibit,
)
from records.packet_reviews import PacketEnded
from records.packets import PacketContent, get_packet, request_packet
from records.tables import CaseEvent, Exhibit, Packet
from tests.houses import ROSA, a_case, utc

NOW = utc("2026-05-01 14:00")
JPEG, PDF = "image/jpeg", "application/pdf"


@pytest.fixture
def packet(records: Records, hub: str) -> Packet:
    """An empty packet."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        return request_packet(session, case.id, "release", PacketContent(), ROSA, NOW, sections={})


def a_document(name: str, **more: Any) -> NewExhibit:
    """A document of this name, stored under a key of its own."""
    said = {"title": name, "document_key": f"key of {name}", "sha256": name, "size": 1_000}
    return NewExhibit(**{**said, "media_type": PDF, **more})


def add(session: HubSession, packet: Packet, *names: str) -> list[Exhibit]:
    """Exhibits of these names."""
    return [add_exhibit(session, packet.id, a_document(name), ROSA, NOW) for name in names]


def titles(session: HubSession, packet: Packet) -> list[str]:
    """What is enclosed, in order."""
    return [row.title for row in list_exhibits(session, packet.id)]


def revision(session: HubSession, packet: Packet) -> int:
    """How often the packet was changed."""
    return get_packet(session, packet.id).revision


def test_documents_stand_in_the_order_in_which_they_came(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        before = revision(session, packet)
        rows = add(session, packet, "diploma", "lease", "pay stub")
        assert titles(session, packet) == ["diploma", "lease", "pay stub"]
        assert {row.added_by for row in rows} == {ROSA.actor}
        assert revision(session, packet) == before + 3
        events = session.exec(select(CaseEvent.kind).where(CaseEvent.subject_id == packet.id)).all()
        assert list(events).count("exhibit_added") == 3


@pytest.mark.parametrize(
    ("which", "to", "order"),
    [
        (0, 1, ["b", "a", "c"]),
        (2, 1, ["a", "c", "b"]),
        (2, 0, ["c", "a", "b"]),
        (0, 9, ["b", "c", "a"]),
        (1, -4, ["b", "a", "c"]),
    ],
)
def test_an_exhibit_is_moved_by_hand(
    records: Records, hub: str, packet: Packet, which: int, to: int, order: list[str]
) -> None:
    with records.writing(hub) as session:
        rows = add(session, packet, "a", "b", "c")
        before = revision(session, packet)
        moved = move_exhibit(session, rows[which].id, to, ROSA, NOW)
        assert [row.title for row in moved] == titles(session, packet) == order
        assert revision(session, packet) == before + 1


def test_a_move_to_where_it_stands_builds_nothing_anew(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        rows = add(session, packet, "a", "b")
        before = revision(session, packet)
        move_exhibit(session, rows[1].id, 5, ROSA, NOW)
        change_exhibit(session, rows[1].id, {"title": "b"}, ROSA, NOW)
        assert revision(session, packet) == before


def test_what_is_removed_can_be_put_back_where_it_stood(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        rows = add(session, packet, "a", "b", "c")
        remove_exhibit(session, rows[1].id, ROSA, NOW)
        remove_exhibit(session, rows[1].id, ROSA, NOW)
        assert titles(session, packet) == ["a", "c"]
        assert [row.title for row in removed_exhibits(session, packet.id)] == ["b"]
        add(session, packet, "d")
        restore_exhibit(session, rows[1].id, ROSA, NOW)
        restore_exhibit(session, rows[1].id, ROSA, NOW)
        assert titles(session, packet) == ["a", "b", "c", "d"]
        assert removed_exhibits(session, packet.id) == []


def test_what_was_removed_is_not_changed_or_moved(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        (row,) = add(session, packet, "a")
        remove_exhibit(session, row.id, ROSA, NOW)
        with pytest.raises(NotFound):
            change_exhibit(session, row.id, {"title": "x"}, ROSA, NOW)
        with pytest.raises(NotFound):
            move_exhibit(session, row.id, 0, ROSA, NOW)


def test_the_same_document_is_enclosed_once(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        (row,) = add(session, packet, "a")
        with pytest.raises(EnclosedAlready) as refused:
            add(session, packet, "a")
        assert refused.value.exhibit_id == row.id
        remove_exhibit(session, row.id, ROSA, NOW)
        add(session, packet, "a")
        with pytest.raises(EnclosedAlready):
            restore_exhibit(session, row.id, ROSA, NOW)


def test_a_packet_holds_no_more_than_anybody_reads(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        rows = add(session, packet, *(f"page {n}" for n in range(MOST_EXHIBITS)))
        with pytest.raises(TooManyExhibits):
            add(session, packet, "one more")
        remove_exhibit(session, rows[0].id, ROSA, NOW)
        add(session, packet, "one more")


def test_the_exhibits_together_have_a_limit(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        large = a_document("large", size=MOST_BYTES - 10)
        add_exhibit(session, packet.id, large, ROSA, NOW)
        with pytest.raises(ExhibitsTooLarge, match="150 MB"):
            add_exhibit(session, packet.id, a_document("more", size=11), ROSA, NOW)
        add_exhibit(session, packet.id, a_document("more", size=10), ROSA, NOW)


def test_only_a_photograph_is_shown_in_the_packet_itself(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        lease = add_exhibit(session, packet.id, a_document("lease"), ROSA, NOW)
        photograph = a_document("at work", media_type=JPEG, in_body=True)
        shown = add_exhibit(session, packet.id, photograph, ROSA, NOW)
        assert shown.in_body
        with pytest.raises(NotAPhotograph):
            change_exhibit(session, lease.id, {"in_body": True}, ROSA, NOW)
        with pytest.raises(NotAPhotograph):
            add_exhibit(session, packet.id, a_document("x", in_body=True), ROSA, NOW)
        assert not change_exhibit(session, shown.id, {"in_body": False}, ROSA, NOW).in_body


def test_a_change_is_of_what_an_exhibit_is_called_alone(
    records: Records, hub: str, packet: Packet
) -> None:
    with records.writing(hub) as session:
        (row,) = add(session, packet, "a")
        changes = {"title": "Diploma", "caption": "2025", "kind": "certificate", "size": 9}
        change_exhibit(session, row.id, changes, ROSA, NOW)
        session.expire_all()
        assert (row.title, row.caption, row.kind, row.size) == (
            "Diploma",
            "2025",
            "certificate",
            1_000,
        )


DEEDS: dict[str, Callable[[HubSession, Packet, Exhibit], object]] = {
    "add": lambda session, packet, row: add(session, packet, "b"),
    "change": lambda session, packet, row: change_exhibit(
        session, row.id, {"title": "x"}, ROSA, NOW
    ),
    "move": lambda session, packet, row: move_exhibit(session, row.id, 1, ROSA, NOW),
    "remove": lambda session, packet, row: remove_exhibit(session, row.id, ROSA, NOW),
    "restore": lambda session, packet, row: restore_exhibit(session, row.id, ROSA, NOW),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_packet_that_was_filed_keeps_its_exhibits(
    records: Records, hub: str, packet: Packet, deed: str
) -> None:
    with records.writing(hub) as session:
        (row,) = add(session, packet, "a")
        known = get_packet(session, packet.id)
        known.state = PacketState.FILED
        session.add(known)
        session.flush()
        with pytest.raises(PacketEnded):
            DEEDS[deed](session, packet, row)


def test_words_and_names_are_sealed(records: Records, hub: str, packet: Packet) -> None:
    new = a_document("Diploma of Marcus", caption="With his aunt", file_name="marcus.pdf")
    with records.writing(hub) as session:
        add_exhibit(session, packet.id, new, ROSA, NOW)
    with records.engine.connect() as connection:
        table = Exhibit.__table__  # type: ignore[attr-defined]
        raw = connection.exec_driver_sql(
            f"SELECT title, caption, file_name FROM {table.name}"
        ).all()
    assert "Marcus" not in str(raw)
    assert "marcus" not in str(raw)
    assert "aunt" not in str(raw)


def test_another_hub_sees_nothing(records: Records, hub: str, packet: Packet) -> None:
    with records.writing(hub) as session:
        (row,) = add(session, packet, "a")
    with records.writing("f" * 32) as session:
        assert list_exhibits(session, packet.id) == []
        with pytest.raises(NotFound):
            remove_exhibit(session, row.id, ROSA, NOW)
