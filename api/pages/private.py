"""Pages behind a private link: whose it is, the button that opens it, the visit that follows.

Reading the address changes nothing and shows nothing of what is behind it: a page with the hub's
name and one button. Pressing it starts a visit, kept in a cookie for that one address. Every page
and form after it asks for the visit again, in the records: a revoked link ends at once.

The records are asked in threads alone: whoever waits for them waits by themselves.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from activities.notices import the_phrases
from api.pages.desk import Desk, desk_of
from api.pages.guard import see_other
from api.pages.private_problems import door_words
from domain.message_values import phone_words
from domain.vocabulary import LinkPurpose
from records.access import hash_token
from records.audit import note_deed
from records.casework import Source
from records.database import HubSession
from records.hubs import the_hub
from records.private_links import (
    PATHS,
    VISIT,
    find_link,
    is_live,
    open_link,
    visit_holds,
    visit_mark,
)
from records.tables import Hub, Person, PrivateLink

T = TypeVar("T")

COOKIE = "visit"
LANGUAGES = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}
"""What a visitor may choose on the page, each by its own name."""


@dataclass(frozen=True, slots=True)
class PrivateVisit:
    """Someone at a private link whose visit is running.

    Attributes:
        link: whose it is and what for.
        language: of the person, where their words exist in it.
        now: UTC.
    """

    desk: Desk
    link: PrivateLink
    hub: Hub
    language: str
    now: datetime

    @property
    def source(self) -> Source:
        """Who does what is done here."""
        return Source(f"{self.link.purpose}:{self.link.person_id or self.link.id}", "link")

    @property
    def path(self) -> str:
        """The address of this visit."""
        return PATHS[LinkPurpose(self.link.purpose)] + self.link.token

    def reading(self) -> AbstractContextManager[HubSession]:
        """A session for reading, of the link's hub."""
        return self.desk.records.reading(self.link.hub_id)

    def writing(self) -> AbstractContextManager[HubSession]:
        """A session for writing, of the link's hub."""
        return self.desk.records.writing(self.link.hub_id)

    def note(self, session: HubSession, action: str, kind: str, subject_id: str) -> None:
        """Write into the audit trail what whoever has this link read. Ids only."""
        note_deed(session, self.source.actor, action, self.now, kind, subject_id)

    def say(self, name: str, /, **values: str) -> str:
        """A sentence of `templates/links/<purpose>` in the visitor's language; `hub` and `phone`
        are always known."""
        known = {"hub": self.hub.name, "phone": phone_words(self.hub.phone)}
        return the_phrases(self.link.purpose).say(self.language, name, **{**known, **values})

    def door_say(self, name: str) -> str:
        """A sentence of all doors in the visitor's language."""
        phrases = the_phrases("door")
        known = {"hub": self.hub.name, "phone": phone_words(self.hub.phone)}
        return phrases.say(phrases.language(self.language), name, **known)

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """A page in the visitor's language."""
        words = {
            "here": self,
            "language": self.language,
            "say": self.say,
            "door_say": self.door_say,
            "hub": self.hub.name,
            "phone": phone_words(self.hub.phone),
        }
        return self.desk.page(template, {**words, **values}, status=status)


def in_language(visit: PrivateVisit, chosen: str) -> PrivateVisit:
    """The same visit in a language that was chosen on the page, where its words exist in it."""
    known = the_phrases(visit.link.purpose).everything
    return replace(visit, language=chosen) if chosen in LANGUAGES and chosen in known else visit


class NoVisit(Exception):
    """There is no running visit: the answer says what to do instead."""

    def __init__(self, answer: Response) -> None:
        super().__init__("no visit")
        self.answer = answer


async def apart(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread: another process may hold the records for a while, and
    nobody else waits for that."""
    return await run_in_threadpool(work)


async def begin(
    request: Request, token: str, purpose: LinkPurpose, written: Sequence[str] = ()
) -> PrivateVisit:
    """The visit that is being asked for, running or not, of a link that may be used.

    Args:
        written: what somebody wrote, shown again where it cannot be saved any more.

    Raises:
        NoVisit: the link is unknown, revoked or expired, and its page says whom to call; or too
            many were tried that do not exist.
    """
    now = await desk_of(request).clock.now()
    return await apart(lambda: _begun(request, token, purpose, written, now))


def _begun(
    request: Request, token: str, purpose: LinkPurpose, written: Sequence[str], now: datetime
) -> PrivateVisit:
    desk = desk_of(request)
    link = find_guarded(request, token, purpose)
    if link is None:
        raise NoVisit(closed(request, None, "", written))
    with desk.records.reading(link.hub_id) as session:
        hub = the_hub(session)
        person = session.get(Person, link.person_id) if link.person_id else None
    wanted = person.language if person else hub.default_language
    language = the_phrases(purpose).language(wanted, hub.default_language)
    if not is_live(link, now):
        raise NoVisit(closed(request, hub, language, written))
    return PrivateVisit(desk, link, hub, language, now)


def find_guarded(
    request: Request,
    token: str,
    purpose: LinkPurpose,
    counts: Callable[[PrivateLink], bool] = lambda link: True,
) -> PrivateLink | None:
    """The link; whoever tries many that do not exist is not heard for a minute. Asks the records.

    Args:
        counts: whether a link counts as one that exists; None is answered for one that does not,
            where it must look the same as one that never was.

    Raises:
        NoVisit: they have to wait.
    """
    desk, tried = desk_of(request), hash_token(token)
    client = request.client.host if request.client else ""
    wait = desk.links.wait(client, tried)
    if wait:
        raise NoVisit(_slow(request, wait))
    link = find_link(desk.records, token, purpose)
    if link is None or not counts(link):
        desk.links.failed(client, tried)
        return None
    desk.links.succeeded(tried)
    return link


async def visiting(request: Request, token: str, purpose: LinkPurpose) -> PrivateVisit:
    """The running visit.

    Raises:
        NoVisit: the button was not pressed yet, or too long ago (the answer leads there), or the
            link may not be used.
    """
    visit = await begin(request, token, purpose)
    if not visit_holds(visit.link, request.cookies.get(COOKIE, ""), visit.now):
        raise NoVisit(see_other(visit.path))
    return visit


def is_running(request: Request, visit: PrivateVisit) -> bool:
    """Whether this browser has pressed the button."""
    return visit_holds(visit.link, request.cookies.get(COOKIE, ""), visit.now)


def door(visit: PrivateVisit, **filled: str) -> Response:
    """The page with the button: `door.title`, `door.text` and `door.button` of the purpose's words,
    with these values in them. Say nothing here that a stranger may not read."""
    return visit.page("door.html", {"filled": filled})


def enter(visit: PrivateVisit, note: Callable[[HubSession], None] | None = None) -> Response:
    """The button was pressed: note it, and go in with a cookie for this address alone."""
    with visit.writing() as session:
        link = open_link(session, visit.link.id, visit.now)
        if note is not None:
            note(session)
        mark = visit_mark(link, visit.now)
    answer = see_other(visit.path)
    answer.set_cookie(
        COOKIE,
        mark,
        max_age=int(VISIT.total_seconds()),
        path=visit.path,
        httponly=True,
        samesite="lax",
        secure=visit.desk.settings.public_url.startswith("https://"),
    )
    return answer


def note_opening(visit: PrivateVisit, session: HubSession) -> None:
    """Write into the audit trail that whoever has this link opened what is behind it."""
    visit.note(session, "opened a packet's page", "packet", visit.link.packet_id or "")


def renewed(
    request: Request,
    visit: PrivateVisit,
    answer: Response,
    going_in: Callable[[PrivateVisit], Response] = enter,
) -> Response:
    """The answer to a form, which is as good as the button: the visit goes on where it had ended.
    Asks the records."""
    if not is_running(request, visit):
        answer.headers.append("set-cookie", going_in(visit).headers["set-cookie"])
    return answer


def closed(
    request: Request, hub: Hub | None, language: str, written: Sequence[str] = ()
) -> Response:
    """The page of a link that may not be used (any more).

    Args:
        written: what somebody wrote who came with a form; they get it back.
    """
    values = {
        **door_words(request, language, hub.name if hub else "", hub.phone if hub else ""),
        "written": [text for text in written if text.strip()],
    }
    return desk_of(request).page("door_closed.html", values, status=410 if hub else 404)


def _slow(request: Request, seconds: float) -> Response:
    values = {**door_words(request), "what": "slow", "number": "", "written": (), "again": ""}
    answer = desk_of(request).page("private_problem.html", values, status=429)
    answer.headers["Retry-After"] = str(math.ceil(seconds))
    return answer
