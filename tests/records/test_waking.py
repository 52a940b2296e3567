"""Whoever waits for a provider is woken, also by a worker that knows nothing of it."""

from pathlib import Path

from domain.agenda import Subject, SubjectRef
from records.outbox import passed_on, pending
from records.waking import forget_away, note_away, wake_subjects, wake_whoever_waits
from tests.houses import FixedClock, a_case, hub_of, make_house, utc

NOW = utc("2026-12-01 15:00")


def test_a_worker_that_starts_wakes_everyone_where_a_provider_was_away(tmp_path: Path) -> None:
    records = make_house(tmp_path, FixedClock(NOW)).records
    cases = {a_case(records, NOW).id for _ in range(3)}
    passed_on(records, pending(records))
    assert not wake_whoever_waits(records, NOW)
    assert pending(records) == []
    note_away(records, "sms", NOW)
    note_away(records, "sms", NOW)
    assert wake_whoever_waits(records, NOW)
    assert {news.subject.id for news in pending(records)} == cases
    assert not wake_whoever_waits(records, NOW), "once"


def test_a_provider_that_came_back_leaves_nobody_to_wake(tmp_path: Path) -> None:
    records = make_house(tmp_path, FixedClock(NOW)).records
    note_away(records, "sms", NOW)
    forget_away(records, "sms")
    forget_away(records, "sms")
    assert not wake_whoever_waits(records, NOW)


def test_only_those_who_wait_are_woken_and_those_who_are_gone_stay_so(tmp_path: Path) -> None:
    records = make_house(tmp_path, FixedClock(NOW)).records
    case, _ = a_case(records, NOW), a_case(records, NOW)
    passed_on(records, pending(records))
    hub = hub_of(records)
    waiting = [SubjectRef(Subject.CASE, case.id, hub), SubjectRef(Subject.PLAN, "gone", hub)]
    wake_subjects(records, waiting, NOW)
    [news] = pending(records)
    assert news.subject == waiting[0]
    assert news.revision > case.revision
