"""The drawing of a plan: every mark is there once, none hides another, and it reads as words."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.plan_picture import DESK, MARKS, PHONE, WORDS, Frame, described, draw, pictures
from domain.plan_progress import CourtDay, Mark, PlanProgress, StepOnDay, over_time
from domain.vocabulary import StepState
from records.plans import miss_step
from tests.api.pages.office import NOW, Browser, Office
from tests.houses import a_case

TODAY = date(2026, 12, 2)
SVG = "{http://www.w3.org/2000/svg}"


def a_plan(days: int, every: int, title: str = "Circle", rows: int = 1) -> PlanProgress:
    """A plan so many days long in which something falls on every so-manieth day."""
    steps = [
        StepOnDay(
            f"{row}-{day}",
            f"row{row}",
            TODAY + timedelta(days=day),
            list(StepState)[(row + day) % 9],
        )
        for row in range(rows)
        for day in range(-days // 2, days // 2 + 1, every)
    ]
    titles = {f"row{row}": title for row in range(rows)}
    found = over_time(
        titles,
        steps,
        (None, None),
        TODAY,
        2,
        held=[(TODAY - timedelta(days=9), TODAY - timedelta(days=2))],
        court=[CourtDay(TODAY + timedelta(days=1), "status")],
    )
    assert found is not None
    return found


def drawn(progress: PlanProgress, frame: Frame) -> ElementTree.Element:
    """The drawing, read as XML."""
    text = draw(progress, frame).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(text)


@given(
    st.integers(1, 900),
    st.sampled_from([1, 2, 7, 14, 30]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120),
    st.sampled_from([DESK, PHONE]),
)
@settings(max_examples=40)
def test_every_mark_is_drawn_once_inside_and_none_on_another(
    days: int, every: int, title: str, frame: Frame
) -> None:
    progress = a_plan(days, every, title, rows=2)
    picture = drawn(progress, frame)
    uses = picture.findall(f"{SVG}use")
    counted = Counter(one.attrib["href"].removeprefix("#mark-") for one in uses)
    assert counted == {str(mark): count for mark, count in progress.counts.items()}
    *_, width, height = (float(part) for part in picture.attrib["viewBox"].split())
    places = sorted((float(one.attrib["y"]), float(one.attrib["x"])) for one in uses)
    assert all(frame.left < x < width and 0 < y < height for y, x in places)
    for (y, x), (under, beside) in pairwise(places):
        assert y != under or beside - x >= 12


def test_marks_differ_by_their_shape_and_not_by_colour_alone() -> None:
    bare = {mark: re.sub(r' class="[^"]*"', "", shape) for mark, shape in MARKS.items()}
    assert len(set(bare.values())) == len(Mark) == len(WORDS)


@pytest.mark.parametrize("frame", [DESK, PHONE])
def test_the_drawing_has_a_name_and_says_what_it_shows(frame: Frame) -> None:
    picture = drawn(a_plan(60, 7), frame)
    name, told = picture.attrib["aria-labelledby"].split()
    assert picture.attrib["role"] == "img"
    title, desc = picture.findall(f"{SVG}title")[0], picture.findall(f"{SVG}desc")[0]
    assert (title.attrib["id"], desc.attrib["id"]) == (name, told)
    assert desc.text is not None
    assert "Court dates: 3 Dec 2026." in desc.text
    assert "In custody: 23 Nov 2026 to 30 Nov 2026." in desc.text


def test_both_drawings_have_ids_of_their_own_and_no_style_of_their_own() -> None:
    text = str(pictures(a_plan(60, 7)))
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert " style=" not in text
    assert "<style" not in text


def test_what_people_wrote_stays_words() -> None:
    text = str(pictures(a_plan(30, 7, '<script>"x"</script> & co')))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_long_plan_goes_on_below_so_that_weeks_can_be_told_apart() -> None:
    year, three = (drawn(a_plan(days, 7), DESK).attrib["viewBox"] for days in (350, 1090))
    assert int(three.split()[3]) >= 3 * int(year.split()[3])
    assert described(a_plan(1090, 7)).startswith("From 5 Jun 2025 to")


def test_the_plans_page_shows_the_picture_with_the_same_in_words(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    fields = {
        "kind": "healing_circle",
        "title": "Circle",
        "due_on": "2026-12-01",
        "repeat": "weekly on Tue",
        "until": "2026-12-31",
    }
    assert rosa.post(f"/cases/{case.id}/steps/new", fields).status_code == 303
    found = re.search(rf"/cases/{case.id}/plans/[0-9a-f]+", rosa.get(f"/cases/{case.id}").text)
    assert found is not None
    page = rosa.get(found[0])
    first = re.findall(r"/steps/([0-9a-f]{32})\" title=\"Tue 1 Dec", page.text)[0]
    with office.house.records.writing(office.hub_id) as session:
        miss_step(session, first, NOW)
    page = rosa.get(found[0])
    assert page.text.count('role="img"') == 2
    assert page.text.count('href="#mark-missed" x=') == 2
    words = rosa.words(found[0])
    assert "4 to come 1 missed" in words
    assert "Circle" not in found[0]
