"""What is followed: packets with everything that is open, and nothing that has ended."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from activities.agendas import read_agenda
from activities.house import House
from activities.planning import Planning
from domain.agenda import Act, AgendaItem, Doing, Subject, SubjectRef
from domain.referrals import Setter
from domain.tracks import CourtStage, Track
from domain.vocabulary import Declined, PacketState, ReferralState
from engine.reconcile import open_subjects
from records.casework import get_case, move_track
from records.database import HubSession, Records
from records.directory import NewProvider, add_provider
from records.packet_reviews import cancel_packet, mark_filed
from records.packets import PacketContent, get_packet, request_packet
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    reoffer,
    send_referral,
)
from records.tables import ContactPoint, HumanTask, Packet, Provider, Referral
from tests.houses import ROSA, FixedClock, a_case, a_message, hub_of, make_house, utc

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


@dataclass
class Loop:
    """A referral that was sent to Grove House and has ended since, and its planner."""

    house: House
    clock: FixedClock
    referral: SubjectRef

    @classmethod
    def ended(cls, folder: Path, *states: ReferralState) -> "Loop":
        """Sent, and moved through these states since."""
        clock = FixedClock(NOW)
        house = make_house(folder, clock)
        records = house.records
        case = a_case(records, NOW)
        with records.writing(hub_of(records)) as session:
            provider = add_provider(session, NewProvider("Grove House", email="g@example.org"))
            new = NewReferral(provider.id, "housing", agreed_words="Yes", agreed_how="in person")
            row = draft_referral(session, case.id, new, ROSA, NOW)
            send_referral(session, row.id, ROSA, NOW)
            for state in states:
                answer = Answer(declined=Declined.FULL)
                move_referral(session, row.id, state, Setter.TEAM, answer, ROSA, NOW)
        return cls(house, clock, SubjectRef(Subject.REFERRAL, row.id, hub_of(records)))

    def writing(self) -> AbstractContextManager[HubSession]:
        """One transaction."""
        return self.house.records.writing(self.referral.hub_id)

    def is_followed(self) -> bool:
        """Whether its workflow is made anew, where Temporal has lost it."""
        found = open_subjects(self.house.records)
        assert len(found) == len(set(found))
        return self.referral in {subject for subject, _ in found}

    def items(self) -> list[AgendaItem]:
        """What such a workflow would find to do."""
        with self.house.records.reading(self.referral.hub_id) as session:
            return list(read_agenda(session, self.referral, self.clock.at).items)

    async def works(self) -> None:
        """It does all of it."""
        for item in self.items():
            assert item.act is Act.OPEN_TASK
            await Planning(self.house).open_task(Doing(self.referral, item))

    def tasks(self) -> list[str]:
        """What the team was asked."""
        with self.house.records.reading(self.referral.hub_id) as session:
            return list(session.exec(select(col(HumanTask.kind))).all())


@pytest.mark.parametrize(
    ("states", "task"),
    [
        ((ReferralState.REJECTED,), "referral_declined"),
        ((ReferralState.ACCEPTED, ReferralState.REJECTED), "referral_declined"),
        ((ReferralState.ACCEPTED, ReferralState.FAILED), "referral_failed"),
    ],
)
async def test_a_referral_that_ended_badly_is_followed_until_somebody_was_told(
    tmp_path: Path, states: tuple[ReferralState, ...], task: str
) -> None:
    """Temporal's own records may be lost in between."""
    loop = Loop.ended(tmp_path, *states)
    assert loop.is_followed()
    for _ in range(2):
        await loop.works()
    assert loop.tasks() == [task]
    assert not loop.is_followed()


@pytest.mark.parametrize("states", [(), (ReferralState.CANCELLED,)])
def test_one_that_was_taken_back_wants_nobody(
    tmp_path: Path, states: tuple[ReferralState, ...]
) -> None:
    assert Loop.ended(tmp_path, *states).is_followed() is (states == ())


def test_one_that_was_offered_to_another_already_asks_nobody_to_do_so(tmp_path: Path) -> None:
    loop = Loop.ended(tmp_path, ReferralState.REJECTED)
    with loop.writing() as session:
        other = add_provider(session, NewProvider("Pine House"))
        reoffer(session, loop.referral.id, other.id, None, ROSA, NOW)
    assert loop.items() == []
    assert not loop.is_followed()


@pytest.mark.parametrize("state", [ReferralState.CANCELLED, ReferralState.REJECTED])
def test_a_message_in_doubt_is_settled_however_the_referral_ended(
    tmp_path: Path, state: ReferralState
) -> None:
    loop = Loop.ended(tmp_path, state)
    with loop.writing() as session:
        row = session.get_one(Referral, loop.referral.id)
        assert row.provider_id
        desk = session.get_one(Provider, row.provider_id).desk_id
        [contact] = session.exec(select(ContactPoint).where(ContactPoint.person_id == desk)).all()
        message = a_message(
            session,
            contact,
            "Can you take somebody?",
            NOW - timedelta(minutes=2),
            subject_id=row.id,
            step="referral_request",
            state="claimed",
        )
        message.referral_id = row.id
        session.add(message)
    assert loop.is_followed()
    assert Act.SEND_MESSAGE in {item.act for item in loop.items()}
