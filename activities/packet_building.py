"""Building a packet: gather, render, convert, bind, store, record the version. Safe to repeat."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from temporalio import activity

from activities.agendas import Doing, read_agenda, wanted_now
from activities.documents.errors import StoreAway, StoreFull
from activities.fates import tell_house
from activities.house import House
from activities.packet_inputs import Gathered, dump_inputs, gather, load_inputs, what_changed
from activities.packet_making import Made, make_packet
from domain.agenda import Act, Agenda, SubjectRef
from domain.court_time import wall_time
from records.casework import Source, get_case, record_event
from records.hubs import the_hub
from records.packet_reviews import newest_version
from records.packets import get_packet
from records.tables import PacketVersion

HEARTBEAT_SECONDS = 3.0
"""How often a build says that it lives. A killed worker's build begins anew soon after."""
_TROUBLES: dict[type[Exception], str] = {
    StoreFull: "document_store_full",
    StoreAway: "document_store_away",
}
"""What a person is told of the store; the build is tried again meanwhile."""


class PacketBuilding:
    """The activity that builds packet versions."""

    def __init__(self, house: House) -> None:
        self._house = house

    @activity.defn(name=Act.BUILD_PACKET)
    async def build_packet(self, doing: Doing) -> Agenda:
        """Build the version that the records call for.

        Guarantee: one version for each state of the inputs, however often this runs and wherever
        it is killed; without LibreOffice the DOCX is there and the version says what to install for
        the PDF. A store that is full or away opens a task, and the build is tried again.
        """
        now = await self._house.clock.now()
        async with _saying_that_it_lives():
            gathered = await self._house.records.run(lambda: self._gather(doing, now))
            if isinstance(gathered, Agenda):
                return gathered
            try:
                made = await make_packet(self._house, doing.subject.hub_id, gathered)
            except (StoreFull, StoreAway) as error:
                kind = _TROUBLES[type(error)]
                await self._house.records.run(lambda: self._tell(doing.subject, kind, now))
                raise
            return await self._house.records.run(
                lambda: self._record(doing.subject, gathered, made, now)
            )

    def _gather(self, doing: Doing, now: datetime) -> Agenda | Gathered:
        with self._house.records.reading(doing.subject.hub_id) as session:
            agenda = read_agenda(session, doing.subject, now)
            if wanted_now(agenda, doing.item.key, now) is None:
                return agenda
            packet = get_packet(session, doing.subject.id)
            newest = newest_version(session, packet.id)
            number = newest.number + 1 if newest else 1
            today = wall_time(now, the_hub(session).zone).date()
            return gather(session, packet, now, today, number)

    def _record(self, subject: SubjectRef, gathered: Gathered, made: Made, now: datetime) -> Agenda:
        with self._house.records.writing(subject.hub_id) as session:
            packet = get_packet(session, subject.id)
            # Whoever else built the same meanwhile has filed it by now.
            session.lock(packet)
            newest = newest_version(session, packet.id)
            if newest is None or newest.inputs_hash != gathered.inputs_hash:
                row = _version(packet.id, gathered, made, newest, now)
                session.add(row)
                case = get_case(session, packet.case_id)
                source = Source("homeward", "agenda")
                record_event(session, case, "packet", "built", source, now, subject_id=packet.id)
                session.flush()
            return read_agenda(session, subject, now)

    def _tell(self, subject: SubjectRef, kind: str, now: datetime) -> None:
        with self._house.records.writing(subject.hub_id) as session:
            tell_house(session, kind, "documents", now)


def _version(
    packet_id: str, gathered: Gathered, made: Made, newest: PacketVersion | None, now: datetime
) -> PacketVersion:
    """The row of a version that was just built."""
    before = load_inputs(newest.inputs) if newest else []
    changes = what_changed(before, list(gathered.inputs())) if newest else []
    if gathered.approval_id and newest is not None and not newest.approval_id:
        changes.append("Approved by counsel: the draft mark is gone.")
    docx, pdf, exhibits = made.docx, made.pdf, made.exhibits
    return PacketVersion(
        packet_id=packet_id,
        number=newest.number + 1 if newest else 1,
        inputs_hash=gathered.inputs_hash,
        content_hash=gathered.content_hash,
        approval_id=gathered.approval_id,
        template=gathered.template.kind,
        template_version=gathered.template.version,
        docx_key=docx.key,
        docx_sha256=docx.sha256,
        docx_size=docx.size,
        pdf_key=pdf.key if pdf else "",
        pdf_sha256=pdf.sha256 if pdf else "",
        pdf_size=pdf.size if pdf else 0,
        pages=made.pages,
        pdf_problem=made.problem,
        exhibits_key=exhibits.key if exhibits else "",
        exhibits_sha256=exhibits.sha256 if exhibits else "",
        exhibits_size=exhibits.size if exhibits else 0,
        inputs=dump_inputs(gathered.inputs()),
        changes="\n".join(changes),
        preflight=made.preflight,
        built_at=now,
    )


@asynccontextmanager
async def _saying_that_it_lives() -> AsyncIterator[None]:
    """Heartbeats beside a long piece of work; outside of an activity, nothing."""
    if not activity.in_activity():
        yield
        return

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
