"""The hub's own team: the phones and mailboxes that get messages while a hub is in trial."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, In, Line, Name, Out
from api.once import AtOnce
from api.problems import documented
from api.v1.paging import Listed, PartAsked, listed
from domain.vocabulary import Channel
from records import team as book
from records.database import HubSession
from records.listing_queries import team_page

router = guarded_router("hub")


class TeamContactOut(Out):
    """A phone or mailbox of the team."""

    id: Id
    label: str
    channel: str
    address: str


class TeamContactIn(In):
    """A phone or mailbox of the team."""

    channel: Channel
    address: Name
    label: Line = ""


@router.get("/team", summary="The team's phones and mailboxes")
def list_team_contacts(desk: AtDesk, asked: PartAsked) -> Listed[TeamContactOut]:
    """Where messages go while the hub is in trial; nowhere else."""
    with desk.reading() as session:
        return listed(asked, team_page(session, asked.window), TeamContactOut.of)


@router.post(
    "/team",
    summary="Add a phone or mailbox of the team",
    status_code=201,
    response_model=TeamContactOut,
)
def add_team_contact(desk: AtOnce, new: TeamContactIn) -> Response:
    """Name one more. The same address again, in any spelling, changes its label alone."""

    def make(session: HubSession) -> TeamContactOut:
        contact = book.add_team_contact(session, new.channel, new.address, new.label.strip())
        desk.audit(session, "named a team contact", "team_contact", contact.id)
        return TeamContactOut.of(contact)

    return desk.do(new, make)


@router.delete(
    "/team/{team_contact_id}",
    summary="Remove a phone or mailbox of the team",
    status_code=204,
    responses=documented(problems.NOT_FOUND),
)
def remove_team_contact(
    desk: AtDesk, team_contact_id: Annotated[Id, Path(description="Id of a team contact.")]
) -> None:
    """It gets nothing more while the hub is in trial."""
    with desk.writing() as session:
        book.remove_team_contact(session, team_contact_id)
        desk.audit(session, "removed a team contact", "team_contact", team_contact_id)
