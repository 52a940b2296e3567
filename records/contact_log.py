"""The contact log: written where a connection allows it, never doubled, never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from domain.contact_log import (
    METHODS,
    MOST_MINUTES,
    OLDEST,
    PLACES,
    ContactAbout,
    ContactMethod,
    ContactPlace,
    ContactProblem,
    Counted,
    next_due,
)
from domain.court_time import instant_at, wall_time
from domain.progress_figures import months_until
from domain.tracks import ENDED_STAGES, Track
from domain.vocabulary import EvidenceKind, PlanState
from records.casework import NotFound, Source, get_case, record_event
from records.database import HubSession
from records.hubs import the_hub
from records.plans import MISSED, TO_DO, add_evidence, get_step, take_back_evidence
from records.tables import Case, ContactEntry, Evidence, PlanStep, SupportPlan

_MINUTES_AHEAD: Final = timedelta(minutes=10)
"""A telephone's clock may be a little ahead of ours."""


@dataclass(frozen=True, slots=True)
class NewContactEntry:
    """A contact to write down.

    Attributes:
        happened_at: when (UTC).
        held: they were in touch; otherwise it was only tried.
        minutes: how long, 0 where nobody said.
        next_on: the day that was agreed for the next one, local to the hub.
        step_id: the step of their plan that this shows as done.
        once: the mark of the form; the same mark makes nothing new.
    """

    happened_at: datetime
    method: ContactMethod
    held: bool = True
    place: ContactPlace | None = None
    about: ContactAbout | None = None
    minutes: int = 0
    note: str = ""
    next_on: date | None = None
    step_id: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class CaseloadLine:
    """One person of a caseload. Days are local to the hub.

    Attributes:
        last_on: the last contact that was held; None if none was.
        tried: how often it was tried in vain since then.
        due_on: by when somebody is to be in touch; None where there is no pace.
        custody: of the case: nobody is late who is held.
    """

    case_id: str
    custody: str
    last_on: date | None
    tried: int
    due_on: date | None

    def is_overdue(self, today: date) -> bool:
        """Whether somebody should have been in touch by now."""
        return self.due_on is not None and self.due_on < today and self.custody != "detained"


def note_contact(
    session: HubSession,
    case_id: str,
    new: NewContactEntry,
    writer_id: str,
    source: Source,
    now: datetime,
) -> ContactEntry:
    """Write a contact down; the same form a second time gives what it made the first time.

    Where it was held in person, a step of the plan that it shows is checked by whoever was there;
    otherwise the step is shown, and somebody checks it. The note stays in the log.

    Args:
        session: of the hub.
        case_id: whose case.
        new: the contact.
        writer_id: the member of staff; "" for a program.
        source: who writes it down.
        now: UTC.

    Raises:
        NotFound: no such case, or no such step in it.
        ContactProblem: it lies ahead or too far back, or something does not fit.
        StepClosed, StepRepeats: the step takes no evidence.
    """
    case = get_case(session, case_id)
    if new.once:
        session.lock(case)
        earlier = _of_once(session, new.once)
        if earlier is not None:
            return earlier
    _check(session, new, now)
    entry = ContactEntry(
        case_id=case.id,
        happened_at=new.happened_at,
        method=new.method,
        place=new.place or "",
        about=new.about or "",
        held=new.held,
        minutes=new.minutes if new.held else 0,
        note=new.note,
        next_on=new.next_on,
        step_id=new.step_id or None,
        written_by_id=writer_id,
        written_by=source.actor,
        once=new.once or None,
    )
    if new.step_id:
        entry.evidence_id = _shows(session, case, new, source, now).id
    session.add(entry)
    try:
        session.flush()
    except IntegrityError:
        raise ContactProblem("day", "This form belongs to another case. Open it anew.") from None
    kind = "contact_held" if new.held else "contact_tried"
    record_event(session, case, Track.ALTERNATIVE, kind, source, now, subject_id=entry.id)
    return entry


def strike_contact(
    session: HubSession, entry_id: str, why: str, source: Source, now: datetime
) -> ContactEntry:
    """An entry was wrong: it stays to be read, counts nowhere, and shows no step any more. A second
    time changes nothing.

    Raises:
        NotFound: no such entry.
    """
    entry = get_contact_entry(session, entry_id)
    session.lock(entry)
    if entry.struck_at is not None:
        return entry
    entry.struck_at, entry.struck_by, entry.struck_why = now, source.actor, why
    shown = session.get(Evidence, entry.evidence_id) if entry.evidence_id else None
    entry.evidence_id = None
    session.add(entry)
    session.flush()
    if shown is not None:
        take_back_evidence(session, shown, source, now)
    case = get_case(session, entry.case_id)
    record_event(
        session, case, Track.ALTERNATIVE, "contact_struck", source, now, subject_id=entry.id
    )
    return entry


def get_contact_entry(session: HubSession, entry_id: str) -> ContactEntry:
    """The entry.

    Raises:
        NotFound: not in this hub.
    """
    entry = session.get(ContactEntry, entry_id)
    if entry is None:
        raise NotFound("contact entry")
    return entry


def log_of(session: HubSession, case_id: str, most: int = 200) -> list[ContactEntry]:
    """The newest entries of a case, struck ones too."""
    return list(
        session.exec(
            select(ContactEntry)
            .where(ContactEntry.case_id == case_id)
            .order_by(col(ContactEntry.happened_at).desc(), col(ContactEntry.id).desc())
            .limit(most)
        ).all()
    )


def steps_to_show(session: HubSession, case_id: str) -> list[PlanStep]:
    """Steps of the running plans of a case that a contact can show as done, the nearest first."""
    return list(
        session.exec(
            select(PlanStep)
            .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
            .where(
                SupportPlan.case_id == case_id,
                SupportPlan.state == PlanState.IN_PROGRESS,
                PlanStep.recurrence == "",
                col(PlanStep.state).in_((*TO_DO, *MISSED)),
            )
            .order_by(col(PlanStep.due_on), col(PlanStep.id))
            .limit(40)
        ).all()
    )


def caseload(session: HubSession, now: datetime, *, advocate_id: str = "") -> list[CaseloadLine]:
    """The people of open cases: overdue first, then whoever is due next, then the rest.

    Args:
        session: of the hub.
        now: UTC.
        advocate_id: the cases of this member of staff alone; "" for all.
    """
    hub = the_hub(session)
    today = wall_time(now, hub.zone).date()
    cases = session.exec(
        select(col(Case.id), col(Case.custody), col(Case.enrolled_at)).where(
            col(Case.stage).not_in(sorted(ENDED_STAGES)), *_theirs(advocate_id)
        )
    ).all()
    touched = _touched(session, now, advocate_id)
    lines = []
    for case_id, custody, enrolled_at in cases:
        last = touched.get(case_id, _Touched())
        held = wall_time(last.at, hub.zone).date() if last.at else None
        since = wall_time(enrolled_at, hub.zone).date()
        due = next_due(held, last.agreed, since, hub.contact_days)
        lines.append(CaseloadLine(case_id, custody, held, last.tried, due))
    return sorted(
        lines,
        key=lambda line: (
            not line.is_overdue(today),
            line.custody == "detained",
            line.due_on or date.max,
            line.case_id,
        ),
    )


def counted(session: HubSession, now: datetime) -> list[Counted]:
    """What the figures of the last twelve months count; names are not read."""
    hub = the_hub(session)
    first = months_until(wall_time(now, hub.zone).date())[0]
    since = instant_at(first, time(0), hub.zone)
    rows = session.exec(
        select(
            col(ContactEntry.happened_at),
            col(ContactEntry.method),
            col(ContactEntry.held),
            col(Case.defendant_id),
        )
        .join(Case, col(Case.id) == ContactEntry.case_id)
        .where(col(ContactEntry.happened_at) >= since, col(ContactEntry.struck_at).is_(None))
    ).all()
    return [
        Counted(wall_time(at, hub.zone).date().replace(day=1), method, held, person)
        for at, method, held, person in rows
    ]


def _check(session: HubSession, new: NewContactEntry, now: datetime) -> None:
    zone = the_hub(session).zone
    if new.happened_at > now + _MINUTES_AHEAD:
        raise ContactProblem("day", "This lies ahead. Write a contact down once it was tried.")
    if new.happened_at < now - OLDEST:
        raise ContactProblem("day", "This is more than a year ago. Check the year.")
    if not 0 <= new.minutes <= MOST_MINUTES:
        raise ContactProblem("minutes", "Give the minutes as a number from 1 to 1440.")
    if new.next_on is not None and new.next_on < wall_time(new.happened_at, zone).date():
        raise ContactProblem("next_on", "The next contact cannot be before this one.")
    if new.step_id and not new.held:
        raise ContactProblem("step", "A contact that was only tried shows no step.")


def _shows(
    session: HubSession, case: Case, new: NewContactEntry, source: Source, now: datetime
) -> Evidence:
    step = get_step(session, new.step_id)
    if session.get_one(SupportPlan, step.plan_id).case_id != case.id:
        raise NotFound("plan step")
    words = METHODS[new.method]
    if new.place is not None:
        words = f"{words}, {PLACES[new.place]}"
    there = new.method is ContactMethod.IN_PERSON
    evidence = add_evidence(
        session, step.id, EvidenceKind.CONTACT_LOG, words, source, now, verified=there
    )
    session.flush()
    return evidence


def _of_once(session: HubSession, once: str) -> ContactEntry | None:
    return session.exec(select(ContactEntry).where(ContactEntry.once == once)).first()


@dataclass(slots=True)
class _Touched:
    """When they were last in touch (UTC), the day agreed there, how often it was tried after."""

    at: datetime | None = None
    agreed: date | None = None
    tried: int = 0


def _touched(session: HubSession, now: datetime, advocate_id: str) -> dict[str, _Touched]:
    rows = session.exec(
        select(
            col(ContactEntry.case_id),
            col(ContactEntry.happened_at),
            col(ContactEntry.held),
            col(ContactEntry.next_on),
        )
        .join(Case, col(Case.id) == ContactEntry.case_id)
        .where(
            col(ContactEntry.struck_at).is_(None),
            col(ContactEntry.happened_at) >= now - OLDEST,
            *_theirs(advocate_id),
        )
        .order_by(col(ContactEntry.happened_at), col(ContactEntry.id))
    ).all()
    found: dict[str, _Touched] = {}
    for case_id, at, held, agreed in rows:
        one = found.setdefault(case_id, _Touched())
        if held:
            one.at, one.agreed, one.tried = at, agreed, 0
        else:
            one.tried += 1
    return found


def _theirs(advocate_id: str) -> list[ColumnElement[bool]]:
    return [col(Case.advocate_id) == advocate_id] if advocate_id else []
