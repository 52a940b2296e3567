"""What a name for signing in may look like: one that people can say to each other on the phone."""

import re
from typing import Final

MOST: Final = 60
"""Characters."""
_SHAPE: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,59}")


def is_sign_in(text: str) -> bool:
    """Whether it is small letters, digits, dots and hyphens, or an e-mail address."""
    return _SHAPE.fullmatch(text) is not None


__all__ = ["MOST", "is_sign_in"]
