"""Every page on letter paper, upright, whole, and nothing on it that was hidden before."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Matrix, Name, Page, Pdf

from activities.documents.binding.paper import is_across, is_letter, lay_on_letter
from tests.activities.documents.binding.pdfs import drawn
from tests.activities.documents.binding.reading import opened, text_of

UPRIGHT, ACROSS = [0, 0, 612, 792], [0, 0, 792, 612]


def laid(pdf: bytes, *, keeps_margins: bool = False) -> tuple[Pdf, Page, Matrix]:
    document = opened(pdf)
    page = document.pages[0]
    return document, page, lay_on_letter(document, page, keeps_margins=keeps_margins)


def box(page: Page) -> list[float]:
    return [float(edge) for edge in page.mediabox.as_list()]


def test_a_letter_page_with_margins_stays_as_it_is() -> None:
    _, page, placed = laid(drawn(), keeps_margins=True)

    assert placed == Matrix()
    assert box(page) == UPRIGHT
    assert isinstance(page.obj.Contents, pikepdf.Stream)


def test_a_page_that_is_off_by_a_hair_becomes_exactly_letter() -> None:
    _, page, placed = laid(drawn(box=(0, 0, 611.97, 791.97)), keeps_margins=True)

    assert box(page) == UPRIGHT
    assert placed.transform((0, 0)) == pytest.approx((0, 0), abs=0.05)


@pytest.mark.parametrize(
    ("size", "paper"),
    [
        ((595, 842), UPRIGHT),  # A4
        ((612, 1008), UPRIGHT),  # legal
        ((842, 595), ACROSS),  # A4 across
        ((200, 500), UPRIGHT),  # a receipt
        ((3000, 4000), UPRIGHT),  # a photograph at one pixel a point
        ((600, 600), UPRIGHT),
    ],
)
def test_other_paper_is_brought_onto_letter_and_centred(
    size: tuple[int, int], paper: list[float]
) -> None:
    _, page, placed = laid(drawn(box=(0, 0, *size)))

    left, bottom = placed.transform((0, 0))
    right, top = placed.transform(size)
    assert box(page) == paper
    assert left >= 17.9
    assert bottom >= 33.9
    assert top <= paper[3] - 31.9
    assert left == pytest.approx(paper[2] - right, abs=0.1)
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=0.001)


def test_a_small_receipt_is_not_blown_up() -> None:
    _, _, placed = laid(drawn(box=(0, 0, 100, 200)))

    assert placed.a == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("turned", "paper", "top_left"),
    [
        # Where, on the page's own sheet, the corner is that a reader sees at the upper left.
        (0, UPRIGHT, (0, 792)),
        (90, ACROSS, (0, 0)),
        (180, UPRIGHT, (612, 0)),
        (270, ACROSS, (612, 792)),
        (-90, ACROSS, (612, 792)),
        (450, ACROSS, (0, 0)),
    ],
)
def test_a_turned_page_is_made_upright(
    turned: int, paper: list[float], top_left: tuple[float, float]
) -> None:
    _, page, placed = laid(drawn(Rotate=turned), keeps_margins=True)

    assert box(page) == paper
    assert Name.Rotate not in page.obj
    assert placed.transform(top_left) == pytest.approx((0, paper[3]), abs=0.01)


def test_rotation_and_size_may_come_from_the_tree_of_pages() -> None:
    document = opened(drawn())
    page = document.pages[0].obj
    del page.MediaBox
    document.Root.Pages.MediaBox = Array([0, 0, 842, 595])
    document.Root.Pages.Rotate = 90
    resources = page.Resources
    del page.Resources
    document.Root.Pages.Resources = resources

    placed = lay_on_letter(document, document.pages[0], keeps_margins=True)

    assert box(document.pages[0]) == UPRIGHT
    assert placed.transform((0, 0))[1] > 700
    assert text_of(document.pages[0]) == "DearJudge"


def test_what_was_cut_away_stays_cut_away() -> None:
    _, page, placed = laid(drawn(CropBox=Array([100, 300, 400, 700])))

    drawing = page.obj.Contents[0].read_bytes()
    assert b"100.0000 300.0000 300.0000 400.0000 re W n" in drawing
    assert placed.transform((250, 500)) == pytest.approx((306, 397), abs=1)


def test_a_unit_of_two_points_counts_double() -> None:
    _, page, placed = laid(drawn(box=(0, 0, 306, 396), UserUnit=2), keeps_margins=True)

    assert box(page) == UPRIGHT
    assert placed.a == pytest.approx(2)
    assert Name.UserUnit not in page.obj


def test_nothing_but_what_draws_the_page_stays() -> None:
    _document, page, _ = laid(
        drawn(AA=pikepdf.Dictionary(), Thumb=1, PieceInfo=2, Metadata=3, Dur=4)
    )

    assert set(page.obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}


@pytest.mark.parametrize(
    "content",
    [
        b"q q 2 0 0 2 0 0 cm",
        b"Q Q Q 1 0 0 RG",
        b"BT /F1 12 Tf (Dear Judge) Tj",
        b"/P <</MCID 0>> BDC /Span BMC q",
        b"q Q Q q BT ET EMC",
    ],
)
def test_what_a_page_leaves_open_does_not_reach_what_is_drawn_after_it(content: bytes) -> None:
    _document, page, _ = laid(drawn(content))

    depth, marks, texts = 0, 0, 0
    for instruction in pikepdf.parse_content_stream(page, "q Q BT ET BMC BDC EMC"):
        operator = str(instruction.operator)
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        marks += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
        texts += {"BT": 1, "ET": -1}.get(operator, 0)
        assert depth >= 0
    assert (depth, max(marks, 0), texts) == (0, 0, 0)


sides = st.floats(1, 5000)
places = st.floats(-3000, 3000)


@given(
    left=places,
    bottom=places,
    width=sides,
    height=sides,
    turned=st.sampled_from([0, 90, 180, 270, 360, -90, 45, 1000]),
    keeps_margins=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_page_it_ends_on_letter_paper_whole(
    left: float, bottom: float, width: float, height: float, turned: int, keeps_margins: bool
) -> None:
    edges = (left, bottom, left + width, bottom + height)
    _, page, placed = laid(drawn(box=edges, Rotate=turned), keeps_margins=keeps_margins)

    assert box(page) in (UPRIGHT, ACROSS)
    assert is_letter(page)
    assert is_across(page) is (box(page) == ACROSS)
    for corner in ((left, bottom), (left + width, bottom + height)):
        x, y = placed.transform(corner)
        assert -2 <= x <= box(page)[2] + 2
        assert -2 <= y <= box(page)[3] + 2


@pytest.mark.parametrize("edges", [(0, 0, 0, 0), (5, 5, 5, 900), (612, 792, 0, 0)])
def test_a_box_without_room_or_upside_down_is_understood(edges: tuple[int, ...]) -> None:
    _document, page, _ = laid(drawn(box=edges), keeps_margins=True)

    assert box(page) == UPRIGHT
