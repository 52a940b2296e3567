"""People who sign in as people do: by name and password, with an app's codes, on paper."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from httpx import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import col, select

from domain.vocabulary import Role
from records.tables import AuditEvent, StaffMember
from tests.api.pages.office import Browser, Office

PASSWORD = "river stone lamp nine"
_HASHED = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)
"""Quick to compare, which the real ones are not on purpose."""


@dataclass
class Signer:
    """A member of staff who has a password, and whatever they set up beside it."""

    office: Office
    id: str
    name: str
    secret: str = ""
    papers: list[str] = field(default_factory=list)

    def give(
        self, browser: Browser, password: str = PASSWORD, next: str = "/cases", agent: str = ""
    ) -> Response:
        """Name and password."""
        fields = {"name": self.name, "password": password, "next": next}
        return browser.post("/sign-in", fields, {**OWN, "User-Agent": agent or "x"})

    def browser(self, agent: str = "") -> Browser:
        """A browser in which they are signed in all the way."""
        browser = self.office.browser()
        answer = self.give(browser, agent=agent)
        if answer.headers["location"].startswith("/sign-in/code"):
            self.office.clock.at += timedelta(seconds=30)
            answer = browser.post("/sign-in/code", {"code": self.code()})
        assert "homeward" in browser.http.cookies, answer.text
        return browser

    def code(self, away: int = 0) -> str:
        """What their app shows now, or `away` half minutes from now."""
        return pyotp.TOTP(self.secret).at(self.office.clock.at, counter_offset=away)

    def half(self) -> Browser:
        """A browser that knows the password and still owes the code."""
        browser = self.office.browser()
        assert self.give(browser).headers["location"] == "/sign-in/code?next=/cases"
        self.office.clock.at += timedelta(seconds=30)
        return browser


OWN = {"Sec-Fetch-Site": "same-origin"}


def hire(office: Office, role: Role = Role.ADVOCATE, name: str = "rosa") -> Signer:
    """Somebody with a password and nothing beside it."""
    with office.house.records.writing(office.hub_id) as session:
        member = StaffMember(name=name.capitalize(), sign_in=name, role=role, password_hash=_HASHED)
        session.add(member)
        session.flush()
        return Signer(office, member.id, name)


def set_up_codes(signer: Signer, browser: Browser) -> Response:
    """Set up an app, as its pages ask; what the last of them answers."""
    assert browser.post("/me/code", {"begin": "yes"}).headers["location"] == "/me/code#scan"
    groups = re.findall(r"<span>([A-Z2-7]{4})</span>", browser.get("/me/code").text)
    signer.secret = "".join(groups)
    answer = browser.post("/me/code", {"code": signer.code()})
    found = re.findall(r"<li><code>([a-z2-9-]+)</code>", answer.text)
    signer.papers = found or signer.papers
    return answer


def hire_with_codes(office: Office, name: str = "rosa", role: Role = Role.ADVOCATE) -> Signer:
    """Somebody who has an app's codes and ten recovery codes, and is signed in nowhere."""
    signer = hire(office, role, name)
    browser = signer.browser()
    assert set_up_codes(signer, browser).status_code == 200
    browser.post("/sign-out")
    office.clock.at += timedelta(minutes=1)
    return signer


def trail(office: Office) -> list[tuple[str, str, datetime]]:
    """The audit trail in words of its own: who, what, when."""
    with office.house.records.reading(office.hub_id) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all()
    own = [row for row in rows if "page" not in row.detail]
    return [(row.actor, row.action, row.happened_at) for row in own]
