"""An installation that nobody has set up, and what its first administrator sends."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import SQLModel, select

from api.pages.routes import install
from engine.building import open_the_records
from records.database import Records
from records.first_run import make_address
from tests.api.pages.office import NOW, Browser
from tests.houses import FixedClock, settings_in

WORDS = "river stone lamp nine"
YOU = {
    "name": "Rosa Quill",
    "sign_in": " Rosa ",
    "new_password": WORDS,
    "new_password_again": WORDS,
}
HUB = {
    "name": "Liberty City Defense",
    "phone": "(305) 555-0100",
    "zone": "America/Chicago",
    "language": "es",
}
COURT = {
    "name": "Example County Courthouse",
    "address": "1 Example St, Exampleville",
    "room": "3A",
    "zone": "America/New_York",
}
CASE = {"first_name": "Marcus", "last_name": "Bell", "language": "en", "custody": "released"}
STEPS = "/hub/set-up"


@dataclass
class Empty:
    """An installation that nobody has set up."""

    app: FastAPI
    records: Records
    clock: FixedClock

    def browser(self, language: str = "en") -> Browser:
        """A browser of somebody who is not signed in."""
        headers = {"Accept": "text/html", "Accept-Language": language}
        return Browser(TestClient(self.app, headers=headers, follow_redirects=False))

    def address(self) -> str:
        """Where the set-up begins."""
        return f"/set-up/{make_address(self.records, 'command line', self.clock.at)}"

    def owner(self) -> Browser:
        """The first administrator, who has just signed in for the first time."""
        browser = self.browser()
        assert browser.post(self.address(), YOU).status_code == 303
        return browser

    def all(self, table: Any) -> list[Any]:
        """Every row of a table, of all hubs."""
        with self.records.reading("") as session:
            return list(session.exec(select(table)).all())

    def kept(self) -> dict[str, Any]:
        """Every row of every table."""
        with self.records.engine.connect() as connection:
            return {
                table.name: connection.execute(table.select()).all()
                for table in SQLModel.metadata.sorted_tables
            }


def opened(folder: Path, **more: object) -> Empty:
    """An empty installation in a folder; `more` are settings."""
    settings = settings_in(folder, **more)
    records, clock, app = open_the_records(settings), FixedClock(NOW), FastAPI()
    install(app, settings, records, clock=clock)
    return Empty(app, records, clock)
