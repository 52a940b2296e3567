"""Exports as they come: broken rows, odd encodings, ids that are missing; nothing is lost."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hsds import HsdsRefused, Typed, read_export, typed

ORGANIZATIONS = b"id,name,email\no1,Riverside Clinic,desk@example.org\n"
SERVICES = b"id,organization_id,name,status\ns1,o1,Food pantry,active\n"


def read(**tables: bytes) -> Typed:
    """Tables by name, read."""
    return typed(read_export({f"{name}.csv": data for name, data in tables.items()}))


def reasons(found: Typed) -> list[tuple[str, str]]:
    """Where something was set aside, and why."""
    return [(one.where, one.reason) for one in found.set_aside]


def test_rows_that_cannot_be_used_are_set_aside_with_the_reason_and_the_rest_is_read() -> None:
    rows = b"id,name\no1,Riverside\n,Nobody\no3,\no4,A,B\n\no5,Harbor\n"
    found = read(organizations=rows)
    assert [item.values["name"] for item in found.items["organizations"]] == ["Riverside", "Harbor"]
    assert reasons(found) == [
        ("organizations.csv, row 3", "it has no id"),
        ("organizations.csv, row 5", "it has 3 cells and the header 2"),
        ("organizations.csv, row 4", "it has no name"),
    ]


def test_a_value_that_cannot_be_right_is_left_out_and_its_row_is_used() -> None:
    schedules = (
        b"id,service_id,byday,opens_at,closes_at,freq,interval\n"
        b"h1,s1,MO;TU,9 o'clock,24:00,WEEKLY,1\n"
    )
    found = read(organizations=ORGANIZATIONS, services=SERVICES, schedules=schedules)
    [hours] = found.items["schedules"]
    assert hours.values["byday"] == ""
    assert hours.values["opens_at"] is None
    assert str(hours.values["closes_at"]) == "00:00:00"
    assert [one.reason.partition(" ")[0] for one in found.remarks] == ["byday", "opens_at"]


def test_half_a_position_is_none() -> None:
    found = read(locations=b"id,name,latitude,longitude\nl1,Hall,25.78,\nl2,Yard,nan,-80\n")
    assert [(i.values["latitude"], i.values["longitude"]) for i in found.items["locations"]] == [
        (None, None),
        (None, None),
    ]


def test_columns_of_their_own_are_kept() -> None:
    found = read(organizations=b"id,name,x_county\no1,Riverside,Dade\n")
    assert found.items["organizations"][0].extra == {"x_county": "Dade"}


def test_names_of_other_versions_are_known() -> None:
    found = read(organization=ORGANIZATIONS, service=SERVICES)
    assert set(found.items) == {"organizations", "services"}
    assert found.set_aside == []


def test_a_table_that_is_none_is_said() -> None:
    assert reasons(read(organizations=ORGANIZATIONS, volunteers=b"id\n1\n")) == [
        ("volunteers.csv", "this is no table of HSDS 3; nothing of it was read")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_come_through(encoding: str) -> None:
    found = read(organizations="id,name\no1,Clínica Fanmi Ansanm é\n".encode(encoding))
    assert found.items["organizations"][0].values["name"] == "Clínica Fanmi Ansanm é"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "no HSDS in here"),
        ({"notes.txt": b"hello"}, "no HSDS in here"),
        ({"services.csv": b""}, "is empty"),
        ({"services.csv": b"name\nFood\n"}, "no column id"),
        ({"services.csv": b'id,name\ns1,"Food\n'}, "a quotation mark does not end"),
        ({"all.json": b"{"}, "no JSON"),
        ({"all.json": b"7"}, "neither an object nor a list"),
    ],
)
def test_what_is_no_export_is_refused_with_what_to_do(files: dict[str, bytes], why: str) -> None:
    with pytest.raises(HsdsRefused, match=why):
        read_export(files)


def test_the_same_row_twice_is_one_and_what_differs_is_said() -> None:
    found = read(organizations=ORGANIZATIONS + b"o1,Riverside Center,\n")
    assert found.items["organizations"][0].values["name"] == "Riverside Clinic"
    assert "name is not what organizations.csv, row 2 says" in found.remarks[0].reason


def test_objects_without_ids_have_the_same_id_the_next_time() -> None:
    said = {"id": "o1", "name": "A", "legal_status": "", "phones": [{"number": "305-555-0100"}]}
    data = {"organization.json": json.dumps([said]).encode()}
    first, second = typed(read_export(data)), typed(read_export(data))
    assert first.items["phones"] == second.items["phones"]
    assert first.items["phones"][0].references == {"organization_id": ("organizations", "o1")}


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_every_row_is_used_or_set_aside(rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "name", "email"), *rows])
    found = read(organizations=out.getvalue().encode())
    ids = {cells[0].strip() for cells in rows if any(cell.strip() for cell in cells)}
    used = {item.external_id for item in found.items["organizations"]}
    aside = {one.external_id for one in found.set_aside}
    assert used | aside == ids
    assert all(item.values["name"] for item in found.items["organizations"])


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "services", "phones", "location", "latitude", "count"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused(said: Any) -> None:
    try:
        found = typed(read_export({"organizations.json": json.dumps(said).encode()}))
    except HsdsRefused:
        return
    for items in found.items.values():
        for item in items:
            json.dumps(item.extra, allow_nan=False)
            assert item.external_id
