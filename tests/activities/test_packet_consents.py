"""A packet's own steps under consents: delivery is logged first, and an end is seen on its day."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from activities.agendas import read_agenda
from activities.packet_advancing import PacketAdvancing
from activities.packet_inputs import dump_inputs, gather
from domain.agenda import Act, AgendaItem, Doing, Subject, SubjectRef
from domain.consents import (
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Terms,
)
from domain.vocabulary import PacketState
from records.consent_drafts import completed
from records.consents import record_consent, revoke_consent
from records.packet_reviews import bound_hash
from records.packets import PacketContent, get_packet, request_packet
from records.plans import NewStep, start_plan
from records.tables import Approval, Defendant, Disclosure, PacketVersion
from tests.houses import ROSA, FixedClock, a_case, a_hearing, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")
ENDS = NOW + timedelta(days=3)


class Marcus:
    """His packet, approved by counsel, with treatment that he lets the court know of."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOW)
        self.house = make_house(folder, self.clock)
        self.hub = hub_of(self.house.records)
        case = a_case(self.house.records, NOW)
        hearing = a_hearing(self.house.records, case, "2026-12-15 09:00", NOW)
        with self.house.records.writing(self.hub) as session:
            person_id = session.get_one(Defendant, case.defendant_id).person_id
            start_plan(session, case.id, (NewStep("substance_use_treatment", "Intake"),), ROSA, NOW)
            bare = Terms(
                "",
                "",
                frozenset({ShareKind.SUBSTANCE_USE}),
                Recipient(RecipientKind.COURT),
                SharePurpose.COURT,
                expires_at=ENDS,
                event=ExpiryEvent.CASE_END,
            )
            signed = Signature(Medium.PAPER, "Marcus Johnson", NOW.date())
            terms = completed(session, person_id, bare, ours=True)
            self.consent_id = record_consent(session, person_id, terms, signed, ROSA, NOW).id
            packet = request_packet(
                session, case.id, "release", PacketContent(), ROSA, NOW, hearing_id=hearing.id
            )
            self.packet_id = packet.id
        self._approve()

    def _approve(self) -> None:
        with self.house.records.writing(self.hub) as session:
            packet = get_packet(session, self.packet_id)
            content = gather(session, packet, NOW).content_hash
            approval = Approval(
                packet_id=packet.id,
                version_id="",
                approved_by="elena",
                approved_at=NOW,
                content_hash=content,
                bound_hash="",
            )
            version = PacketVersion(
                packet_id=packet.id,
                number=1,
                inputs_hash="",
                content_hash=content,
                template="release",
                template_version="1",
                built_at=NOW,
            )
            session.add(version)
            session.flush()
            approval.version_id, approval.bound_hash = version.id, bound_hash(version)
            session.add(approval)
            session.flush()
            gathered = gather(session, packet, NOW)
            version.inputs_hash, version.inputs = (
                gathered.inputs_hash,
                dump_inputs(gathered.inputs()),
            )
            packet.state = PacketState.APPROVED
            session.add_all([version, packet])

    @property
    def subject(self) -> SubjectRef:
        """For its agenda."""
        return SubjectRef(Subject.PACKET, self.packet_id, self.hub)

    def items(self) -> list[AgendaItem]:
        """What is planned next."""
        with self.house.records.reading(self.hub) as session:
            return list(read_agenda(session, self.subject, self.clock.at).items)

    def advance(self, step: str) -> None:
        """Do one of its steps, as the workflow does."""
        item = next(item for item in self.items() if item.step == step)
        advancing = PacketAdvancing(self.house)
        asyncio.run(advancing.advance_packet(Doing(self.subject, item)))

    def state(self) -> str:
        """Where the packet stands."""
        with self.house.records.reading(self.hub) as session:
            return get_packet(session, self.packet_id).state

    def log(self) -> list[Disclosure]:
        """What was disclosed."""
        with self.house.records.reading(self.hub) as session:
            return list(session.exec(select(Disclosure)).all())


@pytest.fixture
def marcus(tmp_path: Path) -> Marcus:
    """Marcus."""
    return Marcus(tmp_path)


def test_delivery_is_a_disclosure_under_the_consent(marcus: Marcus) -> None:
    marcus.advance("deliver")
    assert marcus.state() == PacketState.DELIVERED
    (row,) = marcus.log()
    assert (row.consent_id, row.recipient_kind, row.notice) == (marcus.consent_id, "court", True)
    assert row.subject_kind == "packet_version"


def test_a_consent_that_was_taken_back_voids_the_approval_in_place_of_delivering(
    marcus: Marcus,
) -> None:
    with marcus.house.records.writing(marcus.hub) as session:
        revoke_consent(session, marcus.consent_id, ROSA, NOW, how="by phone")
    assert "deliver" not in {item.step for item in marcus.items()}
    marcus.advance("void")
    assert marcus.state() == PacketState.COUNSEL_REVIEW
    assert marcus.log() == []


def test_the_agenda_looks_again_when_a_consent_runs_out(marcus: Marcus) -> None:
    marcus.advance("deliver")
    with marcus.house.records.reading(marcus.hub) as session:
        agenda = read_agenda(session, marcus.subject, marcus.clock.at)
    waking = {agenda.due, agenda.then}
    marcus.clock.at = max(at for at in waking if at is not None and at <= ENDS)
    while marcus.clock.at < ENDS:
        with marcus.house.records.reading(marcus.hub) as session:
            agenda = read_agenda(session, marcus.subject, marcus.clock.at)
        coming = [at for at in (agenda.due, agenda.then) if at and at > marcus.clock.at]
        marcus.clock.at = min(coming)
    assert marcus.clock.at == ENDS
    due = marcus.items()
    assert Act.BUILD_PACKET in {item.act for item in due}
    assert "void" in {item.step for item in due}
