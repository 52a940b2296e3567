"""Programs that call the API in tests: one installation, two hubs, a token for every role."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlmodel import select

from activities.house import House
from api.app import build_app
from domain.vocabulary import Role
from records import crypto
from records.access import make_token
from records.database import HubSession
from records.hubs import make_hub
from records.tables import AuditEvent, Hub
from tests.houses import FixedClock, make_house, settings_in, utc

with warnings.catch_warnings():
    # It works with the httpx that the project uses, and says that it would rather have another.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOW = utc("2026-12-02 15:00")
"""A Wednesday, 10:00 in New York."""
OTHER = "other"
"""The second hub's short name."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a token."""

    http: TestClient
    secret: str

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; paths are below /api/v1 unless they say otherwise."""
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        address = path if path.startswith("/api/") else f"/api/v1{path}"
        answer: httpx.Response = self.http.request(method, address, headers=headers, **more)
        return answer

    def get(self, path: str, **query: Any) -> httpx.Response:
        """GET."""
        return self.call("GET", path, **({"params": query} if query else {}))

    def post(self, path: str, body: Any = None, *, key: str = "") -> httpx.Response:
        """POST, with an Idempotency-Key where one is given."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, json=body, headers=headers)

    def made(self, path: str, body: Any = None) -> dict[str, Any]:
        """POST, and what it answered; it must have worked."""
        answer = self.post(path, body)
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        """GET, and what it answered; it must have worked."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@dataclass
class Installation:
    """One installation, as programs see it."""

    house: House
    clock: FixedClock
    app: FastAPI
    http: TestClient
    _secrets: dict[tuple[str, str], str] = field(default_factory=dict)

    def program(self, role: str = "advocate", hub: str = "") -> Program:
        """A program with this role in the first hub, or in the one named."""
        known = self._secrets.get((role, hub))
        if known is None:
            with self.writing(hub) as session:
                _, known = make_token(session, f"a {role}'s program", Role(role))
            self._secrets[(role, hub)] = known
        return Program(self.http, known)

    def hub_id(self, slug: str = "") -> str:
        """The first hub's id, or that of the one named."""
        with self.house.records.reading("") as session:
            wanted = slug or "hub"
            return session.exec(select(Hub.id).where(Hub.slug == wanted)).one()

    @contextmanager
    def writing(self, hub: str = "") -> Iterator[HubSession]:
        """One transaction on a hub's rows."""
        with self.house.records.writing(self.hub_id(hub)) as session:
            yield session

    @contextmanager
    def reading(self, hub: str = "") -> Iterator[HubSession]:
        """A hub's rows."""
        with self.house.records.reading(self.hub_id(hub)) as session:
            yield session


@contextmanager
def installation(folder: Path, **settings: object) -> Iterator[Installation]:
    """An installation in a folder, with a second hub. Afterwards the keys are those of before."""
    before = [*crypto._installed]
    clock = FixedClock(NOW)
    house = make_house(folder, clock, **settings)
    make_hub(house.records, name="Overtown Families", slug=OTHER)
    app = build_app(settings_in(folder, **settings), house.records, lambda: clock.at)
    try:
        with TestClient(app) as http:
            yield Installation(house, clock, app, http)
    finally:
        house.records.close()
        crypto._installed[:] = before


def deeds(rows: Iterable[AuditEvent]) -> list[str]:
    """What was noted in words of its own, without what was noted only because it was asked for."""
    return [row.action for row in rows if "page" not in row.detail]


def a_case(program: Program, **more: Any) -> dict[str, Any]:
    """Marcus's case, opened through the API."""
    return program.made("/cases", {"first_name": "Marcus", "last_name": "Johnson", **more})


def a_hearing(program: Program, case: dict[str, Any], **more: Any) -> dict[str, Any]:
    """His arraignment."""
    said = {"local_time": "2026-12-15T09:00", "zone": "America/New_York", "kind": "arraignment"}
    return program.made(f"/cases/{case['id']}/hearings", {**said, "room": "3A", **more})
