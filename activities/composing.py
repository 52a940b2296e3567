"""Finding the words for an item: from the records' facts through the message catalog."""

from typing import Final
from urllib.parse import urlsplit

from domain.agenda import AgendaItem
from domain.facts import CaseFacts, PacketFacts, PersonFacts, PlanFacts
from domain.message_steps import LINKED
from domain.referrals import ReferralFacts
from domain.vocabulary import Audience, Channel
from domain.words import Catalog, HearingWords, MessageFacts, best_language
from records.case_cards import HearingCard
from records.matters import Matter, Recipient
from records.messages import Composed
from records.tables import Hearing, HearingRevision

_OWN_MACHINE: Final = frozenset({"", "127.0.0.1", "::1", "0.0.0.0", "localhost"})  # noqa: S104


def audience_of(
    facts: CaseFacts | PlanFacts | PacketFacts | ReferralFacts, person_id: str
) -> Audience:
    """Whether a person is the defendant, answers for a provider, or is family."""
    people: tuple[PersonFacts, ...]
    if isinstance(facts, ReferralFacts):
        return Audience.DEFENDANT if facts.is_about(person_id) else Audience.PROVIDER
    if isinstance(facts, PlanFacts):
        people = ((facts.person,) if facts.person else ()) + facts.mentors
    elif isinstance(facts, PacketFacts):
        people = (facts.participant,) if facts.participant else ()
    else:
        people = facts.people
    return next((p.audience for p in people if p.id == person_id), Audience.FAMILY)


def compose(
    catalog: Catalog,
    item: AgendaItem,
    audience: Audience,
    to: Recipient,
    matter: Matter,
    site: str = "",
) -> Composed:
    """The words of one message in the recipient's language, with template and version pinned.

    `site` is the address of this site, which private pages are below.
    """
    hub = matter.hub
    language = best_language(to.language, catalog.languages, hub.default_language)
    hearing = matter.hearing
    rendered = catalog.render(
        step=item.step,
        audience=audience,
        detained=matter.detained and audience is Audience.FAMILY,
        language=language,
        channel=item.channel,
        facts=MessageFacts(
            hub_name=hub.text_name or hub.name if item.channel == Channel.SMS else hub.name,
            hub_phone=hub.phone,
            first_name=to.first_name,
            participant_first_name=matter.participant_first_name,
            hearing=_words(hearing, hearing.kind) if hearing else _meeting(matter),
            old_hearing=_words(matter.old, hearing.kind) if matter.old and hearing else None,
            step_words=matter.step.title if matter.step else "",
            care=matter.care,
            due=matter.step.due_on if matter.step else matter.due,
            link=f"{site}{matter.link}" if matter.link and names_a_page(item, site) else "",
            counsel_phone=matter.counsel_phone,
            choices=matter.choices,
            words=matter.words,
        ),
    )
    return Composed(
        text=rendered.text,
        subject=rendered.subject,
        template=rendered.template,
        version=rendered.version,
        segments=rendered.segments.segments,
        language=language,
        audience=audience,
    )


def names_a_page(item: AgendaItem, site: str) -> bool:
    """Whether a message names a page of this site: those that are nothing without it do, others
    where the address is one that a phone can reach."""
    host = urlsplit(site).hostname or ""
    return item.step in LINKED or host not in _OWN_MACHINE


def _meeting(matter: Matter) -> HearingWords | None:
    """Another date than one in court, told in the same words: a day, an hour, a place."""
    if matter.at is None:
        return None
    return HearingWords(local=matter.at, room="", address=matter.provider, kind="other")


def _words(hearing: Hearing | HearingRevision | HearingCard, kind: str) -> HearingWords:
    return HearingWords(
        local=hearing.local_time, room=hearing.room, address=hearing.place, kind=kind
    )
