"""Reading one agency for its planner, and what its digest would say.

What an agency may know is decided here and nowhere else: court dates of open cases whose
defendant is not held, under a share that lives and a consent that was not taken back. A shelter
is told nothing of people in custody: it cannot bring them to court, and that they are held is
not its business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from domain.consents import RecipientKind
from domain.digests import AgencyFacts, SharedDate
from domain.tracks import ENDED_STAGES, Custody
from domain.vocabulary import Audience, HearingStatus, ShareScope
from records.case_facts import load_messages_about, load_person, load_task_keys
from records.consents import SHARING
from records.database import HubSession
from records.hubs import policy_of, the_hub
from records.tables import (
    Agency,
    AgencyShare,
    Case,
    Consent,
    ConsentTerms,
    Defendant,
    Hearing,
    HearingRevision,
    HumanTask,
    Person,
)

_EVER_LISTED = (HearingStatus.SCHEDULED, HearingStatus.VACATED)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One court date as an agency may know it.

    Attributes:
        person_id, first_name: the defendant.
        consent_id: what it is told under.
        starts_at: UTC.
        local: naive wall time of the court, in `zone` (IANA).
        room, place: empty where the agency may know the date alone.
    """

    case_id: str
    person_id: str
    consent_id: str
    hearing_id: str
    first_name: str
    starts_at: datetime
    local: datetime
    zone: str
    what: ShareScope
    room: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Shared:
    """A share that lives."""

    share: AgencyShare
    consent: Consent
    case: Case
    person_id: str

    @property
    def since(self) -> datetime:
        """Since when the agency may know of this case (UTC)."""
        released = self.case.released_at
        return max(self.share.since, released) if released else self.share.since


def load_agency(session: HubSession, agency_id: str) -> AgencyFacts | None:
    """The facts of one agency, or None when there is no such agency in the hub."""
    agency = session.get(Agency, agency_id)
    if agency is None:
        return None
    shared = [] if agency.ended_at is not None else _shared(session, agency_id)
    return AgencyFacts(
        id=agency.id,
        hub_id=session.hub_id,
        revision=agency.revision,
        policy=policy_of(the_hub(session)),
        person=load_person(session, agency.person_id, Audience.AGENCY, agency.enrolled_at),
        weekday=agency.weekday,
        at=agency.at,
        entries=_entries(session, shared),
        messages=load_messages_about(session, agency.person_id, agency.id),
        task_keys=load_task_keys(session, HumanTask.person_id, agency.person_id),
        ended=agency.ended_at is not None,
    )


def digest_lines(
    session: HubSession, agency_id: str, after: datetime, before: datetime
) -> tuple[DigestLine, ...]:
    """Court dates between two instants (UTC) that an agency may know of at the first of them,
    the soonest first."""
    shared = {
        one.case.id: one
        for one in _shared(session, agency_id)
        if one.consent.expires_at is None or after < one.consent.expires_at
    }
    names = _first_names(session, [one.person_id for one in shared.values()])
    hearings = session.exec(
        select(Hearing)
        .where(
            col(Hearing.case_id).in_(shared),
            Hearing.status == HearingStatus.SCHEDULED,
            col(Hearing.starts_at) > after,
            col(Hearing.starts_at) < before,
        )
        .order_by(col(Hearing.starts_at), col(Hearing.id))
    ).all()
    return tuple(_line(hearing, shared[hearing.case_id], names) for hearing in hearings)


def _line(hearing: Hearing, one: _Shared, names: dict[str, str]) -> DigestLine:
    what = ShareScope(one.share.what)
    told = what is ShareScope.PLACE
    return DigestLine(
        case_id=one.case.id,
        person_id=one.person_id,
        consent_id=one.consent.id,
        hearing_id=hearing.id,
        first_name=names[one.person_id],
        starts_at=hearing.starts_at,
        local=hearing.local_time,
        zone=hearing.zone,
        what=what,
        room=hearing.room if told else "",
        place=hearing.place if told else "",
    )


def _first_names(session: HubSession, person_ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(col(Person.id), col(Person.first_name)).where(col(Person.id).in_(person_ids))
    ).all()
    return dict(rows)


def _shared(session: HubSession, agency_id: str) -> list[_Shared]:
    rows = session.exec(
        select(AgencyShare, Consent, Case, col(Defendant.person_id))
        .join(Consent, col(Consent.id) == AgencyShare.consent_id)
        .join(ConsentTerms, col(ConsentTerms.id) == Consent.id)
        .join(Case, col(Case.id) == AgencyShare.case_id)
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(
            AgencyShare.agency_id == agency_id,
            col(AgencyShare.ended_at).is_(None),
            Consent.purpose == SHARING,
            Consent.person_id == Defendant.person_id,
            ConsentTerms.recipient_kind == RecipientKind.AGENCY,
            ConsentTerms.recipient_id == agency_id,
            col(ConsentTerms.event_at).is_(None),
            col(Consent.withdrawn_at).is_(None),
            Case.custody != Custody.DETAINED,
            col(Case.stage).not_in(ENDED_STAGES),
        )
        .order_by(col(AgencyShare.id))
    ).all()
    return [_Shared(*row) for row in rows]


def _entries(session: HubSession, shared: Sequence[_Shared]) -> tuple[SharedDate, ...]:
    by_case = {one.case.id: one for one in shared}
    hearings = session.exec(
        select(Hearing).where(
            col(Hearing.case_id).in_(by_case), col(Hearing.status).in_(_EVER_LISTED)
        )
    ).all()
    before = _starts_before(session, by_case)
    entries = (
        _entry(hearing, by_case[hearing.case_id], before.get(hearing.id, ()))
        for hearing in hearings
    )
    return tuple(sorted(entries, key=_soonest))


def _soonest(entry: SharedDate) -> tuple[bool, datetime, str]:
    return entry.starts is None, entry.starts or entry.since, entry.hearing_id


def _entry(hearing: Hearing, one: _Shared, before: tuple[datetime, ...]) -> SharedDate:
    return SharedDate(
        hearing_id=hearing.id,
        revision=hearing.revision,
        starts=hearing.starts_at if hearing.status == HearingStatus.SCHEDULED else None,
        since=max(hearing.announced_at, one.since),
        shared_at=one.share.since,
        expires_at=one.consent.expires_at,
        before=before,
    )


def _starts_before(
    session: HubSession, case_ids: dict[str, _Shared]
) -> dict[str, tuple[datetime, ...]]:
    """Hearing id → when it was to start, at earlier revisions (UTC)."""
    rows = session.exec(
        select(col(HearingRevision.hearing_id), col(HearingRevision.starts_at))
        .join(Hearing, col(Hearing.id) == HearingRevision.hearing_id)
        .where(
            col(Hearing.case_id).in_(case_ids), HearingRevision.status == HearingStatus.SCHEDULED
        )
    ).all()
    found: dict[str, tuple[datetime, ...]] = {}
    for hearing_id, starts_at in rows:
        found[hearing_id] = (*found.get(hearing_id, ()), starts_at)
    return found
