"""Guessing passwords becomes slow, and stays cheap to count."""

from datetime import timedelta

from api.pages.throttle import MOST_FOR_CLIENT, MOST_FOR_NAME, MOST_KEPT, SPAN, Throttle
from tests.houses import utc

NOW = utc("2026-12-02 15:00")


def test_after_some_failures_a_client_waits_for_that_name() -> None:
    throttle = Throttle()
    for _ in range(MOST_FOR_NAME):
        assert not throttle.wait("here", "rosa", NOW)
        throttle.failed("here", "rosa", NOW)
    assert throttle.wait("here", "rosa", NOW) == SPAN
    assert not throttle.wait("here", "ana", NOW)
    assert not throttle.wait("elsewhere", "rosa", NOW)
    assert not throttle.wait("here", "rosa", NOW + SPAN)


def test_many_names_from_one_client_are_slowed_down_too() -> None:
    throttle = Throttle()
    for number in range(MOST_FOR_CLIENT):
        throttle.failed("here", f"name-{number}", NOW)
    assert throttle.wait("here", "another", NOW) > timedelta(0)


def test_who_knows_the_password_starts_afresh() -> None:
    throttle = Throttle()
    for _ in range(MOST_FOR_NAME):
        throttle.failed("here", "rosa", NOW)
    throttle.succeeded("here", "rosa")
    assert not throttle.wait("here", "rosa", NOW)


def test_a_flood_of_clients_takes_no_more_memory_than_allowed() -> None:
    throttle = Throttle()
    for number in range(MOST_KEPT):
        throttle.failed(f"client-{number}", "rosa", NOW)
    assert len(throttle._failures) <= MOST_KEPT
