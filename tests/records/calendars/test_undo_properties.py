"""Whatever a calendar does, and whatever people do in between: undone, it is as before, but for
what they did."""

import io
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.vocabulary import HearingStatus
from records.calendar_import import apply
from records.calendar_undoing import plan_undo, undo_import
from records.database import Records
from records.hearings import Setting, move_hearing, vacate_hearing
from records.hubs import make_hub
from records.tables import Hearing
from tests.houses import ROSA
from tests.records.calendars.made_up import ALASKA, NOW, A, B, alaska, follow_case, setting
from tests.records.calendars.test_calendar_undoing import newest, state

DOCKETS = ("1JU-27-1CR", "1JU-27-2CR", "1JU-27-3CR")
"""The first two are followed."""


@dataclass(frozen=True)
class Listed:
    """One row of a calendar."""

    docket: str
    day: int
    time: str
    place: str
    event: str

    def row(self) -> str:
        """As the court writes it."""
        return setting(
            f"03/{self.day:02}/2027",
            self.time,
            case=self.docket,
            place=self.place,
            event=self.event,
        )


ROWS = st.builds(
    Listed,
    st.sampled_from(DOCKETS),
    st.integers(1, 6),
    st.sampled_from(["9:00 am", "1:30 pm"]),
    st.sampled_from([A, B]),
    st.sampled_from(["Motion Hearing", "Trial", "Sentencing"]),
)
CALENDARS = st.lists(ROWS, min_size=1, max_size=8, unique_by=lambda one: (one.docket, one.day))
DEEDS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["move", "vacate"])), max_size=3)
_numbers = iter(range(10_000))


def brought_in(records: Records, hub: str, rows: list[Listed], minutes: int) -> None:
    """Import a calendar."""
    file = io.BytesIO(alaska(*(one.row() for one in rows)))
    now = NOW + timedelta(minutes=minutes)
    apply(records, hub, "list", ALASKA, file, {}, now=now, accept_loss=True)


def scheduled(records: Records, hub: str) -> dict[str, str]:
    """The dates that are to come, by id."""
    with records.reading(hub) as session:
        statement = select(Hearing).where(Hearing.status == HearingStatus.SCHEDULED.value)
        return {
            one.id: f"{one.case_id} {one.local_time} {one.kind} {one.room} {one.place}"
            for one in session.exec(statement).all()
        }


def interfere(records: Records, hub: str, deeds: list[tuple[int, str]]) -> set[str]:
    """People move and cancel dates; which."""
    touched = set()
    for number, deed in deeds:
        ids = sorted(scheduled(records, hub))
        if not ids:
            continue
        hearing_id = ids[number % len(ids)]
        with records.writing(hub) as session:
            row = session.get_one(Hearing, hearing_id)
            if deed == "move":
                there = Setting(row.local_time + timedelta(days=20), row.zone, "9", "Elsewhere")
                move_hearing(session, hearing_id, there, ROSA, NOW)
            else:
                vacate_hearing(session, hearing_id, ROSA, NOW)
        touched.add(hearing_id)
    return touched


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.none() | CALENDARS, after=CALENDARS, early=DEEDS)
def test_applied_and_undone_is_the_state_before(
    records: Records,
    before: list[Listed] | None,
    after: list[Listed],
    early: list[tuple[int, str]],
) -> None:
    hub = make_hub(records, name="A hub", slug=f"undo-{next(_numbers)}").id
    for docket in DOCKETS[:2]:
        follow_case(records, hub, docket)
    if before is None:
        brought_in(records, hub, [Listed(DOCKETS[2], 1, "9:00 am", A, "Trial")], 0)
    else:
        brought_in(records, hub, before, 0)
    interfere(records, hub, early)
    was = state(records, hub)
    brought_in(records, hub, after, 1)
    with records.writing(hub) as session:
        undo_import(session, newest(records, hub), None, ROSA, NOW + timedelta(minutes=2))
    assert state(records, hub) == was


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=CALENDARS, after=CALENDARS, late=DEEDS)
def test_what_people_did_meanwhile_stays_and_the_rest_goes_back(
    records: Records, before: list[Listed], after: list[Listed], late: list[tuple[int, str]]
) -> None:
    hub = make_hub(records, name="A hub", slug=f"late-{next(_numbers)}").id
    for docket in DOCKETS[:2]:
        follow_case(records, hub, docket)
    brought_in(records, hub, before, 0)
    was = scheduled(records, hub)
    brought_in(records, hub, after, 1)
    touched = interfere(records, hub, late)
    between = scheduled(records, hub)
    with records.writing(hub) as session:
        import_id = newest(records, hub)
        plan = plan_undo(session, import_id, NOW)
        undo_import(session, import_id, plan.digest, ROSA, NOW)
    now_is = scheduled(records, hub)
    for hearing_id in touched:
        assert now_is.get(hearing_id) == between.get(hearing_id)
    untouched = {key: said for key, said in now_is.items() if key not in touched}
    assert untouched == {key: said for key, said in was.items() if key not in touched}
