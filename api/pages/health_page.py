"""Whether Homeward itself is well: every part, what waits to leave, and what was not delivered.

The same questions as `/readyz`, in words for the people of a hub, with what to do about each.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from api.pages.guard import PageRoute
from api.pages.session import SignedIn, Visit
from api.pages.wording import Status
from api.readiness import PartState, Readiness, TemporalLink, readiness
from domain.vocabulary import MessageState
from records.database import HubSession
from records.messages import NOT_SENT
from records.tables import Message

router = APIRouter(route_class=PageRoute)

LOOKED_BACK = timedelta(days=1)
PARTS = {
    "records": ("Records", "Nothing can be read or saved. Whoever runs Homeward must look now."),
    "keys": ("Keys", "What is sealed cannot be read. Whoever runs Homeward must look now."),
    "temporal": ("Clock", "Reminders wait until it answers. Nothing is lost."),
    "worker": ("Reminders", "What is due waits until they run again. Nothing is lost."),
    "packets": ("Packets", "Documents wait until it runs again. Nothing is lost."),
    "relay": ("News", "What you save is kept, and is acted on later."),
    "documents": ("Documents", "Files cannot be stored. Nothing that is stored is lost."),
}
"""The parts as people know them, and what it means when one is away."""
_LEFT = (MessageState.SENT, MessageState.DELIVERED)
_ARRIVED_NOT = (MessageState.FAILED, MessageState.UNDELIVERED)
_ON_THEIR_WAY = (MessageState.CLAIMED, MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: how it is, in words."""

    name: str
    status: Status
    detail: str
    means: str


@dataclass(frozen=True, slots=True)
class Messages:
    """What became of the messages of the last day (counts). `kept` ones never left: there is no
    provider, or the hub is in trial, or an example."""

    sent: int
    kept: int
    failed: int
    on_their_way: int
    withdrawn: int


@router.get("/system")
async def show_system(request: Request, visit: SignedIn) -> Response:
    """Every part, asked now, and the last day's messages."""
    desk = visit.desk
    link = getattr(request.app.state, "temporal", None) or TemporalLink(desk.settings)
    found = await readiness(desk.records, link, lambda: desk.store)
    return await asyncio.to_thread(_page, visit, found)


def _page(visit: Visit, found: Readiness) -> Response:
    with visit.reading() as session:
        messages = _messages(session, visit)
    values = {
        "visit": visit,
        "ready": found.ready,
        "parts": [_part(name, part) for name, part in found.parts.items()],
        "messages": messages,
        "texts": visit.desk.sends_texts,
        "mail": visit.desk.sends_email,
    }
    return visit.desk.page("system.html", values)


def _part(name: str, part: PartState) -> Part:
    title, means = PARTS.get(name, (name.capitalize(), ""))
    status = Status("works", "disc", "good") if part.ok else Status("away", "cross", "red")
    return Part(title, status, part.detail, "" if part.ok else means)


def _messages(session: HubSession, visit: Visit) -> Messages:
    rows = session.exec(
        select(
            col(Message.state),
            col(Message.transport).in_(NOT_SENT),
            func.count(col(Message.id)),
        )
        .where(Message.claimed_at > visit.now - LOOKED_BACK)
        .group_by(col(Message.state), col(Message.transport).in_(NOT_SENT))
    ).all()
    counted = {(state, bool(kept)): count for state, kept, count in rows}

    def of(*states: MessageState, kept: bool = False) -> int:
        return sum(counted.get((state, kept), 0) for state in states)

    return Messages(
        sent=of(*_LEFT),
        kept=of(*_LEFT, kept=True),
        failed=of(*_ARRIVED_NOT) + of(*_ARRIVED_NOT, kept=True),
        on_their_way=of(*_ON_THEIR_WAY) + of(*_ON_THEIR_WAY, kept=True),
        withdrawn=of(MessageState.WITHDRAWN) + of(MessageState.WITHDRAWN, kept=True),
    )
