"""The language that a browser asks for, where nobody knows who is reading."""

import re
from collections.abc import Collection

from starlette.requests import Request

_MOST_WISHES = 10
"""Languages of a browser's list that are looked at."""


def wished_language(request: Request, spoken: Collection[str]) -> str:
    """The first language of the browser's list that is spoken here, or English."""
    wishes = request.headers.get("accept-language", "").lower().split(",")[:_MOST_WISHES]
    codes = (re.split("[-;]", wish.strip())[0] for wish in wishes)
    return next((code for code in codes if code in spoken), "en")
