"""Building a packet: gather, render, convert, bind, store, record the version. Safe to repeat."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlmodel import col, select
from temporalio import activity

from activities.agendas import Doing, read_agenda, wanted_now
from activities.documents.errors import ConverterMissing, DocumentError, StoreAway, StoreFull
from activities.documents.pdf_conversion import find_converter
from activities.fates import tell_house
from activities.house import House
from activities.packet_facts import has_problems
from activities.packet_inputs import Gathered, dump_inputs, gather, load_inputs, what_changed
from activities.packet_making import Made, make_packet
from domain.agenda import Act, Agenda, AgendaItem, SubjectRef
from domain.court_time import wall_time
from domain.ledger import task_key
from domain.mailing import TASK_USEFUL
from records.casework import Source, get_case, record_event
from records.database import HubSession
from records.hubs import the_hub
from records.packet_reviews import newest_version
from records.packets import build_anew, close_packet_tasks, get_packet
from records.tables import Approval, Hub, PacketVersion
from records.tasks import open_task

HEARTBEAT_SECONDS = 3.0
"""How often a build says that it lives. A killed worker's build begins anew soon after."""
_TROUBLES: dict[type[Exception], str] = {
    StoreFull: "document_store_full",
    StoreAway: "document_store_away",
}
"""What a person is told of the store; the build is tried again meanwhile."""
NOT_BUILT = "packet_not_built"
"""The task of somebody who has to find out what is in the way of a packet."""


def make_up_for_pdfs(house: House, now: datetime) -> int:
    """The builder starts: versions without a PDF for want of LibreOffice are made again, once it
    is there. How many packets that are."""
    try:
        find_converter(house.soffice or None)
    except ConverterMissing:
        return 0
    with house.records.reading("") as session:
        hubs = session.exec(select(col(Hub.id)).order_by(col(Hub.id))).all()
    count = 0
    for hub_id in hubs:
        with house.records.writing(hub_id) as session:
            count += build_anew(session, ConverterMissing.MARK, now)
    return count


class PacketBuilding:
    """The activity that builds packet versions."""

    def __init__(self, house: House) -> None:
        self._house = house

    @activity.defn(name=Act.BUILD_PACKET)
    async def build_packet(self, doing: Doing) -> Agenda:
        """Build the version that the records call for.

        Guarantee: one version for each state of the inputs, however often this runs and wherever
        it is killed; without LibreOffice the DOCX is there and the version says what to install for
        the PDF. What cannot be built for another reason opens a task, and is tried again.
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
            except DocumentError:
                await self._house.records.run(lambda: self._tell_of_packet(doing, now))
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
            # Whoever else built meanwhile has filed it by now.
            session.lock(packet)
            newest = newest_version(session, packet.id)
            if _holds_still(session, gathered, newest):
                row = _version(packet.id, gathered, made, newest, now)
                session.add(row)
                case = get_case(session, packet.case_id)
                source = Source("homeward", "agenda")
                record_event(session, case, "packet", "built", source, now, subject_id=packet.id)
                solved = [NOT_BUILT] if has_problems(row) else [NOT_BUILT, "filing_problem"]
                close_packet_tasks(session, packet.id, source.actor, now, kinds=solved)
                session.flush()
            return read_agenda(session, subject, now)

    def _tell_of_packet(self, doing: Doing, now: datetime) -> None:
        """The packet itself is in the way, or its template: somebody has to look at it."""
        with self._house.records.writing(doing.subject.hub_id) as session:
            item = AgendaItem(
                act=Act.OPEN_TASK,
                key=task_key(NOT_BUILT, doing.subject.id),
                due=now,
                until=now + TASK_USEFUL,
                subject_id=doing.subject.id,
                step=NOT_BUILT,
            )
            open_task(session, item, doing.subject, now)

    def _tell(self, subject: SubjectRef, kind: str, now: datetime) -> None:
        with self._house.records.writing(subject.hub_id) as session:
            tell_house(session, kind, "documents", now)


def _holds_still(session: HubSession, gathered: Gathered, newest: PacketVersion | None) -> bool:
    """Whether what was made is to be filed: it bears the number that comes next, and nobody took
    the approval back that it says it has. Else the records call for another building."""
    if gathered.packet.version != (newest.number + 1 if newest else 1):
        return False
    if not gathered.approval_id:
        return True
    approval = session.get(Approval, gathered.approval_id)
    return approval is not None and approval.voided_at is None


def _version(
    packet_id: str, gathered: Gathered, made: Made, newest: PacketVersion | None, now: datetime
) -> PacketVersion:
    """The row of a version that was just built."""
    before = load_inputs(newest.inputs) if newest else []
    changes = what_changed(before, list(gathered.inputs())) if newest else []
    if newest is not None and not newest.pdf_key and made.pdf is not None:
        changes.append("The PDF is made: LibreOffice is there now.")
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
