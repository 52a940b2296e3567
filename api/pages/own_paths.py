"""Where a person is led on to: a page of this site, whatever an address says."""

import re
from typing import Final

_OWN: Final = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?")
"""As the addresses of our pages are written. No `//`, no `\\`, no `..`, nothing encoded, nothing
that a browser would drop before it looks."""


def inside(wanted: str) -> str:
    """A path of this site; anything else, and the sign-in's own pages, become Today."""
    if not _OWN.fullmatch(wanted) or wanted.startswith(("/sign-", "/me/proof")):
        return "/"
    return wanted
