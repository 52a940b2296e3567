"""Mapping files: a new court is a new file, and a wrong file says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.listings import (
    MappingError,
    built_in_mappings,
    load_mapping,
    mapping_from,
)
from domain.vocabulary import HearingKind
from tests.domain.listings.factories import listings_of, read


def court(**changes: object) -> dict[str, Any]:
    """A small mapping that works; a change of None takes a key away."""
    data: dict[str, Any] = {
        "name": "example",
        "zone": "America/Chicago",
        "columns": {"docket_number": "CASE", "date": "DAY", "time": "HOUR"},
        "formats": {"date": "%Y-%m-%d", "time": "%H:%M"},
    }
    data.update(changes)
    return {key: value for key, value in data.items() if value is not None}


def refusal_of(data: Mapping[str, object]) -> MappingError:
    with pytest.raises(MappingError) as refusal:
        mapping_from(data, "example.toml")
    return refusal.value


def test_the_built_in_mappings_are_there_and_sound() -> None:
    assert built_in_mappings() == (
        "alaska-criminal",
        "alaska-minor-offense",
        "atlanta",
        "icalendar",
        "idaho",
        "salt-lake",
    )
    for name in built_in_mappings():
        assert load_mapping(name).name == name


def test_a_court_of_ones_own_is_a_file_and_no_code(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(
        """
name = "example"
zone = "America/Chicago"
delimiter = "\\t"
[columns]
docket_number = { columns = ["YEAR", "NUMBER"], joined = "-" }
datetime = "WHEN"
courtroom = { columns = ["BUILDING", "ROOM"], joined = " " }
kind = "PURPOSE"
person = "PARTY"
[formats]
datetime = ["%Y-%m-%d %H:%M:%S.%f", "%m/%d/%Y %I:%M %p"]
[fixed]
court = "Example County Court"
[person]
pattern = '(?P<last>[^,]+),\\s*(?P<first>.+)'
[kinds.words]
"ARR" = "arraignment"
"""
    )
    lines = (
        "YEAR\tNUMBER\tWHEN\tBUILDING\tROOM\tPURPOSE\tPARTY",
        "2027\t0042\t2027-03-01 09:00:00.000\tEast\t4\tarr\tDoe, Pat",
        "2027\t\t3/2/2027 9:00 am\tEast\t4\tARR\tDoe, Pat",
        "2027\t43\t3/2/2027 9:00 am\t\t4\tOTHER\tPat Doe",
    )
    rows = read("\n".join(lines), load_mapping(path))
    first, second = listings_of(rows)
    assert len(rows) == 3
    assert first.docket_number == "2027-0042"
    assert first.local == datetime(2027, 3, 1, 9, 0)
    assert (first.court, first.courtroom) == ("Example County Court", "East 4")
    assert first.kind is HearingKind.ARRAIGNMENT
    assert (first.person_name, first.last_name, first.first_name) == ("Doe, Pat", "Doe", "Pat")
    assert (second.courtroom, second.person_name) == ("4", "")
    assert second.kind is HearingKind.OTHER


def test_a_zone_can_be_given_when_loading() -> None:
    assert load_mapping("icalendar", zone="America/Denver").zone == "America/Denver"
    with pytest.raises(MappingError, match="IANA"):
        load_mapping("icalendar", zone="Denver time")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(MappingError, match=r"alaska-criminal, .*salt-lake"):
        load_mapping("../idaho")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"name = ", "is not TOML"), (b"name = '\xff'", "is not UTF-8"), (None, "cannot be opened")],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "broken.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MappingError, match=f"broken.toml: {problem}"):
        load_mapping(str(path))


COLUMNS = {"docket_number": "CASE", "date": "DAY", "time": "HOUR"}


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"name": None}, "name", "write a text"),
        ({"name": "Two Words"}, "name", "small letters"),
        ({"zone": None}, "zone", "write a text"),
        ({"zone": "Central"}, "zone", "IANA"),
        ({"zone": ""}, "zone", "IANA"),
        ({"zone": 5}, "zone", "must be a text"),
        ({"zonne": "x"}, "zonne", "allowed: columns, delimiter, encoding"),
        ({"encoding": "utf8"}, "encoding", "allowed: utf-8, cp1252"),
        ({"format": "pdf"}, "format", "allowed: delimited, icalendar"),
        ({"delimiter": ""}, "delimiter", "one character"),
        ({"delimiter": '"'}, "delimiter", "not the quote"),
        ({"quote": "''"}, "quote", "one character"),
        ({"columns": []}, "columns", "must be a table"),
        ({"columns": {}}, "columns.docket_number", "case number"),
        ({"columns": {"docket_number": "C"}}, "columns.date", "datetime"),
        ({"columns": {"charge": "C"}}, "columns.charge", "allowed: docket_number"),
        ({"columns": COLUMNS | {"kind": " "}}, "columns.kind", "cannot be empty"),
        ({"columns": COLUMNS | {"kind": 7}}, "columns.kind", "must be a text"),
        ({"columns": COLUMNS | {"kind": {"columns": []}}}, "columns.kind.columns", "list"),
        ({"columns": COLUMNS | {"datetime": "X"}}, "columns.date", "either datetime or date"),
        ({"columns": COLUMNS | {"person": "A", "last_name": "B"}}, "columns.last_name", "either"),
        ({"columns": COLUMNS | {"place": "A", "court": "B"}}, "columns.court", "either place"),
        ({"formats": {"time": "%H:%M"}}, "formats.date", "list of texts"),
        ({"formats": {"date": "%d", "time": "%H:%M"}}, "formats.date", "month"),
        ({"formats": {"date": [1], "time": "%H:%M"}}, "formats.date", "must be a text"),
        ({"fixed": {"room": "1"}}, "fixed.room", "allowed: court, courtroom"),
        (
            {"columns": COLUMNS | {"court": "B"}, "fixed": {"court": "X"}},
            "fixed.court",
            "has a column",
        ),
        ({"place": {"patterns": ["("]}}, "place.patterns", "not a regular expression"),
        ({"place": {"patterns": [".*"]}}, "place.patterns", "at least one group"),
        ({"place": {"patterns": ["(?P<x>.)"]}}, "place.patterns", "allowed: court, courtroom"),
        ({"person": {"pattern": "(?P<x>.)"}}, "person.pattern", "allowed: name, last, first"),
        ({"kinds": {"default": "party"}}, "kinds.default", "allowed: first_appearance"),
        ({"kinds": {"words": {"Trial": "tryal"}}}, "kinds.words.Trial", "allowed:"),
        ({"kinds": {"words": {"a*b": "trial"}}}, "kinds.words.a*b", "beginning or end"),
        ({"kinds": {"words": {"*": "trial"}}}, "kinds.words.*", "beginning or end"),
        ({"zones": {"by": "room"}}, "zones.by", "allowed: jurisdiction, court"),
        ({"zones": {"names": {"Ada": "Boise"}}}, "zones.names.Ada", "IANA"),
        ({"join": {"court": {"file": "x"}}}, "join.court", "allowed: none"),
        (
            {"columns": COLUMNS | {"court": "B"}, "join": {"court": {"file": "x"}}},
            "join.court.key",
            "write a text",
        ),
        ({"icalendar": {}}, "icalendar", "not known here"),
    ],
)
def test_a_wrong_key_is_named_with_what_is_allowed(
    changes: dict[str, object], key: str, says: str
) -> None:
    refusal = refusal_of(court(**changes))
    assert refusal.file == "example.toml"
    assert refusal.key == key
    assert str(refusal).startswith(f"example.toml: {key}: ")
    assert says in str(refusal)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"columns": COLUMNS}, "columns"),
        ({"icalendar": {"docket_pattern": "("}}, "icalendar.docket_pattern"),
        ({"icalendar": {"docket_pattern": "(?P<x>.)"}}, "icalendar.docket_pattern"),
        ({"icalendar": {"zones": {"Custom": "Nowhere/Else"}}}, "icalendar.zones.Custom"),
        ({"icalendar": {"rules": 1}}, "icalendar.rules"),
    ],
)
def test_an_icalendar_mapping_is_checked_as_well(changes: dict[str, object], key: str) -> None:
    data = {"name": "example", "format": "icalendar", **changes}
    assert refusal_of(data).key == key


def test_a_court_word_is_found_by_its_exact_then_its_longest_entry() -> None:
    words = {
        "Plea": "plea",
        "*plea": "status",
        "Motion*": "motion",
        "Motion to Review*": "review",
        "*bail*": "bail_review",
    }
    kinds = mapping_from(court(kinds={"default": "other", "words": words}), "x.toml").kinds
    assert kinds.kind_of("  PLEA ") is HearingKind.PLEA
    assert kinds.kind_of("Not a plea") is HearingKind.STATUS
    assert kinds.kind_of("motion  to review sentence") is HearingKind.REVIEW
    assert kinds.kind_of("Motion: other") is HearingKind.MOTION
    assert kinds.kind_of("Hearing on bail bond") is HearingKind.BAIL_REVIEW
    assert kinds.kind_of("Hearing") is HearingKind.OTHER
    assert kinds.kind_of("") is HearingKind.OTHER
