"""Tokens for programs: made by a hub admin, shown once, revoked."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Instant, Name, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from domain.vocabulary import Role
from records import access
from records.database import HubSession
from records.listing_queries import tokens_page

router = guarded_router("tokens")


class TokenOut(Out):
    """A token, without its secret."""

    id: Id
    name: str
    role: str
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None


class NewToken(TokenOut):
    """A token with its secret, told this once."""

    secret: str = Field(description="Shown only here. Send it as `Authorization: Bearer …`.")


class TokenIn(In):
    """A token to make."""

    name: Name = Field(description="What uses it. No person's name.")
    role: Role
    days: Annotated[int, Field(ge=1, le=3660, strict=True)] | None = Field(
        None, description="For how many days it is valid; null for no end."
    )


@router.get("/tokens", summary="Tokens")
def list_tokens(desk: AtDesk, asked: PartAsked) -> Listed[TokenOut]:
    """The hub's tokens for programs, ended ones too. Secrets are not kept, so none is shown."""
    with desk.reading() as session:
        return listed(asked, tokens_page(session, asked.window), TokenOut.of)


@router.post("/tokens", summary="Make a token", status_code=201, response_model=NewToken)
def make_token(desk: AtOnce, new: TokenIn) -> Response:
    """Make a token for a program, for one role in this hub."""

    def make(session: HubSession) -> NewToken:
        ends = desk.now + timedelta(days=new.days) if new.days else None
        row, secret = access.make_token(session, new.name, new.role, ends)
        desk.audit(session, "made a token", "api_token", row.id)
        return NewToken(**dict(TokenOut.of(row)), secret=secret)

    return desk.do(new, make)


@router.delete(
    "/tokens/{token_id}",
    summary="Revoke a token",
    status_code=204,
    responses=documented(problems.NOT_FOUND),
)
def revoke_token(desk: AtDesk, token_id: Annotated[Id, Path(description="Id of a token.")]) -> None:
    """The token is refused from now on."""
    with desk.writing() as session:
        access.revoke_token(session, token_id, desk.now)
        desk.audit(session, "revoked a token", "api_token", token_id)
