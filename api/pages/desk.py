"""What every page works with: settings, records, words, documents, clock, templates."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

import templates
from activities.documents.store import DocumentStore
from activities.house import Clock, WallClock
from api import throttle as tokens
from api.pages import dates, packet_words, wording
from api.pages.own_words import Words
from api.pages.throttle import Throttle
from api.pages.translating import SpokenEnvironment, spoken_environment
from domain.words import Catalog
from engine.building import WORDS, open_documents
from engine.settings import Settings
from records.crypto import keys
from records.database import Records

FOLDER = files(templates) / "pages"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the pages need, made once when the application is built.

    Attributes:
        throttle: slows down whoever guesses passwords. `links`: whoever tries private links.
            `asking`: whoever asks for challenges of passkeys, each of which is a row.
    """

    settings: Settings
    records: Records
    catalog: Catalog
    store: DocumentStore
    clock: Clock
    environment: Environment
    throttle: Throttle = field(default_factory=Throttle)
    links: tokens.Throttle = field(default_factory=tokens.Throttle)
    asking: tokens.Throttle = field(default_factory=tokens.Throttle)

    @property
    def sends_texts(self) -> bool:
        """Whether a provider or a phone of the hub's carries texts; without one they stay in the
        outbox. An account may be there for calls alone, beside such a phone."""
        return bool(self.settings.sms_url or self.settings.gateway_url)

    @property
    def sends_email(self) -> bool:
        """Whether a mail server carries e-mail; without one it stays in the outbox."""
        return bool(self.settings.smtp_host)

    def page(
        self, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
    ) -> HTMLResponse:
        """A page from a template of `templates/pages`."""
        shown = dict(values or {})
        if "done" in shown and isinstance(shown["done"], str):
            # Said by the page that was sent a form; never what the form held.
            shown["done"] = Words(shown["done"])
        text = self.speaking(shown).get_template(template).render(**shown)
        return HTMLResponse(text, status_code=status)

    def speaking(self, values: Mapping[str, Any]) -> Environment:
        """The templates in the language of whoever reads: a visitor's own, or the browser's."""
        visit = values.get("visit")
        language = visit.language if visit else values.get("speaks", "en")
        return self.environment if language == "en" else _spoken(language)

    def saying(self, language: str) -> Callable[[str], str]:
        """What says Homeward's own words in a language, where no template does: in a drawing."""
        return str if language == "en" else _spoken(language).phrases.say


def set_up(settings: Settings, records: Records, clock: Clock | None = None) -> Desk:
    """The desk of this installation.

    Raises:
        BadTemplate: the words of the messages cannot be used.
    """
    return Desk(
        settings=settings,
        records=records,
        catalog=Catalog.load(WORDS),
        store=open_documents(settings, keys()),
        clock=clock or WallClock(),
        environment=_environment(),
    )


def desk_of(request: Request) -> Desk:
    """The desk that `install` put into the application."""
    desk: Desk = request.app.state.pages
    return desk


def style_sheet() -> bytes:
    """The style sheet of the hub's own pages."""
    return (FOLDER / "style.css").read_bytes()


def plain_sheet() -> bytes:
    """The small style sheet of pages that stand alone."""
    return (FOLDER / "plain.css").read_bytes()


def live_script() -> bytes:
    """The script that keeps a page up to date while it is looked at."""
    return (FOLDER / "live.js").read_bytes()


def passkey_script() -> bytes:
    """The script with which a page asks for a passkey."""
    return (FOLDER / "passkeys.js").read_bytes()


@lru_cache(maxsize=4)
def _spoken(language: str) -> SpokenEnvironment:
    return spoken_environment(language, _environment())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(FOLDER)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["speaks"] = "en"
    environment.filters.update(
        when=dates.when_words,
        day=dates.day_words,
        long_day=dates.long_day,
        clock=dates.clock_words,
        weekday=dates.weekday,
        short_weekday=dates.short_weekday,
        month=dates.month,
        month_of_year=dates.month_of_year,
        machine=dates.machine,
        moment=dates.moment_words,
        phone=wording.phone_words,
        own=Words,
    )
    environment.globals.update(
        words=wording,
        packet_words=packet_words,
        style_version=hashlib.sha256(style_sheet()).hexdigest()[:12],
        live_version=hashlib.sha256(live_script()).hexdigest()[:12],
        passkey_version=hashlib.sha256(passkey_script()).hexdigest()[:12],
        plain_version=hashlib.sha256(plain_sheet()).hexdigest()[:12],
    )
    return environment
