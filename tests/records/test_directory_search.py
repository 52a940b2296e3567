"""Finding a service: need, words, language, distance, area and hours, on both databases."""

import pytest

from domain.distance import Point
from records.database import Records
from records.directory import end_provider, end_service
from records.directory_search import Wanted, point_of, search_services
from records.hsds_import import apply
from tests.houses import wall
from tests.records.directories import COUNTY, by_hand, export
from tests.records.rows import NOW

OVERTOWN = Point(25.7870, -80.2045)


@pytest.fixture(autouse=True)
def directory(records: Records, hub: str) -> None:
    """The county's directory, imported, and one provider of the hub's own."""
    with records.writing(hub) as session:
        apply(session, export(), COUNTY, NOW)
        by_hand(session)


def names(records: Records, hub: str, wanted: Wanted) -> list[str]:
    """What is found, in order."""
    with records.reading(hub) as session:
        results = search_services(session, wanted)
        assert results.total == len(results.found)
        return [found.service.name for found in results.found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(need="housing"), ["Night shelter"]),
        (Wanted(need="mentoring"), ["Mentoring circle"]),
        (Wanted(need="%"), []),
        (Wanted(words="PÁNTRY"), ["Pantry"]),
        (Wanted(words="espwa groc"), ["Pantry"]),
        (Wanted(words="mental health"), ["Outpatient counseling"]),
        (Wanted(words="antry"), []),
        (Wanted(words="100% _"), []),
        (Wanted(language="ht"), ["Outpatient counseling"]),
        (Wanted(language="es"), ["Mentoring circle", "Pantry"]),
        (Wanted(need="food", language="ht"), []),
        (Wanted(area="liberty city"), ["Pantry"]),
        (Wanted(area="33136"), ["Health card desk", "Mentoring circle", "Outpatient counseling"]),
        (Wanted(area="Nowhere"), []),
    ],
)
def test_need_words_language_and_area(
    records: Records, hub: str, wanted: Wanted, found: list[str]
) -> None:
    assert names(records, hub, wanted) == found


def test_near_is_nearest_first_and_then_what_is_had_from_anywhere(
    records: Records, hub: str
) -> None:
    near = Wanted(near=OVERTOWN)
    assert names(records, hub, near) == [
        "Health card desk",
        "Outpatient counseling",
        "Pantry",
        "Phone line",
    ]
    with records.reading(hub) as session:
        found = search_services(session, near).found
    assert [round(one.km, 1) if one.km is not None else None for one in found] == [
        0.1, 0.1, 7.7, None,
    ]  # fmt: skip
    assert found[2].place is not None
    assert found[2].place.name == "Kitchen"
    close = Wanted(near=OVERTOWN, within_km=2, words="counsel")
    assert names(records, hub, close) == ["Outpatient counseling"]


@pytest.mark.parametrize(
    ("at", "open_then"),
    [
        ("2026-12-02 10:30", ["Health card desk", "Outpatient counseling", "Pantry"]),
        ("2026-12-03 10:30", ["Outpatient counseling"]),
        ("2026-12-03 06:30", ["Night shelter"]),
        ("2026-12-03 20:00", ["Night shelter"]),
        ("2026-12-03 19:59", []),
    ],
)
def test_open_at_a_time_by_own_hours_by_those_of_the_place_and_by_rules(
    records: Records, hub: str, at: str, open_then: list[str]
) -> None:
    assert names(records, hub, Wanted(open_at=wall(at))) == open_then


def test_all_at_once(records: Records, hub: str) -> None:
    wanted = Wanted(
        need="mental_health_care",
        words="counseling",
        language="ht",
        near=OVERTOWN,
        area="miami",
        open_at=wall("2026-12-02 10:30"),
    )
    assert names(records, hub, wanted) == ["Outpatient counseling"]


def test_what_has_ended_is_not_found(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        pantry = search_services(session, Wanted(words="pantry")).found[0]
        end_service(session, pantry.service.id, NOW)
        shelter = search_services(session, Wanted(need="housing")).found[0]
        end_provider(session, shelter.provider.id, NOW)
    assert names(records, hub, Wanted(words="pantry")) == []
    assert names(records, hub, Wanted(words="harbor")) == []


def test_pages_follow_each_other(records: Records, hub: str) -> None:
    with records.reading(hub) as session:
        whole = search_services(session, Wanted())
        parts = [search_services(session, Wanted(), limit=4, offset=o) for o in (0, 4)]
    assert whole.total == 6
    assert [p.total for p in parts] == [6, 6]
    found = [one.service.id for part in parts for one in part.found]
    assert found == [one.service.id for one in whole.found]


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("33136", Point(25.7867, -80.2050)),
        ("Liberty City", Point(25.8501, -80.2370)),
        ("25.5, -80.5", Point(25.5, -80.5)),
        ("95, -80.5", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_city_or_postal_code_is_where_its_places_are(
    records: Records, hub: str, words: str, point: Point | None
) -> None:
    with records.reading(hub) as session:
        assert point_of(session, words) == point


def test_another_hub_finds_nothing(records: Records, hub: str, other: str) -> None:
    for wanted in (Wanted(), Wanted(near=OVERTOWN), Wanted(open_at=wall("2026-12-02 10:30"))):
        assert names(records, other, wanted) == []
    with records.reading(other) as session:
        assert point_of(session, "33136") is None
