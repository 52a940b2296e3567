"""The example: whole on both databases, once however many load it, and gone with its documents."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.documents.store import FolderStore
from activities.example.people import SIGN_INS
from engine import example_hub
from engine.building import open_documents
from engine.example_hub import load_claimed, load_example, remove_with_documents
from engine.reconcile import open_subjects
from engine.settings import Settings
from records.access import who_knows
from records.crypto import keys
from records.database import Records
from records.document_keys import mentioned_keys
from records.example_loading import (
    SILENT,
    ClaimLost,
    ExampleNameTaken,
    Loading,
    LoadingNow,
    claim_loading,
    loading_now,
    tell_loading,
)
from records.example_removing import find_example
from records.example_sign_ins import new_passwords
from records.hubs import make_hub
from records.packets import PacketContent, request_packet
from records.tables import (
    Case,
    CourtRideSeat,
    Hearing,
    HumanTask,
    Letter,
    Message,
    OutboxRow,
    Packet,
    PacketVersion,
    PlanStep,
    Referral,
    Reply,
    StaffMember,
)
from tests.houses import ROSA, FixedClock, a_case, settings_in, utc
from tests.records.conftest import (
    engines,
    first,
    fresh_copy,
    kind,
    new_copy,
    new_database,
    place,
    postgres,
    records,
)
from tests.records.test_example import counts

__all__ = [
    "engines",
    "first",
    "fresh_copy",
    "kind",
    "new_copy",
    "new_database",
    "place",
    "postgres",
    "records",
]

NOW = utc("2026-12-02 04:30")
"""Half past eleven at night in New York, when it is the next day in UTC."""
SIGNED = "example-advocate"


class Gone(Exception):
    """What somebody meets who loads it on a bad day."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation whose packets are Word files only: no LibreOffice is there."""
    return settings_in(tmp_path, soffice=str(tmp_path / "nowhere"))


def store_of(settings: Settings) -> FolderStore:
    found = open_documents(settings, keys())
    assert isinstance(found, FolderStore)
    return found


def load(settings: Settings, records: Records) -> bool:
    return load_example(settings, records, FixedClock(NOW))


def test_it_holds_what_its_page_says(settings: Settings, records: Records) -> None:
    assert load(settings, records)
    hub = find_example(records)
    with records.reading(hub) as session:
        assert len(session.exec(select(Case)).all()) == 8
        states = {packet.kind: packet.state for packet in session.exec(select(Packet)).all()}
        assert states == {"sentencing": "counsel_review", "release": "delivered"}
        letters = Counter(letter.state for letter in session.exec(select(Letter)).all())
        assert letters == {"sent": 2, "asked": 1}
        steps = Counter(step.state for step in session.exec(select(PlanStep)).all())
        assert steps["missed"] == 1
        assert steps["verified"] == 5
        referrals = {one.need: one.state for one in session.exec(select(Referral)).all()}
        assert referrals == {"employment": "accepted", "housing": "requested"}
        assert session.exec(select(CourtRideSeat)).one()
        said = {reply.body: reply.read_as for reply in session.exec(select(Reply)).all()}
        assert said["no puedo ir, trabajo"] == "cannot_come"
        moved = [one for one in session.exec(select(Hearing)).all() if one.revision > 1]
        told = [m for m in session.exec(select(Message)).all() if m.step == "changed"]
        assert len(moved) == 1
        assert {message.language for message in told} == {"ht"}
        waiting = session.exec(select(HumanTask).where(col(HumanTask.closed_at).is_(None))).all()
        kinds = {task.kind for task in waiting}
        assert {"nobody_reached", "cannot_come", "reply_waiting", "counsel_waits"} <= kinds
        assert {"step_missed", "referral_unanswered"} <= kinds
        roles = Counter(member.role for member in session.exec(select(StaffMember)).all())
        assert roles == {"advocate": 2, "supervisor": 1, "hub_admin": 1, "counsel": 1}
        assert {m.transport for m in session.exec(select(Message)).all()} == {"example"}


def test_nothing_of_it_lies_in_the_future_but_its_dates(
    settings: Settings, records: Records
) -> None:
    load(settings, records)
    with records.reading(find_example(records)) as session:
        assert all(one.claimed_at <= NOW for one in session.exec(select(Message)).all())
        assert all(one.received_at <= NOW for one in session.exec(select(Reply)).all())
        assert all(one.built_at <= NOW for one in session.exec(select(PacketVersion)).all())
        assert all(one.starts_at > NOW for one in session.exec(select(Hearing)).all())


def test_every_workflow_of_it_is_told_of_once(settings: Settings, records: Records) -> None:
    load(settings, records)
    hub = find_example(records)
    with records.reading("") as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.hub_id == hub)).all()
    told = Counter(row.subject_id for row in rows)
    followed = {ref.id for ref, _ in open_subjects(records) if ref.hub_id == hub}
    assert followed <= set(told)
    assert set(told.values()) == {1}


def test_removing_takes_every_row_and_every_document_and_nothing_else(
    settings: Settings, records: Records
) -> None:
    store, before = store_of(settings), counts(records)
    ours = store.put(b"a document of real work").key
    load(settings, records)
    assert len(list(store.keys())) > 5
    with records.reading("") as session:
        assert mentioned_keys(session) <= set(store.keys())
    removed = remove_with_documents(records, store, NOW)
    assert removed is not None
    assert list(store.keys()) == [ours]
    told = len(removed.followed)
    assert told > 10
    assert counts(records) == {**before, "outbox": before["outbox"] + told}
    assert [ref for ref, _ in open_subjects(records) if ref.hub_id == removed.hub_id] == []
    assert remove_with_documents(records, store, NOW) is None
    assert load(settings, records), "it can be loaded again"


def test_a_document_that_real_work_has_too_stays(settings: Settings, records: Records) -> None:
    load(settings, records)
    store, hub = store_of(settings), find_example(records)
    with records.reading(hub) as session:
        shared = session.exec(select(PacketVersion)).all()[0].docx_key
    packet_id = _a_packet(records)
    with records.writing(records.sole_hub()) as session:
        letter = Letter(packet_id=packet_id, language="en", asked_at=NOW, state="sent")
        letter.document_key = shared
        session.add(letter)
    remove_with_documents(records, store, NOW)
    assert list(store.keys()) == [shared]


def _a_packet(records: Records) -> str:
    case = a_case(records, NOW)
    with records.writing(records.sole_hub()) as session:
        return request_packet(
            session, case.id, "release", PacketContent(), ROSA, NOW, sections={}
        ).id


def test_two_at_once_are_one(settings: Settings, records: Records) -> None:
    mark = claim_loading(records, SIGN_INS, NOW)
    with pytest.raises(LoadingNow):
        claim_loading(records, SIGN_INS, NOW + timedelta(minutes=1))
    load_claimed(settings, records, mark, FixedClock(NOW))
    assert claim_loading(records, SIGN_INS, NOW) == "", "it is there"
    assert not load(settings, records)
    assert loading_now(records) is None


def test_one_that_was_killed_is_taken_over_and_can_end_nothing(
    settings: Settings, records: Records
) -> None:
    old = claim_loading(records, SIGN_INS, NOW)
    tell_loading(records, old, Loading(NOW, 3, 40))
    later = NOW + SILENT + timedelta(seconds=1)
    new = claim_loading(records, SIGN_INS, later)
    with pytest.raises(ClaimLost):
        load_claimed(settings, records, old, FixedClock(later))
    assert find_example(records) == ""
    load_claimed(settings, records, new, FixedClock(later))
    assert find_example(records)


def test_what_goes_wrong_leaves_nothing_and_is_told(
    settings: Settings, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(records)

    def bad_day(*_: object) -> None:
        raise Gone

    monkeypatch.setattr(example_hub, "copy_hub", bad_day)
    with pytest.raises(Gone):
        load(settings, records)
    told = loading_now(records)
    assert told is not None
    assert told.problem == "Gone"
    assert counts(records) == {**before, "database_meta": before["database_meta"] + 1}
    monkeypatch.undo()
    assert load(settings, records), "trying again works"


def test_a_name_of_real_work_is_never_taken(settings: Settings, records: Records) -> None:
    with records.writing(records.sole_hub()) as session:
        session.add(StaffMember(name="Ana", sign_in=SIGNED, role="advocate"))
    with pytest.raises(ExampleNameTaken):
        load(settings, records)
    with records.writing(records.sole_hub()) as session:
        session.exec(select(StaffMember)).one().sign_in = "ana"
    make_hub(records, name="Real", slug="example")
    with pytest.raises(ExampleNameTaken):
        load(settings, records)
    assert loading_now(records) is None


def test_nobody_signs_in_before_a_password_is_made_and_the_next_one_ends_it(
    settings: Settings, records: Records
) -> None:
    load(settings, records)
    for word in ("", "example", SIGNED):
        assert who_knows(records, SIGNED, word) is None
    made = new_passwords(records, SIGN_INS)
    assert set(made) == set(SIGN_INS)
    member = who_knows(records, SIGNED, made[SIGNED])
    assert member is not None
    assert member.hub_id == find_example(records)
    again = new_passwords(records, SIGN_INS)
    assert who_knows(records, SIGNED, made[SIGNED]) is None
    assert who_knows(records, SIGNED, again[SIGNED]) is not None


def test_passwords_are_made_for_nobody_of_real_work(records: Records) -> None:
    with records.writing(records.sole_hub()) as session:
        session.add(StaffMember(name="Ana", sign_in=SIGNED, role="advocate", password_hash="x"))
    assert new_passwords(records, SIGN_INS) == {}
    with records.reading(records.sole_hub()) as session:
        assert session.exec(select(StaffMember)).one().password_hash == "x"
