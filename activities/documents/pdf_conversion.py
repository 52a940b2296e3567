"""Word to PDF by LibreOffice, which is started for each document and gone afterwards.

LibreOffice says "done" when it failed, fetches linked pictures from the network, and breaks when
two of it share a profile folder; the second even hands its work to the first. So: the document is
checked before and the PDF after, things kept elsewhere are refused, the profile forbids fetching
and macros, a lock on the profile folder lets one conversion run at a time, across threads and
processes, and what a killed worker left running in it is ended first. It starts with an
environment of its own: no setting or secret of this program reaches it.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from activities.documents.docx_package import outside_links, pack, unpack
from activities.documents.errors import (
    ConversionFailed,
    ConversionTimeout,
    ConverterMissing,
    NotADocx,
    PdfUnreadable,
)
from activities.documents.heading_repair import without_stranded_heading
from activities.documents.pdf_facts import preflight

CONVERTER_SETTING = "HOMEWARD_SOFFICE"
"""Environment variable with the path of LibreOffice, where it is not on the search path."""

_NAMES = ("soffice", "libreoffice")
_RUNNING = "running"
"""Holds the process group of the LibreOffice that works in a profile."""
_LOCK_POLL_S = 0.05
_MEMORY_POLL_S = 0.25
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MOST_MEMORY_MB = 1000
"""Megabytes that LibreOffice may take for one document; a packet of thirty pages takes some 250."""
_MOST_REPAIRS = 3
_EXPORT = {
    "UseTaggedPDF": True,
    "ExportBookmarks": True,
    "DisplayPDFDocumentTitle": True,
    "ExportFormFields": False,
}
_PROFILE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def find_converter(setting: str | None = None) -> Path:
    """LibreOffice: from `setting`, else from HOMEWARD_SOFFICE, else from the search path.

    Raises `ConverterMissing`, which says what to install.
    """
    asked = setting or os.environ.get(CONVERTER_SETTING)
    for name in (asked,) if asked else _NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise ConverterMissing(asked or _NAMES[0])


def export_filter() -> str:
    """What LibreOffice is asked for: a tagged PDF with bookmarks and its title."""
    options = {name: {"type": "boolean", "value": str(on).lower()} for name, on in _EXPORT.items()}
    return f"pdf:writer_pdf_Export:{json.dumps(options)}"


async def convert_to_pdf(
    docx: bytes, *, profile_dir: Path, timeout_s: float = 120, converter: str | None = None
) -> bytes:
    """The document as a tagged PDF with bookmarks, its title and its language.

    A heading that LibreOffice strands at the foot of a page is moved to the next, which takes one
    more conversion.

    `profile_dir` belongs to one worker and is kept between conversions; a second conversion waits
    for the first. `timeout_s` counts from the start of LibreOffice; at its end, or when the
    caller is cancelled, LibreOffice and all that it started are killed and the profile is thrown
    away. Nothing of the document stays on the disk. A LibreOffice that crashes is started once
    more, with a fresh profile; one that takes more than `MOST_MEMORY_MB` is stopped.

    Raises `ConverterMissing`, `ConversionFailed` or `ConversionTimeout`.
    """
    program = find_converter(converter)
    parts = _checked(docx)
    profile_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with _alone_in(profile_dir):
        try:
            async with asyncio.timeout(timeout_s):
                return await _tried_twice(parts, program, profile_dir.resolve())
        except TimeoutError:
            _forget(profile_dir)
            raise ConversionTimeout(timeout_s) from None
        except BaseException:
            _forget(profile_dir)
            raise


def _forget(profile_dir: Path) -> None:
    # After a kill the profile may be half-written; without it the next start is half a second
    # slower, with it the next conversion may fail.
    shutil.rmtree(profile_dir / "user", ignore_errors=True)


def _checked(docx: bytes) -> dict[str, bytes]:
    """The parts of the document, when nothing in them is kept elsewhere."""
    try:
        parts = unpack(docx)
        # LibreOffice does not load the Word template that a letter was once begun from.
        links = [kind for kind in outside_links(parts) if kind != "attachedTemplate"]
    except NotADocx as error:
        raise ConversionFailed(str(error)) from error
    if links:
        raise ConversionFailed(
            f"it shows things that are kept elsewhere ({', '.join(links)}); "
            "put the pictures or texts themselves into it"
        )
    return parts


async def _tried_twice(parts: dict[str, bytes], program: Path, profile_dir: Path) -> bytes:
    try:
        return await _converted(parts, program, profile_dir)
    except _Crashed:
        _forget(profile_dir)
        return await _converted(parts, program, profile_dir)


async def _converted(parts: dict[str, bytes], program: Path, profile_dir: Path) -> bytes:
    work = _fresh_work_folder(profile_dir)
    try:
        for _ in range(_MOST_REPAIRS):
            pdf = await _once(parts, program, profile_dir, work)
            repaired = without_stranded_heading(parts, pdf)
            if repaired is None:
                return pdf
            parts = repaired
        return await _once(parts, program, profile_dir, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


async def _once(parts: dict[str, bytes], program: Path, profile_dir: Path, work: Path) -> bytes:
    # Packed anew, so that LibreOffice reads exactly the parts that were checked.
    (work / "document.docx").write_bytes(pack(parts))
    (work / "document.pdf").unlink(missing_ok=True)
    await _run(program, profile_dir, work)
    return _result(work)


@asynccontextmanager
async def _alone_in(profile_dir: Path) -> AsyncIterator[None]:
    # flock holds between processes and between tasks alike, and dies with its process.
    with (profile_dir / "lock").open("wb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(_LOCK_POLL_S)
        yield


def _fresh_work_folder(profile_dir: Path) -> Path:
    """An empty folder; what a killed worker left is ended and removed first."""
    _end_leftover(profile_dir)
    for leftover in profile_dir.glob("work-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    (profile_dir / "user" / ".lock").unlink(missing_ok=True)
    (profile_dir / ".lock").unlink(missing_ok=True)
    settings = profile_dir / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(mode=0o700, exist_ok=True)
        settings.write_text(_PROFILE_SETTINGS)
    return Path(tempfile.mkdtemp(prefix="work-", dir=profile_dir))


def _end_leftover(profile_dir: Path) -> None:
    """End the LibreOffice of a worker that was killed: it still owns the profile, and a second one
    would hand it the document and leave."""
    try:
        group = int((profile_dir / _RUNNING).read_text())
    except (FileNotFoundError, ValueError):
        return
    if any(_works_here(process, group, profile_dir) for process in Path("/proc").glob("[0-9]*")):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    (profile_dir / _RUNNING).unlink(missing_ok=True)


def _works_here(process: Path, group: int, profile_dir: Path) -> bool:
    """Whether a process is of this group, and LibreOffice with this profile; a number may have
    been given to somebody else meanwhile."""
    try:
        ours = os.getpgid(int(process.name)) == group
        return ours and profile_dir.as_uri().encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


async def _run(program: Path, profile_dir: Path, work: Path) -> None:
    with (work / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(program, f"-env:UserInstallation={profile_dir.as_uri()}", "--headless"),
            *("--norestore", "--nologo", "--infilter=MS Word 2007 XML"),
            *("--convert-to", export_filter()),
            *("--outdir", work, work / "document.docx"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=work,
            env=_environment(profile_dir, work),
            start_new_session=True,
        )
        running = profile_dir / _RUNNING
        running.write_text(str(process.pid))
        watching = asyncio.create_task(_watch_memory(process.pid))
        try:
            await process.wait()
        finally:
            watching.cancel()
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            running.unlink(missing_ok=True)
    if watching.done() and not watching.cancelled():
        raise ConversionFailed(
            f"LibreOffice needed more than {MOST_MEMORY_MB} MB for it; "
            "make its pictures smaller, or take some out"
        )
    if process.returncode:
        raise _Crashed("LibreOffice crashed over it twice; open it in Word, save it anew and retry")


class _Crashed(ConversionFailed):
    """LibreOffice ended in an error; its exit status says nothing when it is 0."""


async def _watch_memory(group: int) -> None:
    """Stop a process group that takes too much memory; returns only when it did."""
    while True:
        await asyncio.sleep(_MEMORY_POLL_S)
        if _memory_of(group) >= MOST_MEMORY_MB * 1_000_000:
            break
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _memory_of(group: int) -> int:
    """Bytes in memory of a process group (from /proc; 0 where there is none)."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if os.getpgid(int(process.name)) == group:
                total += int((process / "statm").read_text().split()[1]) * _PAGE_BYTES
    return total


def _environment(profile_dir: Path, work: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(profile_dir),
        "TMPDIR": str(work),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }


def _result(work: Path) -> bytes:
    # The exit status is 0 even when nothing was converted: only the file itself is believed.
    try:
        pdf = (work / "document.pdf").read_bytes()
        pages = preflight(pdf).pages
    except (FileNotFoundError, PdfUnreadable) as error:
        raise ConversionFailed(
            "LibreOffice could not read it; open it in Word, save it anew as .docx and retry"
        ) from error
    if pages == 0:
        raise ConversionFailed("it has no pages")
    return pdf
