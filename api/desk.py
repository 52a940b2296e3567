"""What every route of the JSON API works with: who asks, on whose rows, and when."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from api.door import LetIn
from domain.vocabulary import Role
from engine.settings import Settings
from records.access import Caller
from records.audit import note_deed
from records.casework import Source
from records.database import HubSession, Records


@dataclass(frozen=True, slots=True)
class Desk:
    """One caller's request.

    Attributes:
        now: the present (UTC), read once for the whole request.
    """

    settings: Settings
    records: Records
    caller: Caller
    now: datetime

    @property
    def source(self) -> Source:
        """Who records what this request changes."""
        origin = "counsel" if self.caller.role is Role.COUNSEL else "staff"
        return Source(self.caller.name, origin)

    def reading(self) -> AbstractContextManager[HubSession]:
        """A session that reads the caller's hub."""
        return self.records.reading(self.caller.hub_id)

    def writing(self) -> AbstractContextManager[HubSession]:
        """One transaction on the caller's hub."""
        return self.records.writing(self.caller.hub_id)

    def audit(self, session: HubSession, action: str, kind: str, subject_id: str) -> None:
        """Write into the audit trail who read or changed what. Ids only."""
        note_deed(session, self.caller.id, action, self.now, kind, subject_id)


def json_answer(body: bytes, status: int) -> Response:
    """An answer in JSON."""
    return Response(body, status, media_type="application/json")


def _desk(request: Request, caller: LetIn) -> Desk:
    state = request.app.state
    return Desk(state.settings, state.records, caller, state.door.now())


AtDesk = Annotated[Desk, Depends(_desk)]
"""For GET, PATCH, PUT and DELETE, which are safe to repeat by themselves."""
