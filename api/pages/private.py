"""Pages behind a private link: whose it is, the button that opens it, the visit that follows.

Reading the address changes nothing and shows nothing of what is behind it: a page with the hub's
name and one button. Pressing it starts a visit, kept in a cookie for that one address. Every page
and form after it asks for the visit again, in the records: a revoked link ends at once.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.notices import the_phrases
from api.pages.browser_language import wished_language
from api.pages.desk import Desk, desk_of
from api.pages.guard import see_other
from domain.message_values import phone_words
from domain.vocabulary import LinkPurpose
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

COOKIE = "visit"


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

    def say(self, name: str, /, **values: str) -> str:
        """A sentence of `templates/links/<purpose>` in the visitor's language; `hub` and `phone`
        are always known."""
        known = {"hub": self.hub.name, "phone": phone_words(self.hub.phone)}
        return the_phrases(self.link.purpose).say(self.language, name, **{**known, **values})

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """A page in the visitor's language."""
        words = {
            "here": self,
            "language": self.language,
            "say": self.say,
            "hub": self.hub.name,
            "phone": phone_words(self.hub.phone),
        }
        return self.desk.page(template, {**words, **values}, status=status)


class NoVisit(Exception):
    """There is no running visit: the answer says what to do instead."""

    def __init__(self, answer: Response) -> None:
        super().__init__("no visit")
        self.answer = answer


async def begin(request: Request, token: str, purpose: LinkPurpose) -> PrivateVisit:
    """The visit that is being asked for, running or not, of a link that may be used.

    Raises:
        NoVisit: the link is unknown, revoked or expired; its page says whom to call.
    """
    desk = desk_of(request)
    now = await desk.clock.now()
    link = await desk.records.run(lambda: find_link(desk.records, token, purpose))
    if link is None:
        raise NoVisit(closed(request, None, ""))
    with desk.records.reading(link.hub_id) as session:
        hub = the_hub(session)
        person = session.get(Person, link.person_id) if link.person_id else None
    wanted = person.language if person else hub.default_language
    language = the_phrases(purpose).language(wanted, hub.default_language)
    if not is_live(link, now):
        raise NoVisit(closed(request, hub, language))
    return PrivateVisit(desk, link, hub, language, now)


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


def closed(request: Request, hub: Hub | None, language: str) -> Response:
    """The page of a link that may not be used (any more)."""
    phrases = the_phrases("door")
    language = language or wished_language(request, phrases.everything)
    known = {"hub": hub.name if hub else "", "phone": phone_words(hub.phone) if hub else ""}

    def say(name: str, **values: str) -> str:
        return phrases.say(language, name, **{**known, **values})

    values = {"language": language, "say": say, **known}
    return desk_of(request).page("door_closed.html", values, status=410 if hub else 404)
