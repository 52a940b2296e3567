"""The hub's own team: the only phones and mailboxes that get anything while a hub is in trial."""

from sqlmodel import col, select

from records.addresses import address_index, normalise
from records.casework import NotFound
from records.database import HubSession
from records.tables import TeamContact


def add_team_contact(session: HubSession, channel: str, address: str, label: str) -> TeamContact:
    """Name a phone or mailbox of the team; naming it again changes its label.

    Raises:
        BadAddress: it cannot be right.
    """
    plain = normalise(channel, address)
    known = _at(session, channel, plain)
    contact = known or TeamContact(
        channel=channel, address=plain, address_index=address_index(plain)
    )
    contact.label = label
    session.add(contact)
    session.flush()
    return contact


def remove_team_contact(session: HubSession, contact_id: str) -> None:
    """It is not the team's any more.

    Raises:
        NotFound: no such contact of the team.
    """
    contact = session.get(TeamContact, contact_id)
    if contact is None:
        raise NotFound("team contact")
    session.delete(contact)


def team_contacts(session: HubSession) -> list[TeamContact]:
    """All phones and mailboxes of the team, in the order in which they were named."""
    return list(session.exec(select(TeamContact).order_by(col(TeamContact.id))).all())


def in_team(session: HubSession, channel: str, address: str) -> bool:
    """Whether a normalised address is one of the team's own."""
    return _at(session, channel, address) is not None


def _at(session: HubSession, channel: str, address: str) -> TeamContact | None:
    return session.exec(
        select(TeamContact).where(
            TeamContact.channel == channel, TeamContact.address_index == address_index(address)
        )
    ).first()
