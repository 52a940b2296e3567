"""The example hub is removed whole, and nothing of any other hub goes with it."""

from sqlalchemy import func
from sqlmodel import SQLModel, select

from domain.vocabulary import Role
from records.database import Records
from records.example_removing import find_example, remove_example
from records.first_run import NewOwner, address_of, becoming_owner, find_owner, make_address
from records.hubs import make_hub
from records.tables import Hub, OutboxRow, StaffMember
from tests.records.conftest import NEWS
from tests.records.rows import NOW, a_row, all_tables


def counts(records: Records) -> dict[str, int]:
    """How many rows every table holds, over all hubs."""
    with records.reading("") as session:
        return {
            table.name: session.exec(select(func.count()).select_from(table)).one()
            for table in SQLModel.metadata.sorted_tables
        }


def fill(records: Records, hub_id: str) -> None:
    """At least one row of the hub in every table."""
    with records.everywhere() as session:
        for table in all_tables():
            a_row(session, table, hub_id)
        session.add(OutboxRow(hub_id=hub_id, **NEWS))


def an_example(records: Records) -> str:
    """A second hub, made as an example."""
    hub_id = make_hub(records, name="Example hub", slug="example").id
    with records.writing(hub_id) as session:
        session.get_one(Hub, hub_id).example = True
    return hub_id


def test_removing_takes_every_row_of_the_example_and_none_of_real_work(
    records: Records, hub: str
) -> None:
    fill(records, hub)
    before = counts(records)
    fill(records, an_example(records))
    assert all(counts(records)[str(table.__tablename__)] > 0 for table in all_tables())
    assert counts(records) != before
    assert remove_example(records)
    assert counts(records) == before
    assert find_example(records) == ""


def test_a_real_hub_of_that_name_is_never_removed(records: Records) -> None:
    make_hub(records, name="Real", slug="example")
    before = counts(records)
    assert not remove_example(records)
    assert counts(records) == before


def test_the_real_hub_stays_the_only_one_while_the_example_is_there(
    records: Records, hub: str
) -> None:
    example = an_example(records)
    assert records.sole_hub() == hub
    assert records.sole_hub("example") == example


def test_an_administrator_of_the_example_is_nobody_s_owner(records: Records, hub: str) -> None:
    fill(records, example := an_example(records))
    with records.writing(example) as session:
        for member in session.exec(select(StaffMember)).all():
            member.role = Role.HUB_ADMIN
            session.add(member)
    assert find_owner(records) is None
    token = make_address(records, "command line", NOW)
    new = NewOwner("Ana", "ana", "no hash")
    with becoming_owner(records, new, NOW, address_of(records, token, NOW)) as (session, _):
        assert session.hub_id == hub
    found = find_owner(records)
    assert found is not None
    assert (found.sign_in, found.hub_id) == ("ana", hub)
