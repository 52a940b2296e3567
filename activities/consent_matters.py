"""What the message of a consent says: that a private page waits, and not what is asked."""

from datetime import datetime

from domain.agenda import AgendaItem
from records.case_facts import CaseSheet
from records.consent_drafts import consent_link
from records.consents import AlreadySigned, get_terms
from records.database import HubSession
from records.matters import Matter
from records.private_links import path_of


def consent_matter(
    session: HubSession, sheet: CaseSheet, item: AgendaItem, now: datetime
) -> Matter | None:
    """What the message of one consent says; None once it is not wanted any more.

    The private link is made here where there is none, in the transaction that claims the message.
    """
    row = get_terms(session, sheet.answers[item.subject_id].consent_id)
    try:
        link = consent_link(session, row, now)
    except AlreadySigned:
        return None
    return Matter(sheet.hub, sheet.participant.first_name, detained=False, link=path_of(link))
