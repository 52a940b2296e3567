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
from sqlmodel import select

from activities.plan_reporting import report_link
from api.throttle import Throttle
from domain.vocabulary import Role
from records.clients import connect
from records.consent_drafts import consent_link
from records.consents import get_terms
from records.family_links import family_link
from records.interview import invite
from records.letters import get_letter, letter_link
from records.own_steps import steps_link
from records.packet_reviews import ask_participant, participant_link
from records.packets import get_packet
from records.private_links import path_of
from records.referrals import provider_link
from records.tables import Case, Letter, Passkey, Person, ProgressReport, Referral
from records.unsubscribing import unsubscribe_token
from tests.api.pages.office import Office
from tests.api.pages.packets import Scene
from tests.api.pages.signers import Signer, hire_with_codes
from tests.api.programs import NOW, Installation, installation
from tests.api.scenes import CONSENT
from tests.api.test_page_access import scene
from tests.houses import AGREED, ROSA


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

    def rest(self) -> None:
        """Nobody has tried too often."""
        pages = replace(self.api.app.state.pages, links=Throttle())
        self.api.app.state.pages = pages


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The site, gone with the block."""
    with installation(folder) as api, _listening(api) as address:
        office = Office(api.house, api.clock, api.app, folder, {}, _hub_id=api.hub_id())
        ids = scene(api)
        people = {role: hire_with_codes(office, role.value, role) for role in WALKERS}
        with api.writing() as session:
            case = session.get_one(Case, ids["case"])
            connect(session, case.counsel_id or "", people[Role.COUNSEL].id)
        passkeys = {role: _passkey(api, signer) for role, signer in people.items()}
        yield Site(api, office, address, ids, _links(api, office, ids), people, passkeys)


WALKERS = (Role.SUPERVISOR, Role.HUB_ADMIN, Role.COUNSEL)


def _passkey(api: Installation, signer: Signer) -> str:
    with api.writing() as session:
        row = Passkey(staff_id=signer.id, credential_hash=secrets.token_hex(32), name="Laptop")
        session.add(row)
        session.flush()
        return row.id


@contextmanager
def _listening(api: Installation) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(api.app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
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


def _links(api: Installation, office: Office, ids: dict[str, str]) -> dict[str, str]:
    """A private link of every kind, each with something to read behind it."""
    team = api.program()
    written = team.made(
        f"/packets/{ids['packet']}/letters",
        {"first_name": "May", "last_name": "Hill", "relationship": "aunt"},
    )
    draft = {name: said for name, said in CONSENT.items() if name != "signature"}
    consent = team.made(f"/people/{ids['defendant']}/sharing", draft)
    mail = {"channel": "email", "address": "denise@example.org", "consent_words": AGREED}
    mailbox = team.made(f"/people/{ids['person']}/contacts", mail)
    packet = Scene(office, ids["case"], ids["packet"])
    packet.build()
    with api.writing() as session:
        row = get_packet(session, ids["packet"])
        links = {
            "/letter": letter_link(session, get_letter(session, written["id"]), NOW),
            "/tell": invite(session, row.id, ids["person"], ROSA, NOW),
            "/agree": consent_link(session, get_terms(session, consent["id"]), NOW),
            "/refer": provider_link(session, session.get_one(Referral, ids["met"]), NOW),
            "/report": report_link(session, session.get_one(ProgressReport, ids["waiting"]), NOW),
            "/steps": steps_link(session, ids["defendant"], NOW),
            "/f": family_link(session, ids["person"], ids["case"], NOW),
            "/read": participant_link(session, row, NOW),
        }
        ask_participant(session, row.id, ROSA, NOW)
        paths = {begin: path_of(link) for begin, link in links.items()}
    return {
        **paths,
        "/counsel": packet.counsel_path(),
        "/u": f"/u/{unsubscribe_token(mailbox['id'])}",
    }
