"""The check of one upload in a process of its own, which may use only so much time and memory.

The decoders for PDF, JPEG, PNG and HEIC are written in C and C++ and read what strangers send. If
one of them crashes, runs in circles or asks for all memory, it is this process that ends, and the
person reads that the file cannot be used. It starts without this program's settings and secrets.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

from activities.documents.errors import UploadRefused
from activities.documents.exhibits.checking import judge, too_many_bytes
from activities.documents.exhibits.values import MOST_BYTES, CheckedUpload

TIME_LIMIT_S = 60.0
_MEMORY = 2 << 30
_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = "activities.documents.exhibits.apart"
# Each may need a gigabyte for a moment; the others wait their turn.
_AT_ONCE = threading.BoundedSemaphore(2)


def check_upload(content: bytes, *, timeout_s: float = TIME_LIMIT_S) -> CheckedUpload:
    """The upload, judged by its content alone and cleaned. Blocks: call it from a thread.

    Takes PDF, JPEG, PNG, HEIC and Word (.docx) files up to `MOST_BYTES`. It never takes longer
    than `timeout_s` once it has begun (two are checked at once), nor more than 2 GB of memory.

    Raises `UploadRefused`, which says why and what to do, whatever the content is.
    """
    if len(content) > MOST_BYTES:
        raise too_many_bytes(MOST_BYTES)
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", _PROGRAM],
                input=content,
                capture_output=True,
                timeout=timeout_s,
                cwd=_ROOT,
                env=_environment(timeout_s),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_hard() from error
    if done.returncode < 0:
        raise _too_hard()
    if done.returncode > 0:
        # The installation is at fault, not the file: a library is missing or does not load.
        problem = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"Uploads cannot be checked: {problem}")
    return _read(done.stdout)


def _environment(timeout_s: float) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "HOMEWARD_CHECK_SECONDS": f"{timeout_s:.0f}",
    }


def _too_hard() -> UploadRefused:
    return UploadRefused(
        "too_large_inside",
        "it is broken, or far larger inside than any document",
        "Open it, print it to a new PDF, and add that.",
    )


def _read(answer: bytes) -> CheckedUpload:
    head, _, body = answer.partition(b"\n")
    said = json.loads(head)
    if "code" in said:
        raise UploadRefused(said["code"], said["reason"], said["remedy"])
    size = said["size"]
    content = body[:size]
    pdf = {"none": None, "same": content, "own": body[size:]}[said["pdf"]]
    return CheckedUpload(said["media_type"], content, said["pages"], pdf, tuple(said["notes"]))


def _written(upload: CheckedUpload) -> bytes:
    pdf = "none" if upload.pdf is None else "same" if upload.pdf is upload.content else "own"
    head = {
        "media_type": upload.media_type,
        "pages": upload.pages,
        "notes": upload.notes,
        "size": len(upload.content),
        "pdf": pdf,
    }
    own = upload.pdf if pdf == "own" and upload.pdf else b""
    return json.dumps(head).encode() + b"\n" + upload.content + own


def _refusal(refused: UploadRefused) -> bytes:
    said = {"code": refused.code, "reason": refused.reason, "remedy": refused.remedy}
    return json.dumps(said).encode() + b"\n"


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    seconds = int(os.environ["HOMEWARD_CHECK_SECONDS"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = _written(judge(sys.stdin.buffer.read()))
    except UploadRefused as refused:
        answer = _refusal(refused)
    except Exception:
        # Nothing that is known gets here; a file that does is none that a packet needs.
        answer = _refusal(_too_hard())
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()
