"""Counting a hub's outcomes in both databases, beside the definitions of `domain/outcomes.py`."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import SQLModel

from domain.exposure import SentenceState, Term
from domain.outcome_figures import Measure, Outcomes
from domain.outcome_periods import Period
from domain.outcomes import (
    LIFE_DAYS,
    Share,
    before_hearings,
    hearings_appeared,
    people_appeared,
)
from domain.vocabulary import Appearance, PacketState, PlanState, ReferralState
from records.casework import NewCase, open_case
from records.database import HubSession, Records
from records.directory import NewProvider, add_provider
from records.exposure import NewExposure, NewReceived, write_exposure, write_received
from records.hubs import make_hub
from records.outcomes import hub_outcomes
from records.tables import (
    Approval,
    Case,
    Defendant,
    Hearing,
    HearingAnswer,
    Message,
    Packet,
    PacketVersion,
    Person,
    Referral,
    SupportPlan,
)
from tests.houses import ROSA, ZONE, utc

NOW = utc("2026-07-15 14:00")
PERIOD = Period(date(2026, 4, 1), date(2026, 7, 15))
HOUR = timedelta(hours=1)
CALC = ("Ana Ruiz", "From the charging document.")


def people(session: HubSession, count: int) -> list[Case]:
    """Cases of so many people."""
    return [
        open_case(session, NewCase("Marcus", f"Johnson {one}"), ROSA, utc("2026-01-05 14:00"))
        for one in range(count)
    ]


def add(session: HubSession, row: SQLModel) -> Any:
    """A row, with its id."""
    session.add(row)
    session.flush()
    return row


def person_of(session: HubSession, case: Case) -> str:
    return session.get_one(Defendant, case.defendant_id).person_id


def a_hearing(session: HubSession, case: Case, at: datetime, **more: Any) -> Hearing:
    local = at.replace(tzinfo=None)
    row = Hearing(
        case_id=case.id, local_time=local, zone=ZONE, starts_at=at, announced_at=at, **more
    )
    found: Hearing = add(session, row)
    return found


def a_message(
    session: HubSession, case: Case, hearing: Hearing, at: datetime, **more: Any
) -> Message:
    """Something about a hearing that arrived."""
    known = {
        "case_id": case.id,
        "person_id": person_of(session, case),
        "subject_id": hearing.id,
        "subject_revision": hearing.revision,
        "audience": "family",
        "state": "delivered",
        "settled_at": at,
        "claimed_at": at,
        "claim": f"{hearing.id}|{random.random()}",
        **dict.fromkeys(("step", "language", "channel", "transport"), "x"),
        **dict.fromkeys(("template", "template_version"), "x"),
    }
    found: Message = add(session, Message(**{**known, **more}))
    return found


def an_answer(
    session: HubSession, case: Case, hearing: Hearing, said: str, at: datetime, **more: Any
) -> None:
    known = {"hearing_revision": hearing.revision, "person_id": person_of(session, case)}
    add(session, HearingAnswer(hearing_id=hearing.id, said=said, said_at=at, **{**known, **more}))


def count(session: HubSession, period: Period = PERIOD, now: datetime = NOW) -> Outcomes:
    session.flush()
    return hub_outcomes(session, period, now)


def whole(outcomes: Outcomes, measure: Measure) -> Share | None:
    return outcomes.shares[measure].whole


@dataclass(frozen=True)
class Told:
    """A hearing as the definitions read it."""

    who: str
    starts_at: datetime
    appearance: Appearance | None
    reached_at: datetime | None
    yes_at: datetime | None


def a_world(session: HubSession, dice: random.Random) -> list[Told]:
    """Hearings of many people in two years, told, answered and held as it happened to be."""
    told = []
    for case in people(session, 40):
        for _ in range(dice.randrange(6)):
            at = utc("2025-10-01 14:00") + timedelta(
                days=dice.randrange(400), hours=dice.randrange(24)
            )
            appearance = dice.choice([None, *Appearance]) if at < NOW else None
            status = "held" if appearance else dice.choice(["scheduled", "scheduled", "vacated"])
            hearing = a_hearing(session, case, at, status=status, appearance=appearance)
            arrived = [at + dice.choice([-30, -2, 0, 3]) * HOUR for _ in range(dice.randrange(3))]
            for moment in arrived:
                a_message(session, case, hearing, moment)
            yes = at + dice.choice([-20, 0, 5]) * HOUR if dice.random() < 0.6 else None
            if yes:
                an_answer(session, case, hearing, "coming", yes)
            if status != "vacated":
                first = min(arrived, default=None)
                told.append(Told(case.defendant_id, at, appearance, first, yes))
    return told


def defined(told: Sequence[Told], since: datetime, until: datetime) -> dict[Measure, Share]:
    """The same by the definitions."""
    own = [one for one in told if since <= one.starts_at < min(until, NOW)]
    held = [one for one in own if one.appearance]
    by_person = {one.who: [o.appearance for o in held if o.who == one.who] for one in held}
    return {
        Measure.HEARINGS_APPEARED: hearings_appeared([one.appearance for one in held]),  # type: ignore[misc]
        Measure.PEOPLE_APPEARED: people_appeared(by_person),  # type: ignore[arg-type]
        Measure.REACHED: before_hearings([(one.starts_at, one.reached_at) for one in own]),
        Measure.CONFIRMED: before_hearings([(one.starts_at, one.yes_at) for one in own]),
    }


@pytest.mark.parametrize("seed", range(5))
def test_hearings_are_counted_by_the_definitions(records: Records, hub: str, seed: int) -> None:
    dice = random.Random(seed)
    first = date(2026, 1, 1) + timedelta(days=dice.randrange(60))
    period = Period(first, first + timedelta(days=dice.randrange(90, 200)))
    with records.writing(hub) as session:
        told = a_world(session, dice)
        found = count(session, period)
    wanted = defined(told, period.begins(ZONE), period.ends(ZONE))
    assert sum(share.whole for share in wanted.values()) > 40
    since, shown = period.begins(ZONE), 0
    for at, until in enumerate(period.month_ends(ZONE)):
        month = defined(told, since, until)
        for measure, share in month.items():
            kept = found.shares[measure].months[at]
            assert kept in (None, share), measure
            shown += kept is not None and kept.whole > 0
        since = until
    assert shown > 5
    assert {measure: whole(found, measure) for measure in wanted} == wanted
    assert {type(share.part) for share in found.shares[Measure.REACHED].months if share} == {int}


def test_a_message_about_another_date_or_to_another_reader_reached_nobody(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        cases = people(session, 6)
        at = utc("2026-06-10 14:00")
        hearings = [a_hearing(session, case, at, revision=2) for case in cases]
        before = at - HOUR
        others: list[dict[str, Any]] = [
            {"subject_revision": 1},
            {"audience": "agency"},
            {"state": "sent"},
            {"case_id": cases[5].id},
            {"subject_id": "another"},
        ]
        for case, hearing, more in zip(cases, hearings, others, strict=False):
            a_message(session, case, hearing, before, **more)
        assert whole(count(session), Measure.REACHED) == Share(0, 6)
        a_message(session, cases[5], hearings[5], before)
        a_message(session, cases[5], hearings[5], before, audience="defendant")
        assert whole(count(session), Measure.REACHED) == Share(1, 6)


def test_the_last_word_before_a_hearing_counts(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        cases = people(session, 5)
        at = utc("2026-06-10 14:00")
        hearings = [a_hearing(session, case, at) for case in cases]
        mother = add(session, Person(first_name="Denise", last_name="Johnson"))
        first, last = zip(cases, hearings, strict=True), at - HOUR
        yes, took_back, of_two, old, late = first
        an_answer(session, *yes, "cannot", last - HOUR)
        an_answer(session, *yes, "coming", last)
        an_answer(session, *took_back, "coming", last - HOUR)
        an_answer(session, *took_back, "cannot", last)
        an_answer(session, *of_two, "coming", last - HOUR)
        an_answer(session, *of_two, "cannot", last, person_id=mother.id)
        an_answer(session, *old, "coming", last, hearing_revision=0)
        an_answer(session, *late, "coming", last - HOUR)
        an_answer(session, *late, "cannot", at + HOUR)
        assert whole(count(session), Measure.CONFIRMED) == Share(3, 5)


def test_an_hour_belongs_to_the_month_of_the_hubs_own_clock(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        for case in people(session, 6):
            for at in (utc("2026-04-01 03:30"), utc("2026-05-01 03:30"), utc("2026-07-16 03:59")):
                a_hearing(session, case, at)
        found = count(session, now=utc("2026-08-01 12:00")).shares[Measure.REACHED]
    # The first is still the last day of March in New York, the last one still within the period.
    assert found.months == [Share(0, 6), Share(0, 0), Share(0, 0), Share(0, 6)]
    assert found.whole == Share(0, 12)


def test_what_is_to_come_is_not_counted(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        for case in people(session, 6):
            a_hearing(session, case, NOW)
            a_hearing(session, case, NOW - HOUR)
        assert whole(count(session), Measure.REACHED) == Share(0, 6)


def test_a_change_is_told_by_the_first_word_of_the_hearing_as_it_stands(
    records: Records, hub: str
) -> None:
    changed = utc("2026-06-01 14:00")
    with records.writing(hub) as session:
        for number, case in enumerate(people(session, 6)):
            hearing = a_hearing(session, case, changed + timedelta(days=9), revision=3)
            hearing.announced_at = changed
            if number < 5:
                a_message(session, case, hearing, changed + (number + 1) * HOUR)
                a_message(session, case, hearing, changed + 90 * HOUR)
            a_message(session, case, hearing, changed - HOUR, subject_revision=2)
        # The first date of a hearing is no change, and neither is one that was past already.
        [other] = people(session, 1)
        a_hearing(session, other, changed)
        past = a_hearing(session, other, changed - HOUR, revision=2)
        past.announced_at = changed
        session.add(past)
        notice = count(session).notice
    assert notice.whole
    assert notice.whole.told == Share(5, 6)
    assert notice.whole.wait == 3 * HOUR
    assert [one.told.whole if one else None for one in notice.months] == [0, 0, 6, 0]


def a_packet(session: HubSession, hearing: Hearing, approved: datetime | None, **more: Any) -> None:
    packet = add(
        session,
        Packet(
            case_id=hearing.case_id,
            hearing_id=hearing.id,
            requested_at=hearing.starts_at - timedelta(days=60),
            **more,
        ),
    )
    if approved:
        version = add(
            session,
            PacketVersion(
                packet_id=packet.id,
                number=1,
                inputs_hash="x",
                template="x",
                template_version="1",
                built_at=approved,
            ),
        )
        known = {"packet_id": packet.id, "version_id": version.id, "approved_by": "counsel"}
        add(session, Approval(**known, approved_at=approved, bound_hash="x"))
        lost = approved - timedelta(days=20)
        add(session, Approval(**known, approved_at=lost, bound_hash="y", voided_at=approved))


def test_a_packet_is_in_time_by_the_hubs_lead_time_and_once_for_each_hearing(
    records: Records, hub: str
) -> None:
    at = utc("2026-06-10 14:00")
    with records.writing(hub) as session:
        cases = people(session, 7)
        in_time, late, never, twice, vacated, cancelled, none = [
            a_hearing(session, case, at) for case in cases
        ]
        assert none
        vacated.status = "vacated"
        soon, too_late = at - timedelta(days=20), at - HOUR
        a_packet(session, in_time, soon)
        a_packet(session, late, too_late)
        a_packet(session, never, None)
        a_packet(session, twice, soon, state=PacketState.SUPERSEDED)
        a_packet(session, twice, too_late)
        a_packet(session, vacated, soon)
        a_packet(session, cancelled, soon, cancelled_at=soon)
        [another] = people(session, 1)
        a_packet(session, a_hearing(session, another, at), soon)
        assert whole(count(session), Measure.PACKETS) == Share(3, 5)


def test_plans_and_referrals_are_counted_by_their_own_day(records: Records, hub: str) -> None:
    at = utc("2026-05-05 14:00")
    with records.writing(hub) as session:
        grove = add_provider(session, NewProvider("Grove House")).id
        for number, case in enumerate(people(session, 6)):
            ended = PlanState.DISCHARGED_SUCCESSFUL if number else PlanState.DISCHARGED_OTHER
            for state in (ended, PlanState.REFUSED, PlanState.IN_PROGRESS):
                over = None if state == PlanState.IN_PROGRESS else at
                add(session, SupportPlan(case_id=case.id, state=state, discharged_at=over))
            add(
                session,
                SupportPlan(case_id=case.id, state=ended, discharged_at=utc("2026-03-05 14:00")),
            )
            for answer in (
                ReferralState.COMPLETED,
                ReferralState.REJECTED,
                ReferralState.ENTERED_IN_ERROR,
            ):
                add(
                    session,
                    Referral(
                        case_id=case.id, provider_id=grove, need="x", state=answer, requested_at=at
                    ),
                )
        found = count(session)
    assert whole(found, Measure.PLANS) == Share(5, 6)
    assert whole(found, Measure.LOOPS) == Share(6, 12)
    assert found.shares[Measure.LOOPS].months[1] == Share(6, 12)


def decided(
    session: HubSession, case: Case, faced: Term | None, got: Term, on: date = date(2026, 5, 5)
) -> None:
    if faced is not None:
        write_exposure(session, case.id, NewExposure(faced, *CALC), ROSA, NOW)
    write_received(session, case.id, NewReceived(got, SentenceState.SERVING, on), ROSA, NOW)


def test_time_saved_counts_what_was_written_last_and_only_where_both_are_known(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        *cases, more_than_feared, unknown, earlier = people(session, 8)
        for case in cases:
            decided(session, case, Term(5000), Term(1), on=date(2026, 4, 4))
            decided(session, case, Term(1000), Term(400))
        decided(session, more_than_feared, Term(100), Term(300))
        decided(session, unknown, None, Term(10))
        decided(session, earlier, Term(1000), Term(0), on=date(2026, 3, 31))
        [not_yet] = people(session, 1)
        write_exposure(session, not_yet.id, NewExposure(Term(9), *CALC), ROSA, NOW)
        found = count(session)
    assert found.unknown == 1
    assert found.days.whole
    assert (found.days.whole.time.cases, found.days.whole.time.days) == (6, 3000)
    assert found.every.whole
    assert found.every.whole.time.raw_days == 2800
    assert [one.time.cases if one else None for one in found.days.months] == [0, 6, 0, 0]
    assert found.life.whole
    assert found.life.whole.time.cases == 0


def test_life_stands_apart_and_hides_the_sum_while_it_is_of_few(records: Records, hub: str) -> None:
    life = Term(life=True)
    with records.writing(hub) as session:
        cases = people(session, 10)
        for case in cases[:5]:
            decided(session, case, Term(1000), Term(0))
        for case in cases[5:9]:
            decided(session, case, life, Term(0))
        few = count(session)
        decided(session, cases[9], life, life)
        found = count(session)
    assert few.days.whole
    assert few.days.whole.time.days == 5000
    assert (few.life.whole, few.every.whole) == (None, None)
    assert found.life.whole
    assert found.every.whole
    assert (found.life.whole.time.cases, found.life.whole.time.life_equivalents) == (5, 4.0)
    assert found.every.whole.time.raw_days == 5000 + 4 * LIFE_DAYS


def test_one_person_with_many_cases_is_one_person(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        [first, *others] = people(session, 5)
        for case in others:
            case.defendant_id = first.defendant_id
            session.add(case)
        session.flush()
        for case in (first, *others):
            decided(session, case, Term(1000), Term(0))
            a_hearing(session, case, utc("2026-05-05 14:00"))
        found = count(session)
    assert found.days.whole is None
    assert whole(found, Measure.REACHED) is None
    assert not found.nothing


def test_no_hub_counts_anothers(records: Records, hub: str) -> None:
    other = make_hub(records, name="Another hub", slug="another").id
    with records.writing(hub) as session:
        a_world(session, random.Random(1))
        for case in people(session, 6):
            decided(session, case, Term(1000), Term(0))
            decided(session, case, None, Term(0))
            case_hearing = a_hearing(session, case, utc("2026-05-05 14:00"), revision=2)
            a_packet(session, case_hearing, NOW)
            add(
                session,
                SupportPlan(
                    case_id=case.id,
                    state=PlanState.DISCHARGED_SUCCESSFUL,
                    discharged_at=utc("2026-05-05 14:00"),
                ),
            )
        assert not count(session).nothing
    with records.reading(other) as session:
        assert hub_outcomes(session, PERIOD, NOW).nothing


@contextmanager
def statements(records: Records) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(records.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(records.engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow_with_cases(records: Records, hub: str) -> None:
    asked = []
    for _ in range(2):
        with records.reading(hub) as session, statements(records) as seen:
            hub_outcomes(session, PERIOD, NOW)
        asked.append(len(seen))
        with records.writing(hub) as session:
            a_world(session, random.Random(2))
            for case in people(session, 6):
                decided(session, case, Term(1000), Term(0))
    assert asked == [7, 7]
