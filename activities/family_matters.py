"""The family page in messages: whose it is, and in which of them its address stands."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.agenda import AgendaItem
from domain.message_choice import template_of
from domain.message_steps import SPOKEN
from domain.vocabulary import Channel
from records.case_facts import CaseSheet
from records.counsel import counsel_phone
from records.database import HubSession
from records.family_links import family_path
from records.matters import Matter
from records.tables import Case

_WAY_BACK: Final = "post_miss"
_WRITTEN: Final = (Channel.SMS, Channel.EMAIL)


def with_page(
    session: HubSession, sheet: CaseSheet, item: AgendaItem, matter: Matter, now: datetime
) -> Matter:
    """The same matter with the recipient's own page of the case, where the message may lead there:
    what is written to the participant and to family about dates.

    The private link is made here where there is none, in the transaction that claims the message.
    """
    if matter.link or item.channel not in _WRITTEN or template_of(item.step) not in SPOKEN:
        return matter
    return replace(matter, link=family_path(session, item.person_id, sheet.facts.id, now))


def with_counsel(session: HubSession, sheet: CaseSheet, item: AgendaItem, matter: Matter) -> Matter:
    """The same matter with counsel's phone, where the way back to court is explained."""
    if template_of(item.step) != _WAY_BACK:
        return matter
    case = session.get_one(Case, sheet.facts.id)
    return replace(matter, counsel_phone=counsel_phone(session, case))


def new_link_matter(
    session: HubSession, sheet: CaseSheet, item: AgendaItem, now: datetime
) -> Matter:
    """What the message says that brings a new link: the link, and nothing of the case."""
    path = family_path(session, item.person_id, sheet.facts.id, now)
    return Matter(sheet.hub, sheet.participant.first_name, detained=False, link=path)
