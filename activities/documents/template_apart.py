"""The check of an uploaded template in a process of its own, with a limit on time and memory.

Filling a template runs what its author wrote. The language is small and bounded, and this is the
last fence: whatever gets past the others ends with this process, and the person reads that the
template cannot be used. It starts without this program's settings and secrets.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

from activities.documents.errors import TemplateError, TemplateRefused
from activities.documents.template_judging import Judged, judge_here
from domain.vocabulary import PacketKind

TIME_LIMIT_S = 30.0
_MEMORY = 2 << 30
_ROOT = Path(__file__).resolve().parents[2]
_ONE_AT_A_TIME = threading.Lock()
_TOO_HARD = (
    "This template cannot be filled in a reasonable time. Look for loops inside loops and for "
    "very large pictures."
)


def judge_template(kind: str, template: bytes, *, timeout_s: float = TIME_LIMIT_S) -> Judged:
    """Check a template for a kind of packet. Blocks: call it from a thread.

    Takes no longer than `timeout_s` once it has begun (one is checked at a time), nor more than
    2 GB of memory. Raises `TemplateRefused`, which says why and what to do, whatever the content
    is, and `ValueError` when there is no such kind.
    """
    known = PacketKind(kind)
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(
                [sys.executable, "-m", __name__, known, f"{timeout_s:.0f}"],
                input=template,
                capture_output=True,
                timeout=timeout_s,
                cwd=_ROOT,
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TemplateRefused(_TOO_HARD) from error
    if done.returncode < 0:
        raise TemplateRefused(_TOO_HARD)
    if done.returncode > 0:
        # The installation is at fault, not the file: a library is missing or does not load.
        problem = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"Templates cannot be checked: {problem}")
    return _read(known, done.stdout)


def _read(kind: str, answer: bytes) -> Judged:
    head, _, preview = answer.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise TemplateRefused(said["refused"])
    return Judged(kind, said["parts_hash"], preview, tuple(said["notes"]))


def _answer(kind: str, template: bytes) -> bytes:
    try:
        judged = judge_here(kind, template)
    except TemplateError as error:
        return json.dumps({"refused": str(error)}).encode()
    except (MemoryError, RecursionError):
        return json.dumps({"refused": _TOO_HARD}).encode()
    head = {"parts_hash": judged.parts_hash, "notes": judged.notes}
    return json.dumps(head).encode() + b"\n" + judged.preview


def _main(kind: str, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.buffer.write(_answer(kind, sys.stdin.buffer.read()))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
