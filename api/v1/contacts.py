"""How people can be reached, and what they agreed to."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.contact_shapes import ConsentOut, ContactIn, ContactOut
from api.v1.paging import Listed, PartAsked, listed
from records import circle as book
from records.attributing import adopt_replies
from records.database import HubSession
from records.listing_queries import consents_page, contacts_page, get_contact

router = guarded_router("contacts")

PersonId = Annotated[Id, Path(description="Id of a person.")]


@router.get(
    "/people/{person_id}/contacts",
    summary="How someone can be reached",
    responses=documented(problems.NOT_FOUND),
)
def list_contacts(desk: AtDesk, asked: PartAsked, person_id: PersonId) -> Listed[ContactOut]:
    """Phones and mailboxes of a person, those that may not be used too."""
    with desk.reading() as session:
        return listed(asked, contacts_page(session, person_id, asked.window), ContactOut.of)


@router.post(
    "/people/{person_id}/contacts",
    summary="Add a way to reach someone",
    status_code=201,
    response_model=ContactOut,
    responses=documented(problems.NOT_FOUND),
)
def add_contact(desk: AtOnce, person_id: PersonId, new: ContactIn) -> Response:
    """Add a phone or mailbox with the consent to use it. The same address in another spelling
    is the same; whoever had opted out there is in again."""

    def make(session: HubSession) -> ContactOut:
        contact = book.add_contact(session, person_id, new.contact(), desk.source, desk.now)
        adopt_replies(session, contact, desk.source, desk.now)
        return ContactOut.of(contact)

    return desk.do(new, make)


@router.post(
    "/contacts/{contact_id}/opt-out",
    summary="They want no more messages there",
    response_model=ContactOut,
    responses=documented(problems.NOT_FOUND),
)
def opt_out(
    desk: AtOnce, contact_id: Annotated[Id, Path(description="Id of a contact.")]
) -> Response:
    """Nothing is sent to this phone or mailbox any more; the consents for it end."""

    def make(session: HubSession) -> ContactOut:
        contact = get_contact(session, contact_id)
        if contact.opted_out_at is None:
            book.opt_out(session, contact, desk.source, desk.now)
        return ContactOut.of(contact)

    return desk.do(None, make, 200)


@router.get(
    "/people/{person_id}/consents",
    summary="What someone agreed to",
    responses=documented(problems.NOT_FOUND),
)
def list_consents(desk: AtDesk, asked: PartAsked, person_id: PersonId) -> Listed[ConsentOut]:
    """Consents of a person with their words, those that were taken back too."""
    with desk.reading() as session:
        return listed(asked, consents_page(session, person_id, asked.window), ConsentOut.of)
