"""Private calendar feeds from the records: a person's hearings, a caseload.

A feed says when and where, a first name, and whom to call. No charge is in it, and a kind of
hearing that could shame someone is called "court date", as in the messages. On the calendars of
the person and their family every hearing is: they lie open on phones that others see.
"""

from collections.abc import Mapping
from enum import Enum, auto

from sqlmodel import col, select

from activities.notices import the_notices
from domain.calendar_feed import FeedEvent, calendar_bytes
from domain.language_words import LanguageWords
from domain.message_values import MessageValues, phone_words
from domain.tracks import ENDED_STAGES
from domain.vocabulary import HearingStatus
from domain.words import Catalog, HearingWords, MessageFacts, best_language
from records.casework import get_case
from records.database import HubSession
from records.hubs import the_hub
from records.listing_queries import get_person
from records.tables import Case, Defendant, Hearing, Hub, Person, StaffMember
from records.ties import CaseTie, open_ties_of

ALARMS_MINUTES = (24 * 60, 2 * 60)
"""A day and two hours before."""


class Title(Enum):
    """What the line on a calendar says: as much as its reader needs, and no more."""

    KIND = auto()
    """What the hearing is for, and whose it is: for whoever works on it."""
    COURT_DATE = auto()
    """That there is court, and whose: for the family."""
    OWN = auto()
    """That there is court: for the person."""


_TITLES = {CaseTie.COUNSEL: Title.KIND, CaseTie.FAMILY: Title.COURT_DATE, CaseTie.OWN: Title.OWN}


def case_calendar(session: HubSession, case_id: str, catalog: Catalog) -> bytes:
    """The feed of one case: every hearing it ever had, vacated ones as cancelled.

    Raises:
        NotFound: no such case in this hub.
    """
    case = get_case(session, case_id)
    return _calendar(session, {case.id: Title.KIND}, "", catalog)


def caseload_calendar(session: HubSession, staff_id: str, catalog: Catalog) -> bytes:
    """An advocate's feed: the hearings of every open case that is theirs."""
    member = session.get(StaffMember, staff_id)
    cases = session.exec(
        select(col(Case.id)).where(
            Case.advocate_id == staff_id, col(Case.stage).not_in(ENDED_STAGES)
        )
    ).all()
    language = member.language if member is not None else ""
    return _calendar(session, dict.fromkeys(cases, Title.KIND), language, catalog)


def person_calendar(session: HubSession, person_id: str, catalog: Catalog) -> bytes:
    """A person's feed, in their language: their own hearings, those of whom they stand beside
    with the defendant's agreement, and, for counsel, those of their clients. Open cases only.

    Whoever leaves a circle sees nothing of it any more, not even as cancelled: that would read as
    a hearing that was called off.

    Raises:
        NotFound: no such person in this hub.
    """
    person = get_person(session, person_id)
    titles = {case_id: _TITLES[tie] for case_id, tie in open_ties_of(session, person.id).items()}
    return _calendar(session, titles, person.language, catalog)


def one_date(
    session: HubSession, hearing: Hearing, first_name: str, language: str, catalog: Catalog
) -> bytes:
    """One hearing for a calendar app, in a language of the catalog.

    Args:
        session: of the hub.
        hearing: at its present revision.
        first_name: of the person whose hearing it is; "" on their own calendar.
        language: to say it in.
        catalog: the words.
    """
    hub, words, notices = the_hub(session), catalog.everything[language], the_notices()
    title = Title.COURT_DATE if first_name else Title.OWN
    name = notices.say(notices.language(language), "calendar.title", hub=hub.name)
    return calendar_bytes([feed_event(hearing, first_name, words, hub, title)], name=name)


def _calendar(
    session: HubSession, titles: Mapping[str, Title], language: str, catalog: Catalog
) -> bytes:
    """The hearings of some cases, each under the title its reader is to see."""
    hub = the_hub(session)
    language = best_language(language, catalog.languages, hub.default_language)
    words = catalog.everything[language]
    rows = session.exec(
        select(Hearing, col(Person.first_name))
        .join(Case, col(Case.id) == Hearing.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .join(Person, col(Person.id) == Defendant.person_id)
        .where(col(Hearing.case_id).in_(titles))
    ).all()
    events = [
        feed_event(hearing, first_name, words, hub, titles[hearing.case_id])
        for hearing, first_name in rows
    ]
    notices = the_notices()
    name = notices.say(notices.language(language), "calendar.title", hub=hub.name)
    return calendar_bytes(events, name=name)


def feed_event(
    hearing: Hearing, first_name: str, words: LanguageWords, hub: Hub, title: Title = Title.KIND
) -> FeedEvent:
    """One hearing as calendar apps show it, in a feed as in an invitation.

    Args:
        hearing: at its present revision.
        first_name: of the person whose hearing it is.
        words: of the language to say it in.
        hub: whom to call.
        title: how much its line tells.
    """
    told = HearingWords(hearing.local_time, hearing.room, hearing.place, hearing.kind)
    facts = MessageFacts(hub.name, hub.phone, "", first_name, hearing=told)
    known = hearing.room or hearing.place
    return FeedEvent(
        uid=f"hearing-{hearing.id}",
        sequence=hearing.revision,
        local=hearing.local_time,
        zone=hearing.zone,
        duration_minutes=hearing.minutes,
        summary=_summary(hearing.kind, first_name, words, title),
        location=_capital(MessageValues(words, "enrolled", facts).place(told)) if known else "",
        description=f"{hub.name}, {phone_words(hub.phone)}" if hub.phone else hub.name,
        cancelled=hearing.status == HearingStatus.VACATED,
        last_modified=hearing.announced_at,
        created=min(hearing.created_at, hearing.announced_at),
        alarms_minutes=ALARMS_MINUTES,
    )


def _summary(kind: str, first_name: str, words: LanguageWords, title: Title) -> str:
    kind = kind if title is Title.KIND else "other"
    said = _capital(words.kinds.get(kind, words.kinds["other"]))
    return said if title is Title.OWN or not first_name else f"{said}: {first_name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
