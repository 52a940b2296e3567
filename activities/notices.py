"""The short words of `templates/notices`, read once."""

from functools import lru_cache
from importlib.resources import files

import templates
from domain.notices import Notices


@lru_cache(maxsize=1)
def the_notices() -> Notices:
    """Words for the public outside of messages.

    Raises:
        BadTemplate: a file of words cannot be used.
    """
    return Notices.load(files(templates) / "notices")
