"""Memory of a process that handles large files: given back to the system when they are done."""

import ctypes
from typing import Final

LARGE: Final = 1 << 20
"""Bytes from which a block is given back at once."""
_MMAP_THRESHOLD: Final = -3


def give_large_blocks_back() -> bool:
    """Have blocks of `LARGE` bytes and more go back to the system when they are freed.

    glibc begins like this, but raises the limit to 32 MB with the first large block that is freed,
    and from then on keeps what files took in the heap of each thread (mallopt(3)): after a morning
    of uploads a web server would hold the memory of all of them.

    Returns:
        Whether this system knows the setting.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE))
    except (OSError, AttributeError):
        return False
