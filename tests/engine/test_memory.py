"""What large files took is given back."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MORNING = """
import threading
from pathlib import Path
from engine.memory import give_large_blocks_back

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

if {give}:
    assert give_large_blocks_back()
before = resident()
gates = [threading.Event() for _ in range(9)]

def upload(number):
    gates[number].wait()
    for size in (24, 20, 16):
        read = b"x" * (size << 20)
        small = [object() for _ in range(1000)]
        del read
    gates[number + 1].set()
    gates[8].wait()

threads = [threading.Thread(target=upload, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
gates[0].set()
for thread in threads:
    thread.join()
print((resident() - before) // 1000)
"""


def kept(give: bool) -> int:
    """Megabytes that a process keeps after eight threads read 24 MB each."""
    done = subprocess.run(
        [sys.executable, "-c", MORNING.format(give=give)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no Linux")
def test_what_uploads_took_is_given_back() -> None:
    assert kept(give=True) < 20
