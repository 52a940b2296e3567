"""To whom an item goes, in which words and in whose name: nothing is claimed or sent here."""

from dataclasses import dataclass, replace
from datetime import datetime

from temporalio.exceptions import ApplicationError

from activities.agendas import Doing, Facts, Telling, load_facts
from activities.composing import audience_of, compose, names_a_page
from activities.consent_matters import consent_matter
from activities.digesting import DigestDraft, draft_digest
from activities.family_matters import new_link_matter, with_counsel, with_page
from activities.packet_matters import packet_matter
from activities.referral_matters import referral_matter
from activities.report_matters import report_matter
from activities.step_matters import step_matter
from domain.agenda import AgendaItem, Subject
from domain.digests import AgencyFacts
from domain.facts import CaseFacts, MessageFact, PacketFacts, PlanFacts
from domain.ledger import Ledger
from domain.mailing import ASKS_CONSENT, ASKS_PAGE
from domain.referrals import ReferralFacts
from domain.report_waiting import ASKS_COUNSEL
from domain.vocabulary import MessageState
from domain.words import Catalog
from records.case_cards import HubCard
from records.case_facts import CaseSheet, load_sheet
from records.database import HubSession
from records.hubs import the_hub
from records.matters import (
    Matter,
    Recipient,
    matter_of,
    matter_on,
    recipient_at,
    recipient_of,
    recipient_on,
)
from records.messages import Composed
from records.tables import Hub, Message


@dataclass(frozen=True, slots=True)
class Draft:
    """One item with its recipient, its words and its sender."""

    item: AgendaItem
    to: Recipient
    words: Composed
    hub: Hub | HubCard
    digest: DigestDraft | None = None


def load_telling(
    session: HubSession, doing: Doing, now: datetime
) -> tuple[CaseSheet | None, Facts | None]:
    """The facts behind an item, and for a case everything that its messages would say."""
    if doing.subject.kind is Subject.CASE:
        sheet = load_sheet(session, doing.subject.id)
        return sheet, sheet.facts if sheet else None
    return None, load_facts(session, doing.subject, now)


def draft_item(
    session: HubSession,
    catalog: Catalog,
    doing: Doing,
    item: AgendaItem,
    sheet: CaseSheet | None,
    facts: Telling,
    now: datetime,
    *,
    site: str = "",
) -> Draft:
    """Write one message, as the records stand at `now` (UTC). `site` is this site's address.

    Raises:
        ApplicationError: the records changed under it; it is planned again.
        WordsError: the words cannot be filled.
    """
    if isinstance(facts, AgencyFacts):
        digest = draft_digest(session, catalog, facts, item, now)
        if digest is None:
            raise _changed()
        return Draft(item, digest.to, digest.words, the_hub(session), digest)
    to, matter = _about(session, doing, item, sheet, facts, now)
    if to is None or matter is None:
        raise _changed()
    if sheet is not None and names_a_page(item, site):
        matter = with_page(session, sheet, item, matter, now)
    if sheet is not None:
        matter = with_counsel(session, sheet, item, matter)
    words = compose(catalog, item, audience_of(facts, item.person_id), to, matter, site)
    return Draft(item, to, words, matter.hub)


def _about(
    session: HubSession,
    doing: Doing,
    item: AgendaItem,
    sheet: CaseSheet | None,
    facts: CaseFacts | PlanFacts | PacketFacts | ReferralFacts,
    now: datetime,
) -> tuple[Recipient | None, Matter | None]:
    if isinstance(facts, PacketFacts):
        to = recipient_of(session, item.person_id, item.channel, item.contact_id)
        return to, packet_matter(session, facts, item, now)
    if isinstance(facts, ReferralFacts):
        to = recipient_of(session, item.person_id, item.channel, item.contact_id)
        return to, referral_matter(session, item, now)
    told = Ledger(facts.messages, frozenset()).told_revision(item.person_id, item.subject_id)
    if item.step == ASKS_COUNSEL:
        to = recipient_of(session, item.person_id, item.channel, item.contact_id)
        return to, report_matter(session, item, now)
    if isinstance(facts, PlanFacts):
        to = recipient_of(session, item.person_id, item.channel, item.contact_id)
        return to, step_matter(session, doing.subject, facts, item, now)
    if sheet is None:
        to = recipient_of(session, item.person_id, item.channel, item.contact_id)
        return to, matter_of(session, doing.subject, item, told)
    if item.subject_id in sheet.answers:
        to = recipient_at(session, item.person_id, item.contact_id)
        if item.step == ASKS_CONSENT:
            return to, consent_matter(session, sheet, item, now)
        if item.step == ASKS_PAGE:
            return to, new_link_matter(session, sheet, item, now)
    else:
        to = recipient_on(sheet, item)
    return to, matter_on(session, sheet, item, told)


def _changed() -> ApplicationError:
    return ApplicationError("The records changed under this message.", type="Changed")


def with_message(facts: Telling, message: Message) -> Facts:
    """The same facts, knowing what became of this message."""
    fact = MessageFact(
        message.claim,
        message.person_id,
        message.subject_id,
        message.subject_revision,
        message.step,
        message.channel,
        MessageState(message.state),
        message.claimed_at,
        message.contact_id or "",
        message.settled_at,
        message.temporary,
    )
    others = tuple(m for m in facts.messages if m.key != message.claim)
    return replace(facts, messages=(*others, fact))
