"""A packet of 100 pages with 10 exhibits, bound: from its parts' bytes to the bytes of the whole.

The parts are as a hub has them: a tagged body, letters set by Homeward, exhibits that are scans
(some on their side), tagged text and text in fonts of their own. Compared in the same run with
what merely appending the same pages takes.
"""

import io
import json
import random
import statistics
import time
from collections.abc import Callable

import pikepdf
import typst
from PIL import Image

from activities.documents.binding import (
    BindingJob,
    BoundPart,
    FrontMatter,
    LetterPage,
    bind,
    check_for_filing,
    letter_pdf,
)
from benchmarks.result import Result

WANTED_S = 1.0
PAGES = 100
EXHIBITS = 10

_RUNS = 9
_BODY_PAGES, _LETTERS = 26, 6
_SCANNED, _WRITTEN = 6, 5
_WORDS = "He rents a two-bedroom apartment with his sister and can return there today. "
_TEXT = b"""
#set page(paper: "us-letter")
#set document(date: none)
#let told = json(bytes(sys.inputs.told))
#for n in range(told.pages) {
  heading("Heading " + str(n + 1))
  for _ in range(9) { par(told.words * 4) }
  pagebreak(weak: true)
}
"""


def measure() -> Result:
    """Bind it several times; the median counts."""
    job = packet()
    bound = bind(job)
    if bound.pages != PAGES or len(job.exhibits) != EXHIBITS:
        raise AssertionError(f"the packet has {bound.pages} pages")
    seconds = _median(lambda: bind(job))
    appended = _median(lambda: _append(job))
    checked = _median(lambda: check_for_filing(bound.pdf, limit_mb=25, refuses_links=True))
    return Result(
        name="binding",
        value=round(seconds, 3),
        unit="s",
        floor=WANTED_S,
        ratio=round(seconds / WANTED_S, 2),
        wanted=f"{PAGES} pages with {EXHIBITS} exhibits in {WANTED_S:g} s or less",
        ok=seconds <= WANTED_S,
        details={
            "megabytes": round(len(bound.pdf) / 1_000_000, 1),
            "only appending the pages, s": round(appended, 3),
            "checking it for filing, s": round(checked, 3),
            "same bytes each time": bind(job).pdf == bound.pdf,
        },
    )


def packet() -> BindingJob:
    """A made-up packet of 100 pages when bound: cover, contents, body, letters, exhibits."""
    chance = random.Random(4)
    scans = [_scan(chance, _SCANNED, turned=90 * (number % 4)) for number in range(5)]
    written = [_text(_WRITTEN) for _ in range(5)]
    letter = letter_pdf(
        LetterPage(
            to="The Honorable Alicia Rivera",
            person="Marcus Johnson",
            writer="Denise Johnson",
            relationship="mother",
            date="November 9, 2026",
            body=f"{_WORDS * 3}\n\n{_WORDS * 4}",
            signed_as="Denise Johnson",
        )
    )
    exhibits = [part for pair in zip(scans, written, strict=True) for part in pair]
    return BindingJob(
        body=_text(_BODY_PAGES),
        front=FrontMatter(
            kind_title="Release packet",
            person="Marcus Johnson",
            court="Circuit Court of the Eleventh Judicial Circuit",
            hub="Liberty City Community Defense",
        ),
        letters=[BoundPart(f"Writer {number}", letter, "neighbor") for number in range(_LETTERS)],
        exhibits=[
            BoundPart(f"Paper {number}", pdf, label=chr(ord("A") + number))
            for number, pdf in enumerate(exhibits)
        ],
        number_prefix="JOHNSON",
    )


def _text(pages: int) -> bytes:
    told = json.dumps({"pages": pages, "words": _WORDS})
    made = typst.compile(_TEXT, sys_inputs={"told": told}, format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def _scan(chance: random.Random, pages: int, turned: int) -> bytes:
    """Pages of a scanner: A4, 150 dots per inch, some 100 kB each, laid in at a turn."""
    pictures = []
    for _ in range(pages):
        grain = Image.frombytes("L", (155, 219), chance.randbytes(155 * 219))
        pictures.append(grain.resize((1240, 1754)))
    output = io.BytesIO()
    pictures[0].save(output, "PDF", resolution=150, save_all=True, append_images=pictures[1:])
    with pikepdf.open(output) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = turned
        packed = io.BytesIO()
        pdf.save(packed)
    return packed.getvalue()


def _append(job: BindingJob) -> None:
    whole = pikepdf.Pdf.new()
    parts = [job.body, *(part.pdf for part in (*job.letters, *job.exhibits))]
    opened = [pikepdf.open(io.BytesIO(part)) for part in parts]
    for part in opened:
        whole.pages.extend(part.pages)
    whole.save(io.BytesIO(), deterministic_id=True)


def _median(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
