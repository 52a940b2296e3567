"""Whatever is altered in the audit trail is found."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import col, select

from records.audit import NOTED, note_deed, verify
from records.database import Records, RecordsProblem
from records.hubs import make_hub
from records.tables import AuditEvent, AuditHead
from tests.houses import FixedClock, hub_of, make_house, utc

NOW = utc("2026-12-02 15:00")
KEY = "0" * 31 + "1"


@pytest.fixture
def hub(records: Records) -> str:
    """The first hub."""
    return hub_of(records)


def noted(records: Records, hub: str, count: int = 5) -> None:
    """Some deeds, one transaction each."""
    for number in range(count):
        with records.writing(hub) as session:
            at = NOW + timedelta(minutes=number)
            note_deed(session, KEY, "read a case", at, "case", f"{number:032x}")


def found(records: Records, hub: str, expect: str = "") -> tuple[str, ...]:
    """What is wrong."""
    with records.reading(hub) as session:
        return verify(session, hub, expect=expect).problems


def tampered(records: Records, statement: str, **values: object) -> None:
    """What somebody does who has the database and not the key."""
    with records.engine.begin() as connection:
        connection.execute(text(statement), values)


def test_a_trail_is_numbered_without_gaps_and_fits(records: Records, hub: str) -> None:
    noted(records, hub, 3)
    with records.writing(hub) as session:
        note_deed(session, KEY, "opened", NOW, detail={"page": "/cases"})
        note_deed(session, KEY, "sent", NOW, detail={"page": "/hub"})
    with records.reading(hub) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.number))).all()
        verdict = verify(session, hub)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert verdict.ok
    assert verdict.rows == 5
    assert verdict.head == rows[-1].seal


def test_nothing_is_noted_of_what_is_taken_back(records: Records, hub: str) -> None:

    def given_up() -> None:
        with records.writing(hub) as session:
            note_deed(session, KEY, "read a case", NOW)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        given_up()
    with records.reading(hub) as session:
        assert session.exec(select(AuditEvent)).all() == []
    with records.reading(hub) as session, pytest.raises(RecordsProblem):
        note_deed(session, KEY, "read a case", NOW)


def test_each_hub_has_a_trail_of_its_own(records: Records, hub: str) -> None:
    other = make_hub(records, name="Overtown", slug="overtown").id
    noted(records, hub, 2)
    noted(records, other, 3)
    with records.everywhere() as session:
        note_deed(session, "command line", "made a token", NOW, hub_id=other)
    with records.reading("") as session:
        assert verify(session, hub).rows == 2
        assert verify(session, other).rows == 4
        assert verify(session, other).ok


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_event SET actor = 'x' WHERE number = 2", "Row 2 was changed"),
        ("UPDATE audit_event SET action = 'slept' WHERE number = 5", "Row 5 was changed"),
        ("UPDATE audit_event SET happened_at = created_at WHERE number = 3", "Row 3 was changed"),
        ("UPDATE audit_event SET seal = '' WHERE number = 1", "Row 1 was changed"),
        ("DELETE FROM audit_event WHERE number = 1", "Row 1 is missing"),
        ("DELETE FROM audit_event WHERE number = 3", "Row 3 is missing"),
        ("DELETE FROM audit_event WHERE number = 5", "The end is missing"),
        ("DELETE FROM audit_event", "The end is missing"),
        ("DELETE FROM audit_head", "The head of the trail is gone"),
        ("UPDATE audit_head SET number = 4", "The head of the trail was changed"),
        ("UPDATE audit_event SET number = NULL WHERE number = 5", "The end is missing"),
    ],
)
def test_whoever_alters_the_database_is_found(
    records: Records, hub: str, statement: str, why: str
) -> None:
    noted(records, hub)
    tampered(records, statement)
    assert found(records, hub)[0].startswith(why)


def test_a_cut_end_is_found_even_where_the_head_is_set_back(records: Records, hub: str) -> None:
    noted(records, hub)
    with records.reading(hub) as session:
        fourth = session.exec(select(AuditEvent).where(AuditEvent.number == 4)).one()
    tampered(records, "DELETE FROM audit_event WHERE number = 5")
    tampered(records, "UPDATE audit_head SET number = 4, seal = :seal", seal=fourth.seal)
    assert found(records, hub) == ("The head of the trail was changed.",)


def test_two_rows_that_changed_places_are_found(records: Records, hub: str) -> None:
    noted(records, hub)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tampered(
            records, "UPDATE audit_event SET number = :new WHERE number = :old", old=old, new=new
        )
    assert found(records, hub) == ("Row 2 was changed, or is not the one that was there.",)


def test_a_row_that_was_put_beside_the_chain_is_found(records: Records, hub: str) -> None:
    noted(records, hub)
    with records.reading(hub) as session:
        one = session.exec(select(AuditEvent).where(AuditEvent.number == 2)).one()
    tampered(
        records,
        "INSERT INTO audit_event (id, hub_id, created_at, happened_at, actor, action,"
        " subject_kind, subject_id, detail, note, number, seal)"
        " SELECT :new, hub_id, created_at, happened_at, actor, action, subject_kind, subject_id,"
        " detail, note, NULL, '' FROM audit_event WHERE id = :id",
        new="f" * 32,
        id=one.id,
    )
    assert "outside of the chain" in found(records, hub)[0]


def test_a_trail_that_was_put_back_whole_is_found_by_a_seal_noted_elsewhere(
    records: Records, hub: str
) -> None:
    noted(records, hub, 3)
    with records.reading(hub) as session:
        early = session.exec(select(AuditHead)).one().model_dump()
    noted(records, hub, 2)
    with records.reading(hub) as session:
        late = verify(session, hub).head
        assert verify(session, hub, expect=late).ok
        assert verify(session, hub, expect=early["seal"]).ok
    tampered(records, "DELETE FROM audit_event WHERE number > 3")
    tampered(
        records,
        "UPDATE audit_head SET number = 3, seal = :seal, mark = :mark",
        seal=early["seal"],
        mark=early["mark"],
    )
    assert found(records, hub) == ()
    assert found(records, hub, late) == (
        "No row bears the seal that you noted: the trail was put back or cut.",
    )


def test_rows_from_before_the_chain_are_counted_and_no_problem(records: Records, hub: str) -> None:
    noted(records, hub, 2)
    tampered(records, "UPDATE audit_event SET number = NULL, seal = ''")
    tampered(records, "DELETE FROM audit_head")
    noted(records, hub, 2)
    with records.reading(hub) as session:
        verdict = verify(session, hub)
    assert (verdict.rows, verdict.unchained, verdict.ok) == (2, 2, True)


def test_many_writers_make_one_chain(records: Records, hub: str) -> None:
    """Also the very first rows, when nobody has made the head yet."""
    start = threading.Barrier(6)
    failed: list[BaseException] = []

    def write(writer: int) -> None:
        start.wait()
        try:
            for number in range(10):
                with records.writing(hub) as session:
                    note_deed(session, f"{writer}", "read a case", NOW, "case", str(number))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with records.reading(hub) as session:
        verdict = verify(session, hub)
    assert (verdict.rows, verdict.problems) == (60, ())


def test_what_was_noted_is_known_to_whoever_answers(records: Records, hub: str) -> None:
    mark = NOTED.set([])
    noted(records, hub, 1)
    assert NOTED.get() == ["read a case"]
    NOTED.reset(mark)


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """A trail of twelve rows in a file."""
    house = make_house(tmp_path_factory.mktemp("trail"), FixedClock(NOW))
    noted(house.records, hub_of(house.records), 12)
    yield house.records
    house.records.close()


_COLUMNS = ("actor", "action", "subject_kind", "subject_id", "note", "seal", "happened_at")


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(1, 12),
    column=st.sampled_from(_COLUMNS),
    value=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8),
)
def test_any_change_of_any_field_is_found(
    trail: Records, number: int, column: str, value: str
) -> None:
    hub = hub_of(trail)
    said = "2020-01-01 00:00:00.000000" if column == "happened_at" else value
    with trail.engine.connect() as connection:
        before = connection.execute(
            text(f"SELECT {column} FROM audit_event WHERE number = {number}")
        ).scalar_one()
    tampered(trail, f"UPDATE audit_event SET {column} = :said WHERE number = {number}", said=said)
    problems = found(trail, hub)
    tampered(trail, f"UPDATE audit_event SET {column} = :was WHERE number = {number}", was=before)
    assert bool(problems) == (said != before)
    assert found(trail, hub) == ()


def test_nobody_else_makes_rows_of_the_trail() -> None:
    """What goes around `note_deed` is in no chain."""
    root = Path(__file__).parents[2]
    makers = [
        path.relative_to(root).as_posix()
        for folder in ("api", "activities", "cli", "domain", "engine", "records", "workflows")
        for path in (root / folder).rglob("*.py")
        if "AuditEvent(" in path.read_text()
    ]
    assert sorted(makers) == ["records/audit.py", "records/tables/operations.py"]
