"""Building a packet while its records move: nothing is filed under a name that is not its own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import select

from activities.agendas import Doing, read_agenda
from activities.documents.store import FolderStore, StoredDocument
from activities.house import House
from activities.packet_building import PacketBuilding, make_up_for_pdfs
from activities.packet_inputs import gather
from domain.agenda import Act, Agenda, AgendaItem, Subject, SubjectRef
from domain.vocabulary import PacketState, Verdict
from records.counsel import NewCounsel, set_counsel
from records.database import HubSession
from records.packet_reviews import (
    approve,
    bound_hash,
    live_approval,
    newest_version,
    note_participant,
    send_back,
)
from records.packet_templates import NewTemplate, add_template, use_homewards, use_template
from records.packets import (
    PacketContent,
    change_packet,
    get_packet,
    packet_changed,
    request_packet,
    versions_of,
)
from records.passages import Said
from records.tables import HumanTask, Letter, PacketVersion, Person
from tests.houses import ROSA, FixedClock, a_case, a_hearing, hub_of, make_house, utc

T = TypeVar("T")
NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(minutes=5)


@dataclass
class Desk:
    """A house with one packet, and its builder."""

    house: House
    clock: FixedClock
    packet_id: str

    @property
    def ref(self) -> SubjectRef:
        """The packet."""
        return SubjectRef(Subject.PACKET, self.packet_id, hub_of(self.house.records))

    def do(self, work: Callable[[HubSession], T]) -> T:
        """Somebody does something in the records."""
        with self.house.records.writing(self.ref.hub_id) as session:
            return work(session)

    def agenda(self) -> Agenda:
        """What is due."""
        return self.do(lambda session: read_agenda(session, self.ref, self.clock.at))

    def to_build(self) -> AgendaItem:
        """The building that is due."""
        return next(item for item in self.agenda().items if item.act is Act.BUILD_PACKET)

    async def build(self) -> PacketVersion:
        """Build what is due; the newest version."""
        builder = PacketBuilding(self.house)
        await builder.build_packet(Doing(self.ref, self.to_build()))
        return self.versions()[-1]

    def versions(self) -> list[PacketVersion]:
        """All versions."""
        return self.do(lambda session: versions_of(session, self.packet_id))

    def change(self, ask: str) -> None:
        """Somebody changes what the court is asked."""
        content = PacketContent(ask=ask)
        self.do(lambda s: change_packet(s, self.packet_id, content, ROSA, LATER))

    def agree(self) -> None:
        """The participant agrees to the newest version, so that counsel is asked."""

        def work(session: HubSession) -> None:
            version = newest_version(session, self.packet_id)
            assert version is not None
            note_participant(session, self.packet_id, version.id, Verdict.AGREES, "", "", ROSA, NOW)

        self.do(work)

    def approve(self) -> str:
        """Counsel approves the newest version; the approval's id."""

        def work(session: HubSession) -> str:
            version = newest_version(session, self.packet_id)
            assert version is not None
            return approve(
                session,
                self.packet_id,
                version.id,
                seen_hash=bound_hash(version),
                current_hash=gather(session, get_packet(session, self.packet_id), NOW).content_hash,
                signed_as="Elena Torres",
                source=ROSA,
                now=NOW,
            ).id

        return self.do(work)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A packet for a hearing. LibreOffice is not needed here, and not there."""
    clock = FixedClock(NOW)
    house = replace(make_house(tmp_path, clock), soffice="/nowhere/soffice")
    records = house.records
    case = a_case(records, NOW)
    hearing = a_hearing(records, case, "2026-06-12 09:00", NOW)
    with records.writing(hub_of(records)) as session:
        set_counsel(session, case.id, NewCounsel("Elena", "Torres"), ROSA, NOW)
        packet = request_packet(
            session,
            case.id,
            "release",
            PacketContent(ask="Let him go home."),
            ROSA,
            NOW,
            hearing_id=hearing.id,
            sections={"ties": [Said("He sings in the choir.")]},
        )
    return Desk(house, clock, packet.id)


async def test_what_changes_just_before_the_final_building_is_built_as_a_draft(
    desk: Desk,
) -> None:
    """The approval stands in the records until it is voided; it is of something else."""
    await desk.build()
    desk.agree()
    desk.approve()
    desk.change("Something that counsel never read.")
    version = await desk.build()
    assert version.approval_id == ""
    assert "Approved by counsel" not in version.changes
    assert "void" in [item.step for item in desk.agenda().items]


async def test_what_changes_during_the_final_building_leaves_what_counsel_read(
    desk: Desk,
) -> None:
    read = await desk.build()
    desk.agree()
    approval = desk.approve()
    meanwhile(desk, lambda: desk.change("Something that counsel never read."))
    final = await desk.build()
    assert (final.approval_id, final.content_hash) == (approval, read.content_hash)
    assert "deliver" not in [item.step for item in desk.agenda().items]
    newest = await desk.build()
    assert newest.approval_id == ""
    assert newest.content_hash != read.content_hash


async def test_what_counsel_sends_back_during_the_final_building_never_comes_out_as_approved(
    desk: Desk,
) -> None:
    read = await desk.build()
    desk.agree()
    desk.approve()

    def back() -> None:
        desk.do(lambda s: send_back(s, desk.packet_id, read.id, "Not yet.", ROSA, LATER))

    meanwhile(desk, back)
    await desk.build()
    assert [version.approval_id for version in desk.versions()] == [""]
    packet = desk.do(lambda session: get_packet(session, desk.packet_id))
    assert packet.state == PacketState.DRAFTING
    assert desk.do(lambda session: live_approval(session, desk.packet_id)) is None


async def test_a_building_that_is_overtaken_files_nothing(
    desk: Desk,
) -> None:
    """Its pages bear a number that another version has, and say what is not so any more."""
    first = desk.to_build()
    done: list[bool] = []

    def newer() -> None:
        if not done:
            done.append(True)
            desk.change("What is asked now.")
            newest = desk.to_build()
            work = PacketBuilding(desk.house).build_packet(Doing(desk.ref, newest))
            asyncio.run(work)

    meanwhile(desk, newer)
    await PacketBuilding(desk.house).build_packet(Doing(desk.ref, first))
    [version] = desk.versions()
    now = desk.do(lambda s: gather(s, get_packet(s, desk.packet_id), NOW))
    assert (version.number, version.content_hash) == (1, now.content_hash)
    assert Act.BUILD_PACKET not in {item.act for item in desk.agenda().items}


async def test_what_cannot_be_built_is_told_to_a_person_until_it_is(desk: Desk) -> None:
    """A template that was checked with made-up people fails on a real one."""
    broken = desk.house.store.put(b"not a Word file")
    hub_template = NewTemplate("release", broken.key, broken.sha256, broken.size)

    def use(session: HubSession) -> None:
        use_template(session, add_template(session, hub_template, ROSA, NOW).id, NOW)

    desk.do(use)
    for _ in range(2):
        with pytest.raises(Exception, match="Word document"):
            await desk.build()
    [task] = desk.do(lambda s: s.exec(select(HumanTask)).all())
    assert (task.kind, task.packet_id, task.closed_at) == ("packet_not_built", desk.packet_id, None)
    desk.do(lambda session: use_homewards(session, "release", LATER))
    await desk.build()
    [task] = desk.do(lambda s: s.exec(select(HumanTask)).all())
    assert task.closed_at is not None


async def test_once_libreoffice_is_there_the_missing_pdfs_are_made(desk: Desk) -> None:
    first = await desk.build()
    assert "Install it" in first.pdf_problem
    assert make_up_for_pdfs(desk.house, LATER) == 0
    assert Act.BUILD_PACKET not in {item.act for item in desk.agenda().items}
    desk.house = replace(desk.house, soffice="")
    assert make_up_for_pdfs(desk.house, LATER) == 1
    desk.clock.at = LATER + timedelta(minutes=1)
    second = await desk.build()
    assert second.pdf_key
    assert second.content_hash == first.content_hash
    assert "The PDF is made" in second.changes
    assert make_up_for_pdfs(desk.house, LATER) == 0
    assert Act.BUILD_PACKET not in {item.act for item in desk.agenda().items}


async def test_why_there_is_no_pdf_names_nobody(desk: Desk) -> None:
    """It is kept as it is, unlike what people say."""

    def enclose(session: HubSession) -> None:
        writer = Person(first_name="Samuel", last_name="Greene")
        session.add(writer)
        session.flush()
        stored = desk.house.store.put(b"PK no Word file")
        letter = Letter(
            packet_id=desk.packet_id,
            writer_id=writer.id,
            state="sent",
            asked_at=NOW,
            signed_as="Samuel Greene",
            document_key=stored.key,
            sha256=stored.sha256,
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )
        session.add(letter)
        packet_changed(session, get_packet(session, desk.packet_id), "letter_sent", ROSA, NOW)

    desk.do(enclose)
    version = await desk.build()
    assert version.pdf_problem.startswith("Letter 1 ")
    assert "Greene" not in version.pdf_problem


class Interrupted(FolderStore):
    """A store in which something happens, once, while the building puts its first file there."""

    def __init__(self, real: FolderStore, deed: Callable[[], None]) -> None:
        self.__dict__.update(real.__dict__)
        self._deeds = [deed]

    def put(self, content: bytes) -> StoredDocument:
        """Put it, and let the rest of the house go on meanwhile."""
        stored = super().put(content)
        while self._deeds:
            self._deeds.pop()()
        return stored


def meanwhile(desk: Desk, deed: Callable[[], None]) -> None:
    """Do something, once, after the building has read the records and before it files."""
    assert isinstance(desk.house.store, FolderStore)
    desk.house = replace(desk.house, store=Interrupted(desk.house.store, deed))
