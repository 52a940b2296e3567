"""A support plan as a report may show it: checked evidence, and care under a consent alone.

Steps of health care, and others that the plan marks so, are left out unless the person lets the
court know of that very kind through their lawyer (42 CFR 2.31, 45 CFR 164.508): of the memo for
counsel as much as of the rest. When such a consent ends the report says something else, and what
was approved holds no more.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import col, select

from activities.documents.packet_context import hearing_words, long_date
from activities.documents.packet_values import Hearing as HearingLine
from domain.consents import (
    HEALTH,
    PART2_NOTICE,
    ShareKind,
    kind_of_step,
    kinds_in_words,
    needs_notice,
)
from domain.court_time import wall_time
from domain.plan_reports import (
    PlanRecord,
    PlanReport,
    Proof,
    ReportKind,
    ReportStep,
    build_report,
)
from domain.recurrence import parse_rule, repeats_words
from domain.step_kinds import EVIDENCE_KINDS
from domain.vocabulary import PlanState, StepState
from records.casework import get_case
from records.counsel import counsel_of
from records.database import HubSession
from records.hubs import the_hub
from records.packet_consents import basis_in, consents_for_court
from records.plans import agreed_steps, get_plan, occurrences_of
from records.tables import (
    Case,
    Defendant,
    Docket,
    Evidence,
    Hearing,
    Person,
    PlanStep,
    Provider,
    StaffMember,
    SupportPlan,
)


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A report with everything that stands around it on paper.

    Attributes:
        facts: label and text of the lines below the title.
        notice: of 42 CFR 2.32, with what the consent covers; "" where nothing of care is told.
        shared: kinds of care that it tells of, under live consents.
        digest: over all that it says; another digest is another report.
    """

    report: PlanReport
    who: str
    called: str
    hub: str
    phone: str
    facts: tuple[tuple[str, str], ...]
    mandated: bool
    starts_on: date | None
    ends_on: date | None
    notice: str
    shared: tuple[ShareKind, ...]
    digest: str


def report_sheet(
    session: HubSession, plan_id: str, kind: ReportKind, hearing_id: str | None, now: datetime
) -> ReportSheet:
    """What a report would say now (UTC).

    Raises:
        NotFound: no such plan.
        NothingToReport: there is nothing that it could say.
    """
    plan = get_plan(session, plan_id)
    case = get_case(session, plan.case_id)
    hub = the_hub(session)
    person = session.get_one(Person, session.get_one(Defendant, case.defendant_id).person_id)
    steps, shared = _steps(session, plan, person.id, now, hub.zone)
    record = PlanRecord(
        PlanState(plan.state), plan.goals, plan.starts_on, plan.ends_on, plan.mandated, steps
    )
    report = build_report(kind, record, person.first_name)
    facts = _facts(session, case, plan, hearing_id, kind)
    notice = _notice(shared)
    name = f"{person.first_name} {person.last_name}".strip()
    said = json.dumps(
        [
            asdict(report),
            name,
            hub.name,
            facts,
            notice,
            plan.mandated,
            plan.starts_on,
            plan.ends_on,
        ],
        default=str,
        ensure_ascii=False,
        sort_keys=True,
    )
    return ReportSheet(
        report=report,
        who=name,
        called=person.first_name,
        hub=hub.name,
        phone=hub.phone,
        facts=facts,
        mandated=plan.mandated,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        notice=notice,
        shared=shared,
        digest=hashlib.sha256(said.encode()).hexdigest(),
    )


def _steps(
    session: HubSession, plan: SupportPlan, person_id: str, now: datetime, zone: str
) -> tuple[tuple[ReportStep, ...], tuple[ShareKind, ...]]:
    consents = consents_for_court(session, person_id, now)
    evidence = _evidence(session, plan.id)
    names = _Names(_providers(session, plan.id), _staff(session))
    shown: list[ReportStep] = []
    shared: set[ShareKind] = set()
    for step in agreed_steps(session, plan.id):
        kind = kind_of_step(step.kind, treatment=step.treatment)
        if step.consent_needed or kind in HEALTH:
            if basis_in(consents, kind, now) is None:
                continue
            shared.add(kind)
        times = occurrences_of(session, step.id) if step.recurrence else []
        shown.append(_step(step, times, evidence, names, zone))
    return tuple(shown), tuple(sorted(shared & HEALTH))


@dataclass(frozen=True, slots=True)
class _Names:
    """Providers by id, and members of staff by the name with which they sign in."""

    providers: Mapping[str, str]
    staff: Mapping[str, str]


def _staff(session: HubSession) -> Mapping[str, str]:
    rows = session.exec(select(col(StaffMember.sign_in), col(StaffMember.name))).all()
    return {sign_in: name for sign_in, name in rows if name}


def _step(
    step: PlanStep,
    times: Sequence[PlanStep],
    evidence: Mapping[str, Sequence[Evidence]],
    names: _Names,
    zone: str,
) -> ReportStep:
    rows = evidence.get(step.id, ())
    proofs = tuple(
        Proof(
            row.id,
            EVIDENCE_KINDS.get(row.kind, row.kind.replace("_", " ")).lower(),
            wall_time(row.received_at, zone).date(),
            wall_time(row.verified_at, zone).date(),
            names.staff.get(row.verified_by, row.verified_by),
        )
        for row in rows
        if row.verified_at is not None
    )
    return ReportStep(
        id=step.id,
        title=step.title,
        state=StepState(step.state),
        due=step.due_on,
        provider=names.providers.get(step.provider_id or "", ""),
        repeats=repeats_words(parse_rule(step.recurrence)) if step.recurrence else "",
        mandated=step.mandated,
        why=step.what_got_in_the_way,
        proofs=proofs,
        unchecked=sum(row.verified_at is None for row in rows),
        times=tuple(_step(one, (), evidence, names, zone) for one in times),
    )


def _evidence(session: HubSession, plan_id: str) -> Mapping[str, Sequence[Evidence]]:
    rows = session.exec(
        select(Evidence)
        .join(PlanStep, col(PlanStep.id) == Evidence.step_id)
        .where(PlanStep.plan_id == plan_id)
        .order_by(col(Evidence.received_at), col(Evidence.id))
    ).all()
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in rows:
        found[row.step_id].append(row)
    return found


def _providers(session: HubSession, plan_id: str) -> Mapping[str, str]:
    rows = session.exec(
        select(col(Provider.id), col(Provider.name))
        .join(PlanStep, col(PlanStep.provider_id) == Provider.id)
        .where(PlanStep.plan_id == plan_id)
    ).all()
    return dict(rows)


def _facts(
    session: HubSession,
    case: Case,
    plan: SupportPlan,
    hearing_id: str | None,
    kind: ReportKind,
) -> tuple[tuple[str, str], ...]:
    dockets = session.exec(
        select(col(Docket.number)).where(Docket.case_id == case.id).order_by(col(Docket.number))
    ).all()
    counsel = counsel_of(session, case)
    hearing = session.get(Hearing, hearing_id) if hearing_id else None
    span = [long_date(day) for day in (plan.starts_on, plan.ends_on) if day]
    found = (
        ("Docket", ", ".join(dockets)),
        ("Hearing", hearing_words(_line(hearing)) if hearing else ""),
        ("Counsel", counsel.name if counsel else ""),
        ("The plan", " to ".join(span)),
        ("Ordered", "by the court" if plan.mandated else "by choice"),
    )
    without = {"Docket", "Hearing", "Counsel"} if kind is ReportKind.CERTIFICATE else set()
    return tuple((label, text) for label, text in found if text and label not in without)


def _line(hearing: Hearing) -> HearingLine:
    local = hearing.local_time
    return HearingLine(hearing.kind.replace("_", " "), local.date(), local.time())


def _notice(shared: Sequence[ShareKind]) -> str:
    if not shared:
        return ""
    scope = (
        f"Shown with the participant’s written consent, which lets the lawyer, and the court "
        f"through the lawyer, know of {kinds_in_words(shared)}, and nobody else."
    )
    return f"{PART2_NOTICE} {scope}" if needs_notice(shared) else scope
