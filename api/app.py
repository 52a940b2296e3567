"""The web application: health, the JSON API, calendar feeds, provider reports and pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from fastapi import FastAPI

from activities.documents.store import DocumentStore
from api import (
    calendar_feeds,
    describing,
    gateway_events,
    health,
    mail_in,
    refusals,
    sms_replies,
    sms_status,
    v1,
    voice_keys,
    voice_status,
)
from api.door import Door
from api.guards import BodyLimit, Shield
from api.pages.routes import install, too_large
from api.readiness import TemporalLink
from domain.words import Catalog
from engine.building import WORDS, open_documents
from engine.settings import Settings
from records.crypto import keys
from records.database import Records


def wall_clock() -> datetime:
    """The machine's own clock, in UTC."""
    return datetime.now(UTC)


class _AsClock:
    """The application's clock in the form in which the pages ask it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def now(self) -> datetime:
        """The present (UTC)."""
        return self._now()


def build_app(
    settings: Settings, records: Records, now: Callable[[], datetime] = wall_clock
) -> FastAPI:
    """The application over opened records.

    Answers need the records alone; Temporal is asked by `/readyz` only, because every change is
    told to the workflows through the outbox.

    Args:
        settings: this installation's.
        records: opened.
        now: the one clock (UTC).
    """
    app = FastAPI(
        openapi_url=describing.OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        # Its logs would hold exception messages, and those may hold what was typed.
        telemetry={"logs": False, "auto_configure": False},
    )
    app.state.settings = settings
    app.state.records = records
    app.state.door = Door(records, now)
    app.state.temporal = TemporalLink(settings)
    app.state.documents = _documents(settings)
    app.state.catalog = Catalog.load(WORDS)
    for router in (
        health.router,
        v1.router(),
        calendar_feeds.router,
        sms_status.router,
        sms_replies.router,
        voice_status.router,
        voice_keys.router,
        gateway_events.router,
        mail_in.router,
    ):
        app.include_router(router)
    refusals.register(app)
    install(app, settings, records, clock=_AsClock(now))
    app.add_middleware(BodyLimit, page=too_large)
    app.add_middleware(Shield)
    describing.describe(app)
    return app


def _documents(settings: Settings) -> Callable[[], DocumentStore]:
    """The document store, opened when it is first needed."""

    @lru_cache(maxsize=1)
    def store() -> DocumentStore:
        return open_documents(settings, keys())

    return store
