"""A whole installation as people meet it: every part a process of its own, and around it an SMS
provider and a mail server on loopback. Nothing is played but who carries the messages."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import time
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from activities.channels.loopback_smtp import LoopbackMailServer
from domain.vocabulary import Role
from records.access import hash_password
from records.database import HubSession
from records.tables import Hub, StaffMember
from tests.faults.house import RealHouse

T = TypeVar("T")

NAME, PASSWORD = "rosa", "river stone lamp nine"
"""With which Rosa, the advocate, signs in."""
SITE = "http://homeward.example.org"
"""What messages call the installation: an address of one's own machine stands in no text. Tests
open what follows it where the installation really listens."""
_LINK = re.compile(SITE + r"(/\S+)")


class Mailbox:
    """The mail server, on a loop of its own."""

    def __init__(self) -> None:
        self.server = LoopbackMailServer()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailbox")

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result(10)

    def stop(self) -> None:
        """Hang up."""
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for somebody, oldest first."""
        return [one.message for one in self.server.messages if address in one.recipients]


class Home(RealHouse):
    """Liberty City Defense with Rosa, its advocate."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        super().__init__(folder)
        self.mailbox = mailbox
        self.site = f"http://127.0.0.1:{self.web_port}"
        self.environment |= {
            "HOMEWARD_PUBLIC_URL": SITE,
            "HOMEWARD_SMTP_HOST": "127.0.0.1",
            "HOMEWARD_SMTP_PORT": str(mailbox.server.port),
            "HOMEWARD_SMTP_SENDER": "Liberty City Defense <hub@example.org>",
            "HOMEWARD_SMTP_STARTTLS": "never",
        }
        self._settle_in()

    def text_to(self, number: str, after: int = 0) -> str:
        """The newest text that arrives at a phone; `after` as many as came before."""
        return self.wait(lambda: self._texts(number)[after:], f"a text to {number}")[-1]

    def mail_to(self, address: str, after: int = 0) -> str:
        """The newest e-mail that arrives in a mailbox; `after` as many as came before."""
        found = self.wait(lambda: self.mailbox.to(address)[after:], f"an e-mail to {address}")
        body = found[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def wait(self, asked: Callable[[], T], what: str) -> T:
        """The first answer that is true. In a thread, because Playwright keeps a loop running."""
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(lambda: asyncio.run(self.until(asked, what))).result()

    def read(self, asked: Callable[[HubSession], T]) -> T:
        """Look something up in the hub's rows."""
        with self.records.reading(self.hub_id) as session:
            return asked(session)

    def _texts(self, number: str) -> list[str]:
        return [one.body for one in self.accepted() if one.to == number]

    def _settle_in(self) -> None:
        """The hub says who it is, and messages leave at any hour: the test does too."""
        with self.records.writing(self.hub_id) as session:
            hub = session.get_one(Hub, self.hub_id)
            hub.name, hub.phone, hub.zone = (
                "Liberty City Defense",
                "+13055550100",
                "America/New_York",
            )
            hub.quiet_from = hub.quiet_to = time(0, 0)
            session.add(hub)
            hashed = hash_password(PASSWORD)
            session.add(
                StaffMember(name="Rosa", sign_in=NAME, role=Role.ADVOCATE, password_hash=hashed)
            )


def path_in(words: str) -> str:
    """Where the one link of a message leads on the site."""
    (path,) = _LINK.findall(words)
    return str(path)


@contextmanager
def opened(folder: Path) -> Iterator[Home]:
    """A home whose processes are all gone afterwards."""
    mailbox = Mailbox()
    mailbox.start()
    try:
        home = Home(folder, mailbox)
        try:
            home.start()
            asyncio.run(home.ready())
            yield home
        finally:
            home.close()
    finally:
        mailbox.stop()
