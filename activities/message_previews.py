"""A message as its recipient would see it: from made-up facts, or from the records of a case.

Nothing is written and nothing leaves. What is shown is made by the same catalog and the same
composing that sending uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from activities.composing import audience_of, compose
from domain.agenda import Act, AgendaItem, Subject, SubjectRef
from domain.facts import CaseFacts, HearingFacts, PersonFacts
from domain.ledger import Ledger
from domain.message_checking import told_to
from domain.message_choice import template_of
from domain.message_facts import MessageFacts
from domain.message_samples import SAMPLE, Reader
from domain.message_steps import SPOKEN, VARIANTS
from domain.reminders import case_items
from domain.segments import Segments, count_segments
from domain.vocabulary import Audience, HearingStatus
from domain.words import Catalog, Rendered
from records.case_facts import load_case
from records.casework import NotFound
from records.database import HubSession
from records.matters import matter_of, recipient_of
from records.tables import PlanStep, SupportPlan


class CannotPreview(Exception):
    """There is nothing to show; the message says why, and what to ask for."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What someone would get, and what it would cost as a text."""

    step: str
    audience: str
    language: str
    channel: str
    text: str
    subject: str
    template: str
    version: str
    segments: Segments


def sample_preview(
    catalog: Catalog,
    reader: Reader,
    language: str,
    channel: str,
    facts: MessageFacts = SAMPLE,
) -> Preview:
    """A message with made-up names, dates and places, or with those of `facts`.

    Raises:
        WordsError: there is no such text.
    """
    rendered = told_to(catalog, reader, language, channel, facts)
    return shown(rendered, reader.step, reader.audience, language, channel)


def shown(rendered: Rendered, step: str, audience: str, language: str, channel: str) -> Preview:
    """A rendered message with all that is told about it."""
    return Preview(
        step=step,
        audience=audience,
        language=language,
        channel=channel,
        text=rendered.text,
        subject=rendered.subject,
        template=rendered.template,
        version=rendered.version,
        segments=rendered.segments,
    )


def case_preview(
    session: HubSession,
    catalog: Catalog,
    case_id: str,
    person_id: str,
    now: datetime,
    *,
    step: str = "",
    channel: str = "",
) -> Preview:
    """What someone in the circle of a case would get as the records stand now.

    Args:
        step: "" for the next message that is planned for them.
        channel: "" for the one by which it would travel.

    Raises:
        NotFound: no such case, or nobody in its circle who may know of court dates.
        CannotPreview: they would get nothing.
        WordsError: the words cannot be written.
    """
    facts = load_case(session, case_id)
    if facts is None:
        raise NotFound("case")
    person = next((one for one in facts.people if one.id == person_id), None)
    if person is None:
        raise NotFound("person")
    audience = audience_of(facts, person_id)
    if facts.detained and audience is Audience.DEFENDANT:
        raise CannotPreview("While in custody the participant is not written to.")
    owner, item = _item(session, facts, person, step, channel, now)
    recipient = recipient_of(session, person_id, item.channel)
    if recipient is None:
        raise CannotPreview(f"This person cannot be reached by {item.channel}.")
    matter = matter_of(session, owner, item, _told(facts, item))
    if matter is None:
        raise NotFound("case")
    words = compose(catalog, item, audience, recipient, matter)
    return Preview(
        step=item.step,
        audience=audience,
        language=words.language,
        channel=item.channel,
        text=words.text,
        subject=words.subject,
        template=words.template,
        version=words.version,
        segments=count_segments(words.text),
    )


def _item(
    session: HubSession,
    facts: CaseFacts,
    person: PersonFacts,
    step: str,
    channel: str,
    now: datetime,
) -> tuple[SubjectRef, AgendaItem]:
    """Whose agenda the message is on, and the message: the next one planned, or one imagined."""
    owner = SubjectRef(Subject.CASE, facts.id, facts.hub_id)
    if not step:
        item = _next(facts, person, now)
        subject, revision, step = item.subject_id, item.revision, item.step
        channel = channel or item.channel
    elif step.startswith("plan_step"):
        plan_id, subject = _plan_step(session, facts.id)
        owner, revision = SubjectRef(Subject.PLAN, plan_id, facts.hub_id), 1
    else:
        subject, revision = _hearing(facts, step, now)
    by = channel or next((contact.channel for contact in person.contacts), "")
    if not by:
        raise CannotPreview("This person has no phone or mailbox that may be used.")
    return owner, AgendaItem(
        Act.SEND_MESSAGE,
        key="",
        due=now,
        until=now,
        person_id=person.id,
        subject_id=subject,
        revision=revision,
        step=step,
        channel=by,
    )


def _next(facts: CaseFacts, person: PersonFacts, now: datetime) -> AgendaItem:
    planned = [
        item
        for item in case_items(facts, now)
        if item.act is Act.SEND_MESSAGE and item.person_id == person.id and item.until > now
    ]
    if not planned:
        raise CannotPreview("No message is planned for this person; name a step.")
    return min(planned, key=lambda item: item.due)


def _hearing(facts: CaseFacts, step: str, now: datetime) -> tuple[str, int]:
    """Id and revision of the court date that a step would be about."""
    name = template_of(step)
    if name not in SPOKEN:
        known = ", ".join(step for step in VARIANTS if step in SPOKEN)
        raise CannotPreview(f"For a case these steps can be shown: {known}.")
    hearing = min(_by_nearness(facts, now), key=lambda found: found[0], default=None)
    if hearing is not None:
        return hearing[1].id, hearing[1].revision
    if name == "enrolled":
        return "", 0
    raise CannotPreview("This case has no court date yet.")


def _by_nearness(
    facts: CaseFacts, now: datetime
) -> Iterator[tuple[tuple[bool, float], HearingFacts]]:
    """The court dates with what orders them: first those that are coming, then the nearest."""
    for hearing in facts.hearings:
        away = (hearing.when.instant - now).total_seconds()
        coming = hearing.status is HearingStatus.SCHEDULED and away > 0
        yield (not coming, abs(away)), hearing


def _plan_step(session: HubSession, case_id: str) -> tuple[str, str]:
    """Ids of a plan and of the step of it that comes next."""
    row = session.exec(
        select(col(PlanStep.plan_id), col(PlanStep.id))
        .join(SupportPlan, col(SupportPlan.id) == PlanStep.plan_id)
        .where(SupportPlan.case_id == case_id, PlanStep.recurrence == "")
        .order_by(col(PlanStep.due_on).is_(None), col(PlanStep.due_on), col(PlanStep.id))
    ).first()
    if row is None:
        raise CannotPreview("This case has no support plan with a step.")
    return row


def _told(facts: CaseFacts, item: AgendaItem) -> int | None:
    """The revision that they were told before; of a change, at least the one before it."""
    if item.step != "changed":
        return None
    told = Ledger(facts.messages, frozenset()).told_revision(item.person_id, item.subject_id)
    if told is not None and told != item.revision:
        return told
    if item.revision < 2:
        raise CannotPreview("This court date has not been moved.")
    return item.revision - 1
