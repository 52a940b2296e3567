"""What became of a message, as the pages say it: in words, with the hour of a further try."""

from collections.abc import Mapping
from datetime import datetime

from api.pages import dates, wording
from domain.court_time import wall_time
from records.tables import Message


def fate_of(message: Message, again: Mapping[str, datetime], zone: str) -> wording.Status:
    """What became of a message.

    Args:
        message: whose fate.
        again: message id → when the same was tried once more (UTC).
        zone: the hub's IANA zone.
    """
    at = again.get(message.id)
    words = dates.clock_words(wall_time(at, zone)) if at else ""
    return wording.fate(
        message.state, message.transport, message.error_code, message.channel, words
    )
