"""What a hub's own consent form says by itself, and the link by which somebody signs it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.consents import (
    OUR_STATEMENTS,
    Recipient,
    RecipientKind,
    SharePurpose,
    Terms,
)
from domain.message_values import phone_words
from domain.vocabulary import LinkPurpose
from records.agencies import get_agency
from records.casework import NotFound
from records.consents import AlreadySigned
from records.database import HubSession
from records.hubs import the_hub
from records.private_links import LinkFor, make_link
from records.tables import ConsentTerms, Hub, Person, PrivateLink, Provider

LINK_LASTS: Final = timedelta(days=400)
"""How long a link may be used after it was last shown: it is the way to take the consent back,
too."""
CLASSES: Final = {
    RecipientKind.COURT: "My lawyer, and the court through my lawyer",
    RecipientKind.CARE_TEAM: "My treating providers, health plans, third-party payers, and people "
    "helping to operate this program",
}
"""Recipients that are named by what they are (42 CFR 2.31(a)(4)(i))."""
PURPOSES: Final = {
    SharePurpose.COURT: "For my own case in court",
    SharePurpose.CARE: "For treatment, payment, and health care operations",
    SharePurpose.SUPPORT: "To help me with my plan and with getting to court",
    SharePurpose.AT_REQUEST: "At my request",
}
"""What it is shared for, where no other words are given (42 CFR 2.31(a)(5))."""


def completed(session: HubSession, person_id: str, terms: Terms, *, ours: bool) -> Terms:
    """Terms with what the records know filled in: names of the person and of the recipient, and,
    on the hub's own form, who shares, how to take it back, and the required statements.

    Args:
        session: of the hub.
        person_id: whose information it is.
        terms: what was said.
        ours: it is the hub's own form; another one says these things itself.

    Raises:
        NotFound: no such person, agency or provider.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    hub = the_hub(session)
    full = f"{person.first_name} {person.last_name}".strip()
    words = PURPOSES[terms.purpose] if terms.purpose else ""
    terms = replace(
        terms,
        person=terms.person or full,
        recipient=named(session, terms.recipient) if terms.recipient else None,
        purpose_words=terms.purpose_words or words,
    )
    if not ours:
        return terms
    return replace(
        terms,
        discloser=terms.discloser or hub.name,
        revoke_how=terms.revoke_how or revoke_words(hub),
        statements=terms.statements | OUR_STATEMENTS,
    )


def revoke_words(hub: Hub) -> str:
    """How a consent on the hub's own form is taken back."""
    at = f", or call {phone_words(hub.phone)}" if hub.phone else ""
    return f"Tell {hub.name} in any way, spoken or written{at}."


def named(session: HubSession, to: Recipient) -> Recipient:
    """A recipient with its name in the records, or the name of its class.

    Raises:
        NotFound: no such agency or provider in this hub.
    """
    if to.kind is RecipientKind.AGENCY and to.id:
        return replace(to, name=get_agency(session, to.id).name)
    if to.kind is RecipientKind.PROVIDER and to.id:
        provider = session.get(Provider, to.id)
        if provider is None:
            raise NotFound("provider")
        return replace(to, name=provider.name)
    return replace(to, name=to.name.strip() or CLASSES.get(to.kind, ""))


def consent_link(session: HubSession, row: ConsentTerms, now: datetime) -> PrivateLink:
    """The person's own page of one consent: they read it, sign it, and take it back there.

    Raises:
        AlreadySigned: it was withdrawn before it was signed; there is nothing to sign.
    """
    if row.cancelled_at is not None:
        raise AlreadySigned
    wanted = LinkFor(LinkPurpose.CONSENT, person_id=row.person_id, consent_id=row.id)
    return make_link(session, wanted, now + LINK_LASTS)
