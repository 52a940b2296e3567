"""The words of a digest: what one agency may know of the coming days, and what that tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.agenda import AgendaItem
from domain.court_time import wall_time
from domain.digests import DIGEST, AgencyFacts, digest_numbered, digest_on, next_digest_at
from domain.vocabulary import Audience, Channel
from domain.words import Catalog, ListedDate, MessageFacts, best_language
from records.agency_facts import DigestLine, digest_lines, load_agency
from records.casework import NotFound
from records.database import HubSession
from records.hubs import the_hub
from records.matters import Recipient, recipient_of
from records.messages import Composed
from records.tables import Agency, Hub, Person


@dataclass(frozen=True, slots=True)
class DigestDraft:
    """A digest about to leave: to whom, which dates, in which words."""

    agency_id: str
    due: datetime
    to: Recipient
    lines: tuple[DigestLine, ...]
    words: Composed


@dataclass(frozen=True, slots=True)
class DigestPreview:
    """What a digest would say now.

    Attributes:
        leaves_at: when the next one leaves (UTC); None while there is nothing to tell.
        channel: by which it would go.
        words: None while there is nothing to tell.
    """

    leaves_at: datetime | None
    channel: Channel
    lines: tuple[DigestLine, ...]
    words: Composed | None


def draft_digest(
    session: HubSession, catalog: Catalog, facts: AgencyFacts, item: AgendaItem, now: datetime
) -> DigestDraft | None:
    """The digest of an agenda item, written at `now` (UTC); None when the records changed.

    Raises:
        WordsError: the words cannot be filled.
    """
    digest = digest_numbered(item.revision, facts.at, facts.policy.zone)
    lines = digest_lines(session, facts.id, max(now, digest.due), digest.horizon)
    to = recipient_of(session, item.person_id, item.channel, item.contact_id)
    if to is None or not lines:
        return None
    words = write_digest(catalog, the_hub(session), to.first_name, to.language, item.channel, lines)
    return DigestDraft(facts.id, digest.due, to, lines, words)


def preview_digest(
    session: HubSession, catalog: Catalog, agency_id: str, now: datetime
) -> DigestPreview:
    """What an agency would be told if its digest left at `now` (UTC); nothing is written.

    Raises:
        NotFound: no such agency.
        WordsError: the words cannot be filled.
    """
    facts = load_agency(session, agency_id)
    if facts is None:
        raise NotFound("agency")
    today = wall_time(now, facts.policy.zone).date()
    horizon = digest_on(today, facts.at, facts.policy.zone).horizon
    lines = () if facts.ended else digest_lines(session, agency_id, now, horizon)
    contacts = facts.person.contacts
    channel = contacts[0].channel if contacts else Channel.SMS
    reader = session.get_one(Person, session.get_one(Agency, agency_id).person_id)
    hub = the_hub(session)
    words = (
        write_digest(catalog, hub, reader.first_name, reader.language, channel, lines)
        if lines
        else None
    )
    return DigestPreview(next_digest_at(facts, now), channel, lines, words)


def write_digest(
    catalog: Catalog,
    hub: Hub,
    first_name: str,
    language: str,
    channel: str,
    lines: Sequence[DigestLine],
) -> Composed:
    """The words of a digest in its reader's language, with template and version pinned.

    Args:
        catalog: the words.
        hub: the sender.
        first_name, language: the reader's.
        channel: how it travels.
        lines: what it tells, the soonest first.

    Raises:
        WordsError: the words cannot be filled.
    """
    language = best_language(language, catalog.languages, hub.default_language)
    rendered = catalog.render(
        step=DIGEST,
        audience=Audience.AGENCY,
        detained=False,
        language=language,
        channel=channel,
        facts=MessageFacts(
            hub_name=hub.name if channel == Channel.EMAIL else hub.text_name or hub.name,
            hub_phone=hub.phone,
            first_name=first_name,
            participant_first_name="",
            listed=tuple(_listed(line) for line in lines),
        ),
    )
    return Composed(
        text=rendered.text,
        subject=rendered.subject,
        template=rendered.template,
        version=rendered.version,
        segments=rendered.segments.segments,
        language=language,
        audience=Audience.AGENCY,
    )


def _listed(line: DigestLine) -> ListedDate:
    return ListedDate(line.first_name, line.local, line.room, line.place)
