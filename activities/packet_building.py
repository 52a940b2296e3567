"""Building a packet: gather, render, store, convert, record the version. Safe to repeat."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from activities.agendas import Doing, read_agenda, wanted_now
from activities.documents.docx_rendering import render_docx
from activities.documents.errors import ConversionError, StoreFull
from activities.documents.packet_context import packet_context
from activities.documents.pdf_conversion import convert_to_pdf
from activities.documents.pdf_facts import preflight
from activities.documents.packet_values import MitigationPacket
from activities.documents.store import StoredDocument
from activities.fates import tell_house
from activities.house import House
from activities.packet_inputs import hash_of, release_packet, template_of
from domain.agenda import Act, Agenda, SubjectRef
from domain.court_time import wall_time
from records.casework import Source, get_case, record_event
from records.database import HubSession
from records.hubs import the_hub
from records.packets import get_packet, versions_of
from records.tables import PacketVersion

_MADE = (
    *("number", "template_version", "docx_key", "docx_sha256", "docx_size"),
    *("pdf_key", "pdf_sha256", "pdf_size", "pages", "pdf_problem", "built_at"),
)
"""What differs between two builds of one state."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What to render, and the hash of everything that it is made from."""

    packet: ReleasePacket
    kind: str
    inputs_hash: str
    number: int


class PacketBuilding:
    """The activity that builds packet versions."""

    def __init__(self, house: House) -> None:
        self._house = house

    @activity.defn(name=Act.BUILD_PACKET)
    async def build_packet(self, doing: Doing) -> Agenda:
        """Build the version that the records call for.

        Guarantee: one version for each state of the inputs, however often this runs; without
        LibreOffice the DOCX is there and the version says what to install for the PDF. A full
        disk opens a task and the build is tried again.
        """
        now = await self._house.clock.now()
        job = await self._house.records.run(lambda: self._gather(doing, now))
        if isinstance(job, Agenda):
            return job
        template, version = template_of(job.kind)
        docx = await asyncio.to_thread(render_docx, template, release_context(job.packet))
        try:
            stored = await asyncio.to_thread(self._house.store.put, docx)
            pdf, pages, problem = await self._pdf(docx)
        except StoreFull:
            await self._house.records.run(lambda: self._tell_full(doing.subject, now))
            raise
        row = PacketVersion(
            packet_id=doing.subject.id,
            number=job.number,
            inputs_hash=job.inputs_hash,
            template=job.kind,
            template_version=version,
            docx_key=stored.key,
            docx_sha256=stored.sha256,
            docx_size=stored.size,
            pdf_key=pdf.key if pdf else "",
            pdf_sha256=pdf.sha256 if pdf else "",
            pdf_size=pdf.size if pdf else 0,
            pages=pages,
            pdf_problem=problem,
            built_at=now,
        )
        return await self._house.records.run(lambda: self._record(doing.subject, row, now))

    def _gather(self, doing: Doing, now: datetime) -> Agenda | _Job:
        with self._house.records.reading(doing.subject.hub_id) as session:
            agenda = read_agenda(session, doing.subject, now)
            if wanted_now(agenda, doing.item.key, now) is None:
                return agenda
            packet = get_packet(session, doing.subject.id)
            number = max((v.number for v in versions_of(session, packet.id)), default=0) + 1
            today = wall_time(now, the_hub(session).zone).date()
            content = release_packet(session, packet, today, number)
            return _Job(content, packet.kind, hash_of(content, packet.kind), number)

    async def _pdf(self, docx: bytes) -> tuple[StoredDocument | None, int, str]:
        """The stored PDF and its pages, or why there is none."""
        try:
            data = await convert_to_pdf(
                docx, profile_dir=self._house.soffice_profile, converter=self._house.soffice or None
            )
        except ConversionError as error:
            return None, 0, str(error)
        facts = await asyncio.to_thread(preflight, data)
        return await asyncio.to_thread(self._house.store.put, data), facts.pages, ""

    def _record(self, subject: SubjectRef, row: PacketVersion, now: datetime) -> Agenda:
        with self._house.records.writing(subject.hub_id) as session:
            built = versions_of(session, subject.id)
            if not built or built[-1].inputs_hash != row.inputs_hash:
                _file(session, row, built)
                packet = get_packet(session, subject.id)
                case = get_case(session, packet.case_id)
                source = Source("homeward", "agenda")
                record_event(session, case, "packet", "built", source, now, subject_id=packet.id)
                session.flush()
            return read_agenda(session, subject, now)

    def _tell_full(self, subject: SubjectRef, now: datetime) -> None:
        with self._house.records.writing(subject.hub_id) as session:
            tell_house(session, "document_store_full", "documents", now)


def _file(session: HubSession, row: PacketVersion, built: list[PacketVersion]) -> None:
    """Add the newest version. What was changed back to an earlier state takes that one's place:
    there is one version for each state, and the newest is the one that holds."""
    row.number = max((version.number for version in built), default=0) + 1
    earlier = next((v for v in built if v.inputs_hash == row.inputs_hash), None)
    if earlier is None:
        session.add(row)
        return
    for name in _MADE:
        setattr(earlier, name, getattr(row, name))
    session.add(earlier)
