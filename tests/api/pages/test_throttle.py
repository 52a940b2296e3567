"""Guessing passwords and codes becomes slow, and stays cheap to count."""

from datetime import timedelta

from api.pages.throttle import MOST_FOR_CLIENT, MOST_FOR_NAME, MOST_KEPT, SPAN, Throttle
from tests.houses import utc

NOW = utc("2026-12-02 15:00")


def test_after_some_failures_a_client_waits_for_that_name() -> None:
    throttle = Throttle()
    for _ in range(MOST_FOR_NAME):
        assert not throttle.attempt("here", "rosa", NOW)
    assert throttle.attempt("here", "rosa", NOW) == SPAN
    assert not throttle.attempt("here", "ana", NOW)
    assert not throttle.attempt("elsewhere", "rosa", NOW)
    assert not throttle.attempt("here", "rosa", NOW + SPAN)


def test_many_names_from_one_client_are_slowed_down_too() -> None:
    throttle = Throttle()
    for number in range(MOST_FOR_CLIENT):
        throttle.attempt("here", f"name-{number}", NOW)
    assert throttle.attempt("here", "another", NOW) > timedelta(0)


def test_codes_are_counted_for_the_account_from_wherever_they_come() -> None:
    throttle = Throttle()
    for number in range(MOST_FOR_NAME):
        assert not throttle.attempt_code(f"client-{number}", "rosa", NOW)
    assert throttle.attempt_code("elsewhere", "rosa", NOW) == SPAN
    assert not throttle.attempt_code("elsewhere", "ana", NOW)
    assert not throttle.attempt("client-0", "rosa", NOW)


def test_a_right_password_forgives_no_wrong_code() -> None:
    throttle = Throttle()
    for _ in range(MOST_FOR_NAME):
        throttle.attempt("here", "rosa", NOW)
        throttle.right("here", "rosa")
        throttle.attempt_code("here", "rosa", NOW)
    assert throttle.attempt_code("here", "rosa", NOW) == SPAN


def test_who_knows_the_password_starts_afresh() -> None:
    throttle = Throttle()
    for _ in range(MOST_FOR_NAME):
        throttle.attempt("here", "rosa", NOW)
    throttle.right("here", "rosa")
    assert not throttle.attempt("here", "rosa", NOW)


def test_people_who_sign_in_rightly_behind_one_address_do_not_slow_each_other_down() -> None:
    throttle = Throttle()
    for number in range(MOST_FOR_CLIENT * 2):
        assert not throttle.attempt("office", f"name-{number}", NOW)
        throttle.right("office", f"name-{number}")


def test_a_flood_of_clients_takes_no_more_memory_than_allowed() -> None:
    throttle = Throttle()
    for number in range(MOST_KEPT):
        throttle.attempt(f"client-{number}", "rosa", NOW)
    assert len(throttle._failures) <= MOST_KEPT
