"""The specification's own examples: every shape says the same."""

from datetime import date, time
from typing import Any

import pytest

from domain.hsds import Item, Typed, read_export, typed
from tests.domain.hsds.specification import (
    COUNSELLING,
    NESTED,
    csv_files,
    json_file,
    needs_examples,
)

pytestmark = needs_examples


def the(found: Typed, entity: str) -> Item:
    """The only row of an entity."""
    [item] = found.items[entity]
    return item


def values(found: Typed, entity: str) -> dict[str, Any]:
    """What the only row of an entity says."""
    return dict(the(found, entity).values)


@pytest.fixture(scope="module")
def tables() -> Typed:
    """The CSV tables, read."""
    return typed(read_export(csv_files()))


def test_csv_tables_are_read_with_their_types(tables: Typed) -> None:
    service = the(tables, "services")
    assert service.external_id == COUNSELLING
    assert (service.values["minimum_age"], service.values["maximum_age"]) == (12, 100)
    hours = values(tables, "schedules")
    assert (hours["opens_at"], hours["closes_at"]) == (time(10), time(18))
    assert (hours["byday"], hours["valid_to"]) == ("TH,FR", date(2005, 1, 1))
    assert values(tables, "phones")["number"] == "+44 1234 234567"
    place = values(tables, "locations")
    assert (place["city"], place["postal_code"]) == ("MyCity", "ABC 1234")


def test_what_has_no_column_stays_with_its_row(tables: Typed) -> None:
    extra = the(tables, "services").extra
    assert extra["licenses"] == "licences"
    assert "identification" in extra["required_documents"][0]["document"]
    assert extra["service_areas"][0]["extent_type"] == "geojson"
    assert the(tables, "organizations").extra["programs"][0]["name"].startswith("Community")
    assert "induction loops" in the(tables, "locations").extra["accessibility"][0]["description"]


def test_what_is_wrong_in_the_example_is_said_and_left_out(tables: Typed) -> None:
    assert values(tables, "locations")["latitude"] is None
    [remark] = tables.remarks
    assert remark.where == "locations.csv, row 2"
    assert "latitude is not between -90 and 90" in remark.reason
    [aside] = tables.set_aside
    assert (aside.entity, aside.where) == ("attributes", "attributes.csv, row 2")


@pytest.mark.parametrize("name", ["tabular.json", *NESTED])
def test_json_says_what_csv_says(tables: Typed, name: str) -> None:
    found = typed(read_export(json_file(name)))
    for entity in ("organizations", "services", "service_at_location", "schedules", "phones"):
        assert values(found, entity) == values(tables, entity), entity
    assert values(found, "locations")["city"] == "MyCity"
    owner = the(found, "services").references["organization_id"]
    assert owner == ("organizations", the(found, "organizations").external_id)


@pytest.mark.parametrize("name", NESTED)
def test_nested_objects_refer_to_what_they_are_in(name: str) -> None:
    found = typed(read_export(json_file(name)))
    link = the(found, "service_at_location").references
    assert link["service_id"] == ("services", COUNSELLING)
    assert link["location_id"] == ("locations", the(found, "locations").external_id)
    term = the(found, "attributes").references
    assert term["service_id"] == ("services", COUNSELLING)
    assert the(found, "languages").references["location_id"][0] == "locations"


def test_one_object_or_one_page_of_many_is_not_the_whole_directory() -> None:
    assert read_export(csv_files()).complete
    assert read_export(json_file("tabular.json")).complete
    for name in (*NESTED, "organization_list.json", "service_list.json"):
        assert not read_export(json_file(name)).complete, name


def test_terms_and_places_alone_are_read() -> None:
    assert values(typed(read_export(json_file("taxonomy_term.json"))), "taxonomy_terms")["name"]
    found = typed(read_export(json_file("location.json")))
    assert values(found, "locations")["name"] == "MyCity Civic Center"
    assert the(found, "phones").references["contact_id"][0] == "contacts"
