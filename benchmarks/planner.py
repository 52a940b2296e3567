"""Cases planned per second by the pure planner, on one core."""

import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall

from benchmarks.result import Result
from domain.court_time import QuietHours, instant_of
from domain.facts import (
    CaseFacts,
    ContactFacts,
    HearingFacts,
    HubPolicy,
    MessageFact,
    PersonFacts,
    When,
)
from domain.ledger import message_key
from domain.reminders import plan_case
from domain.vocabulary import Audience, Channel, HearingKind, HearingStatus, MessageState

WANTED = 5000.0
ZONE = "America/New_York"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


CASES = 200


def a_case(hearings: int = 2, people: int = 3, shifted: int = 0) -> CaseFacts:
    """A case with hearings a week apart, its people, and what they were told.

    Args:
        hearings: how many.
        people: how many, the defendant among them.
        shifted: minutes by which its moments differ from another case's.
    """
    joined = NOW - timedelta(days=10, minutes=shifted)
    persons = tuple(
        PersonFacts(
            f"person{n}",
            Audience.DEFENDANT if n == 0 else Audience.FAMILY,
            joined,
            (
                ContactFacts(f"sms{n}", Channel.SMS),
                ContactFacts(f"voice{n}", Channel.VOICE),
                ContactFacts(f"mail{n}", Channel.EMAIL),
            ),
        )
        for n in range(people)
    )
    # A court's wall time.
    first = datetime(2026, 11, 30, 9, 0) + timedelta(minutes=shifted)  # noqa: DTZ001
    settings = [first - timedelta(days=7 * n) for n in range(hearings)]
    dates = tuple(
        HearingFacts(
            f"hearing{n}",
            1,
            HearingKind.STATUS,
            HearingStatus.SCHEDULED,
            When(local, ZONE, instant_of(local, ZONE), "3A"),
            joined,
        )
        for n, local in enumerate(settings)
    )
    said = tuple(
        MessageFact(
            message_key(person.id, hearing.id, 1, "enrolled", "sms"),
            person.id,
            hearing.id,
            1,
            "enrolled",
            "sms",
            MessageState.DELIVERED,
            joined,
            person.contacts[0].id,
            joined,
        )
        for person in persons
        for hearing in dates
    )
    policy = HubPolicy(ZONE, QuietHours(wall(21), wall(8), ZONE))
    return CaseFacts(
        "case", "hub", 1, "pretrial", policy, False, None, dates, persons, said, frozenset()
    )


def measure(seconds: float = 3.0) -> Result:
    """Plan different cases, one after the other, at moving moments."""
    cases = [a_case(shifted=number) for number in range(CASES)]
    planned, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        moment = NOW + timedelta(minutes=planned // CASES)
        for facts in cases:
            plan_case(facts, moment)
        planned += CASES
    rate = planned / (time.process_time() - started)
    return Result(
        name="planner",
        value=round(rate),
        unit="cases/s",
        floor=WANTED,
        ratio=round(rate / WANTED, 2),
        wanted=f"at least {WANTED:g} cases a second on one core",
        ok=rate >= WANTED,
        details={"hearings": 2, "people": 3, "messages": 6},
    )
