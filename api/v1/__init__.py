"""The JSON API `/api/v1`: one file for each subject, thin routes over the records."""

from fastapi import APIRouter

from api.v1 import (
    agencies,
    agency_shares,
    agenda,
    cases,
    charges,
    circle,
    contacts,
    conversations,
    counsel,
    courts,
    disclosures,
    dockets,
    exhibits,
    feeds,
    hearing_answers,
    hearings,
    history,
    hub,
    identity,
    imports,
    letters,
    message_previews,
    messages,
    packet_files,
    packet_steps,
    packet_templates,
    packets,
    passages,
    plan_progress,
    plan_steps,
    plan_templates,
    plans,
    providers,
    referrals,
    sharing,
    step_kinds,
    tasks,
    team,
    tokens,
    unreachable,
)

PREFIX = "/api/v1"

_SUBJECTS = (
    hub,
    team,
    courts,
    cases,
    history,
    identity,
    dockets,
    agenda,
    circle,
    counsel,
    contacts,
    conversations,
    unreachable,
    hearings,
    hearing_answers,
    tasks,
    message_previews,
    messages,
    agencies,
    agency_shares,
    plans,
    plan_steps,
    plan_templates,
    plan_progress,
    providers,
    referrals,
    step_kinds,
    sharing,
    disclosures,
    packets,
    packet_steps,
    passages,
    packet_files,
    exhibits,
    packet_templates,
    letters,
    charges,
    feeds,
    imports,
    tokens,
)


def router() -> APIRouter:
    """Every route of the JSON API."""
    every = APIRouter(prefix=PREFIX)
    for subject in _SUBJECTS:
        every.include_router(subject.router)
    return every
