"""What needs a person, in plain words, worst first, with what can be done about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from api.pages import dates, wording
from api.pages.own_words import Words
from api.pages.people import Named, Way, named, participants, phones_of, ways_of
from api.pages.task_kinds import (
    AT_ONCE,
    KINDS,
    OVER,
    PLAN_TASKS,
    SAID_OF_STEPS,
    STEP_TASKS,
    UNTOLD,
    TaskKind,
)
from records.access import Caller
from records.calendar_tasks import TO_REVIEW, UNREAD_ROWS
from records.conflicts import TOGETHER
from records.database import HubSession
from records.referral_wall import outside_wall
from records.reply_tasks import ABOUT_REPLIES
from records.tables import (
    Case,
    Defendant,
    Hearing,
    HumanTask,
    PlanStep,
    Provider,
    Referral,
    Reply,
    Supporter,
)

SHOWN = 60
MOST_SAID = 300
"""Characters of what somebody wrote; the conversation has all of it."""
ABOUT_IMPORTS = {
    TO_REVIEW: "Look at the calendar",
    UNREAD_ROWS: "See the rows",
}
_TO_THE_OUTBOX = frozenset({"message_refused", "carrier_filtering", "daily_cap"})


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call, at which number."""

    name: str
    way: Way


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing for a person to do.

    Attributes:
        urgent: it is about a hearing still to come today, and somebody does not know; or
            somebody cannot come.
        over: somebody was to be told of, or cannot come to, a hearing that has begun since.
        when: the hearing's wall time with its weekday; "" when it is about none.
        link: the page on which to do it, with its words.
        said: what somebody wrote back, for tasks about a reply.
        reply_id: of that reply.
    """

    id: str
    kind: str
    title: str
    hint: str
    urgent: bool
    over: bool
    who: str
    case_id: str
    hearing_id: str
    when: str
    away: str
    calls: tuple[Call, ...]
    link: tuple[str, str] | None
    said: str = ""
    reply_id: str = ""

    @property
    def asks_outcome(self) -> bool:
        """Whether the answer is to record what happened at a hearing."""
        return self.kind == "ask_outcome" and bool(self.hearing_id)


def count_open(session: HubSession, caller: Caller) -> int:
    """How many tasks are open in the hub that the caller may see."""
    return session.exec(
        select(func.count(col(HumanTask.id))).where(
            col(HumanTask.closed_at).is_(None), outside_wall(HumanTask, caller.role, caller.id)
        )
    ).one()


def open_rows(
    session: HubSession,
    caller: Caller,
    now: datetime,
    zone: str,
    *,
    case_id: str = "",
    most: int = SHOWN,
) -> list[TaskRow]:
    """The open tasks that the caller may see, worst first.

    Args:
        caller: whoever reads them.
        now: UTC.
        zone: the hub's IANA zone.
        case_id: of one case only.
    """
    worst = case({kind: n for n, kind in enumerate(KINDS)}, value=HumanTask.kind, else_=len(KINDS))
    statement = select(HumanTask).where(
        col(HumanTask.closed_at).is_(None), outside_wall(HumanTask, caller.role, caller.id)
    )
    if case_id:
        statement = statement.where(HumanTask.case_id == case_id)
    statement = statement.order_by(worst, col(HumanTask.by), col(HumanTask.id)).limit(most)
    tasks = session.exec(statement).all()
    about = _About.of(session, tasks)
    rows = [_row(task, about, now, zone) for task in tasks]
    return sorted(rows, key=lambda row: (not row.urgent, row.over))


@dataclass(frozen=True, slots=True)
class _About:
    """Everything that the tasks of one page are about."""

    participants: Mapping[str, Named]
    people: Mapping[str, Named]
    hearings: Mapping[str, Hearing]
    steps: Mapping[str, str]
    providers: Mapping[str, str]
    circles: Mapping[str, Sequence[str]]
    ways: Mapping[str, tuple[Way, ...]]
    replies: Mapping[str, str]

    @classmethod
    def of(cls, session: HubSession, tasks: Sequence[HumanTask]) -> "_About":
        cases = {task.case_id for task in tasks if task.case_id}
        circles = _circles(session, cases)
        told = {person for members in circles.values() for person in members}
        told |= {task.person_id for task in tasks if task.person_id}
        hearings = _found(
            session, select(Hearing), col(Hearing.id), {t.hearing_id for t in tasks if t.hearing_id}
        )
        steps = _found(
            session,
            select(col(PlanStep.id), col(PlanStep.title)),
            col(PlanStep.id),
            {t.subject_id for t in tasks if t.plan_id},
        )
        providers = _found(
            session,
            select(col(Referral.id), col(Provider.name)).join(
                Provider, col(Provider.id) == Referral.provider_id
            ),
            col(Referral.id),
            {t.referral_id for t in tasks if t.referral_id},
        )
        replies = _found(
            session,
            select(col(Reply.id), col(Reply.body)),
            col(Reply.id),
            {t.subject_id for t in tasks if t.kind in ABOUT_REPLIES},
        )
        return cls(
            participants(session, cases),
            named(session, told),
            {hearing.id: hearing for hearing in hearings},
            dict(steps),
            dict(providers),
            circles,
            ways_of(session, told),
            dict(replies),
        )


def _found(session: HubSession, rows: Any, by: Mapped[str], ids: Collection[str]) -> Sequence[Any]:
    """The rows with these ids; nothing is asked where there are none, which is most often."""
    return session.exec(rows.where(by.in_(ids))).all() if ids else ()


def _circles(session: HubSession, case_ids: set[str]) -> dict[str, list[str]]:
    """Case id → persons who may know of its hearings and can take a call."""
    if not case_ids:
        return {}
    own = session.exec(
        select(col(Case.id), col(Defendant.person_id))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(col(Case.id).in_(case_ids), Case.custody != "detained")
    ).all()
    stand_by = session.exec(
        select(col(Supporter.case_id), col(Supporter.person_id)).where(
            col(Supporter.case_id).in_(case_ids),
            col(Supporter.ended_at).is_(None),
            col(Supporter.may_know_hearings).is_(True),
        )
    ).all()
    circles: dict[str, list[str]] = {}
    for case_id, person_id in (*stand_by, *own):
        circles.setdefault(case_id, []).append(person_id)
    return circles


def _row(task: HumanTask, about: _About, now: datetime, zone: str) -> TaskRow:
    kind = KINDS.get(task.kind) or TaskKind(
        f"Something needs a person: {wording.plain(task.kind)}", ""
    )
    hearing = about.hearings.get(task.hearing_id or "")
    who = about.participants.get(task.case_id or "")
    person = about.people.get(task.person_id or "")
    words = {
        "name": who.first if who else "the participant",
        "person": person.first if person else (who.first if who else "someone"),
        "hearing": wording.hearing_kind(hearing.kind) if hearing else "court date",
        "step": about.steps.get(task.subject_id, ""),
        "provider": about.providers.get(task.referral_id or "", "The provider"),
        "channel": _channel(task),
    }
    today = dates.today_in(hearing.zone if hearing else zone, now)
    pressing = task.kind in UNTOLD | AT_ONCE and hearing is not None
    over = pressing and hearing is not None and hearing.starts_at <= now
    day = hearing.local_time.date() if hearing else None
    return TaskRow(
        id=task.id,
        kind=task.kind,
        title=Words(wording.capital(kind.title.format(**words))),
        hint=Words(OVER if over else kind.hint.format(**words)),
        urgent=not over and ((pressing and day == today) or task.kind in AT_ONCE),
        over=over,
        who=who.full if who else "",
        case_id=task.case_id or "",
        hearing_id=task.hearing_id or "",
        when=dates.when_words(hearing.local_time) if hearing else "",
        away=dates.away(day, today) if day else "",
        calls=_calls(task, about) if kind.calls else (),
        link=_said(_outcome(task) if over else _link(task)),
        said=wording.cut(about.replies.get(task.subject_id, ""), MOST_SAID),
        reply_id=task.subject_id if task.subject_id in about.replies else "",
    )


def _calls(task: HumanTask, about: _About) -> tuple[Call, ...]:
    people = [task.person_id] if task.person_id else about.circles.get(task.case_id or "", ())
    return tuple(
        Call(about.people[person].full, way)
        for person in people
        if person in about.people
        for way in phones_of(about.ways.get(person, ()))
    )


def _said(link: tuple[str, str] | None) -> tuple[str, str] | None:
    return (link[0], Words(link[1])) if link else None


def _link(task: HumanTask) -> tuple[str, str] | None:
    if task.kind in _TO_THE_OUTBOX:
        return ("/outbox", "Open the outbox")
    if task.kind == TOGETHER:
        return ("/conflicts", "See who must not meet")
    if task.kind in ABOUT_IMPORTS:
        applied = "/applied" if task.kind == UNREAD_ROWS else ""
        return (f"/imports/{task.subject_id}{applied}", ABOUT_IMPORTS[task.kind])
    if not task.case_id:
        # Only a weekly digest reaches nobody about no case.
        digest = (f"/agencies/{task.subject_id}", "See what to tell them")
        return digest if task.kind == "not_reached" else None
    case_url = f"/cases/{task.case_id}"
    if task.kind == "no_counsel":
        return (f"{case_url}/counsel", "Name counsel")
    if task.packet_id:
        return (f"{case_url}/packets/{task.packet_id}", "Open the packet")
    if task.referral_id:
        return (f"{case_url}/referrals/{task.referral_id}", "Open the referral")
    if task.plan_id and task.kind in SAID_OF_STEPS:
        return (f"{case_url}/steps/{task.subject_id}", "Open the step")
    if task.plan_id and task.kind in PLAN_TASKS:
        return (f"{case_url}/plans/{task.plan_id}", "Open the plan")
    roster = f"{case_url}/hearings/{task.hearing_id}/roster"
    links = {
        "roster_again": (roster, "See who comes"),
        "ride_wanted": (roster, "Find a ride"),
        "no_contact": (f"{case_url}/people/{task.person_id}/contact", "Add a way to reach them"),
        "not_reached": ("/unreachable", "See whom nothing reaches"),
        **dict.fromkeys(STEP_TASKS, (f"{case_url}/steps/{task.subject_id}", "Open the step")),
        "vanished_from_calendar": (f"{case_url}#next", "Open the case"),
        "calendar_conflict": (f"{case_url}#next", "Open the case"),
        "calendar_which_court": (case_url, "Open the case"),
    }
    if task.kind == "verify_number" and task.person_id:
        return (f"{case_url}/people/{task.person_id}/contact", "Add the right number")
    return links.get(task.kind)


def _outcome(task: HumanTask) -> tuple[str, str]:
    url = f"/cases/{task.case_id}/hearings/{task.hearing_id}/outcome"
    return (url, "Record what happened")


def _channel(task: HumanTask) -> str:
    """Which channel a task of the house is about; its claim says so (activities/fates.py)."""
    parts = task.claim.split("|")
    return wording.channel(parts[3]) if not task.case_id and len(parts) > 3 else "text"
