"""A hub's office for tests: real records in a folder, the pages, people who sign in."""

import asyncio
import re
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient, Response
from sqlmodel import SQLModel, col, select

from activities.agendas import read_agenda
from activities.house import House
from activities.notifying import Notifying
from activities.planning import Planning
from api.pages.routes import install
from api.pages.throttle import Throttle
from api.throttle import Throttle as LinkThrottle
from domain.agenda import Act, Doing, Subject, SubjectRef
from domain.vocabulary import Role
from engine.settings import Settings
from records.access import hash_token
from records.crypto import install as install_keys
from records.crypto import read_key_file
from records.tables import Agency, AuditEvent, Case, Hub, StaffMember, StaffSession
from tests.houses import FixedClock, hub_of, make_house, settings_in, utc

NOW = utc("2026-12-02 15:00")
"""A Wednesday, 10:00 in New York."""
OWN = {"Sec-Fetch-Site": "same-origin"}
_KEPT = frozenset({"database_meta", "alembic_version"})


@dataclass
class Browser:
    """Somebody's browser: signed in as them, without scripts."""

    http: TestClient

    def get(self, address: str) -> Response:
        """Open a page."""
        answer: Response = self.http.get(address)
        return answer

    def post(
        self,
        address: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = OWN,
    ) -> Response:
        """Send a form, as one of our own pages does; redirects are not followed."""
        answer: Response = self.http.post(
            address,
            content=urlencode(fields or {}),
            headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
        )
        return answer

    def words(self, address: str) -> str:
        """What a page says, without its markup."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.status_code
        return said(answer)


def said(answer: Response) -> str:
    """What an answer says, without its markup."""
    body = re.sub(r"<head>.*?</head>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class Office:
    """One installation with its first hub, Liberty City Defense."""

    house: House
    clock: FixedClock
    app: FastAPI
    folder: Path
    more: Mapping[str, object]
    _open: list[TestClient] = field(default_factory=list)
    _hub_id: str = ""

    @classmethod
    def at(cls, folder: Path, **more: object) -> "Office":
        """An office in a folder; `more` are settings."""
        clock = FixedClock(NOW)
        house = make_house(folder, clock, **more)
        app = FastAPI()
        install(app, settings_in(folder, **more), house.records, clock=clock)
        return cls(house, clock, app, folder, more)

    def empty(self) -> None:
        """Forget everybody and everything but the first hub; begin on the first morning."""
        install_keys(read_key_file(self.house_settings().keys_at))
        self._hub_id = first = self.hub_id
        with self.house.records.engine.begin() as connection:
            for table in reversed(SQLModel.metadata.sorted_tables):
                if table.name == "hub":
                    connection.execute(table.delete().where(table.c.id != first))
                    connection.execute(table.update().values(set_up_left=[]))
                elif table.name not in _KEPT:
                    connection.execute(table.delete())
        self.clock.at = NOW
        fresh = {"throttle": Throttle(), "links": LinkThrottle(), "asking": LinkThrottle()}
        self.app.state.pages = replace(self.app.state.pages, **fresh)
        while self._open:
            self._open.pop().close()

    @property
    def hub_id(self) -> str:
        """The first hub."""
        return self._hub_id or hub_of(self.house.records)

    def browser(self) -> Browser:
        """A browser of somebody who is not signed in."""
        http = TestClient(
            self.app,
            headers={"Accept": "text/html"},
            follow_redirects=False,
            raise_server_exceptions=True,
        )
        self._open.append(http)
        return Browser(http)

    def staff(self, role: Role = Role.ADVOCATE, *, hub_id: str = "", name: str = "rosa") -> Browser:
        """A signed-in member of staff, newly hired."""
        hub_id, token = hub_id or self.hub_id, secrets.token_urlsafe(16)
        with self.house.records.writing(hub_id) as session:
            member = StaffMember(
                name=name.capitalize(), sign_in=f"{name}-{secrets.token_hex(3)}", role=role
            )
            session.add(member)
            session.flush()
            session.add(
                StaffSession(
                    staff_id=member.id,
                    token_hash=hash_token(token),
                    expires_at=self.clock.at + timedelta(days=400),
                )
            )
        browser = self.browser()
        browser.http.cookies.set("homeward", token)
        return browser

    def other_hub(self) -> str:
        """Another hub in the same records."""
        with self.house.records.everywhere() as session:
            hub = Hub(name="Overtown Defense", slug="overtown", phone="+13055550190")
            session.add(hub)
            return hub.id

    def bare_hub(self) -> str:
        """A hub that has not said who it is."""
        with self.house.records.everywhere() as session:
            hub = Hub(name="Our hub", slug="bare")
            session.add(hub)
            return hub.id

    def house_settings(self) -> Settings:
        """The settings of this installation."""
        return settings_in(self.folder, **self.more)

    def live(self, until: datetime | None = None) -> None:
        """Do what is due, as the workflows would, up to a moment."""
        until = until or self.clock.at
        while True:
            self._do_due()
            coming = [due for due in self._dues() if self.clock.at < due <= until]
            if not coming:
                break
            self.clock.at = min(coming)
        self.clock.at = until

    def _subjects(self) -> list[SubjectRef]:
        with self.house.records.reading(self.hub_id) as session:
            cases = session.exec(select(Case.id).order_by(col(Case.id))).all()
            agencies = session.exec(select(Agency.id).order_by(col(Agency.id))).all()
        return [
            *(SubjectRef(Subject.CASE, case_id, self.hub_id) for case_id in cases),
            *(SubjectRef(Subject.AGENCY, agency_id, self.hub_id) for agency_id in agencies),
        ]

    def _dues(self) -> list[datetime]:
        found = []
        with self.house.records.reading(self.hub_id) as session:
            for subject in self._subjects():
                agenda = read_agenda(session, subject, self.clock.at)
                found += [due for due in (agenda.due, agenda.then) if due is not None]
        return found

    def _do_due(self) -> None:
        notifying, planning = Notifying(self.house), Planning(self.house)
        for subject in self._subjects():
            for _ in range(50):
                with self.house.records.reading(self.hub_id) as session:
                    items = read_agenda(session, subject, self.clock.at).items
                due = [item for item in items if item.due <= self.clock.at]
                if not due:
                    break
                for item in due:
                    doing = Doing(subject, item)
                    send = item.act is Act.SEND_MESSAGE
                    asyncio.run(
                        notifying.send_message(doing) if send else planning.open_task(doing)
                    )

    def post_while_held(self, path: str) -> Response:
        """Send a form while another process holds the records; every other page has to answer in
        the meantime."""
        return asyncio.run(self._posted_while_held(path))

    async def _posted_while_held(self, path: str) -> Response:
        holder = sqlite3.connect(self.house_settings().data / "homeward.db", isolation_level=None)
        holder.execute("begin immediate")
        transport = ASGITransport(app=self.app)
        async with AsyncClient(transport=transport, base_url="http://testserver") as http:
            sent = asyncio.create_task(http.post(path, headers=OWN))
            await asyncio.sleep(0.2)
            try:
                async with asyncio.timeout(2):
                    assert (await http.get("/plain.css")).status_code == 200
                assert not sent.done()
            finally:
                holder.execute("rollback")
                holder.close()
            return await sent

    def audit(self) -> list[str]:
        """What was written into the audit trail in words of its own, in order."""
        with self.house.records.reading(self.hub_id) as session:
            rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all()
        return [row.action for row in rows if "page" not in row.detail]

    def close(self) -> None:
        """Let everything go."""
        for http in self._open:
            http.close()
        self.house.records.close()
