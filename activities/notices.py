"""The short words of `templates/notices` and `templates/links`, read once."""

from functools import lru_cache
from importlib.resources import files

import templates
from domain.notices import Notices
from domain.phrases import Phrases


@lru_cache(maxsize=1)
def the_notices() -> Notices:
    """Words for the public outside of messages.

    Raises:
        BadTemplate: a file of words cannot be used.
    """
    return Notices.load(files(templates) / "notices")


@lru_cache(maxsize=16)
def the_phrases(page: str) -> Phrases:
    """Words of one kind of private page, or of all of their doors ("door").

    Raises:
        BadTemplate: a file of words cannot be used.
    """
    return Phrases.load(files(templates) / "links" / page)
