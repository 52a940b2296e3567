"""The conflict wall in both databases: whatever is asked, chosen or offered again, it refuses."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.referrals import OPEN, ReferralMoveRefused, Setter
from domain.vocabulary import ReferralState as S
from domain.vocabulary import Role
from records.casework import NewCase, NotFound, open_case
from records.columns import new_id
from records.conflicts import (
    TOGETHER,
    NotOfferedHere,
    declare_conflict,
    end_conflict,
    every_conflict,
)
from records.database import HubSession, Records
from records.directory import NewProvider, add_provider
from records.plans import NewStep, add_step, cancel_step, choose_provider, start_plan
from records.referral_wall import outside_wall, seen_task
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    get_referral,
    move_referral,
    reoffer,
    send_referral,
)
from records.tables import Defendant, HumanTask, Referral
from tests.houses import ROSA, utc

NOW = utc("2026-12-02 15:00")
PEOPLE, PLACES = 3, 2


def a_referral(provider_id: str, step_id: str | None = None) -> NewReferral:
    """Housing, as they agreed."""
    return NewReferral(
        provider_id, "housing", step_id=step_id, agreed_words="Yes", agreed_how="in person"
    )


@dataclass
class Town:
    """People, providers, and where everybody is, as somebody outside the records would note it.

    Attributes:
        sent: referral → (person, provider) of all that were sent and not turned down.
        drafts: referral → (person, provider, step) of those that were not sent.
        steps: step → (person, provider) of those that are done somewhere.
        apart: pairs of people that are kept apart.
    """

    session: HubSession
    people: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    sent: dict[str, tuple[int, str]] = field(default_factory=dict)
    drafts: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)
    steps: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    apart: set[frozenset[int]] = field(default_factory=set)
    refused: int = 0

    @classmethod
    def of(cls, session: HubSession) -> "Town":
        """Three people with a plan of one step each, and two places."""
        town = cls(session)
        for number in range(PEOPLE):
            case = open_case(session, NewCase(f"Person{number}", "Johnson"), ROSA, NOW)
            town.people.append(session.get_one(Defendant, case.defendant_id).person_id)
            town.cases.append(case.id)
            town.plans.append(start_plan(session, case.id, [], ROSA, NOW).id)
            town.new_step(number, None)
        town.places = [
            add_provider(session, NewProvider(f"House {new_id()}")).id for _ in range(PLACES)
        ]
        return town

    def new_step(self, who: int, place: str | None) -> None:
        """One more step of somebody's plan."""
        new = NewStep("housing", "A room", provider_id=place)
        self.steps[add_step(self.session, self.plans[who], new, ROSA, NOW).id] = (who, place)

    def at(self, who: int) -> set[str]:
        """Where somebody is, or was."""
        return {place for one, place in self.sent.values() if one == who} | {
            place for one, place in self.steps.values() if one == who and place
        }

    def barred(self, who: int, place: str) -> bool:
        """Whether somebody is there from whom this person is kept apart."""
        others = {one for pair in self.apart if who in pair for one in pair if one != who}
        return any(place in self.at(other) for other in others)

    def tries(self, who: int, place: str, deed: Callable[[], None]) -> None:
        """Somebody is to go to a place: the wall refuses exactly where it stands."""
        barred, refused = self.barred(who, place), False
        try:
            with self.session.begin_nested():
                deed()
        except NotOfferedHere:
            refused = True
        self.refused += refused
        assert refused is barred

    def step_of(self, who: int) -> str:
        """A step of theirs."""
        return next(step for step, (one, _) in self.steps.items() if one == who)

    # What may happen; each takes a person and a place.

    def asks(self, who: int, place: str) -> None:
        """A referral is written and sent."""

        def deed() -> None:
            row = draft_referral(self.session, self.cases[who], a_referral(place), ROSA, NOW)
            send_referral(self.session, row.id, ROSA, NOW)
            self.sent[row.id] = (who, place)

        self.tries(who, place, deed)

    def drafts_for_a_step(self, who: int, place: str) -> None:
        """A referral for a step is written, and not sent."""
        step = self.step_of(who)

        def deed() -> None:
            new = a_referral(place, step)
            row = draft_referral(self.session, self.cases[who], new, ROSA, NOW)
            self.drafts[row.id] = (who, place, step)
            self.steps[step] = (who, place)

        self.tries(who, place, deed)

    def writes_down(self, who: int, place: str) -> None:
        """A referral is written, and not sent."""

        def deed() -> None:
            row = draft_referral(self.session, self.cases[who], a_referral(place), ROSA, NOW)
            self.drafts[row.id] = (who, place, None)

        self.tries(who, place, deed)

    def sends(self, who: int, _: str) -> None:
        """What was written long ago is sent."""
        for row_id, (one, place, _step) in list(self.drafts.items()):
            if one == who:

                def deed(row_id: str = row_id, place: str = place) -> None:
                    send_referral(self.session, row_id, ROSA, NOW)
                    self.sent[row_id] = (who, place)
                    del self.drafts[row_id]

                self.tries(who, place, deed)

    def gives_up(self, who: int, _: str) -> None:
        """What was only written is cancelled: nobody was there."""
        for row_id, (one, _place, _step) in list(self.drafts.items()):
            if one == who:
                move_referral(self.session, row_id, S.CANCELLED, Setter.TEAM, Answer(), ROSA, NOW)
                del self.drafts[row_id]

    def offers_again(self, who: int, place: str) -> None:
        """What was sent is offered to another provider."""
        for row_id, (one, _place) in list(self.sent.items()):
            row = get_referral(self.session, row_id)
            if one != who or S(row.state) not in OPEN:
                continue

            def deed(row_id: str = row_id, step: str | None = row.step_id) -> None:
                made = reoffer(self.session, row_id, place, None, ROSA, NOW)
                self.sent[made.id] = (who, place)
                if step:
                    self.steps[step] = (who, place)

            self.tries(who, place, deed)
            return

    def is_turned_down(self, who: int, _: str) -> None:
        """A provider says no: nobody was there."""
        for row_id, (one, _place) in list(self.sent.items()):
            if one == who and get_referral(self.session, row_id).state == S.REQUESTED:
                no = Answer()
                move_referral(self.session, row_id, S.REJECTED, Setter.TEAM, no, ROSA, NOW)
                del self.sent[row_id]

    def chooses(self, who: int, place: str) -> None:
        """A step is done there from now on. Choosing the same place again changes nothing."""
        step = self.step_of(who)
        if self.steps[step] == (who, place):
            return

        def deed() -> None:
            choose_provider(self.session, step, place, ROSA, NOW)
            self.steps[step] = (who, place)

        self.tries(who, place, deed)

    def takes_back(self, who: int, _: str) -> None:
        """A step is done nowhere any more."""
        step = self.step_of(who)
        choose_provider(self.session, step, None, ROSA, NOW)
        self.steps[step] = (who, None)

    def adds(self, who: int, place: str) -> None:
        """A new step, with a place."""
        self.tries(who, place, lambda: self.new_step(who, place))

    def cancels(self, who: int, _: str) -> None:
        """The newest of several steps is cancelled."""
        theirs = [step for step, (one, _place) in self.steps.items() if one == who]
        if len(theirs) > 1:
            cancel_step(self.session, theirs[-1], ROSA, NOW)
            del self.steps[theirs[-1]]

    def quarrels(self, who: int, _: str) -> None:
        """Somebody is kept apart from the next."""
        other = (who + 1) % PEOPLE
        declare_conflict(self.session, self.people[who], self.people[other], ROSA, NOW)
        self.apart.add(frozenset({who, other}))

    def makes_up(self, who: int, _: str) -> None:
        """They need not be kept apart any more."""
        pair = {self.people[who], self.people[(who + 1) % PEOPLE]}
        for row in every_conflict(self.session):
            if {row.person_id, row.other_id} == pair:
                end_conflict(self.session, row.id, ROSA, NOW)
        self.apart.discard(frozenset({who, (who + 1) % PEOPLE}))


DEEDS = (
    *(Town.asks, Town.drafts_for_a_step, Town.writes_down, Town.sends, Town.gives_up),
    *(Town.offers_again, Town.is_turned_down, Town.chooses, Town.takes_back, Town.adds),
    *(Town.cancels, Town.quarrels, Town.quarrels, Town.makes_up),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(DEEDS), st.integers(0, PEOPLE - 1), st.integers(0, PLACES - 1)),
        min_size=3,
        max_size=14,
    )
)
def test_no_sequence_puts_two_who_are_kept_apart_at_one_provider(
    records: Records, hub: str, deeds: list[tuple[Callable[[Town, int, str], None], int, int]]
) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        for deed, who, place in deeds:
            deed(town, who, town.places[place])


def tasks(session: HubSession) -> list[HumanTask]:
    """Every task that two are together, closed ones too."""
    return list(session.exec(select(HumanTask).where(HumanTask.kind == TOGETHER)).all())


@pytest.mark.parametrize("one", [Town.asks, Town.chooses])
@pytest.mark.parametrize("other", [Town.asks, Town.chooses])
def test_two_who_are_together_already_are_a_task_that_names_nobody(
    records: Records,
    hub: str,
    one: Callable[[Town, int, str], None],
    other: Callable[[Town, int, str], None],
) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        one(town, 0, town.places[0])
        other(town, 1, town.places[0])
        row = declare_conflict(session, town.people[0], town.people[1], ROSA, NOW)
        [task] = tasks(session)
        assert (task.case_id, task.person_id, task.referral_id) == (None, None, None)
        assert task.closed_at is None
        declare_conflict(session, town.people[1], town.people[0], ROSA, NOW)
        assert len(tasks(session)) == 1
        end_conflict(session, row.id, ROSA, NOW)
        assert tasks(session)[0].closed_at == NOW


def test_who_is_nowhere_together_is_no_task(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        town.asks(0, town.places[0])
        town.asks(1, town.places[1])
        declare_conflict(session, town.people[0], town.people[1], ROSA, NOW)
        assert tasks(session) == []


def test_nobody_but_a_supervisor_is_given_the_task(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        town.asks(0, town.places[0])
        town.asks(1, town.places[0])
        declare_conflict(session, town.people[0], town.people[1], ROSA, NOW)
        [task] = tasks(session)
        for role in Role:
            seen = session.exec(
                select(HumanTask.id).where(outside_wall(HumanTask, role, "x"))
            ).all()
            assert (task.id in seen) is (role is Role.SUPERVISOR)
            if role is Role.SUPERVISOR:
                assert seen_task(session, task.id, role, "x") is task
            else:
                with pytest.raises(NotFound):
                    seen_task(session, task.id, role, "x")


def test_offering_again_asks_the_wall_and_leaves_everything_as_it_was(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        here, there = town.places
        town.asks(0, here)
        town.asks(1, there)
        town.quarrels(0, here)
        [mine, _] = town.sent
        with pytest.raises(NotOfferedHere), session.begin_nested():
            reoffer(session, mine, there, None, ROSA, NOW)
        assert get_referral(session, mine).state == S.REQUESTED
        assert len(session.exec(select(Referral)).all()) == 2
        with pytest.raises(ReferralMoveRefused):
            move_referral(session, mine, S.REQUESTED, Setter.SUPERVISOR, Answer(), ROSA, NOW)


def is_sent(session: HubSession, town: Town, who: int) -> None:
    """A referral to the first place."""
    new = a_referral(town.places[0])
    row = draft_referral(session, town.cases[who], new, ROSA, NOW)
    send_referral(session, row.id, ROSA, NOW)


def goes(session: HubSession, town: Town, who: int) -> None:
    """A step is done at the first place."""
    choose_provider(session, town.step_of(who), town.places[0], ROSA, NOW)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("way", [is_sent, goes])
def test_of_two_who_are_sent_there_in_the_same_moment_the_second_is_refused(
    records: Records, hub: str, way: Callable[[HubSession, Town, int], None]
) -> None:
    with records.writing(hub) as session:
        town = Town.of(session)
        declare_conflict(session, town.people[0], town.people[1], ROSA, NOW)

    def comes_too() -> None:
        with records.writing(hub) as session:
            way(session, town, 1)

    with ThreadPoolExecutor(1) as threads:
        with records.writing(hub) as session:
            way(session, town, 0)
            coming = threads.submit(comes_too)
            time.sleep(0.5)
            assert not coming.done(), "it waits for what the first one does"
        with pytest.raises(NotOfferedHere):
            coming.result(timeout=20)
