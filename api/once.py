"""The promise that a POST is done once for each `Idempotency-Key`.

The answer is kept for a day in the transaction of the deed itself: either both are there or
neither. So a request that is sent again, even at the same moment, finds the answer or does the
deed, never both.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.desk import Desk, json_answer
from api.door import LetIn
from api.problems import Refusal
from api.refusals import refusal_of
from records.crypto import keys
from records.database import HubSession
from records.tables import IdempotencyKey

KEPT_FOR = timedelta(days=1)
REPLAYED = {"Idempotency-Replayed": "true"}
_REMEMBERED = frozenset(
    {
        problems.NOT_ALLOWED,
        problems.NOT_FOUND,
        problems.MOVE_REFUSED,
        problems.ENDED,
        problems.INVALID,
    }
)
"""Refusals that are the answer to a key. A conflict is not: it may be over in a moment."""


@dataclass(frozen=True, slots=True)
class OnceDesk(Desk):
    """A POST: done once for each `Idempotency-Key`.

    Attributes:
        line: method and path.
        key: the caller's key; "" when none was sent.
    """

    line: str
    key: str

    def do(
        self, said: BaseModel | None, make: Callable[[HubSession], BaseModel], status: int = 201
    ) -> Response:
        """Do it in one transaction and answer; or give the answer that was given before.

        Args:
            said: the request's body.
            make: does the deed in the session and says what to answer.
            status: of the answer.

        Raises:
            Refusal: the key was used with another request.
        """
        if not self.key:
            with self.writing() as session:
                body = make(session).model_dump_json().encode()
            return json_answer(body, status)
        text = said.model_dump_json() if said is not None else ""
        try:
            return self._claimed(text, make, status)
        except _Known as known:
            return self._replay(known, text)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is not None and refusal.kind in _REMEMBERED:
                return self._remember(text, refusal)
            raise

    def do_apart(
        self, said: BaseModel, work: Callable[[], BaseModel], status: int = 200
    ) -> Response:
        """The same for a deed that has a transaction of its own and changes nothing when done
        twice: the answer is kept after it.

        Raises:
            Refusal: the key was used with another request.
        """
        text = said.model_dump_json()
        if self.key:
            with self.reading() as session:
                row = self._find(session)
            if row is not None and row.expires_at > self.now:
                return self._replay(_Known(row), text)
        body = work().model_dump_json().encode()
        return self._keep(text, status, body) or json_answer(body, status)

    def _claimed(self, text: str, make: Callable[[HubSession], BaseModel], status: int) -> Response:
        with self.writing() as session:
            row = self._claim(session, text)
            body = make(session).model_dump_json().encode()
            row.status, row.answer = status, self._seal(body)
            session.add(row)
        return json_answer(body, status)

    def _claim(self, session: HubSession, text: str) -> IdempotencyKey:
        """The row of this key, newly made.

        Raises:
            _Known: it was there, or came at this very moment.
        """
        session.execute(
            delete(IdempotencyKey).where(
                col(IdempotencyKey.token_id) == self.caller.token_id,
                col(IdempotencyKey.expires_at) <= self.now,
            )
        )
        row = self._find(session)
        if row is not None:
            raise _Known(row)
        row = IdempotencyKey(
            token_id=self.caller.token_id,
            key_hash=self._key_hash,
            request_hash=self._request_hash(text),
            expires_at=self.now + KEPT_FOR,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError:
            raise _Known(None) from None
        return row

    def _find(self, session: HubSession) -> IdempotencyKey | None:
        return session.exec(
            select(IdempotencyKey).where(
                IdempotencyKey.token_id == self.caller.token_id,
                IdempotencyKey.key_hash == self._key_hash,
            )
        ).first()

    def _replay(self, known: "_Known", text: str) -> Response:
        row = known.row
        if row is None:
            with self.reading() as session:
                row = self._find(session)
        if row is None or row.answer is None:
            raise Refusal(
                problems.CONFLICT,
                "Another request with this Idempotency-Key is being worked on. Send it again.",
                headers={"Retry-After": "1"},
            )
        if row.request_hash != self._request_hash(text):
            raise Refusal(problems.KEY_REUSED, "Use a new key for a new request.")
        body = keys().open(row.answer, self._place)
        kind = problems.MEDIA_TYPE if row.status >= 400 else "application/json"
        return Response(body, row.status, media_type=kind, headers=REPLAYED)

    def _remember(self, text: str, refusal: Refusal) -> Response:
        """Keep a refusal as the answer to this key; an answer that came before wins."""
        return self._keep(text, refusal.kind.status, refusal.body) or refusal.response()

    def _keep(self, text: str, status: int, body: bytes) -> Response | None:
        """Keep an answer in a transaction of its own; the one that came before, if one did."""
        if not self.key:
            return None
        try:
            with self.writing() as session:
                row = self._claim(session, text)
                row.status, row.answer = status, self._seal(body)
                session.add(row)
        except _Known as known:
            return self._replay(known, text)
        return None

    def _seal(self, body: bytes) -> bytes:
        return keys().seal(body, self._place)

    @property
    def _place(self) -> bytes:
        return f"idempotency_key.answer|{self.caller.token_id}|{self._key_hash}".encode()

    @property
    def _key_hash(self) -> str:
        return keys().index(self.key, "idempotency key")

    def _request_hash(self, text: str) -> str:
        return keys().index(json.dumps([self.line, text]), "idempotency request")


class _Known(Exception):
    """This key was used before; `row` is None when that request may not have ended yet."""

    def __init__(self, row: IdempotencyKey | None) -> None:
        super().__init__("known")
        self.row = row


def _once_desk(
    request: Request,
    caller: LetIn,
    idempotency_key: Annotated[
        str,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description="Sent again with the same request within a day, it gets the same answer "
            "and nothing is done twice. With another request it is refused.",
        ),
    ] = "",
) -> OnceDesk:
    state = request.app.state
    line = f"{request.method} {request.url.path}"
    return OnceDesk(state.settings, state.records, caller, state.door.now(), line, idempotency_key)


AtOnce = Annotated[OnceDesk, Depends(_once_desk)]
"""For POST."""
