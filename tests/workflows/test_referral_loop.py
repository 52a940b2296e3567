"""A referral lived through: a provider who never answers, then one who does."""

from datetime import timedelta

from sqlmodel import col, select
from temporalio.client import WorkflowExecutionStatus

from domain.court_time import wall_time
from domain.referrals import Setter
from domain.vocabulary import Channel
from domain.vocabulary import ReferralState as S
from records.casework import Source
from records.circle import NewContact, add_contact
from records.database import HubSession
from records.directory import NewProvider, add_provider
from records.plans import NewStep, get_step, start_plan, steps_of
from records.private_links import is_live
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    get_referral,
    move_referral,
    note_visit,
    reoffer,
    send_referral,
)
from records.tables import Defendant, HumanTask, Message, PrivateLink
from tests.houses import AGREED, ROSA, ZONE, a_case, hub_of
from tests.workflows.conftest import Life

COACH = Source("referral:x", "link")


async def test_a_silent_provider_is_nudged_and_replaced_and_the_loop_is_closed(life: Life) -> None:
    now = await life.now()
    records, hub = life.house.records, hub_of(life.house.records)
    case = a_case(records, now)
    with records.writing(hub) as session:
        person = session.get_one(Defendant, case.defendant_id).person_id
        phone = NewContact(Channel.SMS, "+13055550112", AGREED)
        add_contact(session, person, phone, ROSA, now)
        silent = add_provider(session, NewProvider("Silent House", email="silent@example.org"))
        coach = add_provider(session, NewProvider("Job Coach", email="coach@example.org"))
        day = wall_time(now, ZONE).date() + timedelta(days=40)
        plan = start_plan(session, case.id, [NewStep("employment", "A coach", day)], ROSA, now)
        [step] = steps_of(session, plan.id)
        new = NewReferral(
            silent.id,
            "employment",
            step_id=step.id,
            agreed_words="Yes, tell them.",
            agreed_how="in person",
            introduced_by="Rosa",
        )
        first = draft_referral(session, case.id, new, ROSA, now)
        send_referral(session, first.id, ROSA, now)
    await life.until(now + timedelta(days=16))
    assert [step for step, _ in _messages(life, first.id)] == [
        "referral_request",
        "referral_nudge",
    ]
    [task] = _tasks(life, first.id)
    assert (task.kind, task.case_id) == ("referral_unanswered", case.id)
    for _, words in _messages(life, first.id):
        assert "Marcus" not in words
        assert "/refer/" in words

    with records.writing(hub) as session:
        asked = await life.now()
        second = reoffer(session, first.id, coach.id, None, ROSA, asked)
        link = _link(session, first.id)
    assert link is None
    await life.until(asked + timedelta(hours=30))
    assert _tasks(life, first.id) == []
    assert [step for step, _ in _messages(life, second.id)] == ["referral_request"]
    with records.writing(hub) as session:
        link = _link(session, second.id)
        assert link is not None
        assert is_live(link, asked)
        meeting = asked + timedelta(days=6)
        answer = Answer(meeting_at=meeting)
        move_referral(session, second.id, S.ACCEPTED, Setter.PROVIDER, answer, COACH, asked)
    await life.until(meeting + timedelta(hours=1))
    assert [step for step, _ in _messages(life, second.id)] == [
        "referral_request",
        "first_meeting",
    ]
    assert [task.kind for task in _tasks(life, second.id)] == ["hand_off"]

    with records.writing(hub) as session:
        met = wall_time(meeting, ZONE).date()
        note_visit(session, second.id, met, COACH, await life.now(), came=True)
    with records.writing(hub) as session:
        assert get_step(session, step.id).state == "evidenced"
        done = await life.now()
        move_referral(session, second.id, S.COMPLETED, Setter.PROVIDER, Answer(), COACH, done)
        assert get_referral(session, second.id).replaces_id == first.id
    await life.until(done + timedelta(minutes=5))
    assert _tasks(life, second.id) == []
    for one in (first.id, second.id):
        handle = life.env.client.get_workflow_handle(f"referral-{one}")
        assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


def _link(session: HubSession, referral_id: str) -> PrivateLink | None:
    return session.exec(
        select(PrivateLink).where(
            PrivateLink.referral_id == referral_id, col(PrivateLink.revoked_at).is_(None)
        )
    ).first()


def _messages(life: Life, referral_id: str) -> list[tuple[str, str]]:
    with life.house.records.reading(hub_of(life.house.records)) as session:
        rows = session.exec(
            select(Message)
            .where(Message.referral_id == referral_id)
            .order_by(col(Message.claimed_at))
        ).all()
    return [(row.step, row.body) for row in rows]


def _tasks(life: Life, referral_id: str) -> list[HumanTask]:
    with life.house.records.reading(hub_of(life.house.records)) as session:
        return list(
            session.exec(
                select(HumanTask).where(
                    HumanTask.referral_id == referral_id, col(HumanTask.closed_at).is_(None)
                )
            ).all()
        )
