"""One hub with one of everything, served on loopback: what the walk over all pages walks on."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlmodel import select

from api.throttle import Throttle
from domain.vocabulary import Role
from records.clients import connect
from records.tables import Case, Letter, Passkey, Person, StaffMember
from tests.api.links import every_link
from tests.api.pages.office import Office
from tests.api.pages.signers import Signer, hire_with_codes
from tests.api.programs import Installation, installation
from tests.api.test_page_access import scene


@dataclass
class Site:
    """The pages, the ids of what stands on them, and who opens them.

    Attributes:
        links: the path of a private link, by how its addresses begin.
        people: who signs in, by role, each with an app's codes; and a passkey of each.
    """

    api: Installation
    office: Office
    address: str
    ids: dict[str, str]
    links: dict[str, str]
    people: dict[Role, Signer]
    passkeys: dict[Role, str]

    def speak(self, language: str) -> None:
        """Everybody reads this language from here on."""
        with self.api.writing() as session:
            for person in session.exec(select(Person)).all():
                person.language = language
                session.add(person)
            for letter in session.exec(select(Letter)).all():
                letter.language = language
                session.add(letter)
        self.rest()

    def read_in(self, language: str) -> None:
        """Whoever works here reads this language from here on."""
        with self.api.writing() as session:
            for signer in self.people.values():
                member = session.get_one(StaffMember, signer.id)
                member.language = language
                session.add(member)

    def rest(self) -> None:
        """Nobody has tried too often."""
        pages = replace(self.api.app.state.pages, links=Throttle())
        self.api.app.state.pages = pages


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The site, gone with the block."""
    with installation(folder) as api, listening(api.app) as address:
        office = Office(api.house, api.clock, api.app, folder, {}, _hub_id=api.hub_id())
        ids = scene(api)
        people = {role: hire_with_codes(office, role.value, role) for role in WALKERS}
        with api.writing() as session:
            case = session.get_one(Case, ids["case"])
            connect(session, case.counsel_id or "", people[Role.COUNSEL].id)
        passkeys = {role: _passkey(api, signer) for role, signer in people.items()}
        yield Site(api, office, address, ids, every_link(api, office, ids), people, passkeys)


WALKERS = (Role.SUPERVISOR, Role.HUB_ADMIN, Role.COUNSEL)


def _passkey(api: Installation, signer: Signer) -> str:
    with api.writing() as session:
        row = Passkey(staff_id=signer.id, credential_hash=secrets.token_hex(32), name="Laptop")
        session.add(row)
        session.flush()
        return row.id


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="site")
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
