"""What is followed: packets with everything that is open, and nothing that has ended."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.agenda import Subject
from domain.referrals import Setter
from domain.tracks import CourtStage, Track
from domain.vocabulary import Declined, PacketState, ReferralState
from engine.reconcile import open_subjects
from records.casework import get_case, move_track
from records.database import Records
from records.directory import NewProvider, add_provider
from records.packet_reviews import cancel_packet, mark_filed
from records.packets import PacketContent, get_packet, request_packet
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    send_referral,
)
from records.tables import HumanTask, Packet
from tests.houses import ROSA, FixedClock, a_case, hub_of, make_house, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(days=9)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    """Records with one hub."""
    return make_house(tmp_path, FixedClock(NOW)).records


@pytest.fixture
def packet(records: Records) -> Packet:
    """A packet of an open case."""
    case = a_case(records, NOW)
    with records.writing(hub_of(records)) as session:
        return request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)


def followed(records: Records) -> list[str]:
    """Packets that a workflow must follow."""
    return [ref.id for ref, _ in open_subjects(records) if ref.kind is Subject.PACKET]


def test_a_cancelled_packet_is_followed_for_it_may_be_taken_up_again(
    records: Records, packet: Packet
) -> None:
    with records.writing(hub_of(records)) as session:
        cancel_packet(session, packet.id, ROSA, LATER)
    assert followed(records) == [packet.id]


def test_a_filed_packet_is_not_followed(records: Records, packet: Packet) -> None:
    with records.writing(hub_of(records)) as session:
        get_packet(session, packet.id).state = PacketState.DELIVERED
        mark_filed(session, packet.id, date(2026, 5, 8), ROSA, LATER)
    assert followed(records) == []


def test_a_packet_ends_with_its_case_and_is_followed_again_with_it(
    records: Records, packet: Packet
) -> None:
    """Else each reconciling would wake the workflows of all the years that were, in vain."""
    for stage, expected in ((CourtStage.CLOSED, []), (CourtStage.ARRAIGNED, [packet.id])):
        with records.writing(hub_of(records)) as session:
            case = get_case(session, packet.case_id)
            move_track(session, case, Track.COURT, stage, ROSA, LATER, override_reason="As it is.")
        assert followed(records) == expected


def test_a_referral_that_was_turned_down_is_followed_until_somebody_was_told(
    records: Records,
) -> None:
    """Temporal's own records may be lost in between."""
    hub = hub_of(records)
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        provider = add_provider(session, NewProvider("Grove House"))
        new = NewReferral(provider.id, "housing", agreed_words="Yes", agreed_how="in person")
        row = draft_referral(session, case.id, new, ROSA, NOW)
        send_referral(session, row.id, ROSA, NOW)
        no = Answer(declined=Declined.FULL)
        move_referral(session, row.id, ReferralState.REJECTED, Setter.TEAM, no, ROSA, LATER)

    def is_followed() -> bool:
        return row.id in {ref.id for ref, _ in open_subjects(records)}

    assert is_followed()
    with records.writing(hub) as session:
        session.add(
            HumanTask(
                claim="told",
                kind="referral_declined",
                case_id=case.id,
                referral_id=row.id,
                opened_at=LATER,
            )
        )
    assert not is_followed()
