"""What the pages of shelters and agencies show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from activities.digesting import DigestPreview, preview_digest
from api.pages import dates, wording
from api.pages.own_words import Words, marked, own
from api.pages.people import Named, Way, named, participants, ways_of
from api.pages.problems import PageProblem
from api.pages.session import Visit
from domain.digests import next_digest_at
from domain.tracks import ENDED_STAGES, Custody
from domain.vocabulary import ShareScope
from domain.words import WordsError
from records.agencies import AgencyEnded, agencies_of, running_agency
from records.agency_facts import load_agency
from records.agency_shares import shares_of
from records.database import HubSession
from records.tables import Agency, AgencyShare, Case, Consent, Person

WEEKDAYS = tuple(
    map(Words, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
)
SCOPES = marked(
    {
        ShareScope.PLACE: "Day, time and place",
        ShareScope.DATE: "Day and time only",
    }
)
WAYS_TO_AGREE = ("in person", "by phone", "on paper", "by text")


class HasEnded(PageProblem):
    """The agency gets no digest any more."""

    status = 409
    title = "This agency has ended"
    text = "Nothing was changed. Add it anew if it is to get digests again."
    link = ("/agencies", "Go to the agencies")


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency of the list."""

    id: str
    name: str
    kind: str
    reader: str
    leaves: str
    shared: int
    next_at: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One person whose dates are shared.

    Attributes:
        silent: why the agency is told nothing of them now; "" when it is.
    """

    id: str
    case_id: str
    who: str
    scope: str
    agreed: str
    until: str
    silent: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The digest as its reader would see it now.

    Attributes:
        problem: why it cannot be written yet.
    """

    channel: str
    language: str
    lang: str
    subject: str
    text: str
    segments: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AgencyView:
    """One agency, whole."""

    id: str
    name: str
    kind: str
    reader: Named
    language: str
    leaves: str
    ways: tuple[Way, ...]
    shares: tuple[ShareLine, ...]
    next_at: str
    preview: Preview | None
    ended: bool


def still_running(session: HubSession, agency_id: str) -> Agency:
    """The agency, which gets digests.

    Raises:
        NotFound: not in this hub.
        HasEnded: it gets none any more.
    """
    try:
        return running_agency(session, agency_id)
    except AgencyEnded:
        raise HasEnded from None


def agency_lines(session: HubSession, visit: Visit) -> list[AgencyLine]:
    """The agencies that get a digest, in the order in which they came."""
    agencies = agencies_of(session)
    readers = named(session, [agency.person_id for agency in agencies])
    return [
        AgencyLine(
            id=agency.id,
            name=agency.name,
            kind=agency.kind,
            reader=readers[agency.person_id].full,
            leaves=leaves_words(agency.weekday, agency.at),
            shared=len(shares_of(session, agency.id)),
            next_at=_next_at(session, visit, agency),
        )
        for agency in agencies
    ]


def agency_view(session: HubSession, visit: Visit, agency: Agency) -> AgencyView:
    """One agency with what it may know, and what its digest would say now."""
    person = session.get_one(Person, agency.person_id)
    return AgencyView(
        id=agency.id,
        name=agency.name,
        kind=agency.kind,
        reader=Named(person.id, person.first_name, person.last_name),
        language=wording.language(person.language),
        leaves=leaves_words(agency.weekday, agency.at),
        ways=ways_of(session, [person.id]).get(person.id, ()),
        shares=tuple(_share_lines(session, visit, shares_of(session, agency.id))),
        next_at=_next_at(session, visit, agency),
        preview=_preview(session, visit, agency),
        ended=agency.ended_at is not None,
    )


@own
def leaves_words(weekday: int, at: time) -> str:
    """ "Mondays at 9:00"."""
    return f"{WEEKDAYS[weekday]}s at {dates.clock_words(at)}"


def _next_at(session: HubSession, visit: Visit, agency: Agency) -> str:
    facts = load_agency(session, agency.id)
    leaves = next_digest_at(facts, visit.now) if facts is not None else None
    return dates.moment_words(leaves, visit.hub.zone) if leaves is not None else ""


def _preview(session: HubSession, visit: Visit, agency: Agency) -> Preview | None:
    """The words; None while there is nothing to tell."""
    try:
        shown = preview_digest(session, visit.desk.catalog, agency.id, visit.now)
    except WordsError as error:
        return Preview("", "", "en", "", "", 0, f"The words cannot be written yet. {error}")
    return _shown(shown)


def _shown(shown: DigestPreview) -> Preview | None:
    words = shown.words
    if words is None:
        return None
    return Preview(
        channel=wording.channel(shown.channel),
        language=wording.language(words.language),
        lang=words.language,
        subject=words.subject,
        text=words.text,
        segments=words.segments,
    )


def _share_lines(
    session: HubSession, visit: Visit, shares: Sequence[AgencyShare]
) -> list[ShareLine]:
    people = participants(session, [share.case_id for share in shares])
    rows = session.exec(
        select(AgencyShare, Case, Consent)
        .join(Case, col(Case.id) == AgencyShare.case_id)
        .join(Consent, col(Consent.id) == AgencyShare.consent_id, isouter=True)
        .where(col(AgencyShare.id).in_([share.id for share in shares]))
        .order_by(col(AgencyShare.id))
    ).all()
    return [
        _share_line(share, people[share.case_id], case, consent, visit)
        for share, case, consent in rows
    ]


def _share_line(
    share: AgencyShare, who: Named, case: Case, consent: Consent | None, visit: Visit
) -> ShareLine:
    zone = visit.hub.zone
    until = consent.expires_at if consent else None
    return ShareLine(
        id=share.id,
        case_id=share.case_id,
        who=who.full,
        scope=SCOPES[ShareScope(share.what)],
        agreed=_agreed(consent, zone) if consent else "",
        until=_last_day(until, zone) if until else "",
        silent=_silent(case, consent, visit.now),
    )


def _last_day(until: datetime, zone: str) -> str:
    """The last day on which something holds that ends at an instant (UTC)."""
    return dates.day_words(dates.today_in(zone, until - timedelta(microseconds=1)))


def _agreed(consent: Consent, zone: str) -> str:
    return Words(f"{dates.day_words(dates.today_in(zone, consent.given_at))}, {consent.how}")


def _silent(case: Case, consent: Consent | None, now: datetime) -> str:
    if consent is None or consent.withdrawn_at is not None:
        return "no consent"
    if consent.expires_at is not None and consent.expires_at <= now:
        return "the consent has run out"
    if case.stage in ENDED_STAGES:
        return "the case is closed"
    return Words("in custody: not told") if case.custody == Custody.DETAINED else ""
