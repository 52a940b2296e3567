"""Consents to share: asked for, signed, taken back. Each element that is missing is named."""

from typing import Annotated

from fastapi import Path
from sqlmodel import select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id
from api.once import AtOnce
from api.problems import documented
from api.v1.contacts import PersonId
from api.v1.letter_shapes import LinkOut
from api.v1.paging import Listed, PartAsked, listed
from api.v1.sharing_shapes import RevokeIn, SendIn, SharingIn, SharingOut, SignatureIn, sharing_out
from engine.addresses import public_url
from records import consents as book
from records.consent_drafts import completed, consent_link
from records.consent_sending import send_consent_link
from records.database import HubSession
from records.listing_queries import get_person, page_of
from records.private_links import path_of
from records.tables import ConsentTerms

router = guarded_router("consents")

ConsentId = Annotated[Id, Path(description="Id of a consent to share.")]


@router.get(
    "/people/{person_id}/sharing",
    summary="What someone lets others know",
    responses=documented(problems.NOT_FOUND),
)
def list_sharing(desk: AtDesk, asked: PartAsked, person_id: PersonId) -> Listed[SharingOut]:
    """Consents to share of a person: asked for, signed, and ended."""
    with desk.reading() as session:
        person = get_person(session, person_id)
        statement = select(ConsentTerms).where(ConsentTerms.person_id == person.id)
        page = page_of(session, statement, ConsentTerms.id, asked.window)
        return listed(asked, page, lambda row: sharing_out(session, row, desk))


@router.post(
    "/people/{person_id}/sharing",
    summary="Record a consent, or ask for one",
    status_code=201,
    response_model=SharingOut,
    responses=documented(problems.NOT_FOUND),
)
def add_sharing(desk: AtOnce, person_id: PersonId, new: SharingIn) -> Response:
    """With a signature the consent holds at once; without one it waits to be signed, here or by
    the person's private link, and covers nothing."""

    def make(session: HubSession) -> SharingOut:
        terms = completed(session, person_id, new.terms(), ours=new.ours)
        if new.signature is None:
            row = book.ask_consent(
                session, person_id, terms, desk.source, desk.now, case_id=new.case_id
            )
        else:
            signature = new.signature.signature()
            consent = book.record_consent(
                session, person_id, terms, signature, desk.source, desk.now, case_id=new.case_id
            )
            row = book.get_terms(session, consent.id)
        return sharing_out(session, row, desk)

    return desk.do(new, make)


@router.get(
    "/sharing/{consent_id}", summary="One consent", responses=documented(problems.NOT_FOUND)
)
def read_sharing(desk: AtDesk, consent_id: ConsentId) -> SharingOut:
    """A consent with all its elements, and whether it holds now."""
    with desk.reading() as session:
        return sharing_out(session, book.get_terms(session, consent_id), desk)


@router.post(
    "/sharing/{consent_id}/signature",
    summary="Sign a consent that was asked for",
    response_model=SharingOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def sign_sharing(desk: AtOnce, consent_id: ConsentId, given: SignatureIn) -> Response:
    """It was signed, on paper or by word of mouth; from now on it holds."""

    def make(session: HubSession) -> SharingOut:
        book.sign_consent(session, consent_id, given.signature(), desk.source, desk.now)
        return sharing_out(session, book.get_terms(session, consent_id), desk)

    return desk.do(given, make, 200)


@router.post(
    "/sharing/{consent_id}/revoke",
    summary="Take a consent back",
    response_model=SharingOut,
    responses=documented(problems.NOT_FOUND),
)
def revoke_sharing(desk: AtOnce, consent_id: ConsentId, why: RevokeIn) -> Response:
    """From this moment on nothing is shared under it. What holds what it covered already is
    pointed out to the advocate."""

    def make(session: HubSession) -> SharingOut:
        row = book.revoke_consent(
            session, consent_id, desk.source, desk.now, how=why.how, words=why.words
        )
        return sharing_out(session, row, desk)

    return desk.do(why, make, 200)


@router.post(
    "/sharing/{consent_id}/event",
    summary="The event that ends a consent happened",
    response_model=SharingOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def end_sharing(desk: AtOnce, consent_id: ConsentId) -> Response:
    """The event or condition that the consent names has come; nothing is shared under it now."""

    def make(session: HubSession) -> SharingOut:
        row = book.note_event(session, consent_id, desk.source, desk.now)
        return sharing_out(session, row, desk)

    return desk.do(None, make, 200)


@router.post(
    "/sharing/{consent_id}/send",
    summary="Send the link to a consent",
    response_model=SharingOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW, problems.CANNOT_ANSWER),
)
def send_sharing_link(desk: AtOnce, consent_id: ConsentId, to: SendIn) -> Response:
    """Send the person's private link to a phone or mailbox of their own, by text or e-mail. The
    message says that a page waits, and nothing about what is asked. While one is on its way there,
    a second call changes nothing."""

    def make(session: HubSession) -> SharingOut:
        row = book.get_terms(session, consent_id)
        send_consent_link(session, row, to.contact_id, desk.source, desk.now)
        return sharing_out(session, row, desk)

    return desk.do(to, make, 200)


@router.post(
    "/sharing/{consent_id}/link",
    summary="The person's private link to a consent",
    response_model=LinkOut,
    responses=documented(problems.NOT_FOUND, problems.NOT_NOW),
)
def show_sharing_link(desk: AtOnce, consent_id: ConsentId) -> Response:
    """The link by which the person reads, signs and takes back. That it was shown is written into
    the audit."""

    def make(session: HubSession) -> LinkOut:
        row = book.get_terms(session, consent_id)
        link = consent_link(session, row, desk.now)
        desk.audit(session, "showed a private link", "consent", row.id)
        return LinkOut(url=public_url(desk.settings) + path_of(link))

    return desk.do(None, make, 200)
