"""All open packets of the hub: the approval that is latest first, and for whom each waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from activities.packet_facts import WITHOUT_LETTERS
from api.pages import dates, packet_words
from api.pages.guard import PageRoute
from api.pages.paging import Pages
from api.pages.people import Named, named, participants
from api.pages.session import InHub
from api.pages.wording import Status
from domain.court_time import wall_time
from domain.packet_sections import sections_of
from domain.packets import DRAFTED
from domain.vocabulary import PacketState
from records.packet_overview import PacketDue, PacketLine, open_packets, packet_lines
from records.tables import Hearing

router = APIRouter(route_class=PageRoute)

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PacketRow:
    """One packet of the list.

    Attributes:
        due: until when counsel's approval is wanted, in words; None once it is there.
        waits: for whom it waits.
        gaps: what is missing, each a whole sentence.
    """

    link: str
    who: str
    title: str
    hearing: Hearing | None
    due: Status | None
    state: Status
    waits: str
    gaps: tuple[str, ...]


@router.get("/packets")
def show_packets(visit: InHub, page: str = "1") -> Response:
    """Every open packet, the approval that is late or due soonest first."""
    with visit.reading() as session:
        every = open_packets(session)
        pages = Pages.of(page, len(every), A_PAGE)
        lines = packet_lines(session, every[pages.cut])
        who = participants(session, {line.due.case_id for line in lines})
        counsel = named(session, {line.counsel_id for line in lines if line.counsel_id})
        rows = [_row(line, who, counsel, visit.hub.zone, visit.now) for line in lines]
    values = {
        "visit": visit,
        "rows": rows,
        "pages": pages,
        "late": sum(due.is_late(visit.now) for due in every),
    }
    return visit.desk.page("packets.html", values)


def _row(
    line: PacketLine,
    people: Mapping[str, Named],
    counsel: Mapping[str, Named],
    zone: str,
    now: datetime,
) -> PacketRow:
    who = people[line.due.case_id]
    defends = counsel[line.counsel_id].full if line.counsel_id else ""
    return PacketRow(
        link=f"/cases/{line.due.case_id}/packets/{line.due.packet_id}",
        who=who.full,
        title=packet_words.title(line.packet.kind),
        hearing=line.hearing,
        due=_due(line.due, zone, now),
        state=packet_words.state_words(line.packet),
        waits=_waits(line, who, defends),
        gaps=tuple(_gaps(line)),
    )


def _due(due: PacketDue, zone: str, now: datetime) -> Status | None:
    if due.approved:
        return None
    if due.ready_at is None:
        return Status("no day for the approval yet", "diamond", "amber")
    day = wall_time(due.ready_at, zone).date()
    away = dates.away(day, dates.today_in(zone, now))
    if due.is_late(now):
        return Status(f"approval was due {dates.day_words(day)}, {away}", "triangle", "amber")
    return Status(f"approval due {dates.day_words(day)}, {away}", "ring")


def _waits(line: PacketLine, who: Named, counsel: str) -> str:
    """For whom it waits, in a whole sentence."""
    match PacketState(line.packet.state):
        case PacketState.PARTICIPANT_REVIEW if line.custody == "detained":
            return f"Waits for somebody to read it to {who.first}, who is in custody."
        case PacketState.PARTICIPANT_REVIEW:
            return f"Waits for {who.first} to read it."
        case PacketState.COUNSEL_REVIEW if counsel:
            return f"Waits for counsel, {counsel}, to approve it."
        case PacketState.COUNSEL_REVIEW:
            return "Waits for counsel, and nobody is named."
        case PacketState.APPROVED | PacketState.DELIVERED:
            return f"Waits for {counsel or 'counsel'} to file it."
        case _ if line.writers == 1:
            return "Waits for one letter that was asked for."
        case _ if line.writers:
            return f"Waits for {line.writers} letters that were asked for."
        case _:
            return "Waits for the team to finish the draft."


def _gaps(line: PacketLine) -> Iterator[str]:
    if not line.due.approved:
        yield from _missing(line)
    if line.why_no_pdf:
        yield f"There is no PDF. {line.why_no_pdf}"
    for words in line.refused:
        yield f"The court's filing desk would refuse it: {words}"


def _missing(line: PacketLine) -> Iterator[str]:
    kind, state = line.packet.kind, PacketState(line.packet.state)
    if line.hearing is None:
        yield "No court date is known."
    if not line.counsel_id and state is not PacketState.COUNSEL_REVIEW:
        yield "Nobody is named as counsel."
    if not line.letters and kind not in set(WITHOUT_LETTERS) and state not in DRAFTED:
        yield "No letter was asked for yet."
    empty = [
        section.heading
        for section in sections_of(kind)
        if not section.optional and section.key not in line.told
    ]
    if empty:
        yield f"Nothing is told yet under {packet_words.listed(empty)}."
    if line.writers and state in DRAFTED:
        yield "A letter that was asked for is not in."
