"""A packet and a support plan lived through on the time-skipping server."""

import asyncio
from datetime import timedelta

from sqlmodel import select

from records.hearings import Setting, move_hearing
from records.packets import PacketContent, change_packet, request_packet, versions_of
from records.passages import Said
from records.plans import NewStep, add_evidence, get_step, start_plan, steps_of
from records.tables import HumanTask, Message, PacketVersion
from tests.houses import ROSA, ZONE, a_case, a_hearing, hub_of, wall
from tests.workflows.conftest import Life


async def built(life: Life, packet_id: str, count: int) -> list[PacketVersion]:
    """Wait, in real time, until so many versions were built."""
    for _ in range(600):
        with life.house.records.reading(hub_of(life.house.records)) as session:
            versions = versions_of(session, packet_id)
        if len(versions) >= count:
            return versions
        await asyncio.sleep(0.1)
    raise AssertionError(f"{count} versions were not built in a minute")


async def test_a_packet_is_built_at_once_and_again_only_when_its_inputs_change(life: Life) -> None:
    now = await life.now()
    records = life.house.records
    day = (now + timedelta(days=20)).date()
    case = a_case(records, now)
    hearing = a_hearing(records, case, f"{day} 09:00", now)
    with records.writing(hub_of(records)) as session:
        content = PacketContent(ask="Let him go home.")
        said = {"ties": [Said("Lived in Overtown for eleven years.")]}
        packet = request_packet(session, case.id, "release", content, ROSA, now, sections=said)
    await life.tell()
    (first,) = await built(life, packet.id, 1)
    assert life.house.store.get(first.docx_key)[:2] == b"PK"
    assert first.pages > 0 or "libreoffice" in first.pdf_problem

    with records.writing(hub_of(records)) as session:
        change_packet(session, packet.id, content, ROSA, now)
    await life.until(now + timedelta(hours=1))
    assert len(await built(life, packet.id, 1)) == 1

    with records.writing(hub_of(records)) as session:
        setting = Setting(wall(f"{day} 13:00"), ZONE, "3A", "1351 NW 12th St, Miami")
        move_hearing(session, hearing.id, setting, ROSA, await life.now())
    await life.until(await life.now() + timedelta(minutes=1))
    versions = await built(life, packet.id, 2)
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].inputs_hash != versions[1].inputs_hash


async def test_a_person_is_reminded_of_a_step_and_a_missed_one_reaches_an_advocate(
    life: Life,
) -> None:
    now = await life.now()
    records = life.house.records
    hub = hub_of(records)
    case = a_case(records, now)
    due = (now + timedelta(days=10)).date()
    with records.writing(hub) as session:
        steps = (
            NewStep("mentoring", "Meet your mentor", due),
            NewStep("employment", "Job fair", due),
        )
        plan = start_plan(session, case.id, steps, ROSA, now)
        kept, missed = steps_of(session, plan.id)
    await life.until(now + timedelta(days=9))
    with records.writing(hub) as session:
        add_evidence(session, kept.id, "attendance_letter", "was there", ROSA, await life.now())
    await life.until(now + timedelta(days=16))
    with records.reading(hub) as session:
        reminded = session.exec(select(Message).where(Message.step == "plan_step")).all()
        tasks = session.exec(select(HumanTask).where(HumanTask.kind == "step_missed")).all()
        assert {message.subject_id for message in reminded} == {kept.id, missed.id}
        assert len(reminded) == 2
        assert [task.subject_id for task in tasks] == [missed.id]
        assert get_step(session, missed.id).state == "missed"
        assert get_step(session, kept.id).state == "evidenced"

    with records.writing(hub) as session:
        add_evidence(session, missed.id, "letter", "came a day later", ROSA, await life.now())
    with records.reading(hub) as session:
        assert get_step(session, missed.id).state == "cured"
        task = session.exec(select(HumanTask).where(HumanTask.kind == "step_missed")).one()
        assert task.closed_at is not None
