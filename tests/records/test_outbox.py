"""A change and the news of it are one; news goes away only when it was passed on."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from domain.agenda import Subject, SubjectRef
from domain.tracks import Track
from records.casework import NewCase, move_track, open_case
from records.database import Records
from records.hearings import vacate_hearing
from records.outbox import News, announce, lag, passed_on, pending
from records.packets import PacketContent, request_packet
from records.plans import NewStep, start_plan
from records.tables import Case, OutboxRow, Person
from tests.houses import ROSA, a_case, a_hearing, utc

NOW = utc("2026-05-01 14:00")


class Broken(Exception):
    """Something went wrong before the end."""


def case_ids(records: Records) -> set[str]:
    """All cases."""
    with records.reading("") as session:
        return set(session.exec(select(col(Case.id))).all())


def forget_all(records: Records) -> None:
    """Everything was passed on."""
    passed_on(records, pending(records))


def news_of(records: Records) -> list[tuple[Subject, str, int]]:
    """What waits: subject and revision."""
    return [(item.subject.kind, item.subject.id, item.revision) for item in pending(records)]


def test_a_change_is_announced_with_its_revision(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    assert pending(records) == [News(SubjectRef(Subject.CASE, case.id, hub), 1, 1)]


def test_a_change_that_fails_leaves_neither_itself_nor_news(records: Records, hub: str) -> None:
    def half() -> None:
        with records.writing(hub) as session:
            open_case(session, NewCase("Marcus", "Johnson"), ROSA, NOW)
            session.flush()
            raise Broken

    with pytest.raises(Broken):
        half()
    assert pending(records) == []
    assert case_ids(records) == set()


def test_many_changes_of_one_subject_are_one_news_with_the_newest_revision(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    hearing = a_hearing(records, case, "2026-06-01 09:00", NOW)
    with records.writing(hub) as session:
        vacate_hearing(session, hearing.id, ROSA, NOW)
    assert news_of(records) == [(Subject.CASE, case.id, 3)]


def test_what_was_written_meanwhile_stays(records: Records) -> None:
    case = a_case(records, NOW, phone="")
    told = pending(records)
    a_hearing(records, case, "2026-06-01 09:00", NOW)
    other = a_case(records, NOW, phone="")
    passed_on(records, told)
    assert news_of(records) == [(Subject.CASE, case.id, 2), (Subject.CASE, other.id, 1)]
    forget_all(records)
    assert pending(records) == []


def test_only_what_temporal_took_is_forgotten(records: Records) -> None:
    cases = [a_case(records, NOW, phone="") for _ in range(3)]
    passed_on(records, [pending(records)[1]])
    assert [subject for _, subject, _ in news_of(records)] == [cases[0].id, cases[2].id]


def test_a_batch_takes_the_oldest_first(records: Records) -> None:
    cases = [a_case(records, NOW, phone="") for _ in range(3)]
    assert [item.subject.id for item in pending(records, limit=2)] == [c.id for c in cases[:2]]


def test_a_change_of_the_case_is_news_for_its_plans_and_packets_that_still_run(
    records: Records, hub: str
) -> None:
    case = a_case(records, NOW, phone="")
    with records.writing(hub) as session:
        plan = start_plan(session, case.id, (NewStep("housing", "A room"),), ROSA, NOW)
        packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
        ended = start_plan(session, case.id, (), ROSA, NOW)
        ended.state = "discharged_successful"
    forget_all(records)
    a_hearing(records, case, "2026-06-01 09:00", NOW)
    assert set(news_of(records)) == {
        (Subject.CASE, case.id, 2),
        (Subject.PLAN, plan.id, 2),
        (Subject.PACKET, packet.id, 3),  # the second plan was news for it, too
    }


def test_lag_is_the_age_of_the_oldest_news(records: Records) -> None:
    assert lag(records, NOW).rows == 0
    assert lag(records, NOW).seconds == 0.0
    a_case(records, NOW, phone="")
    a_case(records, NOW + timedelta(seconds=30), phone="")
    late = lag(records, NOW + timedelta(seconds=45))
    assert (late.rows, late.seconds) == (2, 45.0)
    assert lag(records, NOW - timedelta(hours=1)).seconds == 0.0, "a clock that jumped back"


def test_news_of_every_hub_is_carried(records: Records, hub: str, other: str) -> None:
    for hub_id in (hub, other):
        with records.writing(hub_id) as session:
            open_case(session, NewCase("Ann", "Lee"), ROSA, NOW)
    assert {item.subject.hub_id for item in pending(records)} == {hub, other}


def test_a_refused_move_announces_nothing(records: Records, hub: str) -> None:
    case = a_case(records, NOW, phone="")
    forget_all(records)
    with pytest.raises(ValueError), records.writing(hub) as session:
        move_track(session, session.get_one(Case, case.id), Track.COURT, "sealed", ROSA, NOW)
    assert pending(records) == []


STEPS = st.lists(st.sampled_from(["a", "b", "c", "relay", "fails"]), max_size=25)


@given(STEPS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_happens_in_which_order_the_newest_revision_is_heard(
    records: Records, hub: str, steps: list[str]
) -> None:
    forget_all(records)
    written: dict[str, int] = {}
    heard: dict[str, int] = {}
    for step in [*steps, "relay"]:
        if step in "abc":
            written[step] = written.get(step, 0) + 1
            with records.writing(hub) as session:
                announce(session, Subject.CASE, step, written[step], NOW)
        else:
            news = pending(records, limit=2) if step == "fails" else pending(records)
            heard |= {item.subject.id: item.revision for item in news}
            passed_on(records, news if step == "relay" else news[:1])
    assert heard == written
    with records.reading("") as session:
        assert session.exec(select(OutboxRow)).all() == []
        assert session.exec(select(Person)).all() == []
