"""From Word to PDF: with LibreOffice where it is installed, and with stand-ins that misbehave."""

from __future__ import annotations

import asyncio
import http.server
import io
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches
from PIL import Image

from activities.documents import (
    ConversionFailed,
    ConversionTimeout,
    ConverterMissing,
    Passage,
    convert_to_pdf,
    find_converter,
    full_release_packet,
    packet_context,
    pdf_conversion,
    preflight,
    render_docx,
)
from activities.documents.docx_package import unpack
from activities.documents.heading_repair import without_stranded_heading
from activities.documents.pdf_conversion import CONVERTER_SETTING
from templates.packets import packet_template
from templates.packets.front import DRAFT_MARK
from tests.activities.documents.words import docx_of, saved

LETTER = docx_of("Dear Judge,", "I have known Marcus since he was nine.")
needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


def stand_in(folder: Path, script: str) -> str:
    """A converter that does what `script` says."""
    path = folder / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def eventually_gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


# --- the real LibreOffice


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def packet_pdf(profile: Path) -> bytes:
    docx = render_docx(packet_template("release"), packet_context(full_release_packet()))
    return asyncio.run(convert_to_pdf(docx, profile_dir=profile))


@needs_libreoffice
def test_the_packet_is_a_tagged_searchable_letter_size_pdf_with_bookmarks(
    packet_pdf: bytes,
) -> None:
    facts = preflight(packet_pdf)

    assert facts.pages == 3
    assert facts.title == "Release packet: Marcus Johnson"
    assert facts.language == "en-US"
    assert facts.tagged
    assert facts.letter_size
    assert not facts.encrypted
    assert facts.pages_without_text == ()
    with pikepdf.open(io.BytesIO(packet_pdf)) as pdf, pdf.open_outline() as outline:
        assert "Support plan" in [item.title for item in outline.root]
        with pdf.open_metadata() as claims:
            assert "pdfuaid:part" not in claims


@needs_libreoffice
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_every_page_is_marked_numbered_and_ends_on_no_heading(
    packet_pdf: bytes, tmp_path: Path
) -> None:
    (tmp_path / "packet.pdf").write_bytes(packet_pdf)
    shown = subprocess.run(
        ["pdftotext", "-layout", "packet.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with pikepdf.open(io.BytesIO(packet_pdf)) as pdf, pdf.open_outline() as outline:
        headings = {item.title for item in outline.root}

    for number, page in enumerate(shown.split("\f")[:-1], start=1):
        lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
        assert lines[0] == DRAFT_MARK
        assert lines[-1] == (
            f"Liberty City Community Defense · November 16, 2026 Page {number} of 3"
        )
        assert lines[-2] not in headings


@needs_libreoffice
async def test_a_heading_is_not_left_behind_where_libreoffice_would_leave_it(
    profile: Path,
) -> None:
    packet = full_release_packet()
    line = Passage("A line that brings the next heading to the foot of the page.")
    ties = (*packet.sections["ties"], line, line)
    packet = replace(packet, sections={**packet.sections, "ties": ties})
    docx = render_docx(packet_template("release"), packet_context(packet))

    pdf = await convert_to_pdf(docx, profile_dir=profile)

    assert without_stranded_heading(unpack(docx), pdf) is None


@needs_libreoffice
async def test_after_a_time_limit_the_next_conversion_works(profile: Path) -> None:
    with pytest.raises(ConversionTimeout, match=r"0\.2 seconds"):
        await convert_to_pdf(LETTER, profile_dir=profile, timeout_s=0.2)

    assert preflight(await convert_to_pdf(LETTER, profile_dir=profile)).pages == 1
    assert not list(profile.glob("work-*"))


class _Counting(http.server.BaseHTTPRequestHandler):
    requests: list[str] = []

    def do_GET(self) -> None:
        self.requests.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def web() -> Iterator[http.server.HTTPServer]:
    _Counting.requests = []
    with http.server.HTTPServer(("127.0.0.1", 0), _Counting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def letter_with_linked_picture(address: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    document = Document()
    document.add_paragraph("A letter with a picture.")
    document.add_picture(picture, width=Inches(1))
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    blip = document.element.xpath("//a:blip")[0]
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), document.part.relate_to(address, link, is_external=True))
    return saved(document)


@needs_libreoffice
async def test_even_an_unseen_linked_picture_is_never_fetched(
    web: http.server.HTTPServer, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_with_linked_picture(f"http://127.0.0.1:{web.server_port}/seen.png")
    monkeypatch.setattr(pdf_conversion, "outside_links", lambda _parts: ())

    assert preflight(await convert_to_pdf(letter, profile_dir=profile)).pages == 1
    assert _Counting.requests == []


# --- before LibreOffice starts


async def test_a_linked_picture_is_refused_with_advice(tmp_path: Path) -> None:
    letter = letter_with_linked_picture("https://pictures.example.org/a.png")

    with pytest.raises(ConversionFailed, match=r"\(image\); put the pictures"):
        await convert_to_pdf(letter, profile_dir=tmp_path, converter="true")


@pytest.mark.parametrize("word", ["INCLUDEPICTURE", "INCLUDETEXT", "DDEAUTO", "LINK"])
async def test_a_field_that_reads_another_file_is_refused(tmp_path: Path, word: str) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for kind in ("begin", word[:4], word[4:] + ' "file:///etc/passwd"', "end"):
        if kind in ("begin", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = kind
        paragraph.add_run()._r.append(element)

    with pytest.raises(ConversionFailed, match=word):
        await convert_to_pdf(saved(document), profile_dir=tmp_path, converter="true")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html></html>", LETTER[:500]])
async def test_what_is_no_word_document_is_not_tried(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConversionFailed, match="cannot be used as a Word document"):
        await convert_to_pdf(content, profile_dir=tmp_path / "p", converter="true")
    assert not (tmp_path / "p").exists()


async def test_a_missing_converter_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConverterMissing, match="apt-get install libreoffice-writer-nogui"):
        await convert_to_pdf(LETTER, profile_dir=tmp_path)


def test_a_setting_goes_before_the_search_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = stand_in(tmp_path, "true")

    monkeypatch.setenv(CONVERTER_SETTING, mine)
    assert find_converter() == Path(mine)
    monkeypatch.setenv(CONVERTER_SETTING, "/nowhere/soffice")
    assert find_converter(mine) == Path(mine)
    with pytest.raises(ConverterMissing, match="/nowhere/soffice"):
        find_converter()


# --- stand-ins for a LibreOffice that misbehaves


@pytest.mark.parametrize("script", ["exit 0", "exit 3", "echo junk > document.pdf"])
async def test_only_a_real_pdf_counts_as_success(tmp_path: Path, script: str) -> None:
    profile = tmp_path / "profile"

    with pytest.raises(ConversionFailed, match="save it anew"):
        await convert_to_pdf(LETTER, profile_dir=profile, converter=stand_in(tmp_path, script))

    assert sorted(path.name for path in profile.iterdir()) == ["lock"]


@needs_libreoffice
async def test_a_crash_is_tried_once_more_with_a_fresh_profile(tmp_path: Path) -> None:
    seen = f"if [ ! -e {tmp_path}/once ]; then touch {tmp_path}/once; kill -SEGV $$; fi"
    converter = stand_in(tmp_path, f'{seen}; exec soffice "$@"')

    assert (
        preflight(
            await convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)
        ).pages
        == 1
    )


async def test_whatever_crashes_over_it_twice_is_refused(tmp_path: Path) -> None:
    converter = stand_in(tmp_path, f"echo . >> {tmp_path}/runs; exit 139")

    with pytest.raises(ConversionFailed, match="crashed over it twice"):
        await convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)
    assert (tmp_path / "runs").read_text().count(".") == 2


async def test_a_converter_that_takes_too_much_memory_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_conversion, "MOST_MEMORY_MB", 60)
    hungry = "import time; x = bytearray(100_000_000); time.sleep(60)"
    converter = stand_in(tmp_path, f"{sys.executable} -c '{hungry}'")

    with pytest.raises(ConversionFailed, match="more than 60 MB"):
        await convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)


async def test_the_time_limit_ends_the_whole_family(tmp_path: Path) -> None:
    converter = stand_in(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child; wait")

    with pytest.raises(ConversionTimeout):
        await convert_to_pdf(LETTER, profile_dir=tmp_path / "p", timeout_s=1, converter=converter)

    assert await eventually_gone(int((tmp_path / "child").read_text()))
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == ["lock"]


async def test_a_cancelled_caller_leaves_nothing_running(tmp_path: Path) -> None:
    note = f"echo $! > {tmp_path}/note; mv {tmp_path}/note {tmp_path}/child"
    converter = stand_in(tmp_path, f"sleep 300 & {note}; wait")
    task = asyncio.create_task(
        convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)
    )
    for _ in range(500):
        if (tmp_path / "child").exists():
            break
        await asyncio.sleep(0.01)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await eventually_gone(int((tmp_path / "child").read_text()))


async def test_one_profile_serves_one_conversion_at_a_time(tmp_path: Path) -> None:
    overlap = f"mkdir {tmp_path}/busy || echo x >> {tmp_path}/overlap; sleep 0.1; "
    converter = stand_in(tmp_path, overlap + f"rmdir {tmp_path}/busy; echo . >> {tmp_path}/runs")

    outcomes = await asyncio.gather(
        *(
            convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)
            for _ in range(4)
        ),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [ConversionFailed] * 4
    assert not (tmp_path / "overlap").exists()
    assert (tmp_path / "runs").read_text().count(".") == 4


async def test_the_converter_sees_no_secret_of_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_DATABASE_URL", "postgresql://secret")
    converter = stand_in(tmp_path, f"env > {tmp_path}/env")

    with pytest.raises(ConversionFailed):
        await convert_to_pdf(LETTER, profile_dir=tmp_path / "p", converter=converter)

    assert "secret" not in (tmp_path / "env").read_text()


async def test_what_a_killed_worker_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "p" / "work-left"
    left.mkdir(parents=True)
    (left / "document.docx").write_bytes(LETTER)

    with pytest.raises(ConversionFailed):
        await convert_to_pdf(
            LETTER, profile_dir=tmp_path / "p", converter=stand_in(tmp_path, "exit 0")
        )

    assert not left.exists()
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["lock"]
