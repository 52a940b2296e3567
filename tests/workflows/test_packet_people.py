"""A packet through its people, lived on the time-skipping server, with real Word and PDF files."""

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest_asyncio
from PIL import Image
from sqlmodel import select

from activities.documents.exhibits import check_upload
from activities.documents.pdf_facts import preflight
from activities.packet_inputs import gather
from domain.court_time import instant_of
from domain.vocabulary import Channel, LetterState, PacketState, Verdict
from records.circle import NewContact, add_contact
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession
from records.hearings import Setting, move_hearing
from records.packet_reviews import (
    approve,
    ask_participant,
    bound_hash,
    cancel_packet,
    mark_filed,
    newest_version,
    note_participant,
    resume_packet,
)
from records.packets import (
    PacketContent,
    change_packet,
    get_packet,
    packet_changed,
    request_packet,
    versions_of,
)
from records.passages import Said
from records.tables import (
    Approval,
    Exhibit,
    Hearing,
    HumanTask,
    Letter,
    Message,
    Packet,
    PacketVersion,
    Person,
)
from tests.houses import ROSA, ZONE, a_case, a_hearing, hub_of, wall
from tests.workflows.conftest import Life

T = TypeVar("T")
SAID = {
    "ties": [Said("He has sung in the choir since he was nine.")],
    "residence": [Said("He lives with his sister.")],
    "occupation": [Said("He cooks at the Blue Heron.")],
}


@dataclass
class Office:
    """The hub's people at work on one packet."""

    life: Life
    case_id: str
    hearing: Hearing
    packet_id: str

    def do(self, work: Callable[[HubSession], T]) -> T:
        """Somebody does something in the records."""
        records = self.life.house.records
        with records.writing(hub_of(records)) as session:
            return work(session)

    def packet(self) -> Packet:
        """The packet as it is."""
        return self.do(lambda session: get_packet(session, self.packet_id))

    def versions(self) -> list[PacketVersion]:
        """All versions."""
        return self.do(lambda session: versions_of(session, self.packet_id))

    def told(self, step: str) -> list[Message]:
        """What was said."""
        return self.do(lambda s: list(s.exec(select(Message).where(Message.step == step)).all()))

    def tasks(self) -> set[str]:
        """Kinds of tasks that were opened."""
        return self.do(lambda s: set(s.exec(select(HumanTask.kind)).all()))

    async def until_it(self, is_so: Callable[[], bool]) -> None:
        """Wait, in real time, for what takes real time, such as a conversion to PDF."""
        await self.life.tell()
        for _ in range(900):
            if is_so():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"never happened; {self.packet().state}, {len(self.versions())} built")

    async def built(self, count: int) -> PacketVersion:
        """The newest version, once there are so many."""
        await self.until_it(lambda: len(self.versions()) >= count)
        return self.versions()[-1]

    async def is_in(self, state: PacketState) -> None:
        """Wait until the packet has come so far."""
        await self.until_it(lambda: self.packet().state == state)

    def approved_by_counsel(self, now: datetime) -> Approval:
        """Counsel reads the newest version and approves it."""

        def work(session: HubSession) -> Approval:
            version = newest_version(session, self.packet_id)
            assert version is not None
            return approve(
                session,
                self.packet_id,
                version.id,
                seen_hash=bound_hash(version),
                current_hash=gather(session, get_packet(session, self.packet_id), now).content_hash,
                signed_as="Elena Torres",
                source=ROSA,
                now=now,
            )

        return self.do(work)


@pytest_asyncio.fixture
async def office(life: Life) -> Office:
    """A packet with a letter and an exhibit, for a hearing in 42 days; counsel has e-mail."""
    now = await life.now()
    records = life.house.records
    case = a_case(records, now)
    day = (now + timedelta(days=42)).date()
    hearing = a_hearing(records, case, f"{day} 09:00", now)
    photograph = io.BytesIO()
    Image.new("RGB", (900, 600), "seagreen").save(photograph, "JPEG")
    checked = check_upload(photograph.getvalue())
    stored = life.house.store.put(checked.content)
    with records.writing(hub_of(records)) as session:
        mail = NewContact(Channel.EMAIL, "torres@example.org", "Work address.")
        counsel = NewCounsel("Elena", "Torres", "appointed", "Public Defender", (mail,))
        set_counsel(session, case.id, counsel, ROSA, now)
        packet = request_packet(
            session,
            case.id,
            "release",
            PacketContent(ask="Let him go home.", judge="Hon. A. Rivera"),
            ROSA,
            now,
            hearing_id=hearing.id,
            sections=SAID,
        )
        session.add(
            Exhibit(
                packet_id=packet.id,
                title="The choir at Easter",
                document_key=stored.key,
                sha256=stored.sha256,
                size=stored.size,
                media_type=checked.media_type,
            )
        )
        packet_changed(session, packet, "exhibit_added", ROSA, now)
    return Office(life, case.id, hearing, packet.id)


def a_letter(office: Office, now: datetime) -> str:
    """The pastor is asked for a letter; its id."""

    def work(session: HubSession) -> str:
        pastor = Person(first_name="Samuel", last_name="Greene")
        session.add(pastor)
        session.flush()
        phone = NewContact(Channel.SMS, "+13055550177", "Yes, text me.")
        add_contact(session, pastor.id, phone, ROSA, now)
        letter = Letter(
            packet_id=office.packet_id,
            writer_id=pastor.id,
            relationship="pastor",
            asked_at=now,
        )
        session.add(letter)
        packet_changed(session, get_packet(session, office.packet_id), "letter_asked", ROSA, now)
        return letter.id

    return office.do(work)


async def test_a_packet_through_its_people_to_the_filing(office: Office) -> None:
    life = office.life
    started = await life.now()
    first = await office.built(1)
    assert first.pdf_problem == ""
    facts = preflight(life.house.store.get(first.pdf_key))
    assert facts.pages == first.pages
    assert facts.tagged
    assert life.house.store.get(first.exhibits_key)[:2] == b"PK"
    assert not [one for one in json.loads(first.preflight) if one["blocking"]]

    # The pastor is asked at once, nudged twice, and missed at the draft's time.
    letter_id = a_letter(office, started)
    await life.until(started + timedelta(days=29))
    assert len(office.told("letter_request")) == 1
    assert len(office.told("letter_nudge")) == 2
    assert "/letter/" in office.told("letter_request")[0].body
    assert "letter_missing" in office.tasks()
    await office.is_in(PacketState.DRAFTING)

    # It comes; the next version says so.
    def sent(session: HubSession) -> None:
        letter = session.get_one(Letter, letter_id)
        letter.state, letter.body = LetterState.SENT, "Your Honor,\n\nI have known him for years."
        letter.signed_as, letter.signed_on = "Samuel Greene", date(2026, 6, 1)
        session.add(letter)
        packet_changed(session, get_packet(session, office.packet_id), "letter_sent", ROSA, started)

    office.do(sent)
    second = await office.built(2)
    assert "New: the letter of Samuel Greene." in second.changes
    assert second.pages > first.pages

    # Marcus reads it, then counsel, who gets one e-mail for each turn.
    now = await life.now()
    office.do(lambda s: ask_participant(s, office.packet_id, ROSA, now))
    await life.until(now + timedelta(days=1))
    assert "/read/" in office.told("packet_review")[0].body
    now = await life.now()
    office.do(
        lambda s: note_participant(
            s, office.packet_id, second.id, Verdict.AGREES, "", "Marcus", ROSA, now
        )
    )
    await life.until(now + timedelta(days=1))
    [asked] = office.told("counsel_review")
    assert (asked.channel, "/counsel/" in asked.body) == ("email", True)

    office.approved_by_counsel(await life.now())
    await office.is_in(PacketState.DELIVERED)
    final = office.versions()[-1]
    assert final.approval_id
    assert final.content_hash == second.content_hash
    assert "Approved by counsel" in final.changes
    await life.until(await life.now() + timedelta(days=1))
    assert len(office.told("packet_ready")) == 1

    office.do(lambda s: mark_filed(s, office.packet_id, date(2026, 6, 9), ROSA, now))
    await life.until(await life.now() + timedelta(days=20))
    handle = life.env.client.get_workflow_handle(f"packet-{office.packet_id}")
    assert (await handle.describe()).status is not None
    assert (await asyncio.wait_for(handle.result(), 30)) is None
    assert "packet_not_ready" not in office.tasks()


async def test_a_change_after_approval_voids_it_says_what_and_asks_again(office: Office) -> None:
    life = office.life
    version = await office.built(1)
    now = await life.now()
    office.do(
        lambda s: note_participant(
            s, office.packet_id, version.id, Verdict.AGREES, "", "Marcus", ROSA, now
        )
    )
    office.approved_by_counsel(now)
    await office.is_in(PacketState.DELIVERED)
    later = await life.now()
    office.do(
        lambda s: change_packet(
            s, office.packet_id, PacketContent(ask="Let him go to his sister."), ROSA, later
        )
    )
    await office.is_in(PacketState.COUNSEL_REVIEW)
    approval = office.do(lambda s: s.exec(select(Approval)).one())
    assert approval.voided_at is not None
    assert "what the court is asked" in approval.void_reason
    await office.until_it(lambda: not office.versions()[-1].approval_id)
    await life.until(later + timedelta(days=1))
    assert len(office.told("counsel_again")) == 1
    assert "approval_voided" in office.tasks()
    numbers = [one.number for one in office.versions()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_hearing_that_moves_moves_what_is_asked_and_a_cancelled_packet_asks_nothing(
    office: Office,
) -> None:
    life = office.life
    await office.built(1)
    started = await life.now()
    now = started
    later = office.hearing.local_time.date() + timedelta(days=30)
    setting = Setting(wall(f"{later} 09:00"), ZONE, "3A", "1351 NW 12th St, Miami")
    office.do(lambda s: move_hearing(s, office.hearing.id, setting, ROSA, now))
    await life.until(started + timedelta(days=41))
    assert office.packet().state == PacketState.COLLECTING
    assert office.tasks() == set()
    now = await life.now()
    office.do(lambda s: cancel_packet(s, office.packet_id, ROSA, now))
    await life.until(instant_of(setting.local_time, ZONE) - timedelta(days=10))
    assert office.packet().state == PacketState.COLLECTING
    assert not office.tasks() & {"packet_gaps", "packet_to_read", "letters_to_ask"}
    now = await life.now()
    office.do(lambda s: resume_packet(s, office.packet_id, ROSA, now))
    await office.is_in(PacketState.DRAFTING)
    await life.until(now + timedelta(hours=1))
    assert {"letters_to_ask", "packet_to_read"} <= office.tasks()
