"""How messages leave, said honestly, and a test to oneself.

What carries messages is set where Homeward is started, by settings alone: a page asks for no secret
and shows none. A test goes where the visitor says, outside of every case, and is kept nowhere.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from activities.channels import Channel as Carrying
from activities.channels import ChannelError, ChannelKind, Misconfigured, Outgoing
from api.pages.dates import wait_words
from api.pages.first_progress import WHOLE, progress_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.letting_in import client_of
from api.pages.own_words import marked
from api.pages.session import SignedIn, Visit
from domain.vocabulary import Channel
from engine.building import carriers
from records.addresses import address_index
from records.audit import note_deed
from records.columns import new_id
from records.first_run import MESSAGES, answer_step
from records.tables import ContactPoint
from records.team import in_team

router = APIRouter(route_class=PageRoute, prefix=f"{WHOLE}/messages")

ANSWER_WITHIN: Final = 25.0
"""Seconds in which a provider has to take a test."""
WAYS: Final = marked({Channel.SMS: "Texts", Channel.VOICE: "Calls", Channel.EMAIL: "E-mail"})
SWITCHES: Final = {
    Channel.SMS: ("HOMEWARD_SMS_URL", "HOMEWARD_GATEWAY_URL"),
    Channel.VOICE: ("HOMEWARD_VOICE_SENDER",),
    Channel.EMAIL: ("HOMEWARD_SMTP_HOST",),
}
"""The settings with which each begins to leave; one of them is enough."""
TESTED: Final = marked({Channel.SMS: "A text", Channel.EMAIL: "An e-mail"})
SENT: Final = (
    "The provider took it. Look whether it arrives: only then do your families’ messages, too."
)
WORDS: Final = {
    "en": "{hub}: this is a test of Homeward. Messages leave.",
    "es": "{hub}: esto es una prueba de Homeward. Los mensajes salen.",
}
_NOT_TAKEN: Final = (
    "The provider did not take it. Whoever runs Homeward can see why with homeward doctor."
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way for messages: whether it leaves this machine, and the settings that decide it."""

    name: str
    leaves: bool
    switches: tuple[str, ...]


@router.get("")
def show_messages(visit: SignedIn, done: str = "") -> Response:
    """What is on now, what to set, and a test where something leaves."""
    return _page(visit, Form(), SENT if done == "sent" else "")


@router.post("")
def go_on(visit: SignedIn, form: Sent) -> Response:
    """They know how messages leave."""
    with visit.writing() as session:
        answer_step(session, MESSAGES)
        visit.note(session, "saw how messages leave", "hub", visit.hub.id)
    progress = progress_of(visit)
    return see_other(progress.next if progress.left else WHOLE)


@router.post("/test")
def send_test(request: Request, visit: SignedIn, form: Sent) -> Response:
    """Send one message to the visitor's own phone or mailbox."""
    leaving = _leaving(visit)
    offered = [way for way in TESTED if way in leaving]
    way = form.choice("way", offered, "Choose what to try.")
    address = form.address("address", Channel(way or Channel.SMS))
    if not address:
        form.refuse("address", "Enter your own phone number or e-mail address.")
    if form.ok:
        _refuse_others(visit, form, way, address)
    if not form.ok:
        return _page(visit, form)
    wait = visit.desk.throttle.attempt(client_of(request), f"test\n{visit.caller.id}", visit.now)
    if wait:
        form.refuse("address", f"Too many attempts. Wait {wait_words(wait)}, then try again.")
        return _page(visit, form, status=429)
    with visit.writing() as session:
        who, now = visit.caller.id, visit.now
        note_deed(session, who, "sent a test message", now, "hub", visit.hub.id, detail={"by": way})
    try:
        asyncio.run(_send(visit, Channel(way), address))
    except (ChannelError, TimeoutError):
        form.refuse("address", _NOT_TAKEN)
        return _page(visit, form)
    return see_other(f"{WHOLE}/messages?done=sent")


def _refuse_others(visit: Visit, form: Form, way: str, address: str) -> None:
    """A test is for oneself: nobody in a case gets one, and in a trial the team alone."""
    with visit.reading() as session:
        theirs = session.exec(
            select(ContactPoint.id)
            .where(col(ContactPoint.address_index) == address_index(address))
            .limit(1)
        ).first()
        own = not visit.hub.trial or in_team(session, way, address)
    if theirs is not None:
        form.refuse("address", "This belongs to somebody in a case. Use one of your own.")
    elif not own:
        form.refuse("address", "In this trial only your team gets messages: name it there first.")


async def _send(visit: Visit, way: Channel, address: str) -> None:
    """Hand it over, once.

    Raises:
        ChannelError: it was not taken, or nobody knows.
        TimeoutError: no answer in time.
    """
    text = WORDS.get(visit.language, WORDS["en"]).format(hub=visit.hub.text_name or visit.hub.name)
    out = Outgoing(new_id(), address, text, subject=text, language=visit.language)
    carrying = carriers(visit.desk.settings, visit.desk.clock)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await carrying[way].send(out)
    finally:
        for one in carrying.values():
            await one.aclose()


def _leaving(visit: Visit) -> dict[Channel, Carrying]:
    """What leaves this machine; nothing of an example, and nothing while settings contradict."""
    if visit.hub.example:
        return {}
    try:
        carrying = carriers(visit.desk.settings, visit.desk.clock)
    except Misconfigured:
        return {}
    return {way: one for way, one in carrying.items() if one.kind is not ChannelKind.OUTBOX}


def _page(visit: Visit, form: Form, done: str = "", *, status: int = 422) -> Response:
    leaving = _leaving(visit)
    values = {
        "visit": visit,
        "form": form,
        "progress": progress_of(visit),
        "ways": [Way(name, way in leaving, SWITCHES[way]) for way, name in WAYS.items()],
        "tests": [(way, name) for way, name in TESTED.items() if way in leaving],
        "all_stay": not leaving,
        "done": done,
    }
    return visit.desk.page("first_messages.html", values, status=200 if form.ok else status)
