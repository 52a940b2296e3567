"""Filling a Word template, against bare docxtpl; Word to PDF, against a bare run of LibreOffice.

Both sides get the same template, data and options in the same run, one after the other in turn.
"""

import asyncio
import io
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, InlineImage

from activities.documents import (
    Picture,
    convert_to_pdf,
    find_converter,
    full_packet,
    packet_context,
    preflight,
    render_docx,
)
from activities.documents.pdf_conversion import export_filter
from activities.documents.template_language import forget_compiled
from benchmarks.result import Result
from domain.vocabulary import PacketKind
from templates.packets import packet_template

DOCX_WANTED = 1.3
PDF_WANTED = 1.15
_ROUNDS = 15
_CONVERSIONS = 10


@dataclass
class Pair:
    """Seconds of the same work, ours and bare, in turn."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of what each round says: other work on the machine slows both sides of one."""
        rounds = zip(self.ours, self.bare, strict=True)
        return statistics.median(ours / bare for ours, bare in rounds)


def measure_docx() -> Result:
    """Fill the template of every kind with its full packet; the worst kind counts.

    A hub fills the same few templates again and again, and what was compiled is kept; `details`
    tells what a template takes that was never seen before.
    """
    kept, unseen = {}, {}
    for kind in PacketKind:
        template = packet_template(kind).read_bytes()
        context = packet_context(full_packet(kind))
        kept[kind] = _filling(template, context, lambda: None)
        unseen[kind] = _filling(template, context, forget_compiled)
    worst = max(kept, key=lambda kind: kept[kind].ratio)
    ours, bare = (statistics.median(side) for side in (kept[worst].ours, kept[worst].bare))
    return Result(
        name="docx",
        value=round(ours * 1000, 1),
        unit="ms",
        floor=round(bare * 1000, 1),
        ratio=round(kept[worst].ratio, 2),
        wanted=f"at most {DOCX_WANTED:g} x bare docxtpl, for every kind",
        ok=kept[worst].ratio <= DOCX_WANTED,
        details={
            "ratio by kind": {kind: round(pair.ratio, 2) for kind, pair in kept.items()},
            "ratio for a template never seen": {
                kind: round(pair.ratio, 2) for kind, pair in unseen.items()
            },
        },
    )


def _filling(template: bytes, context: Mapping[str, Any], before: Callable[[], None]) -> Pair:
    pair = Pair()
    render_docx(template, context)
    for _ in range(_ROUNDS):
        before()
        pair.ours.append(_seconds(lambda: render_docx(template, context)))
        pair.bare.append(_seconds(lambda: _bare_docx(template, context)))
    return pair


def _bare_docx(template: bytes, context: Mapping[str, Any]) -> bytes:
    """What docxtpl alone does: escaping on, pictures as its own."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(_with_images(document, context), autoescape=True)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _with_images(document: DocxTemplate, value: Any) -> Any:
    match value:
        case Picture():
            size = (value.width, value.height)
            return InlineImage(document, io.BytesIO(value.jpeg), *size)
        case Mapping():
            return {key: _with_images(document, inner) for key, inner in value.items()}
        case list():
            return [_with_images(document, inner) for inner in value]
    return value


async def measure_pdf() -> Result:
    """Turn a sentencing packet into a PDF, in a profile that was used before.

    Raises:
        ConverterMissing: there is no LibreOffice to measure.
    """
    program = find_converter()
    docx = render_docx(packet_template("sentencing"), packet_context(full_packet("sentencing")))
    pair, pages = Pair(), 0
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = Path(folder) / "ours", Path(folder) / "bare"
        bare.mkdir()
        (bare / "document.docx").write_bytes(docx)
        for number in range(_CONVERSIONS + 1):
            # Whoever goes first finds the machine as the other left it, so they take turns.
            for side in ("ours", "bare") if number % 2 else ("bare", "ours"):
                began = time.perf_counter()
                if side == "ours":
                    pages = preflight(await convert_to_pdf(docx, profile_dir=ours)).pages
                else:
                    await asyncio.to_thread(_bare_soffice, program, bare)
                if number:
                    getattr(pair, side).append(time.perf_counter() - began)
    return Result(
        name="docx-to-pdf",
        value=round(statistics.median(pair.ours), 3),
        unit="s",
        floor=round(statistics.median(pair.bare), 3),
        ratio=round(pair.ratio, 2),
        wanted=f"at most {PDF_WANTED:g} x a bare warm run of LibreOffice",
        ok=pair.ratio <= PDF_WANTED,
        details={
            "pages": pages,
            "runs": _CONVERSIONS,
            "ratio of the fastest": round(min(pair.ours) / min(pair.bare), 2),
        },
    )


def _bare_soffice(program: Path, folder: Path) -> None:
    subprocess.run(
        [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", export_filter(), "--outdir", folder, folder / "document.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    for result in (measure_docx(), asyncio.run(measure_pdf())):
        print(json.dumps(result.as_dict(), indent=1))
