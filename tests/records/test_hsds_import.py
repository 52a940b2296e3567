"""Importing a directory: the difference first, the same twice is nothing, nothing is deleted."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.hsds import Export, read_export
from records.database import HubSession, Records
from records.directory import change_provider, change_service, end_provider, get_service
from records.directory_search import Wanted, search_services
from records.hsds_import import Difference, ExportLostTooMuch, apply, preview
from records.tables import Location, Provider, ProviderContact, Published, Schedule, Service
from tests.domain.hsds.specification import COUNSELLING, csv_files, json_file, needs_examples
from tests.records.directories import COUNTY, TABLES, by_hand, export, without
from tests.records.rows import NOW

LATER = NOW + timedelta(days=7)


def imported(records: Records, hub: str, said: Export, **more: Any) -> Difference:
    """The export, applied in a transaction of its own."""
    with records.writing(hub) as session:
        return apply(session, said, more.pop("source", COUNTY), more.pop("now", NOW), **more)


def one(session: HubSession, table: type[Any], external_id: str) -> Any:
    """The row of that id in the export."""
    return session.exec(select(table).where(table.external_id == external_id)).one()


def snapshot(session: HubSession) -> list[dict[str, Any]]:
    """Every row of the directory as it is."""
    tables: list[type[Published]] = [Provider, Service, Location, Schedule, ProviderContact]
    return [
        row.model_dump() for table in tables
        for row in session.exec(select(table).order_by(col(table.id)))
    ]  # fmt: skip


def test_a_preview_says_what_would_be_and_writes_nothing(records: Records, hub: str) -> None:
    with records.reading(hub) as session:
        found = preview(session, export(), COUNTY, NOW)
        assert session.exec(select(Provider)).all() == []
    assert found.counts["services"]["new"] == 5
    assert ("new service", "Pantry") in found.names
    assert not found.applied


def test_the_same_twice_changes_nothing(records: Records, hub: str) -> None:
    first = imported(records, hub, export())
    assert (first.set_aside, first.remarks) == ([], [])
    assert first.counts["organizations"]["new"] == 3
    with records.reading(hub) as session:
        before = snapshot(session)
    again = imported(records, hub, export(), now=LATER)
    assert again.nothing_new
    assert again.counts["services"] == {"unchanged": 5}
    with records.reading(hub) as session:
        assert snapshot(session) == before


def test_what_it_says_is_kept_where_it_belongs(records: Records, hub: str) -> None:
    imported(records, hub, export())
    with records.reading(hub) as session:
        clinic = one(session, Provider, "o1")
        assert clinic.extra == {"licence": "A-12"}
        assert clinic.phone == "305-555-0101"
        assert clinic.services == "Outpatient counseling, Health card desk"
        assert clinic.languages == "English, Haitian Creole"
        assert one(session, Provider, "o2").phone == "305-555-0102"
        assert one(session, ProviderContact, "c1").name == "Lee Brown"
        counseling = one(session, Service, "s1")
        assert counseling.needs == " mental_health_care "
        assert counseling.spoken == " en ht "
        harbor = one(session, Location, "l3")
        assert (harbor.postal_code, harbor.extra["addresses"][0]["id"]) == ("33301", "a4")
        assert one(session, Schedule, "h3").service_id == one(session, Service, "s4").id
        assert one(session, Service, "s5").remote


def test_what_changed_is_changed_and_found_by_its_new_words(records: Records, hub: str) -> None:
    imported(records, hub, export())
    changed = TABLES["services"].replace("s3,o2,Pantry", "s3,o2,Soup kitchen")
    found = imported(records, hub, export(services=changed), now=LATER)
    assert found.counts["services"] == {"unchanged": 4, "changed": 1}
    assert found.names == [("changed service", "Soup kitchen")]
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="soup")).total == 1
        assert search_services(session, Wanted(words="pantries soup")).total == 1


def test_what_is_not_listed_any_more_is_ended_and_comes_back(records: Records, hub: str) -> None:
    imported(records, hub, export())
    less = export(services=without("services", "s3"), attributes=without("attributes", "b2"))
    found = imported(records, hub, less, now=LATER)
    assert found.counts["services"]["ended"] == 1
    assert ("ended service", "Pantry") in found.names
    with records.reading(hub) as session:
        pantry = one(session, Service, "s3")
        assert pantry.ended_at == LATER
        assert search_services(session, Wanted(words="pantry")).total == 0
    back = imported(records, hub, export(), now=LATER)
    assert back.counts["services"]["back"] == 1
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="pantry")).found[0].service.id == pantry.id


def test_a_service_that_calls_itself_inactive_is_not_offered(records: Records, hub: str) -> None:
    closed = TABLES["services"].replace("Beds,active", "Beds,inactive")
    imported(records, hub, export(services=closed))
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="night")).total == 0
    assert imported(records, hub, export(services=closed), now=LATER).nothing_new


def test_a_row_that_cannot_be_read_does_not_end_what_is_known(records: Records, hub: str) -> None:
    imported(records, hub, export())
    broken = TABLES["services"].replace("s3,o2,Pantry", "s3,o2,")
    found = imported(records, hub, export(services=broken), now=LATER)
    assert [
        (one.external_id, one.reason) for one in found.set_aside if one.entity == "services"
    ] == [("s3", "it has no name")]
    with records.reading(hub) as session:
        assert one(session, Service, "s3").ended_at is None


def test_a_row_whose_owner_is_missing_is_set_aside_with_the_reason(
    records: Records, hub: str
) -> None:
    stray = TABLES["services"] + "s9,o9,Stray,,active,\n"
    found = imported(records, hub, export(services=stray))
    assert [(one.where, one.reason) for one in found.set_aside] == [
        ("services.csv, row 7", "its organization_id is not in the directory")
    ]
    assert found.counts["services"]["new"] == 5


def test_half_a_directory_does_not_vanish_unless_somebody_says_so(
    records: Records, hub: str
) -> None:
    many = "id,organization_id,name\n" + "".join(f"m{n},o1,Class {n}\n" for n in range(20))
    imported(records, hub, export(services=many))
    few = export(services=many[: many.index("m5")])
    with pytest.raises(ExportLostTooMuch, match="15 of 20 services"):
        imported(records, hub, few, now=LATER)
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="class")).total == 20
    assert imported(records, hub, few, accept_loss=True).counts["services"]["ended"] == 15


def test_a_table_that_is_not_in_the_file_is_left_as_it_is(records: Records, hub: str) -> None:
    imported(records, hub, export())
    found = imported(records, hub, export(schedules="", phones=""), now=LATER)
    assert found.nothing_new


def test_what_the_hub_changed_or_ended_stays(records: Records, hub: str) -> None:
    imported(records, hub, export())
    with records.writing(hub) as session:
        service = one(session, Service, "s1")
        changes = {"name": "Counseling with Ana", "needs": ("trauma_counselling",)}
        change_service(session, service.id, changes, NOW)
        change_provider(session, one(session, Provider, "o2").id, {"email": "us@example.org"})
        end_provider(session, one(session, Provider, "o3").id, NOW)
    assert imported(records, hub, export(), now=LATER).nothing_new
    renamed = TABLES["services"].replace("Outpatient", "Evening").replace("anxiety", "grief")
    imported(records, hub, export(services=renamed), now=LATER)
    with records.reading(hub) as session:
        service = get_service(session, service.id)
        assert (service.name, service.needs) == ("Counseling with Ana", " trauma_counselling ")
        assert service.description == "Depression, grief"
        assert one(session, Provider, "o3").ended_at == NOW
        assert search_services(session, Wanted(words="night shelter")).total == 0


def test_the_hubs_own_provider_of_that_name_becomes_the_one_of_the_export(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        mine = by_hand(session, "Riverside Clinic").organization_id
    found = imported(records, hub, export())
    assert found.counts["organizations"] == {"changed": 1, "new": 2}
    with records.reading(hub) as session:
        assert one(session, Provider, "o1").id == mine
        assert search_services(session, Wanted(words="riverside")).total == 3
    assert imported(records, hub, export(), now=LATER).nothing_new


def test_two_directories_and_two_hubs_do_not_meet(records: Records, hub: str, other: str) -> None:
    imported(records, hub, export())
    imported(records, hub, export(), source="city")
    imported(records, other, export())
    with records.writing(hub) as session:
        assert search_services(session, Wanted(words="pantry")).total == 2
        apply(session, export(services=without("services", "s3")), "city", LATER)
    with records.reading(hub) as session:
        assert search_services(session, Wanted(words="pantry")).total == 1
    with records.reading(other) as session:
        assert search_services(session, Wanted(words="pantry")).total == 1


@needs_examples
@pytest.mark.parametrize(
    "name", ["csv", "tabular.json", "organization_full.json", "service_full.json"]
)
def test_the_specifications_examples_are_imported_once(
    records: Records, hub: str, name: str
) -> None:
    files = csv_files() if name == "csv" else json_file(name)
    imported(records, hub, read_export(files))
    assert imported(records, hub, read_export(files), now=LATER).nothing_new
    with records.reading(hub) as session:
        [found] = search_services(session, Wanted(need="mental_health_care")).found
        assert found.service.external_id == COUNSELLING
        assert found.provider.name == "Example Organization Inc."
        assert found.place is not None
        assert found.place.city == "MyCity"
        assert found.service.spoken == " ur "
