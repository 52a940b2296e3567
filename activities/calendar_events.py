"""Private calendar feeds from the records: a family's hearings, an advocate's caseload.

A feed says when and where, a first name, and whom to call. No charge is in it, and a kind of
hearing that could shame someone is called "court date", as in the messages.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from domain.calendar_feed import FeedEvent, calendar_bytes
from domain.language_words import LanguageWords
from domain.message_values import MessageValues
from domain.tracks import ENDED_STAGES
from domain.vocabulary import HearingStatus
from domain.words import Catalog, HearingWords, MessageFacts, best_language
from records.casework import get_case
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Case, Defendant, Hearing, Hub, Person

ALARMS_MINUTES = (24 * 60, 2 * 60)
"""A day and two hours before."""


def case_calendar(session: HubSession, case_id: str, catalog: Catalog) -> bytes:
    """The family's feed of one case: every hearing it ever had, vacated ones as cancelled.

    Raises:
        NotFound: no such case in this hub.
    """
    case = get_case(session, case_id)
    return _calendar(session, [case.id], catalog)


def caseload_calendar(session: HubSession, staff_id: str, catalog: Catalog) -> bytes:
    """An advocate's feed: the hearings of every open case that is theirs."""
    cases = session.exec(
        select(col(Case.id)).where(
            Case.advocate_id == staff_id, col(Case.stage).not_in(ENDED_STAGES)
        )
    ).all()
    return _calendar(session, cases, catalog)


def _calendar(session: HubSession, case_ids: Sequence[str], catalog: Catalog) -> bytes:
    hub = the_hub(session)
    language = best_language(hub.default_language, catalog.languages, "en")
    words = catalog.everything[language]
    rows = session.exec(
        select(Hearing, col(Person.first_name))
        .join(Case, col(Case.id) == Hearing.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Hearing.case_id).in_(case_ids))
    ).all()
    events = [feed_event(hearing, first_name, words, hub) for hearing, first_name in rows]
    return calendar_bytes(events, name=f"Court dates, {hub.name}")


def feed_event(hearing: Hearing, first_name: str, words: LanguageWords, hub: Hub) -> FeedEvent:
    """One hearing as calendar apps show it.

    Args:
        hearing: at its present revision.
        first_name: of the person whose hearing it is.
        words: of the language to say it in.
        hub: whom to call.
    """
    kind = words.kinds.get(hearing.kind, words.kinds["other"])
    told = HearingWords(hearing.local_time, hearing.room, hearing.place, hearing.kind)
    facts = MessageFacts(hub.name, hub.phone, "", first_name, hearing=told)
    known = hearing.room or hearing.place
    return FeedEvent(
        uid=f"hearing-{hearing.id}",
        sequence=hearing.revision,
        local=hearing.local_time,
        zone=hearing.zone,
        duration_minutes=hearing.minutes,
        summary=f"{_capital(kind)}: {first_name}",
        location=_capital(MessageValues(words, "enrolled", facts).place(told)) if known else "",
        description=f"{hub.name}, {hub.phone}" if hub.phone else hub.name,
        cancelled=hearing.status == HearingStatus.VACATED,
        last_modified=hearing.announced_at,
        created=min(hearing.created_at, hearing.announced_at),
        alarms_minutes=ALARMS_MINUTES,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
