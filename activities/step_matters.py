"""What a plan's messages are about: its step, and the page on which its person answers."""

from dataclasses import replace
from datetime import datetime

from domain.agenda import AgendaItem, SubjectRef
from domain.facts import PlanFacts
from records.database import HubSession
from records.matters import Matter, matter_of
from records.own_steps import steps_link
from records.private_links import path_of


def step_matter(
    session: HubSession, owner: SubjectRef, facts: PlanFacts, item: AgendaItem, now: datetime
) -> Matter | None:
    """What one message about a step says; None when the step is gone.

    The private link is for the person of the plan alone, and is made here where there is none, in
    the transaction that claims the message. Mentors get none.
    """
    matter = matter_of(session, owner, item, None)
    if matter is None or facts.person is None or item.person_id != facts.person.id:
        return matter
    return replace(matter, link=path_of(steps_link(session, item.person_id, now)))
